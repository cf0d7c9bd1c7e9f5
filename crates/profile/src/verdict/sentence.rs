//! Sentences of a verdict.

use super::numbers::{compared, duration, percent, points, share, size};
use super::{Figure, Finding, Findings, Missing, Outcome, Per, Relation, Verdict, cost_name};
use crate::units::{Unit, format_alike};

/// Words for the two sides, as their relation has them.
struct Words {
    /// Where the comparison and the baseline are: `in version 2`, `in version 1`.
    places: [String; 2],
    /// `between version 1 and version 2`.
    between: String,
    /// The sides as the subject of a sentence.
    sides: [String; 2],
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
            Outcome::Compared(found) => {
                let mut all = vec![self.about_total(found)];
                all.extend(found.functions.iter().skip(1).take(2).map(|f| self.about_function(f, false)));
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

    fn words(&self) -> Words {
        match &self.relation {
            Relation::Versions { before, after } => Words {
                places: [format!(" in version {after}"), format!("in version {before}")],
                between: format!("between version {before} and version {after}"),
                sides: [format!("version {before}"), format!("version {after}")],
                first: "The largest cause",
            },
            Relation::Times { baseline, .. } => Words {
                places: [String::new(), format!("in {baseline}")],
                between: format!("compared with {baseline}"),
                sides: ["the baseline".to_owned(), "this range".to_owned()],
                first: "The largest cause",
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
    fn is_over_time(&self) -> bool {
        matches!(self.relation, Relation::Versions { .. } | Relation::Times { .. })
    }

    /// `CPU use per replica`.
    fn subject(&self) -> String {
        let per_replica =
            if self.sides.iter().any(|side| side.all_replicas > 0) { " per replica" } else { "" };
        let per_work = if self.per == Per::Work { " per unit of work" } else { "" };
        // What is counted by work is no rate, of one replica or of many.
        let per = if per_work.is_empty() { per_replica } else { per_work };
        format!("{}{per}", cost_name(&self.sample_type))
    }

    fn about_total(&self, found: &Findings) -> String {
        let words = self.words();
        let first = found.functions.first().map(|f| self.about_function(f, true));
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
            (false, None) => format!(
                "No significant {changed} of {} {}. A {changed} of the total of {} or more, or of a function of {} or more, \
                 would have been seen.",
                lower_first(&self.subject()),
                words.between,
                size(found.visible_total * 100.0),
                points(found.visible_share).trim_start_matches('+'),
            ),
        }
    }

    fn total_changed(&self, total: &Figure, words: &Words) -> String {
        let [before, after] = format_alike([total.before, total.after], &self.unit());
        let subject = self.subject();
        let [here, there] = &words.places;
        match relative(total) {
            Some(fraction) => format!(
                "{subject} is {}: {after} instead of {before}{}.",
                compared(fraction, here, there),
                interval(total)
            ),
            None => format!("{subject} is {after} in {}, and nothing in {}.", words.sides[1], words.sides[0]),
        }
    }

    /// A sentence about a function; the first of a verdict is introduced as such.
    fn about_function(&self, finding: &Finding, is_first: bool) -> String {
        let Finding { function, under, cost, share: part, moved, .. } = finding;
        let name = format!("`{}`", function.name);
        if let Some(from) = moved {
            let from = from.as_ref().map_or("other functions".to_owned(), |from| format!("`{}`", from.name));
            let [source, target] = if cost.difference() < 0.0 { [&name, &from] } else { [&from, &name] };
            return format!("Costs moved from {source} to {target}; their caller costs what it did.");
        }
        let under = under.as_ref().map_or_else(String::new, |own| format!(", called by `{}`", own.name));
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
        let introduction = if is_first { words.first } else { "Another" };
        format!("{introduction} is {name}{under}: {what}.")
    }

    fn remarks(&self, found: &Findings) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(name) = found.only_share.first() {
            let more = match found.only_share.len() - 1 {
                0 => "has".to_owned(),
                1 => "and 1 other function have".to_owned(),
                n => format!("and {n} other functions have"),
            };
            all.push(format!(
                "`{}` {more} another share of the total only because the rest costs more or less: no significant change of cost.",
                name.name
            ));
        }
        if let Relation::Times { new_version: Some((version, at)), .. } = &self.relation {
            all.push(format!("Version {version} first appeared at {at}."));
        }
        if found.total_changed && self.per == Per::Second && self.is_over_time() {
            all.push("Traffic not known: more requests would look the same.".to_owned());
        }
        let lone = self.sides.iter().all(|side| side.all_replicas == 1);
        if lone
            && !matches!(self.relation, Relation::Times { .. })
            && (found.total_changed || !found.functions.is_empty())
        {
            all.push(
                "Each side has one replica: a difference between their machines would look the same."
                    .to_owned(),
            );
        }
        for (side, name) in self.sides.iter().zip(self.words().sides) {
            if side.replicas < side.all_replicas {
                all.push(format!(
                    "Of {name}, {} of {} replicas were measured.",
                    side.replicas, side.all_replicas
                ));
            }
        }
        all
    }

    fn too_little(&self, missing: &Missing) -> String {
        let words = self.words();
        let side = &words.sides[usize::from(!missing.in_baseline)];
        let [span, needed_span] = missing.span_secs;
        let [windows, needed] = missing.windows;
        if windows == 0 && span <= 0.0 {
            return format!("No verdict: {side} has no profiles.");
        }
        let has = match span < needed_span {
            true => {
                format!("{side} has {}, and at least {} are needed", duration(span), duration(needed_span))
            }
            false => {
                format!("{side} has {windows} intervals with profiles, and at least {needed} are needed")
            }
        };
        match missing.enough_in_secs {
            Some(secs) => {
                format!("Too little data yet: {has}. It will be enough in about {}.", duration(secs.max(1.0)))
            }
            None => format!("Too little data: {has}. Choose a longer range or another baseline."),
        }
    }
}

fn relative(figure: &Figure) -> Option<f64> {
    (figure.before > 0.0).then(|| figure.difference() / figure.before)
}

fn interval(figure: &Figure) -> String {
    let [low, high] = [figure.low, figure.high].map(|end| percent(end / figure.before));
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
