//! The look: contrast of the colours in style/tokens.css, colours that are kept for changes, and sizes of type. Each check first
//! proves that it finds a made-up violation.

use crate::source::{files, root};
use std::collections::BTreeMap;

type Tokens = BTreeMap<String, String>;

/// What text, borders of fields and focus lie on.
const GROUNDS: [&str; 5] = ["bg", "surface", "surface-raised", "surface-hover", "sunken"];
/// Text on grounds of its own: text, ground.
const PAIRS: [(&str, &str); 6] = [
    ("on-accent", "accent"),
    ("on-accent-soft", "accent-soft"),
    ("on-warning", "warning-soft"),
    ("danger", "danger-soft"),
    ("text", "danger-soft"),
    ("surface", "danger"),
];
/// Series by name; two more are grey.
const SERIES: usize = 7;
/// Kinds of markers. Their flags bear a letter in the colour of the surface.
const MARKERS: [&str; 5] = ["incident", "deploy", "config", "flag", "scale"];
/// Sizes of type.
const SIZES: [&str; 5] = ["12px", "13px", "15px", "20px", "28px"];
/// Hues of OKLCH in degrees: of what grew (orange), and of what shrank (blue).
const CHANGE: [std::ops::Range<f64>; 2] = [35.0..80.0, 225.0..268.0];
/// Below this chroma of OKLCH, a colour is taken for grey.
const GREY: f64 = 0.06;

/// The tokens of the block that begins with `selector`.
fn block(css: &str, selector: &str) -> Tokens {
    let (_, rest) = css.split_once(&format!("{selector} {{")).unwrap_or_else(|| panic!("no {selector}"));
    let body = rest.split('}').next().unwrap_or_default();
    let pairs = body.split(';').filter_map(|line| line.split_once(':'));
    let name = |text: &str| text.rsplit("--").next().unwrap_or_default().trim().to_owned();
    pairs.map(|(key, value)| (name(key), value.trim().to_owned())).collect()
}

