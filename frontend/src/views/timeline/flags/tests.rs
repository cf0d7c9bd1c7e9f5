//! Places, labels and names of flags.

use super::*;
use crate::state::markers::tests::deploy;

/// 2025-11-24T16:00:00Z
const T: i64 = 1_764_000_000_000;
const WIDTH: f64 = 1000.0;
/// A thousand seconds, so that a second is a pixel.
const CHART: Ends = (T, T + 1_000_000);

/// Deploys at these seconds.
fn at(seconds: &[(i64, &str)]) -> Vec<Flag> {
    let markers: Vec<Marker> = seconds.iter().map(|(s, version)| deploy(version, T + s * 1000)).collect();
    flags(&markers, CHART, WIDTH)
}

fn labels(flags: &[Flag]) -> Vec<&str> {
    flags.iter().map(|flag| flag.label.as_str()).collect()
}

#[test]
fn flags_are_where_their_first_marker_is_and_share_pixels() {
    let found = at(&[(100, "v1"), (110, "v2"), (120, "v3"), (500, "v4")]);
    let places: Vec<_> = found.iter().map(|flag| (flag.x, flag.sign())).collect();
    assert_eq!(places, [(100.0, "3".to_owned()), (500.0, "D".to_owned())]);
    assert_eq!(labels(&found), ["3 deploys", "v4"]);
}

#[test]
fn what_is_outside_of_the_chart_has_no_flag() {
    let found = at(&[(-1, "v0"), (0, "v1"), (1000, "v2"), (1001, "v3")]);
    assert_eq!(found.iter().map(|flag| flag.x).collect::<Vec<_>>(), [0.0, 1000.0]);
}

#[test]
fn labels_are_on_the_side_with_room_and_never_overlap() {
    // At the right edge the label is to the left, and between two near flags there is none.
    let found = at(&[(100, "v1"), (130, "a-long-version"), (160, "v3"), (990, "v4")]);
    assert_eq!(labels(&found), ["v1", "", "v3", "v4"], "{found:?}");
    assert!(found[0].label_at.0 < found[0].x && found[3].label_at.0 < found[3].x, "{found:?}");
    let cut = at(&[(400, "v1"), (500, "release-2026-11-30"), (600, "v3")]);
    assert!(cut[1].label.starts_with("release") && cut[1].label.ends_with('…'), "{cut:?}");
}

#[test]
fn nothing_overlaps_however_many_there_are() {
    for gap in [1, 5, 24, 25, 31, 48, 60, 77, 120] {
        let names = ["v1", "release-2026-11-30", "größe", "漢字漢字漢字", ""];
        let marker = |i: i64| Marker {
            kind: Kind::ALL[i as usize % 2],
            ..deploy(names[i as usize % names.len()], T + i * gap * 1000)
        };
        let found = flags(&(0..=1000 / gap).map(marker).collect::<Vec<_>>(), CHART, WIDTH);
        let mut boxes: Vec<(f64, f64)> = found
            .iter()
            .flat_map(|flag| {
                let (start, wide) = flag.label_at;
                let label = (!flag.label.is_empty()).then_some((start, start + wide));
                label.into_iter().chain([(flag.x - HALF, flag.right())])
            })
            .collect();
        boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(boxes.windows(2).all(|two| two[0].1 <= two[1].0), "{gap}: {boxes:?}");
        assert!(
            boxes.iter().all(|(from, until)| *from >= -HALF && *until <= WIDTH + HALF + BEHIND),
            "{gap}: {boxes:?}"
        );
    }
}

#[test]
fn a_target_is_as_wide_as_a_finger_needs_and_has_the_label_in_it() {
    let found = at(&[(500, "")]);
    let (from, wide) = found[0].target();
    assert!(from <= 488.0 && wide >= 24.0);
    let named = at(&[(500, "v1234")]);
    let (from, wide) = named[0].target();
    let (start, label) = named[0].label_at;
    assert!(from <= start && from + wide >= start + label);
}

#[test]
fn the_most_important_kind_is_drawn_and_all_are_told() {
    let markers = vec![deploy("v2", T + 100_000), Marker { kind: Kind::Incident, ..deploy("", T + 101_000) }];
    let found = flags(&markers, CHART, WIDTH);
    assert_eq!((found.len(), found[0].kind), (1, Kind::Incident));
    assert_eq!(found[0].name(Zone::UTC, T), "deploy of v2, 1 incident (16:01:40 – 16:01:41)");
    assert_eq!(summary(&found, Zone::UTC, T), format!(" Markers: {}.", found[0].name(Zone::UTC, T)));
    assert_eq!(found[0].rows(Zone::UTC, T).0[0], ("deploy", "v2 (16:01:40)".to_owned()));
    assert_eq!(summary(&[], Zone::UTC, T), "");
}

#[test]
fn a_tooltip_of_many_says_how_many_more_there_are() {
    let markers: Vec<Marker> = (0..20).map(|i| deploy("v", T + 100_000 + i)).collect();
    let found = flags(&markers, CHART, WIDTH);
    assert_eq!((found.len(), found[0].sign()), (1, "20".to_owned()));
    let (rows, note) = found[0].rows(Zone::UTC, T);
    assert_eq!((rows.len(), note.as_str()), (8, "and 12 more"));
    assert_eq!(found[0].name(Zone::UTC, T), "20 deploys (16:01:40)");
}

#[test]
fn an_incident_does_not_hide_the_deploy_of_the_same_pixel() {
    let incident = Marker { kind: Kind::Incident, text: "slow".into(), ..deploy("", T + 100_200) };
    let found = flags(&[deploy("v2", T + 100_000), incident], CHART, WIDTH);
    assert_eq!((found.len(), found[0].sign()), (1, "2".to_owned()));
    assert_eq!((found[0].kind, found[0].behind), (Kind::Incident, Some(Kind::Deploy)), "both are drawn");
    assert_eq!(labels(&found), ["v2, 1 incident"], "the version is read first");
    assert!(found[0].label_at.0 > found[0].x + HALF + BEHIND, "{found:?}");
    assert_eq!(found[0].rows(Zone::UTC, T).0.len(), 2);
    assert_eq!(at(&[(100, "v1"), (101, "v2")])[0].behind, None, "of one kind, one flag says it");
}

#[test]
fn three_hundred_markers_of_one_pixel_are_one_flag_with_all_of_them() {
    let kind = |i: i64| if i % 3 == 0 { Kind::Incident } else { Kind::Deploy };
    let markers: Vec<Marker> =
        (0..300).map(|i| Marker { kind: kind(i), ..deploy("v", T + 100_000 + i) }).collect();
    let found = flags(&markers, CHART, WIDTH);
    assert_eq!((found.len(), found[0].sign()), (1, "99+".to_owned()));
    assert_eq!(found[0].markers, markers, "the panel lists them");
    assert_eq!(labels(&found), ["200 deploys, 100 incidents"]);
    assert_eq!(found[0].rows(Zone::UTC, T).1, "and 292 more");
}
