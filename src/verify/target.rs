//! The addresses of the server that is asked: its origin, the MCP service, the metadata.
//! Pure, but for looking whether somebody listens already.

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use anyhow::Result;
use ureq::http::Uri;

use crate::refusal::Refusal;

pub const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
const MOMENT: Duration = Duration::from_millis(500);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What the server is told as its BASE_URL: `http://localhost:8000`.
    pub origin: String,
    host: String,
    port: u16,
    /// `/mcp`, or empty for the whole server; `None` until the server is asked.
    pub path: Option<String>,
}

impl Target {
    /// `url` wins over `port`, and its path over `mcp_path`.
    ///
    /// # Errors
    /// A `Refusal` if it is no address on this machine.
    pub fn new(url: Option<&str>, port: u16, mcp_path: Option<&str>) -> Result<Self> {
        let usual = format!("http://localhost:{port}");
        let url = url.unwrap_or(&usual);
        let uri: Option<Uri> = url.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let is_http = uri.as_ref().and_then(Uri::scheme_str) == Some("http");
        if !is_http || !is_loopback(host) {
            let hint = "it is started on this machine, so say where: --url http://localhost:3000";
            let what = format!("`{url}` is not an http address on this machine");
            return Err(Refusal::usage(what).hint(hint).into());
        }
        let port = uri.as_ref().and_then(Uri::port_u16).unwrap_or(80);
        let named = uri.as_ref().map_or("", Uri::path).trim_end_matches('/');
        let path = match named {
            "" => mcp_path.map(|path| path.trim_end_matches('/').to_owned()),
            named => Some(named.to_owned()),
        };
        Ok(Self {
            origin: match port {
                80 => format!("http://{host}"),
                port => format!("http://{host}:{port}"),
            },
            host: host.to_owned(),
            port,
            path,
        })
    }

    /// The resource that tokens are for (RFC 8707), and where the MCP service is called.
    pub fn resource(&self) -> String {
        format!(
            "{}{}",
            self.origin,
            self.path.as_deref().unwrap_or_default()
        )
    }

    /// Where its metadata is (RFC 9728 section 3.1).
    pub fn metadata(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        format!("{}{WELL_KNOWN}{path}", self.origin)
    }

    /// What `BIND_ADDR` says.
    pub fn bind_addr(&self) -> String {
        let address = match self.host.as_str() {
            "localhost" => "127.0.0.1",
            host => host,
        };
        format!("{address}:{}", self.port)
    }

    /// # Errors
    /// A `Refusal` if somebody listens there: that would be asked instead.
    pub fn ensure_free(&self) -> Result<()> {
        let host = self.host.trim_matches(['[', ']']);
        let addresses = (host, self.port).to_socket_addrs()?;
        let mut addresses = addresses.map(|address| TcpStream::connect_timeout(&address, MOMENT));
        if addresses.any(|connected| connected.is_ok()) {
            let what = format!("something listens on {} already", self.origin);
            return Err(Refusal::failed(what)
                .hint("stop it, or name another address with --url")
                .into());
        }
        Ok(())
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse();
    host == "localhost" || address.is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_url_wins_over_port_and_path() {
        let target = Target::new(None, 8000, Some("/mcp")).unwrap();
        assert_eq!(target.resource(), "http://localhost:8000/mcp");
        assert_eq!(target.bind_addr(), "127.0.0.1:8000");
        assert_eq!(
            target.metadata(),
            "http://localhost:8000/.well-known/oauth-protected-resource/mcp"
        );
        let target = Target::new(Some("http://127.0.0.1:3000"), 8000, Some("/mcp")).unwrap();
        assert_eq!(target.resource(), "http://127.0.0.1:3000/mcp");
        let target = Target::new(Some("http://[::1]:3000/a/b/"), 8000, Some("/mcp")).unwrap();
        assert_eq!(target.resource(), "http://[::1]:3000/a/b");
        assert_eq!(target.bind_addr(), "[::1]:3000");
    }

    #[test]
    fn the_whole_server_has_an_empty_path_and_an_unknown_one_none() {
        let whole = Target::new(None, 8000, Some("")).unwrap();
        assert_eq!(whole.path.as_deref(), Some(""));
        assert_eq!(
            whole.metadata(),
            "http://localhost:8000/.well-known/oauth-protected-resource"
        );
        assert_eq!(Target::new(None, 8000, None).unwrap().path, None);
    }

    #[test]
    fn other_machines_and_https_are_refused() {
        for url in [
            "http://example.com:3000",
            "https://localhost:3000",
            "localhost:3000",
            "3000",
            "",
        ] {
            let error = Target::new(Some(url), 8000, None).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("`{url}` is not an http address on this machine")
            );
        }
    }

    #[test]
    fn a_port_that_is_taken_is_noticed() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Target::new(None, port, None).unwrap();
        assert!(target.ensure_free().is_err());
        drop(listener);
        assert!(target.ensure_free().is_ok());
    }
}
