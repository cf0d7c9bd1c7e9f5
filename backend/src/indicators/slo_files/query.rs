//! Queries of the formats → trees over `$w`, and error ratios of them. Pure.
//!
//! An amount of events over a window is exact only for what adds up: sums of counters. Where a format leaves the window to its program,
//! each counter of a query gets the window ([`events`]); other queries are refused.

use super::field::{Field, Problem};
use crate::indicators::promql::{Binary, Expr, Width, parse};

/// The window in queries of Sloth.
const WINDOW: &str = ".window";
const NOT_A_SUM: &str = "expected sums of counters, such as sum(rate(errors_total[5m])): the ratio over another window is exact for \
                         these only. Aggregations by labels, ratios and functions such as histogram_quantile() are not read";

/// The tree of a query in which `{{.window}}` may be written for a window.
///
/// # Errors
/// [`Problem`] with the position of the mistake.
pub(super) fn query(field: &Field<'_>) -> Result<Expr, Problem> {
    let (text, _) = with_window(field.text()?);
    parse(&text).map_err(|error| field.problem(error.to_string()))
}

/// The tree of a query that has `{{.window}}`.
///
/// # Errors
/// [`Problem`], also if it does not have it.
pub(super) fn query_over_window(field: &Field<'_>) -> Result<Expr, Problem> {
    match with_window(field.text()?).1 {
        true => query(field),
        false => {
            Err(field.problem("the query has no `{{.window}}`, so that it is the same for every window"))
        }
    }
}

/// The tree of a query that is one selector.
///
/// # Errors
/// [`Problem`] if it is more than that.
pub(super) fn selector(field: &Field<'_>) -> Result<Expr, Problem> {
    match query(field)? {
        selector @ Expr::Vector(_) => Ok(selector),
        _ => Err(field
            .problem("expected a metric with its matchers, such as http_requests_total{job=\"checkout\"}")),
    }
}

/// The text with `$w` for each `{{.window}}`, filled up so that positions stay those of the text; and whether there is one.
fn with_window(text: &str) -> (String, bool) {
    let (mut replaced, mut rest, mut is_found) = (String::with_capacity(text.len()), text, false);
    while let Some(start) = rest.find("{{") {
        let (before, placeholder) = rest.split_at(start);
        replaced.push_str(before);
        let end = placeholder.find("}}").filter(|end| placeholder[2..*end].trim() == WINDOW);
        let length = end.map_or(2, |end| end + 2);
        match end {
            Some(_) => replaced.push_str(&format!("{:length$}", "$w")),
            None => replaced.push_str(&placeholder[..length]),
        }
        is_found |= end.is_some();
        rest = &placeholder[length..];
    }
    replaced.push_str(rest);
    (replaced, is_found)
}

/// The events that a query counts, over `$w`. A selector without a window is that of a counter, or, if `is_counter` is false, of numbers
/// of events that add up.
///
/// # Errors
/// [`Problem`] if that is not exact.
pub(super) fn events(expr: Expr, is_counter: Option<bool>, field: &Field<'_>) -> Result<Expr, Problem> {
    let inner = |expr: Expr| events(expr, is_counter, field);
    match expr {
        selector @ Expr::Vector(_) => match is_counter {
            Some(true) => Ok(over_window("increase", selector)),
            Some(false) => Ok(over_window("sum_over_time", selector)),
            None => {
                Err(field.problem("the query has no window, and `counter` does not say what its numbers are"))
            }
        },
        Expr::Call { function, mut arguments } if ["rate", "increase"].contains(&function.as_str()) => {
            match (arguments.pop(), arguments.is_empty()) {
                (Some(Expr::Window { of, resolution: None, .. }), true) => Ok(over_window(&function, *of)),
                _ => Err(field.problem(NOT_A_SUM)),
            }
        }
        Expr::Aggregation { operator, grouping: None, mut arguments }
            if operator.eq_ignore_ascii_case("sum") =>
        {
            match (arguments.pop(), arguments.is_empty()) {
                (Some(argument), true) => Ok(sum(inner(argument)?)),
                _ => Err(field.problem(NOT_A_SUM)),
            }
        }
        Expr::Binary(parts) => match *parts {
            Binary { left, operator: operator @ ("+" | "-"), matching: None, right, .. } => {
                Ok(binary(inner(left)?, operator, inner(right)?))
            }
            Binary {
                left,
                operator: operator @ ("*" | "/"),
                matching: None,
                right: right @ Expr::Number(_),
                ..
            } => Ok(binary(inner(left)?, operator, right)),
            // No events are 0 in every ratio below.
            Binary { left, operator: "or", right, .. } if is_zero(&right) => inner(left),
            _ => Err(field.problem(NOT_A_SUM)),
        },
        _ => Err(field.problem(NOT_A_SUM)),
    }
}

/// Whether it is `vector(0)`.
fn is_zero(expr: &Expr) -> bool {
    let Expr::Call { function, arguments } = expr else { return false };
    function == "vector" && arguments[..] == [number("0")]
}

/// A function of a selector over `$w`.
pub(super) fn over_window(function: &str, selector: Expr) -> Expr {
    let window = Expr::Window { of: Box::new(selector), width: Width::RateWindow, resolution: None };
    call(function, vec![window])
}

