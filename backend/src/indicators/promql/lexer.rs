//! Lexer: text → tokens with their positions.

use super::InvalidQuery;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// Name of a metric, a label or a function, or a keyword.
    Name(String),
    Number(String),
    /// `1h30m`
    Duration(String),
    /// A string, unescaped.
    Text(String),
    Symbol(&'static str),
    /// `$S`
    Subject,
    /// `$w`
    RateWindow,
    /// `$pod`
    Pod,
}

/// Longer ones first.
const SYMBOLS: [&str; 23] = [
    "==", "!=", ">=", "<=", "=~", "!~", "{", "}", "(", ")", "[", "]", ",", ":", "@", "+", "-", "*", "/", "%",
    "^", ">", "<",
];

/// All tokens, each with its position.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, InvalidQuery> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, bytes) = match first {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '"' | '\'' | '`' => string(rest, first).map_err(|error| shifted(error, at))?,
            '$' => placeholder(rest).map_err(|error| shifted(error, at))?,
            c if c.is_ascii_digit() || is_fraction(rest) => {
                number(rest).map_err(|error| shifted(error, at))?
            }
            c if c.is_ascii_alphabetic() || c == '_' => name(rest),
            '=' if !rest.starts_with("==") && !rest.starts_with("=~") => (Token::Symbol("="), 1),
            c => {
                let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
                let symbol = symbol.ok_or_else(|| InvalidQuery {
                    position: at,
                    message: format!("`{c}` is not part of a query"),
                })?;
                (Token::Symbol(symbol), symbol.len())
            }
        };
        found.push((at, token));
        at += bytes;
    }
    Ok(found)
}

fn shifted(error: InvalidQuery, by: usize) -> InvalidQuery {
    InvalidQuery { position: error.position + by, ..error }
}

fn is_fraction(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'.') && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

fn name(text: &str) -> (Token, usize) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    (Token::Name(text[..end].to_owned()), end)
}

fn placeholder(text: &str) -> Result<(Token, usize), InvalidQuery> {
    let length = text[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let end = 1 + length.unwrap_or(text.len() - 1);
    let token = match &text[..end] {
        "$S" => Token::Subject,
        "$w" => Token::RateWindow,
        "$pod" => Token::Pod,
        other => {
            let message = format!("unknown placeholder `{other}`; there are $S, $w and $pod");
            return Err(InvalidQuery { position: 0, message });
        }
    };
    Ok((token, end))
}

/// A number, also hexadecimal, or a duration.
fn number(text: &str) -> Result<(Token, usize), InvalidQuery> {
    let mut end = 0;
    let bytes = text.as_bytes();
    let is_hex = text.starts_with("0x") || text.starts_with("0X");
    while let Some(byte) = bytes.get(end) {
        let before = end.checked_sub(1).map(|before| bytes[before]);
        let is_exponent_sign = matches!(byte, b'+' | b'-') && !is_hex && matches!(before, Some(b'e' | b'E'));
        if !byte.is_ascii_alphanumeric() && *byte != b'.' && !is_exponent_sign {
            break;
        }
        end += 1;
    }
    let written = &text[..end];
    let is_number = match is_hex {
        true => written.len() > 2 && written[2..].bytes().all(|byte| byte.is_ascii_hexdigit()),
        false => written.parse::<f64>().is_ok(),
    };
    if is_number {
        return Ok((Token::Number(written.to_owned()), end));
    }
    if is_duration(written) {
        return Ok((Token::Duration(written.to_owned()), end));
    }
    let message = format!("`{written}` is neither a number nor a duration such as 5m");
    Err(InvalidQuery { position: 0, message })
}

/// Whole numbers with units, from the largest unit to the smallest.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 7] = ["y", "w", "d", "h", "m", "s", "ms"];
    let (mut rest, mut least) = (text, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        let unit = UNITS.iter().position(|unit| *unit == &rest[digits..unit_end]);
        match unit {
            Some(unit) if digits > 0 && unit >= least => least = unit + 1,
            _ => return false,
        }
        rest = &rest[unit_end..];
    }
    !text.is_empty()
}

/// A string in any of the three quotes. Escapes that name characters by number are refused.
fn string(text: &str, quote: char) -> Result<(Token, usize), InvalidQuery> {
    let mut value = String::new();
    let mut rest = text.char_indices().skip(1);
    while let Some((at, c)) = rest.next() {
        match c {
            _ if c == quote => return Ok((Token::Text(value), at + 1)),
            '\\' if quote != '`' => {
                let escaped = rest.next().and_then(|(_, c)| unescaped(c));
                let message = || "expected one of \\\\ \\\" \\' \\n \\t \\r".to_owned();
                value.push(escaped.ok_or_else(|| InvalidQuery { position: at, message: message() })?);
            }
            '\n' if quote != '`' => break,
            _ => value.push(c),
        }
    }
    Err(InvalidQuery { position: 0, message: "the string does not end".to_owned() })
}

fn unescaped(c: char) -> Option<char> {
    match c {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '\\' | '"' | '\'' => Some(c),
        _ => None,
    }
}
