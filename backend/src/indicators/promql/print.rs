//! Printer: a tree, and the matchers that every selector gets, → text.
//!
//! Operands are always in parentheses, so that no precedence matters.

use super::expr::{Binary, Expr, Grouping, LabelName, Matching, Resolution, Shift, VectorSelector, Width};
use flarepath_profile::selector::{Matcher, Name, Quoted};
use std::fmt::Write;

/// What takes the place of placeholders, and is added to every selector.
#[derive(Clone, Debug)]
pub(crate) struct Values<'a> {
    /// Matchers that every selector gets: those of the service, and the caller's bounds.
    pub(crate) matchers: &'a [Matcher],
    /// The window of rates, in seconds.
    pub(crate) window_secs: i64,
    /// Name of the label that tells pods apart.
    pub(crate) pod: &'a str,
}

impl Expr {
    /// The query with these values.
    pub(crate) fn print(&self, values: &Values<'_>) -> String {
        let mut printer = Printer { text: String::new(), values };
        printer.expr(self);
        printer.text
    }
}

/// Whether every version of Prometheus takes a name without quotes.
fn is_classic(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    name.starts_with(|c: char| is_part(c) && !c.is_ascii_digit()) && name.chars().all(is_part)
}

struct Printer<'a> {
    text: String,
    values: &'a Values<'a>,
}

impl Printer<'_> {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Number(text) => self.push(text),
            Expr::Text(text) => self.quoted(text),
            Expr::Vector(selector) => self.vector(selector),
            Expr::Window { of, width, resolution } => self.window(of, width, resolution.as_ref()),
            Expr::Shifted { of, by } => {
                self.expr(of);
                by.iter().for_each(|shift| self.shift(shift));
            }
            Expr::Call { function, arguments } => {
                self.push(function);
                self.arguments(arguments);
            }
            Expr::Aggregation { operator, grouping, arguments } => {
                self.push(operator);
                if let Some(Grouping { is_without, labels }) = grouping {
                    self.push(if *is_without { " without " } else { " by " });
                    self.labels(labels);
                    self.push(" ");
                }
                self.arguments(arguments);
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Negated(of) => {
                // A power binds more tightly than the sign.
                self.push("(-(");
                self.expr(of);
                self.push("))");
            }
        }
    }

    fn vector(&mut self, selector: &VectorSelector) {
        // Names that are not classic stand among the matchers, in quotes.
        let classic = selector.name.as_deref().filter(|name| is_classic(name));
        let quoted = selector.name.as_deref().filter(|_| classic.is_none());
        self.push(classic.unwrap_or_default());
        let matchers = selector.matchers.iter().chain(self.values.matchers).map(Matcher::to_string);
        let all: Vec<String> =
            quoted.map(|name| Quoted(name).to_string()).into_iter().chain(matchers).collect();
        if !all.is_empty() || classic.is_none() {
            self.push("{");
            self.push(&all.join(", "));
            self.push("}");
        }
    }

    fn window(&mut self, of: &Expr, width: &Width, resolution: Option<&Resolution>) {
        match of {
            Expr::Vector(selector) => self.vector(selector),
            other => {
                self.push("(");
                self.expr(other);
                self.push(")");
            }
        }
        self.push("[");
        self.width(width);
        if let Some(resolution) = resolution {
            self.push(":");
            if let Resolution::Every(width) = resolution {
                self.width(width);
            }
        }
        self.push("]");
    }

    fn shift(&mut self, shift: &Shift) {
        match shift {
            Shift::Offset { is_negative, width } => {
                self.push(if *is_negative { " offset -" } else { " offset " });
                self.width(width);
            }
            Shift::At(time) => {
                self.push(" @ ");
                self.push(time);
            }
        }
    }

    fn binary(&mut self, Binary { left, operator, is_bool, matching, right }: &Binary) {
        self.push("(");
        self.expr(left);
        self.push(" ");
        self.push(operator);
        self.push(if *is_bool { " bool " } else { " " });
        if let Some(Matching { is_ignoring, labels, group }) = matching {
            self.push(if *is_ignoring { "ignoring " } else { "on " });
            self.labels(labels);
            self.push(" ");
            if let Some((side, labels)) = group {
                self.push(side);
                self.push(" ");
                self.labels(labels);
                self.push(" ");
            }
        }
        self.expr(right);
        self.push(")");
    }

    fn arguments(&mut self, arguments: &[Expr]) {
        self.push("(");
        for (place, argument) in arguments.iter().enumerate() {
            if place > 0 {
                self.push(", ");
            }
            self.expr(argument);
        }
        self.push(")");
    }

    fn labels(&mut self, labels: &[LabelName]) {
        let name = |label: &LabelName| match label {
            LabelName::Named(name) => Name(name).to_string(),
            LabelName::Pod => Name(self.values.pod).to_string(),
        };
        let names: Vec<String> = labels.iter().map(name).collect();
        self.push("(");
        self.push(&names.join(", "));
        self.push(")");
    }

    fn width(&mut self, width: &Width) {
        match width {
            Width::Fixed(text) => self.push(text),
            Width::RateWindow => {
                let secs = self.values.window_secs;
                // Writing to a string cannot fail.
                let _ = write!(self.text, "{secs}s");
            }
        }
    }

    fn quoted(&mut self, text: &str) {
        self.push(&Quoted(text).to_string());
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}
