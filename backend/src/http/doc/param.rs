//! [`Param`]: a parameter with its type, bounds, default and an example.

use std::ops::RangeInclusive;

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
    /// Meaning.
    pub(crate) description: &'static str,
    /// An example value.
    pub(crate) example: &'static str,
    /// What values it may have.
    pub(crate) kind: ParamKind,
    /// The value that counts if it is absent.
    pub(crate) default: Option<&'static str>,
}

/// What values a parameter may have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ParamKind {
    Text,
    /// Text that matches a regular expression (ECMA-262).
    Pattern(&'static str),
    /// From the first to the last.
    Integer(i64, i64),
    OneOf(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
}

impl Param {
    /// An optional parameter of the query: any text, unless a method below says more.
    pub(crate) const fn query(name: &'static str, description: &'static str, example: &'static str) -> Param {
        Param {
            name,
            in_path: false,
            required: false,
            repeated: false,
            description,
            example,
            kind: ParamKind::Text,
            default: None,
        }
    }

    /// A part of the path.
    pub(crate) const fn path(name: &'static str, description: &'static str, example: &'static str) -> Param {
        Param { in_path: true, required: true, ..Param::query(name, description, example) }
    }

    /// The id of a record in the path: 26 characters.
    pub(crate) const fn id(name: &'static str, description: &'static str) -> Param {
        Param::path(name, description, "01h455vb4pex5vsknk084sn02q").pattern("^[0-9a-z]{26}$")
    }

    /// Makes it required.
    pub(crate) const fn required(self) -> Param {
        Param { required: true, ..self }
    }

    /// Lets it be given several times.
    pub(crate) const fn repeated(self) -> Param {
        Param { repeated: true, ..self }
    }

    /// What counts if it is absent.
    pub(crate) const fn default(self, value: &'static str) -> Param {
        Param { default: Some(value), ..self }
    }

    /// An integer within bounds; [`crate::http::extract::Params::integer`] reads it.
    pub(crate) const fn integer(self, bounds: RangeInclusive<i64>) -> Param {
        Param { kind: ParamKind::Integer(*bounds.start(), *bounds.end()), ..self }
    }

    /// The least and the greatest value of an integer.
    pub(crate) const fn bounds(&self) -> (i64, i64) {
        match self.kind {
            ParamKind::Integer(least, most) => (least, most),
            _ => (i64::MIN, i64::MAX),
        }
    }

    /// One of `options`. In a query the first is the default.
    pub(crate) const fn one_of(self, options: &'static [&'static str]) -> Param {
        let default = if self.in_path || options.is_empty() { self.default } else { Some(options[0]) };
        Param { kind: ParamKind::OneOf(options), default, ..self }
    }

    /// What counts if it is absent depends on other parts of the request.
    pub(crate) const fn without_default(self) -> Param {
        Param { default: None, ..self }
    }

    /// `true` or `false`, the default.
    pub(crate) const fn flag(self) -> Param {
        Param { kind: ParamKind::Flag, default: Some("false"), ..self }
    }

    /// Text that matches a regular expression (ECMA-262).
    pub(crate) const fn pattern(self, pattern: &'static str) -> Param {
        Param { kind: ParamKind::Pattern(pattern), ..self }
    }

    /// A point in time, as [`crate::http::extract::time`] reads it.
    pub(crate) const fn time(self) -> Param {
        self.pattern("^(now([-+ ][0-9a-z]+)?|[0-9]{1,19}|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.,]+.*)$")
    }
}

/// The names of `options`, for [`Param::one_of`].
pub(crate) const fn names<T, const N: usize>(options: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = options[at].0;
        at += 1;
    }
    names
}
