//! Translation of selections into conditions of SQL. Pure.
//!
//! The label that names the service is the column `service` of every table, and the first of its sorting key. Conditions on
//! other labels are asked of the table `series`, whose ids the other tables have: a map gives the empty text for a label that
//! is absent, which is what matchers mean by it. Bounds are an OR of ANDs in one statement, so that series that several of
//! them match count once.

use super::hours::{begin_ns, covering, inside};
use super::pattern::anchored;
use super::values::Values;
use crate::store::{Selection, StoreError, TimeRange};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};

/// The conditions of one question, and the values that they are bound to.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    pub(super) values: Values,
    /// On `series`: the selector and the bounds.
    pub(super) labels: String,
    /// On any table: the matchers of the selector that are about the service.
    pub(super) service: String,
    /// On tables with a column `series`: the same as `labels`.
    pub(super) series: String,
}

impl Conditions {
    /// `None` if the selection selects nothing, whatever is stored.
    ///
    /// # Errors
    /// [`StoreError::Unsupported`] of patterns that ClickHouse reads differently.
    pub(super) fn new(selection: &Selection) -> Result<Option<Conditions>, StoreError> {
        let bounds: Option<Vec<&Selector>> = selection.bounds().map(Iterator::collect);
        if selection.range.is_empty() || bounds.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let mut values = Values::default();
        let matchers = &selection.selector().matchers;
        let (of_service, others): (Vec<&Matcher>, Vec<&Matcher>) =
            matchers.iter().partition(|m| is_of_service(m));
        let service = all(&of_service, &mut values)?;
        let mut labels = format!("{service} AND {}", all(&others, &mut values)?);
        let bounds = bounds.unwrap_or_default();
        let within = bounds
            .iter()
            .map(|bound| all(&bound.matchers.iter().collect::<Vec<_>>(), &mut values))
            .collect::<Result<Vec<_>, _>>()?;
        if !within.is_empty() {
            labels = format!("{labels} AND (({}))", within.join(") OR ("));
        }
        let only_service =
            others.is_empty() && bounds.iter().all(|bound| bound.matchers.iter().all(is_of_service));
        let series = match only_service {
            true => labels.clone(),
            false => format!("{service} AND series IN (SELECT series FROM series WHERE {labels})"),
        };
        Ok(Some(Conditions { values, labels, service, series }))
    }

    /// On tables with a column `type`.
    pub(super) fn of_type(&mut self, profile_type: &ProfileType) -> String {
        format!("type = {}", self.values.text(&profile_type.to_string()))
    }

    /// On tables with a column `start`: the profiles that start in a range. Hours narrow down what is read.
    pub(super) fn starts(&mut self, range: TimeRange) -> String {
        let hours = self.hours(range);
        let (start, end) = (self.values.i64(range.start.0), self.values.i64(range.end.0));
        format!("{hours} AND start >= {start} AND start < {end}")
    }

    /// On tables with a column `hour`: all hours that a range reaches into.
    pub(super) fn hours(&mut self, range: TimeRange) -> String {
        let (first, last) = covering(range);
        format!("hour >= {} AND hour <= {}", self.hour(first), self.hour(last))
    }

    /// The hours that lie in a range as a whole, as a condition on `hour`, and the rest of it, as one on `start`.
    pub(super) fn whole_hours(&mut self, range: TimeRange) -> Option<(String, String)> {
        let (first, end) = inside(range)?;
        let (first_ns, end_ns) = (self.values.i64(begin_ns(first)), self.values.i64(begin_ns(end)));
        let (first, end) = (self.hour(first), self.hour(end));
        let edges = format!(
            "{} AND (hour < {first} OR hour >= {end}) AND (start < {first_ns} OR start >= {end_ns})",
            self.starts(range)
        );
        Some((format!("hour >= {first} AND hour < {end}"), edges))
    }

