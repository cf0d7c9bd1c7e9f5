//! The state of the Compare page and how it follows from the address.

use crate::api::Fetch;
use crate::api::compare::{self, DiffAnswer};
use crate::api::explore::{self, TreeAnswer};
use crate::api::request::Ask;
use crate::browser::clock;
use crate::browser::history::Address;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::compare_source::{Source, Sources};
use crate::state::query::Query;
use crate::state::services::{ServiceInfo, complete};
use crate::state::time_range::{Span, TimeRange};
use crate::state::url_text::parse_pairs;
use crate::state::view::HistoryMode;
use flarepath_profile::diff::Side;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct CompareState {
    address: Address,
    /// Both questions with nothing left open, once the services are known.
    pub(crate) sides: Memo<Sides>,
    /// Where both sides come from.
    pub(crate) sources: Memo<Sources>,
    /// What is seen of the answer.
    pub(crate) view: Memo<DiffView>,
    now_ms: RwSignal<i64>,
    /// The difference that the server is asked for; `None` while a question is open or its filter has a mistake, and
    /// where the difference is made here.
    pub(crate) asks: Memo<Option<[Ask; 2]>>,
    /// All services.
    pub(crate) services: Fetch<Vec<ServiceInfo>>,
    /// Both profiles over each other.
    pub(crate) answer: Fetch<DiffAnswer>,
    /// The stored sides, where the difference is made here.
    pub(crate) trees: [Fetch<TreeAnswer>; 2],
}

impl CompareState {
    /// Starts asking what the address asks, and goes on as it changes.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> CompareState {
        let now_ms = RwSignal::new(clock::now_ms());
        let services = Fetch::<Vec<ServiceInfo>>::new();
        let said = Memo::new(move || address.query.with(|text| read(text, Sides::from_params)));
        let view = Memo::new(move || address.query.with(|text| read(text, DiffView::from_params)));
        let sources = Memo::new(move || address.query.with(|text| read(text, Sources::from_params)));
        let sides = Memo::new(move || {
            let plain = sources.with(Sources::is_plain);
            services.data.with(|s| {
                let services = s.as_deref().unwrap_or(&[]);
                if plain {
                    completed(&said.get(), services, now_ms.get())
                } else {
                    filled(&said.get(), services)
                }
            })
        });
        let ask = move |side, second: Option<String>| {
            // Two types are of one question, whatever the baseline was before.
            let of = if second.is_some() { Side::Comparison } else { side };
            let query = sides.with(|s: &Sides| s.of(of).clone());
            let query = if second.is_some() { Query { profile_type: second, ..query } } else { query };
            Ask::new(&query, span_of(&query, now_ms.get())).ok().flatten()
        };
        let asks = Memo::new(move || {
            let both = || Some([ask(Side::Baseline, None)?, ask(Side::Comparison, None)?]);
            sources.with(Sources::is_plain).then(both).flatten()
        });
        let tree_ask = Side::BOTH.map(|side| {
            Memo::new(move || {
                let sources = sources.get();
                let asked = !sources.is_plain() && sources.on(side) == Source::Stored;
                let second = sources.second_type.filter(|_| side == Side::Baseline);
                asked.then(|| ask(side, second)).flatten()
            })
        });
        let (answer, trees) = (Fetch::new(), [Fetch::new(), Fetch::new()]);
        let state = CompareState { address, sides, sources, view, now_ms, asks, services, answer, trees };
        services.start(|_| explore::services());
        effect(move || match state.asks.get() {
            Some(asks) => state.answer.start(|abort| compare::diff(asks, abort)),
            None => state.answer.clear(),
        });
        for (ask, tree) in tree_ask.into_iter().zip(trees) {
            effect(move || match ask.get() {
                Some(ask) => tree.start(|abort| explore::call_tree(ask, abort)),
                None => tree.clear(),
            });
        }
        // What the page chose is written into the address, so that a copied link shows the same elsewhere.
        effect(move || {
            let sides = state.sides.get();
            if sides.comparison.service.is_some() && sides != said.get() {
                address.amend(&state.path(&sides));
            }
        });
        state
    }

    /// Both ends of a side's time.
    pub(crate) fn span(self, side: Side) -> Memo<Span> {
        Memo::new(move || self.sides.with(|s| span_of(s.of(side), self.now_ms.get())))
    }

    /// Compares something else.
    pub(crate) fn go(self, sides: &Sides) {
        self.now_ms.set(clock::now_ms());
        self.address.go(&self.path(sides), HistoryMode::Push);
    }

    fn path(self, sides: &Sides) -> String {
        self.sources.get_untracked().onto(compare_path(sides, &self.view.get_untracked()))
    }

    /// The address of exactly this, with both ends of both times written out.
    pub(crate) fn pinned_path(self) -> String {
        let pinned = |side| {
            let Span { from_ms, until_ms } = self.span(side).get();
            let range = Some(TimeRange::Between { from_ms, until_ms });
            self.sides.with(|s| Query { range, ..s.of(side).clone() })
        };
        let sides = Sides { baseline: pinned(Side::Baseline), comparison: pinned(Side::Comparison) };
        self.sources.get().onto(compare_path(&sides, &self.view.get()))
    }

    /// Takes the sides from elsewhere.
    pub(crate) fn go_sources(self, sources: &Sources) {
        let path = compare_path(&self.sides.get_untracked(), &self.view.get_untracked());
        self.address.go(&sources.onto(path), HistoryMode::Push);
    }

    /// Exchanges the sides.
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
        self.address.go(&sources.swapped(first).onto(path), HistoryMode::Push);
    }

    /// Asks something else on one side.
    pub(crate) fn go_side(self, side: Side, query: Query) {
        self.go(&self.sides.get_untracked().with(side, query));
    }

    /// Shows the same differently.
    pub(crate) fn show(self, view: &DiffView, mode: HistoryMode) {
        let path = compare_path(&self.sides.get_untracked(), view);
        self.address.go(&self.sources.get_untracked().onto(path), mode);
    }

    /// Asks again, up to this moment.
    pub(crate) fn refresh(self) {
        self.services.start(|_| explore::services());
        self.now_ms.set(clock::now_ms());
        if let Some(asks) = self.asks.get_untracked() {
            self.answer.start(|abort| compare::diff(asks, abort));
        }
    }
}

