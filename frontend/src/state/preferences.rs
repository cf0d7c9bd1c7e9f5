//! Preferences kept on the device and not in the URL.

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// The theme of the system.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// In display order.
    pub(crate) const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The stored value.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The label of the switch.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Parses the stored value.
    pub(crate) fn parse(text: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}

/// Whether timelines are shown. Where nothing is stored, they are in windows that have room for them.
pub(crate) fn shows_timeline(stored: Option<&str>, is_short: bool) -> bool {
    match stored {
        Some(OPEN) => true,
        Some(COLLAPSED) => false,
        _ => !is_short,
    }
}

/// The stored value for a timeline that is shown or collapsed.
pub(crate) fn timeline_word(is_open: bool) -> &'static str {
    if is_open { OPEN } else { COLLAPSED }
}

const OPEN: &str = "open";
const COLLAPSED: &str = "collapsed";

/// Seconds between refreshes; 0 is off.
pub(crate) const REFRESH_SECONDS: [(u32, &str); 5] =
    [(0, "Off"), (5, "5 s"), (10, "10 s"), (30, "30 s"), (60, "1 min")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_choice_wins_over_the_size_of_the_window() {
        for is_short in [true, false] {
            assert!(shows_timeline(Some(timeline_word(true)), is_short));
            assert!(!shows_timeline(Some(timeline_word(false)), is_short));
            assert_eq!(shows_timeline(None, is_short), !is_short);
            assert_eq!(shows_timeline(Some("?"), is_short), !is_short);
        }
    }
}
