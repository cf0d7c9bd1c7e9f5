//! A file as a saved page or a snapshot has it: what was on screen, and no worker.

use super::LocalFiles;
use super::chart::ChartAnswer;
use super::offsets::Answer;
use crate::local_file::chart::LaneInfo;
use crate::local_file::job::Job;
use crate::local_file::offsets::{OffsetCells, OffsetMapQuery, OffsetPartQuery};
use crate::local_file::opened::{Opened, OpenedProfile, OpenedType};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::offsets_view::Ends;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::flame::Chart;
use std::sync::Arc;

impl LocalFiles {
    /// The flame chart of a thread, of this profile.
    pub(crate) fn of_chart(
        profile: Option<LoadedProfile>,
        chart: Shared<Chart>,
        lane: LaneInfo,
    ) -> LocalFiles {
        let files = LocalFiles::of_type(OpenedType::default());
        files.profile.set(profile);
        files.chart.lanes.set(Some((0, vec![lane])));
        files.chart.answer.set(Some(ChartAnswer { of: (0, 0, 0), result: Ok(chart) }));
        files
    }

    /// Sub-second offsets of values of a type, and the call trees of selections: of bands, or of stretches of time.
    pub(crate) fn of_offsets(
        kind: OpenedType,
        cells: Shared<OffsetCells>,
        band: bool,
        parts: Vec<(Ends, Arc<CallTree>)>,
    ) -> LocalFiles {
        let files = LocalFiles::of_type(kind);
        let (rows, by_value) = (cells.rows as usize, cells.by_value);
        let of = OffsetMapQuery { profile: 0, sample_type: 0, lane: None, rows, by_value };
        files.offsets.map.set(Some(Answer { of, result: Ok(cells) }));
        let part = |((from, to), tree)| Answer {
            of: OffsetPartQuery { of, band, from, to },
            result: Ok(Shared::from_arc(tree)),
        };
        files.offsets.parts.set(parts.into_iter().map(part).collect());
        files
    }

    /// One profile with a sample type.
    fn of_type(kind: OpenedType) -> LocalFiles {
        let files = LocalFiles::new();
        let profile = OpenedProfile { types: vec![kind], timed: 1, ..OpenedProfile::default() };
        let opened = Opened { profiles: vec![profile], ..Opened::default() };
        files.job.set(Job::Open { name: String::new(), opened, chosen: (0, 0), building: false });
        files
    }
}
