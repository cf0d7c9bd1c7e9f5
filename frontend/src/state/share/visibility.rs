//! Who may open a share.

/// Who may open a share, from narrowest to widest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Visibility {
    /// Its owner.
    Private,
    /// The members of a team.
    Team,
    /// Everyone who can sign in here.
    #[default]
    Org,
    /// Everyone who has the link.
    Link,
}

impl Visibility {
    /// All, from narrowest to widest.
    pub(crate) const ALL: [Visibility; 4] =
        [Visibility::Private, Visibility::Team, Visibility::Org, Visibility::Link];

    /// As the API writes it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Visibility::Private => "private",
            Visibility::Team => "team",
            Visibility::Org => "org",
            Visibility::Link => "link",
        }
    }

    /// Parses what the API writes.
    pub(crate) fn parse(text: &str) -> Option<Visibility> {
        Visibility::ALL.into_iter().find(|v| v.as_str() == text)
    }

    /// The label of the choice.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Visibility::Private => "Only me",
            Visibility::Team => "A team",
            Visibility::Org => "Everyone who signs in here",
            Visibility::Link => "Anyone with the link",
        }
    }

    /// The explanation below the label.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Visibility::Private => "Nobody else can open it, even with the link.",
            Visibility::Team => "Members of the team, once signed in.",
            Visibility::Org => "Everyone with an account on this server, once signed in.",
            Visibility::Link => {
                "No sign-in: anyone with the link can open it, and chats and mail clients can preview it."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_words_of_the_api() {
        for visibility in Visibility::ALL {
            assert_eq!(Visibility::parse(visibility.as_str()), Some(visibility));
        }
        assert_eq!(Visibility::parse("all"), None);
        assert!(Visibility::Link > Visibility::Org && Visibility::Team > Visibility::Private);
    }
}
