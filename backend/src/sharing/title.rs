//! Titles of shares: the default one, and distinct ones for the shares of an owner.

use super::cost_words::cost_words;
use super::summary::Summary;
use super::text::one_line;
use super::{ShareError, ShareService};
use crate::db::id::PrincipalId;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::HashSet;

/// Maximum characters of a title.
pub(crate) const MAX_TITLE_CHARS: usize = 200;
/// Characters that the number of a title needs: ` (9999)`.
const NUMBER_CHARS: usize = 7;
/// Maximum characters of a service and of a finding in a default title.
const MAX_SERVICE_CHARS: usize = 50;
const MAX_FINDING_CHARS: usize = 90;

/// The title of a share without one: service, costs, what was found and when, as far as they are known.
pub(super) fn default_title(summary: &Summary) -> String {
    let mut parts = match summary.service.is_empty() {
        true => vec![summary.subject()],
        false => vec![one_line(&summary.service, MAX_SERVICE_CHARS).into_owned(), costs(summary)],
    };
    // Verdicts quote names in backticks.
    parts.push(one_line(&finding(summary).replace('`', ""), MAX_FINDING_CHARS).into_owned());
    parts.push(when(summary));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ").chars().take(MAX_TITLE_CHARS).collect()
}

fn costs(summary: &Summary) -> String {
    let sample_type = summary.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
    if sample_type.is_empty() { String::new() } else { cost_words(&sample_type).into_owned() }
}

/// What was found; for a share without a finding, its kind.
fn finding(summary: &Summary) -> &str {
    match summary.kind.as_str() {
        "explore" => summary.verdict.trim_end_matches('.'),
        // Without a verdict the line repeats what the share is of.
        "compare" if summary.verdict.is_empty() || summary.verdict.starts_with("Comparison") => "comparison",
        "compare" => summary.verdict.trim_end_matches('.'),
        "heatmap" => "heat map",
        _ => "",
    }
}

/// `2026-11-21 14:05 – 15:05 UTC`; empty where the range is not known.
fn when(summary: &Summary) -> String {
    let at = |ns: UnixNanos| jiff::Timestamp::from_nanosecond(i128::from(ns.0)).ok();
    let is_known = 0 < summary.from_ns.0 && summary.from_ns < summary.until_ns;
    let ends = at(summary.from_ns).zip(at(summary.until_ns)).filter(|_| is_known);
    let Some((from, until)) = ends else { return String::new() };
    let day = |at: &jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let end = if day(&from) == day(&until) { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    format!("{} – {} UTC", from.strftime("%Y-%m-%d %H:%M"), until.strftime(end))
}

/// The title, with a number if the owner already has a share of the same title.
pub(crate) async fn distinct_title(
    service: &ShareService,
    owner: &PrincipalId,
    title: &str,
) -> Result<String, ShareError> {
    let taken = service.records.share_titles(owner, stem(title)).await?;
    Ok(distinct(title, &taken))
}

/// The part of a title that a number can follow within [`MAX_TITLE_CHARS`].
fn stem(title: &str) -> &str {
    let cut = title.char_indices().nth(MAX_TITLE_CHARS - NUMBER_CHARS).map_or(title.len(), |(at, _)| at);
    &title[..cut]
}

/// The title, or its stem with the first number from 2 on that nobody has taken.
fn distinct(title: &str, taken: &[String]) -> String {
    let taken: HashSet<&str> = taken.iter().map(String::as_str).collect();
    let is_free = |one: &String| !taken.contains(one.as_str());
    let numbered = (2..10_000).map(|number| format!("{} ({number})", stem(title)));
    std::iter::once(title.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_NS: i64 = 3_600_000_000_000;
    /// 2026-11-21 02:19 UTC.
    const FROM: UnixNanos = UnixNanos(1_795_227_540_000_000_000);

    fn summary(kind: &str, verdict: &str) -> Summary {
        Summary {
            version: Summary::VERSION,
            kind: kind.to_owned(),
            verdict: verdict.to_owned(),
            service: "checkout".to_owned(),
            profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".to_owned(),
            from_ns: FROM,
            until_ns: UnixNanos(FROM.0 + HOUR_NS),
            ..Summary::default()
        }
    }

    #[test]
    fn default_titles_name_service_costs_finding_and_time() {
        let title = |kind: &str, verdict: &str| default_title(&summary(kind, verdict));
        assert_eq!(
            title("explore", "json.Marshal: 41.0 % of CPU (self)"),
            "checkout · CPU · json.Marshal: 41.0 % of CPU (self) · 2026-11-21 02:19 – 03:19 UTC"
        );
        assert_eq!(
            title("explore", "CPU use is 62 % higher in `v2` than in `v1`."),
            "checkout · CPU · CPU use is 62 % higher in v2 than in v1 · 2026-11-21 02:19 – 03:19 UTC"
        );
        assert_eq!(
            title("compare", "CPU use is 62 % higher in `v2` than in `v1`."),
            "checkout · CPU · CPU use is 62 % higher in v2 than in v1 · 2026-11-21 02:19 – 03:19 UTC"
        );
        let without_verdict = "Comparison of checkout, CPU: 0.06 cores (baseline), 0.1 cores (comparison)";
        assert_eq!(
            title("compare", without_verdict),
            "checkout · CPU · comparison · 2026-11-21 02:19 – 03:19 UTC"
        );
        let late = Summary { until_ns: UnixNanos(FROM.0 + 30 * HOUR_NS), ..summary("heatmap", "") };
        assert_eq!(
            default_title(&late),
            "checkout · CPU · heat map · 2026-11-21 02:19 – 2026-11-22 08:19 UTC"
        );
        let file = Summary { kind: "local".to_owned(), ..Summary::default() };
        assert_eq!(default_title(&file), "Local file");
        let long = Summary { service: "s".repeat(300), ..summary("explore", &"f".repeat(300)) };
        assert!(default_title(&long).chars().count() <= MAX_TITLE_CHARS);
        assert!(default_title(&long).ends_with("UTC"), "{}", default_title(&long));
    }

    #[test]
    fn equal_titles_get_numbers() {
        let taken = |titles: &[&str]| titles.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(distinct("Slow", &taken(&["Slower", "Slow (2)"])), "Slow");
        assert_eq!(distinct("Slow", &taken(&["Slow"])), "Slow (2)");
        assert_eq!(distinct("Slow", &taken(&["Slow", "Slow (2)", "Slow (4)"])), "Slow (3)");
        let long = "é".repeat(MAX_TITLE_CHARS);
        let numbered = distinct(&long, std::slice::from_ref(&long));
        assert!(numbered.ends_with("é (2)") && numbered.chars().count() <= MAX_TITLE_CHARS, "{numbered}");
    }
}
