//! Verdicts on comparisons.

use super::own_code::own_pattern;
use super::request::{ProfileRequest, verdict_path};
use super::{ApiError, get};
use crate::state::compare::Sides;
use crate::state::query::Query;
use crate::state::time_range::Span;
use crate::state::verdict::{Cause, Figure, Number, Outcome, Verdict, VerdictSide};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::units::Unit;
use flarepath_wire::verdict::{VerdictFunction, VerdictResponse, VerdictSelection, VerdictSide as WireSide};
use prost::Message;
use web_sys::AbortController;

/// The sides that the server chose for a question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChosenSides {
    /// The question.
    pub(crate) of: Query,
    /// The comparison may be narrower than the question: one version of it.
    pub(crate) sides: Sides,
    /// The verdict on them.
    pub(crate) verdict: Verdict,
}

/// The verdict on a baseline and a comparison.
pub(crate) async fn verdict(
    [baseline, comparison]: [ProfileRequest; 2],
    abort: AbortController,
) -> Result<Verdict, ApiError> {
    let answer: VerdictResponse = get(&verdict_path(&comparison, Some(&baseline)), Some(&abort)).await?;
    Ok(verdict_of(answer, &comparison.profile_type))
}

/// Lets the server choose the baseline of `query`, whose request is `request`.
pub(crate) async fn choose_sides(
    query: Query,
    request: ProfileRequest,
    abort: AbortController,
) -> Result<ChosenSides, ApiError> {
    let answer: VerdictResponse = get(&verdict_path(&request, None), Some(&abort)).await?;
    let verdict = verdict_of(answer, &request.profile_type);
    let sides = verdict.compared(&query);
    let sides = sides.ok_or_else(|| ApiError::broken("The server named no baseline".to_owned()))?;
    Ok(ChosenSides { of: query, sides, verdict })
}

/// A verdict of the API or of a snapshot. `profile_type` is the id of the type.
pub(crate) fn verdict_of(answer: VerdictResponse, profile_type: &str) -> Verdict {
    let sample_type = profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
    let unit = Unit::of(&sample_type, &answer.unit);
    let unit = if answer.per == "second" { unit.per_second() } else { unit };
    let message = answer.encode_to_vec();
    let number = answer.number.map(|n| Number { text: n.text, label: n.label, grew: n.grew });
    Verdict {
        number,
        headline: answer.headline,
        sentences: answer.sentences,
        outcome: match answer.outcome.as_str() {
            "changed" => Outcome::Changed,
            "unchanged" => Outcome::Unchanged,
            _ => Outcome::NoVerdict,
        },
        of_versions: answer.relation == "versions",
        unit: Some(unit),
        sides: [answer.baseline, answer.comparison].map(|side| side.map(side_of).unwrap_or_default()),
        confirmed_by: answer.confirmed_by.iter().map(span_of).collect(),
        total_changed: answer.total.as_ref().map(|_| answer.total_changed),
        total: answer.total.map(|f| Figure { before: f.before, after: f.after, low: f.low, high: f.high }),
        visible: [answer.smallest_visible_total, answer.smallest_visible_share],
        functions: answer.functions.into_iter().map(cause).collect(),
        only_share: answer.only_share,
        method: answer.method.map(|m| (m.q, m.tests, m.paired)),
        notes: answer.notes,
        own_code: answer.own_code_set.then(|| answer.own_code.into_iter().map(own_pattern).collect()),
        own_functions: answer.own_functions_known.then_some(answer.own_functions),
        message,
    }
}

/// Verdicts from before have milliseconds only.
fn span_of(selection: &VerdictSelection) -> Span {
    match selection.end_ns > selection.start_ns {
        true => Span { from_ns: selection.start_ns, until_ns: selection.end_ns },
        false => Span::of_ms(selection.start_ms, selection.end_ms),
    }
}

fn side_of(side: WireSide) -> VerdictSide {
    VerdictSide {
        selection: side.selection.map(|s| (s.selector.clone(), span_of(&s))),
        profiles: side.profiles,
        replicas: [side.replicas, side.all_replicas],
        covered_ms: side.covered_ms,
        windows: side.windows,
        window_ms: side.window_ms,
    }
}

fn cause(function: VerdictFunction) -> Cause {
    let VerdictFunction { name, file, called_by, deepest, moved, moved_from, .. } = function;
    Cause { name, file, near: [called_by, deepest], moved: moved.then_some(moved_from) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::own_code::OwnPattern;
    use flarepath_wire::own_code::OwnCodePattern;
    use flarepath_wire::verdict::{VerdictFigure, VerdictNumber};

    #[test]
    fn an_answer_keeps_the_servers_sentence_and_its_unit() {
        let answer = VerdictResponse {
            headline: "CPU use is 16 % higher.".into(),
            number: Some(VerdictNumber { text: "+16 %".into(), label: "CPU use".into(), grew: true }),
            outcome: "changed".into(),
            relation: "versions".into(),
            unit: "nanoseconds".into(),
            per: "second".into(),
            total: Some(VerdictFigure { before: 64e6, after: 74e6, low: 5e6, high: 15e6, p: 0.001 }),
            total_changed: true,
            functions: vec![VerdictFunction { name: "f".into(), moved: true, ..Default::default() }],
            ..VerdictResponse::default()
        };
        let verdict = verdict_of(answer, "process_cpu:cpu:nanoseconds:cpu:nanoseconds");
        assert_eq!(verdict.headline, "CPU use is 16 % higher.");
        let number = Number { text: "+16 %".to_owned(), label: "CPU use".to_owned(), grew: true };
        assert_eq!(verdict.number, Some(number));
        assert_eq!((verdict.outcome, verdict.of_versions), (Outcome::Changed, true));
        assert_eq!(verdict.details()[0].1, "0.064 cores in the baseline, 0.074 cores in the comparison");
        assert_eq!(verdict.functions[0].moved.as_deref(), Some(""));
        assert_eq!(verdict.own_code, None, "guessed");
        assert_eq!(verdict.total_changed, Some(true));
        assert_eq!(verdict_of(VerdictResponse::default(), "").total_changed, None, "too little data");
    }

    #[test]
    fn own_code_that_is_set_may_be_nothing() {
        let pattern = |of: &str| OwnCodePattern { of: of.into(), text: "shop".into() };
        let set = |own_code| VerdictResponse { own_code_set: true, own_code, ..VerdictResponse::default() };
        assert_eq!(verdict_of(set(Vec::new()), "").own_code, Some(Vec::new()));
        let [package, file] = [OwnPattern::Package, OwnPattern::File].map(|of| of("shop".into()));
        let found = verdict_of(set(vec![pattern("package"), pattern("file")]), "").own_code;
        assert_eq!(found, Some(vec![package, file]));
    }
}
