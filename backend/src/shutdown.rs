//! Shutdown signals: SIGINT and SIGTERM.

/// Completes on SIGINT or SIGTERM.
pub(crate) async fn requested() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot handle SIGTERM; stop the server with SIGINT")
            }
        }
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot handle SIGINT; kill the process to stop the server");
        std::future::pending::<()>().await;
    }
}
