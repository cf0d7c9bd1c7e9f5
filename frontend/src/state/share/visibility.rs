//! Visibility of a share.

/// Who may open a share, from narrowest to widest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Visibility {
    /// Its owner.
    Private,
    /// The members of a team.
    Team,
    /// Everyone with a role over the whole organisation.
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
            Visibility::Org => "The whole organisation",
            Visibility::Link => "Anyone with the link",
        }
    }

    /// The explanation below the label.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Visibility::Private => "Nobody else can open it, even with the link.",
            Visibility::Team => "Members of the team, once signed in.",
            Visibility::Org => "Everyone with a role over the whole organisation, once signed in.",
            Visibility::Link => {
                "No sign-in: anyone with the link can open it, and chats and mail clients can preview it."
            }
        }
    }

    /// Who may be taken for one of the readers and is not, in a sentence.
    pub(crate) fn excluded(self) -> Option<&'static str> {
        (self == Visibility::Org).then_some("People whose roles cover only some profiles cannot.")
    }

    /// Who will be able to open a new share, as a sentence. `team` is the name of the chosen team.
    pub(crate) fn readers(self, team: Option<&str>) -> String {
        match (self, team) {
            (Visibility::Private, _) => "Only you can open it.".to_owned(),
            (Visibility::Team, None) => "Choose a team: you and its members can open it.".to_owned(),
            (Visibility::Team, Some(name)) => format!("You and the members of {name} can open it."),
            (Visibility::Org, _) => {
                "You and everyone with a role over the whole organisation can open it.".to_owned()
            }
            (Visibility::Link, _) => "Anyone who has the link can open it, without signing in.".to_owned(),
        }
    }
}

/// The label of a share with the organisation from before this required a role over all of it.
pub(crate) const EVERYONE_SIGNED_IN: &str = "Everyone who signs in here";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_words_of_the_api() {
        for visibility in Visibility::ALL {
            assert_eq!(Visibility::parse(visibility.as_str()), Some(visibility));
        }
        assert_eq!(Visibility::parse("all"), None);
        assert!(Visibility::Org.readers(None).contains("a role over the whole organisation"));
        assert_eq!(
            Visibility::Team.readers(Some("payments")),
            "You and the members of payments can open it."
        );
        assert!(Visibility::Link > Visibility::Org && Visibility::Team > Visibility::Private);
    }
}
