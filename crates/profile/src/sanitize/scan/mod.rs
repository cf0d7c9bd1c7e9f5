//! Scanners for secrets in text: one per kind, each a pass over the bytes.
//!
//! A scanner finds ranges; what is found is replaced by the placeholder of its rule, such as `<e-mail>`, and
//! scanners after it see the text with the placeholder. Rather too much is found than too little: a function that
//! loses its name to a placeholder costs a look at the source, a token that stays costs the token.
//!
//! Written by hand and not as regular expressions, so that the browser can do the same before a local file leaves it.

mod credentials;
mod ids;
mod network;
mod personal;
mod present;
mod random;
mod runs;

pub(super) use present::Present;

use std::ops::Range;

/// Finds what its owner calls a secret, such as a pattern from the configuration.
pub trait Scan: Send + Sync {
    /// What it finds, for people: the rule's name in the report.
    fn name(&self) -> &str;
    /// What is put in place of each find; better nothing that it finds itself.
    fn placeholder(&self) -> &str;
    /// Adds each range of bytes to take out, in any order. Ranges that cut a character are widened.
    fn scan(&self, text: &str, found: &mut Vec<Range<usize>>);
}

/// A kind of secret that is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// `-----BEGIN … PRIVATE KEY-----` up to its end.
    PrivateKey,
    /// `user:password@` in a URL.
    UrlUserinfo,
    /// What follows `?`, or `#` with a value, in a URL.
    UrlQuery,
    /// JSON Web Token, `eyJ….eyJ….…`.
    Jwt,
    /// `Bearer …`, `Basic …`.
    Authorization,
    /// Access key id of Amazon Web Services, `AKIA…` and `ASIA…`.
    AwsKey,
    /// `ghp_…` and its like, `github_pat_…`.
    GitHubToken,
    /// `xoxb-…` and its like.
    SlackToken,
    /// Our own tokens, `fp_…`.
    FlarepathToken,
    /// `password=…`, `token=…`, `secret: …`.
    Assignment,
    /// E-mail address.
    Email,
    /// Number of a payment card: 13–19 digits whose Luhn sum is right.
    CardNumber,
    /// UUID of any version.
    Uuid,
    /// IPv4 and IPv6 address.
    IpAddress,
    /// A long text of hexadecimal digits or of base64 that looks random.
    RandomText,
    /// Numbers and addresses in names that stand for one object, user or order, not for a function.
    Id,
    /// A file's path, shortened.
    Path,
    /// The value of a label that shows who a host is, hashed.
    Host,
    /// Text that new secrets appeared in again and again while it was cleaned.
    Unclear,
}

impl Rule {
    /// What it finds, for people.
    pub fn name(self) -> &'static str {
        match self {
            Rule::PrivateKey => "private key",
            Rule::UrlUserinfo => "user name and password in a URL",
            Rule::UrlQuery => "query of a URL",
            Rule::Jwt => "JSON Web Token",
            Rule::Authorization => "Authorization header",
            Rule::AwsKey => "AWS access key",
            Rule::GitHubToken => "GitHub token",
            Rule::SlackToken => "Slack token",
            Rule::FlarepathToken => "Flarepath token",
            Rule::Assignment => "password or token by its name",
            Rule::Email => "e-mail address",
            Rule::CardNumber => "payment card number",
            Rule::Uuid => "UUID",
            Rule::IpAddress => "IP address",
            Rule::RandomText => "long random text",
            Rule::Id => "number of a single object",
            Rule::Path => "path of a file",
            Rule::Host => "host, pod or instance",
            Rule::Unclear => "text that could not be cleaned",
        }
    }

    /// What stands in its place. No placeholder is found by any rule.
    pub(super) fn placeholder(self) -> &'static str {
        match self {
            Rule::PrivateKey => "<private key>",
            Rule::UrlUserinfo => "<userinfo>",
            Rule::UrlQuery => "<query>",
            Rule::Jwt
            | Rule::Authorization
            | Rule::FlarepathToken
            | Rule::GitHubToken
            | Rule::SlackToken
            | Rule::Assignment => "<token>",
            Rule::AwsKey => "<key>",
            Rule::Email => "<e-mail>",
            Rule::CardNumber => "<card>",
            Rule::Uuid | Rule::Id => "<id>",
            Rule::IpAddress => "<ip>",
            Rule::RandomText => "<secret>",
            Rule::Path => "<path>",
            Rule::Host => "<host>",
            Rule::Unclear => "<removed>",
        }
    }

    /// Adds the ranges to take out, in any order.
    pub(super) fn scan(self, text: &str, found: &mut Vec<Range<usize>>) {
        match self {
            Rule::PrivateKey => credentials::private_key(text, found),
            Rule::UrlUserinfo => network::url_userinfo(text, found),
            Rule::UrlQuery => network::url_query(text, found),
            Rule::Jwt => credentials::jwt(text, found),
            Rule::Authorization => credentials::authorization(text, found),
            Rule::AwsKey => credentials::aws_key(text, found),
            Rule::GitHubToken => credentials::github_token(text, found),
            Rule::SlackToken => credentials::slack_token(text, found),
            Rule::FlarepathToken => credentials::flarepath_token(text, found),
            Rule::Assignment => credentials::assignment(text, found),
            Rule::Email => personal::email(text, found),
            Rule::CardNumber => personal::card_number(text, found),
            Rule::Uuid => random::uuid(text, found),
            Rule::IpAddress => network::ip_address(text, found),
            Rule::RandomText => random::random_text(text, found),
            Rule::Id => ids::ids(text, found),
            // Not found in text: see the modules for paths and labels.
            Rule::Path | Rule::Host | Rule::Unclear => {}
        }
    }
}

/// The text with each range replaced. Ranges in any order; those that overlap are one.
pub(super) fn replace(text: &str, found: &mut [Range<usize>], placeholder: &str) -> String {
    found.sort_unstable_by_key(|range| range.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in found.iter() {
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text.ceil_char_boundary(range.end.min(text.len()));
        if start >= end || end <= done {
            continue;
        }
        // What overlaps the one before only widens it.
        if start >= done {
            out.push_str(&text[done..start]);
            out.push_str(placeholder);
        }
        done = end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_overlapping_ranges_in_any_order() {
        let replaced = |ranges: &[(usize, usize)]| {
            let mut ranges: Vec<Range<usize>> = ranges.iter().map(|&(start, end)| start..end).collect();
            replace("aébcd", &mut ranges, "<x>")
        };
        assert_eq!(replaced(&[]), "aébcd");
        assert_eq!(replaced(&[(4, 5), (0, 1)]), "<x>éb<x>d");
        // Half of `é`, overlapping, empty, reversed and beyond the end.
        assert_eq!(replaced(&[(2, 3)]), "a<x>bcd");
        assert_eq!(replaced(&[(0, 2), (1, 4)]), "<x>cd");
        assert_eq!(replaced(&[(1, 1), (5, 99), (7, 9)]), "aébc<x>");
        assert_eq!(replaced(&[(4, 2)]), "aébcd");
    }
}
