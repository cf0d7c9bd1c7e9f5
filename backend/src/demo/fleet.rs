//! The fleet: starts the replicas, deploys version 2 of `checkout`, restarts replicas that exit.

use super::{Service, Version};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Region of each replica of a service.
const REGIONS: [&str; 3] = ["eu-west", "eu-west", "us-east"];

/// Time a replica gets to push its last profile before it is killed. The push itself takes milliseconds; afterwards the
/// SDK would wait for its timer, up to a whole push interval.
const LAST_PUSH: Duration = Duration::from_secs(3);

/// Settings of the fleet.
#[derive(Clone, Debug)]
pub(crate) struct FleetOptions {
    /// Server that the replicas push to.
    pub(crate) url: String,
    /// API token that they push with.
    pub(crate) token: Option<SecretString>,
    /// Delay before version 2 of `checkout` is deployed; `None`: never.
    pub(crate) deploy_after: Option<Duration>,
    /// Seconds between two pushes of a replica.
    pub(crate) every_secs: u64,
}

/// An event to report to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// All replicas run.
    Started(usize),
    /// A replica runs in version 2.
    Deployed {
        /// Its label `pod`.
        pod: String,
    },
    /// A replica exited unexpectedly and was restarted.
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

/// The running fleet. Dropping it kills every replica; [`Fleet::stop`] lets them push their last profile.
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
        let program = std::env::current_exe().context("cannot find the executable of this program")?;
        let mut fleet = Fleet { options, program, replicas: Vec::new() };
        for service in Service::ALL {
            for number in 0..REGIONS.len() {
                let process = fleet.spawn(service, Version::V1, number)?;
                fleet.replicas.push(Replica { service, version: Version::V1, number, process });
            }
        }
        Ok(fleet)
    }

    /// Runs the fleet until it is cancelled.
    ///
    /// # Errors
    /// When a replica cannot be started again.
    pub(crate) async fn run(&mut self, mut report: impl FnMut(Event)) -> anyhow::Result<()> {
        report(Event::Started(self.replicas.len()));
        let mut to_deploy = self.options.deploy_after.map(|after| tokio::time::Instant::now() + after);
        let mut poll = tokio::time::interval(Duration::from_secs(1));
        loop {
            poll.tick().await;
            if to_deploy.is_some_and(|at| tokio::time::Instant::now() >= at) {
                to_deploy = None;
                self.deploy(&mut report).await?;
            }
            self.restart_exited(&mut report)?;
        }
    }

    /// Replaces one replica after the other.
    async fn deploy(&mut self, report: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for i in 0..self.replicas.len() {
            if self.replicas[i].service != Service::Checkout {
                continue;
            }
            stop_one(&mut self.replicas[i].process).await;
            let number = self.replicas[i].number;
            let process = self.spawn(Service::Checkout, Version::V2, number)?;
            self.replicas[i] = Replica { service: Service::Checkout, version: Version::V2, number, process };
            report(Event::Deployed { pod: pod(Service::Checkout, Version::V2, number) });
        }
        Ok(())
    }

    fn restart_exited(&mut self, report: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for i in 0..self.replicas.len() {
            if self.replicas[i].process.try_wait().context("cannot read the status of a replica")?.is_none() {
                continue;
            }
            let Replica { service, version, number, .. } = self.replicas[i];
            self.replicas[i].process = self.spawn(service, version, number)?;
            report(Event::Restarted { pod: pod(service, version, number) });
        }
        Ok(())
    }

    /// Stops all replicas at the same time, each after its last push.
    pub(crate) async fn stop(mut self) {
        futures::future::join_all(self.replicas.iter_mut().map(|replica| stop_one(&mut replica.process)))
            .await;
    }

    fn spawn(&self, service: Service, version: Version, number: usize) -> anyhow::Result<Child> {
        let mut command = Command::new(&self.program);
        match &self.options.token {
            // Not as an argument, which is visible to other users of the machine.
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
            // Ctrl+C at the terminal reaches the fleet alone, which then closes the pipes.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start a replica of {}", service.name()))
    }
}

/// Closes its pipe, which makes it stop, and waits.
async fn stop_one(process: &mut Child) {
    drop(process.stdin.take());
    if tokio::time::timeout(LAST_PUSH, process.wait()).await.is_err() {
        // It may have exited meanwhile.
        let _ = process.kill().await;
    }
}

fn pod(service: Service, version: Version, number: usize) -> String {
    format!("{}-{}-{number}", service.name(), version.name())
}