/// The tokens of both themes, and those before the page has set one.
fn themes() -> [(&'static str, Tokens); 3] {
    let css = std::fs::read_to_string(root().join("style/tokens.css")).unwrap();
    let light = block(&css, ":root");
    let over = |selector| light.clone().into_iter().chain(block(&css, selector)).collect::<Tokens>();
    let (dark, first) = (over(":root[data-theme=\"dark\"]"), block(&css, ":root:not([data-theme])"));
    [("light", light), ("dark", dark), ("first", first)]
}

/// Linear red, green and blue of `#rrggbb`.
fn linear(hex: &str) -> [f64; 3] {
    let part = |i: usize| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
    let to_linear = |c: f64| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    [1, 3, 5].map(|i| to_linear(part(i)))
}

/// Contrast as WCAG 2.2 defines it.
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |hex: &str| {
        let [r, g, b] = linear(hex);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Chroma and hue in degrees of OKLCH (Ottosson, A perceptual color space for image processing, 2020).
fn chroma_and_hue(hex: &str) -> (f64, f64) {
    let [r, g, b] = linear(hex);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
    let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
    (a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0))
}

/// Whether a colour may be taken for one of change.
fn is_of_change(hex: &str) -> bool {
    let (chroma, hue) = chroma_and_hue(hex);
    chroma >= GREY && CHANGE.iter().any(|range| range.contains(&hue))
}

/// What is hard to read in a theme.
fn faint(tokens: &Tokens) -> Vec<String> {
    let mut pairs: Vec<(&str, &str, f64)> =
        PAIRS.iter().map(|(text, ground)| (*text, *ground, 4.5)).collect();
    for ground in GROUNDS {
        let least = [("text", 4.5), ("text-muted", 4.5), ("accent", 4.5), ("danger", 4.5)];
        let edges = [("border-strong", 3.0), ("focus", 3.0)];
        pairs.extend(least.into_iter().chain(edges).map(|(name, least)| (name, ground, least)));
    }
    let found = pairs.into_iter().map(|(front, ground, least)| {
        (format!("{front} on {ground}"), contrast(&tokens[front], &tokens[ground]), least)
    });
    let lines = (0..=SERIES + 1).map(|i| {
        let name = format!("line-{i}");
        let ratio = contrast(&tokens[&name], &tokens["surface"]);
        (name, ratio, 3.0)
    });
    let markers = MARKERS.into_iter().map(|kind| {
        let name = format!("marker-{kind}");
        let ratio = contrast(&tokens[&name], &tokens["surface"]);
        (name, ratio, 4.5)
    });
    let low = found.chain(lines).chain(markers).filter(|(_, ratio, least)| ratio < least);
    low.map(|(name, ratio, least)| format!("{name}: {ratio:.2} of {least}")).collect()
}

#[test]
fn text_borders_and_focus_have_contrast_in_both_themes() {
    let [(_, light), (_, dark), (_, first)] = themes();
    let mut pale = light.clone();
    pale.insert("text-muted".to_owned(), "#a8a49b".to_owned());
    assert!(faint(&pale).iter().any(|text| text.starts_with("text-muted on bg")), "{:?}", faint(&pale));
    let mut low = dark.clone();
    low.insert("marker-flag".to_owned(), "#5b2f58".to_owned());
    assert!(faint(&low).iter().any(|text| text.starts_with("marker-flag")), "{:?}", faint(&low));
    assert_eq!([faint(&light), faint(&dark)], [[""; 0]; 2]);
    for (name, value) in first {
        assert_eq!(dark.get(&name), Some(&value), "--{name} changes when the page starts");
    }
}

#[test]
fn orange_and_blue_are_kept_for_change() {
    assert!(is_of_change("#e8823a") && is_of_change("#569dd3") && is_of_change("#5596d8"));
    assert!(!is_of_change("#8d97b8"), "a grey");
    for (theme, tokens) in themes().into_iter().take(2) {
        let series = (0..=SERIES + 1).map(|i| format!("line-{i}"));
        let markers = MARKERS.into_iter().map(|kind| format!("marker-{kind}"));
        for name in series.chain(markers).chain(["accent", "focus", "accent-soft"].map(str::to_owned)) {
            assert!(
                !is_of_change(&tokens[&name]),
                "--{name} of {theme}: {:?}",
                chroma_and_hue(&tokens[&name])
            );
        }
        let mut colours: Vec<&String> = (0..SERIES).map(|i| &tokens[&format!("line-{i}")]).collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), SERIES, "{theme}");
    }
}

/// Declarations of sizes of type that are not of the scale.
fn stray_sizes(css: &str) -> Vec<&str> {
    let declarations = css.split(['{', '}', ';', '\n']).map(str::trim);
    let sizes = declarations.filter(|line| line.starts_with("font-size:") || line.starts_with("font:"));
    let is_size = |word: &&str| {
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        number.len() < word.len() && number.parse::<f64>().is_ok()
    };
    let of_scale =
        |line: &str| line.split([':', ' ', '/', ',']).filter(is_size).all(|word| SIZES.contains(&word));
    sizes.filter(|line| !of_scale(line)).collect()
}

#[test]
fn type_has_one_scale() {
    assert_eq!(stray_sizes("a { font-size: 11px; }\nb { font: 600 14px/1.4 var(--mono); }").len(), 2);
    assert_eq!(stray_sizes("a { font-size: .8rem; font: 600 12px/1.4 \"Segoe UI\"; }"), ["font-size: .8rem"]);
    let folders = ["style", "backend/src/http/routes/docs"];
    let found: Vec<String> = folders
        .into_iter()
        .flat_map(|folder| files(folder, &[".css"]))
        .flat_map(|source| {
            let stray = stray_sizes(&source.text).into_iter();
            stray.map(|line| format!("{}: {line}", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
