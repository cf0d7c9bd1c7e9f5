//! Bodies of requests and responses.

/// A request body in one content type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RequestBody {
    /// `application/json`, by the name of its schema.
    Json(&'static str),
    /// Bytes or text of another content type, and what they are.
    Bytes(&'static str, &'static str),
    /// `multipart/form-data`.
    Form(&'static [Part]),
}

impl RequestBody {
    /// The content type.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            RequestBody::Json(_) => "application/json",
            RequestBody::Bytes(media_type, _) => media_type,
            RequestBody::Form(_) => "multipart/form-data",
        }
    }
}

/// A part of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) description: &'static str,
}

/// Body of a successful response.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// Nothing.
    Empty,
    /// A message of `flarepath_wire`, by the name of its schema; JSON or protobuf, as the caller accepts.
    Message(&'static str),
    /// A message, as [`Answer::Message`], of what the request created (201), or of what an equal request created before (200).
    Created(&'static str),
    /// JSON, by the name of its schema, or one of other content types.
    Json(&'static str, &'static [&'static str]),
    /// Bytes or text, by their content types.
    Content(&'static [&'static str]),
    /// 302, and where to.
    Redirect(&'static str),
}
