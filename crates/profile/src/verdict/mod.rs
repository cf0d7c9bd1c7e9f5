//! The verdict on a comparison, and the one sentence that says it: for the page, snapshots, previews, the API and the command line.
//!
//! Plain values and text; the computation is in [`crate::stats`], which a page that only shows a verdict does not need.

mod among_services;
mod brief;
mod cost_name;
mod deviation;
mod moved;
mod number;
mod numbers;
mod refusal;
mod remarks;
mod sentence;
#[cfg(test)]
mod tests;

pub use among_services::among_services;
use cost_name::cost_name;
pub use cost_name::{counts_samples, is_level, periods_differ};
pub use deviation::deviation_sentence;
pub use number::Number;
pub use numbers::percent;

use crate::short_name::short_name;

/// What a comparison of two selections of profiles has shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What is compared.
    pub relation: Relation,
    /// Sample type, such as `cpu`.
    pub sample_type: String,
    /// Its unit, such as `nanoseconds`.
    pub sample_unit: String,
    /// Unit of the sampling periods, such as `nanoseconds`.
    pub period_unit: String,
    /// What costs are divided by.
    pub per: Per,
    /// Baseline, then comparison.
    pub sides: [SideFacts; 2],
    /// What was found.
    pub outcome: Outcome,
}

/// What the two sides are to each other. Only versions and periods can get better or worse; all else differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Two versions of a service.
    Versions {
        /// Of the baseline.
        before: String,
        /// Of the comparison.
        after: String,
    },
    /// One selection in two ranges of time.
    Times {
        /// The baseline, as a phrase: `the hour before`, `the same time a day before`.
        baseline: String,
        /// A version that first appeared in the comparison, and when (RFC 3339).
        new_version: Option<(String, String)>,
    },
    /// Two values of a label, such as pods or regions.
    Values {
        /// Name of the label.
        label: String,
        /// Of the baseline.
        before: String,
        /// Of the comparison.
        after: String,
    },
    /// Anything else.
    Selections,
}

/// What a cost is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Seconds that profiles cover; traffic is not known.
    Second,
    /// Profiles, for what is a level and not a sum over time.
    Profile,
    /// Units of work, such as requests.
    Work,
}

/// What a side is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SideFacts {
    /// Profiles.
    pub profiles: u64,
    /// Replicas that were measured.
    pub replicas: usize,
    /// Replicas in all; 0 if no label tells them apart, and all profiles count as those of one.
    pub all_replicas: usize,
    /// Time that profiles cover, of all replicas together, in seconds.
    pub covered_secs: f64,
    /// From the first profile to the end of the last, in seconds.
    pub span_secs: f64,
    /// The part of the span that no profile covers, in seconds.
    pub gap_secs: f64,
    /// The largest distance of two samples, in the period's unit; 0 if unknown.
    pub period: i64,
    /// Whether the period is the time of all samples by their number, as no profiler states it.
    pub period_is_derived: bool,
    /// Windows of one replica each.
    pub windows: usize,
    /// Width of a window in seconds.
    pub window_secs: f64,
    /// Units of work, such as requests, in the covered time; `None` where they are not known.
    pub work: Option<f64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A side has too little data.
    TooLittle(Missing),
    /// The sides cannot be compared, whatever data there is.
    NotComparable(NotComparable),
    /// Both sides have enough.
    Compared(Box<Findings>),
}

/// Why two sides cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// They are one selection in one range.
    SameSides,
    /// They are of different profile types.
    Types,
    /// Samples are counted, and were taken at different rates.
    SamplingRates,
    /// Values are negative, so that shares and relative changes have no meaning.
    NegativeValues,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// Whether it is the baseline, and not the comparison, that lacks data.
    pub in_baseline: bool,
    /// Seconds from the first profile to the end of the last, and how many are needed.
    pub span_secs: [f64; 2],
    /// Windows, and how many are needed.
    pub windows: [usize; 2],
    /// If the comparison lacks data and the baseline does, too: the span of the baseline, in seconds.
    pub baseline_span_secs: Option<f64>,
    /// In how many seconds it will be enough, if data keeps coming and the side reaches to the present.
    pub enough_in_secs: Option<f64>,
}

/// The comparison's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// The total, a replica.
    pub total: Figure,
    /// Whether it has changed.
    pub total_changed: bool,
    /// Functions that have changed and explain all others that have, the most telling first.
    pub functions: Vec<Finding>,
    /// When the change began, if it is one over time and a version appeared shortly before.
    pub began: Option<Beginning>,
    /// Functions of which only the share has changed, as others cost more or less.
    pub only_share: Vec<FunctionName>,
    /// Functions that were compared.
    pub compared: usize,
    /// Smallest change of the total that would have been seen, as a fraction.
    pub visible_total: f64,
    /// Smallest change of any function that would have been seen, as a fraction of the total.
    pub visible_share: f64,
    /// Baselines that were compared with, the first among them; each must show a change.
    pub baselines: usize,
    /// The test behind it.
    pub method: Method,
}

/// When a change began, and the version that appeared nearest before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Beginning {
    /// RFC 3339: the start of the first window that shows the change, or when the version appeared, if that was within the window.
    pub at: String,
    /// The version.
    pub version: String,
    /// How long before it had appeared, in seconds; 0 within the window.
    pub after_secs: f64,
}

/// How the comparison was made; see docs/statistics.md.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Method {
    /// The false discovery rate that was allowed.
    pub q: f64,
    /// Tests that count.
    pub tests: usize,
    /// Whether replicas were compared with themselves.
    pub is_paired: bool,
    /// Autocorrelation of the windows of baseline and comparison.
    pub autocorrelation: [f64; 2],
    /// The p value of the comparison as a whole; 1 if nothing has changed. See [`crate::stats::Comparison::evidence`].
    pub evidence: f64,
}

/// A value of both sides with the 95 % confidence interval of its difference.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    /// Baseline.
    pub before: f64,
    /// Comparison.
    pub after: f64,
    /// Lower end of the interval of the difference.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability of such a difference without a change.
    pub p: f64,
}

impl Figure {
    /// Comparison less baseline.
    pub fn difference(&self) -> f64 {
        self.after - self.before
    }
}

/// A function as it is named in a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FunctionName {
    /// Its name.
    pub name: String,
    /// Its source file; empty if unknown.
    pub file: String,
}

impl FunctionName {
    /// A function's name in a sentence: in backticks, and shortened if it is long.
    fn quoted(&self) -> String {
        format!("`{}`", short_name(&self.name))
    }
}

/// A function that has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The function.
    pub function: FunctionName,
    /// The function of own code that calls it.
    pub under: Option<FunctionName>,
    /// The deepest function that explains the change, if it is another.
    pub deepest: Option<FunctionName>,
    /// Total cost, by weight.
    pub cost: Figure,
    /// Share of the total, as a fraction.
    pub share: Figure,
    /// The smallest false discovery rate at which it is a change.
    pub q: f64,
    /// Where its cost moved from, or to, if its caller costs what it did.
    pub moved: Option<Moved>,
}

/// What took over the cost of a function, or gave it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// No function stands out.
    Others,
    /// Another function of the same caller: renamed or split.
    Function(FunctionName),
    /// The caller itself: inlined or extracted.
    Caller(FunctionName),
}

impl Moved {
    /// The function, if one stands out.
    pub fn function(&self) -> Option<&FunctionName> {
        match self {
            Moved::Others => None,
            Moved::Function(other) | Moved::Caller(other) => Some(other),
        }
    }
}
