//! Selectors and their matchers.

use super::super::InvalidQuery;
use super::super::expr::{Expr, VectorSelector};
use super::super::lexer::Token;
use super::Parser;
use flarepath_profile::selector::{MatchOp, Matcher};

impl Parser {
    /// A selector whose name, if any, has been read.
    pub(super) fn vector(&mut self, name: Option<String>) -> Result<Expr, InvalidQuery> {
        let start = self.at;
        let mut selector = VectorSelector { name, matchers: Vec::new() };
        if self.takes("{") {
            self.matchers(&mut selector)?;
        }
        let names_one = |m: &Matcher| m.op == MatchOp::Equal && !m.value.is_empty();
        if selector.name.is_none() && !selector.matchers.iter().any(names_one) {
            self.at = start;
            return Err(self.error("a selector needs a name or a matcher with `=`".to_owned()));
        }
        Ok(Expr::Vector(selector))
    }

    fn matchers(&mut self, selector: &mut VectorSelector) -> Result<(), InvalidQuery> {
        let mut is_first = true;
        while !self.takes("}") {
            if !is_first {
                self.expect(",")?;
                if self.takes("}") {
                    return Ok(());
                }
            }
            is_first = false;
            let label = match self.peek().cloned() {
                Some(Token::Subject) => {
                    self.at += 1;
                    continue;
                }
                Some(Token::Name(name) | Token::Text(name)) => name,
                _ => return Err(self.expected("a matcher, $S or `}`")),
            };
            let is_quoted = matches!(self.peek(), Some(Token::Text(_)));
            self.at += 1;
            let op = match self.peek() {
                Some(Token::Symbol("=")) => MatchOp::Equal,
                Some(Token::Symbol("!=")) => MatchOp::NotEqual,
                Some(Token::Symbol("=~")) => MatchOp::Regex,
                Some(Token::Symbol("!~")) => MatchOp::NotRegex,
                // A quoted name alone is that of the metric.
                _ if is_quoted && selector.name.is_none() => {
                    selector.name = Some(label);
                    continue;
                }
                _ => return Err(self.expected("=, !=, =~ or !~")),
            };
            self.at += 1;
            let Some(Token::Text(value)) = self.peek().cloned() else {
                return Err(self.expected("a value in quotes"));
            };
            self.at += 1;
            selector.matchers.push(Matcher { name: label, op, value });
        }
        Ok(())
    }
}
