//! Teams that a share can be limited to.

/// A team that a share can be limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShareTeam {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether the person is a member.
    pub(crate) own: bool,
}
