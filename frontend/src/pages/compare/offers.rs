//! Baselines to choose from: versions and replicas that the service has, and times with data. Asked for when first needed.

use super::state::CompareState;
use crate::api::explore::{self, Counted};
use crate::api::request::ProfileRequest;
use crate::api::{ApiError, Fetch};
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::compare::Sides;
use crate::state::compare_both::beginnings;
use crate::state::presets::{
    WEEK_NS, against_others, has_data, looking_back, replicas, sides_with_data, slow, value_against, versions,
};
use crate::state::query::Query;
use crate::state::time_range::Span;
use crate::state::timeline::TimelineData;
use flarepath_profile::diff::Side;
use flarepath_profile::labels::{Meaning, pick};

/// Most replicas that are listed, most expensive first.
const OFFERED: usize = 5;

/// What a button says, and the comparison that it opens.
pub(crate) type Offer = (String, Sides);

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Offers {
    /// The question of the comparison.
    query: Memo<Query>,
    /// Its time.
    span: Memo<Span>,
    /// Whether versions and replicas are needed.
    pub(crate) wanted: RwSignal<bool>,
    /// Whether times with data are needed.
    pub(crate) times_wanted: RwSignal<bool>,
    names: Fetch<Vec<Counted>>,
    /// Labels of versions and replicas.
    labels: [Memo<Option<String>>; 2],
    /// Costs of their values.
    by: [Fetch<TimelineData>; 2],
    /// Totals of the comparison's time, and of the week until its end.
    totals: [Fetch<TimelineData>; 2],
}

impl Offers {
    pub(crate) fn new(state: CompareState) -> Offers {
        let comparison = Memo::new(move || state.sides.with(|sides| sides.comparison.clone()));
        Offers::about(comparison, state.span(Side::Comparison))
    }

    /// Baselines for a question at a time.
    pub(crate) fn about(query: Memo<Query>, span: Memo<Span>) -> Offers {
        let (wanted, times_wanted) = (RwSignal::new(false), RwSignal::new(false));
        let names = Fetch::<Vec<Counted>>::new();
        let label = move |meaning: Meaning| {
            names.data.with(|n| {
                let names = n.iter().flatten().map(|c| c.text.as_str());
                pick(names, &[meaning]).map(str::to_owned)
            })
        };
        let labels = [Meaning::Version, Meaning::Instance].map(|meaning| Memo::new(move || label(meaning)));
        let by = [Fetch::new(), Fetch::new()];
        let totals = [Fetch::new(), Fetch::new()];
        let offers = Offers { query, span, wanted, times_wanted, names, labels, by, totals };
        offers.ask();
        offers
    }

    /// The whole service: the filter of the comparison must not hide possible baselines.
    fn service(self) -> Query {
        Query { filter: String::new(), ..self.query.get() }
    }

    /// The time of the comparison, and as much before it: a version that has ended is a baseline, too.
    fn span_of_versions(self) -> Span {
        looking_back(self.span.get())
    }

    fn ask(self) {
        effect(move || {
            if self.wanted.get() {
                let (service, span) = (self.service(), self.span_of_versions());
                let selector = service.selector().unwrap_or_default();
                self.names.start(|_| explore::label_names(service.store, selector, span));
            }
        });
        for (label, values) in self.labels.into_iter().zip(self.by) {
            effect(move || {
                let (Some(label), true) = (label.get(), self.wanted.get()) else { return values.clear() };
                let asked = Query { by: Some(label), ..self.service() };
                if let Ok(Some(request)) = ProfileRequest::new(&asked, self.span_of_versions()) {
                    values.start(|abort| explore::series(request, abort));
                }
            });
        }
        for (by_ns, totals) in [0, WEEK_NS].into_iter().zip(self.totals) {
            effect(move || {
                let span = self.span.get();
                let query = Query { by: None, ..self.query.get() };
                let span = Span { from_ns: (span.from_ns - by_ns).max(0), ..span };
                match ProfileRequest::new(&query, span) {
                    Ok(Some(request)) if self.times_wanted.get() => {
                        totals.start(|abort| explore::series(request, abort));
                    }
                    _ => totals.clear(),
                }
            });
        }
    }

    /// Whether versions and replicas are still to be loaded for the first time. While they are loaded again, those before count.
    pub(crate) fn awaits_labels(self) -> bool {
        let names = self.names.data.with(Option::is_none) && self.names.error.with(Option::is_none);
        let has_type = self.query.with(|query| query.profile_type.is_some());
        let mut labels = self.labels.iter().zip(&self.by).filter(|(label, _)| label.with(Option::is_some));
        let values =
            labels.any(|(_, values)| values.data.with(Option::is_none) && values.error.with(Option::is_none));
        !self.wanted.get() || names || (has_type && values)
    }

