//! The words between the page and the worker: arrays whose first item names the message.

/// First items of what the page posts.
pub mod ask {
    /// `[open, File]`: read the file, forget the one before.
    pub const OPEN: &str = "open";
    /// `[tree, profile, type]`: build the call tree of one sample type of one profile.
    pub const TREE: &str = "tree";
    /// `[lanes, profile]`: the threads of a profile.
    pub const LANES: &str = "lanes";
    /// `[chart, profile, type, lane]`: the flame chart of a thread.
    pub const CHART: &str = "chart";
    /// `[lines, profile, type, function]`: what the lines of a function cost.
    pub const LINES: &str = "lines";
    /// `[export, profile, type, format]`: the profile in one of [`super::super::export::FORMATS`].
    pub const EXPORT: &str = "export";
    /// `[offsets, numbers of a MapAsk]`: a map of sub-second offsets; see [`super::super::offsets`].
    pub const OFFSETS: &str = "offsets";
    /// `[part, numbers of a PartAsk]`: the call tree of a part of such a map.
    pub const PART: &str = "part";
}

/// First items of what the worker posts.
pub mod answer {
    /// `[ready]`: the worker listens from now on.
    pub const READY: &str = "ready";
    /// `[reading, bytes so far, bytes of the file]`; more bytes than the file has when it is decompressed.
    pub const READING: &str = "reading";
    /// `[parsing]`: all bytes are there.
    pub const PARSING: &str = "parsing";
    /// `[opened, Uint8Array]`: an [`super::super::opened::Opened`].
    pub const OPENED: &str = "opened";
    /// `[tree, profile, type, Uint8Array]`: the columns of a call tree.
    pub const TREE: &str = "tree";
    /// `[lanes, profile, Uint8Array]`: a [`super::super::chart::Lanes`].
    pub const LANES: &str = "lanes";
    /// `[chart, profile, type, lane, Uint8Array]`: a [`super::super::chart::ChartMessage`].
    pub const CHART: &str = "chart";
    /// `[no-chart, profile, type, lane, text]`: why there is none.
    pub const NO_CHART: &str = "no-chart";
    /// `[lines, function, Uint8Array]`: a [`flarepath_wire::messages::LinesResponse`].
    pub const LINES: &str = "lines";
    /// `[export, format, Uint8Array]`: the file.
    pub const EXPORT: &str = "export";
    /// `[no-export, text]`: why there is none.
    pub const NO_EXPORT: &str = "no-export";
    /// `[offsets, numbers, Uint8Array]`: a [`super::super::offsets::MapMessage`].
    pub const OFFSETS: &str = "offsets";
    /// `[no-offsets, numbers, text]`: why there is none.
    pub const NO_OFFSETS: &str = "no-offsets";
    /// `[part, numbers, Uint8Array]`: the columns of a call tree.
    pub const PART: &str = "part";
    /// `[no-part, numbers, text]`: why there is none.
    pub const NO_PART: &str = "no-part";
    /// `[failed, text]`.
    pub const FAILED: &str = "failed";
}
