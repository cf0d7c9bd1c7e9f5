//! What a person chooses before sharing, what it would be, and what came of it.

use super::asked::{self, Asking};
use super::upload;
use crate::api::shares::{self, Made, NewShare, Team};
use crate::api::{ApiError, Fetch};
use crate::browser::clock::zone_min;
use crate::browser::{clipboard, clock, page, timer};
use crate::context::local_files::LocalFiles;
use crate::context::local_files::LocalSides;
use crate::context::utc::Utc;
use crate::local_file::job::Job;
use crate::reactive::RwSignal;
use crate::state::share::{LocalSide, SanitizeReport, ShareForm, ShareSource, Visibility};
use crate::state::share_view::Renamed;
use crate::views::save::subject::{Place, Subject, subject};
use flarepath_profile::sanitize::{Policy, Sanitizer};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Id of the dialog.
pub(crate) const DIALOG: &str = "share";

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct ShareDesk {
    /// What is to be shared, or why nothing can be.
    pub(crate) asking: RwSignal<Result<Asking, String>>,
    /// Its address, with both ends of its time written out.
    pub(crate) path: RwSignal<String>,
    /// What the person chooses.
    pub(crate) form: RwSignal<ShareForm>,
    /// What goes and what stays.
    pub(crate) preview: Fetch<SanitizeReport>,
    /// When the data behind a live link is dropped, in milliseconds since the epoch; the inner `None` is never.
    pub(crate) dies: Fetch<Option<i64>>,
    /// The teams to choose from.
    pub(crate) teams: Fetch<Vec<Team>>,
    /// Whether the share is being made.
    pub(crate) making: RwSignal<bool>,
    /// Why it was not made.
    pub(crate) failed: RwSignal<Option<ApiError>>,
    /// The share.
    pub(crate) made: RwSignal<Option<Made>>,
    /// What was done last.
    pub(crate) said: RwSignal<String>,
    utc: RwSignal<bool>,
    files: LocalFiles,
    sides: LocalSides,
}

impl ShareDesk {
    /// Puts the desk into the context of the whole app. Needs [`Utc`], [`LocalFiles`] and [`LocalSides`] there.
    pub(crate) fn provide() -> ShareDesk {
        let desk = ShareDesk {
            asking: RwSignal::new(Err(String::new())),
            path: RwSignal::new(String::new()),
            form: RwSignal::new(ShareForm::default()),
            preview: Fetch::new(),
            dies: Fetch::new(),
            teams: Fetch::new(),
            making: RwSignal::new(false),
            failed: RwSignal::new(None),
            made: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            utc: expect_context::<Utc>().0,
            files: expect_context::<LocalFiles>(),
            sides: expect_context::<LocalSides>(),
        };
        provide_context(desk);
        desk
    }

    /// Asks how to share what is at an address of this page.
    pub(crate) fn open(self, path: String) {
        self.asking.set(asked::at(&path, clock::now_ms()));
        self.made.set(None);
        self.failed.set(None);
        self.said.set(String::new());
        self.preview.clear();
        self.dies.clear();
        self.path.set(path);
        self.form.set(ShareForm { title: self.subject().title, ..ShareForm::default() });
        // Once the page is there: what only this browser holds is read from it.
        timer::after(0, move || {
            page::dialog(DIALOG).iter().for_each(page::open_dialog);
            self.look();
            if let Some(span) = self.asking.with_untracked(|a| a.as_ref().ok().and_then(|a| a.span)) {
                self.dies.start(|abort| shares::data_expires_at(span, abort));
            }
        });
    }

    /// Looks at what goes and what stays.
    pub(crate) fn look(self) {
        let Ok(asking) = self.asking.get_untracked() else { return };
        if asking.asked != ShareSource::Local {
            let share = self.new_share(&asking);
            return self.preview.start(|abort| shares::preview(share, abort));
        }
        let (policy, parts) = (self.policy(), self.parts());
        self.preview.start(|_| async move {
            let parts = parts.map_err(ApiError::here)?;
            Ok(upload::preview(&parts, &policy))
        });
    }

    /// Changes what the person chooses; looks again when that changes what goes.
    pub(crate) fn choose(self, change: impl FnOnce(&mut ShareForm)) {
        let before = self.form.with_untracked(|f| (f.is_strict(), f.visibility));
        self.form.update(change);
        if before != self.form.with_untracked(|f| (f.is_strict(), f.visibility)) {
            if self.form.with_untracked(|f| f.visibility == Visibility::Team) {
                self.teams.start(shares::teams);
            }
            self.look();
        }
    }

    /// Makes the share.
    pub(crate) fn make(self) {
        let Ok(asking) = self.asking.get_untracked() else { return };
        let share = self.new_share(&asking);
        let parts = (asking.asked == ShareSource::Local).then(|| self.parts());
        self.making.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let made = match parts.transpose() {
                Ok(None) => shares::create(share).await,
                Ok(Some(parts)) => shares::upload(share, parts).await,
                Err(text) => Err(ApiError::here(text)),
            };
            if self.making.try_get_untracked().is_some() {
                self.making.set(false);
                match made {
                    Ok(made) => self.made.set(Some(made)),
                    Err(error) => self.failed.set(Some(error)),
                }
            }
        });
    }

    /// The address of what is shared, for people who can ask this server.
    pub(crate) fn live_link(self) -> String {
        format!("{}{}", page::origin(), self.path.get_untracked())
    }

    /// Copies a text and says so.
    pub(crate) fn copy(self, text: String, what: &'static str) {
        spawn_local(async move {
            let copied = clipboard::write(text).await;
            self.say(if copied { format!("{what} copied.") } else { REFUSED.to_owned() });
        });
    }

    /// Says what was done.
    pub(crate) fn say(self, text: String) {
        if self.said.try_get_untracked().is_some() {
            self.said.set(text);
        }
    }

    /// What is shared, in words.
    pub(crate) fn subject(self) -> Subject {
        let path = self.path.get_untracked();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let names = self.names();
        let now_ms = clock::now_ms();
        let zone_min = zone_min(self.utc.get_untracked(), now_ms);
        subject(Place { path, query, files: names.each_ref().map(String::as_str), now_ms, zone_min })
    }

    /// Names of the local file and of both that are compared.
    fn names(self) -> [String; 3] {
        [self.files, self.sides.0[0], self.sides.0[1]].map(|files| {
            files.job.with_untracked(|job| match job {
                Job::Open { name, .. } => name.clone(),
                _ => String::new(),
            })
        })
    }

    fn parts(self) -> Result<Vec<LocalSide>, String> {
        let local = self.path.with_untracked(|path| path.starts_with("/local"));
        let names = self.names();
        upload::parts(if local { &names[..1] } else { &[] })
    }

    fn policy(self) -> Policy {
        // The key of hashes is the server's own secret; here nothing is kept that was hashed.
        if self.form.with_untracked(ShareForm::is_strict) { Policy::strict([0; 16]) } else { Policy::light() }
    }

    fn new_share(self, asking: &Asking) -> NewShare {
        let policy = self.policy();
        let mut sanitizer = Sanitizer::new(&policy);
        let state = asking.seen.state(&mut Renamed(&mut sanitizer));
        let form = self.form.get_untracked();
        NewShare { strict: form.is_strict(), form, source: asking.asked.clone(), state }
    }
}

const REFUSED: &str = "The browser does not let this page copy; select the text and copy it by hand.";
