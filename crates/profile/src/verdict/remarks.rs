//! Remarks beside the change itself: shares that moved alone, traffic, replicas, sampling, gaps.

use super::cost_name::periods_differ;
use super::numbers::{compared, duration};
use super::sentence::upper_first;
use super::{Findings, Per, Relation, SideFacts, Verdict};

/// The least gap that is mentioned: in seconds, and as a part of the side.
const LEAST_GAP_SECS: f64 = 60.0;
const LEAST_GAP: f64 = 0.1;
/// The least change of traffic that is mentioned, as a fraction.
const LEAST_TRAFFIC: f64 = 0.1;

impl Verdict {
    pub(super) fn remarks(&self, found: &Findings) -> Vec<String> {
        let mut all: Vec<String> = self.about_shares(found).into_iter().collect();
        if let Relation::Times { new_version: Some((version, at)), .. } = &self.relation
            && found.began.is_none()
        {
            all.push(format!("Version {version} first appeared at {at}."));
        }
        all.extend(self.about_traffic(found));
        all.extend(self.about_replicas(found));
        if periods_differ([self.sides[0].period, self.sides[1].period]) {
            let what = self.about_sampling();
            all.push(format!("{}; profilers scale times and bytes accordingly.", upper_first(&what)));
        }
        let sides = self.sides.iter().zip(self.words().sides);
        all.extend(sides.filter(|(side, _)| has_gap(side)).map(|(side, name)| {
            let [gap, span] = [side.gap_secs, side.span_secs].map(duration);
            format!("{} has no profiles for {gap} of its {span}.", upper_first(&name))
        }));
        all
    }

    /// How traffic has changed where costs are those of a unit of work; otherwise what it would explain, if it were known.
    fn about_traffic(&self, found: &Findings) -> Option<String> {
        if self.per == Per::Work {
            return self.traffic_changed();
        }
        if self.per != Per::Second || !self.is_over_time() {
            return None;
        }
        let what = match found.total_changed {
            true if found.total.difference() < 0.0 => "fewer requests",
            true => "more requests",
            // More or fewer of all kinds change no share, and so no function alone.
            false if found.functions.iter().any(|f| f.moved.is_none()) => "another mix of requests",
            false => return None,
        };
        Some(format!("Traffic not known: {what} would look the same."))
    }

    fn traffic_changed(&self) -> Option<String> {
        let [before, after] = self.sides.each_ref().map(|side| {
            let rate = side.work? / side.covered_secs;
            (rate > 0.0 && rate.is_finite()).then_some(rate)
        });
        let change = after? / before? - 1.0;
        let [here, there] = &self.words().places;
        (change.abs() >= LEAST_TRAFFIC)
            .then(|| format!("Traffic per replica is {}.", compared(change, here, there)))
    }

    /// Shares that moved without the cost, and a cost that moved without the shares.
    fn about_shares(&self, found: &Findings) -> Option<String> {
        if let Some(name) = found.only_share.first() {
            let (name, others) = (name.quoted(), found.only_share.len() - 1);
            let (shares, its) = match others {
                0 => (format!("The share of {name}"), "its"),
                1 => (format!("The shares of {name} and 1 other function"), "their"),
                n => (format!("The shares of {name} and {n} other functions"), "their"),
            };
            let [changed, change] = match (self.is_over_time(), others) {
                (true, _) => ["changed", "change"],
                (false, 0) => ["differs", "difference"],
                (false, _) => ["differ", "difference"],
            };
            return Some(format!(
                "{shares} {changed} only because the rest costs more or less: no significant {change} of {its} cost."
            ));
        }
        let is_alike = found.total_changed && found.functions.is_empty() && found.compared > 1;
        is_alike.then(|| match (self.is_over_time(), found.total.difference() < 0.0) {
            (true, false) => {
                "All functions grew alike: none has significantly changed its share of the total.".to_owned()
            }
            (true, true) => {
                "All functions shrank alike: none has significantly changed its share of the total."
                    .to_owned()
            }
            (false, _) => {
                "All functions differ alike: none has a significantly different share of the total."
                    .to_owned()
            }
        })
    }

    fn about_replicas(&self, found: &Findings) -> Vec<String> {
        let mut all = Vec::new();
        let names = self.words().sides;
        let shows = found.total_changed || !found.functions.is_empty();
        let lone = self.sides.each_ref().map(|side| side.all_replicas == 1);
        if shows && !matches!(self.relation, Relation::Times { .. }) {
            match lone {
                [true, true] => all.push(
                    "Each side has one replica: a difference between their machines would look the same."
                        .to_owned(),
                ),
                [true, false] | [false, true] => all.push(format!(
                    "{} has one replica: a difference of its machine would look the same.",
                    upper_first(&names[usize::from(lone[1])])
                )),
                [false, false] => {}
            }
        }
        for (side, name) in self.sides.iter().zip(names) {
            if side.replicas < side.all_replicas {
                all.push(format!(
                    "Measured: {} of the {} replicas of {name}.",
                    side.replicas, side.all_replicas
                ));
            }
        }
        all
    }
}

fn has_gap(side: &SideFacts) -> bool {
    side.gap_secs >= LEAST_GAP_SECS && side.gap_secs >= LEAST_GAP * side.span_secs
}
