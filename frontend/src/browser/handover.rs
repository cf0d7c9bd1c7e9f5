//! Handover from the first program, which draws Explore and little else, to the full one.
//!
//! The page's `flarepath-full` meta element names a script that fetches and compiles the full program and sets a
//! function that starts it. Both programs run in one document: a dropped file or a pending action is passed on as a
//! property of the window.

use super::timer;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::IntoView;
use std::any::Any;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlScriptElement};

/// Time after the start when nothing more pressing is left to be downloaded.
const PREPARE_AFTER_MS: u32 = 3000;
/// The property that the script sets to the function that starts the program.
const STARTER: &str = "flarepathFull";
/// The property that holds a file for the full program to open.
const FILE: &str = "flarepathFile";
/// The property that holds a pending action.
const ACTION: &str = "flarepathAction";

/// Called when the full program cannot be loaded.
type OnFailure = Box<dyn FnOnce()>;

thread_local! {
    /// What unmounts this program when dropped.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    /// Called when the full program cannot be loaded; set from the moment its start begins.
    static FAILED: RefCell<Option<Vec<OnFailure>>> = const { RefCell::new(None) };
    /// How often loading has failed.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
    /// Resolves when the script has run.
    static SCRIPT: RefCell<Option<Promise>> = const { RefCell::new(None) };
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

/// Fetches the full program a while after the start, so that it starts at once, even offline.
pub(crate) fn preload_later() {
    timer::after(PREPARE_AFTER_MS, || {
        spawn_local(async {
            let Ok(script) = script() else { return };
            if JsFuture::from(script).await.is_err() {
                forget_script();
            }
        });
    });
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
            Ok(()) => drop(MOUNTED.take()),
            Err(_) => {
                forget_script();
                // Its owner learns of the failure and may try again.
                take_action();
                FAILED.take().into_iter().flatten().for_each(|failed| failed());
            }
        }
    });
}

async fn start() -> Result<(), JsValue> {
    JsFuture::from(script()?).await?;
    let window: JsValue = js_sys::global().into();
    let starter: Function = Reflect::get(&window, &STARTER.into())?.dyn_into()?;
    let started: Promise = starter.call0(&JsValue::NULL)?.dyn_into()?;
    JsFuture::from(started).await?;
    Ok(())
}

/// Adds the script to the page, once; again after a failure.
fn script() -> Result<Promise, JsValue> {
    if let Some(promise) = SCRIPT.with_borrow(Clone::clone) {
        return Ok(promise);
    }
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let named = document.query_selector("meta[name=flarepath-full]")?.ok_or(JsValue::NULL)?;
    let script: HtmlScriptElement = document.create_element("script")?.dyn_into()?;
    script.set_type("module");
    // Browsers cache the failure of a module; under another address they try again.
    let failures = FAILURES.get();
    let again = if failures > 0 { format!("?again={failures}") } else { String::new() };
    script.set_src(&(named.get_attribute("content").unwrap_or_default() + &again));
    let promise = Promise::new(&mut |arrived, failed| {
        script.set_onload(Some(&arrived));
        script.set_onerror(Some(&failed));
    });
    document.head().ok_or(JsValue::NULL)?.append_child(&script)?;
    SCRIPT.set(Some(promise.clone()));
    Ok(promise)
}

/// Lets the next attempt fetch the script again.
fn forget_script() {
    SCRIPT.set(None);
    FAILURES.set(FAILURES.get() + 1);
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

/// Keeps a file for the full program.
pub(crate) fn put_file(file: &File) {
    drop(Reflect::set(&js_sys::global(), &FILE.into(), file));
}

/// Takes the file that was kept, if any.
pub(crate) fn take_file() -> Option<File> {
    let file = Reflect::get(&js_sys::global(), &FILE.into()).ok()?.dyn_into().ok();
    drop(Reflect::delete_property(&js_sys::global(), &FILE.into()));
    file
}
