//! Title and detail of what is on screen: service, type and time range, or names of files.

use crate::state::clock_text::{offset_name, span_text};
use crate::state::compare::Sides;
use crate::state::compare_source::{Source, Sources};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use crate::state::url_text::parse_pairs;

/// Title and detail. See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Service and type, or a file name.
    pub(crate) title: String,
    /// Filter and time range.
    pub(crate) detail: String,
}

/// The address of the page, and what else the title depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Names of the local file and of both compared files.
    pub(crate) files: [&'a str; 3],
    /// Milliseconds since the epoch.
    pub(crate) now_ms: i64,
    /// Minutes east of UTC in which times are shown.
    pub(crate) zone_min: i64,
}

/// The subject of a page.
pub(crate) fn subject(place: Place<'_>) -> Subject {
    let pairs = parse_pairs(place.query);
    let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    if place.path.starts_with("/local") {
        return Subject { title: place.files[0].to_owned(), detail: "local file".to_owned() };
    }
    if !place.path.starts_with("/compare") {
        let query = Query::from_params(&get);
        let kind = query.profile_type.as_deref().map(type_name).unwrap_or_default();
        let title = joined([query.service.clone().unwrap_or_default(), kind]);
        return Subject { title, detail: of_query(&query, place) };
    }
    let (sides, sources) = (Sides::from_params(&get), Sources::from_params(&get));
    let name = |at: usize, query: &Query| match sources.of[at] {
        Source::File(file) => place.files[1 + file.min(1)].to_owned(),
        Source::Stored => format!("{} {}", query.service.clone().unwrap_or_default(), of_query(query, place)),
    };
    let kind = sides.comparison.profile_type.as_deref().map(type_name).unwrap_or_default();
    let service = sides.comparison.service.clone().unwrap_or_default();
    if let Some(second) = &sources.second_type {
        let title = joined([service, format!("{kind} and {}", type_name(second))]);
        return Subject { title, detail: of_query(&sides.comparison, place) };
    }
    let (baseline, comparison) = (name(0, &sides.baseline), name(1, &sides.comparison));
    let title =
        if sources.is_plain() { joined([service, kind, "difference".into()]) } else { "Difference".into() };
    Subject { title, detail: format!("baseline: {baseline} · comparison: {comparison}") }
}

fn of_query(query: &Query, place: Place<'_>) -> String {
    let span = query.range.unwrap_or(TimeRange::LAST_HOUR).resolve(place.now_ms);
    let time = span_text(span.from_ns, span.until_ns, place.zone_min);
    joined([query.filter.clone(), format!("{time} {}", offset_name(place.zone_min))])
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// A file name without extension: letters, digits and dashes only.
pub(crate) fn file_stem(title: &str) -> String {
    let plain: String = title.chars().take(60).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = ["flarepath"].into_iter().chain(plain.split_whitespace()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, query: &str) -> Subject {
        subject(Place {
            path,
            query,
            files: ["a.pb", "b.pb", "c.pb"],
            now_ms: 1_795_255_200_000,
            zone_min: 60,
        })
    }

    #[test]
    fn names_service_type_and_range() {
        let query = "service=shop&type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&from=now-1h&until=now&filter=%7Bpod%3D%22a%22%7D";
        let shop = at("/explore", query);
        assert_eq!(shop.title, "shop · CPU time");
        assert_eq!(shop.detail, "{pod=\"a\"} · 2026-11-21 10:00 – 11:00 UTC+1");
        assert_eq!(at("/local", "").title, "a.pb");
        let files = at("/compare", "src=file-1&b.src=file-2");
        assert_eq!(files.detail, "baseline: c.pb · comparison: b.pb");
        assert!(at("/compare", query).title.ends_with("difference"));
        let types = at("/compare", &format!("{query}&b.type=wall:wall:nanoseconds::"));
        assert_eq!(types.title, "shop · CPU time and Wall time");
    }

    #[test]
    fn file_names_have_no_special_characters() {
        assert_eq!(file_stem("shop · CPU time"), "flarepath-shop-CPU-time");
        assert_eq!(file_stem("../../<b>"), "flarepath-b");
        assert_eq!(file_stem(""), "flarepath");
    }
}
