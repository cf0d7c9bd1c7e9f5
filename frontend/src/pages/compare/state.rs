//! The state of the Compare page: sides, sources, view, answers, and where a change leads.

use super::marker_time;
use crate::api::Fetch;
use crate::api::compare::{self, DiffAnswer};
use crate::api::explore::{self, TreeAnswer};
use crate::api::request::ProfileRequest;
use crate::api::verdict::{self, ChosenSides};
use crate::browser::clock;
use crate::browser::history::Address;
use crate::context::utc::Utc;
use crate::pages::question::{PageQuestion, pinned, span_of};
use crate::reactive::{Memo, RwSignal, Signal, effect};
use crate::state::clock_text::Zone;
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::compare_both::common;
use crate::state::compare_source::{Source, Sources};
use crate::state::marker_sides::side_at_marker;
use crate::state::query::Query;
use crate::state::services::{ServiceInfo, complete};
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::verdict::{Verdict, baseline_name};
use crate::state::view::HistoryMode;
use crate::views::timeline::markers::{self, Markers};
use flarepath_profile::diff::Side;
use leptos::prelude::{expect_context, provide_context};

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct CompareState {
    pub(crate) question: PageQuestion<Sides>,
    /// Both questions with nothing left open, once the services are known.
    pub(crate) sides: Memo<Sides>,
    /// Where both sides come from.
    pub(crate) sources: Memo<Sources>,
    pub(crate) view: Memo<DiffView>,
    /// The diff that the server made.
    pub(crate) answer: Fetch<DiffAnswer>,
    /// The verdict on the same sides. The diff does not wait for it.
    pub(crate) verdict: Fetch<Verdict>,
    /// The sides that the server chose, for a link that leaves the baseline open.
    pub(crate) chosen: Fetch<ChosenSides>,
    /// The stored sides, where the browser makes the diff.
    pub(crate) trees: [Fetch<TreeAnswer>; 2],
    /// What happened to the service, also in the hours before.
    pub(crate) markers: Markers,
    /// In which times are shown.
    pub(crate) zone: Signal<Zone>,
}

