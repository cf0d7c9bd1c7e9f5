//! Sentences of a verdict.

use super::moved::{about_moved, told};
use super::numbers::{compared, duration, percent, points, share, size};
use super::{Beginning, Figure, Finding, Findings, Outcome, Per, Relation, Verdict, cost_name};
use crate::units::{Unit, format_alike};

/// How the sentence about the function that explains most of a change begins.
pub(super) const LARGEST_CAUSE: &str = "The largest cause";

/// Words for the two sides, as their relation has them.
pub(super) struct Words {
    /// Where the comparison and the baseline are: `in version 2`, `in version 1`.
    pub(super) places: [String; 2],
    /// `between version 1 and version 2`.
    between: String,
    /// The sides as the subject of a sentence.
    pub(super) sides: [String; 2],
    /// What the first function is: `The largest cause`.
    first: &'static str,
}

impl Verdict {
    /// The verdict in one sentence.
    pub fn headline(&self) -> String {
        self.sentences().into_iter().next().unwrap_or_default()
    }

    /// The verdict in full, the headline first.
    pub fn sentences(&self) -> Vec<String> {
        match &self.outcome {
            Outcome::TooLittle(missing) => vec![self.too_little(missing)],
            Outcome::NotComparable(why) => vec![self.not_comparable(*why)],
            Outcome::Compared(found) => {
                let mut functions = self.about_functions(found).into_iter();
                let mut all = vec![self.about_total(found, functions.next())];
                all[0].extend(found.began.as_ref().map(about_beginning));
                all.extend(functions);
                all.extend(self.remarks(found));
                all
            }
        }
    }

    /// The unit of costs.
    pub fn unit(&self) -> Unit {
        let unit = Unit::of(&self.sample_type, &self.sample_unit);
        if self.per == Per::Second { unit.per_second() } else { unit }
    }

    pub(super) fn words(&self) -> Words {
        match &self.relation {
            Relation::Versions { before, after } => Words {
                places: [format!(" in version {after}"), format!("in version {before}")],
                between: format!("between version {before} and version {after}"),
                sides: [format!("version {before}"), format!("version {after}")],
                first: LARGEST_CAUSE,
            },
            Relation::Times { baseline, .. } => Words {
                places: [String::new(), format!("in {baseline}")],
                between: format!("compared with {baseline}"),
                sides: [baseline.clone(), "this range".to_owned()],
                first: LARGEST_CAUSE,
            },
            Relation::Values { label, before, after } => Words {
                places: [format!(" in {label} {after}"), format!("in {label} {before}")],
                between: format!("between {label} {before} and {label} {after}"),
                sides: [format!("{label} {before}"), format!("{label} {after}")],
                first: "The largest difference",
            },
            Relation::Selections => Words {
                places: [" in the comparison".to_owned(), "in the baseline".to_owned()],
                between: "between baseline and comparison".to_owned(),
                sides: ["the baseline".to_owned(), "the comparison".to_owned()],
                first: "The largest difference",
            },
        }
    }

    /// What differs over time has changed.
    pub(super) fn is_over_time(&self) -> bool {
        matches!(self.relation, Relation::Versions { .. } | Relation::Times { .. })
    }

    /// `CPU use per replica`.
    pub(super) fn subject(&self) -> String {
        let per_replica =
            if self.sides.iter().any(|side| side.all_replicas > 0) { " per replica" } else { "" };
        let per_work = if self.per == Per::Work { " per request" } else { "" };
        // What is counted by work is no rate, of one replica or of many.
        let per = if per_work.is_empty() { per_replica } else { per_work };
        format!("{}{per}", cost_name(&self.sample_type))
    }

    /// Sentences about at most three functions; the first one is for the headline.
    fn about_functions(&self, found: &Findings) -> Vec<String> {
        let (told, introductions) = self.told(found);
        let functions = told.into_iter().zip(&introductions);
        functions.map(|(finding, introduction)| self.about_function(finding, introduction)).collect()
    }

