//! Preferences kept on this device. Where storage is off, nothing is kept and nothing fails.

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under `key`.
pub(crate) fn read(key: &str) -> Option<String> {
    store()?.get_item(key).ok().flatten()
}

/// Keeps `value` under `key`, if the browser allows it.
pub(crate) fn write(key: &str, value: &str) {
    if let Some(store) = store() {
        // Full or forbidden: the preference then lasts as long as the page.
        drop(store.set_item(key, value));
    }
}
