//! Parser of selectors: `{name="value", "quoted name"!='value', dotted.name=~`pattern`}`.

use super::{InvalidSelector, MatchOp, Matcher, Selector};
use std::str::FromStr;

impl FromStr for Selector {
    type Err = InvalidSelector;

    /// # Errors
    /// [`InvalidSelector`] with the position of the first byte that does not fit.
    fn from_str(text: &str) -> Result<Selector, InvalidSelector> {
        let mut parser = Parser { text, at: 0 };
        parser.open()?;
        let mut matchers = Vec::new();
        loop {
            parser.skip_space();
            if parser.accept("}") {
                break;
            }
            if !matchers.is_empty() {
                parser.expect(",", "expected `,` or `}` after a condition")?;
                parser.skip_space();
                if parser.accept("}") {
                    break;
                }
            }
            matchers.push(parser.matcher()?);
        }
        parser.skip_space();
        if parser.at < text.len() {
            return Err(parser.error("expected nothing after `}`"));
        }
        Ok(Selector { matchers })
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error(&self, message: impl Into<String>) -> InvalidSelector {
        InvalidSelector { position: self.at, message: message.into() }
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn accept(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str, message: &str) -> Result<(), InvalidSelector> {
        if self.accept(token) { Ok(()) } else { Err(self.error(message)) }
    }

    fn open(&mut self) -> Result<(), InvalidSelector> {
        self.skip_space();
        if self.accept("{") {
            return Ok(());
        }
        let name = self.bare_name();
        Err(self.error(match name {
            "" => "expected `{`, as in {service_name=\"checkout\"}; {} selects every series".to_owned(),
            name if self.text[self.at + name.len()..].trim_start().starts_with('{') => format!(
                "`{name}` before `{{` is not part of a selector; the profile type is chosen on its own"
            ),
            _ => "expected `{` before the first condition, as in {service_name=\"checkout\"}".to_owned(),
        }))
    }

    /// What could be a name at the cursor, which stays where it is. Dots are fine (`otel.scope.name`).
    fn bare_name(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | ':'));
        let name = &rest[..end.unwrap_or(rest.len())];
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { name } else { "" }
    }

    fn matcher(&mut self) -> Result<Matcher, InvalidSelector> {
        let start = self.at;
        let name = match self.bare_name() {
            "" if self.rest().starts_with(['"', '\'', '`']) => self.string()?,
            "" => return Err(self.error("expected a label name or `}`")),
            name => {
                self.at += name.len();
                name.to_owned()
            }
        };
        if name.is_empty() {
            return Err(InvalidSelector { position: start, message: "a label name is never empty".into() });
        }
        self.skip_space();
        let op = self.operator()?;
        self.skip_space();
        if !self.rest().starts_with(['"', '\'', '`']) {
            return Err(self.error(format!("expected a quoted value after `{name}{op}`")));
        }
        Ok(Matcher { name, op, value: self.string()? })
    }

    fn operator(&mut self) -> Result<MatchOp, InvalidSelector> {
        // `==` is no operator, but `=` alone would leave a puzzling message behind.
        if self.rest().starts_with("==") {
            return Err(self.error("expected `=`, `!=`, `=~` or `!~`, found `==`"));
        }
        let operators = [MatchOp::Regex, MatchOp::NotRegex, MatchOp::NotEqual, MatchOp::Equal];
        let found = operators.into_iter().find(|op| self.accept(&op.to_string()));
        found.ok_or_else(|| self.error("expected `=`, `!=`, `=~` or `!~` after the label name"))
    }

    /// A string in double or single quotes, with escapes, or in backquotes, without.
    fn string(&mut self) -> Result<String, InvalidSelector> {
        let open = self.at;
        let quote = char::from(self.text.as_bytes()[open]);
        self.at += 1;
        let mut value = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((i, c)) = chars.next() {
            if c == quote {
                self.at += i + 1;
                return Ok(value);
            }
            if c != '\\' || quote == '`' {
                value.push(c);
                continue;
            }
            match chars.next().and_then(|(_, escaped)| unescape(escaped)) {
                Some(c) => value.push(c),
                None => {
                    self.at += i;
                    return Err(self.error(
                        "unknown escape; in quotes write \\\\ for a backslash (or use `backquotes`), \
                         \\\" for a quote, \\n, \\t",
                    ));
                }
            }
        }
        Err(InvalidSelector { position: open, message: format!("the {quote} that opens here is not closed") })
    }
}

