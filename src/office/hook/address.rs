//! Where events may go: to https alone, and to no machine that only stands near the office by chance.
//!
//! | address | allowed |
//! |---|---|
//! | public | always |
//! | private: 10/8, 172.16/12, 192.168/16, 100.64/10, `fc00::/7` | if the hook was added so |
//! | this machine itself: 127/8, `::1` | if the URL names it so; http too |
//! | link-local (169.254/16, `fe80::/10`, where clouds keep their secrets), multicast, reserved | never |
//!
//! A name is looked up each time, every address of it must be allowed, and the call goes to those very addresses.

use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

/// Longest URL.
const LONGEST: usize = 2000;

/// Why events cannot go there.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoAddress {
    /// It is no URL.
    #[error("this is no URL such as https://shop.example/stockhand")]
    Url,
    /// It would be sent in the clear.
    #[error(
        "events go to https:// alone; http:// is for this very machine, as http://127.0.0.1:8080/"
    )]
    Clear,
    /// A name or password in the URL would be shown on lists.
    #[error("put no name or password into the URL: events are signed")]
    Password,
    /// The name is not known.
    #[error("the name cannot be looked up")]
    Unknown,
    /// It may be there, but the hook must say so.
    #[error("{0} is a private address; add the hook with --private if that is meant")]
    Private(IpAddr),
    /// Nothing is sent there.
    #[error("nothing is sent to {0}")]
    Never(IpAddr),
}

/// A URL to which events may go, as far as can be seen from it.
pub(super) fn read(text: &str) -> Result<Url, NoAddress> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST);
    let url = url.filter(Url::has_host).ok_or(NoAddress::Url)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(NoAddress::Clear),
        _ => return Err(NoAddress::Url),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NoAddress::Password);
    }
    Ok(url)
}

/// The address that a URL itself names.
pub(super) fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_matches(['[', ']']).parse().ok()
}

fn is_loopback(url: &Url) -> bool {
    url.host_str() == Some("localhost") || literal(url).is_some_and(|ip| ip.is_loopback())
}

/// All addresses behind a URL, each of which may be called. `inside`: private ones too.
pub(super) fn look_up(url: &Url, inside: bool) -> Result<Vec<SocketAddr>, NoAddress> {
    let host = url.host_str().ok_or(NoAddress::Url)?;
    let port = url.port_or_known_default().ok_or(NoAddress::Url)?;
    let found: Vec<SocketAddr> = match literal(url) {
        Some(ip) => vec![(ip, port).into()],
        None => {
            let found = (host, port).to_socket_addrs();
            found.map_err(|_| NoAddress::Unknown)?.collect()
        }
    };
    for address in &found {
        may_go(address.ip(), is_loopback(url), inside)?;
    }
    if found.is_empty() {
        return Err(NoAddress::Unknown);
    }
    Ok(found)
}

fn may_go(ip: IpAddr, loopback: bool, inside: bool) -> Result<(), NoAddress> {
    let (never, private) = match ip.to_canonical() {
        ip if ip.is_loopback() => (!loopback, false),
        // A name of this machine that leads elsewhere is a trap.
        _ if loopback => (true, false),
        IpAddr::V4(ip) => (is_never(ip), is_private(ip)),
        IpAddr::V6(ip) => (is_never_6(ip), ip.is_unique_local()),
    };
    match (never, private) {
        (true, _) => Err(NoAddress::Never(ip)),
        (false, true) if !inside => Err(NoAddress::Private(ip)),
        (false, _) => Ok(()),
    }
}

fn is_never(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    // RFC 6890: this network, link-local, protocol assignments, documentation, benchmarks, multicast and reserved.
    a == 0
        || a >= 224
        || matches!([a, b], [169, 254] | [198, 18 | 19])
        || matches!([a, b, c], [192, 0, 0 | 2] | [198, 51, 100] | [203, 0, 113])
}

fn is_private(ip: Ipv4Addr) -> bool {
    // RFC 6598: what providers share.
    ip.is_private() || matches!(ip.octets(), [100, 64..=127, ..])
}

fn is_never_6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // What carries another address within (RFC 6052, 3056, 4380), link- and site-local, multicast, discard, documentation.
    let carries =
        ip.to_ipv4().is_some() || (a, b) == (0x64, 0xff9b) || a == 0x2002 || (a, b) == (0x2001, 0);
    carries
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_unicast_link_local()
        || a & 0xffc0 == 0xfec0
        || a == 0x100
        || (a, b) == (0x2001, 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_goes_out_and_http_to_this_machine() {
        for good in [
            "https://shop.example/a?b=c",
            "http://127.0.0.1:8080/",
            "http://localhost:1/x",
            "http://[::1]:9/",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://shop.example/", NoAddress::Clear),
            ("http://10.0.0.1/", NoAddress::Clear),
            ("http://localhost.example/", NoAddress::Clear),
            ("ftp://shop.example/", NoAddress::Url),
            ("file:///etc/passwd", NoAddress::Url),
            ("shop.example", NoAddress::Url),
            ("https://", NoAddress::Url),
            ("https://me:secret@shop.example/", NoAddress::Password),
        ] {
            assert_eq!(read(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn no_address_inside_is_called_unless_it_is_meant() {
        let look = |url: &str, inside| look_up(&read(url).unwrap(), inside).map(|_| ());
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        for public in ["https://9.9.9.9/", "https://[2620:fe::fe]/"] {
            assert_eq!(look(public, false), Ok(()), "{public}");
        }
        for (private, shown) in [
            ("https://10.1.2.3/", "10.1.2.3"),
            ("https://172.31.0.1/", "172.31.0.1"),
            ("https://192.168.0.1:8443/", "192.168.0.1"),
            ("https://100.64.0.1/", "100.64.0.1"),
            // Other writings of 10.0.0.1 are the same address.
            ("https://0x0a000001/", "10.0.0.1"),
            ("https://167772161/", "10.0.0.1"),
            ("https://[fd00::1]/", "fd00::1"),
            ("https://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1"),
        ] {
            assert_eq!(look(private, false), Err(NoAddress::Private(ip(shown))));
            assert_eq!(look(private, true), Ok(()), "{private}");
        }
        for never in [
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "[fe80::1]",
            "[::]",
            "[ff02::1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[::ffff:169.254.169.254]",
            "[::7f00:2]",
        ] {
            for inside in [false, true] {
                let found = look(&format!("https://{never}/"), inside);
                assert!(
                    matches!(found, Err(NoAddress::Never(_))),
                    "{never}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn this_machine_is_called_only_by_its_own_name() {
        let ip: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(may_go(ip, true, false), Ok(()));
        assert_eq!(may_go(ip, false, true), Err(NoAddress::Never(ip)));
        let elsewhere: IpAddr = "9.9.9.9".parse().unwrap();
        assert_eq!(
            may_go(elsewhere, true, true),
            Err(NoAddress::Never(elsewhere))
        );
    }
}