fn span_of(query: &Query, now_ms: i64) -> Span {
    query.range.unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms)
}

/// Fills in what the link leaves open; one that says nothing of a baseline's own is held against the time just before.
fn completed(said: &Sides, services: &[ServiceInfo], now_ms: i64) -> Sides {
    let comparison = complete(&said.comparison, services);
    if comparison.service.is_none() || comparison.profile_type.is_none() {
        return said.clone();
    }
    if said.baseline.range.is_none() && said.comparison.service == said.baseline.service {
        let span = span_of(&comparison, now_ms);
        return Sides::before(&comparison, span, span.length_ms());
    }
    filled(said, services)
}

/// Fills in what the link leaves open from the comparison.
fn filled(said: &Sides, services: &[ServiceInfo]) -> Sides {
    let comparison = complete(&said.comparison, services);
    let open = Query {
        service: said.baseline.service.clone().or(comparison.service.clone()),
        profile_type: comparison.profile_type.clone(),
        range: said.baseline.range.or(comparison.range),
        ..said.baseline.clone()
    };
    Sides { baseline: open, comparison }
}

fn read<T>(text: &str, from_params: impl Fn(&dyn Fn(&str) -> Option<String>) -> T) -> T {
    let pairs = parse_pairs(text);
    from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_a_baseline_is_held_against_the_time_before() {
        let range = Some(TimeRange::Between { from_ms: 7_200_000, until_ms: 10_800_000 });
        let query = Query {
            service: Some("shop".into()),
            profile_type: Some("cpu".into()),
            range,
            ..Query::default()
        };
        let said = Sides { baseline: Query { range: None, ..query.clone() }, comparison: query.clone() };
        let sides = completed(&said, &[], 0);
        assert_eq!(sides.comparison, query);
        assert_eq!(
            sides.baseline.range,
            Some(TimeRange::Between { from_ms: 3_600_000, until_ms: 7_200_000 })
        );
        let versions = sides.with(Side::Baseline, Query { filter: "{}".into(), ..query });
        assert_eq!(completed(&versions, &[], 0), versions, "what the link says is kept");
        let same = Sides { baseline: sides.comparison.clone(), ..sides };
        assert_eq!(completed(&same, &[], 0), same);
    }
}
