//! The page.

fn main() {
    flarepath_frontend::app::start();
}
