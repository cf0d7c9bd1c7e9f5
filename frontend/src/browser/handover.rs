//! From the first program, which draws Explore and little else, to the whole one.
//!
//! The page's `flarepath-whole` meta element names a script that fetches and compiles the whole program and leaves a
//! function that starts it. Both programs run in one document, so that files a person gave to the page go along.

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
/// Where the script leaves the function that starts the program.
const STARTER: &str = "flarepathWhole";
/// Where a file waits for the program that opens it.
const FILE: &str = "flarepathFile";
/// Where a wish waits.
const WISH: &str = "flarepathWish";

/// Called when the whole program can't be had.
type Told = Box<dyn FnOnce()>;

thread_local! {
    /// What unmounts this program when dropped.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    /// Who is told when the whole program can't be had; there from the moment it is started.
    static FAILED: RefCell<Option<Vec<Told>>> = const { RefCell::new(None) };
    /// How often it could not be had.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
    /// The script's arrival.
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

/// Fetches the whole program a while after the start, so that it opens at once, and with the network cut.
pub(crate) fn preload_later() {
    timer::after(PREPARE_AFTER_MS, || drop(script()));
}

/// Starts the whole program in place of this one, once however many parts of a page ask for it; says so when it can't
/// be had.
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
                SCRIPT.set(None);
                FAILURES.set(FAILURES.get() + 1);
                // Whoever wished is told, and may wish again.
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

/// The script, put into the page once; asked for again after a failure.
fn script() -> Result<Promise, JsValue> {
    if let Some(promise) = SCRIPT.with_borrow(Clone::clone) {
        return Ok(promise);
    }
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let named = document.query_selector("meta[name=flarepath-whole]")?.ok_or(JsValue::NULL)?;
    let script: HtmlScriptElement = document.create_element("script")?.dyn_into()?;
    script.set_type("module");
    // The browser remembers that a module could not be had; under another address it asks again.
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

/// Leaves a wish for the whole program.
pub(crate) fn put_action(wish: &str) {
    drop(Reflect::set(&js_sys::global(), &WISH.into(), &wish.into()));
}

/// The wish that was left, once.
pub(crate) fn take_action() -> Option<String> {
    let wish = Reflect::get(&js_sys::global(), &WISH.into()).ok()?.as_string();
    drop(Reflect::delete_property(&js_sys::global(), &WISH.into()));
    wish
}

/// Leaves a file for the whole program.
pub(crate) fn put_file(file: &File) {
    drop(Reflect::set(&js_sys::global(), &FILE.into(), file));
}

/// The file that was left, once.
pub(crate) fn take_file() -> Option<File> {
    let file = Reflect::get(&js_sys::global(), &FILE.into()).ok()?.dyn_into().ok();
    drop(Reflect::delete_property(&js_sys::global(), &FILE.into()));
    file
}
