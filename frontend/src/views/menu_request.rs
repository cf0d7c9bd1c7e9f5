//! Requests to a function's menu as text, the action that the first program hands over to the full one: the key, or the point where
//! the menu opens as `x,y`; where the function is seen; its name; what tells its package, which the first program does not derive; its
//! stack. Each on a line.

use super::flame::graph::MenuRequestKind;
use super::menu::{Seen, Subject};
use crate::context::pending_action::OF_VIEW;
use crate::reactive::Callback;

/// The first program has no other views.
const SEEN: [(&str, Seen); 2] = [("tree", Seen::Tree), ("table", Seen::Table)];
const SYMBOLIZED: &str = "symbolized";

pub(super) fn text_of(subject: Subject, kind: &MenuRequestKind) -> String {
    let wanted = match kind {
        // Whole pixels do.
        MenuRequestKind::Open { at: (x, y), .. } => format!("{},{}", *x as i32, *y as i32),
        MenuRequestKind::Key(key) => key.to_string(),
    };
    let seen = SEEN.iter().find(|(_, seen)| *seen == subject.seen).map_or("", |(word, _)| *word);
    let symbolized = if subject.symbolized { SYMBOLIZED } else { "" };
    let lines = [wanted, seen.to_owned(), subject.name, subject.file, subject.mapping, symbolized.to_owned()];
    format!("{OF_VIEW}{}", lines.into_iter().chain(subject.stack).collect::<Vec<_>>().join("\n"))
}

/// What the text asks for; `closed` makes what gives the focus back.
pub(super) fn asked_in(
    text: &str,
    closed: impl FnOnce(Seen) -> Callback<()>,
) -> Option<(Subject, MenuRequestKind)> {
    let mut lines = text.strip_prefix(OF_VIEW)?.split('\n');
    let wanted = lines.next()?;
    let word = lines.next()?;
    let (_, seen) = SEEN.into_iter().find(|(seen, _)| *seen == word)?;
    let mut line = || lines.next().map(str::to_owned);
    let (name, file, mapping, symbolized) = (line()?, line()?, line()?, line()? == SYMBOLIZED);
    let stack = lines.map(str::to_owned).collect();
    let kind = match wanted.split_once(',') {
        Some((x, y)) => {
            MenuRequestKind::Open { at: (x.parse().ok()?, y.parse().ok()?), closed: closed(seen) }
        }
        None => MenuRequestKind::Key(wanted.chars().next()?),
    };
    Some((Subject { name, file, mapping, symbolized, stack, seen }, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_on_a_function_can_be_read_back() {
        let stack = vec!["main".to_owned(), "f, g".to_owned()];
        for (seen, stack) in [(Seen::Tree, stack), (Seen::Table, Vec::new())] {
            let (file, mapping) = ("/shop.rs".into(), String::new());
            let subject = Subject { name: "f, g".into(), file, mapping, symbolized: true, stack, seen };
            let text = text_of(subject.clone(), &MenuRequestKind::Key('f'));
            let read = asked_in(&text, |_| Callback::new(|()| ()));
            assert!(matches!(&read, Some((same, MenuRequestKind::Key('f'))) if *same == subject));
        }
        assert!(asked_in("", |_| Callback::new(|()| ())).is_none());
    }
}
