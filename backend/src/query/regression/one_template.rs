//! Requests of all sides of a verdict by one template of the source of metrics.
//!
//! Templates count different things: `http_requests_total` of a service before it moved to OpenTelemetry may hold health checks, and
//! `http_server_request_duration_seconds_count` after that may not. A cost by the one is not comparable with a cost by the other. Each side
//! is asked by itself for the template that has data, so that two sides may have two; then each of these is tried for all sides.

use super::measure::MeasuredSide;
use crate::auth::Principal;
use crate::indicators::Indicators;
use crate::query::{Querier, QueryError, Question};
use futures::future::try_join_all;

impl Querier {
    /// The sides with requests by one template, or without any; and why requests are not known, if there is a reason to tell. `questions`:
    /// those of the sides, the comparison first.
    pub(super) async fn of_one_template(
        &self,
        who: &Principal,
        questions: &[&Question],
        sides: Vec<MeasuredSide>,
    ) -> Result<(Vec<MeasuredSide>, Option<String>), QueryError> {
        let Some(indicators) = &self.indicators else { return Ok((sides, None)) };
        if let Some(why) = unanswered(&sides).or_else(|| for_one_only(&sides)) {
            return Ok((sides, Some(why)));
        }
        let templates = templates(&sides);
        // Costs are divided by requests only where all sides have them.
        if templates.len() < 2 || sides.iter().any(|side| side.template.is_empty()) {
            return Ok((sides, None));
        }
        let mut why = format!(
            "requests are not known: the templates {} of the metrics source may count different things, and none has requests of all \
             sides",
            templates.join(" and ")
        );
        for template in &templates {
            let asked = questions.iter().zip(&sides);
            let asked = asked.map(|(question, side)| by_template(indicators, who, question, side, template));
            let found = try_join_all(asked).await?;
            if found.iter().all(|side| side.work.is_some()) {
                return Ok((found, None));
            }
            if let Some(unanswered) = unanswered(&found) {
                why = unanswered;
                break;
            }
        }
        Ok((sides.into_iter().map(without_work).collect(), Some(why)))
    }
}

/// A side with its requests by a template, or without any.
async fn by_template(
    indicators: &Indicators,
    who: &Principal,
    question: &Question,
    side: &MeasuredSide,
    template: &str,
) -> Result<MeasuredSide, QueryError> {
    if side.template == template {
        return Ok(side.clone());
    }
    let without = without_work(side.clone());
    match indicators.request_rates_by(who, &question.selector, question.range, template).await {
        Ok(Some(rates)) => without.with_work(rates).await,
        Ok(None) => Ok(without),
        Err(why) => Ok(MeasuredSide { no_requests: Some(why), ..without }),
    }
}

fn without_work(side: MeasuredSide) -> MeasuredSide {
    MeasuredSide { work: None, template: String::new(), ..side }
}

/// Why the source did not answer.
fn unanswered(sides: &[MeasuredSide]) -> Option<String> {
    sides.iter().find_map(|side| side.no_requests.as_ref()).map(ToString::to_string)
}

/// That only one of comparison and baseline has requests, if both have profiles.
fn for_one_only(sides: &[MeasuredSide]) -> Option<String> {
    let [comparison, baseline, ..] = sides else { return None };
    let is_measured = [comparison, baseline].iter().all(|side| !side.times.is_empty());
    let template = match [&*comparison.template, &*baseline.template] {
        ["", ""] => return None,
        ["", template] | [template, ""] => template,
        _ => return None,
    };
    is_measured.then(|| {
        format!(
            "requests are not known: the metrics source has those of one side only, by its template {template}"
        )
    })
}

/// The templates of the sides, each once, that of the comparison first.
fn templates(sides: &[MeasuredSide]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for MeasuredSide { template, .. } in sides {
        if !template.is_empty() && !found.contains(template) {
            found.push(template.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Judged;
    use super::super::world::*;
    use super::*;
    use crate::indicators::made_up::{MadeUp, PATIENT, Reply};
    use flarepath_profile::verdict::Per;

    const OLD: &str = "http_requests_total";
    const NEW: &str = "http_server_request_duration_seconds_count";
    const DAY: i64 = 24 * 60;
    /// The start of the comparison, in seconds.
    const NOW: i64 = START + 60 * 60;

    /// The verdict on an hour, compared with the one that began some minutes before it.
    async fn judged(reply: Reply, minutes_before: i64) -> Judged {
        let world = World::new();
        for from in [60, 60 - minutes_before] {
            world.pod(&[("pod", "a")], from..from + 60, PERIOD, usual).await;
        }
        let (_, indicators) = MadeUp::indicators(reply, PATIENT);
        let querier = world.querier().with_indicators(indicators);
        let comparison = question(CHECKOUT, (60, 120));
        let baselines = given(CHECKOUT, (60 - minutes_before, 120 - minutes_before));
        let (profile_type, now) = (CPU.parse().unwrap(), comparison.range.end);
        querier.verdict(&Principal::local(), &comparison, &baselines, &profile_type, now).await.unwrap()
    }

    fn works(judged: &Judged) -> (Per, [bool; 2]) {
        (judged.verdict.per, judged.verdict.sides.each_ref().map(|side| side.work.is_some()))
    }

    #[tokio::test]
    async fn a_template_that_both_sides_have_divides_costs() {
        let found = judged(Reply::During(&[(OLD, 0, i64::MAX)]), DAY).await;
        assert_eq!((works(&found), &found.notes[..]), ((Per::Work, [true; 2]), &[][..]));
    }

    /// Found first: the new metric for the baseline, and the old one for the comparison.
    #[tokio::test]
    async fn the_template_of_the_other_side_is_tried() {
        let found = judged(Reply::During(&[(NEW, 0, NOW), (OLD, 0, i64::MAX)]), DAY).await;
        assert_eq!((works(&found), &found.notes[..]), ((Per::Work, [true; 2]), &[][..]));
    }

    #[tokio::test]
    async fn requests_by_two_templates_divide_nothing() {
        let found = judged(Reply::During(&[(OLD, 0, NOW), (NEW, NOW, i64::MAX)]), DAY).await;
        assert_eq!(works(&found), (Per::Second, [false; 2]));
        let why = "requests are not known: the templates otel-http and http of the metrics source may count different things, and \
                   none has requests of all sides";
        assert_eq!(found.notes, [why]);
    }

    /// On one day, one look-up may remember its template for the other, which then finds nothing.
    #[tokio::test]
    async fn a_metric_that_takes_over_within_a_day_divides_nothing() {
        let found = judged(Reply::During(&[(OLD, 0, NOW), (NEW, NOW, i64::MAX)]), 60).await;
        assert_eq!(found.verdict.per, Per::Second);
        assert!(
            found.notes.len() == 1 && found.notes[0].starts_with("requests are not known: "),
            "{:?}",
            found.notes
        );
    }

    #[tokio::test]
    async fn requests_of_one_side_divide_nothing() {
        let found = judged(Reply::During(&[(OLD, NOW, i64::MAX)]), DAY).await;
        assert_eq!(found.verdict.per, Per::Second);
        let why =
            "requests are not known: the metrics source has those of one side only, by its template http";
        assert_eq!(found.notes, [why]);
        let found = judged(Reply::Nothing, DAY).await;
        assert_eq!((works(&found), &found.notes[..]), ((Per::Second, [false; 2]), &[][..]));
    }
}
