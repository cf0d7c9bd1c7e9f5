//! The save dialog: formats for what is on screen, and saving.

use super::pack::packed;
use super::picture;
use super::saved::{Saved, SavedHead, SavedProfile};
use super::subject::{Place, Subject, file_stem, subject};
use crate::browser::clock::zone_min;
use crate::browser::history::Address;
use crate::browser::{clock, download, page, timer};
use crate::components::modal::dialog_header;
use crate::context::local_files::{LocalFiles, LocalSides};
use crate::context::utc::Utc;
use crate::local_file::chart::{ChartMessage, LaneInfo};
use crate::local_file::export::FORMATS;
use crate::local_file::job::Job;
use crate::local_file::protocol::request;
use crate::reactive::{RwSignal, handler, list, shown};
use crate::state::local_view::{LocalView, Shows};
use crate::views::on_screen;
use leptos::prelude::*;
use leptos::task::spawn_local;

const DIALOG: &str = "save";

/// Opens the dialog, once it is on the page.
pub(crate) fn open() {
    timer::after(0, || page::open_dialog(DIALOG));
}

/// State of the dialog. Copied freely.
#[derive(Clone, Copy)]
struct SaveState {
    address: Address,
    utc: RwSignal<bool>,
    files: LocalFiles,
    sides: LocalSides,
    /// Result of the last attempt.
    status: RwSignal<String>,
}

impl SaveState {
    fn is_local(self) -> bool {
        self.address.path.with(|path| path.starts_with("/local"))
    }

    fn subject(self) -> Subject {
        let names = self.sides.names_with(self.files);
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

    fn report(self, result: Result<(), String>) {
        self.status.set(download::outcome(result));
    }

    fn svg(self) -> Result<(String, f64, f64), String> {
        let nothing = || "there is no flame graph on screen".to_owned();
        picture::svg(&self.subject()).ok_or_else(nothing)
    }

    fn save_svg(self) {
        let saved = self
            .svg()
            .and_then(|(svg, ..)| download::save(&self.name("svg"), "image/svg+xml", svg.as_bytes()));
        self.report(saved);
    }

    fn save_png(self) {
        self.status.set("Drawing …".to_owned());
        spawn_local(async move {
            self.report(match self.svg() {
                Ok((svg, width, height)) => {
                    download::save_png(&self.name("png"), &svg, (width, height)).await
                }
                Err(text) => Err(text),
            });
        });
    }

    fn save_page(self) {
        self.status.set("Preparing …".to_owned());
        spawn_local(async move { self.report(self.write_page().await) });
    }

    async fn write_page(self) -> Result<(), String> {
        let saved = self.saved().ok_or("there is no profile on screen")?;
        let html = packed(&saved).await?;
        download::save(&self.name("html"), "text/html", html.as_bytes())
    }

    /// The data of what is on screen.
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
        let answer = self.files.chart.answer.get_untracked().filter(|_| timed);
        let chart = answer
            .as_ref()
            .and_then(|answer| answer.result.as_ref().ok())
            .map(|chart| ChartMessage::from(&**chart));
        let lane = answer.and_then(|answer| {
            let lanes = self.files.chart.lanes.get_untracked()?.1;
            lanes.get(answer.of.2).cloned()
        });
        let lane = lane.or_else(|| chart.as_ref().map(|_| LaneInfo::default()));
        let profiles: Vec<SavedProfile> = profiles.iter().map(SavedProfile::from).collect();
        let Subject { title, detail } = subject;
        let verdict = on_screen::verdict();
        let head = verdict.and_then(|verdict| SavedHead::of_live(&verdict, on_screen::totals()));
        let saved = Saved { title, detail, query, profiles, chart, lane, head };
        (!saved.profiles.is_empty()).then_some(saved)
    }

    /// Has the worker convert the local file; the result is offered when it arrives.
    fn save_data(self, format: usize) {
        match self.files.job.with_untracked(Job::chosen) {
            None => self.report(Err("no file is open".to_owned())),
            Some((profile, sample_type)) => {
                self.status.set("Writing …".to_owned());
                self.files.request(request::EXPORT, &[profile, sample_type, format]);
            }
        }
    }
}

/// The dialog, once on the page.
#[component]
pub(crate) fn SaveDialog(address: Address) -> impl IntoView {
    let files = expect_context::<LocalFiles>();
    let status = files.exported;
    let (sides, utc) = (expect_context::<LocalSides>(), expect_context::<Utc>().0);
    let state = SaveState { address, utc, files, sides, status };
    let close = move || {
        status.set(String::new());
        page::close_dialog(DIALOG);
    };
    let entry = |name: &'static str, hint: &'static str, run: Box<dyn Fn()>| {
        view! {
            <li><button type="button" class="list-item" on:click=handler(move |_| run())>
                <strong>{name}</strong><span>{hint}</span></button></li>
        }
        .into_any()
    };
    let pictures = [
        entry("Image (PNG)", "what is on screen, at double resolution", Box::new(move || state.save_png())),
        entry("Image (SVG)", "what is on screen, as vector graphics", Box::new(move || state.save_svg())),
        entry(
            "Offline page (HTML)",
            "one file with the whole call tree; zoom and search work",
            Box::new(move || state.save_page()),
        ),
    ];
    let data = move || {
        let one = |(at, (name, hint, _)): (usize, (&'static str, &'static str, &'static str))| {
            entry(name, hint, Box::new(move || state.save_data(at)))
        };
        view! { <h3>"Data"</h3><ul class="list-menu">{list(FORMATS.into_iter().enumerate().map(one))}</ul> }
            .into_any()
    };
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="save-title">
            {dialog_header("save-title", "Save this view".into(), close)}
            <ul class="list-menu">{list(pictures)}</ul>
            {shown(move || state.is_local(), data)}
            <p role="status">{move || status.get()}</p>
        </dialog>
    }
}

/// A button that opens the dialog.
#[component]
pub(crate) fn SaveButton() -> impl IntoView {
    view! { <button type="button" class="button" data-command="export" on:click=handler(|_| open())>"Save…"</button> }
}