impl CompareState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> CompareState {
        let now_ms = RwSignal::new(clock::now_ms());
        let view = Memo::new(move || address.query.with(|text| read(text, DiffView::from_params)));
        let sources = Memo::new(move || address.query.with(|text| read(text, Sources::from_params)));
        let (chosen, asked) = (Fetch::<ChosenSides>::new(), RwSignal::new(None::<Query>));
        let question = PageQuestion::new(
            address,
            now_ms,
            |params| Sides::from_params(params),
            move |stated: &Sides, services| match sources.with(Sources::is_plain) {
                true => {
                    let failed = asked.get().filter(|_| chosen.error.with(Option::is_some));
                    chosen
                        .data
                        .with(|c| completed(stated, services, c.as_ref(), failed.as_ref(), now_ms.get()))
                }
                false => filled(stated, services),
            },
        );
        let (answer, verdict, trees) = (Fetch::new(), Fetch::new(), [Fetch::new(), Fetch::new()]);
        let sides = question.query;
        let markers = markers_of(question, sides, sources);
        let utc = expect_context::<Utc>().0;
        let zone = Signal::derive(move || clock::zone(utc.get()));
        let state =
            CompareState { question, sides, sources, view, answer, verdict, chosen, trees, markers, zone };
        state.choose(asked);
        state.fetch();
        question.write_back(move |sides| {
            (sides.comparison.service.is_some() && !sides.is_open()).then(|| state.path(sides))
        });
        state
    }

    /// Lets the server choose the baseline while the link leaves it open; `asked` is set to the question.
    fn choose(self, asked: RwSignal<Option<Query>>) {
        let CompareState { question, sides, sources, .. } = self;
        let open = Memo::new(move || {
            let query = sides.with(|s| s.is_open().then(|| s.comparison.clone()))?;
            let span = span_of(&query, question.now_ms.get());
            let request = ProfileRequest::new(&query, span).ok().flatten()?;
            sources.with(Sources::is_plain).then_some((query, request))
        });
        // The choice stays while it is on screen: it says how the baseline was found.
        effect(move || {
            if let Some((query, request)) = open.get().filter(|_| question.time_problem.with(Option::is_none))
            {
                self.chosen.clear();
                asked.set(Some(query.clone()));
                self.chosen.start(|abort| verdict::choose_sides(query, request, abort));
            }
        });
    }

    /// The baseline in words; `None` while it is being chosen.
    pub(crate) fn baseline_name(self) -> Option<String> {
        let sides = self.sides.get();
        let spans = Side::BOTH.map(|side| span_of(sides.of(side), self.question.now_ms.get()));
        let own = |chosen: &Option<ChosenSides>| {
            let chosen = chosen.as_ref().filter(|chosen| chosen.sides == sides);
            baseline_name(&sides, spans, chosen.map(|chosen| &chosen.verdict))
        };
        let known = || self.name_at_marker(Side::Baseline).unwrap_or_else(|| self.chosen.data.with(own));
        (!sides.is_open()).then(known)
    }

    /// The name of a side where both sides meet at a marker.
    pub(crate) fn name_at_marker(self, side: Side) -> Option<String> {
        let (now_ms, zone) = (self.question.now_ms.get(), self.zone.get());
        let markers = self.markers.answer.data.get()?.markers;
        self.sides.with(|sides| {
            let spans = Side::BOTH.map(|side| span_of(sides.of(side), now_ms));
            side_at_marker(sides, side, spans, &markers, zone)
        })
    }

    /// What is asked about a side, or about its second type.
    fn request(self, side: Side, second_type: Option<String>) -> Option<ProfileRequest> {
        // Two types are of one question, whatever the baseline was before.
        let side = if second_type.is_some() { Side::Comparison } else { side };
        let query = self.sides.with(|s| s.of(side).clone());
        let query = Query { profile_type: second_type.or(query.profile_type.clone()), ..query };
        ProfileRequest::new(&query, span_of(&query, self.question.now_ms.get())).ok().flatten()
    }

    /// What the server is asked about both sides; `None` while a side is open, or where the browser compares.
    pub(crate) fn requests(self) -> Memo<Option<[ProfileRequest; 2]>> {
        let CompareState { sides, sources, .. } = self;
        Memo::new(move || {
            let both = || Some([self.request(Side::Baseline, None)?, self.request(Side::Comparison, None)?]);
            (sources.with(Sources::is_plain) && !sides.with(Sides::is_open)).then(both).flatten()
        })
    }

    fn fetch(self) {
        let CompareState { question, sources, .. } = self;
        let requests = self.requests();
        question.fetch(requests, self.answer, |answer, requests| {
            answer.start(|abort| compare::diff(requests, abort))
        });
        question.fetch(requests, self.verdict, |answer, requests| {
            // Another verdict must not stay above these numbers.
            answer.clear();
            answer.start(|abort| verdict::verdict(requests, abort));
        });
        for (side, tree) in Side::BOTH.into_iter().zip(self.trees) {
            let request = Memo::new(move || {
                let sources = sources.get();
                let stored = !sources.is_plain() && sources.on(side) == Source::Stored;
                let second_type = sources.second_type.filter(|_| side == Side::Baseline);
                stored.then(|| self.request(side, second_type)).flatten()
            });
            question
                .fetch(request, tree, |tree, request| tree.start(|abort| explore::call_tree(request, abort)));
        }
    }

    /// Both ends of a side's time.
    pub(crate) fn span(self, side: Side) -> Memo<Span> {
        Memo::new(move || self.sides.with(|s| span_of(s.of(side), self.question.now_ms.get())))
    }

    /// Compares something else.
    pub(crate) fn go(self, sides: &Sides) {
        self.question.go(&self.path(sides));
    }

    fn path(self, sides: &Sides) -> String {
        self.sources.get_untracked().onto(compare_path(sides, &self.view.get_untracked()))
    }

    /// The address of exactly this, with both ends of both times written out.
    pub(crate) fn pinned_path(self) -> String {
        let side = |side| self.sides.with(|s| pinned(s.of(side), self.span(side).get()));
        let comparison = side(Side::Comparison);
        let sides = match self.sides.with(Sides::is_open) {
            true => Sides::open(&comparison),
            false => Sides { baseline: side(Side::Baseline), comparison },
        };
        self.sources.get().onto(compare_path(&sides, &self.view.get()))
    }

    /// Changes the sources of the sides.
    pub(crate) fn go_sources(self, sources: &Sources) {
        let path = compare_path(&self.sides.get_untracked(), &self.view.get_untracked());
        self.question.address.go(&sources.onto(path), HistoryMode::Push);
    }

    /// Swaps the sides.
    pub(crate) fn swap(self) {
        let (sides, sources) = (self.sides.get_untracked(), self.sources.get_untracked());
        let first = sides.comparison.profile_type.clone();
        let sides = match sources.second_type.clone() {
            // Both types are of one question.
            Some(second) => {
                let comparison = Query { profile_type: Some(second), ..sides.comparison.clone() };
                sides.with(Side::Comparison, comparison)
            }
            None => sides.swapped(),
        };
        let path = compare_path(&sides, &self.view.get_untracked());
        self.question.address.go(&sources.swapped(first).onto(path), HistoryMode::Push);
    }

    /// Changes the question of one side.
    pub(crate) fn go_side(self, side: Side, query: Query) {
        self.go(&self.sides.get_untracked().with(side, query));
    }

    /// Shows the same comparison differently.
    pub(crate) fn show(self, view: &DiffView, mode: HistoryMode) {
        let path = compare_path(&self.sides.get_untracked(), view);
        self.question.address.go(&self.sources.get_untracked().onto(path), mode);
    }
}

