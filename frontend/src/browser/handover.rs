//! Handover from the first program, which draws Home, Explore and little else, to the full one.
//!
//! The script that starts the first program provides a function that fetches and starts the full one (scripts/post_build.mjs).
//! Both programs run in one document, and reach each other by properties of the window. Started by the first one, the full program
//! waits:
//!
//! 1. It shows the verdict in an element that the first program lends to it ([`lend`], [`wait`]).
//! 2. It takes over the page ([`take_over`]). Dropped files or a pending action are passed on.

use super::{media, timer};
use crate::reactive::{RwSignal, Signal, effect};
use crate::state::verdict_question::VerdictQuestion;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::html::Div;
use leptos::prelude::{AnyView, Get, IntoView, NodeRef};
use std::any::Any;
use std::cell::{Cell, RefCell};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlElement};

/// Time after the start when the full program is fetched even if there is no first picture: an empty page, a slow query.
const PREPARE_AFTER_MS: u32 = 10_000;
/// The property that holds the function that fetches and starts the full program, once for any number of calls.
const STARTER: &str = "flarepathFull";
/// The property that the full program sets to the function that mounts it.
const MOUNT: &str = "flarepathMount";
/// The property that it sets to the function that shows the verdict: takes an element and the question.
const VERDICT: &str = "flarepathVerdict";
/// Shown in place of the verdict.
const LOST: &str =
    "The verdict could not be loaded: this part of the page is not available. Reload the page to try again.";
/// Shown in place of the verdict while the person saves data.
const SAVED: &str = "The verdict is not loaded, because this browser is set to save data. Compare shows it.";
/// The property that holds an array of files for the full program to open.
const FILES: &str = "flarepathFiles";
/// The property that holds a pending action.
const ACTION: &str = "flarepathAction";

/// Called when the full program cannot be loaded.
type OnFailure = Box<dyn FnOnce()>;

thread_local! {
    /// What unmounts this program when dropped.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    /// Called when the full program cannot be loaded; set from the moment its start begins.
    static FAILED: RefCell<Option<Vec<OnFailure>>> = const { RefCell::new(None) };
    /// Whether loading it has failed before.
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
    /// Whether it has been requested ahead of time.
    static PREPARED: Cell<bool> = const { Cell::new(false) };
    /// In the first program: the element for the verdict, and the question.
    static LENT: RefCell<Option<(HtmlElement, String)>> = const { RefCell::new(None) };
    /// In the full program: the element that the verdict is shown in, and the question.
    static SHOWN: RefCell<Option<(HtmlElement, RwSignal<String>)>> = const { RefCell::new(None) };
}

/// Shows the app until another program takes over.
pub(crate) fn mount<F, V>(app: F)
where
    F: FnOnce() -> V + 'static,
    V: IntoView + 'static,
{
    if let Some(body) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.body()) {
        let handle = leptos::mount::mount_to(body, app);
        MOUNTED.set(Some(Box::new(handle)));
    }
}

/// Starts the full program a while after this one, unless the first picture has had it started before.
pub(crate) fn prepare_later() {
    timer::after(PREPARE_AFTER_MS, prepare);
}

/// Starts the full program as soon as the browser is idle, so that it takes over at once, even offline; until then it waits. While the
/// person saves data, nothing is fetched ahead of time.
pub(crate) fn prepare() {
    if PREPARED.replace(true) || media::is_saving_data() {
        return;
    }
    timer::when_idle(|| {
        spawn_local(async {
            HAS_FAILED.set(run().await.is_err());
            ask_for_verdict();
        });
    });
}

/// Lends an element to the full program, which shows there the verdict that `question` asks for, once it has been started. It is
/// fetched when the question is ready: then the first picture is on screen.
pub(crate) fn lend(place: NodeRef<Div>, question: Signal<String>) {
    effect(move || {
        let Some(place) = place.get() else { return };
        let question = question.get();
        if VerdictQuestion::is_ready(&question) {
            prepare();
        }
        LENT.set(Some((place.into(), question)));
        ask_for_verdict();
    });
}

fn ask_for_verdict() {
    let Some((place, question)) = LENT.with_borrow(Clone::clone) else { return };
    match function(VERDICT) {
        Some(show) => drop(show.call2(&JsValue::NULL, &place, &question.into())),
        None if HAS_FAILED.get() => place.set_text_content(Some(LOST)),
        None if !question.is_empty() && media::is_saving_data() => place.set_text_content(Some(SAVED)),
        None => {}
    }
}

