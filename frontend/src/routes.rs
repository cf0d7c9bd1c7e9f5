//! Route table: maps paths to pages.

use crate::state::home::is_of_explore;
use crate::state::service_page::service_in;
use crate::state::share_view::SharePlace;

/// The pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/`
    Home,
    /// `/explore`, and `/` with parameters of Explore: links from before there was Home.
    Explore,
    /// `/compare`
    Compare,
    /// `/heatmap`
    Heatmap,
    /// `/labels`
    Labels,
    /// `/i`: an incident.
    Incident,
    /// `/service/{name}`: everything about one service.
    Service,
    /// `/local`
    Local,
    /// `/s/{link}` and `/shares/{id}`, and `/v/{number}` below both
    Shared,
    /// `/shares`
    Shares,
    /// `/stores`
    Stores,
    /// `/login`
    Login,
    /// `/claim`
    Claim,
    /// `/invite`
    Invite,
    /// `/settings`
    Settings,
    /// `/admin` and what is below it.
    Admin,
    /// Everything else.
    NotFound,
}

impl Page {
    /// The page at a path with a query string.
    pub(crate) fn at(path: &str, query: &str) -> Page {
        match path.trim_end_matches('/') {
            "" if is_of_explore(query) => Page::Explore,
            "" => Page::Home,
            "/explore" => Page::Explore,
            "/compare" => Page::Compare,
            "/heatmap" => Page::Heatmap,
            "/labels" => Page::Labels,
            "/i" => Page::Incident,
            "/local" => Page::Local,
            "/shares" => Page::Shares,
            "/stores" => Page::Stores,
            share if SharePlace::parse(share).is_some() => Page::Shared,
            "/login" => Page::Login,
            "/claim" => Page::Claim,
            "/invite" => Page::Invite,
            "/settings" => Page::Settings,
            path if path.starts_with("/admin") => Page::Admin,
            path if service_in(path).is_some() => Page::Service,
            _ => Page::NotFound,
        }
    }

    /// Whether it reads profiles of the store that its address names.
    pub(crate) fn reads_a_store(self) -> bool {
        use Page::{Compare, Explore, Heatmap, Home, Incident, Labels, Service};
        matches!(self, Home | Explore | Compare | Heatmap | Labels | Incident | Service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_paths_to_pages() {
        let at = |path| Page::at(path, "");
        assert_eq!(at("/"), Page::Home);
        assert_eq!(at("/explore/"), Page::Explore);
        assert_eq!(at("/compare"), Page::Compare);
        assert_eq!(at("/heatmap"), Page::Heatmap);
        assert_eq!(at("/labels"), Page::Labels);
        assert_eq!(at("/i"), Page::Incident);
        assert_eq!(at("/service/team%2Fcheckout"), Page::Service);
        assert_eq!(at("/service/"), Page::NotFound);
        assert_eq!(at("/local"), Page::Local);
        assert_eq!(at("/s/abc/v/2"), Page::Shared);
        assert_eq!(at("/shares"), Page::Shares);
        assert_eq!(at("/stores"), Page::Stores);
        assert_eq!(at("/shares/abc"), Page::Shared);
        assert_eq!(at("/login"), Page::Login);
        assert_eq!(at("/claim"), Page::Claim);
        assert_eq!(at("/invite"), Page::Invite);
        assert_eq!(at("/settings"), Page::Settings);
        assert_eq!(at("/admin/users"), Page::Admin);
        assert_eq!(at("/explore/x"), Page::NotFound);
    }

    #[test]
    fn pages_about_profiles_read_a_store() {
        assert!(Page::at("/i", "").reads_a_store() && Page::at("/service/a", "").reads_a_store());
        assert!(!Page::at("/s/abc", "").reads_a_store() && !Page::at("/stores", "").reads_a_store());
    }

    #[test]
    fn old_links_to_explore_still_open_it() {
        assert_eq!(Page::at("/", "service=shop&from=now-1h"), Page::Explore);
        assert_eq!(Page::at("/", "q=shop&sort=cores"), Page::Home);
        assert_eq!(Page::at("/labels", "service=shop"), Page::Labels);
    }
}
