//! The tokens that are left to a parser.

use super::super::InvalidQuery;
use super::super::lexer::Token;
use super::Parser;

impl Parser {
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    /// Whether the next token is this symbol, which is then passed.
    pub(super) fn takes(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Name(found)) if found.eq_ignore_ascii_case(word));
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), InvalidQuery> {
        if self.takes(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    pub(super) fn expected(&self, what: &str) -> InvalidQuery {
        self.error(format!("expected {what}"))
    }

    pub(super) fn error(&self, message: String) -> InvalidQuery {
        let position = self.tokens.get(self.at).map_or(self.end, |(position, _)| *position);
        InvalidQuery { position, message }
    }
}
