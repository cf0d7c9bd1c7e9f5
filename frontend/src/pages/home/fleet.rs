//! All services together: what changed in a sentence, and their numbers.

use super::state::HomeState;
use crate::components::summary_line::count;
use crate::components::term::with_term;
use crate::reactive::{Memo, list, shown};
use crate::state::overview::{Fleet, Listed, Overview};
use crate::state::time_range::TimeRange;
use flarepath_profile::units::{Unit, format_share, format_value};
use leptos::prelude::*;

/// The strip above the list.
pub(super) fn fleet(state: HomeState) -> AnyView {
    // Announced only when it says something else.
    let sentence = Memo::new(move || {
        let is_pending = state.listed.with(Listed::is_pending);
        state.first.data.with(|page| page.as_ref().map(|page| headline(page, is_pending)).unwrap_or_default())
    });
    let notes = Memo::new(move || {
        state.first.data.with(|page| page.as_ref().map(|page| page.notes.clone()).unwrap_or_default())
    });
    let numbers = Memo::new(move || state.first.data.with(|page| page.as_ref().map(|page| page.fleet)));
    let note = |text: String| view! { <p class="home-note">{text}</p> }.into_any();
    shown(
        move || state.first.data.with(|page| page.as_ref().is_some_and(|page| page.services > 0)),
        move || {
            view! {
                <section class="fleet" aria-label="All services">
                    <p class="fleet-headline" role="status">{move || sentence.get()}</p>
                    <dl>{move || numbers.get().map(facts)}</dl>
                    {move || list(notes.get().into_iter().map(note))}
                </section>
            }
            .into_any()
        },
    )
}

fn facts(fleet: Fleet) -> AnyView {
    let Fleet { cores, reporting, silent, with_gaps, without_symbols, changed } = fleet;
    let number = |n: u64| format_value(n as f64, &Unit::parse("count"));
    let facts = [
        ("Cores", format_value(cores, &core_seconds()), "Mean of the time range, by CPU profiles."),
        ("Changed", number(changed), "Services with a significant change."),
        (
            "Reporting",
            number(reporting),
            "Services with a profile in the last ten minutes of the time range.",
        ),
        (
            "Silent",
            number(silent),
            "Services with profiles, but none in the last ten minutes of the time range.",
        ),
        (
            "With gaps",
            number(with_gaps),
            "Services without profiles for more than 10 % of the time between their first and their last one.",
        ),
        (
            "Unsymbolized",
            without_symbols.map_or("–".to_owned(), |share| format_share(share, 1.0)),
            "Share of the cost that is in functions without a name.",
        ),
    ];
    let fact = |(name, value, meaning): (&'static str, String, &'static str)| {
        view! { <div title=meaning><dt>{name}</dt><dd>{with_term(&value)}</dd></div> }.into_any()
    };
    list(facts.map(fact))
}

/// The unit of cores: seconds of CPU time in a second.
pub(super) fn core_seconds() -> Unit {
    Unit::of("cpu", "seconds").per_second()
}

/// What changed, in one line.
fn headline(page: &Overview, is_pending: bool) -> String {
    let range =
        page.of.as_ref().and_then(|(question, _)| question.query.range).unwrap_or(TimeRange::LAST_HOUR);
    let label = range.label();
    let when = match label.as_deref().and_then(|label| label.strip_prefix("Last")) {
        Some(length) => format!("in the last{length}"),
        None => "in this time range".to_owned(),
    };
    let services = count(page.services, "service");
    match page.fleet.changed {
        0 if is_pending => {
            format!("No significant change so far {when}; some services have no verdict yet.")
        }
        0 => format!("No significant change {when} in {services}."),
        changed => format!(
            "{} of {services} changed significantly {when}.",
            format_value(changed as f64, &Unit::parse("count"))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::home::HomeQuestion;
    use crate::state::query::Query;
    use crate::state::time_range::Span;

    fn page(services: u64, changed: u64, range: Option<TimeRange>) -> Overview {
        let question = HomeQuestion { query: Query { range, ..Query::default() }, ..HomeQuestion::default() };
        let of = Some((question, Span::of_ms(0, 3_600_000)));
        Overview { services, fleet: Fleet { changed, ..Fleet::default() }, of, ..Overview::default() }
    }

    #[test]
    fn one_line_says_whether_anything_changed() {
        assert_eq!(
            headline(&page(214, 0, None), false),
            "No significant change in the last hour in 214 services."
        );
        assert_eq!(
            headline(&page(1, 0, Some(TimeRange::LAST_15_MINUTES)), false),
            "No significant change in the last 15 minutes in 1 service."
        );
        let past = Some(TimeRange::between_ms(0, 60_000));
        assert_eq!(
            headline(&page(10_000, 3, past), true),
            "3 of 10,000 services changed significantly in this time range."
        );
        assert!(
            headline(&page(5, 0, None), true).starts_with("No significant change so far in the last hour;")
        );
    }

    #[test]
    fn cores_are_cores() {
        assert_eq!(format_value(2.5, &core_seconds()), "2.5 cores");
    }
}
