//! Durations relative to now, as text.

const UNITS: [(i64, &str); 4] =
    [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second")];

/// `3 minutes`: the largest unit that fits.
fn words(ms: i64) -> Option<String> {
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| ms >= *unit)?;
    let n = ms / unit;
    Some(if n == 1 { format!("1 {name}") } else { format!("{n} {name}s") })
}

/// `3 minutes`; `0 seconds` of less than a second.
pub(crate) fn length(ms: i64) -> String {
    words(ms).unwrap_or_else(|| "0 seconds".to_owned())
}

/// `3 minutes ago`.
pub(crate) fn ago(ms: i64) -> String {
    // Seconds are out of date by the time they are read.
    match words(ms).filter(|_| ms >= 60_000) {
        Some(text) => format!("{text} ago"),
        None => "just now".to_owned(),
    }
}

/// `40 s ago`, `3 min ago`: of what is refreshed while it is read.
pub(crate) fn age(ms: i64) -> String {
    let (n, unit) = match ms.max(0) / 1000 {
        s @ 0..=59 => (s, "s"),
        s @ 60..=3_599 => (s / 60, "min"),
        s @ 3_600..=86_399 => (s / 3_600, "h"),
        s => (s / 86_400, "d"),
    };
    format!("{n} {unit} ago")
}

/// `in 3 days`.
pub(crate) fn until(ms: i64) -> String {
    words(ms).map_or_else(|| "now".to_owned(), |text| format!("in {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_the_largest_unit() {
        let day = 86_400_000;
        assert_eq!(
            [0, 59_000, 60_000, 7_200_000, day, 89 * day + 1].map(ago),
            ["just now", "just now", "1 minute ago", "2 hours ago", "1 day ago", "89 days ago",]
        );
        assert_eq!([0, 30_000, day * 2 - 1].map(until), ["now", "in 30 seconds", "in 1 day"]);
        assert_eq!([0, 300_000, 30 * day].map(length), ["0 seconds", "5 minutes", "30 days"]);
        assert_eq!(
            [-1, 40_900, 60_000, 7_199_999, 2 * day].map(age),
            ["0 s ago", "40 s ago", "1 min ago", "1 h ago", "2 d ago"]
        );
    }
}
