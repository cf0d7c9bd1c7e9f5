//! Regular expressions by the browser's own engine, which costs no download.

use js_sys::{Array, Function, Reflect, RegExp};
use wasm_bindgen::{JsCast, JsValue};

/// A pattern. Upper and lower case are the same to it.
pub(crate) struct Pattern(RegExp);

/// The pattern cannot be read; the text is the browser's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidPattern(pub(crate) String);

impl Pattern {
    /// Reads a pattern in the syntax of JavaScript.
    ///
    /// # Errors
    /// [`InvalidPattern`].
    pub(crate) fn new(text: &str) -> Result<Pattern, InvalidPattern> {
        let constructor = Reflect::get(&js_sys::global(), &JsValue::from_str("RegExp")).map_err(invalid)?;
        let arguments = Array::of2(&JsValue::from_str(text), &JsValue::from_str("i"));
        // Not `RegExp::new`: that lets the exception of a bad pattern pass through our frames.
        let pattern =
            Reflect::construct(constructor.unchecked_ref::<Function>(), &arguments).map_err(invalid)?;
        Ok(Pattern(pattern.unchecked_into()))
    }

    /// Whether the pattern is found in `text`.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.0.test(text)
    }
}

fn invalid(error: JsValue) -> InvalidPattern {
    let message = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.message()));
    InvalidPattern(message.unwrap_or_else(|| "not a regular expression".to_owned()))
}
