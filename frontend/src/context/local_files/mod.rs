//! The open local file: kept above the pages, so that a file dropped anywhere is there when its page opens.

use crate::browser::download;
use crate::browser::file_drop::PickedFile;
use crate::browser::profile_worker::{Message, ProfileWorker};
use crate::browser::timer;
use crate::local_file::export::FORMATS;
use crate::local_file::job::Job;
use crate::local_file::opened::Opened;
use crate::local_file::protocol::{answer, request};
use crate::reactive::RwSignal;
use crate::state::compare_source::left_out;
use crate::state::loaded_profile::LoadedProfile;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::line_costs::LineCost;
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::messages::{FunctionLine, LinesResponse};
use leptos::prelude::*;
use prost::Message as _;
use std::sync::Arc;

pub(crate) mod chart;
mod frozen;
pub(crate) mod offsets;

use chart::LocalChart;
use offsets::LocalOffsets;

/// A local file, the worker that reads it, and the results. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct LocalFiles {
    /// Progress of the file.
    pub(crate) job: RwSignal<Job>,
    /// The selected profile.
    pub(crate) profile: RwSignal<Option<LoadedProfile>>,
    /// Its flame chart, once requested.
    pub(crate) chart: LocalChart,
    /// Result of the last export, as text.
    pub(crate) exported: RwSignal<String>,
    /// Its sub-second offsets, once requested.
    pub(crate) offsets: LocalOffsets,
    /// The file itself, so that other pages can open it.
    file: StoredValue<Option<PickedFile>, LocalStorage>,
    /// The function whose lines were requested last, and the lines once known.
    pub(crate) lines: RwSignal<Option<(String, Vec<LineCost>)>>,
    worker: StoredValue<Option<ProfileWorker>, LocalStorage>,
    generation: StoredValue<u64>,
}

/// The files that the two sides of a comparison can show.
#[derive(Clone, Copy)]
pub(crate) struct LocalSides(pub(crate) [LocalFiles; 2], RwSignal<String>);

impl LocalSides {
    /// Provides both sides, without files.
    pub(crate) fn provide() -> LocalSides {
        let sides = LocalSides([LocalFiles::new(), LocalFiles::new()], RwSignal::new(String::new()));
        provide_context(sides);
        sides
    }

    /// Opens the first two of `files`: baseline, then comparison.
    pub(crate) fn open(self, files: &[PickedFile]) {
        for (side, file) in self.0.iter().zip(files) {
            side.open(file);
        }
        let names: Vec<String> = files.iter().map(PickedFile::name).collect();
        self.1.set(left_out(&names));
    }

    /// Which files were opened with them and are not shown, as a sentence; mostly empty.
    pub(crate) fn left_out(self) -> String {
        self.1.get()
    }

    /// Names of `file` and of both sides; empty where none is open.
    pub(crate) fn names_with(self, file: LocalFiles) -> [String; 3] {
        let [baseline, comparison] = self.0;
        [file, baseline, comparison].map(|files| {
            let open = files.job.with_untracked(|job| job.chosen().map(|_| job.name()));
            open.unwrap_or_default()
        })
    }
}

impl LocalFiles {
    /// Provides the open file. The worker is fetched for the first one: most people never open any.
    pub(crate) fn provide() -> LocalFiles {
        let files = LocalFiles::new();
        provide_context(files);
        files
    }

    /// No file, and no worker before there is one.
    pub(crate) fn new() -> LocalFiles {
        LocalFiles {
            job: RwSignal::new(Job::None),
            profile: RwSignal::new(None),
            chart: LocalChart::new(),
            lines: RwSignal::new(None),
            exported: RwSignal::new(String::new()),
            offsets: LocalOffsets::new(),
            file: StoredValue::new_local(None),
            worker: StoredValue::new_local(None),
            generation: StoredValue::new(0),
        }
    }

    /// Size of the open file in bytes; `None` where there is only what was read of it.
    pub(crate) fn size(self) -> Option<f64> {
        self.file().map(|file| file.size())
    }

    /// The open file.
    pub(crate) fn file(self) -> Option<PickedFile> {
        self.file.try_get_value().flatten()
    }

    fn prepare(self) {
        if self.worker.try_with_value(Option::is_none) == Some(true) {
            let on_message = move |message: Message| self.handle(&message);
            self.worker.set_value(ProfileWorker::start(on_message, move || self.died()));
        }
    }

    /// Drops the worker, so that the next file gets a new one. Deferred: this is called from its own handler.
    fn died(self) {
        self.fail(WORKER_DIED.to_owned());
        timer::after(0, move || drop(self.worker.try_update_value(Option::take)));
    }

    /// Opens a file in place of the current one.
    pub(crate) fn open(self, file: &PickedFile) {
        // A worker that is still reading another file is useless.
        if self.job.with_untracked(Job::is_running) {
            self.worker.set_value(None);
        }
        self.prepare();
        self.file.set_value(Some(file.clone()));
        self.forget();
        self.job.set(Job::Reading { name: file.name(), bytes: 0.0, of: file.size() });
        let posted = self.worker.with_value(|w| w.as_ref().map(|w| w.open(file)));
        if posted.is_none() {
            self.fail(NO_WORKER.to_owned());
        }
    }

