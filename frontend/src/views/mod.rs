//! The pictures of a profile.

pub mod profile_view;
