//! Query parameters, checked against the route's description.

use crate::http::ApiError;
use crate::http::doc::{Doc, Param};
use crate::problem::ProblemKind;
use axum::extract::Query;
use axum::http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a query string must escape; `%` begins what is escaped already.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Decoded pairs, in the order given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Parses the query of `uri`.
    ///
    /// # Errors
    /// 400 when it cannot be decoded.
    pub(crate) fn read(uri: &Uri) -> Result<Params, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(bad_query)?;
        Ok(Params(pairs.0))
    }

    /// Parses a query string, with or without `?`, even if not everything is escaped.
    ///
    /// # Errors
    /// 400 when it cannot be decoded.
    pub(crate) fn from_text(query: &str) -> Result<Params, ApiError> {
        let text = utf8_percent_encode(query.trim_start_matches('?'), NOT_IN_QUERIES);
        Params::read(&format!("/?{text}").parse::<Uri>().map_err(bad_query)?)
    }

    /// Checks them against the route's parameters. A misspelled one would otherwise be ignored, and the response would belong to
    /// another query.
    ///
    /// # Errors
    /// 400 for an unknown parameter, one given twice, a missing one.
    pub(crate) fn check(&self, doc: &Doc) -> Result<(), ApiError> {
        let taken = || doc.params.iter().filter(|p| !p.in_path);
        for (name, _) in &self.0 {
            let Some(param) = taken().find(|p| p.name == name) else {
                return Err(unknown(name, taken()));
            };
            if !param.repeated && self.all(name).count() > 1 {
                return Err(ApiError::new(
                    ProblemKind::RepeatedParameter,
                    format!("`{name}` is given more than once"),
                ));
            }
        }
        match taken().find(|p| p.required && self.get(p.name).is_none()) {
            Some(param) => Err(ApiError::new(
                ProblemKind::MissingParameter,
                format!(
                    "`{}` is required: {}; for example {}={}",
                    param.name, param.description, param.name, param.example
                ),
            )),
            None => Ok(()),
        }
    }

    /// The value of `name`; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    /// The same as a slice.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The integer that `param` describes, or its default.
    ///
    /// # Errors
    /// 400 of this kind for anything outside of its bounds.
    pub(crate) fn integer(&self, param: &Param, kind: ProblemKind) -> Result<i64, ApiError> {
        let (least, most) = param.bounds();
        let text = self.get(param.name).or(param.default).unwrap_or_default();
        text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            let detail = format!("`{}`: `{text}` is not an integer from {least} to {most}", param.name);
            ApiError::new(kind, detail)
        })
    }

    /// Whether the flag `param` is `true`.
    ///
    /// # Errors
    /// 400 for anything but `true` and `false`.
    pub(crate) fn flag(&self, param: &Param) -> Result<bool, ApiError> {
        let text = self.get(param.name).or(param.default).unwrap_or_default();
        text.parse().map_err(|_| {
            let detail = format!("`{}`: `{text}` is not true or false", param.name);
            ApiError::new(ProblemKind::BadParameter, detail)
        })
    }

    /// All pairs, in the order given.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of `name`.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

fn bad_query(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(ProblemKind::BadQuery, format!("cannot parse the query string: {error}"))
}

fn unknown<'a>(name: &str, taken: impl Iterator<Item = &'a Param>) -> ApiError {
    let names: Vec<&str> = taken.map(|p| p.name).collect();
    let takes = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    ApiError::new(
        ProblemKind::UnknownParameter,
        format!("unknown parameter `{name}`; this route accepts: {takes}"),
    )
}
