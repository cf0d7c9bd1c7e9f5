//! What a line of the route table says about itself. The OpenAPI document is written from these, so a route
//! cannot be served without being described.

/// Description of one route.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// Heading that the route is listed under, such as `Query`.
    pub(crate) group: &'static str,
    /// What it does, in a few words.
    pub(crate) summary: &'static str,
    /// What one must know to use it; may be empty.
    pub(crate) description: &'static str,
    /// Parameters in the path and in the query.
    pub(crate) params: &'static [Param],
    /// Content types that the body may have; empty when none is read.
    pub(crate) body: &'static [&'static str],
    /// What a good answer holds.
    pub(crate) answer: Answer,
    /// Statuses of failure and when they come.
    pub(crate) errors: &'static [(u16, &'static str)],
    /// What to write after the server's address to try it, such as `/api/v1/services`; empty for none.
    pub example: &'static str,
}

impl Doc {
    /// A description that only names the route; fill in the rest with `..Doc::new(…)`.
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

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it stands in the path (`{name}`) and not in the query.
    pub(crate) in_path: bool,
    /// Whether a request without it is refused.
    pub(crate) required: bool,
    /// Whether it may be given several times.
    pub(crate) repeated: bool,
    /// Meaning, allowed values, default.
    pub(crate) description: &'static str,
    /// A value to try.
    pub(crate) example: &'static str,
}

impl Param {
    /// An optional parameter of the query.
    pub(crate) const fn query(name: &'static str, description: &'static str, example: &'static str) -> Param {
        Param { name, in_path: false, required: false, repeated: false, description, example }
    }

    /// A part of the path.
    pub(crate) const fn path(name: &'static str, description: &'static str, example: &'static str) -> Param {
        Param { name, in_path: true, required: true, repeated: false, description, example }
    }

    /// The same, required.
    pub(crate) const fn required(self) -> Param {
        Param { required: true, ..self }
    }

    /// The same, but may be given several times.
    pub(crate) const fn repeated(self) -> Param {
        Param { repeated: true, ..self }
    }
}

/// The body of a good answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// Nothing.
    Empty,
    /// A message of `flarepath_wire` by the name of its schema, as JSON or protobuf, as the caller likes.
    Message(&'static str),
    /// Other content, by its content types.
    Content(&'static [&'static str]),
}
