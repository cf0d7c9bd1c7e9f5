//! Columnar diff of two call trees: one set of columns with a second column of values.
//!
//! Text, frames and shape travel once; only values twice. Which path is new or gone follows from where the values
//! of a side are all zero.

use crate::call_tree::{CallTreeColumns, InvalidColumns};
use crate::packed;
use flarepath_profile::diff::DiffTree;
use flarepath_profile::origin::Origin;
use prost::Message;
use serde::{Deserialize, Serialize};

/// Columns of two call trees over each other.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffColumns {
    /// Every path that either side has, with the self values of the **baseline**.
    #[prost(message, optional, tag = "1")]
    pub baseline: Option<CallTreeColumns>,
    /// Self value of each node in the **comparison**.
    #[prost(sint64, repeated, tag = "2")]
    pub comparison_self: Vec<i64>,
}

/// One side of a diff: where its values come from.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffSide {
    /// Unit of the values, such as `nanoseconds`.
    #[prost(string, tag = "1")]
    pub unit: String,
    /// How many profiles were merged; one whose samples have several sets of labels counts once.
    #[prost(uint64, tag = "2")]
    pub profiles: u64,
    /// For how much of the range there is data of any replica, in milliseconds.
    #[prost(int64, tag = "3")]
    pub covered_ms: i64,
    /// Start of the range, milliseconds since the epoch.
    #[prost(int64, tag = "4")]
    pub start_ms: i64,
    /// End of the range, excluded.
    #[prost(int64, tag = "5")]
    pub end_ms: i64,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "6")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "7")]
    pub profile_type_known: bool,
    /// Replicas that sent profiles, by the label that names instances; 1 where no label tells them apart, 0 without profiles.
    #[prost(uint64, tag = "8")]
    #[serde(default)]
    pub replicas: u64,
    /// Time that profiles cover, of all replicas together, in milliseconds: values divided by it are rates of one replica.
    #[prost(int64, tag = "9")]
    #[serde(default)]
    pub replica_ms: i64,
}

/// Two merged call trees over each other. `GET /api/v1/diff`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffResponse {
    /// Both trees, whole; nothing is omitted.
    #[prost(message, optional, tag = "1")]
    pub tree: Option<DiffColumns>,
    /// What it was.
    #[prost(message, optional, tag = "2")]
    pub baseline: Option<DiffSide>,
    /// What it is.
    #[prost(message, optional, tag = "3")]
    pub comparison: Option<DiffSide>,
}

impl DiffResponse {
    /// Reads the answer of `GET /api/v1/diff`; compiled here for speed, as
    /// [`crate::messages::CallTreeResponse::from_bytes`].
    ///
    /// # Errors
    /// When the bytes are not this message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        DiffResponse::read(bytes).map_or_else(|| Self::decode(bytes), Ok)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut tree = None;
        let answer: DiffResponse = packed::read_but(bytes, |tag, bytes| match tag {
            1 => tree.replace(DiffColumns::read(bytes)?).is_none().then_some(true),
            _ => Some(false),
        })?;
        Some(DiffResponse { tree, ..answer })
    }
}

impl DiffColumns {
    /// The same with the origin of each frame.
    pub fn with_origins(self, origins: &[Origin]) -> Self {
        DiffColumns { baseline: self.baseline.map(|columns| columns.with_origins(origins)), ..self }
    }

    /// The origin of each frame; see [`CallTreeColumns::origins`].
    pub fn origins(&self) -> Option<Vec<Origin>> {
        self.baseline.as_ref()?.origins()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (mut baseline, mut comparison_self) = (None, Vec::new());
        let columns: DiffColumns = packed::read_but(bytes, |tag, bytes| match tag {
            1 => baseline.replace(CallTreeColumns::read(bytes)?).is_none().then_some(true),
            2 => packed::sint64(bytes, &mut comparison_self),
            _ => Some(false),
        })?;
        columns.comparison_self.is_empty().then_some(DiffColumns { baseline, comparison_self })
    }
}

impl From<&DiffTree> for DiffColumns {
    fn from(tree: &DiffTree) -> Self {
        let (frame, parent, [baseline, comparison]) = tree.columns();
        let columns = CallTreeColumns::of(tree.frames(), frame, parent, baseline);
        DiffColumns { baseline: Some(columns), comparison_self: comparison.to_vec() }
    }
}

impl TryFrom<DiffColumns> for DiffTree {
    type Error = InvalidColumns;

    fn try_from(columns: DiffColumns) -> Result<Self, Self::Error> {
        let baseline = columns.baseline.ok_or(InvalidColumns::Lengths)?;
        let (frames, frame, parent, before) = baseline.parts()?;
        Ok(DiffTree::from_columns(frames, frame, parent, [before, columns.comparison_self])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::{CallTree, InvalidTree, TreeBuilder};
    use flarepath_profile::diff::diff;
    use flarepath_profile::frame_table::FrameText;
    use proptest::prelude::*;

    fn any_tree() -> impl Strategy<Value = CallTree> {
        let path = prop::collection::vec(0..5u32, 0..6);
        prop::collection::vec((path, -9..1000i64), 0..30).prop_map(|paths| {
            let mut tree = TreeBuilder::new();
            for (path, value) in paths {
                let named = |name: u32| format!("f{name}");
                let frames: Vec<_> = path
                    .into_iter()
                    .map(|name| tree.frame(FrameText { name: &named(name), ..FrameText::default() }))
                    .collect();
                tree.add_path(frames, value);
            }
            tree.finish()
        })
    }

    #[test]
    fn rejects_columns_that_form_no_tree() {
        let refused = |columns: DiffColumns| DiffTree::try_from(columns).unwrap_err();
        assert_eq!(refused(DiffColumns::default()), InvalidColumns::Lengths);
        let mut columns = DiffColumns::from(&diff(&CallTree::empty(), &CallTree::empty()));
        columns.comparison_self.push(1);
        let lengths = InvalidTree::Lengths { frame: 1, parent: 1, self_value: 2 };
        assert_eq!(refused(columns), lengths.into());
    }

    #[test]
    fn has_origins_of_the_functions_of_both_sides() {
        let plain = DiffColumns::from(&diff(&CallTree::empty(), &CallTree::empty()));
        assert_eq!((plain.origins(), DiffColumns::default().origins()), (None, None));
        let sent = plain.with_origins(&[Origin::Unknown]);
        let answer = DiffResponse { tree: Some(sent), ..DiffResponse::default() };
        let back = DiffResponse::from_bytes(&answer.encode_to_vec()).unwrap().tree.unwrap();
        assert_eq!(back.origins().unwrap(), [Origin::Unknown]);
        assert!(DiffTree::try_from(back.clone()).is_ok());
        let longer = back.with_origins(&[Origin::Own; 2]);
        assert_eq!(DiffTree::try_from(longer).unwrap_err(), InvalidColumns::Lengths);
    }

    proptest! {
        #[test]
        fn round_trips_both_trees(baseline in any_tree(), comparison in any_tree()) {
            let both = diff(&baseline, &comparison);
            let answer = DiffResponse { tree: Some((&both).into()), ..DiffResponse::default() };
            let back = DiffResponse::from_bytes(&answer.encode_to_vec()).unwrap();
            prop_assert_eq!(&DiffTree::try_from(back.tree.unwrap()).unwrap(), &both);
            let json = serde_json::to_vec(&DiffColumns::from(&both)).unwrap();
            let columns: DiffColumns = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(DiffTree::try_from(columns).unwrap(), both);
        }
    }
}