/// One number for all series.
pub(super) fn sum(expr: Expr) -> Expr {
    Expr::Aggregation { operator: "sum".to_owned(), grouping: None, arguments: vec![expr] }
}

pub(super) fn call(function: &str, arguments: Vec<Expr>) -> Expr {
    Expr::Call { function: function.to_owned(), arguments }
}

pub(super) fn number(text: &str) -> Expr {
    Expr::Number(text.to_owned())
}

/// The part of all events that some are. Both are one number; none at all are 0 of all, and without events there is no part.
pub(super) fn part(some: Expr, all: Expr) -> Expr {
    let some = binary(some, "or", binary(all.clone(), "*", number("0")));
    binary(some, "/", all)
}

/// What is left of everything.
pub(super) fn rest(part: Expr) -> Expr {
    binary(number("1"), "-", part)
}

fn binary(left: Expr, operator: &'static str, right: Expr) -> Expr {
    Expr::Binary(Box::new(Binary { left, operator, is_bool: false, matching: None, right }))
}

#[cfg(test)]
mod tests {
    use super::super::yaml::documents;
    use super::*;
    use crate::indicators::promql::Values;
    use rstest::rstest;

    fn of(query: &str, read: impl Fn(&Field<'_>) -> Result<Expr, Problem>) -> Result<String, String> {
        let document = documents(&serde_json::json!({ "q": query }).to_string()).unwrap();
        let expr = read(&Field::document(&document[0]).get("q"));
        let values = Values { matchers: &[], window_secs: 60, pod: "pod" };
        expr.map(|expr| expr.print(&values)).map_err(|problem| problem.message)
    }

    #[rstest]
    #[case("rate(a[{{.window}}])", "rate(a[60s])")]
    #[case("rate(a[{{ .window }}]) / rate(b[{{.window}}])", "(rate(a[60s]) / rate(b[60s]))")]
    #[case(r#"rate(a{b="{{", c=~"x{2}"}[{{.window}}])"#, r#"rate(a{b="{{", c=~"x{2}"}[60s])"#)]
    fn windows_of_sloth_become_ours(#[case] query: &str, #[case] expected: &str) {
        assert_eq!(of(query, query_over_window).unwrap(), expected);
    }

    #[test]
    fn mistakes_have_their_position_in_the_file() {
        let error = |text: &str| of(text, query_over_window).unwrap_err();
        assert!(error("rate(a[5m])").contains("no `{{.window}}`"));
        let text = "rate(a[{{.window}}]) +";
        let expected = format!("at position {}: expected a selector", text.len());
        assert!(error(text).starts_with(&expected), "{}", error(text));
        let other = error("rate(a[{{.window}}]) / rate(b[{{.range}}])");
        assert!(other.starts_with("at position 32: "), "{other}");
        assert!(of("sum(a)", selector).unwrap_err().contains("a metric with its matchers"));
    }

    #[rstest]
    #[case::counter("sum(a{b=\"c\"})", Some(true), "sum(increase(a{b=\"c\"}[60s]))")]
    #[case::amounts("sum(a)", Some(false), "sum(sum_over_time(a[60s]))")]
    #[case::own_window("sum(rate(a[5m]))", None, "sum(rate(a[60s]))")]
    #[case::sloth_window("sum(increase(a[{{.window}}]))", None, "sum(increase(a[60s]))")]
    #[case::difference(
        "sum(rate(a[5m])) - sum(rate(b[5m]))",
        None,
        "(sum(rate(a[60s])) - sum(rate(b[60s])))"
    )]
    #[case::factor("sum(rate(a[5m])) * 2", None, "(sum(rate(a[60s])) * 2)")]
    #[case::or_nothing("sum(rate(a[5m])) or vector(0)", None, "sum(rate(a[60s]))")]
    fn events_add_up(#[case] query_text: &str, #[case] is_counter: Option<bool>, #[case] expected: &str) {
        assert_eq!(of(query_text, |field| events(query(field)?, is_counter, field)).unwrap(), expected);
    }

    #[rstest]
    #[case("max(a)", Some(true))]
    #[case("sum by (code) (a)", Some(true))]
    #[case("sum(a) / sum(b)", Some(true))]
    #[case("sum(a) or vector(1)", Some(true))]
    #[case("histogram_quantile(0.9, a)", Some(true))]
    #[case("avg_over_time(a[5m])", Some(false))]
    #[case("a offset 1d", Some(true))]
    #[case("rate(a[1h:5m] offset 5m)", None)]
    #[case("1", Some(true))]
    fn other_queries_are_refused(#[case] query_text: &str, #[case] is_counter: Option<bool>) {
        let error = of(query_text, |field| events(query(field)?, is_counter, field)).unwrap_err();
        assert!(error.contains("sums of counters"), "{error}");
    }

    #[test]
    fn what_a_selector_counts_must_be_known() {
        let error = of("sum(a)", |field| events(query(field)?, None, field)).unwrap_err();
        assert!(error.contains("`counter`"), "{error}");
    }

    #[test]
    fn no_bad_events_are_none_of_all() {
        let ratio = of("a", |field| Ok(rest(part(sum(query(field)?), sum(number("2"))))));
        assert_eq!(ratio.unwrap(), "(1 - ((sum(a) or (sum(2) * 0)) / sum(2)))");
    }
}
