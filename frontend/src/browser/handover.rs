//! Handover from the first program, which draws Home, Explore and little else, to the full one.
//!
//! The script that starts the first program provides a function that fetches and starts the full one (scripts/post_build.mjs).
//! Both programs run in one document, and reach each other by properties of the window. Started by the first one, the full program
//! waits:
//!
//! 1. It shows parts of pages in elements that the first program lends to it ([`lend`], [`wait`]).
//! 2. It takes over the page ([`take_over`]). Dropped files or a pending action are passed on.

use super::{media, timer};
use crate::reactive::{RwSignal, Signal, effect};
use crate::state::lent_part::{LentPart, is_ready};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::html::Div;
use leptos::prelude::{AnyView, Get, IntoView, NodeRef};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
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
/// The property that it sets to the function that shows a part: takes the class of its element, the element and the question.
const SHOW: &str = "flarepathShow";
/// The property that holds an array of files for the full program to open.
const FILES: &str = "flarepathFiles";
/// The property that holds a pending action.
const ACTION: &str = "flarepathAction";

/// Shows a part for a question.
type ShowPart = fn(LentPart, Signal<String>) -> AnyView;
/// Called when the full program cannot be loaded.
type OnFailure = Box<dyn FnOnce()>;

thread_local! {
    /// What unmounts this program when dropped.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    /// Called when the full program cannot be loaded; set from the moment its start begins.
    static FAILED: RefCell<Option<Vec<OnFailure>>> = const { RefCell::new(None) };
    /// Whether loading it has failed before.
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
    /// Whether this is the first program.
    static IS_FIRST: Cell<bool> = const { Cell::new(false) };
    /// Whether the full program has been requested ahead of time.
    static PREPARED: Cell<bool> = const { Cell::new(false) };
    /// In the first program: the elements that are lent, each with its question.
    static LENT: RefCell<Vec<(LentPart, HtmlElement, String)>> = const { RefCell::new(Vec::new()) };
    /// In the full program: what it shows in them.
    static SHOWN: RefCell<Vec<Shown>> = const { RefCell::new(Vec::new()) };
}

/// What the full program shows in an element that is lent; it ends when this is dropped.
struct Shown {
    part: LentPart,
    place: HtmlElement,
    question: Rc<Cell<Option<RwSignal<String>>>>,
    _mounted: Box<dyn Any>,
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

/// In the first program: starts the full one a while later, unless the first picture has had it started before.
pub(crate) fn prepare_later() {
    IS_FIRST.set(true);
    timer::after(PREPARE_AFTER_MS, prepare);
}

/// In the first program: starts the full one as soon as the browser is idle.
pub(crate) fn prepare_from_first() {
    if IS_FIRST.get() {
        prepare();
    }
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
            LENT.with_borrow(Clone::clone).into_iter().for_each(ask_for);
        });
    });
}

/// Lends an element to the full program, which shows there what `question` asks for, once it has been started. It is fetched when the
/// question is ready: then the first picture is on screen.
pub(crate) fn lend(part: LentPart, place: NodeRef<Div>, question: Signal<String>) {
    effect(move || {
        let Some(place) = place.get() else { return };
        let question = question.get();
        if is_ready(&question) {
            prepare();
        }
        let lent = (part, place.into(), question);
        LENT.with_borrow_mut(|all| {
            all.retain(|(of, ..)| *of != part);
            all.push(lent.clone());
        });
        ask_for(lent);
    });
}

fn ask_for((part, place, question): (LentPart, HtmlElement, String)) {
    match function(SHOW) {
        Some(show) => {
            drop(show.call3(&JsValue::NULL, &part.class().into(), &place, &question.into()));
        }
        None if HAS_FAILED.get() => place.set_text_content(Some(part.lost())),
        None if !question.is_empty() && media::is_saving_data() => {
            place.set_text_content(Some(part.saved()));
        }
        None => {}
    }
}

/// Whether this is the full program and the first one has started it: documents that begin with the full one have no such function.
pub(crate) fn is_called() -> bool {
    function(STARTER).is_some()
}

/// Has this program wait for the first one: `mount` takes over its page, `show` shows parts in elements that it lends.
pub(crate) fn wait(mut mount: impl FnMut() + 'static, show: ShowPart) {
    let mount: Closure<dyn FnMut()> = Closure::new(move || {
        mount();
        drop(SHOWN.take());
    });
    let show: Closure<dyn FnMut(String, HtmlElement, String)> =
        Closure::new(move |class: String, place: HtmlElement, question: String| {
            LentPart::of_class(&class).into_iter().for_each(|part| show_in(part, &place, &question, show));
        });
    for (name, callback) in [(MOUNT, mount.into_js_value()), (SHOW, show.into_js_value())] {
        drop(Reflect::set(&js_sys::global(), &name.into(), &callback));
    }
}

/// Shows a part in an element, or asks it something else where it is shown already.
fn show_in(part: LentPart, place: &HtmlElement, question: &str, show: ShowPart) {
    let before = SHOWN
        .with_borrow_mut(|all| all.iter().position(|shown| shown.part == part).map(|at| all.swap_remove(at)));
    if let Some(shown) = before.filter(|shown| shown.place == *place) {
        shown.question.get().into_iter().for_each(|asked| asked.set(question.to_owned()));
        return SHOWN.with_borrow_mut(|all| all.push(shown));
    }
    // The one before, whose element is gone, has ended here.
    let asked = Rc::new(Cell::new(None));
    let (keep, first) = (Rc::clone(&asked), question.to_owned());
    let mounted = leptos::mount::mount_to(place.clone(), move || {
        let question = RwSignal::new(first);
        keep.set(Some(question));
        show(part, question.into())
    });
    let shown = Shown { part, place: place.clone(), question: asked, _mounted: Box::new(mounted) };
    SHOWN.with_borrow_mut(|all| all.push(shown));
}

/// Starts the full program in place of this one, once for any number of calls. Calls `failed` if it cannot be loaded.
// Boxed, so that it is compiled once: smaller code.
pub(crate) fn take_over(failed: OnFailure) {
    let begun = FAILED.with_borrow_mut(|waiting| {
        let begun = waiting.is_some();
        waiting.get_or_insert_default().push(failed);
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

/// The same for what only the full program explains; nothing happens where this is that one.
pub(crate) fn take_over_from_first() {
    if IS_FIRST.get() {
        take_over(Box::new(|| ()));
    }
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
