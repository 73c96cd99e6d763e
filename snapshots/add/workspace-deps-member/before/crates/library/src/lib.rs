//! Books, and who has them.

use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct Book {
    pub title: &'static str,
    pub lent: bool,
}

pub fn shelf() -> Vec<Book> {
    vec![
        Book {
            title: "Walden",
            lent: false,
        },
        Book {
            title: "Emma",
            lent: true,
        },
    ]
}
