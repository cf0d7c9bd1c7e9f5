//! The URL of a share: `/s/{link}` or `/shares/{id}`, with `/v/{number}` for a named view, and the state of the view after `?`.
//!
//! Without a query it is the view that was shared, or the named one. A changed view is written in full after `?v=1`, so
//! that the default view has a URL, too.

use super::compare::DiffView;
use super::heatmap::{HeatView, Region, RowName};
use super::local_view::LocalView;
use super::time_range::Span;
use super::time_text::MS;
use super::transform::{Kind, Transform};
use super::url_text::{parse_pairs, write_pairs};
use super::view::View;
use flarepath_profile::sanitize::{Field, Sanitizer};

/// Marks a URL that holds the full state of the view; its value is the version.
const WHOLE: &str = "v";
const VERSION: &str = "1";

/// Of a heat map: the time that was asked for, `FROM-UNTIL`. Columns without data at its ends are only known by it.
pub(crate) const RANGE: &str = "w";

/// The value of [`RANGE`]: milliseconds with as many digits after the point as are needed.
pub(crate) fn range_text(span: Span) -> String {
    let millis = |ns: i64| match ns.rem_euclid(MS) {
        0 => (ns / MS).to_string(),
        rest => format!("{}.{rest:06}", ns.div_euclid(MS)),
    };
    format!("{}-{}", millis(span.from_ns), millis(span.until_ns))
}

/// Reads the value of [`RANGE`]; `None` if it is no range.
pub(crate) fn range_of_text(text: &str) -> Option<Span> {
    let exact = |text: &str| {
        let (ms, rest) = text.split_once('.').unwrap_or((text, "000000"));
        let rest = Some(rest).filter(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()))?;
        ms.parse::<i64>().ok()?.checked_mul(MS)?.checked_add(rest.parse().ok()?)
    };
    let (from, until) = text.split_once('-')?;
    let span = Span { from_ns: exact(from)?, until_ns: exact(until)? };
    (0 <= span.from_ns && span.from_ns < span.until_ns).then_some(span)
}

/// What a share is opened by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShareKey {
    /// The secret part of its link.
    Link(String),
    /// Its record id: for those who may manage it, as links are not stored.
    Record(String),
}

impl Default for ShareKey {
    fn default() -> Self {
        ShareKey::Link(String::new())
    }
}

impl ShareKey {
    /// The path of its page.
    pub(crate) fn path(&self) -> String {
        match self {
            ShareKey::Link(id) => format!("/s/{id}"),
            ShareKey::Record(id) => format!("/shares/{id}"),
        }
    }
}

/// A share, and one of its named views.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SharePlace {
    pub(crate) key: ShareKey,
    /// Number of the named view.
    pub(crate) view: Option<u32>,
}

impl SharePlace {
    /// Parses a path; `None` if it is not that of a share.
    pub(crate) fn parse(path: &str) -> Option<SharePlace> {
        let path = path.trim_end_matches('/');
        let by_link = path.strip_prefix("/s/");
        let rest = by_link.or_else(|| path.strip_prefix("/shares/"))?;
        let mut parts = rest.split('/');
        let id = parts.next().filter(|id| !id.is_empty())?;
        let view = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => None,
            (Some("v"), Some(number), None) => Some(number.parse().ok()?),
            _ => return None,
        };
        let key = if by_link.is_some() { ShareKey::Link } else { ShareKey::Record };
        Some(SharePlace { key: key(id.to_owned()), view })
    }

    pub(crate) fn path(&self) -> String {
        match self.view {
            Some(number) => format!("{}/v/{number}", self.key.path()),
            None => self.key.path(),
        }
    }

    /// The URL of this share in a state.
    pub(crate) fn seen(&self, state: &str) -> String {
        let joint = if state.is_empty() { "" } else { "&" };
        format!("{}?{WHOLE}={VERSION}{joint}{state}", self.path())
    }
}

/// The state in a query string; `None` if it leaves that to the share.
pub(crate) fn state_in(query: &str) -> Option<String> {
    let pairs = parse_pairs(query);
    let whole = pairs.iter().any(|(key, value)| key == WHOLE && value == VERSION);
    whole.then(|| write(pairs.iter().filter(|(key, _)| key != WHOLE).map(|(k, v)| (k.as_str(), v.clone()))))
}

/// Pairs as the text of a state.
pub(crate) fn write<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().collect();
    write_pairs(pairs.iter().map(|(k, v)| (*k, v.as_str())))
}

/// Parses a state.
pub(crate) fn read<T>(state: &str, from_params: impl Fn(&dyn Fn(&str) -> Option<String>) -> T) -> T {
    let pairs = parse_pairs(state);
    from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
}

/// Replaces the names in a state by their sanitized ones: they still find their boxes, and reveal nothing more.
pub(crate) struct Renamed<'s, 'p>(pub(crate) &'s mut Sanitizer<'p>);