    /// The functions that are told about, at most three, and how each is introduced: `The largest cause`.
    pub(super) fn told<'f>(&self, found: &'f Findings) -> (Vec<&'f Finding>, Vec<String>) {
        let mut told = told(&found.functions);
        let is_mixed = !found.total_changed && up_and_down_first(&mut told);
        told.truncate(3);
        let changed = if self.is_over_time() { "change" } else { "difference" };
        let introduction = |(place, finding): (usize, &&Finding)| {
            // A service at its limit may cost less in all although a part of it costs more.
            let opposes = finding.cost.difference() * found.total.difference() < 0.0;
            match (place, found.total_changed, self.is_over_time()) {
                (0, true, _) if opposes => format!("Against that, the largest {changed}"),
                (0, true, _) => self.words().first.to_owned(),
                (0, false, true) if is_mixed => "The largest increase".to_owned(),
                (1, false, true) if is_mixed => "The largest decrease".to_owned(),
                (1, false, false) if is_mixed => "The largest in the other direction".to_owned(),
                // Of a total that has not changed, nothing is the cause.
                (0, false, _) => format!("The largest {changed}"),
                _ => "Another".to_owned(),
            }
        };
        let introductions = told.iter().enumerate().map(introduction).collect();
        (told, introductions)
    }

    /// The total, and `first`, the sentence about a function that goes with it.
    fn about_total(&self, found: &Findings, first: Option<String>) -> String {
        let words = self.words();
        let changed = if self.is_over_time() { "change" } else { "difference" };
        match (found.total_changed, first) {
            (true, first) => {
                let text = self.total_changed(&found.total, &words);
                first.map_or(text.clone(), |first| format!("{text} {first}"))
            }
            (false, Some(first)) => format!(
                "{} shows no significant {changed} in total {}{}. {first}",
                self.subject(),
                words.between,
                relative(&found.total).map_or_else(String::new, |r| format!(" ({})", percent(r))),
            ),
            (false, None) => {
                let (of_function, after) = match found.compared {
                    0 | 1 => (String::new(), String::new()),
                    _ if found.visible_share >= 1.0 => {
                        let none = format!(
                            " No {changed} of a function could be told from chance: too little data."
                        );
                        (String::new(), none)
                    }
                    _ => {
                        let least = points(found.visible_share);
                        let least = least.trim_start_matches('+');
                        (format!(", or of a function of {least} or more,"), String::new())
                    }
                };
                format!(
                    "No significant {changed} of {} {}. A {changed} of the total of {} or more{of_function} would have been seen.{after}",
                    lower_first(&self.subject()),
                    words.between,
                    size(found.visible_total * 100.0),
                )
            }
        }
    }

    fn total_changed(&self, total: &Figure, words: &Words) -> String {
        let [before, after] = format_alike([total.before, total.after], &self.unit());
        match self.about_change(total, words) {
            Some(what) => format!("{what}: {after} instead of {before}{}.", interval(total)),
            None => {
                let [there, here] = &words.sides;
                format!("{} is {after} in {here}, and nothing in {there}.", self.subject())
            }
        }
    }

    /// `CPU use per replica is 16 % higher in version 2 than in version 1`; `None` if there was nothing before.
    pub(super) fn about_change(&self, total: &Figure, words: &Words) -> Option<String> {
        let [here, there] = &words.places;
        let fraction = relative(total)?;
        Some(format!("{} is {}", self.subject(), compared(fraction, here, there)))
    }

    /// A sentence about a function, which `introduction` begins.
    fn about_function(&self, finding: &Finding, introduction: &str) -> String {
        let Finding { cost, share: part, moved, .. } = finding;
        if let Some(moved) = moved {
            return about_moved(finding, moved, self.is_over_time());
        }
        let [before, after, difference] =
            format_alike([cost.before, cost.after, cost.difference().abs()], &self.unit());
        let words = self.words();
        let shares = format!("{} instead of {} of the total", share(part.after), share(part.before));
        let what = match (cost.before <= 0.0, cost.difference() < 0.0) {
            (true, _) => {
                format!("{after} ({} of the total), against none {}", share(part.after), words.places[1])
            }
            (_, true) => format!("{difference} less ({after} instead of {before}; {shares})"),
            (_, false) => format!("{difference} more ({after} instead of {before}; {shares})"),
        };
        format!("{}: {what}.", about_name(finding, introduction))
    }
}

/// The beginning of a sentence about a function: ``The largest cause is `Regex::new`, called by `handle_order` ``.
pub(super) fn about_name(finding: &Finding, introduction: &str) -> String {
    let Finding { function, under, .. } = finding;
    let under = under.as_ref().map_or_else(String::new, |own| format!(", called by {}", own.quoted()));
    format!("{introduction} is {}{under}", function.quoted())
}

/// When a change began, as seen from the version before it, after another sentence.
fn about_beginning(Beginning { at, version, after_secs }: &Beginning) -> String {
    let when = match after_secs {
        secs if *secs > 0.0 => format!("{} after", duration(*secs)),
        _ => "when".to_owned(),
    };
    format!(" The change began at about {at}, {when} version {version} first appeared.")
}

/// Puts the largest increase first and the largest decrease second, if there are both. Costs that moved are neither.
fn up_and_down_first(told: &mut Vec<&Finding>) -> bool {
    let largest =
        |sign: f64| told.iter().copied().find(|f| f.moved.is_none() && sign * f.cost.difference() > 0.0);
    let (Some(up), Some(down)) = (largest(1.0), largest(-1.0)) else { return false };
    told.retain(|finding| !std::ptr::eq(*finding, up) && !std::ptr::eq(*finding, down));
    told.insert(0, up);
    told.insert(1, down);
    true
}

fn relative(figure: &Figure) -> Option<f64> {
    (figure.before > 0.0).then(|| figure.difference() / figure.before)
}

fn interval(figure: &Figure) -> String {
    // A cost cannot fall by more than all of it, whatever the margin.
    let [low, high] = [figure.low, figure.high].map(|end| percent((end / figure.before).max(-1.0)));
    format!(" (95 % interval: {low} to {high})")
}

/// In the middle of a sentence; abbreviations stay as they are.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// At the start of a sentence.
pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
