//! Form of a share: title, audience, lifetime, policy.

use super::{ShareTeam, Visibility};

/// The fields of the share dialog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShareForm {
    /// Title of the share.
    pub(crate) title: String,
    /// Whether the person wrote the title, so that no default replaces it.
    pub(crate) titled: bool,
    /// Note shown with it.
    pub(crate) note: String,
    /// Who may open it.
    pub(crate) visibility: Visibility,
    /// Id of the team, where the visibility is a team.
    pub(crate) team: Option<String>,
    /// Whether the person chose the audience, so that no default replaces it.
    pub(crate) chosen: bool,
    /// How long it can be opened.
    pub(crate) lifetime: Lifetime,
    /// Whether the strict policy was chosen.
    pub(crate) strict: bool,
}

impl Default for ShareForm {
    fn default() -> Self {
        let visibility = Visibility::default();
        let lifetime = Lifetime::usual(visibility);
        ShareForm {
            title: String::new(),
            titled: false,
            note: String::new(),
            visibility,
            team: None,
            chosen: false,
            lifetime,
            strict: false,
        }
    }
}

impl ShareForm {
    /// Whether the strict policy applies: for public links, always.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict || self.visibility == Visibility::Link
    }

    /// The person's own title.
    pub(crate) fn call(&mut self, title: String) {
        (self.title, self.titled) = (title, true);
    }

    /// Proposes a title, unless the person wrote one.
    pub(crate) fn propose_title(&mut self, title: &str) {
        if !self.titled {
            title.clone_into(&mut self.title);
        }
    }

    /// The person's choice of who may open it.
    pub(crate) fn choose(&mut self, visibility: Visibility) {
        self.chosen = true;
        self.set_visibility(visibility);
    }

    /// Selects the person's first team by default, as the server does, unless an audience was chosen.
    pub(crate) fn default_to_team(&mut self, teams: &[ShareTeam]) {
        let own = teams.iter().find(|team| team.own);
        if let Some(team) = own.filter(|_| !self.chosen) {
            self.set_visibility(Visibility::Team);
            self.team = Some(team.id.clone());
        }
    }

    /// Changes the lifetime along with the visibility unless another one was chosen.
    fn set_visibility(&mut self, visibility: Visibility) {
        if self.lifetime == Lifetime::usual(self.visibility) || !self.lifetime.fits(visibility) {
            self.lifetime = Lifetime::usual(visibility);
        }
        self.visibility = visibility;
    }
}

/// How long a share can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// In days; `None` is until someone revokes it.
    pub(crate) days: Option<u32>,
}

impl Lifetime {
    /// What can be chosen.
    pub(crate) const ALL: [Lifetime; 5] = [
        Lifetime { days: Some(7) },
        Lifetime { days: Some(30) },
        Lifetime { days: Some(90) },
        Lifetime { days: Some(365) },
        Lifetime { days: None },
    ];

    /// What suits most: postmortems are read for years, public links should end.
    pub(crate) fn usual(visibility: Visibility) -> Lifetime {
        Lifetime { days: (visibility == Visibility::Link).then_some(30) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_a_team_of_the_person_until_something_is_chosen() {
        let team = |id: &str, own| ShareTeam { id: id.into(), name: id.to_ascii_uppercase(), own };
        let mut form = ShareForm::default();
        form.default_to_team(&[team("x", false)]);
        assert_eq!((form.visibility, form.team.as_deref()), (Visibility::Org, None));
        form.default_to_team(&[team("x", false), team("a", true), team("b", true)]);
        assert_eq!((form.visibility, form.team.as_deref()), (Visibility::Team, Some("a")));
        form.choose(Visibility::Private);
        form.default_to_team(&[team("a", true)]);
        assert_eq!(form.visibility, Visibility::Private);
    }

    #[test]
    fn a_proposed_title_replaces_no_own_one() {
        let mut form = ShareForm::default();
        form.propose_title("checkout · CPU");
        form.propose_title("checkout · CPU (2)");
        assert_eq!(form.title, "checkout · CPU (2)");
        form.call(String::new());
        form.propose_title("checkout · CPU");
        assert_eq!(form.title, "");
    }

    #[test]
    fn public_links_expire() {
        assert_eq!(Lifetime::usual(Visibility::Link).days, Some(30));
        assert_eq!(Lifetime::usual(Visibility::Org).label(), "until it is revoked");
        assert!(!Lifetime { days: None }.fits(Visibility::Link));
        assert!(Lifetime::ALL.iter().filter(|l| l.fits(Visibility::Link)).count() == 4);
    }
}
