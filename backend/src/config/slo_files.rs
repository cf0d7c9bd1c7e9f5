//! `[slo_files]`: files in which other programs define objectives. They are read here, within bounds; `indicators` understands them.

use super::error::ConfigError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of a file.
const MAX_FILE_BYTES: u64 = 1 << 20;
/// Bytes of all files together.
const MAX_BYTES: usize = 16 << 20;
const MAX_FILES: usize = 256;
/// Entries of a directory that are looked at.
const MAX_ENTRIES: usize = 10_000;
const KEY: &str = "slo_files.paths";

/// A checked `[slo_files]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SloFilesConfig {
    /// The files, in the order of the configuration; those of a directory in the order of their names.
    pub files: Vec<SloFile>,
    /// Services as the files name them, each with the service of profiles.
    pub services: BTreeMap<String, String>,
}

/// A file with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SloFile {
    /// Its path.
    pub path: PathBuf,
    /// Its content, not yet understood.
    pub text: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawSloFiles {
    paths: Vec<PathBuf>,
    services: BTreeMap<String, String>,
}

impl TryFrom<RawSloFiles> for SloFilesConfig {
    type Error = ConfigError;

    fn try_from(raw: RawSloFiles) -> Result<SloFilesConfig, ConfigError> {
        let mut paths = Vec::new();
        for path in &raw.paths {
            paths.extend(files(path)?);
        }
        if paths.len() > MAX_FILES {
            let expected = format!("at most {MAX_FILES} files");
            return Err(ConfigError::value(KEY, format!("{} files", paths.len()), expected));
        }
        let files = paths.into_iter().map(read).collect::<Result<Vec<SloFile>, ConfigError>>()?;
        let bytes: usize = files.iter().map(|file| file.text.len()).sum();
        if bytes > MAX_BYTES {
            let expected = format!("at most {} MiB in all files together", MAX_BYTES >> 20);
            return Err(ConfigError::value(KEY, format!("{bytes} bytes"), expected));
        }
        Ok(SloFilesConfig { files, services: raw.services })
    }
}

/// The file, or the files of a directory whose names end in `.yaml` or `.yml`. Directories in it are left out.
fn files(path: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = |error: std::io::Error| {
        ConfigError::value(KEY, path.display(), format!("a readable directory ({error})"))
    };
    let mut found = Vec::new();
    for (place, entry) in std::fs::read_dir(path).map_err(unreadable)?.enumerate() {
        if place >= MAX_ENTRIES {
            let expected = format!("a directory with at most {MAX_ENTRIES} entries");
            return Err(ConfigError::value(KEY, path.display(), expected));
        }
        let file = entry.map_err(unreadable)?.path();
        let is_yaml = file.extension().is_some_and(|end| end == "yaml" || end == "yml");
        // Through symbolic links, of which mounted ConfigMaps consist.
        if is_yaml && file.is_file() {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: PathBuf) -> Result<SloFile, ConfigError> {
    let refused = |expected: String| ConfigError::value(KEY, path.display(), expected);
    if !path.is_file() {
        return Err(refused("a file that exists, or a directory".to_owned()));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells files that are too large.
    File::open(&path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| refused(format!("a readable file ({error})")))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refused(format!("a file of at most {} MiB", MAX_FILE_BYTES >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|_| refused("a file in UTF-8".to_owned()))?;
    Ok(SloFile { path, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(paths: Vec<PathBuf>) -> Result<SloFilesConfig, String> {
        let raw = RawSloFiles { paths, ..RawSloFiles::default() };
        SloFilesConfig::try_from(raw).map_err(|error| error.to_string())
    }

    #[test]
    fn a_directory_stands_for_its_yaml_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a.yml", "README.md"] {
            std::fs::write(dir.path().join(name), name).unwrap();
        }
        std::fs::create_dir(dir.path().join("c.yaml")).unwrap();
        let found = checked(vec![dir.path().join("README.md"), dir.path().to_owned()]).unwrap();
        let texts: Vec<&str> = found.files.iter().map(|file| file.text.as_str()).collect();
        assert_eq!(texts, ["README.md", "a.yml", "b.yaml"]);
    }

    #[test]
    fn files_that_cannot_be_read_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let written = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        for (path, expected) in [
            (dir.path().join("none.yaml"), "a file that exists"),
            (written("large.yaml", &vec![b'#'; 2 << 20]), "at most 1 MiB"),
            (written("latin.yaml", b"a: \xe9"), "UTF-8"),
        ] {
            let error = checked(vec![path.clone()]).unwrap_err();
            assert!(error.contains(&path.display().to_string()) && error.contains(expected), "{error}");
        }
        assert!(checked(vec![written("largest.yaml", &vec![b'#'; 1 << 20])]).is_ok());
    }

    #[test]
    fn files_are_counted() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..=MAX_FILES {
            std::fs::write(dir.path().join(format!("{number}.yaml")), "").unwrap();
        }
        assert!(checked(vec![dir.path().to_owned()]).unwrap_err().contains("at most 256 files"));
    }

    #[test]
    fn all_files_together_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..17 {
            std::fs::write(dir.path().join(format!("{number}.yaml")), vec![b'#'; 1 << 20]).unwrap();
        }
        assert!(checked(vec![dir.path().to_owned()]).unwrap_err().contains("at most 16 MiB"));
    }
}
