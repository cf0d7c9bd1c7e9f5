//! The page of a local file: progress, errors, pickers, and the views of Explore.

pub(crate) mod sub_second;
pub(crate) mod time_order;

use crate::browser::event::{Event, value_of};
use crate::browser::file_drop;
use crate::browser::history::Address;
use crate::components::drop_zone::OpenFileButton;
use crate::components::share_button::ShareButton;
use crate::components::summary_line::{count, total_text};
use crate::context::local_files::{LocalFiles, LocalSides};
use crate::local_file::job::Job;
use crate::local_file::opened::Opened;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::compare_source::Sources;
use crate::state::example;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::local_view::{LocalView, Shows};
use crate::state::view::{HistoryMode, View};
use crate::views::function_panel::source::Source;
use crate::views::profile_view::ProfileView;
use crate::views::save::dialog::SaveButton;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Side;
use flarepath_profile::units::{Unit, format_value};
use leptos::prelude::*;
use sub_second::SubSecondView;
use time_order::TimeOrderView;

/// Shows the local file. Needs [`LocalFiles`] and [`Address`] in the context.
#[component]
pub(crate) fn LocalPage() -> impl IntoView {
    let Some(files) = use_context::<LocalFiles>() else { return ().into_any() };
    let Some(address) = use_context::<Address>() else { return ().into_any() };
    let seen = Memo::new(move || address.query.with(|text| LocalView::parse(text)));
    let on_seen = Callback::new(move |(seen, mode): (LocalView, HistoryMode)| address.go(&seen.path(), mode));
    let view = Memo::new(move || seen.with(|s| s.view.clone()));
    let on_view = Callback::new(move |(view, mode): (View, HistoryMode)| {
        on_seen.run((LocalView { view, ..seen.get_untracked() }, mode));
    });
    let wants_example =
        address.query.with_untracked(|text| text.split('&').any(|part| part == example::PARAMETER));
    effect(move || {
        if wants_example && files.job.with_untracked(|job| *job == Job::None) {
            open_example(files);
        }
    });
    let profile: Signal<Option<LoadedProfile>> = files.profile.into();
    let timed = Memo::new(move || files.job.with(Job::timed_samples));
    // A link to the chart of a file without timestamps shows its profile.
    let shows = Memo::new(move || if timed.get() > 0 { seen.with(|s| s.shows) } else { Shows::Profile });
    let body = move || match shows.get() {
        Shows::Profile => {
            view! { <ProfileView profile view on_view source=Source::Local(files) /> }.into_any()
        }
        Shows::Time => view! { <TimeOrderView files view=seen on_view=on_seen /> }.into_any(),
        Shows::SubSecond => {
            let query = Signal::derive(move || address.query.get());
            let on_query = Callback::new(move |(query, mode): (String, HistoryMode)| {
                address.go(&format!("/local?{query}"), mode);
            });
            view! { <SubSecondView files query on_query /> }.into_any()
        }
    };
    let choose = move |shows| on_seen.run((LocalView { shows, ..seen.get_untracked() }, HistoryMode::Push));
    let mode = move |(label, to): (&'static str, Shows)| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (shows.get() == to).to_string()
                on:click=handler(move |_| choose(to))>{label}</button>
        }
        .into_any()
    };
    view! {
        <div class="local">
            <h1 class="visually-hidden">"Local file"</h1>
            <Status files />
            {shown(move || timed.get() > 0, move || view! {
                <div class="view-bar"><div class="modes" role="group" aria-label="View">
                    {list([("Profile", Shows::Profile), ("Time order", Shows::Time), ("Sub-second", Shows::SubSecond)].map(mode))}
                </div></div>
            }.into_any())}
            {shown(move || profile.with(Option::is_some), move || view! { {move || body()} }.into_any())}
        </div>
    }
    .into_any()
}

fn open_example(files: LocalFiles) {
    file_drop::of_text(example::NAME, example::STACKS).iter().for_each(|file| files.open(file));
}

/// The state of the file, above the views.
#[component]
fn Status(files: LocalFiles) -> impl IntoView {
    let address = use_context::<Address>();
    let share = Signal::derive(move || {
        let query = address.map_or(String::new(), |address| address.query.get());
        format!("/local?{query}")
    });
    let status = move || {
        match files.job.get() {
        Job::None => view! {
            <div class="local-empty">
                <p class="local-hint">"Drop a profile anywhere on this page, or open a file. Two at once are compared."</p>
                <OpenFileButton label="Open file…" />
                <button type="button" class="button" on:click=handler(move |_| open_example(files))>"Open an example"</button>
                <p class="local-small">"pprof, folded stacks, perf script, JFR, V8, Firefox and more; also as gzip or zstd. \
                    The file is read in this browser and never uploaded."</p>
            </div>
        }
        .into_any(),
        Job::Failed { text } => view! {
            <div class="local-empty">
                <p class="notice" role="alert">{text}</p>
                <OpenFileButton label="Open another file…" />
            </div>
        }
        .into_any(),
        job @ (Job::Reading { .. } | Job::Parsing { .. }) => view! { <Progress files job /> }.into_any(),
        Job::Open { name, opened, chosen, building } => {
            let warnings = opened.warnings.clone();
            let notes: Vec<String> =
                opened.profiles.get(chosen.0).map(|p| p.notes.clone()).unwrap_or_default();
            view! {
                <div class="local-head">
                    <span class="local-name" title=name.clone()><bdi>{name.clone()}</bdi></span>
                    <Choice files opened chosen />
                    <span class="local-phase" role="status">{building.then_some("Building the call tree …")}</span>
                    <span class="local-gap"></span>
                    <SaveButton />
                    <ShareButton path=share />
                    <CompareButton files />
                    <OpenFileButton label="Open another file…" />
                </div>
                <Facts files />
                {list(warnings.into_iter().map(|text| view! { <p class="warning" role="alert">{text}</p> }.into_any()))}
                {(!notes.is_empty()).then(move || view! {
                    <details class="local-notes"><summary>{note_count(notes.len())}</summary>
                        <ul>{list(notes.into_iter().map(|n| view! { <li>{n}</li> }.into_any()))}</ul></details>
                }.into_any())}
            }
            .into_any()
        }
    }
    };
    view! { {move || status()} }
}

