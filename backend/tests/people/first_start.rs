//! First start of the real program: setup link and password file.

use super::site::PASSWORD;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

fn flarepath(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.args(args).env_remove("FLAREPATH_CONFIG").env("FLAREPATH_SELF_PROFILE", "false");
    command
}

/// A running server. Killed when dropped.
struct Running {
    url: String,
    process: Child,
    data: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Running {
    fn start(more: &[(&str, &Path)]) -> Running {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("data");
        let log = File::create(data.path().join("stderr")).unwrap();
        let mut command =
            flarepath(&["serve", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()]);
        command.envs(more.iter().copied()).stderr(log).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("{line}"));
        Running { url: url.to_owned(), process, data }
    }

    fn folder(&self) -> PathBuf {
        self.data.path().join("data")
    }

    fn stderr(&self) -> String {
        std::fs::read_to_string(self.data.path().join("stderr")).unwrap()
    }

    async fn post(&self, path: &str, body: &Value, headers: &[(&'static str, &str)]) -> (u16, Value) {
        let client = flarepath::web_client::build(None, |client| client).unwrap();
        let mut request = client.post(format!("{}{path}", self.url)).json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn sign_in(&self, name: &str) -> u16 {
        self.post("/api/v1/session", &json!({ "name": name, "password": PASSWORD }), &[]).await.0
    }
}

#[tokio::test]
async fn the_setup_link_is_printed_and_kept_in_a_private_file_until_used() {
    let server = Running::start(&[]);
    let file = server.folder().join("setup-url");
    let link = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(link.starts_with(&format!("{}/claim#token=", server.url)), "{link}");
    assert!(server.stderr().contains(&link), "{}", server.stderr());
    let token = link.split_once('=').unwrap().1;
    assert_eq!(token.len(), 52, "256 bits, five a character");
    let claim = |token: &str| json!({ "name": "root", "password": PASSWORD, "setup_token": token });
    let through_a_proxy = [("x-forwarded-for", "203.0.113.1")];
    assert_eq!(server.post("/api/v1/claim", &claim("x"), &through_a_proxy).await.0, 403);
    let (status, answer) = server.post("/api/v1/claim", &claim(token), &through_a_proxy).await;
    assert_eq!((status, &answer["me"]["name"]), (200, &json!("root")), "{answer}");
    assert!(!file.exists());
    assert_eq!(server.sign_in("root").await, 200);
}

#[tokio::test]
async fn a_password_file_creates_the_first_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let server = Running::start(&[("FLAREPATH_ADMIN_PASSWORD_FILE", &file)]);
    assert_eq!(server.sign_in("admin").await, 200);
    assert!(!server.folder().join("setup-url").exists() && !server.stderr().contains("#token="));
    assert!(!server.stderr().contains(PASSWORD));

    std::fs::write(&file, "short\n").unwrap();
    let data = folder.path().join("data");
    let mut refused = flarepath(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    let refused = refused.env("FLAREPATH_ADMIN_PASSWORD_FILE", &file).output().unwrap();
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint.contains("at least 10 characters") && !complaint.contains("short"), "{complaint}");
}

#[tokio::test]
async fn the_command_line_creates_administrators() {
    let server = Running::start(&[]);
    let file = server.data.path().join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    let folder = server.folder();
    let create = |name: &str| {
        let mut command = flarepath(&["admin", "create", "--name", name, "--data", folder.to_str().unwrap()]);
        command.arg("--password-file").arg(&file).output().unwrap()
    };
    for name in ["root", "second"] {
        let made = create(name);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        assert_eq!(server.sign_in(name).await, 200, "the running server knows at once");
    }
    let again = create("root");
    let complaint = String::from_utf8(again.stderr).unwrap();
    assert!(!again.status.success() && complaint.contains("named root already"), "{complaint}");
}
