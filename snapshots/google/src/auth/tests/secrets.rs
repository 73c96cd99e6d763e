//! Keys: what is sealed or signed for one use opens in no other, nothing can be changed, and keys can be replaced.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{client_ids::OTHER_KEY, login::BASE, tokens::KEY};
use crate::auth::{
    Env,
    oauth::secrets::{Keys, Purpose, is_same, random, sha256},
};

const PURPOSES: [Purpose; 6] = [
    Purpose::Store,
    Purpose::Client,
    Purpose::Request,
    Purpose::Browser,
    Purpose::AccessToken,
    Purpose::RefreshToken,
];
const CONTEXT: &[u8] = b"context";
const PLAIN: &[u8] = b"what nobody may read";

/// Keys from secrets that are made of these seeds.
fn keys(seeds: &[u8]) -> Keys {
    let secret = |seed: &u8| (*seed..*seed + 32).collect();
    Keys::of(&seeds.iter().map(secret).collect::<Vec<_>>(), BASE).unwrap()
}

fn read(settings: &[(&str, &str)]) -> Result<Arc<Keys>, String> {
    let settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Env::of(settings)
        .read(|env| Keys::read(env, BASE))
        .map_err(|problems| problems.to_string())
}

#[test]
fn another_server_with_the_same_secret_has_other_keys() {
    let secret = [(0..32).collect::<Vec<u8>>()];
    let (here, there) = (
        Keys::of(&secret, BASE),
        Keys::of(&secret, "https://other.example.com"),
    );
    let (here, there) = (here.unwrap(), there.unwrap());
    for purpose in PURPOSES {
        let sealed = here.seal(purpose, CONTEXT, PLAIN).unwrap();
        assert!(
            there.open(purpose, CONTEXT, &sealed).is_none(),
            "{purpose:?}"
        );
        let proof = here.proof(purpose, &["part"]).unwrap();
        assert!(!there.proves(purpose, &["part"], &proof), "{purpose:?}");
        assert_ne!(here.raw(purpose), there.raw(purpose));
    }
}

#[test]
fn what_is_sealed_opens_for_the_same_purpose_and_context_only() {
    let keys = keys(&[1]);
    for purpose in PURPOSES {
        let sealed = keys.seal(purpose, CONTEXT, PLAIN).unwrap();
        for other in PURPOSES {
            let opened = keys.open(other, CONTEXT, &sealed);
            assert_eq!(
                opened.as_deref(),
                (other == purpose).then_some(PLAIN),
                "{other:?}"
            );
        }
        for context in [&b""[..], b"contexu", b"context "] {
            assert_eq!(keys.open(purpose, context, &sealed), None);
        }
        assert!(
            !sealed
                .windows(4)
                .any(|part| PLAIN.windows(4).any(|plain| plain == part))
        );
        assert_ne!(
            keys.seal(purpose, CONTEXT, PLAIN).unwrap(),
            sealed,
            "never the same twice"
        );
    }
}

#[test]
fn no_bit_of_what_is_sealed_can_be_changed() {
    let keys = keys(&[1]);
    let sealed = keys.seal(Purpose::Client, CONTEXT, PLAIN).unwrap();
    for index in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[index / 8] ^= 1 << (index % 8);
        assert_eq!(
            keys.open(Purpose::Client, CONTEXT, &changed),
            None,
            "{index}"
        );
    }
    for length in 0..sealed.len() {
        assert_eq!(
            keys.open(Purpose::Client, CONTEXT, &sealed[..length]),
            None,
            "{length}"
        );
    }
    let longer = [&sealed[..], b"x"].concat();
    assert_eq!(keys.open(Purpose::Client, CONTEXT, &longer), None);
    let empty = keys.seal(Purpose::Client, CONTEXT, b"").unwrap();
    assert_eq!(
        keys.open(Purpose::Client, CONTEXT, &empty).as_deref(),
        Some(&b""[..])
    );
}

#[test]
fn keys_can_be_replaced_one_after_the_other() {
    let (old, both, new) = (keys(&[1]), keys(&[2, 1]), keys(&[2]));
    let parts = ["browser", "x"];
    let sealed = old.seal(Purpose::Store, CONTEXT, PLAIN).unwrap();
    let proof = old.proof(Purpose::Browser, &parts).unwrap();
    assert!(both.open(Purpose::Store, CONTEXT, &sealed).is_some());
    assert!(both.proves(Purpose::Browser, &parts, &proof));
    assert!(new.open(Purpose::Store, CONTEXT, &sealed).is_none());
    assert!(!new.proves(Purpose::Browser, &parts, &proof));
    // What is made while there are two is made with the new one.
    let sealed = both.seal(Purpose::Store, CONTEXT, PLAIN).unwrap();
    let proof = both.proof(Purpose::Browser, &parts).unwrap();
    assert!(new.open(Purpose::Store, CONTEXT, &sealed).is_some());
    assert!(new.proves(Purpose::Browser, &parts, &proof));
    assert!(old.open(Purpose::Store, CONTEXT, &sealed).is_none());
    assert!(!old.proves(Purpose::Browser, &parts, &proof));
    let raw = |keys: &Keys| keys.raw(Purpose::AccessToken).unwrap();
    assert_eq!(raw(&both), [raw(&new), raw(&old)].concat());
}

