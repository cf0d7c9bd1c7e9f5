//! The command palette: what it offers, how that is ranked by the typed text, and where a choice leads.

use super::preferences::Theme;
use super::query::{Query, STORE};
use super::service_page::service_page;
use super::services::ServiceInfo;
use super::share_view::read;
use super::url_text::{parse_pairs, path_with, write_pairs};
use flarepath_profile::name_match::{Closeness, closeness};

/// The most entries of a group that are shown; more are found by typing.
pub(crate) const MOST: usize = 8;

/// Groups of entries, in the order in which equally close ones are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Services,
    ServicePages,
    Functions,
    Pages,
    Actions,
    Shares,
    Administration,
}

impl Group {
    /// All of them.
    pub(crate) const ALL: [Group; 7] = [
        Group::Services,
        Group::ServicePages,
        Group::Functions,
        Group::Pages,
        Group::Actions,
        Group::Shares,
        Group::Administration,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Group::Services => "Services",
            Group::ServicePages => "Pages of services",
            Group::Functions => "Functions of this profile",
            Group::Pages => "Pages",
            Group::Actions => "Actions",
            Group::Shares => "My shares",
            Group::Administration => "Administration",
        }
    }
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Opens a page of this app, by path and query.
    Page(String),
    /// Opens Explore of a service.
    Service(ServiceInfo),
    /// Searches the profile on screen for a function.
    Function(String),
    /// Clicks the control of a [`Command`](super::command::Command).
    Command(&'static str),
    Theme(Theme),
    /// Shows times in UTC, or in local time.
    Utc(bool),
    /// Lists the keys.
    Shortcuts,
}

/// A line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) group: Group,
    pub(crate) label: String,
    /// Small print beside it: a key, or when a share was made.
    pub(crate) detail: String,
    pub(crate) target: Target,
}

impl Entry {
    pub(crate) fn new(
        group: Group,
        label: impl Into<String>,
        detail: impl Into<String>,
        target: Target,
    ) -> Entry {
        Entry { group, label: label.into(), detail: detail.into(), target }
    }
}

/// The entries that match `text`, group by group: the group with the closest match first, and at most [`MOST`] of each. Functions match
/// only as they are written: nearly all long names have the letters of a short text. Equally close entries keep their order. `lower`
/// gives the lower case of a text.
pub(crate) fn ranked(entries: Vec<Entry>, text: &str, lower: fn(&str) -> String) -> Vec<Entry> {
    let text = lower(text.trim());
    let close = |entry: Entry| {
        let found = closeness(&lower(&entry.label), &text)?;
        (entry.group != Group::Functions || found != Closeness::Letters).then_some((found, entry))
    };
    let matching: Vec<(Closeness, Entry)> = entries.into_iter().filter_map(close).collect();
    let mut groups: Vec<(Closeness, Vec<(Closeness, Entry)>)> = Vec::new();
    for group in Group::ALL {
        let mut of_group: Vec<_> =
            matching.iter().filter(|(_, entry)| entry.group == group).cloned().collect();
        of_group.sort_by_key(|(found, _)| *found);
        of_group.truncate(MOST);
        groups.extend(of_group.first().map(|(best, _)| *best).map(|best| (best, of_group)));
    }
    groups.sort_by_key(|(best, _)| *best);
    groups.into_iter().flat_map(|(_, of_group)| of_group).map(|(_, entry)| entry).collect()
}

/// Explore of a service in the store and at the time of `query`, a page's query string; of the same profile type, if the service has it.
pub(crate) fn service_path(query: &str, service: &ServiceInfo) -> String {
    let pairs = parse_pairs(query);
    let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    let mut params: Vec<_> = get(STORE).into_iter().map(|name| (STORE, name)).collect();
    params.push(("service", service.name.clone()));
    let same_type = get("type").filter(|id| service.profile_types.contains(id));
    for (key, value) in [("type", same_type), ("from", get("from")), ("until", get("until"))] {
        params.extend(value.map(|value| (key, value)));
    }
    path_with("/explore", &params)
}

/// The entry that opens the page of a service, in the store and at the time of `query`.
pub(crate) fn page_entry(query: &str, service: &str) -> Entry {
    let Query { store, range, .. } = read(query, |get| Query::from_params(get));
    let path = service_page(service, &Query { store, range, ..Query::default() });
    Entry::new(Group::ServicePages, service, "Service page", Target::Page(path))
}

/// The query string of a page, searching for a function.
pub(crate) fn search_query(query: &str, function: &str) -> String {
    let pairs = parse_pairs(query);
    let kept = pairs.iter().filter(|(key, _)| key != "q" && key != "re");
    write_pairs(kept.map(|(key, value)| (key.as_str(), value.as_str())).chain([("q", function)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(group: Group, label: &str) -> Entry {
        Entry::new(group, label, "", Target::Shortcuts)
    }

    fn labels(entries: &[Entry], text: &str) -> Vec<String> {
        ranked(entries.to_vec(), text, str::to_lowercase).into_iter().map(|entry| entry.label).collect()
    }

    #[test]
    fn lists_the_group_with_the_closest_match_first() {
        let all = [
            entry(Group::Services, "price-compare"),
            entry(Group::Services, "checkout"),
            entry(Group::Functions, "core::cmp::max"),
            entry(Group::Pages, "Compare"),
            entry(Group::Actions, "Copy link"),
        ];
        assert_eq!(labels(&all, " COMP "), ["Compare", "price-compare"]);
        assert_eq!(labels(&all, "cmp"), ["core::cmp::max", "price-compare", "Compare"]);
        assert_eq!(labels(&all, ""), ["price-compare", "checkout", "core::cmp::max", "Compare", "Copy link"]);
        assert!(labels(&all, "zebra").is_empty());
    }

    #[test]
    fn a_group_has_a_bounded_number_of_entries_prefixes_first() {
        let mut all: Vec<Entry> = (0..20).map(|i| entry(Group::Services, &format!("the-shop-{i}"))).collect();
        all.push(entry(Group::Services, "shop"));
        let found = labels(&all, "shop");
        assert_eq!((found.len(), found[0].as_str(), found[1].as_str()), (MOST, "shop", "the-shop-0"));
    }

    #[test]
    fn functions_do_not_match_by_single_letters() {
        assert!(labels(&[entry(Group::Functions, "alloc::vec::push")], "avp").is_empty());
        assert_eq!(labels(&[entry(Group::Pages, "Heat map")], "hm"), ["Heat map"]);
    }

    #[test]
    fn a_service_opens_at_the_time_on_screen() {
        let service =
            ServiceInfo { name: "a&b".into(), profile_types: vec!["cpu".into()], series: 1, newest_ms: 0 };
        let path = |query| service_path(query, &service);
        assert_eq!(
            path("service=x&type=cpu&filter=%7B%7D&from=now-3h&until=now&zoom=f"),
            "/explore?service=a%26b&type=cpu&from=now-3h&until=now"
        );
        assert_eq!(path("type=heap"), "/explore?service=a%26b");
        assert_eq!(path("store=prod&mode=table"), "/explore?store=prod&service=a%26b");
        let page = page_entry("service=x&type=cpu&from=now-3h&until=now", "team/a");
        let to = "/service/team%2Fa?from=now-3h&until=now".to_owned();
        assert_eq!((page.label.as_str(), page.target), ("team/a", Target::Page(to)));
    }

    #[test]
    fn a_function_is_searched_for_as_text() {
        assert_eq!(search_query("service=x&q=old.*&re=1&mode=table", "f g"), "service=x&mode=table&q=f%20g");
        assert_eq!(search_query("", "f"), "q=f");
    }
}