/// Total, duration and number of samples of the chosen profile; format and size of the file.
#[component]
fn Facts(files: LocalFiles) -> impl IntoView {
    let facts = Memo::new(move || {
        files.job.with(|job| match job {
            Job::Open { opened, chosen, .. } => {
                files.profile.with(|p| facts(opened, chosen.0, p.as_ref()?, files.size()))
            }
            _ => None,
        })
    });
    let one = |text: String| view! { <span>{text}</span> }.into_any();
    let all = move || list(facts.get().into_iter().flatten().map(one));
    view! { <p class="summary-line" aria-label="Summary">{move || all()}</p> }
}

fn facts(opened: &Opened, chosen: usize, profile: &LoadedProfile, size: Option<f64>) -> Option<Vec<String>> {
    let of = opened.profiles.get(chosen)?;
    let kind = profile.profile_type.as_ref().map_or("", |t| t.sample_type.as_str());
    let total = total_text(profile.tree.total(NodeId::ROOT) as f64, kind, &Unit::of(kind, &profile.unit));
    let seconds = profile.seconds.map(|seconds| format_value(seconds, &Unit::parse("seconds")));
    let duration =
        seconds.map_or_else(|| "duration not recorded".to_owned(), |text| format!("recorded for {text}"));
    let mut facts = vec![total, duration, count(of.samples, "sample")];
    facts.extend((!opened.format.is_empty()).then(|| opened.format.clone()));
    facts.extend(size.map(|bytes| format_value(bytes, &Unit::parse("bytes"))));
    Some(facts)
}

fn note_count(count: usize) -> String {
    if count == 1 { "1 note from the parser".to_owned() } else { format!("{count} notes from the parser") }
}

/// Opens Compare with the file as the comparison.
#[component]
fn CompareButton(files: LocalFiles) -> impl IntoView {
    let sides = use_context::<LocalSides>();
    let address = use_context::<Address>();
    let compare = move |_| {
        if let (Some(sides), Some(file), Some(address)) = (sides, files.file(), address) {
            sides.0[0].open(&file);
            let both = Sources::default().with_file(Side::Comparison).with_file(Side::Baseline);
            address.go(&both.onto("/compare".to_owned()), HistoryMode::Push);
        }
    };
    view! { <button type="button" class="button" on:click=handler(compare)>"Compare with…"</button> }
}

#[component]
fn Progress(files: LocalFiles, job: Job) -> impl IntoView {
    let (name, value) = match &job {
        Job::Reading { name, bytes, of } => {
            (name.clone(), (bytes <= of && *of > 0.0).then(|| (bytes / of).to_string()))
        }
        Job::Parsing { name } => (name.clone(), None),
        _ => (String::new(), None),
    };
    view! {
        <div class="local-empty">
            <p class="local-hint">{name}</p>
            <progress class="local-progress" max="1" value=value aria-label="Progress"></progress>
            <p role="status">{job.phase()}</p>
            <button type="button" class="button" on:click=handler(move |_| files.cancel())>"Cancel"</button>
        </div>
    }
}

/// Pickers of the profile and the sample type, if there are several.
#[component]
pub(crate) fn Choice(
    files: LocalFiles,
    opened: crate::local_file::opened::Opened,
    /// The chosen profile and sample type.
    chosen: (usize, usize),
) -> impl IntoView {
    let profiles: Vec<String> = opened
        .profiles
        .iter()
        .enumerate()
        .map(|(i, p)| if p.name.is_empty() { format!("profile {}", i + 1) } else { p.name.clone() })
        .collect();
    let first: Vec<usize> = opened.profiles.iter().map(|p| p.first as usize).collect();
    let types: Vec<String> = opened
        .profiles
        .get(chosen.0)
        .map_or(Vec::new(), |p| p.types.iter().map(|t| format!("{} ({})", t.kind, t.unit)).collect());
    let options = |names: Vec<String>, at: usize| {
        let one = move |(i, name): (usize, String)| {
            view! { <option value=i.to_string() selected=i == at>{name}</option> }.into_any()
        };
        list(names.into_iter().enumerate().map(one))
    };
    let index = |text: String| text.parse::<usize>().ok();
    view! {
        {(profiles.len() > 1).then(|| view! {
            <label>"Profile "<select on:change=handler(move |e: Event| if let Some(i) = index(value_of(&e)) {
                files.choose(i, first.get(i).copied().unwrap_or(0));
            })>{options(profiles, chosen.0)}</select></label>
        }.into_any())}
        {(types.len() > 1).then(|| view! {
            <label>"Sample type "<select on:change=handler(move |e: Event| if let Some(i) = index(value_of(&e)) {
                files.choose(chosen.0, i);
            })>{options(types, chosen.1)}</select></label>
        }.into_any())}
    }
}
