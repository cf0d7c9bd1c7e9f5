//! Route table: maps paths to pages.

use crate::state::share_view::SharePlace;

/// The pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/explore`, and `/`: Explore with everything left to the page.
    Explore,
    /// `/compare`
    Compare,
    /// `/heatmap`
    Heatmap,
    /// `/labels`
    Labels,
    /// `/i`: an incident.
    Incident,
    /// `/local`
    Local,
    /// `/s/{link}` and `/shares/{id}`, and `/v/{number}` below both
    Shared,
    /// `/shares`
    Shares,
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
    /// The page at a path.
    pub(crate) fn at(path: &str) -> Page {
        match path.trim_end_matches('/') {
            "" | "/explore" => Page::Explore,
            "/compare" => Page::Compare,
            "/heatmap" => Page::Heatmap,
            "/labels" => Page::Labels,
            "/i" => Page::Incident,
            "/local" => Page::Local,
            "/shares" => Page::Shares,
            share if SharePlace::parse(share).is_some() => Page::Shared,
            "/login" => Page::Login,
            "/claim" => Page::Claim,
            "/invite" => Page::Invite,
            "/settings" => Page::Settings,
            path if path.starts_with("/admin") => Page::Admin,
            _ => Page::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_paths_to_pages() {
        assert_eq!(Page::at("/"), Page::Explore);
        assert_eq!(Page::at("/explore/"), Page::Explore);
        assert_eq!(Page::at("/compare"), Page::Compare);
        assert_eq!(Page::at("/heatmap"), Page::Heatmap);
        assert_eq!(Page::at("/labels"), Page::Labels);
        assert_eq!(Page::at("/i"), Page::Incident);
        assert_eq!(Page::at("/local"), Page::Local);
        assert_eq!(Page::at("/s/abc/v/2"), Page::Shared);
        assert_eq!(Page::at("/shares"), Page::Shares);
        assert_eq!(Page::at("/shares/abc"), Page::Shared);
        assert_eq!(Page::at("/login"), Page::Login);
        assert_eq!(Page::at("/claim"), Page::Claim);
        assert_eq!(Page::at("/invite"), Page::Invite);
        assert_eq!(Page::at("/settings"), Page::Settings);
        assert_eq!(Page::at("/admin/users"), Page::Admin);
        assert_eq!(Page::at("/explore/x"), Page::NotFound);
    }
}
