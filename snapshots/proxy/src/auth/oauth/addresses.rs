//! Which addresses a stranger may make this server call: public ones only, against server-side request forgery
//! (RFC 6890 and the IANA registries of special-purpose addresses). Asks the name service, calls nobody.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use tokio::net::lookup_host;

/// IPv4 addresses that are not, or not only, those of some public host.
const SPECIAL_V4: [(Ipv4Addr, u32); 20] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),          // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),         // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),      // shared by carriers; metadata of Alibaba Cloud
    (Ipv4Addr::new(127, 0, 0, 0), 8),        // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32),   // metadata of Azure
    (Ipv4Addr::new(169, 254, 0, 0), 16),     // link-local; metadata of most clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12),      // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),       // protocol assignments; metadata of Oracle Cloud
    (Ipv4Addr::new(192, 0, 2, 0), 24),       // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24),    // AS112
    (Ipv4Addr::new(192, 52, 193, 0), 24),    // AMT
    (Ipv4Addr::new(192, 88, 99, 0), 24),     // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),     // private
    (Ipv4Addr::new(192, 175, 48, 0), 24),    // AS112
    (Ipv4Addr::new(198, 18, 0, 0), 15),      // benchmarking
    (Ipv4Addr::new(198, 51, 100, 0), 24),    // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),     // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),        // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),        // reserved
    (Ipv4Addr::new(255, 255, 255, 255), 32), // broadcast
];

/// The only part of IPv6 that is assigned to hosts. Outside are loopback, mapped and compatible IPv4, NAT64,
/// unique-local, link-local, site-local, multicast, discard-only and everything reserved.
const UNICAST_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Special parts of that part.
const SPECIAL_V6: [(Ipv6Addr, u32); 6] = [
    // Protocol assignments: Teredo, benchmarking, AMT, ORCHID, DETs.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),     // 6to4
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),     // the former 6bone
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),     // documentation
];

/// Whether an address is that of a host on the public Internet and of nothing else.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|network| is_in_v4(ip, network)),
        IpAddr::V6(ip) => {
            is_in_v6(ip, &UNICAST_V6)
                && !SPECIAL_V6.iter().any(|network| is_in_v6(ip, network))
                && !is_isatap(ip)
        }
    }
}

fn is_in_v4(ip: Ipv4Addr, (network, length): &(Ipv4Addr, u32)) -> bool {
    (ip.to_bits() ^ network.to_bits()) >> (u32::BITS - length) == 0
}

fn is_in_v6(ip: Ipv6Addr, (network, length): &(Ipv6Addr, u32)) -> bool {
    (ip.to_bits() ^ network.to_bits()) >> (u128::BITS - length) == 0
}

/// An IPv4 address inside any network (RFC 5214 section 6.1).
fn is_isatap(ip: Ipv6Addr) -> bool {
    let [.., high, low, _, _] = ip.segments();
    matches!(high, 0 | 0x200) && low == 0x5efe
}

/// An HTTP client for addresses that strangers choose: it connects to public hosts only, directly, and follows
/// nobody. `timeout` is for everything from the name to the last byte. Encoded answers stay encoded, so that
/// short ones cannot become long, whatever other parts of the program ask of the library.
///
/// The caller must refuse addresses that hold a number in place of a name: those are not looked up.
///
/// # Errors
/// If the TLS library cannot start.
pub fn public_client(timeout: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .dns_resolver(PublicOnly)
        .no_proxy()
        .redirect(Policy::none())
        .https_only(cfg!(not(test)))
        .http1_only()
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .referer(false)
        .pool_max_idle_per_host(0)
        .timeout(timeout)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build()
}

/// Finds the addresses of names, and gives them only if all of them are public.
///
/// The client connects to what this returns and asks nobody again, so that a name cannot change its
/// address between check and use (DNS rebinding). Addresses in place of names do not come here.
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?.collect();
            let addresses: Addrs = Box::new(all_public(found)?.into_iter());
            Ok(addresses)
        })
    }
}

/// The addresses, if there are any and all are public. One that is not spoils them all: whoever mixes them
/// hopes that the client tries the others too.
///
/// # Errors
/// Without saying which: names of the inner network are not for strangers.
pub fn all_public(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
    if !addresses.is_empty() && addresses.iter().all(|address| is_public(address.ip())) {
        Ok(addresses)
    } else {
        Err(NotPublic)
    }
}

/// A name that does not lead to public addresses alone.
#[derive(Debug)]
pub struct NotPublic;

impl Error for NotPublic {}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host has an address that is not public")
    }
}
