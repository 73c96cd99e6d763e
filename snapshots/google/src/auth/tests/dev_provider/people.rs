//! Whom the provider for trials knows. Pure.

/// Somebody who can log in.
#[derive(Debug)]
pub struct Person {
    pub id: u64,
    pub login: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    /// Belongs to the organization, its team, its domain.
    pub is_member: bool,
}

/// Whom this provider knows.
pub static PEOPLE: [Person; 2] = [
    Person {
        id: 1,
        login: "alice",
        name: "Alice Example",
        email: "alice@example.com",
        is_member: true,
    },
    Person {
        id: 2,
        login: "bob",
        name: "Bob Elsewhere",
        email: "bob@example.net",
        is_member: false,
    },
];

/// The person with this login.
pub fn person(login: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.login == login)
}
