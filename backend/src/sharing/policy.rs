//! Access rules of shares: who may open, create and manage them, and which sanitization policy applies.

use super::ShareError;
use crate::auth::{Bounds, Kind, Permission, Principal};
use crate::config::ShareConfig;
use crate::db::id::{TeamId, random_bytes};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::Policy;
use std::str::FromStr;

/// Who may open a share, from the narrowest audience to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Visibility {
    /// The owner.
    Private,
    /// Members of a team.
    Team,
    /// Anyone with a role over the whole organisation.
    Org,
    /// Anyone who has the link.
    Link,
}

impl Visibility {
    /// All, narrowest first.
    pub(crate) const ALL: [Visibility; 4] =
        [Visibility::Private, Visibility::Team, Visibility::Org, Visibility::Link];

    /// The name in records and messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Visibility::Private => "private",
            Visibility::Team => "team",
            Visibility::Org => "org",
            Visibility::Link => "link",
        }
    }

    /// The sanitization policy for this audience. The salt is new each time and not stored.
    pub(crate) fn policy(self, strict: bool) -> Policy {
        match strict || self == Visibility::Link {
            true => Policy::strict(random_bytes()),
            false => Policy::light(),
        }
    }
}

impl FromStr for Visibility {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Visibility, ShareError> {
        Visibility::ALL.into_iter().find(|v| v.name() == text).ok_or_else(|| {
            ShareError::invalid(
                ProblemKind::BadVisibility,
                "`visibility`: expected private, team, org or link",
            )
        })
    }
}

/// The policy for all texts of a share.
pub(super) fn policy_of(share: &ShareRow) -> Policy {
    let visibility = share.visibility.parse().unwrap_or(Visibility::Link);
    visibility.policy(share.policy == "strict")
}

/// Whether the caller may open a share that has not ended. The only such check.
pub fn may_open(share: &ShareRow, who: &Principal, config: &ShareConfig) -> bool {
    let Ok(visibility) = share.visibility.parse::<Visibility>() else { return false };
    let signed_in = is_signed_in(who);
    let owner = signed_in && share.owner_id == *who.id();
    match visibility {
        Visibility::Private => owner,
        Visibility::Team => {
            let member = share.team_id.as_ref().is_some_and(|team| who.teams().contains(team));
            owner || (signed_in && member)
        }
        Visibility::Org => owner || (signed_in && (share.everyone_signed_in || reads_everything(who))),
        // The owner still sees it while public links are disabled.
        Visibility::Link => owner || config.public_links,
    }
}

/// Whether a role over the whole organisation lets the caller read profiles. A share may show any of them, so a role over
/// some profiles is not enough.
fn reads_everything(who: &Principal) -> bool {
    who.bounds(Permission::ReadProfiles) == Bounds::Everything
}

/// Whether the caller may manage a share: its owner, or a manager of all shares. The only such check.
pub(crate) fn may_manage(share: &ShareRow, who: &Principal) -> bool {
    let owner = !who.id().is_empty() && share.owner_id == *who.id() && who.may(Permission::CreateShares);
    owner || who.may(Permission::ManageShares)
}

/// Whether the caller may open a share by its record id, without the link: those who may manage it, as far as its audience
/// includes them. A token that is limited to some profiles needs the link; otherwise it could list and open everything that its
/// owner has ever shared.
pub(crate) fn may_open_by_id(share: &ShareRow, who: &Principal, config: &ShareConfig) -> bool {
    let in_person = who.kind() == Kind::Local || who.session().is_some();
    may_manage(share, who) && may_open(share, who, config) && (in_person || reads_everything(who))
}

/// Whether the caller is a user, or a program that may read profiles. A profiler's token is neither.
pub(crate) fn is_signed_in(who: &Principal) -> bool {
    match who.kind() {
        Kind::Anonymous => false,
        Kind::Local => true,
        Kind::User if who.session().is_some() => true,
        Kind::User | Kind::ServiceAccount => who.may(Permission::ReadProfiles),
    }
}

/// Checks that the caller may share with this audience; `team` goes with [`Visibility::Team`] only.
///
/// # Errors
/// [`ShareError::Forbidden`] and [`ShareError::Invalid`].
pub(crate) fn check_audience(
    who: &Principal,
    visibility: Visibility,
    team: Option<&TeamId>,
    config: &ShareConfig,
) -> Result<(), ShareError> {
    match (visibility, team) {
        (Visibility::Team, None) => {
            let message = "`team_id` is required with the visibility team";
            return Err(ShareError::invalid(ProblemKind::BadTeam, message));
        }
        (Visibility::Private | Visibility::Org | Visibility::Link, Some(_)) => return Err(needless_team()),
        (Visibility::Team, Some(team)) => {
            let member = who.teams().contains(team);
            if !member && !who.may(Permission::ManageShares) {
                let message = "you are not a member of this team; share with one of your teams, or with org";
                return Err(ShareError::Forbidden(message.to_owned()));
            }
        }
        (Visibility::Link, None) => return check_public(who, config),
        (Visibility::Private | Visibility::Org, None) => {}
    }
    Ok(())
}

/// A team with a visibility that does not need one.
pub(super) fn needless_team() -> ShareError {
    ShareError::invalid(ProblemKind::BadTeam, "`team_id` is for the visibility team only")
}

fn check_public(who: &Principal, config: &ShareConfig) -> Result<(), ShareError> {
    if !config.public_links {
        let message = "public links are disabled on this server (shares.public_links); share with org";
        return Err(ShareError::Forbidden(message.to_owned()));
    }
    if !who.may(Permission::CreatePublicShares) {
        let message = "public links require the permission shares:create-public for the whole \
                       organisation; share with org, or ask an editor";
        return Err(ShareError::Forbidden(message.to_owned()));
    }
    Ok(())
}
