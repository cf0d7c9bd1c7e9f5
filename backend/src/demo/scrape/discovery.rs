//! [`Discovery`]: serves the stand-in for kube-state-metrics, and keeps the file of targets as the fleet is.

use super::{Listener, Replica, kube_state, targets};
use std::future::pending;
use std::path::PathBuf;
use tokio::sync::watch;

/// The file while nothing runs. Prometheus drops its targets, and their series end.
const NO_TARGETS: &str = "[]\n";

/// The fleet, as Prometheus finds it.
pub(crate) struct Discovery {
    file: PathBuf,
    kube_state: Listener,
}

impl Discovery {
    /// Begins with an empty file.
    ///
    /// # Errors
    /// When the file cannot be written, or no port is free.
    pub(crate) async fn start(file: PathBuf) -> anyhow::Result<Discovery> {
        targets::replace(&file, NO_TARGETS)?;
        Ok(Discovery { file, kube_state: Listener::bind().await? })
    }

    /// Where the stand-in for kube-state-metrics is.
    pub(crate) fn kube_state_url(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.kube_state.port())
    }

    /// Follows the fleet until the file cannot be written.
    pub(crate) async fn run(&self, replicas: watch::Receiver<Vec<Replica>>) -> anyhow::Error {
        let shown = replicas.clone();
        tokio::select! {
            () = self.kube_state.serve(|| kube_state::text(&shown.borrow())) => pending().await,
            error = self.follow(replicas) => error,
        }
    }

    async fn follow(&self, mut replicas: watch::Receiver<Vec<Replica>>) -> anyhow::Error {
        loop {
            let now = replicas.borrow_and_update().clone();
            let text = targets::json(&now, self.kube_state.port()).map_err(anyhow::Error::from);
            if let Err(error) = text.and_then(|text| targets::replace(&self.file, &text)) {
                return error;
            }
            if replicas.changed().await.is_err() {
                // The fleet has ended.
                return pending().await;
            }
        }
    }

    /// Leaves an empty file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        targets::replace(&self.file, NO_TARGETS)
    }
}
