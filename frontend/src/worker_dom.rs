//! The web worker that reads local profile files: the browser's side of [`crate::local_file::worker`].
//!
//! Receives messages, streams the file (through the browser's gunzip where needed), and posts the results. See
//! [`crate::local_file::protocol`] for the messages. Makes no network requests.

use crate::local_file::limits::MAX_BYTES;
use crate::local_file::offsets::{OffsetMapQuery, OffsetPartQuery};
use crate::local_file::protocol::{answer, request};
use crate::local_file::worker::{LocalFileWorker, too_large};
use js_sys::{Array, Function, Reflect, Uint8Array};
use prost::Message;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DedicatedWorkerGlobalScope, File, MessageEvent, ReadableStream, ReadableStreamDefaultReader,
    ReadableWritablePair,
};

const CUT_GZIP: &str = "The compressed file is damaged or truncated. Only what comes before is shown; the \
                        numbers are incomplete.";

/// Bytes between two reports of progress.
const REPORT_EVERY: usize = 2 << 20;

/// Starts listening; runs until the page terminates the worker.
pub fn start() {
    let worker = Rc::new(RefCell::new(LocalFileWorker::default()));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(items) = event.data().dyn_into::<Array>() {
            handle(&worker, &items);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens as long as it lives.
    on_message.forget();
    post(&[answer::READY.into()]);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn handle(worker: &Rc<RefCell<LocalFileWorker>>, items: &Array) {
    match items.get(0).as_string().as_deref() {
        Some(request::OPEN) => {
            let (worker, file) = (worker.clone(), items.get(1));
            spawn_local(async move {
                match file.dyn_into::<File>() {
                    Ok(file) => open(&worker, &file).await.unwrap_or_else(|text| fail(&text)),
                    Err(_) => fail("the dropped item is not a file"),
                }
            });
        }
        Some(request::TREE) => match worker.borrow().tree(index(items, 1), index(items, 2)) {
            Ok(bytes) => post_bytes(&[answer::TREE.into(), items.get(1), items.get(2)], &bytes),
            Err(text) => fail(&text),
        },
        Some(request::LINES) => {
            let function = items.get(3).as_string().unwrap_or_default();
            let bytes = worker.borrow().lines(index(items, 1), index(items, 2), &function);
            post_bytes(&[answer::LINES.into(), items.get(3)], &bytes);
        }
        Some(request::LANES) => match worker.borrow().lanes(index(items, 1)) {
            Ok(bytes) => post_bytes(&[answer::LANES.into(), items.get(1)], &bytes),
            Err(text) => fail(&text),
        },
        Some(request::CHART) => {
            let name = |name: &str| [name.into(), items.get(1), items.get(2), items.get(3)];
            match worker.borrow().chart(index(items, 1), index(items, 2), index(items, 3)) {
                Ok(bytes) => post_bytes(&name(answer::CHART), &bytes),
                Err(text) => post(&[&name(answer::NO_CHART)[..], &[text.into()]].concat()),
            }
        }
        Some(request::EXPORT) => {
            match worker.borrow().export(index(items, 1), index(items, 2), index(items, 3)) {
                Ok(bytes) => post_bytes(&[answer::EXPORT.into(), items.get(3)], &bytes),
                Err(text) => post(&[answer::NO_EXPORT.into(), text.into()]),
            }
        }
        Some(request::OFFSETS) => {
            let numbers = indexes(items, OffsetMapQuery::NUMBERS);
            let result = worker.borrow_mut().offsets(OffsetMapQuery::from_numbers(&numbers));
            post_result(items, [answer::OFFSETS, answer::NO_OFFSETS], &numbers, result);
        }
        Some(request::PART) => {
            let numbers = indexes(items, OffsetPartQuery::NUMBERS);
            let result = worker.borrow_mut().part(OffsetPartQuery::from_numbers(&numbers));
            post_result(items, [answer::PART, answer::NO_PART], &numbers, result);
        }
        _ => {}
    }
}

/// The numbers of a query.
fn indexes(items: &Array, count: usize) -> Vec<usize> {
    (1..=count as u32).map(|at| index(items, at)).collect()
}

/// Posts a result or an error after the numbers of the query.
fn post_result(items: &Array, names: [&str; 2], numbers: &[usize], result: Result<Vec<u8>, String>) {
    let head = |name: &str| {
        let numbers = (1..=numbers.len() as u32).map(|at| items.get(at));
        std::iter::once(JsValue::from(name)).chain(numbers).collect::<Vec<_>>()
    };
    match result {
        Ok(bytes) => post_bytes(&head(names[0]), &bytes),
        Err(text) => post(&[&head(names[1])[..], &[text.into()]].concat()),
    }
}

/// An item that is an index; anything but a number becomes one that does not exist.
fn index(items: &Array, at: u32) -> usize {
    items.get(at).as_f64().map_or(usize::MAX, |n| n as usize)
}

async fn open(worker: &RefCell<LocalFileWorker>, file: &File) -> Result<(), String> {
    let name = file.name();
    let (bytes, missing) = read(file).await?;
    post(&[answer::PARSING.into()]);
    let opened = worker.borrow_mut().open(&name, &bytes);
    let mut opened = opened.map_err(|text| match &missing {
        Some(missing) => format!("{text} {missing}"),
        None => text,
    })?;
    opened.warnings.extend(missing);
    post_bytes(&[answer::OPENED.into()], &opened.encode_to_vec());
    Ok(())
}

/// The bytes of a file, without gzip; of damaged gzip, those before the damage and a warning.
async fn read(file: &File) -> Result<(Vec<u8>, Option<String>), String> {
    let name = file.name();
    if file.size() > MAX_BYTES as f64 {
        return Err(too_large(&name));
    }
    let broken = |_| format!("{name} cannot be read; it may have been moved or changed, or is damaged gzip");
    let head = file.slice_with_i32_and_i32(0, 2).map_err(broken)?;
    let head = Uint8Array::new(&JsFuture::from(head.array_buffer()).await.map_err(broken)?).to_vec();
    let mut stream: ReadableStream = file.stream();
    if head == [0x1f, 0x8b] {
        stream = stream.pipe_through(&gunzip().map_err(broken)?);
    }
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    let mut reported = 0;
    let packed = head == [0x1f, 0x8b];
    // The size is known, so reserve it at once: growing would copy, and need twice the memory for a while.
    if !packed && bytes.try_reserve_exact(file.size() as usize).is_err() {
        return Err(too_large(&name));
    }
    loop {
        let step = match JsFuture::from(reader.read()).await {
            Ok(step) => step,
            Err(_) if packed && !bytes.is_empty() => return Ok((bytes, Some(CUT_GZIP.to_owned()))),
            Err(error) => return Err(broken(error)),
        };
        if Reflect::get(&step, &"done".into()).map_err(broken)?.is_truthy() {
            return Ok((bytes, None));
        }
        let chunk: Uint8Array = Reflect::get(&step, &"value".into()).map_err(broken)?.unchecked_into();
        let start = bytes.len();
        // Doubling what is there may be more than there is room for.
        if bytes.try_reserve(chunk.length() as usize).is_err() {
            return Err(too_large(&name));
        }
        if (start + chunk.length() as usize) as u64 > MAX_BYTES {
            return Err(too_large(&name));
        }
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        if bytes.len() - reported >= REPORT_EVERY {
            reported = bytes.len();
            post(&[answer::READING.into(), (bytes.len() as f64).into(), file.size().into()]);
        }
    }
}

/// The browser's `DecompressionStream`, which web-sys still counts as unstable. It has the `readable` and
/// `writable` of a pair.
fn gunzip() -> Result<ReadableWritablePair, JsValue> {
    let constructor = Reflect::get(&js_sys::global(), &"DecompressionStream".into())?;
    let stream = Reflect::construct(constructor.unchecked_ref::<Function>(), &Array::of1(&"gzip".into()))?;
    Ok(stream.unchecked_into())
}

fn fail(text: &str) {
    post(&[answer::FAILED.into(), text.into()]);
}

fn post(items: &[JsValue]) {
    // Only fails for what cannot be cloned; text and numbers can.
    drop(scope().post_message(&items.iter().collect::<Array>()));
}

/// Posts bytes after `items`; their memory is transferred and not copied.
fn post_bytes(items: &[JsValue], bytes: &[u8]) {
    let bytes = Uint8Array::from(bytes);
    let message: Array = items.iter().collect();
    message.push(&bytes);
    drop(scope().post_message_with_transfer(&message, &Array::of1(&bytes.buffer())));
}
