//! Contrast and colour-blind checks of the page's flame colours, in both themes. The numbers are in
//! docs/decisions/0024-colours-by-origin.md.

use super::palette::Rgb;
use super::palette::tests::{read, value};
use flarepath_profile::flame::origin_color::{COLORS, first};
use flarepath_profile::origin::Origin;

const FLAME: &str = include_str!("../../../../style/flame.css");
const DIFF: &str = include_str!("../../../../style/diff.css");
/// Least contrast of text, WCAG 2.2 AA.
const TEXT: f64 = 4.5;
/// Least distance of two origins in Oklab, times 100. About 2 can just be seen side by side.
const ORIGINS: f64 = 4.0;
/// The same beside unknown code, which is hatched.
const HATCHED: f64 = 3.0;

/// A color for each channel of linear light.
type Linear = [f64; 3];

/// What an eye sees of linear red, green and blue: normal, then without each kind of cone (Machado, Oliveira and Fernandes 2009,
/// table 1, severity 1).
const EYES: [(&str, [Linear; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    ),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    (
        "tritanopia",
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ),
];

/// The part of a style sheet from a theme on: light, then dark.
fn themes(sheet: &str) -> [&str; 2] {
    let dark = sheet.find("[data-theme=\"dark\"]").unwrap();
    [sheet, &sheet[dark..]]
}

fn linear((r, g, b): Rgb) -> Linear {
    [r, g, b].map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(rows: &[Linear; 3], v: Linear) -> Linear {
    rows.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Contrast as WCAG defines it.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let light = [a, b].map(|colour| times(&[[0.2126, 0.7152, 0.0722]; 3], linear(colour))[0]);
    (light[0].max(light[1]) + 0.05) / (light[0].min(light[1]) + 0.05)
}

/// Distance in Oklab times 100, as an eye sees both colours.
fn distance(eye: &[Linear; 3], a: Rgb, b: Rgb) -> f64 {
    let [a, b] = [a, b].map(|colour| oklab(times(eye, linear(colour)).map(|c| c.clamp(0.0, 1.0))));
    let squares = [0, 1, 2].map(|i| (a[i] - b[i]).powi(2));
    squares.iter().sum::<f64>().sqrt() * 100.0
}

/// Björn Ottosson, "A perceptual color space for image processing", 2020.
fn oklab(colour: Linear) -> Linear {
    let cones = times(
        &[
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        colour,
    );
    times(
        &[
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        cones.map(f64::cbrt),
    )
}

fn colours(sheet: &str, name: &str, count: u8) -> Vec<Rgb> {
    (0..count).map(|i| read(value(sheet, &format!("{name}-{i}")))).collect()
}

#[test]
fn text_on_boxes_has_contrast_in_both_themes() {
    for (flame, diff) in themes(FLAME).into_iter().zip(themes(DIFF)) {
        let of = |name: &str| read(value(flame, name));
        let boxes = colours(flame, "flame", COLORS)
            .into_iter()
            .chain(colours(diff, "diff", 13))
            .chain([of("flame-root")]);
        for colour in boxes {
            for text in ["flame-text", "flame-text-soft"] {
                let found = contrast(colour, of(text));
                assert!(found >= TEXT, "{text} on {colour:?}: {found:.2}");
            }
        }
        assert!(contrast(of("flame-rest"), of("flame-text-dim")) >= TEXT);
    }
}

#[test]
fn origins_differ_for_every_eye() {
    for (sheet, (eye, rows)) in
        themes(FLAME).into_iter().flat_map(|sheet| EYES.iter().map(move |eye| (sheet, eye)))
    {
        let all = colours(sheet, "flame", COLORS);
        let shades = |origin: Origin| {
            let next = Origin::ALL.get(origin as usize + 1).map_or(COLORS, |next| first(*next));
            &all[usize::from(first(origin))..usize::from(next)]
        };
        for (at, a) in Origin::ALL.into_iter().enumerate() {
            for b in Origin::ALL.into_iter().skip(at + 1) {
                let pairs = shades(a).iter().flat_map(|x| shades(b).iter().map(move |y| (*x, *y)));
                let least = pairs.map(|(x, y)| distance(rows, x, y)).fold(f64::INFINITY, f64::min);
                let wanted = if b == Origin::Unknown { HATCHED } else { ORIGINS };
                assert!(least >= wanted, "{eye}: {a:?} and {b:?} are {least:.1} apart");
            }
        }
    }
}

#[test]
fn what_grew_and_what_shrank_differ_for_every_eye() {
    for (sheet, (eye, rows)) in
        themes(DIFF).into_iter().flat_map(|sheet| EYES.iter().map(move |eye| (sheet, eye)))
    {
        let all = colours(sheet, "diff", 13);
        let (neutral, shrank, grew) = (all[0], &all[1..7], &all[7..13]);
        let pairs = shrank.iter().flat_map(|x| grew.iter().map(move |y| (*x, *y)));
        let least = pairs.map(|(x, y)| distance(rows, x, y)).fold(f64::INFINITY, f64::min);
        assert!(least >= 4.5, "{eye}: shrank and grew are {least:.1} apart");
        let strongest = distance(rows, shrank[5], grew[5]);
        assert!(strongest >= 20.0, "{eye}: the strongest are {strongest:.1} apart");
        for strong in [shrank[5], grew[5]] {
            assert!(distance(rows, neutral, strong) >= 9.0, "{eye}");
        }
    }
}
