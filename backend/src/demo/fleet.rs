//! The fleet: starts the replicas, deploys version 2 of `checkout` after a while, ends with its parent.

use super::{Service, Version};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Where the replicas of a service run.
const REGIONS: [&str; 3] = ["eu-west", "eu-west", "us-east"];

/// How long a replica has to push its last profile before it is killed. The push itself takes milliseconds; then the
/// SDK waits for its timer, up to a whole push interval, which nobody needs.
const LAST_PUSH: Duration = Duration::from_secs(3);

/// What the fleet is told.
#[derive(Clone, Debug)]
pub(crate) struct FleetOptions {
    /// Server that the replicas push to.
    pub(crate) url: String,
    /// API token that they push with.
    pub(crate) token: Option<SecretString>,
    /// When `checkout` moves to version 2; `None` for never.
    pub(crate) deploy_after: Option<Duration>,
    /// Seconds between two pushes of a replica.
    pub(crate) every_secs: u64,
}

/// Something to tell the person who started the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// All replicas run.
    Started(usize),
    /// A replica runs in version 2.
    Deployed {
        /// Its label `pod`.
        pod: String,
    },
    /// A replica ended although nobody asked it to, and was started again.
    Restarted {
        /// Its label `pod`.
        pod: String,
    },
}

struct Replica {
    service: Service,
    version: Version,
    number: usize,
    process: Child,
}

/// The running fleet. Dropping it kills every replica; [`Fleet::end`] lets them push their last profile.
pub(crate) struct Fleet {
    options: FleetOptions,
    program: PathBuf,
    replicas: Vec<Replica>,
}

impl Fleet {
    /// Starts three replicas of each service.
    ///
    /// # Errors
    /// When this program cannot be started once more.
    pub(crate) fn start(options: FleetOptions) -> anyhow::Result<Fleet> {
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        let mut fleet = Fleet { options, program, replicas: Vec::new() };
        for service in Service::ALL {
            for number in 0..REGIONS.len() {
                let process = fleet.spawn(service, Version::V1, number)?;
                fleet.replicas.push(Replica { service, version: Version::V1, number, process });
            }
        }
        Ok(fleet)
    }

    /// Keeps the fleet going until it is cancelled, telling what happens.
    ///
    /// # Errors
    /// When a replica cannot be started again.
    pub(crate) async fn run(&mut self, mut tell: impl FnMut(Event)) -> anyhow::Result<()> {
        tell(Event::Started(self.replicas.len()));
        let mut to_deploy = self.options.deploy_after.map(|after| tokio::time::Instant::now() + after);
        let mut look = tokio::time::interval(Duration::from_secs(1));
        loop {
            look.tick().await;
            if to_deploy.is_some_and(|at| tokio::time::Instant::now() >= at) {
                to_deploy = None;
                self.deploy(&mut tell).await?;
            }
            self.restart_the_fallen(&mut tell)?;
        }
    }

    /// One after the other, as a careful deployment does.
    async fn deploy(&mut self, tell: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for i in 0..self.replicas.len() {
            if self.replicas[i].service != Service::Checkout {
                continue;
            }
            end_one(&mut self.replicas[i].process).await;
            let number = self.replicas[i].number;
            let process = self.spawn(Service::Checkout, Version::V2, number)?;
            self.replicas[i] = Replica { service: Service::Checkout, version: Version::V2, number, process };
            tell(Event::Deployed { pod: pod(Service::Checkout, Version::V2, number) });
        }
        Ok(())
    }

    fn restart_the_fallen(&mut self, tell: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for i in 0..self.replicas.len() {
            if self.replicas[i].process.try_wait().context("cannot watch a replica")?.is_none() {
                continue;
            }
            let Replica { service, version, number, .. } = self.replicas[i];
            self.replicas[i].process = self.spawn(service, version, number)?;
            tell(Event::Restarted { pod: pod(service, version, number) });
        }
        Ok(())
    }

    /// Ends every replica after its last push, all at the same time.
    pub(crate) async fn end(mut self) {
        futures::future::join_all(self.replicas.iter_mut().map(|replica| end_one(&mut replica.process)))
            .await;
    }

    fn spawn(&self, service: Service, version: Version, number: usize) -> anyhow::Result<Child> {
        let mut command = Command::new(&self.program);
        match &self.options.token {
            // Not as an argument, which other users of the machine can see.
            Some(token) => command.env(super::TOKEN_VARIABLE, token.expose_secret()),
            None => command.env_remove(super::TOKEN_VARIABLE),
        };
        command
            .arg("demo-replica")
            .args(["--service", service.name(), "--version", version.name()])
            .args(["--region", REGIONS[number % REGIONS.len()]])
            .args(["--pod", &pod(service, version, number)])
            .args(["--url", &self.options.url])
            .args(["--every", &self.options.every_secs.to_string()])
            .stdin(Stdio::piped())
            // An interrupt typed at the terminal is for the fleet alone, which then closes the pipes.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start a replica of {}", service.name()))
    }
}

/// Closes its pipe, which tells it to end, and waits.
async fn end_one(process: &mut Child) {
    drop(process.stdin.take());
    if tokio::time::timeout(LAST_PUSH, process.wait()).await.is_err() {
        // Already gone is fine too.
        let _ = process.kill().await;
    }
}

fn pod(service: Service, version: Version, number: usize) -> String {
    format!("{}-{}-{number}", service.name(), version.name())
}
