//! Data of a saved page: trees, units and the view. Encoded as protobuf.

use crate::local_file::chart::{ChartMessage, LaneInfo};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::verdict::Verdict;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair};
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::diff::DiffColumns;
use flarepath_wire::verdict::VerdictResponse;
use prost::Message;
use std::sync::Arc;

/// A saved page.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Saved {
    #[prost(string, tag = "1")]
    pub(crate) title: String,
    /// Line below the title.
    #[prost(string, tag = "2")]
    pub(crate) detail: String,
    /// The view: query string of the page.
    #[prost(string, tag = "3")]
    pub(crate) query: String,
    /// One profile, one difference, or two profiles side by side.
    #[prost(message, repeated, tag = "4")]
    pub(crate) profiles: Vec<SavedProfile>,
    /// The flame chart, when that was on screen.
    #[prost(message, optional, tag = "5")]
    pub(crate) chart: Option<ChartMessage>,
    /// The thread of the chart.
    #[prost(message, optional, tag = "6")]
    pub(crate) lane: Option<LaneInfo>,
    /// What is said above the profiles.
    #[prost(message, optional, tag = "7")]
    pub(crate) head: Option<SavedHead>,
}

/// What the page of a snapshot or of a live comparison says above its profiles.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SavedHead {
    /// Of a snapshot: when it was taken, where the numbers are from, and what was removed.
    #[prost(string, repeated, tag = "1")]
    pub(crate) facts: Vec<String>,
    /// Totals of both sides of a comparison, as text.
    #[prost(string, repeated, tag = "2")]
    pub(crate) sides: Vec<String>,
    /// The verdict on a comparison, or the change stated above a profile.
    #[prost(message, optional, tag = "3")]
    pub(crate) verdict: Option<VerdictResponse>,
    /// Why it has none.
    #[prost(string, tag = "4")]
    pub(crate) without_verdict: String,
    /// How many replicas each profile is from; 0 if unknown.
    #[prost(uint64, repeated, tag = "5")]
    pub(crate) replicas: Vec<u64>,
}

/// A profile or a difference.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SavedProfile {
    /// The call tree.
    #[prost(message, optional, tag = "1")]
    pub(crate) tree: Option<CallTreeColumns>,
    /// Both call trees, of a difference.
    #[prost(message, optional, tag = "2")]
    pub(crate) diff: Option<DiffColumns>,
    /// Unit of the values.
    #[prost(string, tag = "3")]
    pub(crate) unit: String,
    /// Profile type id; empty if unknown.
    #[prost(string, tag = "4")]
    pub(crate) profile_type: String,
    /// Duration in seconds; 0 if unknown.
    #[prost(double, tag = "5")]
    pub(crate) seconds: f64,
    /// How many profiles were merged.
    #[prost(uint64, tag = "6")]
    pub(crate) profiles: u64,
    /// Nanoseconds for which each side of a difference has data: baseline and comparison, or empty if unknown.
    #[prost(int64, repeated, tag = "7")]
    pub(crate) covered_ns: Vec<i64>,
}

impl SavedHead {
    /// Of a live page with this verdict, and the totals of both sides as text.
    pub(crate) fn of_live(verdict: &Verdict, sides: Vec<String>) -> Option<SavedHead> {
        let message = Some(verdict.message.as_slice()).filter(|message| !message.is_empty())?;
        let verdict = Some(VerdictResponse::decode(message).ok()?);
        Some(SavedHead { verdict, sides, ..SavedHead::default() })
    }
}

impl From<&LoadedProfile> for SavedProfile {
    fn from(profile: &LoadedProfile) -> SavedProfile {
        let origins = profile.origins.as_deref().map(Vec::as_slice).unwrap_or_default();
        let tree = || CallTreeColumns::from(&*profile.tree).with_origins(origins);
        SavedProfile {
            tree: profile.diff.is_none().then(tree),
            diff: profile.diff.as_ref().map(|diff| DiffColumns::from(&**diff).with_origins(origins)),
            unit: profile.unit.clone(),
            profile_type: profile.profile_type.as_ref().map(ToString::to_string).unwrap_or_default(),
            seconds: profile.seconds.unwrap_or(0.0),
            profiles: profile.profiles,
            covered_ns: profile.covered_ns.iter().flat_map(|c| [c.baseline, c.comparison]).collect(),
        }
    }
}

