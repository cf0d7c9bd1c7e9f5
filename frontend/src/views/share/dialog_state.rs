//! State of the share dialog: the form, the sanitization preview, and the created share.

use super::local_sides::{self, Local};
use super::share_source::{ShareRequest, share_request};
use crate::api::shares::{self, CreatedShare, NewShare, Snippet};
use crate::api::{ApiError, Fetch};
use crate::browser::clipboard::Clip;
use crate::browser::clock::zone_min;
use crate::browser::{clipboard, clock, page, timer};
use crate::context::local_files::{LocalFiles, LocalSides};
use crate::context::utc::Utc;
use crate::local_file::job::Job;
use crate::reactive::{RwSignal, effect};
use crate::state::local_view::{LocalView, Shows};
use crate::state::query::Query;
use crate::state::share::{ShareForm, SharePreview, ShareSource, ShareTeam, Visibility};
use crate::state::share_view::{Renamed, read};
use crate::views::save::subject::{Place, Subject, subject};
use flarepath_profile::sanitize::{Policy, Sanitizer};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Id of the dialog.
pub(crate) const DIALOG: &str = "share";
/// Id of the button that copies the created link.
pub(super) const COPY: &str = "share-copy";

/// The link of a created share, in full.
pub(super) fn link_of(created: &CreatedShare) -> String {
    format!("{}/s/{}", page::origin(), created.id)
}

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct ShareDialogState {
    /// What would be shared, or why nothing can be.
    pub(crate) request: RwSignal<Result<ShareRequest, String>>,
    /// The address shared, with both ends of its time range written out.
    pub(crate) path: RwSignal<String>,
    pub(crate) form: RwSignal<ShareForm>,
    pub(crate) preview: Fetch<SharePreview>,
    /// When the data behind a live link expires, in milliseconds since the epoch; the inner `None` is never.
    pub(crate) expires: Fetch<Option<i64>>,
    /// The teams to choose from.
    pub(crate) teams: Fetch<Vec<ShareTeam>>,
    /// Whether the share is being created.
    pub(crate) creating: RwSignal<bool>,
    /// Why it was not created.
    pub(crate) failed: RwSignal<Option<ApiError>>,
    pub(crate) created: RwSignal<Option<CreatedShare>>,
    /// A text that the browser did not allow to be copied, and its format.
    pub(crate) uncopied: RwSignal<Option<(Snippet, Clip)>>,
    /// Result of the last action.
    pub(crate) status: RwSignal<String>,
    /// How often the dialog was opened: what ends after it was opened anew is not shown in it.
    opened: RwSignal<u32>,
    utc: RwSignal<bool>,
    files: LocalFiles,
    compared: LocalSides,
}

impl ShareDialogState {
    /// Puts it into the context of the page. Needs [`Utc`], [`LocalFiles`] and [`LocalSides`] there.
    pub(crate) fn provide() -> ShareDialogState {
        let state = ShareDialogState {
            request: RwSignal::new(Err(String::new())),
            path: RwSignal::new(String::new()),
            form: RwSignal::new(ShareForm::default()),
            preview: Fetch::new(),
            expires: Fetch::new(),
            teams: Fetch::new(),
            creating: RwSignal::new(false),
            failed: RwSignal::new(None),
            created: RwSignal::new(None),
            uncopied: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            opened: RwSignal::new(0),
            utc: expect_context::<Utc>().0,
            files: expect_context::<LocalFiles>(),
            compared: expect_context::<LocalSides>(),
        };
        provide_context(state);
        effect(move || {
            if let Some(teams) = state.teams.data.get() {
                state.change_form(|form| form.default_to_team(&teams));
            }
        });
        effect(move || {
            if let Some(title) = state.preview.data.get().and_then(|preview| preview.title) {
                state.form.update(|form| form.propose_title(&title));
            }
        });
        state
    }

    /// Opens the dialog for an address of this page.
    pub(crate) fn open(self, path: String) {
        self.request.set(share_request(&path, clock::now_ms()));
        self.opened.update(|times| *times += 1);
        self.creating.set(false);
        self.created.set(None);
        self.uncopied.set(None);
        self.failed.set(None);
        self.status.set(String::new());
        self.preview.clear();
        self.expires.clear();
        self.path.set(path);
        self.form.set(ShareForm { title: self.subject().title, ..ShareForm::default() });
        self.teams.clear();
        // Deferred until the page has rendered: local data is read from it.
        timer::after(0, move || {
            page::open_dialog(DIALOG);
            self.teams.start(shares::teams);
            self.update_preview();
            if let Some(span) = self.request.with_untracked(|a| a.as_ref().ok().and_then(|a| a.span)) {
                let store = self.path.with_untracked(|path| {
                    let query = path.split_once('?').map_or("", |(_, query)| query);
                    read(query, |get| Query::from_params(get)).store
                });
                self.expires.start(|abort| shares::data_expires_at(store, span, abort));
            }
        });
    }

    /// Loads the sanitization preview.
    pub(crate) fn update_preview(self) {
        let Ok(request) = self.request.get_untracked() else { return };
        if request.source != ShareSource::Local {
            let mut share = self.new_share(&request);
            // The policy is the same, and there is no team to check yet.
            if share.form.team.is_none() && share.form.visibility == Visibility::Team {
                share.form.visibility = Visibility::Private;
            }
            return self.preview.start(|abort| shares::preview(share, abort));
        }
        let (policy, local) = (self.policy(), self.local());
        self.preview.start(|_| async move {
            let local = local.map_err(ApiError::here)?;
            Ok(SharePreview { report: local_sides::preview(&local, &policy), title: None })
        });
    }

