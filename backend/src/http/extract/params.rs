//! Parameters of the query string: none unknown, none twice that counts once.

use crate::http::ApiError;
use crate::http::doc::{Doc, Param};
use axum::extract::Query;
use axum::http::Uri;

/// Decoded pairs, in the order given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the query of `uri`.
    ///
    /// # Errors
    /// 400 when it cannot be decoded.
    pub(crate) fn read(uri: &Uri) -> Result<Params, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|e| {
            ApiError::bad_request("bad-query", format!("the query string cannot be read: {e}"))
        })?;
        Ok(Params(pairs.0))
    }

    /// Reads the text of a query, as it stands after `?`, whether or not all is escaped that would have to be.
    ///
    /// # Errors
    /// 400 when it cannot be decoded.
    pub(crate) fn of_text(query: &str) -> Result<Params, ApiError> {
        let plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&b);
        let escape = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        let text = query.trim_start_matches('?').bytes().map(escape).collect::<String>();
        let uri = format!("/?{text}").parse::<Uri>().map_err(|e| {
            ApiError::bad_request("bad-query", format!("the query string cannot be read: {e}"))
        })?;
        Params::read(&uri)
    }

    /// Checks them against what the route takes. A misspelled parameter would otherwise be ignored, and the
    /// answer be one to another question.
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
                return Err(ApiError::bad_request(
                    "repeated-parameter",
                    format!("`{name}` is given more than once"),
                ));
            }
        }
        match taken().find(|p| p.required && self.get(p.name).is_none()) {
            Some(param) => Err(ApiError::bad_request(
                "missing-parameter",
                format!(
                    "`{}` is required: {}; for example {}={}",
                    param.name, param.description, param.name, param.example
                ),
            )),
            None => Ok(()),
        }
    }

    /// The value of `name`; an empty one counts as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
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

fn unknown<'a>(name: &str, taken: impl Iterator<Item = &'a Param>) -> ApiError {
    let names: Vec<&str> = taken.map(|p| p.name).collect();
    let takes = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    ApiError::bad_request(
        "unknown-parameter",
        format!("`{name}` is not a parameter of this route; it takes: {takes}"),
    )
}
