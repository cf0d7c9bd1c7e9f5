//! Short names of functions, for sentences: long ones without their type arguments.
//!
//! ```
//! use flarepath_profile::short_name::short_name;
//!
//! let name = "<alloc::vec::Vec<shop::cart::Item> as core::iter::traits::collect::FromIterator<shop::cart::Item>>::from_iter";
//! assert_eq!(short_name(name), "<Vec<…> as FromIterator<…>>::from_iter");
//! assert_eq!(short_name("regex::regex::string::Regex::new"), "regex::regex::string::Regex::new");
//! ```

use std::borrow::Cow;

/// Names of at most as many characters are not shortened.
const MOST_CHARS: usize = 60;

/// A name that is too long for a sentence without what is between `<` and `>` after a name, or between `[` and `]` in Go; if that is
/// not enough, without the paths of the type and the trait of `<Type as Trait>::f`. The function's own name stays. A name whose
/// brackets do not match is not shortened.
pub fn short_name(name: &str) -> Cow<'_, str> {
    if is_short(name) {
        return Cow::Borrowed(name);
    }
    match without_arguments(name) {
        None => Cow::Borrowed(name),
        Some(short) if is_short(&short) => Cow::Owned(short),
        Some(short) => Cow::Owned(without_paths(&short)),
    }
}

fn is_short(name: &str) -> bool {
    // There are never more characters than bytes.
    name.len() <= MOST_CHARS || name.chars().count() <= MOST_CHARS
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// The name with `…` for each list of type arguments; `None` if a bracket is not closed.
fn without_arguments(name: &str) -> Option<String> {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        match c {
            '<' | '[' if opens_arguments(&out, rest) => {
                rest = &rest[closing(rest)?..];
                out.push_str(if c == '<' { "<…>" } else { "[…]" });
            }
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(out)
}

/// Whether the bracket that `rest` begins with, after `before`, holds type arguments. `<Type as Trait>` and `<impl Type>` do not, nor
/// does the `<` of C++'s `operator<`.
fn opens_arguments(before: &str, rest: &str) -> bool {
    if before.ends_with("operator") || before.ends_with("operator<") {
        return false;
    }
    let after_word = before.ends_with(is_word);
    let after_path = rest.starts_with('<') && before.ends_with("::") && !rest.starts_with("<impl ");
    after_word || after_path
}

/// The end of the bracket that a text begins with, after it.
fn closing(text: &str) -> Option<usize> {
    let (open, close) = if text.starts_with('<') { ('<', '>') } else { ('[', ']') };
    let mut depth = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        // The `>` of `->` closes nothing.
        if c == close && !(c == '>' && before == '-') {
            depth -= 1;
        } else if c == open {
            depth += 1;
        }
        if depth == 0 {
            return Some(at + c.len_utf8());
        }
        before = c;
    }
    None
}

/// The name without the paths before the types between `<` and `>`.
fn without_paths(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let (mut depth, mut start) = (0_i32, 0);
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if depth > 0 && rest.starts_with("::") && out.ends_with(is_word) {
            out.truncate(start);
            rest = &rest[2..];
            continue;
        }
        depth += match c {
            '<' => 1,
            '>' if !out.ends_with('-') => -1,
            _ => 0,
        };
        out.push(c);
        if !is_word(c) {
            start = out.len();
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "<core::iter::adapters::map::Map<core::slice::iter::Iter<alloc::string::String>, shop::price::{{closure}}> as core::iter::traits::iterator::Iterator>::fold",
        "<Map<…> as Iterator>::fold"
    )]
    #[case(
        "core::ptr::drop_in_place::<alloc::vec::Vec<alloc::boxed::Box<dyn core::ops::function::Fn(u32) -> u32>>>",
        "core::ptr::drop_in_place::<…>"
    )]
    #[case(
        "alloc::slice::<impl [alloc::vec::Vec<shop::cart::Item, alloc::alloc::Global>]>::join_with_separator",
        "alloc::slice::<impl [Vec<…>]>::join_with_separator"
    )]
    #[case(
        "main.(*Cache[github.com/acme/shop/cart.Key,github.com/acme/shop/cart.Value]).GetOrLoad",
        "main.(*Cache[…]).GetOrLoad"
    )]
    #[case(
        "std::vector<std::pair<int, std::string>, std::allocator<std::pair<int, std::string> > >::push_back",
        "std::vector<…>::push_back"
    )]
    #[case(
        "geometry::shapes::bool operator< <geometry::shapes::Point, geometry::shapes::Point>",
        "geometry::shapes::bool operator< <Point, Point>"
    )]
    #[case(
        "hashbrown::raw::RawTable<(u64, u64)>::reserve_rehash",
        "hashbrown::raw::RawTable<(u64, u64)>::reserve_rehash"
    )]
    fn shortens(#[case] name: &str, #[case] short: &str) {
        assert_eq!(short_name(name), short);
        assert_eq!(short_name(short), short, "again changes nothing");
    }

    #[test]
    fn a_name_that_cannot_be_read_stays() {
        let open = format!("Vec<{}", "a".repeat(80));
        let long = "a_function_without_types_".repeat(4);
        assert_eq!((short_name(&open), short_name(&long)), (open.as_str().into(), long.as_str().into()));
    }

    proptest! {
        #[test]
        fn never_panics_or_grows(name in "[a-zé:<>\\[\\] (,*&-]{0,120}") {
            let short = short_name(&name).into_owned();
            prop_assert!(short.chars().count() <= name.chars().count().max(MOST_CHARS) + 2 * name.matches(['<', '[']).count());
        }
    }
}
