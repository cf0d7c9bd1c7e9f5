//! The line on standard output by which a replica tells its parent where its metrics are.

const START: &str = "metrics at http://127.0.0.1:";
const END: &str = "/metrics";

/// The line, without its end.
pub(in crate::demo) fn port_line(port: u16) -> String {
    format!("{START}{port}{END}")
}

/// The port in such a line; `None` if it is another line.
pub(in crate::demo) fn port_of(line: &str) -> Option<u16> {
    let digits = line.strip_prefix(START)?.strip_suffix(END)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| is_plain && *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_read_back() {
        assert_eq!(port_line(43121), "metrics at http://127.0.0.1:43121/metrics");
        for port in [1, 43121, u16::MAX] {
            assert_eq!(port_of(&port_line(port)), Some(port));
        }
    }

    #[test]
    fn other_lines_have_none() {
        for line in [
            "",
            "200 MB of heap are in use",
            "metrics at http://127.0.0.1:/metrics",
            "metrics at http://127.0.0.1:0/metrics",
            "metrics at http://127.0.0.1:+80/metrics",
            "metrics at http://127.0.0.1:65536/metrics",
            "metrics at http://127.0.0.1:80/metrics and more",
            "metrics at http://127.0.0.1:80@example.org/metrics",
        ] {
            assert_eq!(port_of(line), None, "{line}");
        }
    }
}
