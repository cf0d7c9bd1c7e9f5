//! Series, label names and services, from Pyroscope's indexes.
//!
//! They are kept by block, so a series may be listed that has profiles shortly before or after the range and none in it. When
//! its newest profile starts they do not tell: the last instant of the range stands for it. Of a range that would take more questions
//! than there may be, such as all of time, the last week is looked through.

use super::client::{LABEL_NAMES, LABEL_VALUES, MOST_VALUES, PROFILE_TYPES, Room, SERIES, compute, each};
use super::grid::Millis;
use super::messages::{
    LabelNamesRequest, LabelValuesRequest, NamesAnswer, ProfileTypesRequest, SeriesAnswer, SeriesRequest,
};
use super::{PyroscopeStore, Question, translate};
use crate::store::{Selection, SeriesInfo, StoreError, TimeRange};
use crate::work::CancelToken;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use std::collections::BTreeSet;
use std::time::Duration;

/// How far back services and series of all time are looked for: as far as a store lets queries reach unless it is configured otherwise.
const LOOK_BACK: Duration = Duration::from_secs(7 * 86_400);
/// How far a profile may be ahead of this server's clock.
const AHEAD: Duration = Duration::from_nanos(10 * MINUTE_NS as u64);
/// The range of a check.
const RECENT: Duration = Duration::from_nanos(MINUTE_NS as u64);

impl PyroscopeStore {
    pub(super) async fn list_series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        let room = &Room::of(MOST_VALUES);
        let ask = |Question { selector, part }: Question| async move {
            let request = SeriesRequest { matchers: vec![selector], start: part.start, end: part.last() };
            let answer: SeriesAnswer = self.client.call(&SERIES, &request, &selection.cancel).await?;
            room.take(answer.labels_set.iter().map(|set| set.labels.len()).sum())?;
            Ok::<_, StoreError>(answer)
        };
        let range = self.looked_through(selection.range);
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let answers = each(self.questions_of(range, selection)?, ask).await?;
        let newest = UnixNanos(selection.range.end.0.saturating_sub(1));
        let series = compute(move || translate::series(answers, newest)).await?;
        series.map_err(|reason| self.client.invalid(reason))
    }

    /// Names of all labels of the selected series.
    pub(super) async fn label_names(&self, selection: &Selection) -> Result<Vec<String>, StoreError> {
        let room = &Room::of(MOST_VALUES);
        let ask = |Question { selector, part }: Question| async move {
            let request = LabelNamesRequest { matchers: vec![selector], start: part.start, end: part.last() };
            let answer: NamesAnswer = self.client.call(&LABEL_NAMES, &request, &selection.cancel).await?;
            room.take(answer.names.len())?;
            Ok::<_, StoreError>(answer)
        };
        let answers = each(self.questions(selection)?, ask).await?;
        let names = answers.into_iter().flat_map(|answer| answer.names);
        let external: BTreeSet<String> = names.filter(|name| !translate::is_internal(name)).collect();
        Ok(external.into_iter().collect())
    }

    /// Whether the service has profiles of the last week.
    pub(super) async fn lists_service(&self, service: &str) -> Result<bool, StoreError> {
        let (name, value) = (SERVICE_NAME.to_owned(), service.to_owned());
        let selector = Selector { matchers: vec![Matcher { name, op: MatchOp::Equal, value }] }.to_string();
        for part in Millis::of(self.last_week()).parts(self.longest_ms)?.into_iter().rev() {
            let request = LabelValuesRequest {
                name: SERVICE_NAME.to_owned(),
                matchers: vec![selector.clone()],
                start: part.start,
                end: part.last(),
            };
            let answer: NamesAnswer =
                self.client.call(&LABEL_VALUES, &request, &CancelToken::default()).await?;
            if answer.names.iter().any(|found| found == service) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The range, or its part in the last week if it would take more questions than there may be.
    fn looked_through(&self, range: TimeRange) -> TimeRange {
        if Millis::of(range).parts(self.longest_ms).is_ok() {
            return range;
        }
        let week = self.last_week();
        TimeRange { start: range.start.max(week.start), end: range.end.min(week.end) }
    }

    fn last_week(&self) -> TimeRange {
        let now = self.clock.now();
        TimeRange { start: now.minus(LOOK_BACK), end: now.plus(AHEAD) }
    }

    /// Asks for the profile types of the last minute.
    pub(super) async fn probe(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Millis { start, end } = Millis::of(TimeRange { start: now.minus(RECENT), end: now });
        let request = ProfileTypesRequest { start, end };
        self.client.ask(&PROFILE_TYPES, &request, &CancelToken::default()).await.map(drop)
    }
}
