//! Windows, subqueries, `offset` and `@`.

use super::super::InvalidQuery;
use super::super::expr::{Expr, Resolution, Shift, Width};
use super::super::lexer::Token;
use super::Parser;

impl Parser {
    /// Windows and shifts after an expression.
    pub(super) fn postfix(&mut self, mut expr: Expr) -> Result<Expr, InvalidQuery> {
        loop {
            if self.takes("[") {
                expr = self.window(expr)?;
            } else if self.takes_word("offset") {
                let is_negative = self.takes("-");
                let width = self.width()?;
                expr = self.shifted(expr, Shift::Offset { is_negative, width })?;
            } else if self.takes("@") {
                let time = self.time()?;
                expr = self.shifted(expr, Shift::At(time))?;
            } else {
                return Ok(expr);
            }
            self.count()?;
        }
    }

    fn window(&mut self, of: Expr) -> Result<Expr, InvalidQuery> {
        let width = self.width()?;
        let resolution = match self.takes(":") {
            true if self.peek() == Some(&Token::Symbol("]")) => Some(Resolution::Usual),
            true => Some(Resolution::Every(self.width()?)),
            false => None,
        };
        self.expect("]")?;
        if resolution.is_none() && !matches!(of, Expr::Vector(_)) {
            return Err(self.error("a window without `:` stands after a selector only".to_owned()));
        }
        Ok(Expr::Window { of: Box::new(of), width, resolution })
    }

    fn shifted(&self, of: Expr, shift: Shift) -> Result<Expr, InvalidQuery> {
        match of {
            Expr::Shifted { of, mut by } => {
                by.push(shift);
                Ok(Expr::Shifted { of, by })
            }
            Expr::Vector(_) | Expr::Window { .. } => Ok(Expr::Shifted { of: Box::new(of), by: vec![shift] }),
            _ => Err(self.error("`offset` and `@` stand after a selector or a subquery only".to_owned())),
        }
    }

    fn width(&mut self) -> Result<Width, InvalidQuery> {
        let width = match self.peek() {
            Some(Token::Duration(text)) => Width::Fixed(text.clone()),
            Some(Token::RateWindow) => Width::RateWindow,
            _ => return Err(self.expected("a duration such as 5m, or $w")),
        };
        self.at += 1;
        Ok(width)
    }

    fn time(&mut self) -> Result<String, InvalidQuery> {
        for word in ["start", "end"] {
            if self.takes_word(word) {
                self.expect("(")?;
                self.expect(")")?;
                return Ok(format!("{word}()"));
            }
        }
        let sign = if self.takes("-") { "-" } else { "" };
        let Some(Token::Number(text)) = self.peek().cloned() else {
            return Err(self.expected("a Unix time, start() or end()"));
        };
        self.at += 1;
        Ok(format!("{sign}{text}"))
    }
}
