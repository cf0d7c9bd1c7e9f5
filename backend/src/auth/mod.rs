//! Who may do what. Until sign-in exists every caller is the local person; routes name their permission
//! all the same, so that nothing has to be found again later.

mod permission;
mod principal;

pub use permission::Permission;
pub use principal::Principal;
