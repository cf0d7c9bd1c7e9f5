//! Commands of the page, and its keys: each command is a button or link that says so in its `data-command` attribute.

/// A command: what a key or the palette clicks, while its control is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Value of `data-command`.
    pub(crate) id: &'static str,
    /// Its key, as the browser names it; empty for none.
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
}

const fn command(id: &'static str, key: &'static str, label: &'static str) -> Command {
    Command { id, key, label }
}

/// All commands, in the order of the palette. Capital letters: small ones are commands of the selected function.
pub(crate) const COMMANDS: [Command; 9] = [
    command("compare", "C", "Compare"),
    command("share", "S", "Share"),
    command("markdown", "M", "Copy Markdown"),
    command("export", "E", "Export or save"),
    command("baseline", "P", "Choose a baseline"),
    command("time", "T", "Choose a time range"),
    command("swap", "W", "Swap sides"),
    command("refresh", "r", "Refresh"),
    command("transform", "t", "Transform the tree"),
];

/// The first key of those that open a page; alone it chooses a service.
pub(crate) const GO: &str = "g";

/// A page that keys and the palette open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageKey {
    /// The key after [`GO`].
    pub(crate) key: &'static str,
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    /// Whether the page is about the service and the time on screen.
    pub(crate) keeps_question: bool,
}

const fn page(key: &'static str, path: &'static str, name: &'static str, keeps_question: bool) -> PageKey {
    PageKey { key, path, name, keeps_question }
}

/// The pages of the navigation and of the account menu.
pub(crate) const PAGES: [PageKey; 8] = [
    page("o", "/", "Home", false),
    page("e", "/explore", "Explore", true),
    page("c", "/compare", "Compare", true),
    page("h", "/heatmap", "Heat map", true),
    page("l", "/labels", "Labels", true),
    page("f", "/local", "Local file", false),
    page("s", "/shares", "Shares", false),
    page(",", "/settings", "Settings", false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let mut keys: Vec<&str> = COMMANDS.iter().map(|command| command.key).collect();
        // What the views of a profile take wherever the focus is, see `views::profile_view`.
        keys.extend(["/", "n", "N", "i", "0", "1", "2", "3", "4", "?", GO]);
        // And the functions selected in them, see `views::menu_key`.
        keys.extend(["o", "s", "f", "F", "h", "x", "c", "p", "a", "d", "m"]);
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        let mut pages: Vec<&str> = PAGES.iter().map(|page| page.key).collect();
        pages.sort_unstable();
        pages.dedup();
        assert_eq!(pages.len(), PAGES.len());
    }
}
