//! The page of the provider for trials: a button for everybody whom it knows. Pure.

use maud::{DOCTYPE, Markup, html};

use super::people::PEOPLE;

/// Asks who it is. The form goes back to the address of the page.
pub fn choice(played: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                link rel="icon" href="data:,";
                title { "Log in for a trial" }
            }
            body style="font: 1.1rem sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem" {
                h1 { "Who are you?" }
                p { "This is not " (played) ", but a program on this machine that plays it, for trials only." }
                form method="post" {
                    @for person in &PEOPLE {
                        p {
                            button name="person" value=(person.login) style="font: inherit; padding: .5rem 1rem" {
                                (person.name) ", " (person.email)
                            }
                        }
                    }
                    p {
                        button name="person" value="" style="font: inherit; padding: .5rem 1rem" { "Refuse" }
                    }
                }
            }
        }
    }
}
