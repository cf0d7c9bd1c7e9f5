//! Both kinds of records databases, for tests that run on each.
//!
//! PostgreSQL is Debian's, started once a test process in a temporary folder and listening on a socket in it only. Where the
//! machine has none, the tests say so and run on SQLite alone; CI always has it.

use flarepath::db::Records;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, OnceLock};
use tempfile::TempDir;

/// A running PostgreSQL server.
struct Server {
    folder: TempDir,
    bin: PathBuf,
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(start);
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Empty records of each kind.
pub(crate) async fn each() -> Vec<Records> {
    let mut all = vec![Records::in_memory()];
    if let Some(url) = postgres_url() {
        all.push(Records::open(&url).await.unwrap());
    }
    all
}

/// The address of a new, empty database on PostgreSQL.
pub(crate) fn postgres_url() -> Option<String> {
    let server = SERVER.as_ref()?;
    let name = format!("records_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let made = as_postgres(&server.bin.join("createdb"))
        .arg("-h")
        .arg(server.folder.path())
        .args(["-U", "flarepath", &name])
        .status();
    assert!(made.unwrap().success());
    Some(format!("postgres://flarepath@localhost/{name}?host={}", server.folder.path().display()))
}

fn start() -> Option<Server> {
    let Some(bin) = find_bin() else {
        assert!(std::env::var_os("CI").is_none(), "CI needs PostgreSQL");
        eprintln!("no PostgreSQL on this machine: tested on SQLite only");
        return None;
    };
    let folder = tempfile::Builder::new().prefix("fp-pg").tempdir().unwrap();
    if is_root() {
        assert!(Command::new("chown").arg("nobody").arg(folder.path()).status().unwrap().success());
    }
    let data = folder.path().join("data");
    let init = as_postgres(&bin.join("initdb"))
        .args(["-U", "flarepath", "--auth=trust", "--no-sync", "-E", "UTF8", "-D"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let options =
        format!("-c listen_addresses= -c fsync=off -c max_connections=300 -k {}", folder.path().display());
    let started = as_postgres(&bin.join("pg_ctl"))
        .args(["-w", "-s", "-o", &options, "-l"])
        .arg(folder.path().join("log"))
        .arg("-D")
        .arg(&data)
        .arg("start")
        .status()
        .unwrap();
    assert!(started.success());
    stop_at_exit(&bin, &data);
    Some(Server { folder, bin })
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT
        .get_or_init(|| Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n")))
}

/// Newest first; any from 15 on.
fn find_bin() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut versions: Vec<(u32, PathBuf)> = folders
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(version, bin)| *version >= 15 && bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().map(|(_, bin)| bin)
}

/// Statics are not dropped, so a watcher stops the server when this process, the only writer of its input, is gone.
fn stop_at_exit(bin: &Path, data: &Path) {
    let script = r#"cat >/dev/null; "$1" -m immediate -D "$2" stop; rm -rf "$2""#;
    let mut command = as_postgres(Path::new("sh"));
    command.args(["-c", script, "sh"]).arg(bin.join("pg_ctl")).arg(data);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    std::mem::forget(command.spawn().unwrap().stdin.take());
}
