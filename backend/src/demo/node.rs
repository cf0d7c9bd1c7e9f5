//! [`NodeService`]: the service `sessions`, which Node runs. It leaks memory, and ends itself at a bound.

use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Heap at which a replica ends itself, to be started again. Without the bound its leak would grow without end.
pub(super) const HEAP_LIMIT_MB: u32 = 200;
/// Heap at which V8 would end it, if it did not end itself.
const HARD_LIMIT_MB: u32 = 300;
/// The oldest version of Node that runs it, as of this project.
const LEAST_NODE: u32 = 20;

const PROGRAM: &str = "sessions.mjs";
const PACKAGE: &str = "@pyroscope/nodejs";

/// The program of the service, and its packages.
#[derive(Clone, Debug)]
pub(crate) struct NodeService {
    program: PathBuf,
}

/// A reason why the service cannot run here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Missing {
    /// There is no `node`.
    #[error("node is not installed")]
    Node,
    /// The version of `node`, which is too old or not a version.
    #[error("node is {0}, and {least} or newer is needed", least = LEAST_NODE)]
    Version(String),
    /// This directory has no package of the profiler.
    #[error("{package} is not in {dir}; scripts/setup.sh build installs it", package = PACKAGE, dir = .0.display())]
    Package(PathBuf),
    /// There is no program of the service beside the packages.
    #[error("{path} is missing", path = .0.display())]
    Program(PathBuf),
}

impl NodeService {
    /// Looks for `node`, for the packages in `modules` and for the program beside that directory.
    ///
    /// # Errors
    /// [`Missing`] names the first that is not there.
    pub(crate) async fn find(modules: &Path) -> Result<NodeService, Missing> {
        if !modules.join(PACKAGE).is_dir() {
            return Err(Missing::Package(modules.to_owned()));
        }
        // `parent` of a path with one part is empty, which is the current directory.
        let program = modules.parent().unwrap_or(Path::new("")).join(PROGRAM);
        if !program.is_file() {
            return Err(Missing::Program(program));
        }
        let output = Command::new("node").arg("--version").output().await.map_err(|_| Missing::Node)?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match major(&version) {
            Some(major) if major >= LEAST_NODE => Ok(NodeService { program }),
            _ => Err(Missing::Version(version)),
        }
    }

    /// The command that runs it, without what all replicas are told.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("node");
        command
            .arg(format!("--max-old-space-size={HARD_LIMIT_MB}"))
            .arg(&self.program)
            .args(["--heap-limit-mb", &HEAP_LIMIT_MB.to_string()]);
        command
    }
}

/// The major version of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8"), Some(8));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major(""), None);
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let modules = dir.path().join("node_modules");
        let missing = NodeService::find(&modules).await.unwrap_err();
        assert_eq!(missing, Missing::Package(modules.clone()));
        assert!(missing.to_string().contains("@pyroscope/nodejs is not in "), "{missing}");
        std::fs::create_dir_all(modules.join(PACKAGE)).unwrap();
        let missing = NodeService::find(&modules).await.unwrap_err();
        assert_eq!(missing, Missing::Program(dir.path().join(PROGRAM)));
        assert_eq!(
            Missing::Version("v16.0.0".to_owned()).to_string(),
            "node is v16.0.0, and 20 or newer is needed"
        );
    }
}
