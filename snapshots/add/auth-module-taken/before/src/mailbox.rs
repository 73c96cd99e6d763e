use rmcp::{tool, tool_handler, tool_router, ServerHandler};

use crate::auth::MailLogin;

#[derive(Clone)]
pub struct Mailbox {
    login: MailLogin,
}

#[tool_router]
impl Mailbox {
    pub fn new(login: MailLogin) -> Self {
        Self { login }
    }

    #[tool(description = "The first line that is sent to the mail server")]
    async fn first_line(&self) -> String {
        self.login.greeting()
    }
}

#[tool_handler]
impl ServerHandler for Mailbox {}
