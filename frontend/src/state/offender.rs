//! The top offender of a service: the function with the largest cost of its own, and the replica or version that costs most. Pure.

use super::breakdown::{Breakdown, ValueRow};
use super::loaded_profile::LoadedProfile;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::origin::Origin;
use flarepath_profile::short_name::short_name;
use flarepath_profile::top_table::{TopRow, top_table};
use flarepath_profile::units::{Unit, UnitScale, format_share};

/// The function that costs most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offender {
    pub(crate) name: String,
    /// Whether it is code of the service itself; if not, none of its own code has a cost of its own.
    pub(crate) is_own: bool,
    /// Its own cost as a part of the whole: `62.1 %`.
    pub(crate) share: String,
    /// With what it called.
    pub(crate) total_share: String,
}

/// The part of the whole from which a function of own code is named before others.
const LEAST_OWN: f64 = 0.05;

/// Of the service's own code the function with the largest cost of its own, or that of any code if that one costs little. `None` of an empty
/// profile.
pub(crate) fn offender(profile: &LoadedProfile) -> Option<Offender> {
    let tree = &profile.tree;
    let frames = tree.frames();
    let rows = top_table(tree);
    let origins = profile.origins.as_deref().map(Vec::as_slice).unwrap_or_default();
    let is_of = |row: &TopRow, origin| origins.get(row.frame.index()) == Some(&origin);
    let is_own = |row: &TopRow| is_of(row, Origin::Own);
    let whole = tree.total(NodeId::ROOT) as f64;
    let counts = |row: &TopRow| is_own(row) && row.self_value as f64 >= LEAST_OWN * whole;
    let is_function = |row: &&TopRow| !is_placeholder(frames.name(row.frame)) && !is_of(row, Origin::Waiting);
    let named = rows.iter().filter(is_function);
    let counted = named.filter(|row| row.self_value > 0);
    let largest = counted.max_by_key(|&row| (counts(row), row.self_value))?;
    Some(Offender {
        name: frames.name(largest.frame).to_owned(),
        is_own: is_own(largest),
        share: format_share(largest.self_value as f64, whole),
        total_share: format_share(largest.total as f64, whole),
    })
}

impl Offender {
    /// The sentence about it; its name is in backticks.
    pub(crate) fn sentence(&self) -> String {
        let Offender { name, is_own, share, total_share } = self;
        let whose = if *is_own { "Of the service's own code" } else { "Of all code" };
        let name = short_name(name);
        let with_callees = match share == total_share {
            true => String::new(),
            false => format!("; with what it calls, {total_share}"),
        };
        format!("{whose}, `{name}` costs most by itself: {share}{with_callees}.")
    }

    /// The same of memory in use, which is counted where it was allocated.
    pub(crate) fn memory_sentence(&self) -> String {
        let whose = if self.is_own { "Of the service's own code" } else { "Of all code" };
        format!(
            "{whose}, `{}` allocated the largest part of the memory in use: {}.",
            short_name(&self.name),
            self.share
        )
    }
}

/// Which value of a label costs most, and how it differs; names are in backticks. `per` ends the cost of what has several replicas. `None`
/// unless there are several values.
pub(crate) fn costliest(found: &Breakdown, noun: &str, per: &str) -> Option<String> {
    let named = found.rows.iter().filter(|row| !row.value.is_empty());
    let most = named.max_by(|a, b| a.rate.total_cmp(&b.rate)).filter(|_| found.values > 1)?;
    let own = Unit::of(&found.sample_type, &found.unit);
    let unit = if found.is_level { own } else { own.per_second() };
    let rate = UnitScale::for_largest(&unit, most.rate).amount(most.rate);
    let difference = if most.is_odd { format!(", {}", difference(most)) } else { String::new() };
    Some(format!("{noun} `{}` costs most: {rate}{per}{difference}.", most.value))
}

/// How a value differs from the others of its group, without the interval: `42 % more than the median of the 8 others`.
pub(crate) fn difference(row: &ValueRow) -> String {
    let text = row.sentence.split(" (").next().unwrap_or_default();
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::identity::Shared;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;
    use std::sync::Arc;

    fn profile(own: Origin) -> LoadedProfile {
        let mut builder = TreeBuilder::new();
        let mut frame = |name| builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        let (handle, compile) = (frame("handle"), frame("compile"));
        builder.add_path([handle, compile], 6);
        builder.add_path([handle], 4);
        let tree = builder.finish();
        let is_handle = tree.frames().named("handle");
        let origins = is_handle.into_iter().map(|is_it| if is_it { own } else { Origin::Library }).collect();
        LoadedProfile {
            tree: Arc::new(tree),
            diff: None,
            origins: Some(Shared::new(origins)),
            unit: "nanoseconds".into(),
            profile_type: None,
            seconds: None,
            covered_ns: None,
            profiles: 1,
            generation: 0,
        }
    }

    #[test]
    fn own_code_is_named_before_libraries() {
        let own = offender(&profile(Origin::Own)).unwrap();
        assert_eq!((own.name.as_str(), own.share.as_str()), ("handle", "40.0 %"));
        let text = own.sentence();
        assert!(
            text.starts_with(
                "Of the service's own code, `handle` costs most by itself: 40.0 %; with what it calls, 100"
            ),
            "{text}"
        );
        let any = offender(&profile(Origin::Library)).unwrap();
        assert_eq!(any.sentence(), "Of all code, `compile` costs most by itself: 60.0 %.");
    }

    #[test]
    fn the_costliest_value_says_how_it_differs() {
        let row = |value: &str, rate: f64, is_odd| ValueRow {
            value: value.into(),
            rate,
            is_odd,
            sentence: "42 % more than the median of the 8 others (95 % interval: +35 % to +49 %).".into(),
            ..ValueRow::default()
        };
        let found = |rows: Vec<ValueRow>| Breakdown {
            sample_type: "cpu".into(),
            unit: "nanoseconds".into(),
            values: rows.len() as u64,
            rows,
            ..Breakdown::default()
        };
        let odd = costliest(&found(vec![row("a", 1e9, false), row("b", 2e9, true)]), "Replica", "").unwrap();
        assert_eq!(odd, "Replica `b` costs most: 2 cores, 42 % more than the median of the 8 others.");
        let usual =
            costliest(&found(vec![row("a", 3e9, false), row("b", 2e9, false)]), "Version", " per replica")
                .unwrap();
        assert_eq!(usual, "Version `a` costs most: 3 cores per replica.");
        assert_eq!(costliest(&found(vec![row("a", 1e9, false)]), "Replica", ""), None);
    }
}
