//! Name matching: how closely a name matches the text that somebody types to find it.

/// Kinds of matches, closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// The name begins with the text.
    Prefix,
    /// The text is within the name.
    Substring,
    /// The letters of the text are in the name in this order, with others between them.
    Letters,
}

/// How `name` matches `text`; `None` if it does not. Both are in lower case. Every name begins with an empty text.
pub fn closeness(name: &str, text: &str) -> Option<Closeness> {
    match name.find(text) {
        Some(0) => return Some(Closeness::Prefix),
        Some(_) => return Some(Closeness::Substring),
        None => {}
    }
    let mut rest = name.chars();
    let in_order = text.chars().filter(|c| !c.is_whitespace()).all(|letter| rest.any(|c| c == letter));
    in_order.then_some(Closeness::Letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_closer_than_parts_and_those_than_letters() {
        let found = |name| closeness(name, "chk");
        assert_eq!(found("chk-api"), Some(Closeness::Prefix));
        assert_eq!(found("shop-chk"), Some(Closeness::Substring));
        assert_eq!(found("checkout"), Some(Closeness::Letters));
        assert_eq!(found("kitchen"), None);
        assert!(Closeness::Prefix < Closeness::Substring && Closeness::Substring < Closeness::Letters);
    }

    #[test]
    fn spaces_do_not_matter() {
        assert_eq!(closeness("ärger", "är"), Some(Closeness::Prefix));
        assert_eq!(closeness("heat-map", "heat map"), Some(Closeness::Letters));
        assert_eq!(closeness("anything", ""), Some(Closeness::Prefix));
    }
}
