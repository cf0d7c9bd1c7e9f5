//! The parts of the load, and how often each happens.

use super::traffic::Traffic;
use super::{account, files, large, queries, shares};
use crate::push::{self, Pool};
use crate::server::Server;
use anyhow::Result;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;

const INSTANCES: usize = 20;
const ASKERS: u64 = 4;

/// Starts everything.
pub(crate) fn start(
    traffic: &Traffic,
    pool: &Arc<Pool>,
    server: &Server,
    data: &Path,
) -> Result<Vec<JoinHandle<()>>> {
    let ms = Duration::from_millis;
    let (files, backups, pid) = (Arc::new(files::Files::read()?), tempfile::tempdir()?, server.pid());
    let (data, backups, large) = (data.to_owned(), Arc::new(backups), large::Large::new());
    let pool = pool.clone();
    let mut tasks = vec![
        traffic.repeat(ms(20), move |traffic, turn| push(traffic, pool.clone(), turn)),
        traffic.repeat(ms(500), move |traffic, turn| files::send(traffic, files.clone(), turn)),
        traffic.repeat(ms(200), queries::abandon),
        traffic.repeat(ms(2000), account::sign_in_and_out),
        traffic.repeat(ms(5000), account::guess),
        traffic.repeat(ms(30_000), shares::live_through),
        traffic.repeat(ms(60_000), move |traffic, turn| large.clone().send(traffic, turn)),
        traffic.repeat(ms(20_000), move |traffic, _| hang_up_signal(traffic, pid)),
        traffic.repeat(ms(180_000), move |traffic, _| back_up(traffic, data.clone(), backups.clone())),
        traffic.repeat(ms(100), |traffic, _| check(traffic, "/healthz")),
        traffic.repeat(ms(100), |traffic, _| check(traffic, "/readyz")),
    ];
    tasks.extend(
        (0..ASKERS)
            .map(|asker| traffic.repeat(ms(250), move |traffic, turn| queries::ask(traffic, asker, turn))),
    );
    Ok(tasks)
}

/// A profile of one of the instances of a busy service.
async fn push(traffic: Traffic, pool: Arc<Pool>, turn: u64) {
    let now_ns = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
    let instance = turn as usize % INSTANCES;
    let Ok((raw, _)) = pool.stamped(turn as usize, now_ns) else { return };
    let request = traffic.authorized(reqwest::Method::POST, "/push.v1.PusherService/Push");
    let request = request.header("content-type", "application/proto").body(push::request(raw, instance));
    traffic.send("ingest", request).await;
}

async fn check(traffic: Traffic, path: &'static str) {
    traffic.send(path, traffic.request(reqwest::Method::GET, path)).await;
}

async fn hang_up_signal(traffic: Traffic, pid: u32) {
    let sent = Command::new("kill").args(["-HUP", &pid.to_string()]).status();
    let done = sent.map_err(|error| error.to_string());
    traffic.note("SIGHUP", done.and_then(|s| s.success().then_some(()).ok_or_else(|| s.to_string())));
}

/// Replaces the backup before.
async fn back_up(traffic: Traffic, data: std::path::PathBuf, backups: Arc<tempfile::TempDir>) {
    let mut command = tokio::process::Command::new(crate::server::binary());
    command.arg("backup").arg(backups.path().join("soak")).arg("--data").arg(&data);
    let made = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().await;
    let done = match made {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(error.to_string()),
    };
    traffic.note("backup", done);
}