    /// Cancels reading.
    pub(crate) fn cancel(self) {
        self.worker.set_value(None);
        self.forget();
        self.job.set(Job::None);
        // The next file should not have to wait for the worker.
        self.prepare();
    }

    /// Selects another profile or sample type of the file.
    pub(crate) fn choose(self, profile: usize, sample_type: usize) {
        self.job.update(|job| {
            if let Job::Open { chosen, building, .. } = job {
                (*chosen, *building) = ((profile, sample_type), true);
            }
        });
        self.request(request::TREE, &[profile, sample_type]);
    }

    /// Sends the worker a request about the open file.
    pub(crate) fn request(self, name: &str, numbers: &[usize]) {
        self.worker.with_value(|w| w.iter().for_each(|w| w.request(name, numbers)));
    }

    /// Requests the lines of a function of the selected profile.
    pub(crate) fn request_lines(self, function: &str) {
        self.lines.set(None);
        if let Some(chosen) = self.job.with_untracked(Job::chosen) {
            self.worker.with_value(|w| w.iter().for_each(|w| w.lines(chosen, function)));
        }
    }

    fn set_lines(self, message: &Message) {
        match LinesResponse::decode(message.bytes(2).as_slice()) {
            Ok(answer) => {
                let lines = answer.lines.into_iter();
                let lines = lines.map(|FunctionLine { file, line, self_value, total }| LineCost {
                    file,
                    line,
                    self_value,
                    total,
                });
                self.lines.set(Some((message.text(1), lines.collect())));
            }
            Err(error) => self.fail(invalid_response(&error)),
        }
    }

    fn forget(self) {
        self.profile.set(None);
        self.chart.forget();
        self.offsets.forget();
    }

    fn fail(self, text: String) {
        if self.job.try_get_untracked().is_some_and(|job| job.is_running()) {
            self.job.set(Job::Failed { text });
        }
    }

    fn handle(self, message: &Message) {
        let name = self.job.with_untracked(Job::name);
        match message.name().as_str() {
            answer::READING => {
                self.job.set(Job::Reading { name, bytes: message.number(1), of: message.number(2) });
            }
            answer::PARSING => self.job.set(Job::Parsing { name }),
            answer::OPENED => match Opened::decode(message.bytes(1).as_slice()) {
                Ok(opened) => self.opened(name, opened),
                Err(error) => self.fail(invalid_response(&error)),
            },
            answer::TREE => {
                self.built((message.number(1) as usize, message.number(2) as usize), &message.bytes(3))
            }
            answer::LINES => self.set_lines(message),
            answer::FAILED => self.fail(message.text(1)),
            answer::EXPORT => self.download(&name, message.number(1) as usize, &message.bytes(2)),
            answer::NO_EXPORT => self.exported.set(download::outcome(Err(message.text(1)))),
            _ => {
                self.chart.handle(message);
                self.offsets.handle(message);
            }
        }
    }

    /// Downloads a file that the worker wrote.
    fn download(self, name: &str, format: usize, bytes: &[u8]) {
        let ending = FORMATS.get(format).map_or("", |(.., ending)| *ending);
        let stem = name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("profile");
        let saved = download::save(&format!("{stem}.{ending}"), "application/octet-stream", bytes);
        self.exported.set(download::outcome(saved));
    }

    fn opened(self, name: String, opened: Opened) {
        let profile = opened.profiles.iter().position(|p| !p.types.is_empty()).unwrap_or(0);
        let first = opened.profiles.get(profile).map_or(0, |p| p.first as usize);
        self.job.set(Job::Open { name, opened, chosen: (profile, first), building: true });
        self.choose(profile, first);
    }

    fn built(self, which: (usize, usize), columns: &[u8]) {
        let Job::Open { name, opened, chosen, .. } = self.job.get_untracked() else { return };
        if chosen != which {
            return;
        }
        let tree = CallTreeColumns::from_bytes(columns).map_err(|e| e.to_string());
        let tree = match tree.and_then(|c| CallTree::try_from(c).map_err(|e| e.to_string())) {
            Ok(tree) => tree,
            Err(error) => return self.fail(invalid_response(&error)),
        };
        let profile = &opened.profiles[which.0];
        let kind = &profile.types[which.1];
        let generation = self.generation.get_value() + 1;
        self.generation.set_value(generation);
        let seconds = (profile.duration_nanos > 0).then_some(profile.duration_nanos as f64 / 1e9);
        self.profile.set(Some(LoadedProfile {
            tree: Arc::new(tree),
            diff: None,
            origins: None,
            unit: kind.unit.clone(),
            profile_type: Some(kind.profile_type()),
            seconds,
            covered_ns: None,
            profiles: 1,
            generation,
        }));
        self.job.set(Job::Open { name, opened, chosen, building: false });
    }
}

fn invalid_response(error: &dyn std::fmt::Display) -> String {
    format!(
        "Reading the file failed: a response within this page is invalid ({error}). Reload the page and try again."
    )
}

const NO_WORKER: &str =
    "The part of this page that reads files cannot be started. Reload the page while online and try again.";
const WORKER_DIED: &str = "Reading the file failed: it may need more memory than the browser allows a tab. Try a smaller \
                           one, or push it to a server with `flarepath push`.";
