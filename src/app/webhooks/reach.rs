//! Where deliveries may go: to the internet, and not into the network that the server stands in.
//!
//! An organizer names the address and the server opens the connection, so the server must not become their way to its
//! neighbours (metadata services, databases). Names are judged by what they resolve to, each time anew and by the same
//! resolution that the connection uses, because a name can lead elsewhere the next time.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Resolves names, and refuses those that lead into a private network.
#[derive(Debug, Default)]
pub(super) struct PublicOnly {
    resolver: DefaultResolver,
}

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(_) => Err(ureq::Error::Other(INSIDE.into())),
            None => Ok(found),
        }
    }
}

/// Why an address is refused.
pub(super) const INSIDE: &str = "leads into a private or local network";

/// What is wrong with an address that somebody names; resolves the name, so it may take a while.
pub(super) fn fault_of(url: &str, allow_private: bool) -> Option<&'static str> {
    const FORM: &str = "must be an address such as https://example.org/hook, without a user or a fragment";
    if url.len() > 2000 || url.contains('#') || url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some(FORM);
    }
    let Ok(uri) = url.parse::<Uri>() else { return Some(FORM) };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Some(FORM) };
    let port = match scheme {
        "https" => 443,
        "http" if allow_private => 80,
        "http" => return Some("must begin with https://"),
        _ => return Some(FORM),
    };
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Some(FORM);
    }
    if allow_private {
        return None;
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    match (host, authority.port_u16().unwrap_or(port)).to_socket_addrs() {
        Err(_) => Some("has a name that does not resolve"),
        Ok(mut found) => found.any(|address| !is_public(address.ip())).then_some(INSIDE),
    }
}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By the special-purpose registry for IPv4 (RFC 6890 and its successors).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by carriers (RFC 6598), for protocols (192.0.0.0/24), and for measuring devices (RFC 2544).
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (b == 18 || b == 19));
    !is_special
}

/// Only global unicast (2000::/3) is public; what carries an address of version 4 is judged by that.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Translated to version 4 (RFC 6052), and 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Teredo and other protocols, and documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_is_public() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::7f00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for public in
            ["1.1.1.1", "93.184.216.34", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_is_judged_by_where_it_leads() {
        let fault = |url: &str| fault_of(url, false);
        for inside in [
            "https://169.254.169.254/latest/meta-data",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2852039166/",
            "https://0x7f.1/",
            "https://[::1]:8443/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
        ] {
            assert_eq!(fault(inside), Some(INSIDE), "{inside}");
        }
        assert_eq!(fault("https://9.9.9.9/hook?to=me"), None);
        assert_eq!(fault("http://9.9.9.9/hook"), Some("must begin with https://"));
        assert_eq!(fault_of("http://127.0.0.1:8000/hook", true), None);
        for wrong in [
            "",
            "/hook",
            "9.9.9.9/hook",
            "ftp://9.9.9.9/",
            "https://user:secret@9.9.9.9/",
            "https://9.9.9.9/#top",
            "https://9.9.9.9/\r\nX: y",
            "https:///hook",
        ] {
            assert!(fault(wrong).is_some_and(|fault| fault.starts_with("must be")), "{wrong:?}");
        }
    }
}