impl Renamed<'_, '_> {
    fn function(&mut self, name: &str) -> String {
        // Functions without a symbol are called by their binary and address.
        let field = if name.contains("+0x") { Field::Address } else { Field::Function };
        self.0.text(name, field)
    }

    fn functions(&mut self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.function(name)).collect()
    }

    fn step(&mut self, step: &Transform) -> Transform {
        let about = match step.kind {
            Kind::With | Kind::Without | Kind::Matching | Kind::NotMatching => {
                step.about.iter().map(|text| self.0.text(text, Field::Text)).collect()
            }
            Kind::Origin => step.about.clone(),
            _ => self.functions(&step.about),
        };
        Transform { kind: step.kind, about }
    }

    /// A view of one profile.
    pub(crate) fn view(&mut self, view: &View) -> View {
        View {
            search: self.0.text(&view.search, Field::Text),
            zoom: self.functions(&view.zoom),
            function: view.function.as_ref().map(|name| self.function(name)),
            details: view.details.as_ref().map(|name| self.function(name)),
            transforms: view.transforms.iter().map(|step| self.step(step)).collect(),
            ..view.clone()
        }
    }

    /// A view of a local file. A snapshot has one thread, or all.
    pub(crate) fn local(&mut self, seen: &LocalView) -> LocalView {
        LocalView { view: self.view(&seen.view), thread: None, ..seen.clone() }
    }

    /// A view of a difference.
    pub(crate) fn diff(&mut self, view: &DiffView) -> DiffView {
        DiffView { view: self.view(&view.view), ..view.clone() }
    }

    /// A view of a heat map whose rows are functions, or else values of this label.
    pub(crate) fn heat(&mut self, view: &HeatView, label: Option<&str>) -> HeatView {
        let mut name = |row: &RowName| match (row, label) {
            (RowName::Other, _) => Some(RowName::Other),
            (RowName::Named(name), None) => Some(RowName::Named(self.function(name))),
            (RowName::Named(name), Some(label)) => self.0.label(label, name).map(RowName::Named),
        };
        // A region none of whose rows can be named any more is not one of all rows.
        let mut region = |region: &Region| {
            let rows: Vec<RowName> = region.rows.iter().filter_map(&mut name).collect();
            (rows.is_empty() == region.rows.is_empty()).then(|| Region { rows, ..region.clone() })
        };
        let [first, second] = &view.picked;
        let (first, second) = (first.as_ref().and_then(&mut region), second.as_ref().and_then(&mut region));
        HeatView { picked: [first, second], ..view.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::sanitize::Policy;

    #[test]
    fn share_urls_round_trip() {
        for key in [ShareKey::Link("abc".into()), ShareKey::Record("abc".into())] {
            for view in [None, Some(2)] {
                let place = SharePlace { key: key.clone(), view };
                assert_eq!(SharePlace::parse(&place.path()), Some(place));
            }
        }
        for path in ["/s", "/s/", "/s/a/b", "/s/a/v/x", "/s//v/1", "/shares", "/shares/", "/shares/a/b"] {
            assert_eq!(SharePlace::parse(path), None, "{path}");
        }
    }

    #[test]
    fn the_time_of_a_map_is_exact() {
        for (from_ns, until_ns, text) in [
            (0, 300_000 * MS, "0-300000"),
            (1_795_230_315_250 * MS + 1, 1_795_230_316_000 * MS, "1795230315250.000001-1795230316000"),
        ] {
            let span = Span { from_ns, until_ns };
            assert_eq!((range_text(span).as_str(), range_of_text(text)), (text, Some(span)));
        }
        for bad in ["", "5", "5-5", "9-5", "-5-9", "5.5-9", "5.00000x-9", "x-9"] {
            assert_eq!(range_of_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_url_holds_a_full_state_or_none() {
        let place = SharePlace { key: ShareKey::Link("abc".into()), view: Some(2) };
        for state in ["", "mode=table&q=a%26b"] {
            let address = place.seen(state);
            let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
            assert_eq!(state_in(query).as_deref(), Some(state), "{address}");
        }
        assert_eq!(state_in(""), None);
        assert_eq!(state_in("mode=table"), None);
    }

    #[test]
    fn sanitizes_names_in_a_state() {
        let policy = Policy::strict([0; 16]);
        let mut sanitizer = Sanitizer::new(&policy);
        let secret = "send to alice@corp.example".to_owned();
        let view = View {
            zoom: vec!["main".into(), secret.clone()],
            search: "alice@corp.example".into(),
            function: Some(secret.clone()),
            details: Some(secret.clone()),
            transforms: vec![Transform::of(Kind::Focus, secret.clone()), Transform::of(Kind::With, secret)],
            ..View::default()
        };
        let clean = Renamed(&mut sanitizer).view(&view);
        let text = write(clean.to_params());
        assert!(!text.contains("alice") && text.contains("main"), "{text}");
    }
}
