//! Who may log in with GitHub: accounts, members of organizations, members of teams. Being in one of the
//! lists is enough. Pure: GitHub is asked by others.

use std::fmt;

use crate::auth::{Env, oauth::upstream::any_user};

/// The access policy.
#[derive(Default)]
pub struct Policy {
    any: bool,
    users: Vec<User>,
    members: Vec<Member>,
}

/// One account.
enum User {
    /// By its name, in lower case. If the account gives the name up, whoever takes it comes in.
    Login(String),
    /// By its number, which never changes.
    Id(String),
}

/// Something that one can be a member of.
#[derive(Debug, PartialEq, Eq)]
pub enum Member {
    /// An organization.
    Org(String),
    /// A team, by the name in its address.
    Team {
        /// Its organization.
        org: String,
        /// Its own name.
        slug: String,
    },
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Org(org) => write!(f, "{org}"),
            Self::Team { org, slug } => write!(f, "{org}/{slug}"),
        }
    }
}

impl Policy {
    /// Reads `GITHUB_ALLOWED_USERS`, `GITHUB_ALLOWED_ORGS`, `GITHUB_ALLOWED_TEAMS` and `ALLOW_ANY_USER`; `None`
    /// after recording a problem.
    pub fn read(env: &mut Env) -> Option<Self> {
        let users = list(env, "GITHUB_ALLOWED_USERS", "alice,id:583231", user);
        let orgs = list(env, "GITHUB_ALLOWED_ORGS", "acme", org);
        let teams = list(env, "GITHUB_ALLOWED_TEAMS", "acme/developers", team);
        // A list that cannot be read is a policy all the same.
        let has_policy = users.as_ref().is_none_or(|users| !users.is_empty())
            || [&orgs, &teams]
                .into_iter()
                .any(|list| list.as_ref().is_none_or(|list| !list.is_empty()));
        let any = any_user(
            env,
            has_policy,
            &[
                ("GITHUB_ALLOWED_USERS", "alice,bob"),
                ("GITHUB_ALLOWED_ORGS", "acme"),
                ("GITHUB_ALLOWED_TEAMS", "acme/developers"),
            ],
        );
        let mut members = orgs?;
        members.extend(teams?);
        Some(Self {
            any: any?,
            users: users?,
            members,
        })
    }

    /// Whether the account itself is let in, wherever it is a member.
    pub fn allows(&self, login: &str, id: &str) -> bool {
        self.any
            || self.users.iter().any(|user| match user {
                User::Login(allowed) => allowed.eq_ignore_ascii_case(login),
                User::Id(allowed) => allowed == id,
            })
    }

    /// Of what members are let in.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Whether GitHub must be asked for memberships.
    pub fn asks_for_members(&self) -> bool {
        !self.members.is_empty()
    }
}

fn list<T>(
    env: &mut Env,
    name: &str,
    example: &str,
    parse: fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let items = env.list(name);
    let parsed: Vec<_> = items.iter().filter_map(|item| parse(item)).collect();
    if parsed.len() < items.len() {
        env.problem(format!(
            "{name} holds something that cannot be a name, for example {name}={example}"
        ));
        return None;
    }
    Some(parsed)
}

fn user(text: &str) -> Option<User> {
    match text.strip_prefix("id:") {
        Some(id) => id.parse::<u64>().ok().map(|id| User::Id(id.to_string())),
        // Logins of Enterprise Managed Users end with `_` and a short code.
        None => is_name(text).then(|| User::Login(text.to_owned())),
    }
}

fn org(text: &str) -> Option<Member> {
    is_name(text).then(|| Member::Org(text.to_owned()))
}

fn team(text: &str) -> Option<Member> {
    let (org, slug) = text.split_once('/')?;
    (is_name(org) && is_name(slug)).then(|| Member::Team {
        org: org.to_owned(),
        slug: slug.to_lowercase(),
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
