//! Parser: tokens → tree, by recursive descent. Depth and length are bounded.

mod cursor;
mod labels;
mod selector;
mod window;

use super::InvalidQuery;
use super::expr::{Binary, Expr};
use super::lexer::{Token, tokens};

/// Bytes of a query.
pub(super) const MAX_BYTES: usize = 8192;
/// Expressions within each other.
const MAX_DEPTH: usize = 64;
/// Operators, windows and shifts of a query: a tree of them can be as deep as there are of them.
const MAX_PARTS: usize = 256;

const AGGREGATIONS: [&str; 14] = [
    "sum",
    "avg",
    "count",
    "min",
    "max",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "count_values",
    "quantile",
    "limitk",
    "limit_ratio",
];
/// Words that are no names of metrics.
const KEYWORDS: [&str; 14] = [
    "and",
    "or",
    "unless",
    "atan2",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "offset",
    "bool",
    "start",
    "end",
];
/// Binary operators with their precedence; the higher binds tighter.
const OPERATORS: [(&str, u8); 16] = [
    ("or", 1),
    ("and", 2),
    ("unless", 2),
    ("==", 3),
    ("!=", 3),
    (">=", 3),
    ("<=", 3),
    (">", 3),
    ("<", 3),
    ("+", 4),
    ("-", 4),
    ("*", 5),
    ("/", 5),
    ("%", 5),
    ("atan2", 5),
    ("^", POWER),
];
const COMPARISON: u8 = 3;
const POWER: u8 = 6;

/// The tree of a query.
///
/// # Errors
/// [`InvalidQuery`]: whatever is not understood is refused.
pub(crate) fn parse(text: &str) -> Result<Expr, InvalidQuery> {
    if text.len() > MAX_BYTES {
        let message = format!("the query has {} bytes; at most {MAX_BYTES} are allowed", text.len());
        return Err(InvalidQuery { position: MAX_BYTES, message });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), depth: 0, parts: 0 };
    let expr = parser.expr(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(expr),
        Some(_) => Err(parser.expected("the end of the query, or an operator")),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    depth: usize,
    parts: usize,
}

impl Parser {
    /// Operands joined by operators of at least this precedence.
    fn expr(&mut self, least: u8) -> Result<Expr, InvalidQuery> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("more than {MAX_DEPTH} expressions within each other")));
        }
        let mut left = self.unary()?;
        while let Some((operator, precedence)) = self.operator().filter(|(_, found)| *found >= least) {
            self.at += 1;
            self.count()?;
            let is_bool = precedence == COMPARISON && self.takes_word("bool");
            let matching = self.matching()?;
            // Powers group from the right.
            let right = self.expr(if precedence == POWER { POWER } else { precedence + 1 })?;
            left = Expr::Binary(Box::new(Binary { left, operator, is_bool, matching, right }));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let written = match self.peek()? {
            Token::Symbol(symbol) => *symbol,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        OPERATORS.into_iter().find(|(operator, _)| operator.eq_ignore_ascii_case(written))
    }

    /// `-a ^ b` is `-(a ^ b)`.
    fn unary(&mut self) -> Result<Expr, InvalidQuery> {
        if self.takes("-") {
            return Ok(Expr::Negated(Box::new(self.expr(POWER)?)));
        }
        if self.takes("+") {
            return self.expr(POWER);
        }
        let primary = self.primary()?;
        self.postfix(primary)
    }

    fn primary(&mut self) -> Result<Expr, InvalidQuery> {
        if self.takes("(") {
            let inner = self.expr(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.peek() == Some(&Token::Symbol("{")) {
            return self.vector(None);
        }
        match self.peek().cloned() {
            Some(Token::Number(text)) => {
                self.at += 1;
                Ok(Expr::Number(text))
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(Expr::Text(text))
            }
            Some(Token::Name(name)) => self.named(name),
            _ => Err(self.expected("a selector, a function, a number or a string")),
        }
    }

    /// What begins with a name.
    fn named(&mut self, name: String) -> Result<Expr, InvalidQuery> {
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&name));
        if is(&["inf", "nan"]) {
            self.at += 1;
            return Ok(Expr::Number(name));
        }
        if is(&KEYWORDS) {
            return Err(self.expected("a selector, a function, a number or a string"));
        }
        let next = self.tokens.get(self.at + 1).map(|(_, token)| token);
        let is_grouped = matches!(next, Some(Token::Name(word)) if ["by", "without"]
            .iter()
            .any(|grouping| grouping.eq_ignore_ascii_case(word)));
        let is_called = next == Some(&Token::Symbol("("));
        if is(&AGGREGATIONS) && (is_called || is_grouped) {
            self.at += 1;
            return self.aggregation(name);
        }
        if !is_called {
            self.at += 1;
            return self.vector(Some(name));
        }
        if is(&["info"]) {
            return Err(self.error("info() reads series that no selector names".to_owned()));
        }
        self.at += 1;
        Ok(Expr::Call { function: name, arguments: self.arguments()? })
    }

    fn aggregation(&mut self, operator: String) -> Result<Expr, InvalidQuery> {
        let before = self.grouping()?;
        let arguments = self.arguments()?;
        let grouping = match before {
            Some(grouping) => Some(grouping),
            None => self.grouping()?,
        };
        Ok(Expr::Aggregation { operator, grouping, arguments })
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, InvalidQuery> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.takes(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.expr(0)?);
        }
        Ok(arguments)
    }

    fn count(&mut self) -> Result<(), InvalidQuery> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(self.error(format!("more than {MAX_PARTS} operators and windows")));
        }
        Ok(())
    }
}
