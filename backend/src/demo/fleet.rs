//! The fleet: starts the replicas, deploys version 2 of `checkout`, restarts replicas that exit.

use super::identity::{Identity, Program, REPLICAS};
use super::node::NodeService;
use super::process::{Launcher, Line, Process, Push};
use super::restarts::Restarts;
use super::scrape::{Replica, port_of};
use super::{Service, Version};
use secrecy::SecretString;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

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
    /// The service that Node runs; `None`: without it.
    pub(crate) node: Option<NodeService>,
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
    /// A replica wrote a line.
    Said {
        /// Its label `pod`.
        pod: String,
        /// The line, without its end.
        text: String,
    },
}

struct Member {
    identity: Identity,
    process: Process,
    /// Where its metrics are, once it has said so.
    port: Option<u16>,
    restarts: Restarts,
}

/// The running fleet. Dropping it kills every replica; [`Fleet::stop`] lets them push their last profile.
pub(crate) struct Fleet {
    launcher: Launcher,
    lines: mpsc::Receiver<Line>,
    deploy_after: Option<Duration>,
    members: Vec<Member>,
    replicas: watch::Sender<Vec<Replica>>,
}

impl Fleet {
    /// Starts three replicas of each service.
    ///
    /// # Errors
    /// When this program cannot be started once more, or Node cannot be started.
    pub(crate) fn start(options: FleetOptions) -> anyhow::Result<Fleet> {
        let FleetOptions { url, token, deploy_after, every_secs, node } = options;
        let of_node = node.is_some().then_some(Program::Node);
        let (launcher, lines) = Launcher::new(Push { url, token, every_secs }, node)?;
        let replicas = watch::Sender::new(Vec::new());
        let mut fleet = Fleet { launcher, lines, deploy_after, members: Vec::new(), replicas };
        for program in Service::ALL.map(Program::Own).into_iter().chain(of_node) {
            for number in 0..REPLICAS {
                let member = fleet.member(Identity { program, version: Version::V1, number })?;
                fleet.members.push(member);
            }
        }
        Ok(fleet)
    }

    /// The replicas, now and whenever they change.
    pub(crate) fn replicas(&self) -> watch::Receiver<Vec<Replica>> {
        self.replicas.subscribe()
    }

    /// Runs the fleet until it is cancelled.
    ///
    /// # Errors
    /// When a replica cannot be started again.
    pub(crate) async fn run(&mut self, mut report: impl FnMut(Event)) -> anyhow::Result<()> {
        report(Event::Started(self.members.len()));
        let mut to_deploy = self.deploy_after.map(|after| Instant::now() + after);
        let mut poll = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                Some(line) = self.lines.recv() => self.heard(line, &mut report),
                _ = poll.tick() => {
                    if to_deploy.is_some_and(|at| Instant::now() >= at) {
                        to_deploy = None;
                        self.deploy(&mut report).await?;
                    }
                    self.restart_exited(&mut report)?;
                }
            }
            self.publish();
        }
    }

    /// Replaces one replica after the other.
    async fn deploy(&mut self, report: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for i in 0..self.members.len() {
            let before = self.members[i].identity;
            if before.program != Program::Own(Service::Checkout) {
                continue;
            }
            self.members[i].process.stop().await;
            let identity = Identity { version: Version::V2, ..before };
            let member = self.member(identity)?;
            self.members[i] = member;
            self.publish();
            report(Event::Deployed { pod: identity.pod() });
        }
        Ok(())
    }

    fn restart_exited(&mut self, report: &mut impl FnMut(Event)) -> anyhow::Result<()> {
        for member in &mut self.members {
            if !member.process.has_exited()?
                || !member.restarts.is_due(member.process.started, Instant::now())
            {
                continue;
            }
            member.process = self.launcher.start(member.identity)?;
            member.port = None;
            report(Event::Restarted { pod: member.identity.pod() });
        }
        Ok(())
    }

    /// A line is the port of a replica's metrics, or for the user. One of a process that has been replaced is ignored.
    fn heard(&mut self, line: Line, report: &mut impl FnMut(Event)) {
        let Some(member) = self.members.iter_mut().find(|member| member.process.id == line.process) else {
            return;
        };
        match port_of(&line.text) {
            Some(port) => member.port = Some(port),
            None => report(Event::Said { pod: member.identity.pod(), text: line.text }),
        }
    }

    fn publish(&self) {
        let replica = |member: &Member| Replica {
            identity: member.identity,
            port: member.port,
            restarts: member.restarts.count,
        };
        let replicas: Vec<Replica> = self.members.iter().map(replica).collect();
        self.replicas.send_if_modified(|before| {
            let is_changed = *before != replicas;
            *before = replicas;
            is_changed
        });
    }

    /// Stops all replicas at the same time, each after its last push.
    pub(crate) async fn stop(mut self) {
        futures::future::join_all(self.members.iter_mut().map(|member| member.process.stop())).await;
    }

    fn member(&mut self, identity: Identity) -> anyhow::Result<Member> {
        let process = self.launcher.start(identity)?;
        Ok(Member { identity, process, port: None, restarts: Restarts::default() })
    }
}
