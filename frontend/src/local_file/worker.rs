//! The worker that reads local files, without the browser: bytes in, descriptions and call trees out.

use super::chart::{chart_of, lanes_of};
use super::limits::MAX_BYTES;
use super::offsets::{OffsetMapQuery, OffsetPartQuery, cells_of, map_of, part_of};
use super::opened::Opened;
use super::salvage::{json_error, salvage};
use super::unzstd::{is_zstd, unzstd};
use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::{Detected, NamedProfile, ReadError, detect, read};
use flarepath_profile::heatmap::OffsetMap;
use flarepath_profile::line_costs::{LineCost, line_costs};
use flarepath_profile::profile::Profile;
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::messages::{FunctionLine, LinesResponse};
use prost::Message;
use std::borrow::Cow;

/// The error for a file that is too large.
pub(crate) fn too_large(name: &str) -> String {
    let limit = MAX_BYTES >> 20;
    format!(
        "{name} is larger than {limit} MiB, the most that fits into the memory of a browser tab. \
             Push it to a server with `flarepath push`, or record a shorter profile."
    )
}

const NO_PROFILE: &str = "there is no such profile in the file";

/// The open file.
#[derive(Debug, Default)]
pub(crate) struct LocalFileWorker {
    profiles: Vec<NamedProfile>,
    /// The newest map of sub-second offsets: most parts are of it.
    offsets: Option<(OffsetMapQuery, OffsetMap)>,
}

impl LocalFileWorker {
    /// Reads a file and describes its contents. The browser has removed gzip; zstd is decompressed here.
    pub(crate) fn open(&mut self, name: &str, bytes: &[u8]) -> Result<Opened, String> {
        self.profiles.clear();
        self.offsets = None;
        let plain = match is_zstd(bytes) {
            true => Cow::Owned(unzstd(bytes, MAX_BYTES).map_err(|e| format!("{name} {e}."))?),
            false => Cow::Borrowed(bytes),
        };
        let (profiles, warning) = match read(&plain, None) {
            Ok(profiles) => (profiles, None),
            Err(error) => {
                let broken = || {
                    let hint = json_error(&plain).map(|text| format!(" {text}")).unwrap_or_default();
                    format!("{name} cannot be read: {error}.{hint}")
                };
                let (profiles, warning) = salvage(&plain).ok_or_else(broken)?;
                // That the format is unknown no longer matters once something has been read.
                let why = if error == ReadError::Unknown { String::new() } else { format!(" ({error}.)") };
                (profiles, Some(format!("{warning}{why}")))
            }
        };
        self.profiles = profiles;
        if self.profiles.iter().all(|p| p.profile.sample_types.is_empty()) {
            return Err(format!("{name} contains no profile with values."));
        }
        let mut opened = Opened::from(self.profiles.as_slice());
        opened.warnings.extend(warning);
        if let Detected::Readable(format) = detect(&plain) {
            opened.format = format.name().to_owned();
        }
        Ok(opened)
    }

    /// The cost of the lines of a function, as protobuf; empty for an unknown profile or type.
    pub(crate) fn lines(&self, profile: usize, sample_type: usize, function: &str) -> Vec<u8> {
        let found = self.profiles.get(profile).map(|p| line_costs(&p.profile, sample_type, function));
        let line = |l: LineCost| FunctionLine {
            file: l.file,
            line: l.line,
            self_value: l.self_value,
            total: l.total,
        };
        let lines = found.into_iter().flatten().map(line).collect();
        LinesResponse { lines, ..LinesResponse::default() }.encode_to_vec()
    }

    /// The columns of a call tree as protobuf.
    pub(crate) fn tree(&self, profile: usize, sample_type: usize) -> Result<Vec<u8>, String> {
        let tree = from_profile(self.profile(profile)?, sample_type).map_err(|e| e.to_string())?;
        Ok(CallTreeColumns::from(&tree).encode_to_vec())
    }

    /// The threads of a profile as protobuf.
    pub(crate) fn lanes(&self, profile: usize) -> Result<Vec<u8>, String> {
        Ok(lanes_of(self.profile(profile)?).encode_to_vec())
    }

