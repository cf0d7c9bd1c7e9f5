//! Own functions of a comparison: decided on the trees as they were on screen, and kept for the sanitized ones, in which patterns and paths
//! may be gone.

use super::payload::VerdictResponse;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::diff;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::own_code::{OwnCode, OwnPattern};
use flarepath_profile::sanitize::{Field, Sanitizer};
use std::collections::BTreeSet;

/// Which functions of the `clean` trees are own code, see [`OwnCode::positions`]: at most as many as they have. `verdict` and `raw` trees
/// are as before sanitization.
pub(super) fn own_functions(
    raw: [&CallTree; 2],
    clean: [&CallTree; 2],
    verdict: &VerdictResponse,
    sanitizer: &mut Sanitizer<'_>,
) -> Vec<u32> {
    // As the page sees them.
    let (raw, clean) = (diff(raw[0], raw[1]), diff(clean[0], clean[1]));
    let frames = raw.frames();
    let own = match verdict.own_code_set {
        true => OwnCode::set(patterns(verdict)),
        false => OwnCode::guess(frames),
    };
    let mut names = BTreeSet::new();
    for text in (1..frames.len() as u32).map(|id| frames.text(FrameId(id))).filter(|text| own.is_own(*text)) {
        let field = if text.symbolized { Field::Function } else { Field::Address };
        names.insert((sanitizer.text(text.name, field), sanitizer.text(text.file, Field::File)));
    }
    let is_own = |name: &str, file: &str| names.contains(&(name.to_owned(), file.to_owned()));
    OwnCode::positions(clean.frames(), is_own)
}

fn patterns(verdict: &VerdictResponse) -> Vec<OwnPattern> {
    let pattern = |of: &str, text: &str| match of {
        "package" => OwnPattern::Package(text.to_owned()),
        "file" => OwnPattern::File(text.to_owned()),
        _ => OwnPattern::Name(text.to_owned()),
    };
    verdict.own_code.iter().map(|one| pattern(&one.of, &one.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::payload::OwnCodePattern;
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::diff::Scale;
    use flarepath_profile::diff::rank::rank;
    use flarepath_profile::frame_table::FrameText;
    use flarepath_profile::sanitize::Policy;

    const SERVE: &str = "serve(alice@corp.example)";

    /// Own code, a function of it with an e-mail address, and a library that only the path of its file tells.
    fn tree(cost: i64) -> CallTree {
        let mut tree = TreeBuilder::new();
        let files = [
            ("main", "/srv/shop/main.go"),
            (SERVE, "/srv/shop/serve.go"),
            ("compile", "/root/go/pkg/mod/x@v1/x.go"),
        ];
        let path = files.map(|(name, file)| {
            tree.frame(FrameText { name, file, symbolized: true, ..FrameText::default() })
        });
        tree.add_path(path, cost);
        tree.add_path([path[0]], 100);
        tree.finish()
    }

    /// The names of the table, live and frozen, in order.
    fn tables(verdict: &VerdictResponse) -> [Vec<String>; 2] {
        let policy = Policy::strict([3; 16]);
        let mut sanitizer = Sanitizer::new(&policy);
        let raw = [tree(100), tree(300)];
        let clean = sanitizer.sides(&raw[0], &raw[1]);
        let positions = own_functions([&raw[0], &raw[1]], [&clean[0], &clean[1]], verdict, &mut sanitizer);
        let live = diff(&raw[0], &raw[1]);
        let own = match verdict.own_code_set {
            true => OwnCode::set(patterns(verdict)),
            false => OwnCode::guess(live.frames()),
        };
        let frozen = diff(&clean[0], &clean[1]);
        let known = OwnCode::at(frozen.frames(), &positions);
        [(live, own), (frozen, known)].map(|(both, own)| {
            let rows = rank(&both, &own, &Scale::absolute(), &[]);
            let named = |row: &flarepath_profile::diff::rank::RankedRow| {
                format!("{} {}", both.frames().name(row.row.frame), row.under.is_some())
            };
            rows.iter().map(named).collect()
        })
    }

    #[test]
    fn the_frozen_table_is_that_on_screen() {
        let clean =
            |names: Vec<String>| names.into_iter().map(|name| name.replace("alice@corp.example", "<e-mail>"));
        let [live, frozen] = tables(&VerdictResponse::default());
        assert_eq!(clean(live).collect::<Vec<_>>(), frozen, "guessed by paths that are shortened");
        let pattern = OwnCodePattern { of: "name".to_owned(), text: "serve(alice@corp".to_owned() };
        let set =
            VerdictResponse { own_code_set: true, own_code: vec![pattern], ..VerdictResponse::default() };
        let [live, frozen] = tables(&set);
        assert_eq!(clean(live).collect::<Vec<_>>(), frozen, "set by a name that is changed");
    }
}
