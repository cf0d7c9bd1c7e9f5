//! [`QueryRequest`]: parameters of a query, with the position of the error when one cannot be parsed.

use super::time::{BadTime, parse_time};
use super::{Format, Params, readable_store};
use crate::app::{App, OneStore};
use crate::auth::Principal;
use crate::http::ApiError;
use crate::http::doc::Doc;
use crate::problem::ProblemKind;
use crate::query::Question;
use crate::selector;
use crate::store::TimeRange;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;
use std::time::Duration;

/// Length of a range without a start.
const DEFAULT_LENGTH: Duration = Duration::from_secs(3600);

/// Names of the parameters of a selection.
pub(crate) struct SelectionParams {
    pub(crate) selector: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
}

const SELECTION: SelectionParams = SelectionParams { selector: "selector", from: "from", until: "until" };

/// A query of profiles: caller, parameters, the store that it reads, response format.
pub(crate) struct QueryRequest {
    pub(crate) who: Principal,
    pub(crate) params: Params,
    pub(crate) store: Arc<OneStore>,
    pub(crate) format: Format,
    now: UnixNanos,
}

impl FromRequestParts<Arc<App>> for QueryRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let who = Principal::from_request_parts(parts, app).await?;
        let format = Format::from_request_parts(parts, app).await?;
        let params = Params::read(&parts.uri)?;
        QueryRequest::new(app, who, params, format)
    }
}

impl QueryRequest {
    fn new(app: &App, who: Principal, params: Params, format: Format) -> Result<QueryRequest, ApiError> {
        let store = readable_store(app, &who, params.get("store"))?;
        Ok(QueryRequest { who, params, store, format, now: app.clock.now() })
    }

    /// A query inside of another request, such as the source of a share.
    ///
    /// # Errors
    /// 400 when it cannot be decoded, 404 when it names a store that the caller may not read.
    pub(crate) fn from_text(app: &App, who: &Principal, query: &str) -> Result<QueryRequest, ApiError> {
        QueryRequest::new(app, who.clone(), Params::from_text(query)?, Format::Json)
    }

    /// The selected profiles: `selector` (default all), `from` (default an hour ago), `until` (default now) and, where the
    /// route accepts them, `spans`. Checks all parameters against `doc` first.
    ///
    /// # Errors
    /// 400 with the position of the error in the parameter.
    pub(crate) fn question(&self, doc: &Doc) -> Result<Question, ApiError> {
        self.params.check(doc)?;
        let mut question = self.question_by(&SELECTION, &SELECTION)?;
        for span in self.params.all("spans").flat_map(|list| list.split(',')).filter(|s| !s.is_empty()) {
            question.spans.push(parse_span_id(span)?);
        }
        Ok(question)
    }

    /// The selected profiles, as [`QueryRequest::question`], and their type, which is required.
    ///
    /// # Errors
    /// 400 with the position of the error in the parameter.
    pub(crate) fn typed_question(&self, doc: &Doc) -> Result<(Question, ProfileType), ApiError> {
        Ok((self.question(doc)?, self.profile_type()?))
    }

    /// The same as [`QueryRequest::question`] with other parameter names; what is absent is taken from `otherwise`.
    ///
    /// # Errors
    /// As [`QueryRequest::question`].
    pub(crate) fn question_by(
        &self,
        named: &SelectionParams,
        otherwise: &SelectionParams,
    ) -> Result<Question, ApiError> {
        let given = |name: &'static str, other| if self.params.get(name).is_some() { name } else { other };
        let text = self.params.get(given(named.selector, otherwise.selector)).unwrap_or("{}");
        let selector = parse_selector(text)?;
        let (from, until) = (given(named.from, otherwise.from), given(named.until, otherwise.until));
        Ok(Question::new(selector, self.range(from, until)?))
    }

    /// The required profile type.
    ///
    /// # Errors
    /// 400 when it is missing or malformed.
    pub(crate) fn profile_type(&self) -> Result<ProfileType, ApiError> {
        self.profile_type_or("type", "type")
    }

    /// The profile type in parameter `name`, or else in `otherwise`.
    ///
    /// # Errors
    /// 400 when it is missing or malformed.
    pub(crate) fn profile_type_or(&self, name: &str, otherwise: &str) -> Result<ProfileType, ApiError> {
        let text = self.params.get(name).or_else(|| self.params.get(otherwise)).unwrap_or_default();
        text.parse().map_err(|e: flarepath_profile::profile_type::InvalidProfileType| {
            ApiError::new(ProblemKind::BadProfileType, e.to_string())
        })
    }

    fn range(&self, from: &str, until: &str) -> Result<TimeRange, ApiError> {
        let end = self.time(until)?.unwrap_or(self.now);
        let start = self.time(from)?.unwrap_or(end.minus(DEFAULT_LENGTH));
        let range = TimeRange { start, end };
        if range.is_empty() {
            let detail = format!("`{until}` must be later than `{from}`; the range would be empty");
            return Err(ApiError::new(ProblemKind::EmptyRange, detail));
        }
        Ok(range)
    }

    fn time(&self, name: &str) -> Result<Option<UnixNanos>, ApiError> {
        let parsed = self.params.get(name).map(|text| parse_time(text, self.now)).transpose();
        parsed.map_err(|e: BadTime| {
            ApiError::new(ProblemKind::BadTime, format!("`{name}`: {e}")).at(e.position)
        })
    }
}

/// A selector within its limits, whose patterns are well-formed. They are compiled where they are matched, off the async
/// threads.
///
/// # Errors
/// 400 with the position of the error.
pub(crate) fn parse_selector(text: &str) -> Result<Selector, ApiError> {
    let selector: Selector = text.parse().map_err(|e: flarepath_profile::selector::InvalidSelector| {
        ApiError::new(ProblemKind::BadSelector, format!("`{text}`: {}", e.message)).at(e.position)
    })?;
    if let Err(bad) = selector::check(&selector) {
        let Some(label) = bad.label() else {
            return Err(ApiError::new(ProblemKind::BadSelector, bad.to_string()));
        };
        let pattern = selector.matchers.iter().find(|m| m.name == label).map_or("", |m| &m.value);
        let position = text.find(pattern).or_else(|| text.find(label)).unwrap_or(0);
        return Err(ApiError::new(ProblemKind::BadSelector, bad.to_string()).at(position));
    }
    Ok(selector)
}

fn parse_span_id(text: &str) -> Result<String, ApiError> {
    if text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    let detail = format!("`spans`: invalid span id `{text}`; expected 16 hexadecimal digits");
    Err(ApiError::new(ProblemKind::BadSpan, detail))
}
