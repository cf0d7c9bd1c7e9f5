//! Positions in lists of markers, for pages.

use super::Marker;
use crate::db::id::MarkerId;
use crate::db::markers::MarkerRow;
use flarepath_profile::unix_nanos::UnixNanos;
use std::fmt;
use std::str::FromStr;

/// Position in a list. As text: nanoseconds since the epoch, `-`, and the id, or `!` and the version of an inferred one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    at: UnixNanos,
    place: Place,
}

/// Order of markers of the same time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Inferred(String),
    Posted(MarkerId),
}

/// The text is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPosition;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Inferred(version) => write!(f, "{}-!{version}", self.at.0),
            Place::Posted(id) => write!(f, "{}-{id}", self.at.0),
        }
    }
}

impl FromStr for Position {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<Position, BadPosition> {
        let (at, place) = text.split_once('-').ok_or(BadPosition)?;
        let at = UnixNanos(at.parse().map_err(|_| BadPosition)?);
        Ok(match place.strip_prefix('!') {
            Some(version) => Position { at, place: Place::Inferred(version.to_owned()) },
            None => Position::posted(at, place.into()),
        })
    }
}

impl Position {
    pub(super) fn of(marker: &Marker) -> Position {
        match &marker.id {
            Some(id) => Position::posted(marker.at, id.clone()),
            None => Position { at: marker.at, place: Place::Inferred(marker.version.clone()) },
        }
    }

    pub(super) fn of_row(row: &MarkerRow) -> Position {
        Position::posted(row.at, row.id.clone())
    }

    /// That of a row.
    pub(super) fn posted(at: UnixNanos, id: MarkerId) -> Position {
        Position { at, place: Place::Posted(id) }
    }

    /// Time and id after which rows continue. Inferred markers are before all rows of their time.
    pub(super) fn in_rows(&self) -> (UnixNanos, String) {
        match &self.place {
            Place::Inferred(_) => (self.at, String::new()),
            Place::Posted(id) => (self.at, id.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str) -> Position {
        text.parse().unwrap()
    }

    #[test]
    fn positions_are_texts() {
        for text in ["7-!2", "7-!", "7-!a-b", "7-01h455vb4pex5vsknk084sn02q"] {
            assert_eq!(position(text).to_string(), text);
        }
        assert!(position("7-!zzz") < position("7-00") && position("7-zz") < position("8-!0"));
        assert_eq!(position("7-!2").in_rows(), (UnixNanos(7), String::new()));
        for bad in ["", "7", "x-1", "-"] {
            assert_eq!(bad.parse::<Position>(), Err(BadPosition), "{bad}");
        }
    }
}
