//! Markers: what happened to a service and when, such as a deploy or an incident. Their names, and groups of those that are too near
//! to each other to be told apart on screen.

use super::clock_text::Zone;
use super::time_text::MS;

/// Kinds of markers, the most important first: a group is drawn as the first of its kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Incident,
    Deploy,
    Config,
    Flag,
    Scale,
}

/// The word of the API, the letter on the flag, one of them, several.
const KINDS: [(&str, &str, &str, &str); 5] = [
    ("incident", "I", "incident", "incidents"),
    ("deploy", "D", "deploy", "deploys"),
    ("config", "C", "config change", "config changes"),
    ("flag", "F", "flag change", "flag changes"),
    ("scale", "S", "scaling", "scalings"),
];

/// The permission to add markers, as the route table names it.
pub(crate) const WRITE_PERMISSION: &str = "markers:write";

/// Most letters of a text in a name; the details have all of it.
const NAME_LETTERS: usize = 60;
/// Most letters of a label beside a flag.
const LABEL_LETTERS: usize = 32;

impl Kind {
    pub(crate) const ALL: [Kind; 5] = [Kind::Incident, Kind::Deploy, Kind::Config, Kind::Flag, Kind::Scale];

    /// The kind with this word in the API; a change of configuration for a word of a newer server.
    pub(crate) fn of(word: &str) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or(Kind::Config)
    }

    /// The word of the API.
    pub(crate) fn word(self) -> &'static str {
        KINDS[self as usize].0
    }

    /// The letter on its flag.
    pub(crate) fn letter(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// In words: `deploy`.
    pub(crate) fn noun(self) -> &'static str {
        KINDS[self as usize].2
    }
}

/// Something that happened to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Id of a posted marker; empty if it was inferred.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// When, nanoseconds since the epoch.
    pub(crate) at_ns: i64,
    /// The series that it applies to; empty for all of the service.
    pub(crate) selector: String,
    /// Empty if it is not known.
    pub(crate) version: String,
    /// A description; may be empty.
    pub(crate) text: String,
    /// An http or https link; empty for none, and for any other address.
    pub(crate) link: String,
    /// Whether a version label that is new told of it.
    pub(crate) inferred: bool,
    /// Who posted it; empty if it was only inferred.
    pub(crate) created_by: String,
    /// Whether the person may delete it.
    pub(crate) deletable: bool,
}

/// What the server knows of a service and a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkerList {
    pub(crate) service: String,
    /// The oldest first.
    pub(crate) markers: Vec<Marker>,
    /// What is left out, as a sentence; may be empty.
    pub(crate) note: String,
}

impl Marker {
    /// The millisecond, for the clock and the chart.
    pub(crate) fn at_ms(&self) -> i64 {
        self.at_ns.div_euclid(MS)
    }

    /// `deploy of v2`, `incident: checkout is slow`.
    pub(crate) fn name(&self) -> String {
        let noun = self.kind.noun();
        match (self.version.as_str(), self.text.as_str()) {
            ("", "") => noun.to_owned(),
            ("", text) => format!("{noun}: {}", shortened(text, NAME_LETTERS)),
            (version, _) => format!("{noun} of {}", shortened(version, NAME_LETTERS)),
        }
    }

    /// The name with a capital, as a heading.
    pub(crate) fn title(&self) -> String {
        let mut name = self.name();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name
    }

    /// What is beside its flag: version, text or kind.
    pub(crate) fn label(&self) -> &str {
        let found = [&self.version, &self.text].into_iter().find(|text| !text.is_empty());
        found.map_or(self.kind.noun(), String::as_str)
    }

    /// The name and when: `deploy of v2 (14:02)`. With the date if that is not the day of `seen_from_ms`.
    pub(crate) fn told(&self, zone: Zone, seen_from_ms: i64) -> String {
        format!("{} ({})", self.name(), time(zone, self.at_ms(), seen_from_ms))
    }

