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

/// Seconds between refreshes; 0 is off.
pub(crate) const REFRESH_SECONDS: [(u32, &str); 5] =
    [(0, "Off"), (5, "5 s"), (10, "10 s"), (30, "30 s"), (60, "1 min")];
