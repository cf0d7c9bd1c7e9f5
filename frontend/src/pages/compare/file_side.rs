//! A side that is a local file: its picker, progress, profile and sample type.

use crate::browser::file_drop::PickedFile;
use crate::components::drop_zone::FilePicker;
use crate::context::local_files::LocalFiles;
use crate::local_file::job::Job;
use crate::pages::local::Choice;
use crate::reactive::{Callback, handler};
use leptos::prelude::*;

/// The picker and the state of a side's file. `files` is one of [`LocalSides`].
#[component]
pub(crate) fn FileSide(
    files: LocalFiles,
    /// Name of the side, for assistive technology.
    label: &'static str,
) -> impl IntoView {
    let status = move || {
        match files.job.get() {
        Job::None => view! {
            <p class="side-hint">"Drop a profile here or choose a file. It is never uploaded."</p>
        }
        .into_any(),
        Job::Failed { text } => view! { <p class="notice" role="alert">{text}</p> }.into_any(),
        job @ (Job::Reading { .. } | Job::Parsing { .. }) => view! {
            <p class="side-hint" role="status">{job.phase()}
                <button type="button" class="button" on:click=handler(move |_| files.cancel())>"Cancel"</button></p>
        }
        .into_any(),
        Job::Open { name, opened, chosen, .. } => view! {
            <div class="local-head"><span class="local-name" title=name.clone()><bdi>{name.clone()}</bdi></span>
                <Choice files opened chosen /></div>
        }
        .into_any(),
    }
    };
    view! {
        <div class="side-file">
            <FilePicker label="Choose file…" name=format!("File for the {label}")
                on_files=Callback::new(move |picked: Vec<PickedFile>| picked.first().into_iter().for_each(|file| files.open(file))) />
            {move || status()}
        </div>
    }
}
