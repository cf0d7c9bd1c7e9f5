//! Counts the values of a JSON text before it is parsed: `{},` is three bytes, and some hundred as an element of a list.

/// Values in one text: elements of lists and members of objects.
const MAX_VALUES: usize = 10_000;
/// Lists and objects within each other.
const MAX_DEPTH: usize = 32;
/// What a value takes at most besides its text, parsed.
pub(crate) const VALUE_BYTES: usize = 256;

/// The text has more than any request needs. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonTooLarge {
    #[error("the JSON has more than {MAX_VALUES} values")]
    Values,
    #[error("the JSON is nested more than {MAX_DEPTH} levels deep")]
    Depth,
}

/// How many values there are, at least one. Text that is not JSON is counted as far as it goes; the parser says what is wrong.
///
/// # Errors
/// [`JsonTooLarge`].
pub(crate) fn count_values(json: &[u8]) -> Result<usize, JsonTooLarge> {
    let (mut values, mut depth) = (1, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b',' => values += 1,
            b'[' | b'{' => {
                values += 1;
                depth += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(JsonTooLarge::Depth);
        }
        if values > MAX_VALUES {
            return Err(JsonTooLarge::Values);
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_elements_and_members() {
        for (json, values) in [
            ("", 1),
            ("7", 1),
            ("[]", 2),
            (r#"{"a": [1, 2], "b": {}}"#, 6),
            (r#"["a,b,[{", "\",,\\", 3]"#, 4),
            ("]]]][", 2),
        ] {
            assert_eq!(count_values(json.as_bytes()), Ok(values), "{json}");
        }
    }

    #[test]
    fn refuses_what_no_request_needs() {
        assert_eq!(count_values("{},".repeat(MAX_VALUES).as_bytes()), Err(JsonTooLarge::Values));
        assert!(count_values("[".repeat(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(count_values("[".repeat(MAX_DEPTH + 1).as_bytes()), Err(JsonTooLarge::Depth));
    }
}
