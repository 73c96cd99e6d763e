pub struct Settings {
    pub mail_user: String,
    pub port: u16,
}

impl Settings {
    pub fn load() -> anyhow::Result<Self> {
        Ok(Self {
            mail_user: std::env::var("MAIL_USER").unwrap_or_else(|_| "post".into()),
            port: std::env::var("PORT")
                .unwrap_or_else(|_| "8000".into())
                .parse()?,
        })
    }
}
