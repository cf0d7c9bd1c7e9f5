//! [`AppName`]: the `name` parameter of `/ingest`, `app.name{key=value,other=value}`, with unquoted values.

use super::error::IngestError;

/// A parsed name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppName {
    /// The text before the brace.
    pub(crate) app: String,
    /// The pairs between the braces, in order. A value ends at `,` or at the last `}`.
    pub(crate) labels: Vec<(String, String)>,
}

impl AppName {
    /// Parses `text`.
    ///
    /// # Errors
    /// [`IngestError::BadRequest`] for an empty name or a pair without `=`.
    pub(crate) fn parse(text: &str) -> Result<AppName, IngestError> {
        let bad = |what: String| {
            IngestError::BadRequest(format!("name: {what}, as in app.name{{region=eu,pod=a-1}}"))
        };
        let text = text.trim();
        let (app, rest) = match text.split_once('{') {
            None => (text, None),
            Some((app, rest)) => (app.trim(), Some(rest)),
        };
        if app.is_empty() {
            return Err(bad("expected the name of the application".to_owned()));
        }
        let mut labels = Vec::new();
        if let Some(rest) = rest {
            let Some(inside) = rest.trim_end().strip_suffix('}') else {
                return Err(bad("expected `}` at the end".to_owned()));
            };
            for pair in inside.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
                let Some((key, value)) = pair.split_once('=') else {
                    return Err(bad(format!("expected key=value, found `{pair}`")));
                };
                labels.push((key.trim().to_owned(), unquoted(value.trim()).to_owned()));
            }
        }
        Ok(AppName { app: app.to_owned(), labels })
    }
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, Vec<(String, String)>) {
        let name = AppName::parse(text).unwrap();
        (name.app, name.labels)
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn parses_names_with_and_without_labels() {
        assert_eq!(parsed("app"), ("app".to_owned(), vec![]));
        assert_eq!(parsed("a.b.cpu{}"), ("a.b.cpu".to_owned(), vec![]));
        assert_eq!(
            parsed("go.shop{otel.scope.name=com.x/go, q=a=b,v=\"1\",}"),
            (
                "go.shop".to_owned(),
                vec![pair("otel.scope.name", "com.x/go"), pair("q", "a=b"), pair("v", "1")]
            )
        );
    }

    #[test]
    fn errors_name_the_problem() {
        for (text, part) in [
            ("", "the name of the application"),
            ("{a=b}", "the name of the application"),
            ("app{a=b", "expected `}`"),
            ("app{a}", "found `a`"),
        ] {
            let error = AppName::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