/// Whether this is the full program and the first one has started it: documents that begin with the full one have no such function.
pub(crate) fn is_called() -> bool {
    function(STARTER).is_some()
}

/// Has this program wait for the first one: `mount` takes over its page, `verdict` is shown in the element that it lends.
pub(crate) fn wait(mount: impl FnMut() + 'static, verdict: fn(Signal<String>) -> AnyView) {
    let mount: Closure<dyn FnMut()> = Closure::new(mount);
    let show: Closure<dyn FnMut(HtmlElement, String)> =
        Closure::new(move |place: HtmlElement, question: String| show_verdict(place, question, verdict));
    for (name, callback) in [(MOUNT, mount.into_js_value()), (VERDICT, show.into_js_value())] {
        drop(Reflect::set(&js_sys::global(), &name.into(), &callback));
    }
}

/// Shows the verdict in an element, or asks for another where it is shown already.
fn show_verdict(place: HtmlElement, question: String, verdict: fn(Signal<String>) -> AnyView) {
    let shown = SHOWN.with_borrow(Clone::clone).filter(|(at, _)| *at == place);
    if let Some((_, asked)) = shown {
        asked.set(question);
        return;
    }
    let at = place.clone();
    let handle = leptos::mount::mount_to(place, move || {
        let asked = RwSignal::new(question);
        SHOWN.set(Some((at, asked)));
        verdict(asked.into())
    });
    // Ends the one before, whose element is gone.
    MOUNTED.set(Some(Box::new(handle)));
}

/// Starts the full program in place of this one, once for any number of calls. Calls `failed` if it cannot be loaded.
pub(crate) fn take_over(failed: impl FnOnce() + 'static) {
    let begun = FAILED.with_borrow_mut(|waiting| {
        let begun = waiting.is_some();
        waiting.get_or_insert_default().push(Box::new(failed));
        begun
    });
    if begun {
        return;
    }
    spawn_local(async {
        match start().await {
            // Only now, so that nothing is missing from the screen in between.
            Ok(()) => {
                drop(LENT.take());
                drop(MOUNTED.take());
            }
            Err(_) => {
                HAS_FAILED.set(true);
                // Its owner learns of the failure and may try again.
                take_action();
                FAILED.take().into_iter().flatten().for_each(|failed| failed());
            }
        }
    });
}

async fn start() -> Result<(), JsValue> {
    run().await?;
    function(MOUNT).ok_or(JsValue::NULL)?.call0(&JsValue::NULL)?;
    Ok(())
}

/// Starts the full program, which then waits; nothing happens where it waits already.
async fn run() -> Result<(), JsValue> {
    let started = function(STARTER).ok_or(JsValue::NULL)?.call0(&JsValue::NULL)?;
    JsFuture::from(started.dyn_into::<Promise>()?).await?;
    Ok(())
}

/// A function that a property of the window holds.
fn function(name: &str) -> Option<Function> {
    Reflect::get(&js_sys::global(), &name.into()).ok()?.dyn_into().ok()
}

/// Keeps an action for the full program.
pub(crate) fn put_action(action: &str) {
    drop(Reflect::set(&js_sys::global(), &ACTION.into(), &action.into()));
}

/// Takes the action that was kept, if any.
pub(crate) fn take_action() -> Option<String> {
    let action = Reflect::get(&js_sys::global(), &ACTION.into()).ok()?.as_string();
    drop(Reflect::delete_property(&js_sys::global(), &ACTION.into()));
    action
}

/// Keeps files for the full program.
pub(crate) fn put_files(files: &[File]) {
    let files: Array = files.iter().collect();
    drop(Reflect::set(&js_sys::global(), &FILES.into(), &files));
}

/// Takes the files that were kept.
pub(crate) fn take_files() -> Vec<File> {
    let files =
        Reflect::get(&js_sys::global(), &FILES.into()).ok().and_then(|files| files.dyn_into::<Array>().ok());
    drop(Reflect::delete_property(&js_sys::global(), &FILES.into()));
    files.iter().flat_map(Array::iter).filter_map(|file| file.dyn_into().ok()).collect()
}
