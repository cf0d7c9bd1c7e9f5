//! Sanitization policies: strict for links that anyone can open, light for signed-in users.

use super::paths::PathStyle;
use super::scan::{Rule, Scan};
use std::fmt;
use std::sync::Arc;

/// A key of 128 bits for the hashes that stand for hosts.
pub type Key = [u8; 16];

/// Grows with every change of what a policy takes out, so that older snapshots can be told from newer ones.
pub const VERSION: u32 = 1;

/// What to do with which text. Two sides of a comparison must be sanitised by one policy, with one salt: then the same
/// name becomes the same on both.
#[derive(Clone)]
pub struct Policy {
    /// How it is called in reports.
    pub name: &'static str,
    /// See [`VERSION`].
    pub version: u32,
    /// The kinds of secrets to take out, in the order in which they are looked for.
    pub rules: Vec<Rule>,
    /// How paths are shortened.
    pub paths: PathStyle,
    /// Which labels stay.
    pub labels: LabelRule,
    /// Parts of the total below which a node is merged with its siblings, in millionths. 0: none.
    pub merged_below_ppm: u32,
    /// Key of the hashes that stand for hosts.
    pub salt: Key,
    /// More to look for, after the rules.
    pub scans: Vec<Arc<dyn Scan>>,
}

/// Which labels stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelRule {
    /// All of them.
    All,
    /// Those of a list that says what a service is; hosts as hashes; no others.
    Listed,
}

/// Tokens, keys and passwords.
const CREDENTIALS: [Rule; 10] = [
    Rule::PrivateKey,
    Rule::UrlUserinfo,
    Rule::Jwt,
    Rule::Authorization,
    Rule::AwsKey,
    Rule::GitHubToken,
    Rule::SlackToken,
    Rule::FlarepathToken,
    Rule::UrlQuery,
    Rule::Assignment,
];

impl Policy {
    /// For links that anyone may open. Everything that is known here goes; of labels a short list stays, of hosts a hash, of
    /// paths the name of the file, and of nodes below 0.1 % of the total their sum.
    ///
    /// `salt` must be random, and be forgotten once the share is made.
    pub fn strict(salt: Key) -> Self {
        // UUIDs before cards: their digits may have a right sum. Ids last: they take what is left of digits.
        let others = [Rule::Email, Rule::Uuid, Rule::CardNumber, Rule::IpAddress, Rule::RandomText, Rule::Id];
        Policy {
            name: "strict",
            version: VERSION,
            rules: CREDENTIALS.into_iter().chain(others).collect(),
            paths: PathStyle::BaseName,
            labels: LabelRule::Listed,
            merged_below_ppm: 1000,
            salt,
            scans: Vec::new(),
        }
    }

    /// For people who are signed in and may see the profile itself: only what no one should have put there goes, that is
    /// credentials, e-mail addresses, card numbers and random text.
    pub fn light() -> Self {
        let others = [Rule::Email, Rule::CardNumber, Rule::RandomText];
        Policy {
            name: "light",
            version: VERSION,
            rules: CREDENTIALS.into_iter().chain(others).collect(),
            paths: PathStyle::Full,
            labels: LabelRule::All,
            merged_below_ppm: 0,
            salt: [0; 16],
            scans: Vec::new(),
        }
    }

    /// The same, with more to look for.
    pub fn with(mut self, scan: Arc<dyn Scan>) -> Self {
        self.scans.push(scan);
        self
    }
}

/// The salt is a secret of the share.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scans: Vec<&str> = self.scans.iter().map(|scan| scan.name()).collect();
        f.debug_struct("Policy")
            .field("name", &self.name)
            .field("version", &self.version)
            .field("scans", &scans)
            .finish_non_exhaustive()
    }
}
