//! The first program: Explore, and no more than that needs.

fn main() {
    flarepath_frontend::first_app::start();
}
