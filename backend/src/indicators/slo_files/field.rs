//! [`Field`]: a value of a document with its path, so that a mistake is told with the name of its field.

use super::yaml::{Content, Node};
use crate::config::parse_span;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// A value, or that there is none. Pure.
#[derive(Clone, Debug)]
pub(super) struct Field<'d> {
    node: Option<&'d Node>,
    /// `spec.objectives[0].target`; empty for the document.
    path: String,
}

/// A field with a value that is not understood. The fault of the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) path: String,
    pub(super) message: String,
}

impl<'d> Field<'d> {
    /// All of a document: the path is empty.
    pub(super) fn document(node: &'d Node) -> Field<'d> {
        Field { node: Some(node), path: String::new() }
    }

    /// The value of a key; absent if this is not a map that has it.
    pub(super) fn get(&self, key: &str) -> Field<'d> {
        let node = match self.node.map(|node| &node.content) {
            Some(Content::Map(entries)) => entries.get(key).map(|node| &**node),
            _ => None,
        };
        let dot = if self.path.is_empty() { "" } else { "." };
        Field { node, path: format!("{}{dot}{key}", self.path) }
    }

    /// Whether there is a value.
    pub(super) fn is_present(&self) -> bool {
        self.node.is_some_and(|node| !matches!(node.content, Content::Null))
    }

    /// The values of a list; none if it is absent.
    ///
    /// # Errors
    /// [`Problem`] if it is not a list.
    pub(super) fn items(&self) -> Result<Vec<Field<'d>>, Problem> {
        match self.node.map(|node| &node.content) {
            None | Some(Content::Null) => Ok(Vec::new()),
            Some(Content::List(items)) => Ok(items
                .iter()
                .enumerate()
                .map(|(place, node)| Field { node: Some(node), path: format!("{}[{place}]", self.path) })
                .collect()),
            Some(_) => Err(self.problem("expected a list")),
        }
    }

    /// A text that is not empty.
    ///
    /// # Errors
    /// [`Problem`] if there is none.
    pub(super) fn text(&self) -> Result<&'d str, Problem> {
        self.optional_text()?.ok_or_else(|| self.problem("missing"))
    }

    /// A text that is not empty, if there is a value.
    ///
    /// # Errors
    /// [`Problem`] if it is something else.
    pub(super) fn optional_text(&self) -> Result<Option<&'d str>, Problem> {
        match self.node.map(|node| &node.content) {
            None | Some(Content::Null) => Ok(None),
            Some(Content::Scalar(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(self.problem("expected a text that is not empty")),
        }
    }

    /// `true` or `false`, if there is a value.
    ///
    /// # Errors
    /// [`Problem`] if it is something else.
    pub(super) fn flag(&self) -> Result<Option<bool>, Problem> {
        match self.optional_text()? {
            None => Ok(None),
            Some("true" | "True" | "TRUE") => Ok(Some(true)),
            Some("false" | "False" | "FALSE") => Ok(Some(false)),
            Some(_) => Err(self.problem("expected true or false")),
        }
    }

    /// The part of all events that must be good; written so that `whole` is all of them.
    ///
    /// # Errors
    /// [`Problem`] if it is all or nothing, or not a number between.
    pub(super) fn objective(&self, whole: f64) -> Result<f64, Problem> {
        let expected = format!("expected a number above 0 and below {whole}");
        let number = self.text()?.trim().parse::<f64>();
        match number.map(|number| number / whole) {
            Ok(objective) if 0.0 < objective && objective < 1.0 => Ok(objective),
            Ok(1.0) => {
                Err(self
                    .problem(format!("all events must be good, which leaves no error budget; {expected}")))
            }
            Ok(0.0) => Err(self.problem(format!("all events may be bad; {expected}"))),
            _ => Err(self.problem(expected)),
        }
    }

    /// The period of an objective.
    ///
    /// # Errors
    /// [`Problem`] if it is no span of 1 to 90 days.
    pub(super) fn period(&self) -> Result<Duration, Problem> {
        let text = self.text()?.trim();
        // Months, quarters and years of OpenSLO. Elsewhere `M` is read as a month, too.
        if text.ends_with(['M', 'Q', 'Y']) {
            return Err(self.problem(
                "months, quarters and years are of a calendar; expected 1d to 90d, such as 28d or 4w",
            ));
        }
        let period = parse_span(text).ok().filter(|period| (DAY..=90 * DAY).contains(period));
        period.ok_or_else(|| self.problem("expected 1d to 90d, such as 28d or 4w"))
    }

    /// What is wrong with this value.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml::documents;
    use super::*;
    use rstest::rstest;

    fn of<T>(value: &str, read: impl Fn(&Field<'_>) -> Result<T, Problem>) -> Result<T, String> {
        let all = documents(&format!("a:\n  - b: {value}\n")).unwrap();
        let item = Field::document(&all[0]).get("a").items().unwrap().remove(0);
        read(&item.get("b")).map_err(|Problem { path, message }| format!("{path}: {message}"))
    }

    #[test]
    fn problems_name_the_field() {
        assert_eq!(of("x", |field| field.get("c").text().map(drop)).unwrap_err(), "a[0].b.c: missing");
        assert_eq!(of("x", |field| field.items().map(drop)).unwrap_err(), "a[0].b: expected a list");
        assert_eq!(of("maybe", |field| field.flag()).unwrap_err(), "a[0].b: expected true or false");
        assert_eq!(of("~", |field| field.flag()), Ok(None));
    }

    #[rstest]
    #[case("99.9", 100.0, Ok(0.999))]
    #[case("'99.5'", 100.0, Ok(0.995))]
    #[case("0.99", 1.0, Ok(0.99))]
    #[case("100", 100.0, Err("leaves no error budget"))]
    #[case("1", 1.0, Err("leaves no error budget"))]
    #[case("0", 100.0, Err("all events may be bad"))]
    #[case("-1", 100.0, Err("above 0 and below 100"))]
    #[case("101", 100.0, Err("above 0 and below 100"))]
    #[case("nan", 100.0, Err("above 0 and below 100"))]
    #[case("high", 100.0, Err("above 0 and below 100"))]
    #[case("[1]", 100.0, Err("expected a text"))]
    fn objectives_are_between_nothing_and_everything(
        #[case] value: &str,
        #[case] whole: f64,
        #[case] expected: Result<f64, &str>,
    ) {
        match (of(value, |field| field.objective(whole)), expected) {
            (Ok(found), Ok(expected)) => assert!((found - expected).abs() < 1e-12, "{found}"),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[rstest]
    #[case("4w", Ok(28))]
    #[case("30d", Ok(30))]
    #[case("1h", Err("1d to 90d"))]
    #[case("91d", Err("1d to 90d"))]
    #[case("1M", Err("of a calendar"))]
    #[case("1Q", Err("of a calendar"))]
    fn periods_are_days_and_weeks(#[case] value: &str, #[case] expected: Result<u64, &str>) {
        match (of(value, |field| field.period()), expected) {
            (Ok(found), Ok(days)) => assert_eq!(found, days as u32 * DAY),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, _) => panic!("{found:?}"),
        }
    }
}
