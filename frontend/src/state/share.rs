//! Shares in the page's own words: who may open one, for how long, and what was taken out of it.

/// Who may open a share, from the fewest to everyone.
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
    /// All, from the fewest to everyone.
    pub(crate) const ALL: [Visibility; 4] =
        [Visibility::Private, Visibility::Team, Visibility::Org, Visibility::Link];

    /// The server's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Visibility::Private => "private",
            Visibility::Team => "team",
            Visibility::Org => "org",
            Visibility::Link => "link",
        }
    }

    /// Reads the server's word.
    pub(crate) fn parse(text: &str) -> Option<Visibility> {
        Visibility::ALL.into_iter().find(|v| v.as_str() == text)
    }

    /// In words.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Visibility::Private => "Only me",
            Visibility::Team => "A team",
            Visibility::Org => "Everyone who signs in here",
            Visibility::Link => "Anyone with the link",
        }
    }

    /// What that means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Visibility::Private => "Nobody else can open it, not even with the link.",
            Visibility::Team => "Members of the team, once they have signed in.",
            Visibility::Org => "All people of this Flarepath, once they have signed in.",
            Visibility::Link => {
                "No sign-in: whoever gets the link sees it, and so do the previews of chats and mails."
            }
        }
    }
}

/// How long a share can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lasting {
    /// In days; `None` is until someone revokes it.
    pub(crate) days: Option<u32>,
}

impl Lasting {
    /// What can be chosen.
    pub(crate) const ALL: [Lasting; 5] = [
        Lasting { days: Some(7) },
        Lasting { days: Some(30) },
        Lasting { days: Some(90) },
        Lasting { days: Some(365) },
        Lasting { days: None },
    ];

    /// What suits most: postmortems are read for years, public links should end.
    pub(crate) fn usual(visibility: Visibility) -> Lasting {
        Lasting { days: (visibility == Visibility::Link).then_some(30) }
    }

    /// Whether it can be chosen for such a share.
    pub(crate) fn fits(self, visibility: Visibility) -> bool {
        self.days.is_some() || visibility != Visibility::Link
    }

    /// In words.
    pub(crate) fn label(self) -> String {
        match self.days {
            None => "until it is revoked".to_owned(),
            Some(365) => "1 year".to_owned(),
            Some(days) => format!("{days} days"),
        }
    }
}

/// What was taken out before something was frozen, and what stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cleaned {
    /// Name of the policy: `strict` or `light`.
    pub(crate) policy: String,
    /// What went, each with how often and where.
    pub(crate) gone: Vec<(String, u64, Vec<String>)>,
    /// Nodes that were merged because they were small.
    pub(crate) merged: u64,
    /// How many functions stay.
    pub(crate) functions: u64,
    /// Names that stay and are worth a look.
    pub(crate) notable: Vec<String>,
    /// Labels that stay.
    pub(crate) kept: Vec<String>,
    /// Labels that stay as hashes.
    pub(crate) hashed: Vec<String>,
    /// Labels that go.
    pub(crate) dropped: Vec<String>,
}

impl Cleaned {
    /// What goes, one sentence each; empty if nothing does.
    pub(crate) fn goes(&self) -> Vec<String> {
        let found = self.gone.iter().map(|(rule, count, examples)| {
            let at = if examples.is_empty() { String::new() } else { format!(": {}", examples.join(", ")) };
            format!("{rule} × {count}{at}")
        });
        let labels = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what}: {}", names.join(", ")))
        };
        let merged = (self.merged > 0).then(|| {
            format!(
                "{} small nodes, merged into “(other)”: rare paths can tell who is a customer",
                self.merged
            )
        });
        found
            .chain(labels("labels removed", &self.dropped))
            .chain(labels("labels whose values become hashes", &self.hashed))
            .chain(merged)
            .collect()
    }

    /// What stays, one sentence each.
    pub(crate) fn stays(&self) -> Vec<String> {
        let names = if self.functions == 1 { "1 function name" } else { "" };
        let names =
            if names.is_empty() { format!("{} function names", self.functions) } else { names.to_owned() };
        let labels = (!self.kept.is_empty()).then(|| format!("labels: {}", self.kept.join(", ")));
        [names].into_iter().chain(labels).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_server_are_understood() {
        for visibility in Visibility::ALL {
            assert_eq!(Visibility::parse(visibility.as_str()), Some(visibility));
        }
        assert_eq!(Visibility::parse("all"), None);
        assert!(Visibility::Link > Visibility::Org && Visibility::Team > Visibility::Private);
    }

    #[test]
    fn public_links_end() {
        assert_eq!(Lasting::usual(Visibility::Link).seconds(), Some(30 * 86_400));
        assert_eq!(Lasting::usual(Visibility::Org).label(), "until it is revoked");
        assert!(!Lasting { days: None }.fits(Visibility::Link));
        assert!(Lasting::ALL.iter().filter(|l| l.fits(Visibility::Link)).count() == 4);
    }

    #[test]
    fn what_goes_and_stays_is_said() {
        let cleaned = Cleaned {
            gone: vec![("e-mail address".into(), 2, vec!["e-mail address in a function name".into()])],
            merged: 4,
            functions: 1,
            kept: vec!["region".into()],
            dropped: vec!["user".into()],
            ..Cleaned::default()
        };
        let goes = cleaned.goes();
        assert_eq!(goes[0], "e-mail address × 2: e-mail address in a function name");
        assert_eq!(goes[1], "labels removed: user");
        assert!(goes[2].starts_with("4 small nodes"));
        assert_eq!(cleaned.stays(), ["1 function name", "labels: region"]);
        assert!(Cleaned::default().goes().is_empty());
    }
}
