//! A template set of a person's own.

use super::{Sandbox, tree};

/// A set of one's own: that of the program with an option more, in a layer of its own.
pub fn own(sandbox: &Sandbox) {
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let keys = tree(&sandbox.path("mine/rust/auth-custom-api-keys"));
    for (path, bytes) in keys {
        let text = String::from_utf8(bytes).unwrap();
        sandbox.write(&format!("mine/rust/auth-badge/{path}"), &text);
    }
    sandbox.write(
        "mine/rust/auth-badge/BADGES.md.tera",
        "# Badges of {{ title }}\n\n{% if docker %}Docker{% endif %}\n",
    );
    let mut catalog = sandbox.read("mine/catalog.toml");
    catalog.push_str(BADGE);
    sandbox.write("mine/catalog.toml", &catalog);
}

const BADGE: &str = r#"
# --- badge: ours

[[auth]]
name = "badge"
title = "Badges"
summary = "a badge of the house opens the door"
layers = ["auth-badge"]
default_preset = "plain"

[[auth.env]]
name = "API_KEYS"
doc = ["The badges that are let in."]
required = true
secret = true

[[auth.preset]]
name = "plain"
title = "Plain badges"
summary = "Badges without a picture"
scopes = ["door:open"]
"#;
