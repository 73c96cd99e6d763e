//! How this program logs in at the mail server.

#[derive(Clone)]
pub struct MailLogin {
    user: String,
}

impl MailLogin {
    pub fn new(user: &str) -> Self {
        Self {
            user: user.to_owned(),
        }
    }

    pub fn greeting(&self) -> String {
        format!("LOGIN {}", self.user)
    }
}