fn unescape(c: char) -> Option<char> {
    match c {
        '"' | '\'' | '\\' | '`' => Some(c),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn matchers(text: &str) -> Vec<(String, String, String)> {
        let selector: Selector = text.parse().unwrap();
        selector.matchers.into_iter().map(|m| (m.name, m.op.to_string(), m.value)).collect()
    }

    fn m(name: &str, op: &str, value: &str) -> (String, String, String) {
        (name.into(), op.into(), value.into())
    }

    #[test]
    fn parses_every_form_of_matcher() {
        let all = matchers(r#" {a="b", c!='d' ,e=~"re.*",f !~ `\d+`, } "#);
        assert_eq!(all, [m("a", "=", "b"), m("c", "!=", "d"), m("e", "=~", "re.*"), m("f", "!~", r"\d+")]);
        assert_eq!(matchers("{}"), []);
        assert_eq!(matchers("{ }"), []);
        assert_eq!(matchers(r#"{"a.b"="c"}"#), [m("a.b", "=", "c")]);
        assert_eq!(matchers(r#"{otel.scope.name="x"}"#), [m("otel.scope.name", "=", "x")]);
        assert_eq!(matchers(r#"{a="\"\\\n\t"}"#), [m("a", "=", "\"\\\n\t")]);
        assert_eq!(matchers(r#"{größe=""}"#.replace("größe", "\"größe\"").as_str()), [m("größe", "=", "")]);
    }

    #[rstest]
    #[case("", 0, "expected `{`")]
    #[case("cpu{a=\"b\"}", 0, "`cpu` before `{`")]
    #[case("a=\"b\"", 0, "before the first condition")]
    #[case("{service_name=", 14, "expected a quoted value after `service_name=`")]
    #[case("{a=b}", 3, "expected a quoted value")]
    #[case("{a}", 2, "expected `=`")]
    #[case("{a==\"b\"}", 2, "found `==`")]
    #[case("{a=\"b", 3, "not closed")]
    #[case("{a=\"b\" c=\"d\"}", 7, "expected `,`")]
    #[case("{a=\"b\"", 6, "expected `,` or `}`")]
    #[case("{,}", 1, "expected a label name")]
    #[case("{\"\"=\"b\"}", 1, "never empty")]
    #[case("{a=\"b\"} x", 8, "nothing after")]
    #[case("{a=\"\\d\"}", 4, "unknown escape")]
    #[case("{a=\"b\",", 7, "expected a label name")]
    fn errors_have_the_position_of_the_mistake(
        #[case] text: &str,
        #[case] position: usize,
        #[case] says: &str,
    ) {
        let error = text.parse::<Selector>().unwrap_err();
        assert_eq!(error.position, position, "{error}");
        assert!(error.message.contains(says), "{error}");
    }

    fn any_selector() -> impl Strategy<Value = Selector> {
        let op = prop_oneof![
            Just(MatchOp::Equal),
            Just(MatchOp::NotEqual),
            Just(MatchOp::Regex),
            Just(MatchOp::NotRegex)
        ];
        let name = prop_oneof![
            "[a-zA-Z_][a-zA-Z0-9_]{0,9}",
            "\\PC{1,9}",
            any::<String>().prop_filter("empty", |s| !s.is_empty())
        ];
        let matcher = (name, op, any::<String>()).prop_map(|(name, op, value)| Matcher { name, op, value });
        prop::collection::vec(matcher, 0..5).prop_map(|matchers| Selector { matchers })
    }

    proptest! {
        #[test]
        fn printed_selectors_parse_to_the_same(selector in any_selector()) {
            prop_assert_eq!(selector.to_string().parse::<Selector>(), Ok(selector));
        }

        #[test]
        fn never_panics_on_any_text(text in any::<String>(), tail in "[{}a=~!\"'`\\\\, ]{0,20}") {
            let _ = text.parse::<Selector>();
            if let Err(error) = tail.parse::<Selector>() {
                prop_assert!(error.position <= tail.len() && tail.is_char_boundary(error.position));
            }
        }
    }
}