    /// Everything that is known of it: names and values.
    pub(crate) fn rows(&self, zone: Zone) -> Vec<(&'static str, String)> {
        let at = zone.civil(self.at_ms());
        let seen = "seen in the profiles".to_owned();
        let source = match (self.created_by.as_str(), self.inferred) {
            ("", _) => seen,
            (by, true) => format!("{by}, {seen}"),
            (by, false) => by.to_owned(),
        };
        let rows = [
            ("Time", format!("{} {} {}", at.date(), at.time_to_second(), zone.name(self.at_ms()))),
            ("Version", self.version.clone()),
            ("Text", self.text.clone()),
            ("Applies to", self.selector.clone()),
            ("From", source),
            ("Link", self.link.clone()),
        ];
        rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// `14:02`; with the date if that is not the day of `seen_from_ms`.
pub(crate) fn time(zone: Zone, ms: i64, seen_from_ms: i64) -> String {
    let (at, day) = (zone.civil(ms), zone.civil(seen_from_ms).date());
    if at.date() == day { at.time() } else { format!("{} {}", at.date(), at.time()) }
}

/// The name of several, deploys first: `3 deploys`, `deploy of v2, 1 incident`; of one, its own.
pub(crate) fn group_name(markers: &[Marker]) -> String {
    group_text(markers, Marker::name)
}

/// What is beside the flag of several: `3 deploys`, `v2, 1 incident`; of one, its own label.
pub(crate) fn group_label(markers: &[Marker]) -> String {
    group_text(markers, |marker| shortened(marker.label(), LABEL_LETTERS))
}

/// `alone` writes a marker that is alone, and a deploy that is the only one: deploys mostly explain what is beside them.
fn group_text(markers: &[Marker], alone: fn(&Marker) -> String) -> String {
    if let [one] = markers {
        return alone(one);
    }
    let mut texts = Vec::new();
    for kind in [Kind::Deploy, Kind::Incident, Kind::Config, Kind::Flag, Kind::Scale] {
        let (_, _, one, many) = KINDS[kind as usize];
        let first = markers.iter().find(|marker| marker.kind == kind);
        match (markers.iter().filter(|marker| marker.kind == kind).count(), first) {
            (1, Some(deploy)) if kind == Kind::Deploy => texts.push(alone(deploy)),
            (1, _) => texts.push(format!("1 {one}")),
            (0, _) => {}
            (count, _) => texts.push(format!("{count} {many}")),
        }
    }
    texts.join(", ")
}

/// Groups of markers that are less than `apart` from the first of their group, by their places from left to right.
pub(crate) fn grouped(placed: Vec<(f64, Marker)>, apart: f64) -> Vec<(f64, Vec<Marker>)> {
    let mut groups: Vec<(f64, Vec<Marker>)> = Vec::new();
    for (x, marker) in placed {
        match groups.last_mut() {
            Some((first, group)) if x - *first < apart => group.push(marker),
            _ => groups.push((x, vec![marker])),
        }
    }
    groups
}

/// At most so many letters, the last of which is `…` where some are left out.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => text.to_owned(),
        Some(_) => text.chars().take(letters.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// An address that a browser may open: http or https, and nothing else, such as `javascript:`. Empty for all others.
pub(crate) fn safe_link(url: &str) -> &str {
    let begins = |scheme: &str| url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    let is_web = begins("https://") || begins("http://");
    let is_plain = !url.contains(|c: char| c.is_control() || c == ' ');
    if is_web && is_plain { url } else { "" }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// 2026-11-21T03:05:15Z
    const AT_MS: i64 = 1_795_230_315_000;
    const DAY_MS: i64 = 86_400_000;

    /// A deploy that somebody posted.
    pub(crate) fn deploy(version: &str, at_ms: i64) -> Marker {
        Marker {
            id: version.to_owned(),
            kind: Kind::Deploy,
            at_ns: at_ms * MS,
            selector: String::new(),
            version: version.to_owned(),
            text: String::new(),
            link: String::new(),
            inferred: false,
            created_by: "ci".to_owned(),
            deletable: true,
        }
    }

    #[test]
    fn names_have_kind_and_version_or_text() {
        let version = deploy("v2", AT_MS);
        assert_eq!((version.name().as_str(), version.label()), ("deploy of v2", "v2"));
        assert_eq!(version.title(), "Deploy of v2");
        assert_eq!(version.told(Zone::UTC, AT_MS + 1000), "deploy of v2 (03:05:15)");
        assert_eq!(version.told(Zone::UTC, AT_MS + DAY_MS), "deploy of v2 (2026-11-21 03:05:15)");
        let told = Marker {
            kind: Kind::Incident,
            version: String::new(),
            text: "checkout is slow".into(),
            ..version.clone()
        };
        assert_eq!((told.name().as_str(), told.label()), ("incident: checkout is slow", "checkout is slow"));
        let bare = Marker { text: String::new(), kind: Kind::Scale, ..told };
        assert_eq!((bare.name().as_str(), bare.label()), ("scaling", "scaling"));
    }

    #[test]
    fn details_say_when_and_from_whom() {
        let both = Marker { inferred: true, link: "https://ci.example/7".into(), ..deploy("v2", AT_MS) };
        let rows = both.rows(Zone::UTC);
        assert_eq!(rows[0], ("Time", "2026-11-21 03:05:15 UTC".to_owned()));
        assert_eq!(rows[2], ("From", "ci, seen in the profiles".to_owned()));
        assert_eq!(rows[3].0, "Link");
        let inferred = Marker { created_by: String::new(), ..both };
        assert_eq!(inferred.rows(Zone::UTC)[2].1, "seen in the profiles");
    }

    #[test]
    fn groups_are_counted_by_kind() {
        let three = [deploy("v1", 0), deploy("v2", 1), deploy("v3", 2)];
        assert_eq!(group_name(&three), "3 deploys");
        assert_eq!(group_name(&three[..1]), "deploy of v1");
        let mixed = [three[0].clone(), Marker { kind: Kind::Incident, ..three[1].clone() }, three[2].clone()];
        assert_eq!(group_name(&mixed), "2 deploys, 1 incident");
        assert_eq!(group_name(&mixed[1..]), "deploy of v3, 1 incident", "the version is what one looks for");
        assert_eq!([group_label(&mixed[1..]), group_label(&mixed[2..])], ["v3, 1 incident", "v3"]);
    }

    #[test]
    fn what_is_near_the_first_of_a_group_joins_it() {
        let placed = [0.0, 10.0, 20.0, 30.0, 90.0].map(|x| (x, deploy("v", x as i64)));
        let groups = grouped(placed.to_vec(), 24.0);
        let sizes: Vec<_> = groups.iter().map(|(x, group)| (*x, group.len())).collect();
        assert_eq!(sizes, [(0.0, 3), (30.0, 1), (90.0, 1)], "a group is never wider than a flag");
        assert!(grouped(Vec::new(), 24.0).is_empty());
    }

    #[test]
    fn only_web_addresses_become_links() {
        for good in ["https://ci.example/run/7?x=1", "HTTP://ci.example"] {
            assert_eq!(safe_link(good), good);
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "java\nscript:x",
            " https://x",
            "https://x\n",
            "data:text/html,x",
            "//x",
        ] {
            assert_eq!(safe_link(bad), "", "{bad:?}");
        }
    }

    #[test]
    fn every_kind_is_read_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.word()), kind);
        }
        assert_eq!(Kind::of("moon"), Kind::Config);
        assert_eq!(shortened("größe", 4), "grö…");
        assert_eq!(shortened("größe", 5), "größe");
    }
}
