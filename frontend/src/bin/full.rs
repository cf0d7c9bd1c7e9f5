//! The full program: every page.

fn main() {
    flarepath_frontend::full_app::start();
}
