//! [`Doc`]: description of a route, from which the OpenAPI document is generated.

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
    /// Content types of the request body; empty for none.
    pub(crate) body: &'static [&'static str],
    /// Body of a successful response.
    pub(crate) answer: Answer,
    /// Error statuses and when they occur.
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

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    /// Whether it is part of the path (`{name}`) rather than the query.
    pub(crate) in_path: bool,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// Whether it may be given several times.
    pub(crate) repeated: bool,
    /// Meaning, allowed values, default.
    pub(crate) description: &'static str,
    /// An example value.
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

    /// Makes it required.
    pub(crate) const fn required(self) -> Param {
        Param { required: true, ..self }
    }

    /// Lets it be given several times.
    pub(crate) const fn repeated(self) -> Param {
        Param { repeated: true, ..self }
    }
}

/// Body of a successful response.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// Nothing.
    Empty,
    /// A message of `flarepath_wire`, by the name of its schema; JSON or protobuf, as the caller accepts.
    Message(&'static str),
    /// Other content, by its content types.
    Content(&'static [&'static str]),
}
