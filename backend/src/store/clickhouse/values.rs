//! [`Values`]: what is bound to the placeholders `{p0:String}`, `{p1:Int64}` … of a statement. No value is ever part of its text.
//!
//! They are sent as `param_p0=…` in the URL. ClickHouse reads them as fields of its format Escaped, in which a backslash, a
//! tab and a line break are written `\\`, `\t` and `\n`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Bytes of the URL of a request, without its beginning. ClickHouse reads up to 1 MiB (`http_max_uri_size`), our client sends up
/// to 64 KiB.
pub(super) const MAX_URL_BYTES: usize = 60 << 10;

/// The values of one statement, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Values(Vec<String>);

impl Values {
    /// Binds a text; its placeholder.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.bind(escaped(text), "String")
    }

    pub(super) fn i64(&mut self, value: i64) -> String {
        self.bind(value.to_string(), "Int64")
    }

    pub(super) fn u32(&mut self, value: u32) -> String {
        self.bind(value.to_string(), "UInt32")
    }

    /// Binds a list of numbers.
    pub(super) fn numbers(&mut self, values: impl Iterator<Item = u64>) -> String {
        let list: Vec<String> = values.map(|value| value.to_string()).collect();
        self.bind(format!("[{}]", list.join(",")), "Array(UInt64)")
    }

    fn bind(&mut self, value: String, kind: &str) -> String {
        self.0.push(value);
        format!("{{p{}:{kind}}}", self.0.len() - 1)
    }

    /// The parameters of the URL, each with a leading `&`.
    pub(super) fn url(&self) -> String {
        let param = |(i, value): (usize, &String)| format!("&param_p{i}={}", percent_encoded(value));
        self.0.iter().enumerate().map(param).collect()
    }
}

pub(super) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\0' => escaped.push_str("\\0"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_out_of_the_statement() {
        let mut values = Values::default();
        assert_eq!(values.text("'; DROP TABLE samples --"), "{p0:String}");
        assert_eq!(values.text("a\\d\n"), "{p1:String}");
        assert_eq!(values.i64(-1), "{p2:Int64}");
        assert_eq!(values.u32(7), "{p3:UInt32}");
        assert_eq!(values.numbers([1, u64::MAX].into_iter()), "{p4:Array(UInt64)}");
        assert_eq!(
            values.url(),
            "&param_p0=%27%3B%20DROP%20TABLE%20samples%20%2D%2D&param_p1=a%5C%5Cd%5Cn&param_p2=%2D1&param_p3=7\
             &param_p4=%5B1%2C18446744073709551615%5D"
        );
    }
}
