//! Handle of the worker that reads local files.

use crate::local_file::protocol::{answer, request};
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, MessageEvent, Worker};

/// A message of the worker: its name and the items after it.
pub(crate) struct Message(Array);

impl Message {
    pub(crate) fn name(&self) -> String {
        self.text(0)
    }

    /// An item that is text; empty if it is not.
    pub(crate) fn text(&self, index: u32) -> String {
        self.0.get(index).as_string().unwrap_or_default()
    }

    /// An item that is a number; 0 if it is not.
    pub(crate) fn number(&self, index: u32) -> f64 {
        self.0.get(index).as_f64().unwrap_or(0.0)
    }

    /// An item that is bytes; empty if it is not.
    pub(crate) fn bytes(&self, index: u32) -> Vec<u8> {
        self.0.get(index).dyn_into::<js_sys::Uint8Array>().map(|b| b.to_vec()).unwrap_or_default()
    }
}

/// A running worker. Dropping it ends the worker, whatever it is at.
pub(crate) struct ProfileWorker {
    worker: Worker,
    /// Messages to post once the worker listens: before its module runs, they would be lost. `None` from
    /// then on.
    waiting: Rc<RefCell<Option<Vec<Array>>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for ProfileWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl ProfileWorker {
    /// Starts the worker; `None` if the page does not name its script or the browser refuses.
    pub(crate) fn start(
        on_message: impl Fn(Message) + 'static,
        on_error: impl Fn() + 'static,
    ) -> Option<ProfileWorker> {
        let worker = Worker::new(&address()?).ok()?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let (held, to) = (waiting.clone(), worker.clone());
        let on_message = Closure::new(move |event: MessageEvent| {
            let Ok(items) = event.data().dyn_into::<Array>() else { return };
            let message = Message(items);
            if message.name() == answer::READY {
                held.borrow_mut().take().into_iter().flatten().for_each(|m: Array| post(&to, &m));
            } else {
                on_message(message);
            }
        });
        let unready = waiting.clone();
        let on_error = Closure::new(move |event: web_sys::Event| {
            // A script that could not be loaded (the server is gone) is dealt with; a panic belongs in the console.
            if unready.borrow().is_some() {
                event.prevent_default();
            }
            on_error();
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(ProfileWorker { worker, waiting, _on_message: on_message, _on_error: on_error })
    }

    /// Requests reading a file.
    pub(crate) fn open(&self, file: &File) {
        self.post(Array::of2(&JsValue::from_str(request::OPEN), file));
    }

    /// Sends a request about the open file: a name of [`request`] and its numbers.
    pub(crate) fn request(&self, name: &str, numbers: &[usize]) {
        let message = Array::of1(&JsValue::from_str(name));
        for &number in numbers {
            message.push(&JsValue::from_f64(number as f64));
        }
        self.post(message);
    }

    /// Requests the lines of a function.
    pub(crate) fn lines(&self, (profile, sample_type): (usize, usize), function: &str) {
        let message = Array::of1(&JsValue::from_str(request::LINES));
        for number in [profile, sample_type] {
            message.push(&JsValue::from_f64(number as f64));
        }
        message.push(&JsValue::from_str(function));
        self.post(message);
    }

    fn post(&self, message: Array) {
        match &mut *self.waiting.borrow_mut() {
            Some(waiting) => waiting.push(message),
            None => post(&self.worker, &message),
        }
    }
}

fn post(worker: &Worker, message: &Array) {
    // Only fails for what cannot be cloned; files and numbers can.
    drop(worker.post_message(message));
}

/// The address of the worker's script, from a `meta` element.
fn address() -> Option<String> {
    let document = web_sys::window()?.document()?;
    document.query_selector("meta[name=flarepath-worker]").ok()??.get_attribute("content")
}
