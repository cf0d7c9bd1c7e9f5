//! [`Doc`]: description of a route, from which the OpenAPI document is generated. Parameters are also read by theirs, so that
//! document and behaviour cannot differ.

mod content;
mod param;

pub(crate) use content::{Answer, Part, RequestBody};
pub(crate) use param::{Param, ParamKind, names};

/// Description of one route.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// Heading that the route is listed under, such as `Query`.
    pub(crate) group: &'static str,
    /// Summary in a few words.
    pub(crate) summary: &'static str,
    /// Details; may be empty.
    pub(crate) description: &'static str,
    /// Parameters in the path and in the query.
    pub(crate) params: &'static [Param],
    /// The request body in each content type that is accepted; empty for none.
    pub(crate) body: &'static [RequestBody],
    /// Body of a successful response.
    pub(crate) answer: Answer,
    /// Error statuses and when they occur. Those that follow from the route's permission, body and answer are added.
    pub(crate) errors: &'static [(u16, &'static str)],
    /// Path and query to try it with, such as `/api/v1/services`; empty for none.
    pub example: &'static str,
}

impl Doc {
    /// A description with a summary only; the rest is added with struct update syntax.
    pub(crate) const fn new(group: &'static str, summary: &'static str) -> Doc {
        Doc {
            group,
            summary,
            description: "",
            params: &[],
            body: &[],
            answer: Answer::Empty,
            errors: &[],
            example: "",
        }
    }
}
