//! Examples in the documentation that are whole configuration files: the server accepts them as they are.

use crate::settings::{Settings, refusal};
use std::path::Path;

/// Pages in which every block of TOML is a whole file.
const PAGES: [&str; 2] = ["README.md", "docs/stores.md"];

/// The blocks of TOML on a page.
fn toml_blocks(page: &str) -> Vec<&str> {
    page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_server_accepts_the_examples() {
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{page}: {error}"));
        let blocks = toml_blocks(&text);
        assert!(!blocks.is_empty(), "no TOML in {page}");
        for block in blocks {
            assert_eq!(refusal(&Settings::new(block)), None, "{page}:\n{block}");
        }
    }
}

#[test]
fn only_blocks_of_toml_are_found() {
    let page = "a\n```sh\nmake\n```\n```toml\nb = 1\n```\nc\n```toml\n[d]\n```\n";
    assert_eq!(toml_blocks(page), ["b = 1\n", "[d]\n"]);
}
