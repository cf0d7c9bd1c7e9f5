//! ARCHITECTURE.md against the sources: its lists of rooms, the walls that it names, and its paths.

use crate::source::{files, root};
use crate::{backend, charts, frontend, profile};

fn architecture() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// The words of each line of the first fenced block after a heading.
fn listed<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, section) = text.split_once(heading).unwrap_or_else(|| panic!("no “{heading}”"));
    let block = section.split("```").nth(1).expect("a fenced block");
    block.lines().filter(|line| !line.is_empty()).map(|line| line.split_whitespace().collect()).collect()
}

/// Rows of the table of where new code goes, without its head.
fn rows(text: &str) -> Vec<&str> {
    let (_, section) = text.split_once("## Where does a new").expect("the section");
    let table = section.split("\n## ").next().unwrap_or_default();
    table.lines().filter(|line| line.starts_with("| ")).skip(1).collect()
}

/// What is in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Walls that the last column of a row names and that are no tests here.
fn missing_walls<'a>(row: &'a str, walls: &str) -> Vec<&'a str> {
    let last = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
    let is_test =
        |name: &&str| name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    quoted(last).filter(is_test).filter(|name| !walls.contains(&format!("fn {name}()"))).collect()
}

/// The part of a path that exists before anything new is added: the folder of what `NAME` stands for.
fn known(path: &str) -> &str {
    path.split_once("NAME").map_or(path, |(before, _)| &before[..before.rfind('/').unwrap_or(0)])
}

/// Known parts of paths that a row names and that do not exist.
fn missing_paths(row: &str) -> Vec<&str> {
    let folders = ["backend/", "crates/", "frontend/", "e2e/"];
    let ours = quoted(row).filter(|path| folders.iter().any(|folder| path.starts_with(folder)));
    ours.map(known).filter(|path| !root().join(path).exists()).collect()
}

#[test]
fn its_lists_of_rooms_are_those_that_are_checked() {
    assert_eq!(listed("## A\n\n```\na b\nc\n```\n", "## A"), [vec!["a", "b"], vec!["c"]]);
    let text = architecture();
    assert_eq!(listed(&text, "## Rooms of the backend"), backend::ROOMS);
    assert_eq!(listed(&text, "## Rooms of the frontend"), frontend::ROOMS);
    assert_eq!(listed(&text, "## Rooms of the profile crate"), profile::ROOMS);
    assert_eq!(listed(&text, "## Rooms of the charts crate"), charts::ROOMS);
}

#[test]
fn its_walls_and_paths_exist() {
    let walls: String =
        files("backend/tests/walls", &[".rs"]).into_iter().map(|source| source.code).collect();
    let breaking =
        "| **x** | `backend/src/no_such_room/NAME` | `y` | | `no_such_wall`, `rooms_import_only_downward` |";
    assert_eq!(missing_walls(breaking, &walls), ["no_such_wall"]);
    assert_eq!(missing_paths(breaking), ["backend/src/no_such_room"]);
    let text = architecture();
    let rows = rows(&text);
    for new in ["profile format", "store", "indicator", "alert receiver", "page", "panel"] {
        assert!(rows.iter().any(|row| row.starts_with(&format!("| **{new}**"))), "no row for a new {new}");
    }
    for row in rows {
        assert_eq!(missing_walls(row, &walls), [""; 0], "{row}");
        if !row.contains("| planned: ") {
            assert_eq!(missing_paths(row), [""; 0], "{row}");
        }
    }
}