    /// Changes the form, and the preview with it where the policy changes.
    pub(crate) fn change_form(self, change: impl FnOnce(&mut ShareForm)) {
        let audience = || self.form.with_untracked(|f| (f.is_strict(), f.visibility, f.team.clone()));
        let before = audience();
        self.form.update(change);
        if before != audience() {
            self.update_preview();
        }
    }

    /// Who will be able to open the share, as a sentence.
    pub(crate) fn readers(self) -> String {
        let (visibility, id) = self.form.with(|f| (f.visibility, f.team.clone()));
        self.teams.data.with(|teams| {
            let named = teams.iter().flatten().find(|team| Some(&team.id) == id.as_ref());
            visibility.readers(named.map(|team| team.name.as_str()))
        })
    }

    /// Whether who will be able to open the share is known: not before the person's teams are, one of which is the default.
    pub(crate) fn has_readers(self) -> bool {
        self.teams.data.with(Option::is_some) || self.teams.error.with(Option::is_some)
    }

    /// Creates the share.
    pub(crate) fn create(self) {
        if let Some(creation) = self.creation() {
            spawn_local(async move { drop(creation.await) });
        }
    }

    /// The creation of the share, which the dialog shows when it has ended. `None` while there is nothing to create, and once the
    /// creation has begun: two presses make one share. Ends with `None` if it failed, or was for what the dialog showed before.
    pub(super) fn creation(self) -> Option<impl Future<Output = Option<CreatedShare>> + 'static> {
        let request = self.request.get_untracked().ok()?;
        let is_begun = self.creating.get_untracked() || self.created.with_untracked(Option::is_some);
        if is_begun || !untrack(|| self.has_readers()) {
            return None;
        }
        let share = self.new_share(&request);
        let local = (request.source == ShareSource::Local).then(|| self.local());
        let opened = self.opened();
        self.creating.set(true);
        self.failed.set(None);
        self.status.set("Creating the snapshot …".to_owned());
        Some(async move {
            let created = match local.transpose() {
                Ok(None) => shares::create(share).await,
                Ok(Some((sides, in_time))) => shares::upload(share, &sides, in_time).await,
                Err(text) => Err(ApiError::here(text)),
            };
            if !self.is_still(opened) {
                return None;
            }
            self.creating.set(false);
            self.status.set(String::new());
            match created {
                Ok(created) => {
                    self.created.set(Some(created.clone()));
                    page::focus_soon(COPY);
                    Some(created)
                }
                Err(error) => {
                    self.failed.set(Some(error));
                    None
                }
            }
        })
    }

    /// How often the dialog was opened until now.
    pub(super) fn opened(self) -> u32 {
        self.opened.get_untracked()
    }

    /// Whether the dialog has not been opened since then.
    pub(super) fn is_still(self, opened: u32) -> bool {
        self.opened() == opened
    }

    /// The link that queries the server again.
    pub(crate) fn live_link(self) -> String {
        format!("{}{}", page::origin(), self.path.get_untracked())
    }

    /// Copies a text to the clipboard.
    pub(crate) fn copy(self, text: String, what: &'static str) {
        clipboard::copy(text, move |copied| {
            self.status.set(if copied { format!("{what} copied.") } else { clipboard::DENIED.to_owned() });
        });
    }

    /// Title and detail of what is shared.
    pub(crate) fn subject(self) -> Subject {
        let path = self.path.get_untracked();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let names = self.compared.names_with(self.files);
        let now_ms = clock::now_ms();
        let zone_min = zone_min(self.utc.get_untracked(), now_ms);
        subject(Place { path, query, files: names.each_ref().map(String::as_str), now_ms, zone_min })
    }

    /// What only this browser holds, as far as it is on screen.
    fn local(self) -> Result<Local, String> {
        let path = self.path.get_untracked();
        let (page, query) = path.split_once('?').unwrap_or((&path, ""));
        if !page.starts_with("/local") {
            return Ok((local_sides::local_sides(&[])?, None));
        }
        let (names, seen) = (self.compared.names_with(self.files), LocalView::parse(query));
        let name = if names[0].is_empty() { "local file" } else { names[0].as_str() };
        // Without timestamps the page shows the profile.
        match seen.shows {
            Shows::Time if self.is_timed() => local_sides::chart(self.files, &seen, name),
            Shows::SubSecond if self.is_timed() => local_sides::offsets(self.files, query, name),
            _ => Ok((local_sides::local_sides(&names[..1])?, None)),
        }
    }

    fn is_timed(self) -> bool {
        self.files.job.with_untracked(Job::timed_samples) > 0
    }

    fn policy(self) -> Policy {
        // The key of hashes is the server's secret; the preview shows no hashes.
        if self.form.with_untracked(ShareForm::is_strict) { Policy::strict([0; 16]) } else { Policy::light() }
    }

    fn new_share(self, request: &ShareRequest) -> NewShare {
        let policy = self.policy();
        let mut sanitizer = Sanitizer::new(&policy);
        let state = request.view.state(&mut Renamed(&mut sanitizer));
        let mut form = self.form.get_untracked();
        // The server knows what was found, and which titles the person has used.
        if !form.titled && request.source != ShareSource::Local {
            form.title.clear();
        }
        NewShare { strict: form.is_strict(), form, source: request.source.clone(), state }
    }
}
