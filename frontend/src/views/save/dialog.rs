//! Asks as what to save what is on screen, and saves it.

use super::pack::packed;
use super::picture;
use super::saved::{Saved, SavedProfile};
use super::subject::{Place, Subject, file_stem, subject};
use crate::browser::clock::zone_min;
use crate::browser::history::Address;
use crate::browser::{clock, download, page};
use crate::context::local_files::LocalFiles;
use crate::context::local_files::LocalSides;
use crate::context::utc::Utc;
use crate::local_file::chart::{ChartMessage, LaneInfo};
use crate::local_file::export::FORMATS;
use crate::local_file::job::Job;
use crate::local_file::protocol::ask;
use crate::reactive::{RwSignal, handler, list, shown};
use crate::state::local_view::{LocalView, Shows};
use crate::views::on_screen;
use leptos::prelude::*;
use leptos::task::spawn_local;

const DIALOG: &str = "save";

/// Opens the dialog once it is on the page.
pub(crate) fn open() {
    crate::browser::timer::after(0, || {
        if let Some(dialog) = page::dialog(DIALOG) {
            page::open_dialog(&dialog);
        }
    });
}

/// Where everything that can be saved is. Copied freely.
#[derive(Clone, Copy)]
struct Desk {
    address: Address,
    utc: RwSignal<bool>,
    files: LocalFiles,
    sides: LocalSides,
    /// What came of the last attempt.
    said: RwSignal<String>,
}

impl Desk {
    fn is_local(self) -> bool {
        self.address.path.with(|path| path.starts_with("/local"))
    }

    fn subject(self) -> Subject {
        let name = |files: LocalFiles| {
            files.job.with_untracked(|job| match job {
                Job::Open { name, .. } => name.clone(),
                _ => String::new(),
            })
        };
        let names = [name(self.files), name(self.sides.0[0]), name(self.sides.0[1])];
        let now_ms = clock::now_ms();
        subject(Place {
            path: &self.address.path.get_untracked(),
            query: &self.address.query.get_untracked(),
            files: names.each_ref().map(String::as_str),
            now_ms,
            zone_min: zone_min(self.utc.get_untracked(), now_ms),
        })
    }

    fn name(self, ending: &str) -> String {
        format!("{}.{ending}", file_stem(&self.subject().title))
    }

    fn say(self, result: Result<(), String>) {
        if self.said.try_get_untracked().is_some() {
            self.said.set(match result {
                Ok(()) => "Saved.".to_owned(),
                Err(text) => format!("Not saved: {text}."),
            });
        }
    }

    fn svg(self) -> Result<(String, f64, f64), String> {
        let nothing = || "no flame graph is on screen; choose a picture and not the table".to_owned();
        picture::svg(&self.subject()).ok_or_else(nothing)
    }

    fn save_svg(self) {
        let saved = self
            .svg()
            .and_then(|(svg, ..)| download::save(&self.name("svg"), "image/svg+xml", svg.as_bytes()));
        self.say(saved);
    }

    fn save_png(self) {
        self.said.set("Drawing …".to_owned());
        spawn_local(async move {
            self.say(match self.svg() {
                Ok((svg, width, height)) => {
                    download::save_png(&self.name("png"), &svg, (width, height)).await
                }
                Err(text) => Err(text),
            });
        });
    }

    fn save_page(self) {
        self.said.set("Packing …".to_owned());
        spawn_local(async move { self.say(self.write_page().await) });
    }

    async fn write_page(self) -> Result<(), String> {
        let saved = self.saved().ok_or("no profile is on screen")?;
        let html = packed(&saved).await?;
        download::save(&self.name("html"), "text/html", html.as_bytes())
    }

    /// What is on screen, as data.
    fn saved(self) -> Option<Saved> {
        let (subject, query) = (self.subject(), self.address.query.get_untracked());
        let local = self.is_local();
        let timed = local && LocalView::parse(&query).shows == Shows::Time;
        let mut profiles = match local {
            true => self.files.profile.get_untracked().into_iter().collect(),
            false => on_screen::profiles(),
        };
        let alone = !self.address.path.with_untracked(|path| path.starts_with("/compare"));
        if alone || profiles.first().is_some_and(|p| p.diff.is_some()) {
            profiles.truncate(1);
        }
        profiles.truncate(2);
        let made = self.files.chart.made.get_untracked().filter(|_| timed);
        let chart =
            made.as_ref().and_then(|made| made.chart.as_ref().ok()).map(|chart| ChartMessage::from(&**chart));
        let lane = made.and_then(|made| {
            let lanes = self.files.chart.lanes.get_untracked()?.1;
            lanes.get(made.of.2).cloned()
        });
        let lane = lane.or_else(|| chart.as_ref().map(|_| LaneInfo::default()));
        let profiles: Vec<SavedProfile> = profiles.iter().map(SavedProfile::from).collect();
        let Subject { title, detail } = subject;
        (!profiles.is_empty()).then_some(Saved { title, detail, query, profiles, chart, lane })
    }

    /// Has the worker write the local file in another format; it is offered when it comes.
    fn save_data(self, format: usize) {
        let chosen = self.files.job.with_untracked(|job| match job {
            Job::Open { chosen, .. } => Some(*chosen),
            _ => None,
        });
        match chosen {
            None => self.say(Err("no file is open".to_owned())),
            Some((profile, sample_type)) => {
                self.said.set("Writing …".to_owned());
                self.files.ask(ask::EXPORT, &[profile, sample_type, format]);
            }
        }
    }
}

/// The dialog; put once on the page.
#[component]
pub(crate) fn SaveDialog(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let files = expect_context::<LocalFiles>();
    let said = files.exported;
    let (sides, utc) = (expect_context::<LocalSides>(), expect_context::<Utc>().0);
    let desk = Desk { address, utc, files, sides, said };
    let close = move |_| {
        said.set(String::new());
        page::dialog(DIALOG).into_iter().for_each(|dialog| dialog.close());
    };
    let entry = |name: &'static str, hint: &'static str, run: Box<dyn Fn()>| {
        view! {
            <li><button type="button" class="list-item" on:click=handler(move |_| run())>
                <strong>{name}</strong><span>{hint}</span></button></li>
        }
        .into_any()
    };
    let pictures = [
        entry("Picture, PNG", "what is on screen, at twice its size", Box::new(move || desk.save_png())),
        entry("Picture, SVG", "the same, sharp at any size", Box::new(move || desk.save_svg())),
        entry(
            "Page, HTML",
            "one file with the whole tree: opens offline, with zoom and search",
            Box::new(move || desk.save_page()),
        ),
    ];
    let data = move || {
        let one = |(at, (name, hint, _)): (usize, (&'static str, &'static str, &'static str))| {
            entry(name, hint, Box::new(move || desk.save_data(at)))
        };
        view! { <h3>"Data"</h3><ul class="list-menu">{list(FORMATS.into_iter().enumerate().map(one))}</ul> }
            .into_any()
    };
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="save-title">
            <header>
                <h2 id="save-title">"Save what is on screen"</h2>
                <button class="button" type="button" on:click=handler(close)>"Close"</button>
            </header>
            <ul class="list-menu">{list(pictures)}</ul>
            {shown(move || desk.is_local(), data)}
            <p role="status">{move || said.get()}</p>
        </dialog>
    }
}

/// A button that opens the dialog.
#[component]
pub(crate) fn SaveButton() -> impl IntoView {
    view! { <button type="button" class="button" on:click=handler(|_| open())>"Save…"</button> }
}
