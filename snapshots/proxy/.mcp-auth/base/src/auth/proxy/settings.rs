//! How the upstream is reached: by the metadata of its issuer, or by addresses that are configured.
//! Reads through [`Env`]; touches nothing else.

use reqwest::Url;

use super::{Policy, Proxy};
use crate::auth::{
    Env, fetch,
    oauth::upstream::registration::{ClientAuth, Registration},
    oidc::{Oidc, Signer, Source, endpoints::Endpoints},
    published::{discovery::Issuer, jwks::Jwks},
};

/// What this server itself tells the endpoints.
const OWN_AUTHORIZE: [&str; 11] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];
const OWN_TOKEN: [&str; 9] = [
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_verifier",
    "grant_type",
    "redirect_uri",
    "refresh_token",
];
/// The addresses that make an issuer unnecessary.
const ADDRESSES: [&str; 5] = [
    "AUTH_AUTHORIZATION_URL",
    "AUTH_TOKEN_URL",
    "AUTH_USERINFO_URL",
    "AUTH_INTROSPECTION_URL",
    "AUTH_REVOCATION_URL",
];

/// Reads all settings of this option; `None` after recording a problem.
pub fn read(env: &mut Env, callback: &str) -> Option<Proxy> {
    let auth = client_auth(env);
    let needs_secret = auth != Some(Some(ClientAuth::None));
    let registration = Registration::read(env, callback, needs_secret);
    let scopes = env.list("AUTH_UPSTREAM_SCOPES").join(" ");
    let authorize_parameters = parameters(env, "AUTH_AUTHORIZE_PARAMETERS", &OWN_AUTHORIZE);
    let token_parameters = parameters(env, "AUTH_TOKEN_PARAMETERS", &OWN_TOKEN);
    let subject = env
        .get("AUTH_SUBJECT_CLAIM")
        .unwrap_or_else(|| "sub".to_owned());
    let policy = Policy::read(env);
    let upstream = upstream(env);
    let (registration, upstream) = (registration?, upstream?);
    let http = registration.http.clone();
    let (source, issuer, host) = match upstream {
        Upstream::Issuer(issuer, url) => {
            (Source::of(issuer.clone(), http.clone()), Some(issuer), url)
        }
        Upstream::Addresses(endpoints) => {
            let url = endpoints.authorization.clone();
            (Source::from(*endpoints), None, url)
        }
    };
    let signer = issuer.clone().map(|issuer| Signer {
        names: vec![issuer.name.clone()],
        keys: Jwks::new(issuer, http, Default::default()),
    });
    Some(Proxy {
        oidc: Oidc {
            registration,
            source,
            signer,
            auth: auth?,
            scopes: (!scopes.is_empty()).then_some(scopes),
            authorize_parameters: authorize_parameters?,
            token_parameters: token_parameters?,
        },
        issuer: issuer.map(|issuer| issuer.name),
        host: host.host_str()?.to_owned(),
        subject,
        policy: policy?,
    })
}

/// `AUTH_CLIENT_AUTH`; the metadata decides if it is not set.
fn client_auth(env: &mut Env) -> Option<Option<ClientAuth>> {
    match env.get("AUTH_CLIENT_AUTH").as_deref().map(str::parse) {
        None => Some(None),
        Some(Ok(auth)) => Some(Some(auth)),
        Some(Err(())) => {
            env.problem(
                "AUTH_CLIENT_AUTH must be basic, post or none, for example AUTH_CLIENT_AUTH=post",
            );
            None
        }
    }
}

enum Upstream {
    Issuer(Issuer, Url),
    Addresses(Box<Endpoints>),
}

fn upstream(env: &mut Env) -> Option<Upstream> {
    let issuer = env.get("AUTH_ISSUER");
    let addresses = ADDRESSES.map(|name| (name, env.get(name)));
    let named: Vec<_> = addresses
        .iter()
        .filter_map(|(name, value)| value.is_some().then_some(*name))
        .collect();
    match issuer {
        Some(name) if named.is_empty() => {
            let issuer = Issuer::new(env, "AUTH_ISSUER", name)?;
            let url = Url::parse(&issuer.name).ok()?;
            Some(Upstream::Issuer(issuer, url))
        }
        Some(_) => {
            env.problem(format!(
                "AUTH_ISSUER and {} are both set; the metadata of the issuer names all addresses, so keep one of \
                 them",
                named.join(" and ")
            ));
            None
        }
        None if named.is_empty() => {
            env.problem(
                "AUTH_ISSUER is not set, for example AUTH_ISSUER=https://login.example.com; for a provider without \
                 metadata set AUTH_AUTHORIZATION_URL, AUTH_TOKEN_URL and AUTH_USERINFO_URL",
            );
            None
        }
        None => endpoints(env, addresses).map(|endpoints| Upstream::Addresses(Box::new(endpoints))),
    }
}

fn endpoints(env: &mut Env, addresses: [(&str, Option<String>); 5]) -> Option<Endpoints> {
    let mut is_good = true;
    let [authorization, token, userinfo, introspection, revocation] =
        addresses.map(|(name, text)| match fetch::endpoint(text.as_deref()?) {
            Ok(url) => Some(url),
            Err(why) => {
                is_good = false;
                env.problem(format!(
                    "{name} {why}, for example {name}=https://login.example.com/oauth2"
                ));
                None
            }
        });
    if !is_good {
        return None;
    }
    for (name, is_set) in [
        ("AUTH_AUTHORIZATION_URL", authorization.is_some()),
        ("AUTH_TOKEN_URL", token.is_some()),
        (
            "AUTH_USERINFO_URL or AUTH_INTROSPECTION_URL",
            userinfo.is_some() || introspection.is_some(),
        ),
    ] {
        if !is_set {
            let example = name.split(' ').next().unwrap_or(name);
            env.problem(format!(
                "{name} is not set, and without AUTH_ISSUER it must be, for example \
                 {example}=https://login.example.com/oauth2"
            ));
        }
    }
    if userinfo.is_some() && introspection.is_some() {
        env.problem("AUTH_USERINFO_URL and AUTH_INTROSPECTION_URL are both set; keep one of them");
        return None;
    }
    userinfo.as_ref().or(introspection.as_ref())?;
    Some(Endpoints {
        authorization: authorization?,
        token: token?,
        userinfo,
        introspection,
        revocation,
        auth: ClientAuth::Basic,
        offers_offline: false,
    })
}

/// `name=value&name=value`, as in an address. The protocol's own parameters cannot be changed.
fn parameters(env: &mut Env, name: &str, own: &[&str]) -> Option<Vec<(String, String)>> {
    let text = env.get(name).unwrap_or_default();
    let parameters: Vec<_> = form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect();
    for (parameter, value) in &parameters {
        if own.contains(&parameter.as_str()) {
            env.problem(format!(
                "{name} must not set `{parameter}`: this server does that itself"
            ));
            return None;
        }
        if parameter.is_empty() || value.is_empty() {
            env.problem(format!(
                "{name} is not a list of parameters, for example \
                 {name}=audience=https://api.example.com&prompt=login"
            ));
            return None;
        }
    }
    Some(parameters)
}