    /// The flame chart of a thread as protobuf.
    pub(crate) fn chart(&self, profile: usize, sample_type: usize, lane: usize) -> Result<Vec<u8>, String> {
        Ok(chart_of(self.profile(profile)?, sample_type, lane)?.encode_to_vec())
    }

    /// A profile in one of [`super::export::FORMATS`].
    pub(crate) fn export(
        &self,
        profile: usize,
        sample_type: usize,
        format: usize,
    ) -> Result<Vec<u8>, String> {
        let named = &self.profiles.get(profile).map_or("", |named| named.name.as_str());
        let name = if named.is_empty() { "profile" } else { named };
        super::export::write(self.profile(profile)?, sample_type, name, format)
    }

    /// A map of sub-second offsets as protobuf.
    pub(crate) fn offsets(&mut self, query: OffsetMapQuery) -> Result<Vec<u8>, String> {
        Ok(cells_of(self.map(query)?.1, query).encode_to_vec())
    }

    /// The columns of the call tree of a part of such a map as protobuf.
    pub(crate) fn part(&mut self, query: OffsetPartQuery) -> Result<Vec<u8>, String> {
        let (profile, map) = self.map(query.of)?;
        Ok(part_of(profile, map, query)?.encode_to_vec())
    }

    fn map(&mut self, query: OffsetMapQuery) -> Result<(&Profile, &OffsetMap), String> {
        let kept = self.offsets.take().filter(|(of, _)| *of == query);
        let map = match kept {
            Some((_, map)) => map,
            None => map_of(self.profile(query.profile)?, query)?,
        };
        let (_, map) = &*self.offsets.insert((query, map));
        let named = self.profiles.get(query.profile).ok_or_else(|| NO_PROFILE.to_owned())?;
        Ok((&named.profile, map))
    }

    fn profile(&self, index: usize) -> Result<&Profile, String> {
        let named = self.profiles.get(index);
        named.map(|named| &named.profile).ok_or_else(|| NO_PROFILE.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::{CallTree, NodeId};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    #[test]
    fn builds_the_tree_of_a_file() {
        let mut worker = LocalFileWorker::default();
        let opened = worker.open("a.folded", b"main;work 12\nmain;rest 3\n").unwrap();
        assert_eq!(opened.profiles.len(), 1);
        assert_eq!(opened.profiles[0].types.len(), 1);
        assert_eq!((opened.format.as_str(), opened.profiles[0].samples), ("folded stacks", 2));
        let columns = CallTreeColumns::decode(worker.tree(0, 0).unwrap().as_slice()).unwrap();
        let tree = CallTree::try_from(columns).unwrap();
        assert_eq!((tree.len(), tree.total(NodeId::ROOT)), (4, 15));
        assert!(worker.tree(1, 0).is_err());
    }

    #[test]
    fn decompresses_zstd() {
        let mut worker = LocalFileWorker::default();
        let body = compress_to_vec(&b"main;work 12\n"[..], CompressionLevel::Fastest);
        assert_eq!(worker.open("a.folded.zst", &body).unwrap().profiles.len(), 1);
        let error = worker.open("a.folded.zst", &body[..body.len() - 3]).unwrap_err();
        assert!(error.starts_with("a.folded.zst is damaged zstd: "), "{error}");
    }

    #[test]
    fn salvages_a_broken_file_with_a_warning() {
        let whole = br#"{"$schema":"https://www.speedscope.app/file-format-schema.json","shared":{"frames":[{"name":"main"}]},
            "profiles":[{"type":"sampled","name":"a","unit":"none","startValue":0,"endValue":3,
            "weights":[1,2],"samples":[[0],[0]"#;
        let opened = LocalFileWorker::default().open("a.json", whole).unwrap();
        assert_eq!(opened.warnings.len(), 1);
        assert!(
            opened.warnings[0].starts_with("The file is damaged or truncated at byte "),
            "{:?}",
            opened.warnings
        );
        assert!(LocalFileWorker::default().open("a.folded", b"main 1\n").unwrap().warnings.is_empty());
    }

    #[test]
    fn rejects_other_files_by_name() {
        let error = LocalFileWorker::default().open("cat.png", b"\x89PNG\r\n\x1a\n").unwrap_err();
        assert!(error.starts_with("cat.png cannot be read: "), "{error}");
    }
}
