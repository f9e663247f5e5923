//! A session's device and place, in words that its owner knows it by.

use std::net::{IpAddr, Ipv6Addr};

/// What stands in a user agent, and what people call it. The first that is found counts: most
/// browsers also name those that they resemble.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
];

/// `Firefox on Windows`. A user agent says what it likes, so nothing of it is shown but words of
/// ours.
pub fn device(user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(part, _)| user_agent.contains(part));
        found.map(|(_, name)| *name)
    };
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser that is not known here".to_owned(),
    }
}

/// The network of an address, shortened to what its owner needs to know it by: of IPv4 three of four
/// numbers, of IPv6 the first three groups.
pub fn place(address: &str) -> String {
    let Ok(ip) = address.trim().parse::<IpAddr>() else {
        return "an unknown network".to_owned();
    };
    match ip.to_canonical() {
        ip if ip.is_loopback() => "the machine of the desk".to_owned(),
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("network {a}.{b}.{c}.*")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("network {}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_its_owner_calls_it() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on a Mac",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile Safari/604.1",
                "Chrome on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.0", "curl"),
            ("<b>me</b>", "A browser that is not known here"),
        ];
        for (agent, called) in cases {
            assert_eq!(device(agent), called, "{agent}");
        }
    }

    #[test]
    fn of_an_address_the_network_is_shown_and_no_more() {
        assert_eq!(place("192.0.2.77"), "network 192.0.2.*");
        assert_eq!(place("::ffff:192.0.2.77"), "network 192.0.2.*");
        assert_eq!(place("2001:db8:5:6:7:8:9:a"), "network 2001:db8:5::/48");
        assert_eq!(place("127.0.0.1"), "the machine of the desk");
        assert_eq!(place("<b>"), "an unknown network");
    }
}
