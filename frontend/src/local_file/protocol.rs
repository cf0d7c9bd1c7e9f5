//! The protocol between page and worker: arrays whose first item names the message.

/// Names of messages of the page.
pub(crate) mod request {
    /// `[open, File]`: read the file in place of the one before.
    pub(crate) const OPEN: &str = "open";
    /// `[tree, profile, type]`: build the call tree of one sample type of one profile.
    pub(crate) const TREE: &str = "tree";
    /// `[lanes, profile]`: the threads of a profile.
    pub(crate) const LANES: &str = "lanes";
    /// `[chart, profile, type, lane]`: the flame chart of a thread.
    pub(crate) const CHART: &str = "chart";
    /// `[lines, profile, type, function]`: the cost of the lines of a function.
    pub(crate) const LINES: &str = "lines";
    /// `[export, profile, type, format]`: the profile in one of [`super::super::export::FORMATS`].
    pub(crate) const EXPORT: &str = "export";
    /// `[offsets, numbers of an OffsetMapQuery]`: a map of sub-second offsets; see [`super::super::offsets`].
    pub(crate) const OFFSETS: &str = "offsets";
    /// `[part, numbers of an OffsetPartQuery]`: the call tree of a part of such a map.
    pub(crate) const PART: &str = "part";
}

/// Names of messages of the worker.
pub(crate) mod answer {
    /// `[ready]`: the worker listens from now on.
    pub(crate) const READY: &str = "ready";
    /// `[reading, bytes so far, bytes of the file]`; more bytes than the file has when it is decompressed.
    pub(crate) const READING: &str = "reading";
    /// `[parsing]`: all bytes are there.
    pub(crate) const PARSING: &str = "parsing";
    /// `[opened, Uint8Array]`: an [`super::super::opened::Opened`].
    pub(crate) const OPENED: &str = "opened";
    /// `[tree, profile, type, Uint8Array]`: the columns of a call tree.
    pub(crate) const TREE: &str = "tree";
    /// `[lanes, profile, Uint8Array]`: a [`super::super::chart::Lanes`].
    pub(crate) const LANES: &str = "lanes";
    /// `[chart, profile, type, lane, Uint8Array]`: a [`super::super::chart::ChartMessage`].
    pub(crate) const CHART: &str = "chart";
    /// `[no-chart, profile, type, lane, text]`: why there is none.
    pub(crate) const NO_CHART: &str = "no-chart";
    /// `[lines, function, Uint8Array]`: a [`flarepath_wire::messages::LinesResponse`].
    pub(crate) const LINES: &str = "lines";
    /// `[export, format, Uint8Array]`: the file.
    pub(crate) const EXPORT: &str = "export";
    /// `[no-export, text]`: why there is none.
    pub(crate) const NO_EXPORT: &str = "no-export";
    /// `[offsets, numbers, Uint8Array]`: a [`super::super::offsets::OffsetCells`].
    pub(crate) const OFFSETS: &str = "offsets";
    /// `[no-offsets, numbers, text]`: why there is none.
    pub(crate) const NO_OFFSETS: &str = "no-offsets";
    /// `[part, numbers, Uint8Array]`: the columns of a call tree.
    pub(crate) const PART: &str = "part";
    /// `[no-part, numbers, text]`: why there is none.
    pub(crate) const NO_PART: &str = "no-part";
    /// `[failed, text]`.
    pub(crate) const FAILED: &str = "failed";
}