    /// On `samples`: those of the spans of a selection; none if it names none.
    pub(super) fn spans(&mut self, selection: &Selection) -> Option<String> {
        if selection.spans.is_empty() {
            return None;
        }
        let spans = selection.spans.iter().filter_map(|span| span_number(span));
        Some(format!("span IN {}", self.values.numbers(spans)))
    }

    fn hour(&mut self, hour: u32) -> String {
        format!("toDateTime({}, 'UTC')", self.values.u32(hour))
    }
}

/// The number of a span, by its id in hexadecimal digits; none for other texts, and for 0, which no span has.
pub(super) fn span_number(id: &str) -> Option<u64> {
    u64::from_str_radix(id, 16).ok().filter(|number| *number != 0)
}

/// The expression of a label.
pub(super) fn label(name: &str, values: &mut Values) -> String {
    match name {
        SERVICE_NAME => "service".to_owned(),
        name => format!("labels[{}]", values.text(name)),
    }
}

fn is_of_service(matcher: &Matcher) -> bool {
    matcher.name == SERVICE_NAME
}

/// All of some matchers.
fn all(matchers: &[&Matcher], values: &mut Values) -> Result<String, StoreError> {
    let conditions = matchers.iter().map(|m| condition(m, values)).collect::<Result<Vec<_>, _>>()?;
    Ok(if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") })
}

fn condition(matcher: &Matcher, values: &mut Values) -> Result<String, StoreError> {
    let label = label(&matcher.name, values);
    Ok(match matcher.op {
        MatchOp::Equal => format!("{label} = {}", values.text(&matcher.value)),
        MatchOp::NotEqual => format!("{label} != {}", values.text(&matcher.value)),
        MatchOp::Regex => format!("match({label}, {})", values.text(&anchored(&matcher.value)?)),
        MatchOp::NotRegex => format!("NOT match({label}, {})", values.text(&anchored(&matcher.value)?)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(selector: &str, bounds: Option<&[&str]>) -> Option<Conditions> {
        let selection = Selection::new(&selector.parse().unwrap(), TimeRange::nanos(5, 9)).unwrap();
        let selection = match bounds {
            None => selection,
            Some(bounds) => {
                let bounds: Vec<Selector> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
                selection.within(&bounds).unwrap()
            }
        };
        Conditions::new(&selection).unwrap()
    }

    #[test]
    fn matchers_of_the_service_need_no_series() {
        let found = conditions(r#"{service_name="cart"}"#, None).unwrap();
        assert_eq!(found.series, "service = {p0:String} AND true");
        let found = conditions("{}", Some(&[r#"{service_name=~"a.*"}"#, r#"{service_name!="b"}"#])).unwrap();
        assert_eq!(
            found.series,
            "true AND true AND ((match(service, {p0:String})) OR (service != {p1:String}))"
        );
    }

    #[test]
    fn other_labels_are_asked_of_the_series() {
        let found =
            conditions(r#"{pod!~"x", service_name="cart"}"#, Some(&[r#"{team="a", env=""}"#, "{}"])).unwrap();
        assert_eq!(
            found.labels,
            "service = {p0:String} AND NOT match(labels[{p1:String}], {p2:String}) AND \
             ((labels[{p3:String}] = {p4:String} AND labels[{p5:String}] = {p6:String}) OR (true))"
        );
        assert_eq!(
            found.series,
            format!(
                "service = {{p0:String}} AND series IN (SELECT series FROM series WHERE {})",
                found.labels
            )
        );
        assert!(found.values.url().contains("&param_p2=%5E%28%3Fs%3Ax%29%24&param_p3=team"));
    }

    #[test]
    fn bounds_without_a_selector_and_empty_ranges_select_nothing() {
        assert!(conditions("{}", Some(&[])).is_none());
        let nothing = Selection::new(&Selector::default(), TimeRange::nanos(9, 9)).unwrap();
        assert!(Conditions::new(&nothing).unwrap().is_none());
    }

    #[test]
    fn spans_are_numbers() {
        assert_eq!(span_number("00000000000000ff"), Some(255));
        assert_eq!([span_number("0000000000000000"), span_number("no"), span_number("")], [None; 3]);
    }
}