    /// Whether an answer is awaited.
    pub(crate) fn is_busy(self) -> bool {
        let unasked = self.times_wanted.get()
            && self.totals.iter().any(|t| t.data.with(Option::is_none) && t.error.with(Option::is_none));
        let pending = self.by.iter().chain(&self.totals).any(|values| values.pending.get());
        unasked || pending || self.names.pending.get()
    }

    /// Why something could not be loaded.
    pub(crate) fn error(self) -> Option<ApiError> {
        let mut values = self.by.iter().chain(&self.totals);
        self.names.error.get().or_else(|| values.find_map(|values| values.error.get()))
    }

    /// The label of versions, the version before and the newest one, and the time in which they were looked for.
    ///
    /// # Errors
    /// Why there are no two.
    pub(crate) fn versions(self) -> Result<(String, [String; 2], Span), String> {
        let (Some(label), Some(data)) = (self.labels[0].get(), self.by[0].data.get()) else {
            return Err("No version label found.".to_owned());
        };
        let pair = versions(&data).ok_or_else(|| format!("Only one {label} in this time range."))?;
        Ok((label, pair, data.span))
    }

    /// The newest version against the one before it.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn version(self) -> Result<Offer, String> {
        let (label, pair, span) = self.versions()?;
        let text = format!("{label} {} vs. previous {}", pair[1], pair[0]);
        Ok((text, value_against(&self.service(), &label, &pair, span)))
    }

    /// The label of replicas, and those with their costs, most expensive first.
    ///
    /// # Errors
    /// Why there are no two.
    fn all_replicas(self) -> Result<(String, Vec<(String, f64)>), String> {
        let (Some(label), Some(data)) = (self.labels[1].get(), self.by[1].data.get()) else {
            return Err("No replica label found.".to_owned());
        };
        let all = replicas(&data);
        if all.len() < 2 {
            return Err("Only one replica in this time range.".to_owned());
        }
        Ok((label, all))
    }

    /// The label of replicas, and those that cost clearly more than the others.
    ///
    /// # Errors
    /// Why there are none.
    pub(crate) fn slow_replicas(self) -> Result<(String, Vec<String>), String> {
        let (label, all) = self.all_replicas()?;
        match slow(&all) {
            none if none.is_empty() => Err("No replica costs clearly more than the others.".to_owned()),
            slow => Ok((label, slow)),
        }
    }

    /// Slow replicas, and then each of the most expensive ones, against the others.
    ///
    /// # Errors
    /// Why there are none.
    pub(crate) fn replicas(self) -> Result<(Result<Offer, String>, Vec<Offer>), String> {
        let (label, all) = self.all_replicas()?;
        let (slow, query) = (slow(&all), self.service());
        let slow_ones = match slow.len() {
            0 => Err("No slow replicas.".to_owned()),
            n => Ok((
                format!("{n} slow of {} vs. the others", all.len()),
                against_others(&query, &label, &slow),
            )),
        };
        let each = all.iter().take(OFFERED).map(|(name, _)| {
            (format!("{name} vs. the others"), against_others(&query, &label, std::slice::from_ref(name)))
        });
        Ok((slow_ones, each.collect()))
    }

    /// When the versions of the service began that were not there from the start.
    pub(crate) fn beginnings(self) -> Vec<(i64, String)> {
        self.by[0].data.with(|data| data.as_ref().map(beginnings).unwrap_or_default())
    }

    /// Whether a label tells replicas apart; `false` until that is known.
    pub(crate) fn tells_replicas_apart(self) -> bool {
        self.labels[1].with(Option::is_some)
    }

    /// Whether there are profiles of the time so much earlier; `None` until that is known.
    pub(crate) fn has_data_before(self, by_ns: i64) -> Option<bool> {
        let span = self.span.get();
        self.totals[1].data.with(|week| week.as_ref().map(|week| has_data(week, span.earlier(by_ns))))
    }

    /// Comparisons of which both sides have data, most likely first.
    pub(crate) fn with_data(self) -> Vec<Offer> {
        let span = self.span.get();
        let query = self.query.get();
        let [here, week] = self.totals.map(|totals| totals.data.get());
        let times = here.zip(week).map(|(here, week)| sides_with_data(&query, span, &here, &week));
        self.version().into_iter().chain(times.into_iter().flatten()).collect()
    }
}
