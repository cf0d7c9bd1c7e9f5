//! Errors of ClickHouse, by the number of its exception, as errors of a store that name it. Pure.
//!
//! An answer with another status than 200 begins with `Code: 241. DB::Exception: …`, and its header
//! `X-ClickHouse-Exception-Code` has the number as well. Numbers are those of ClickHouse's `ErrorCodes.cpp` and do not change.

use crate::store::StoreError;
use crate::store::remote::Failure;

/// Characters of an exception that are repeated.
const MOST_CHARS: usize = 300;
/// The beginning of an exception's text.
const BEGINS: &str = "Code: ";

/// The failure that an answer with another status than 200 means, or the answer to an insert that is not empty.
pub(super) fn of_answer(store: &str, status: u16, body: &[u8]) -> Failure {
    let text = String::from_utf8_lossy(&body[..body.len().min(16 * MOST_CHARS)]);
    match code(&text) {
        Some(code) => of_code(store, code, &text),
        None => Failure::refused(StoreError::Invalid(format!(
            "{store}: status {status}, which is not ClickHouse's: {}",
            line(&text)
        ))),
    }
}

/// The failure of a request that was not answered, or with a status such as 500 that counts as one: ClickHouse has it for most
/// exceptions, and the text quotes them.
pub(super) fn of_failure(store: &str, failure: Failure) -> Failure {
    let text = failure.error.to_string();
    match code(&text) {
        Some(code) => Failure { retry_after: failure.retry_after, ..of_code(store, code, &text) },
        None => failure,
    }
}

fn of_code(store: &str, code: u32, text: &str) -> Failure {
    let told = format!("{store}: {}", line(&text[text.find(BEGINS).unwrap_or(0)..]));
    match code {
        // MEMORY_LIMIT_EXCEEDED: of the query, or of the server or the user, which have others to serve.
        241 if is_of_query(text) => Failure::refused(StoreError::TooLarge(told)),
        // TOO_MANY_SIMULTANEOUS_QUERIES, MEMORY_LIMIT_EXCEEDED, TOO_MANY_PARTS, QUERY_WAS_CANCELLED.
        202 | 241 | 252 | 394 => Failure::down(StoreError::Busy(told)),
        // QUOTA_EXCEEDED.
        201 => Failure::refused(StoreError::Busy(told)),
        // TOO_MANY_ROWS, SET_SIZE_LIMIT_EXCEEDED, TOO_MANY_BYTES, TOO_MANY_ROWS_OR_BYTES.
        158 | 191 | 307 | 396 => Failure::refused(StoreError::TooLarge(told)),
        // TIMEOUT_EXCEEDED, TOO_SLOW.
        159 | 160 => Failure::refused(StoreError::Timeout(told)),
        // READONLY, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, DATABASE_ACCESS_DENIED, ACCESS_DENIED,
        // AUTHENTICATION_FAILED.
        164 | 192..=194 | 291 | 497 | 516 => Failure::refused(StoreError::Denied(told)),
        // NOT_ENOUGH_SPACE.
        243 => Failure::refused(StoreError::DiskFull(told)),
        // UNKNOWN_TABLE, UNKNOWN_DATABASE, TABLE_IS_DROPPED.
        60 | 81 | 218 => Failure::refused(StoreError::Unusable(told)),
        // SOCKET_TIMEOUT, NETWORK_ERROR, NO_ZOOKEEPER, TABLE_IS_READ_ONLY, ALL_CONNECTION_TRIES_FAILED,
        // UNKNOWN_STATUS_OF_INSERT, ALL_REPLICAS_ARE_STALE, KEEPER_EXCEPTION: of a part of a cluster.
        209 | 210 | 225 | 242 | 279 | 319 | 369 | 999 => Failure::down(StoreError::Unreachable(told)),
        // CANNOT_COMPILE_REGEXP, such as more than 1 000 repetitions.
        427 => Failure::refused(StoreError::Unsupported("this pattern of a label")),
        _ => Failure::refused(StoreError::Database(told)),
    }
}

/// The number of an exception.
fn code(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once(BEGINS)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..digits].parse().ok()
}

/// Old servers write `Memory limit (for query) exceeded`, newer ones `Query memory limit exceeded`.
fn is_of_query(text: &str) -> bool {
    text.contains("for query") || text.contains("Query memory")
}

/// The beginning of a text, on one line.
fn line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().nth(MOST_CHARS).is_none() {
        return line;
    }
    line.chars().take(MOST_CHARS).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// As it arrives: the client of HTTP takes status 500 for a store that is down.
    fn of(body: &str) -> Failure {
        of_failure("prod", Failure::down(StoreError::Unreachable(format!("status 500: {body}"))))
    }

    #[rstest]
    #[case(
        "Code: 241. DB::Exception: Query memory limit exceeded: would use 12.06 MiB",
        "too large for the store: prod",
        false
    )]
    #[case(
        "Code: 241. DB::Exception: (total) memory limit exceeded: would use 9 GiB",
        "the store is busy: prod",
        true
    )]
    #[case("Code: 252. DB::Exception: Too many parts (3000)", "the store is busy: prod", true)]
    #[case(
        "Code: 396. DB::Exception: Limit for result exceeded, max rows: 10.00",
        "too large for the store: prod",
        false
    )]
    #[case(
        "Code: 159. DB::Exception: Timeout exceeded: elapsed 1 s",
        "the store did not answer in time: prod",
        false
    )]
    #[case(
        "Code: 164. DB::Exception: Cannot execute query in readonly mode.",
        "the store denied access: prod",
        false
    )]
    #[case(
        "Code: 516. DB::Exception: default: Authentication failed",
        "the store denied access: prod",
        false
    )]
    #[case("Code: 243. DB::Exception: Cannot reserve 1 MiB", "the disk is full: prod", false)]
    #[case("Code: 242. DB::Exception: Table is in readonly mode", "the store cannot be reached: prod", true)]
    #[case("Code: 47. DB::Exception: Unknown identifier", "database error: prod", false)]
    fn exceptions_become_errors_that_name_the_store(
        #[case] body: &str,
        #[case] begins: &str,
        #[case] is_down: bool,
    ) {
        let failure = of(body);
        let text = failure.error.to_string();
        assert!(text.starts_with(begins), "{text}");
        assert_eq!(failure.is_down, is_down, "{text}");
    }

    #[test]
    fn answers_without_an_exception_are_of_another_program() {
        let failure = of_answer("prod", 404, b"<html>\n<p>nginx</p>");
        assert!(!failure.is_down && matches!(failure.error, StoreError::Invalid(_)), "{}", failure.error);
        assert!(matches!(of("Code: many").error, StoreError::Unreachable(_)), "it stays as it is");
        let unknown =
            of_answer("prod", 404, b"Code: 60. DB::Exception: Unknown table expression identifier 'x'");
        assert!(matches!(unknown.error, StoreError::Unusable(_)), "{}", unknown.error);
        let long = of(&format!("Code: 47. {}", "x ".repeat(9000))).error.to_string();
        assert!(long.chars().count() < 400, "{long}");
    }
}
