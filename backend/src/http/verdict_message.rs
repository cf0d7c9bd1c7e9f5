//! Converts verdicts to wire messages.

use crate::query::{Judged, Question};
use flarepath_profile::own_code::{OwnCode, OwnPattern};
use flarepath_profile::verdict::{
    Figure, Finding, Findings, FunctionName, Method, Missing, Moved, Number, Outcome, Per, Relation,
    SideFacts, Verdict,
};
use flarepath_wire::own_code::OwnCodePattern;
use flarepath_wire::verdict::*;

pub(super) fn verdict(judged: &Judged) -> VerdictResponse {
    let verdict = &judged.verdict;
    let [baseline, comparison] = &verdict.sides;
    let message = VerdictResponse {
        headline: verdict.headline(),
        sentences: verdict.sentences(),
        outcome: outcome(verdict).to_owned(),
        relation: relation(&verdict.relation).to_owned(),
        unit: verdict.sample_unit.clone(),
        per: per(verdict.per).to_owned(),
        baseline: judged.baselines.first().map(|question| side(question, baseline)),
        comparison: Some(side(&judged.comparison, comparison)),
        confirmed_by: judged.baselines.iter().skip(1).map(selection).collect(),
        notes: judged.notes.clone(),
        number: verdict.number().map(number),
        own_code_set: judged.own_code.is_some(),
        own_code: judged.own_code.as_ref().and_then(OwnCode::patterns).map(patterns).unwrap_or_default(),
        ..VerdictResponse::default()
    };
    match &verdict.outcome {
        Outcome::TooLittle(what) => VerdictResponse { missing: Some(missing(what)), ..message },
        Outcome::NotComparable(_) => message,
        Outcome::Compared(found) => compared(message, found),
    }
}

fn patterns(of: &[OwnPattern]) -> Vec<OwnCodePattern> {
    let pattern = |pattern: &OwnPattern| {
        let (of, text) = match pattern {
            OwnPattern::Name(text) => ("name", text),
            OwnPattern::Package(text) => ("package", text),
            OwnPattern::File(text) => ("file", text),
        };
        OwnCodePattern { of: of.to_owned(), text: text.clone() }
    };
    of.iter().map(pattern).collect()
}

fn compared(message: VerdictResponse, found: &Findings) -> VerdictResponse {
    let Method { q, tests, is_paired, autocorrelation: [before, after], .. } = found.method;
    VerdictResponse {
        total: Some(figure(&found.total)),
        total_changed: found.total_changed,
        functions: found.functions.iter().map(function).collect(),
        only_share: found.only_share.iter().map(|function| function.name.clone()).collect(),
        smallest_visible_total: found.visible_total,
        smallest_visible_share: found.visible_share,
        method: Some(VerdictMethod {
            q,
            tests: tests as u64,
            paired: is_paired,
            baseline_autocorrelation: before,
            comparison_autocorrelation: after,
        }),
        ..message
    }
}

fn outcome(verdict: &Verdict) -> &'static str {
    match &verdict.outcome {
        Outcome::TooLittle(_) => "too-little-data",
        Outcome::NotComparable(_) => "not-comparable",
        Outcome::Compared(found) if found.total_changed => "changed",
        // Costs that only moved are no change of costs.
        Outcome::Compared(found) if found.functions.iter().any(|f| f.moved.is_none()) => "changed",
        Outcome::Compared(_) => "unchanged",
    }
}

fn relation(relation: &Relation) -> &'static str {
    match relation {
        Relation::Versions { .. } => "versions",
        Relation::Times { .. } => "times",
        Relation::Values { .. } => "values",
        Relation::Selections => "selections",
    }
}

fn per(per: Per) -> &'static str {
    match per {
        Per::Second => "second",
        Per::Profile => "profile",
        Per::Work => "work",
    }
}

fn selection(question: &Question) -> VerdictSelection {
    VerdictSelection {
        selector: question.selector.to_string(),
        start_ms: question.range.start.as_millis(),
        end_ms: question.range.end.as_millis(),
        start_ns: question.range.start.0,
        end_ns: question.range.end.0,
    }
}

fn side(question: &Question, facts: &SideFacts) -> VerdictSide {
    VerdictSide {
        selection: Some(selection(question)),
        profiles: facts.profiles,
        replicas: facts.replicas as u64,
        all_replicas: facts.all_replicas as u64,
        covered_ms: millis(facts.covered_secs),
        windows: facts.windows as u64,
        window_ms: millis(facts.window_secs),
    }
}

fn figure(figure: &Figure) -> VerdictFigure {
    let Figure { before, after, low, high, p } = *figure;
    VerdictFigure { before, after, low, high, p }
}

fn function(finding: &Finding) -> VerdictFunction {
    let name = |function: Option<&FunctionName>| function.map_or_else(String::new, |f| f.name.clone());
    VerdictFunction {
        name: finding.function.name.clone(),
        file: finding.function.file.clone(),
        called_by: name(finding.under.as_ref()),
        deepest: name(finding.deepest.as_ref()),
        cost: Some(figure(&finding.cost)),
        share: Some(figure(&finding.share)),
        q: finding.q,
        moved: finding.moved.is_some(),
        moved_from: name(finding.moved.as_ref().and_then(Moved::function)),
    }
}

fn number(Number { text, label, grew }: Number) -> VerdictNumber {
    VerdictNumber { text, label, grew }
}

fn missing(missing: &Missing) -> VerdictMissing {
    VerdictMissing {
        side: if missing.in_baseline { "baseline" } else { "comparison" }.to_owned(),
        span_ms: millis(missing.span_secs[0]),
        least_span_ms: millis(missing.span_secs[1]),
        windows: missing.windows[0] as u64,
        least_windows: missing.windows[1] as u64,
        enough_in_ms: missing.enough_in_secs.map(millis),
    }
}

fn millis(secs: f64) -> i64 {
    (secs * 1e3).round() as i64
}