#[test]
fn every_purpose_has_a_key_of_its_own() {
    let keys = keys(&[1, 2]);
    let raw = |purpose| keys.raw(purpose).unwrap();
    let all: BTreeSet<_> = PURPOSES.into_iter().flat_map(raw).collect();
    assert_eq!(all.len(), 2 * PURPOSES.len());
    let proofs = PURPOSES.map(|purpose| keys.proof(purpose, &["x"]).unwrap());
    assert_eq!(proofs.iter().collect::<BTreeSet<_>>().len(), PURPOSES.len());
}

#[test]
fn a_proof_is_for_these_parts_and_no_others() {
    let keys = keys(&[1]);
    let proof = keys.proof(Purpose::Browser, &["ab", "c", ""]).unwrap();
    assert_eq!(proof.len(), 43);
    assert!(keys.proves(Purpose::Browser, &["ab", "c", ""], &proof));
    for parts in [
        &["a", "bc", ""][..],
        &["ab", "c"],
        &["abc"],
        &["", "ab", "c"],
        &["ab", "c", "", ""],
        &["c", "ab", ""],
        &[],
    ] {
        assert!(!keys.proves(Purpose::Browser, parts, &proof), "{parts:?}");
    }
    let upper = proof.to_ascii_uppercase();
    for wrong in ["", &proof[1..], &proof[..42], &upper, &format!("{proof}=")] {
        assert!(
            !keys.proves(Purpose::Browser, &["ab", "c", ""], wrong),
            "{wrong}"
        );
    }
    assert!(is_same("abc", "abc") && is_same("", ""));
    assert!(!is_same("abc", "abd") && !is_same("abc", "ab") && !is_same("", "a"));
}

#[test]
fn short_and_plainly_weak_secrets_are_refused() {
    assert!(Keys::of(&[], BASE).is_none());
    let good: Vec<u8> = (0..32).collect();
    for weak in [vec![], good[..31].to_vec(), vec![0; 32], vec![7; 64]] {
        assert!(
            Keys::of(std::slice::from_ref(&weak), BASE).is_none(),
            "{weak:?}"
        );
        assert!(
            Keys::of(&[good.clone(), weak], BASE).is_none(),
            "not even as the second"
        );
    }
    assert!(Keys::of(&[good, (0..64).collect()], BASE).is_some());
}

#[test]
fn secrets_are_base64_of_either_kind() {
    let bytes: Vec<u8> = (0..32).map(|n| 0xf8 | n).collect();
    let standard = BASE64_STANDARD.encode(&bytes);
    let url = standard.replace('+', "-").replace('/', "_");
    assert_ne!(url, standard);
    let proof = |text: &str| {
        let keys = read(&[("AUTH_SIGNING_KEY", text)]).unwrap();
        keys.proof(Purpose::Client, &["x"]).unwrap()
    };
    let expected = Keys::of(&[bytes], BASE)
        .unwrap()
        .proof(Purpose::Client, &["x"])
        .unwrap();
    let bare = |text: &str| text.trim_end_matches('=').to_owned();
    for text in [&standard, &url, &bare(&standard), &bare(&url)] {
        assert_eq!(proof(text), expected, "{text}");
        assert_eq!(proof(&format!(" {text} , {KEY}")), expected, "{text}");
    }
}

#[test]
fn a_server_without_a_good_secret_does_not_start_and_does_not_repeat_it() {
    let how = "openssl rand -base64 32";
    let short = BASE64_STANDARD.encode([1, 2, 3]);
    let zeros = BASE64_STANDARD.encode([0; 32]);
    let (trailing, broken) = (format!("{KEY},"), format!("{KEY}!"));
    let second = format!("{KEY},{short}");
    for text in [
        "",
        "hunter2 hunter2",
        &short,
        &zeros,
        &trailing,
        &broken,
        &second,
    ] {
        let problems = read(&[("AUTH_SIGNING_KEY", text)]).err().unwrap();
        assert!(
            problems.contains("AUTH_SIGNING_KEY") && problems.contains(how),
            "{problems}"
        );
        let is_shown = text
            .split(',')
            .any(|part| !part.is_empty() && problems.contains(part));
        assert!(!is_shown, "{problems}");
    }
    let path = std::env::temp_dir().join(format!("signing-key-{}", random().unwrap()));
    std::fs::write(
        &path,
        format!("{KEY}\n{OTHER_KEY}\n").replace("\nICE", ",\nICE"),
    )
    .unwrap();
    let from_file = read(&[("AUTH_SIGNING_KEY_FILE", path.to_str().unwrap())]);
    std::fs::remove_file(&path).unwrap();
    let both = format!("{KEY},{OTHER_KEY}");
    let typed = read(&[("AUTH_SIGNING_KEY", &both)]).unwrap();
    let raw = |keys: &Keys| keys.raw(Purpose::Client).unwrap();
    assert_eq!(raw(&from_file.unwrap()), raw(&typed));
}

#[test]
fn random_texts_are_256_bits_and_never_the_same() {
    let all: BTreeSet<_> = (0..1000).map(|_| random().unwrap()).collect();
    assert_eq!(all.len(), 1000);
    let is_base64url = |text: &String| {
        text.len() == 43
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    assert!(all.iter().all(is_base64url));
    let abc = sha256(b"abc").map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(
        abc,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}
