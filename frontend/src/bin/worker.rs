//! Reads local profile files beside the page, so that the page never waits.

fn main() {
    #[cfg(target_arch = "wasm32")]
    flarepath_frontend::worker_dom::start();
}