/// The markers of the service of the comparison, loaded as the question changes.
fn markers_of(question: PageQuestion<Sides>, sides: Memo<Sides>, sources: Memo<Sources>) -> Markers {
    let now_ms = question.now_ms;
    let about = Memo::new(move || {
        let is_plain = sources.with(Sources::is_plain);
        is_plain.then(|| sides.with(|sides| marker_time::about(sides, now_ms.get()))).flatten()
    });
    let request = Memo::new(move || {
        let query = sides.with(common);
        ProfileRequest::new(&query, span_of(&query, now_ms.get())).ok().flatten()
    });
    let markers = Markers::new(about, request);
    question.fetch(about, markers.answer, markers::load);
    provide_context(markers);
    markers
}

/// Fills in what the link leaves open. A baseline that it does not name stays open until the server has chosen it; for the
/// question for which that `failed`, it is the previous period.
fn completed(
    stated: &Sides,
    services: &[ServiceInfo],
    chosen: Option<&ChosenSides>,
    failed: Option<&Query>,
    now_ms: i64,
) -> Sides {
    let comparison = complete(&stated.comparison, services);
    if comparison.service.is_none() || comparison.profile_type.is_none() {
        return stated.clone();
    }
    if !stated.is_open() {
        return filled(stated, services);
    }
    match chosen.filter(|chosen| chosen.of == comparison) {
        Some(chosen) => chosen.sides.clone(),
        None if failed == Some(&comparison) => {
            let span = span_of(&comparison, now_ms);
            Sides::before(&comparison, span, span.length_ns())
        }
        None => Sides::open(&comparison),
    }
}

/// Fills in what the link leaves open from the comparison.
fn filled(stated: &Sides, services: &[ServiceInfo]) -> Sides {
    let comparison = complete(&stated.comparison, services);
    let open = Query {
        service: stated.baseline.service.clone().or(comparison.service.clone()),
        profile_type: comparison.profile_type.clone(),
        range: stated.baseline.range.or(comparison.range),
        ..stated.baseline.clone()
    };
    Sides { baseline: open, comparison }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::TimeRange;

    fn query(filter: &str, range: Option<TimeRange>) -> Query {
        let (service, profile_type) = (Some("shop".to_owned()), Some("cpu".to_owned()));
        Query { service, profile_type, filter: filter.into(), range, ..Query::default() }
    }

    #[test]
    fn an_open_baseline_is_chosen_by_the_server() {
        let range = Some(TimeRange::between_ms(7_200_000, 10_800_000));
        let stated = Sides::open(&query("", range));
        assert_eq!(completed(&stated, &[], None, None, 0), stated, "open while it is being chosen");
        let sides = Sides {
            baseline: query(r#"{version="1"}"#, range),
            comparison: query(r#"{version="2"}"#, range),
        };
        let of = stated.comparison.clone();
        let chosen = ChosenSides { of, sides: sides.clone(), verdict: Verdict::default() };
        assert_eq!(completed(&stated, &[], Some(&chosen), None, 0), sides);
        assert_eq!(completed(&sides, &[], None, None, 0), sides, "what the link says is kept");
        let other = Sides::open(&query(r#"{pod="a"}"#, range));
        assert!(completed(&other, &[], Some(&chosen), None, 0).is_open(), "chosen for another question");
    }

    #[test]
    fn without_a_choice_the_baseline_is_the_previous_period() {
        let range = Some(TimeRange::between_ms(7_200_000, 10_800_000));
        let asked = query("", range);
        let sides = completed(&Sides::open(&asked), &[], None, Some(&asked), 0);
        let other = Sides::open(&query(r#"{pod="a"}"#, range));
        assert!(completed(&other, &[], None, Some(&asked), 0).is_open(), "failed for another question");
        assert_eq!(sides.comparison, query("", range));
        let before = TimeRange::between_ms(3_600_000, 7_200_000);
        assert_eq!(sides.baseline.range, Some(before));
        let same = Sides { baseline: sides.comparison.clone(), ..sides };
        assert_eq!(
            completed(&same, &[], None, Some(&asked), 0),
            same,
            "the same range on both sides is a choice, too"
        );
    }
}
