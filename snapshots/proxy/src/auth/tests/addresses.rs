//! Which hosts a stranger can make this server call.

use std::net::SocketAddr;

use reqwest::dns::{Name, Resolve};

use crate::auth::oauth::addresses::{PublicOnly, all_public, is_public};

const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "3fff:1000::1",
];

const SPECIAL: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::8.8.8.8",
    "::ffff:0:8.8.8.8",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "64:ff9b::8.8.8.8",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "2606:4700::5efe:a00:1",
    "2606:4700::200:5efe:a00:1",
    "3ffe::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

fn at(ips: &[&str]) -> Vec<SocketAddr> {
    ips.iter()
        .map(|ip| SocketAddr::new(ip.parse().unwrap(), 0))
        .collect()
}

#[test]
fn hosts_of_the_public_internet_may_be_called() {
    for ip in PUBLIC {
        assert!(is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[test]
fn special_addresses_may_not_be_called() {
    for ip in SPECIAL {
        assert!(!is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[test]
fn every_ipv4_address_is_special_inside_ipv6() {
    for ip in PUBLIC.iter().chain(SPECIAL).filter(|ip| !ip.contains(':')) {
        for prefix in ["::", "::ffff:", "64:ff9b::", "64:ff9b:1::", "2002::"] {
            let mapped = format!("{prefix}{ip}");
            assert!(!is_public(mapped.parse().unwrap()), "{mapped}");
        }
    }
}

#[test]
fn one_bad_address_spoils_them_all() {
    for (ips, is_good) in [
        (&["8.8.8.8"][..], true),
        (&["8.8.8.8", "2606:4700::1111", "1.1.1.1"], true),
        (&["8.8.8.8", "127.0.0.1"], false),
        (&["127.0.0.1", "8.8.8.8"], false),
        (&["8.8.8.8", "::ffff:169.254.169.254"], false),
        (&["2606:4700::1111", "fd00::1", "8.8.8.8"], false),
        (&[], false),
    ] {
        let given = all_public(at(ips)).ok();
        assert_eq!(given, is_good.then(|| at(ips)), "{ips:?}");
    }
}

#[tokio::test]
async fn a_name_of_this_machine_is_not_resolved() {
    let name: Name = "localhost".parse().unwrap();
    let refused = PublicOnly.resolve(name).await.err().unwrap();
    assert!(refused.to_string().contains("not public"), "{refused}");
}
