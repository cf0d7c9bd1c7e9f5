//! Text in lower case, by the browser's tables: those of Rust would be 4 KB of the first download.

use js_sys::JsString;

/// `text` in lower case, as [`str::to_lowercase`] has it.
pub(crate) fn of(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { JsString::from(text).to_lower_case().into() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ascii_needs_no_browser() {
        assert_eq!(super::of("Shop-2 GET /A"), "shop-2 get /a");
    }
}