impl SavedProfile {
    /// The profile; `generation` distinguishes it from others.
    ///
    /// # Errors
    /// A message about invalid data.
    pub(crate) fn load(self, generation: u64) -> Result<LoadedProfile, String> {
        let of_tree = self.tree.as_ref().and_then(CallTreeColumns::origins);
        let origins = of_tree.or_else(|| self.diff.as_ref().and_then(DiffColumns::origins));
        let tree = self.tree.map(CallTree::try_from).transpose().map_err(|e| e.to_string())?;
        let diff = self.diff.map(DiffTree::try_from).transpose().map_err(|e| e.to_string())?;
        if tree.is_none() && diff.is_none() {
            return Err("the page has no call tree".to_owned());
        }
        Ok(LoadedProfile {
            tree: Arc::new(tree.unwrap_or_else(CallTree::empty)),
            diff: diff.map(Arc::new),
            origins: origins.map(Shared::new),
            unit: self.unit,
            profile_type: self.profile_type.parse().ok(),
            seconds: (self.seconds > 0.0).then_some(self.seconds),
            covered_ns: match self.covered_ns[..] {
                [baseline, comparison] => Some(Pair { baseline, comparison }),
                _ => None,
            },
            profiles: self.profiles,
            generation,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::{NodeId, TreeBuilder};
    use flarepath_profile::diff::diff;
    use flarepath_profile::frame_table::FrameText;
    use flarepath_profile::origin::Origin;

    #[test]
    fn what_is_said_about_a_snapshot_survives_a_saved_page() {
        let verdict = VerdictResponse { headline: "It is slower.".into(), ..VerdictResponse::default() };
        let head = SavedHead {
            facts: vec!["taken 2026-11-21 14:05 UTC".into(), "2 instances".into()],
            sides: vec!["baseline: 1 s".into(), "comparison: 2 s".into()],
            verdict: Some(verdict),
            without_verdict: String::new(),
            replicas: vec![2, 0],
        };
        let saved = Saved { head: Some(head), ..Saved::default() };
        assert_eq!(Saved::decode(saved.encode_to_vec().as_slice()), Ok(saved));
    }

    #[test]
    fn the_verdict_of_a_live_page_is_saved_as_the_server_sent_it() {
        let answer = VerdictResponse { headline: "It is slower.".into(), ..VerdictResponse::default() };
        let verdict = Verdict { message: answer.encode_to_vec(), ..Verdict::default() };
        let head = SavedHead::of_live(&verdict, vec!["baseline: 1 s".into()]).unwrap();
        assert_eq!((head.verdict, head.sides.len(), head.facts.len()), (Some(answer), 1, 0));
        assert_eq!(SavedHead::of_live(&Verdict::default(), Vec::new()), None);
        let corrupt = Verdict { message: vec![0xff], ..Verdict::default() };
        assert_eq!(SavedHead::of_live(&corrupt, Vec::new()), None);
    }

    #[test]
    fn profiles_survive_a_saved_page() {
        let mut builder = TreeBuilder::new();
        let name = "</script><b>\u{202e}🔥";
        let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        builder.add_path([frame], 7);
        let tree = Arc::new(builder.finish());
        let profile = LoadedProfile {
            tree: tree.clone(),
            diff: None,
            origins: Some(Shared::new(vec![Origin::Unknown, Origin::Kernel])),
            unit: "bytes".into(),
            profile_type: "memory:inuse_space:bytes:space:bytes".parse().ok(),
            seconds: Some(60.0),
            covered_ns: Some(Pair { baseline: 1, comparison: 2 }),
            profiles: 3,
            generation: 9,
        };
        let saved = Saved { profiles: vec![SavedProfile::from(&profile)], ..Saved::default() };
        let mut back = Saved::decode(saved.encode_to_vec().as_slice()).unwrap();
        let back = back.profiles.remove(0).load(1).unwrap();
        assert_eq!((back.tree.name(NodeId(1)), back.tree.total(NodeId::ROOT)), (name, 7));
        assert_eq!((back.unit.as_str(), back.seconds, back.profiles), ("bytes", Some(60.0), 3));
        assert_eq!(*back.origins.unwrap(), [Origin::Unknown, Origin::Kernel]);
        assert_eq!((back.profile_type, back.covered_ns), (profile.profile_type.clone(), profile.covered_ns));
        let both = LoadedProfile { diff: Some(Arc::new(diff(&tree, &tree))), ..profile };
        let back = SavedProfile::from(&both).load(1).unwrap();
        assert!(back.diff.is_some() && back.origins.is_some());
        let unsaid = LoadedProfile { origins: None, ..both };
        assert!(SavedProfile::from(&unsaid).load(1).unwrap().origins.is_none());
        assert!(SavedProfile::default().load(1).is_err());
    }
}
