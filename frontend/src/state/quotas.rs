//! Quotas: what is used of each limit, and what was refused.

/// How much of a limit is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QuotaUse {
    /// Key in the configuration.
    pub(crate) key: String,
    /// What the limit counts.
    pub(crate) meaning: String,
    /// The service that uses it; empty if it is not a limit for each service.
    pub(crate) service: String,
    /// `None` for rates of senders, which are not counted in all.
    pub(crate) used: Option<u64>,
    /// 0 means no limit.
    pub(crate) limit: u64,
}

/// Profiles, or requests, that a limit refused in the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QuotaRefusal {
    /// The service; empty for whole requests.
    pub(crate) service: String,
    /// Key in the configuration.
    pub(crate) key: String,
    /// What the limit counts.
    pub(crate) meaning: String,
    pub(crate) count: u64,
}

impl QuotaUse {
    /// The limit as text.
    pub(crate) fn limit_text(&self) -> String {
        if self.limit == 0 { "no limit".to_owned() } else { grouped(self.limit) }
    }

    /// What is used, with its share of the limit, as text.
    pub(crate) fn used_text(&self) -> String {
        match (self.used, self.limit) {
            (None, _) => "not counted in total".to_owned(),
            (Some(used), 0) => grouped(used),
            (Some(used), limit) => format!("{} ({} %)", grouped(used), used.saturating_mul(100) / limit),
        }
    }
}

impl QuotaRefusal {
    /// What was refused: a service, or whole requests.
    pub(crate) fn subject(&self) -> String {
        if self.service.is_empty() { "whole requests".to_owned() } else { self.service.clone() }
    }
}

/// A number with its digits in groups of three, divided by thin spaces: `20 000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let text = |number| grouped(number).replace('\u{202f}', " ");
        assert_eq!([0, 999, 1000, 20_000, 1_234_567].map(text), ["0", "999", "1 000", "20 000", "1 234 567"]);
    }

    #[test]
    fn use_is_shown_with_its_share() {
        let of = |used, limit| QuotaUse { used, limit, ..QuotaUse::default() };
        assert_eq!(of(Some(50), 200).used_text(), "50 (25 %)");
        assert_eq!(
            (of(Some(50), 0).used_text(), of(Some(50), 0).limit_text()),
            ("50".into(), "no limit".into())
        );
        assert_eq!(of(None, 7).used_text(), "not counted in total");
    }

    #[test]
    fn refusals_without_a_service_are_of_requests() {
        assert_eq!(QuotaRefusal::default().subject(), "whole requests");
        assert_eq!(QuotaRefusal { service: "cart".into(), ..QuotaRefusal::default() }.subject(), "cart");
    }
}
