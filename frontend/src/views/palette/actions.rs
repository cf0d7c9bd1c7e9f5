//! Pages and actions of the palette, and what a choice does.

use crate::browser::command;
use crate::browser::history::Address;
use crate::browser::theme;
use crate::components::account_menu::ADMIN;
use crate::components::page_keys::page_path;
use crate::components::shortcuts;
use crate::context::utc::{self, Utc};
use crate::state::command::{COMMANDS, GO, PAGES};
use crate::state::palette::{Entry, Group, Target, search_query, service_path};
use crate::state::preferences::Theme;
use crate::state::session::{Me, Who};
use crate::state::view::HistoryMode;

/// Ids of the commands that the page on screen offers.
pub(super) fn offered() -> Vec<&'static str> {
    COMMANDS.iter().map(|command| command.id).filter(|id| command::is_offered(id)).collect()
}

/// The commands with these ids.
pub(super) fn commands(offered: &[&'static str]) -> Vec<Entry> {
    let offered = COMMANDS.iter().filter(|command| offered.contains(&command.id));
    offered.map(|c| Entry::new(Group::Actions, c.label, c.key, Target::Command(c.id))).collect()
}

/// The pages that a person may open.
pub(super) fn pages(me: &Me) -> Vec<Entry> {
    let may_open = |path: &str| match path {
        "/shares" => me.may("shares:create"),
        "/settings" => me.who != Who::Nobody,
        _ => true,
    };
    let pages = PAGES.iter().filter(|page| may_open(page.path));
    let mut entries: Vec<Entry> = pages
        .map(|page| {
            let path = Target::Page(page.path.to_owned());
            Entry::new(Group::Pages, page.name, format!("{GO} {}", page.key), path)
        })
        .collect();
    if me.may("profiles:read") {
        entries.push(Entry::new(Group::Pages, "Stores", "", Target::Page("/stores".to_owned())));
    }
    let admin = ADMIN.into_iter().filter(|(_, _, needed)| me.may(needed));
    entries.extend(
        admin.map(|(path, title, _)| {
            Entry::new(Group::Administration, title, "", Target::Page(path.to_owned()))
        }),
    );
    entries
}

/// Other themes, the other clock, and the list of keys.
pub(super) fn preferences(utc: bool) -> Vec<Entry> {
    let chosen = theme::stored();
    let themes = Theme::ALL.into_iter().filter(|theme| *theme != chosen);
    let mut entries: Vec<Entry> = themes
        .map(|theme| {
            Entry::new(Group::Actions, format!("Theme: {}", theme.label()), "", Target::Theme(theme))
        })
        .collect();
    let clock = if utc { "Show local times" } else { "Show times in UTC" };
    entries.push(Entry::new(Group::Actions, clock, "", Target::Utc(!utc)));
    entries.push(Entry::new(Group::Actions, "Keyboard shortcuts", "?", Target::Shortcuts));
    entries
}

/// Does what an entry says.
pub(super) fn run(address: Address, clock: Utc, target: &Target) {
    let query = address.query.get_untracked();
    match target {
        Target::Page(path) => {
            let page = PAGES.iter().find(|page| page.path == path);
            let here = address.path.get_untracked();
            let to = page.map_or_else(|| path.clone(), |page| page_path(page, &here, &query));
            address.go(&to, HistoryMode::Push);
        }
        Target::Service(service) => {
            // A relative range ends now.
            command::click("refresh");
            address.go(&service_path(&query, service), HistoryMode::Push);
        }
        Target::Function(name) => {
            let path = address.path.get_untracked();
            address.go(&format!("{path}?{}", search_query(&query, name)), HistoryMode::Push);
        }
        Target::Command(id) => {
            command::run(id);
        }
        Target::Theme(theme) => theme::choose(*theme),
        Target::Utc(utc) => {
            utc::store(*utc);
            clock.0.set(*utc);
        }
        Target::Shortcuts => shortcuts::open(),
    }
}
