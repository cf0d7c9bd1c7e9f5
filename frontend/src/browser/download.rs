//! Downloads: saving files, compressing, rendering PNG; and the page's own program as bytes.
//!
//! Calls the browser by name: the types of all this would only make the page larger.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The error for what the browser refused.
const REFUSED: &str = "the browser does not allow this";

fn refused(_: JsValue) -> String {
    REFUSED.to_owned()
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(object, method)?.dyn_into()?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

fn construct(class: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = get(&js_sys::global(), class)?.dyn_into()?;
    Reflect::construct(&class, &arguments.iter().collect::<Array>())
}

async fn awaited(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

fn blob(kind: &str, bytes: &[u8]) -> Result<JsValue, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &kind.into())?;
    let parts = Array::of1(&Uint8Array::from(bytes));
    construct("Blob", &[parts.into(), options.into()])
}

fn address_of(blob: &JsValue) -> Result<JsValue, JsValue> {
    call(&get(&js_sys::global(), "URL")?, "createObjectURL", std::slice::from_ref(blob))
}

/// The outcome of saving as a sentence.
pub(crate) fn outcome(saved: Result<(), String>) -> String {
    saved.map_or_else(|problem| format!("Not saved: {problem}."), |()| "Saved.".to_owned())
}

/// Downloads a file.
///
/// # Errors
/// When the browser refuses.
pub(crate) fn save(name: &str, kind: &str, bytes: &[u8]) -> Result<(), String> {
    let blob = blob(kind, bytes).map_err(refused)?;
    save_blob(name, &blob).map_err(refused)
}

fn save_blob(name: &str, blob: &JsValue) -> Result<(), JsValue> {
    let address = address_of(blob)?;
    let link = element("a")?;
    link.set_attribute("href", &address.as_string().unwrap_or_default())?;
    link.set_attribute("download", name)?;
    call(&link, "click", &[])?;
    // The download has begun by the time of the next task; a minute is more than enough.
    super::timer::after(60_000, move || {
        let url = get(&js_sys::global(), "URL").and_then(|url| call(&url, "revokeObjectURL", &[address]));
        drop(url);
    });
    Ok(())
}

fn element(name: &str) -> Result<web_sys::Element, JsValue> {
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    document.create_element(name)
}

/// Draws an SVG at twice its size and offers it as PNG.
///
/// # Errors
/// When the browser cannot draw it, for instance because it is too large.
pub(crate) async fn save_png(name: &str, svg: &str, size: (f64, f64)) -> Result<(), String> {
    let drawn = draw(svg, size).await;
    let canvas =
        drawn.map_err(|_| "the browser cannot draw a picture of this size; save it as SVG".to_owned())?;
    let blob = Promise::new(&mut |done, failed| {
        if call(&canvas, "toBlob", &[done.into(), "image/png".into()]).is_err() {
            drop(failed.call0(&JsValue::NULL));
        }
    });
    let blob = JsFuture::from(blob).await.map_err(refused)?;
    if blob.is_null() {
        return Err("the browser cannot draw a picture of this size; save it as SVG".to_owned());
    }
    save_blob(name, &blob).map_err(refused)
}

async fn draw(svg: &str, (width, height): (f64, f64)) -> Result<JsValue, JsValue> {
    let scale = 2.0;
    let image = element("img")?;
    let address = address_of(&blob("image/svg+xml", svg.as_bytes())?)?;
    image.set_attribute("src", &address.as_string().unwrap_or_default())?;
    awaited(call(&image, "decode", &[])?).await?;
    let canvas = element("canvas")?;
    Reflect::set(&canvas, &"width".into(), &(width * scale).round().into())?;
    Reflect::set(&canvas, &"height".into(), &(height * scale).round().into())?;
    let context = call(&canvas, "getContext", &["2d".into()])?;
    let (w, h) = ((width * scale).into(), (height * scale).into());
    call(&context, "drawImage", &[image.into(), 0.into(), 0.into(), w, h])?;
    call(&get(&js_sys::global(), "URL")?, "revokeObjectURL", &[address])?;
    Ok(canvas.into())
}

/// Compresses with gzip.
///
/// # Errors
/// When the browser cannot.
pub(crate) async fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let packed = async {
        let stream = call(&blob("", bytes)?, "stream", &[])?;
        let packer = construct("CompressionStream", &["gzip".into()])?;
        let packed = call(&stream, "pipeThrough", &[packer])?;
        let response = construct("Response", &[packed])?;
        awaited(call(&response, "arrayBuffer", &[])?).await
    };
    Ok(Uint8Array::new(&packed.await.map_err(refused)?).to_vec())
}

/// The files of the page itself.
pub(crate) struct OwnProgram {
    /// Its style sheets.
    pub(crate) css: String,
    /// The JavaScript of the full program.
    pub(crate) glue: String,
    /// The full program.
    pub(crate) program: Vec<u8>,
}

/// Reads the files of the page, from the browser's cache or the server it came from.
///
/// # Errors
/// When neither has it.
pub(crate) async fn own_program() -> Result<OwnProgram, String> {
    let lost =
        |_| "the program of this page cannot be loaded, because its server does not respond".to_owned();
    read_own().await.map_err(lost)
}

async fn read_own() -> Result<OwnProgram, JsValue> {
    let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let named = document.query_selector("meta[name=flarepath-full]")?.ok_or(JsValue::NULL)?;
    let stem = named.get_attribute("content").ok_or(JsValue::NULL)?;
    let mut css = String::new();
    let links = call(&document, "querySelectorAll", &["link[rel=stylesheet]".into()])?;
    for link in Array::from(&links).iter() {
        let href = get(&link, "href")?.as_string().unwrap_or_default();
        css.push_str(
            &awaited(call(&fetch(&href).await?, "text", &[])?).await?.as_string().unwrap_or_default(),
        );
    }
    let glue = awaited(call(&fetch(&format!("{stem}.js")).await?, "text", &[])?).await?;
    let program = awaited(call(&fetch(&format!("{stem}_bg.wasm")).await?, "arrayBuffer", &[])?).await?;
    Ok(OwnProgram {
        css,
        glue: glue.as_string().unwrap_or_default(),
        program: Uint8Array::new(&program).to_vec(),
    })
}

async fn fetch(address: &str) -> Result<JsValue, JsValue> {
    let response = awaited(call(&js_sys::global(), "fetch", &[address.into()])?).await?;
    if get(&response, "ok")?.is_truthy() { Ok(response) } else { Err(JsValue::NULL) }
}

/// The data of a saved page: bytes of a `Saved`.
pub(crate) fn saved_data() -> Option<Vec<u8>> {
    let data = get(&js_sys::global(), "flarepathSaved").ok()?;
    Some(data.dyn_into::<Uint8Array>().ok()?.to_vec())
}
