//! Lists of labels: of aggregations, and of series that are paired.

use super::super::InvalidQuery;
use super::super::expr::{Grouping, LabelName, Matching};
use super::super::lexer::Token;
use super::Parser;

impl Parser {
    pub(super) fn grouping(&mut self) -> Result<Option<Grouping>, InvalidQuery> {
        let is_without = self.takes_word("without");
        if !is_without && !self.takes_word("by") {
            return Ok(None);
        }
        Ok(Some(Grouping { is_without, labels: self.labels()? }))
    }

    pub(super) fn matching(&mut self) -> Result<Option<Matching>, InvalidQuery> {
        let is_ignoring = self.takes_word("ignoring");
        if !is_ignoring && !self.takes_word("on") {
            return Ok(None);
        }
        let labels = self.labels()?;
        let mut group = None;
        for side in ["group_left", "group_right"] {
            if self.takes_word(side) {
                let taken = match self.peek() == Some(&Token::Symbol("(")) {
                    true => self.labels()?,
                    false => Vec::new(),
                };
                group = Some((side, taken));
                break;
            }
        }
        Ok(Some(Matching { is_ignoring, labels, group }))
    }

    fn labels(&mut self) -> Result<Vec<LabelName>, InvalidQuery> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            if !labels.is_empty() {
                self.expect(",")?;
            }
            let label = match self.peek().cloned() {
                Some(Token::Name(name) | Token::Text(name)) => LabelName::Named(name),
                Some(Token::Pod) => LabelName::Pod,
                _ => return Err(self.expected("the name of a label")),
            };
            self.at += 1;
            labels.push(label);
        }
        Ok(labels)
    }
}
