//! Processes of the fleet: their start, the lines that they write, their end.

use super::Service;
use super::identity::{Identity, Program};
use super::node::NodeService;
use anyhow::{Context, anyhow};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Time a replica gets to push its last profile before it is killed. The push itself takes milliseconds; afterwards the
/// SDK would wait for its timer, up to a whole push interval.
const LAST_PUSH: Duration = Duration::from_secs(3);
/// Bytes of a line; longer ones are split.
const LONGEST_LINE: u64 = 1 << 10;
/// Lines that have not been read; the processes that write more wait.
const MOST_LINES: usize = 64;

/// The same of all processes.
pub(super) struct Push {
    /// Server that they push to.
    pub(super) url: String,
    /// API token that they push with.
    pub(super) token: Option<SecretString>,
    /// Seconds between two pushes.
    pub(super) every_secs: u64,
}

/// A line that a process wrote to its standard output.
#[derive(Debug)]
pub(super) struct Line {
    /// [`Process::id`].
    pub(super) process: u64,
    pub(super) text: String,
}

/// A process that was started.
pub(super) struct Process {
    /// Unlike that of the system never given to another one.
    pub(super) id: u64,
    pub(super) started: Instant,
    child: Child,
}

impl Process {
    /// # Errors
    /// When the system does not say.
    pub(super) fn has_exited(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait().context("cannot read the status of a replica")?.is_some())
    }

    /// Closes its pipe, which makes it stop, and waits.
    pub(super) async fn stop(&mut self) {
        drop(self.child.stdin.take());
        if tokio::time::timeout(LAST_PUSH, self.child.wait()).await.is_err() {
            // It may have exited meanwhile.
            let _ = self.child.kill().await;
        }
    }
}

/// Starts processes and reads what they write.
pub(super) struct Launcher {
    push: Push,
    own: PathBuf,
    node: Option<NodeService>,
    started: u64,
    lines: mpsc::Sender<Line>,
    readers: JoinSet<()>,
}

impl Launcher {
    /// With what runs replicas of [`Program::Node`], if there are any.
    ///
    /// # Errors
    /// When the executable of this program cannot be found.
    pub(super) fn new(
        push: Push,
        node: Option<NodeService>,
    ) -> anyhow::Result<(Launcher, mpsc::Receiver<Line>)> {
        let own = std::env::current_exe().context("cannot find the executable of this program")?;
        let (lines, receiver) = mpsc::channel(MOST_LINES);
        Ok((Launcher { push, own, node, started: 0, lines, readers: JoinSet::new() }, receiver))
    }

    /// Starts a process. It is killed when what this returns is dropped.
    ///
    /// # Errors
    /// When its program cannot be started.
    pub(super) fn start(&mut self, identity: Identity) -> anyhow::Result<Process> {
        let mut child = self
            .command(identity)?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl+C at the terminal reaches the fleet alone, which then closes the pipes.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start a replica of {}", identity.program.service()))?;
        self.started += 1;
        let id = self.started;
        // Those of processes that have exited.
        while self.readers.try_join_next().is_some() {}
        if let Some(output) = child.stdout.take() {
            self.readers.spawn(read_lines(id, output, self.lines.clone()));
        }
        Ok(Process { id, started: Instant::now(), child })
    }

    fn command(&self, identity: Identity) -> anyhow::Result<Command> {
        let mut command = match identity.program {
            Program::Own(service) => self.own_command(service),
            Program::Node => {
                let node = self.node.as_ref();
                node.ok_or_else(|| anyhow!("the service sessions is missing"))?.command()
            }
        };
        match &self.push.token {
            // Not as an argument, which is visible to other users of the machine.
            Some(token) => command.env(super::TOKEN_VARIABLE, token.expose_secret()),
            None => command.env_remove(super::TOKEN_VARIABLE),
        };
        command
            .args(["--version", identity.version.name()])
            .args(["--region", identity.region()])
            .args(["--pod", &identity.pod()])
            .args(["--url", &self.push.url])
            .args(["--every", &self.push.every_secs.to_string()]);
        Ok(command)
    }

    fn own_command(&self, service: Service) -> Command {
        let mut command = Command::new(&self.own);
        command.args(["demo-replica", "--service", service.name()]);
        command
    }
}

/// Reads lines until the process closes its output.
async fn read_lines(process: u64, output: ChildStdout, lines: mpsc::Sender<Line>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match (&mut output).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if lines.send(Line { process, text }).await.is_err() {
            return;
        }
    }
}
