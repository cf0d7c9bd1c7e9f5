//! Binaries and libraries of a process, as both formats list them.

use super::thread::Lib;
use serde::Deserialize;

/// A row of `libs`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LibRow {
    start: u64,
    end: u64,
    offset: u64,
    name: Option<String>,
    path: Option<String>,
    breakpad_id: Option<String>,
    code_id: Option<String>,
}

impl LibRow {
    /// With the addresses that it has in the process.
    pub(super) fn mapped(&self) -> Lib {
        let text =
            |all: [&Option<String>; 2]| all.into_iter().flatten().find(|text| !text.is_empty()).cloned();
        Lib {
            start: self.start,
            end: self.end,
            offset: self.offset,
            path: text([&self.path, &self.name]).unwrap_or_default(),
            build_id: text([&self.code_id, &self.breakpad_id]).unwrap_or_default(),
        }
    }

    /// With addresses that count from its first byte.
    pub(super) fn relative(&self) -> Lib {
        Lib { start: 0, end: 0, offset: 0, ..self.mapped() }
    }
}
