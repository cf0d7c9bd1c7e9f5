//! Colours of preview images: those of the page's light theme.

use flarepath_profile::diff::color as diff_color;
use flarepath_profile::flame::origin_color;

/// Red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

const fn rgb(hex: u32) -> Rgb {
    ((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// `--surface`.
pub(super) const BACKGROUND: Rgb = rgb(0xffffff);
/// `--text`.
pub(super) const TEXT: Rgb = rgb(0x15181d);
/// `--text-muted`.
pub(super) const MUTED: Rgb = rgb(0x5b6573);
/// `--border`.
pub(super) const BORDER: Rgb = rgb(0xe3e6eb);
/// `--flame-text`.
pub(super) const BOX_TEXT: Rgb = rgb(0x15110e);
/// `--flame-text-soft`: values in boxes.
pub(super) const BOX_TEXT_SOFT: Rgb = rgb(0x352c25);
/// `--flame-text-dim`.
pub(super) const BOX_TEXT_DIM: Rgb = rgb(0x565d68);
/// `--flame-rest`.
pub(super) const REST: Rgb = rgb(0xdfe3e8);
/// `--flame-root`.
pub(super) const ROOT: Rgb = rgb(0xcfd4da);

/// `--flame-0` to `--flame-40`: packages and names, then origins.
pub(super) const FILLS: [Rgb; origin_color::COLORS as usize] = [
    rgb(0xf4977b),
    rgb(0xf7ae6e),
    rgb(0xf8c55d),
    rgb(0xef9fac),
    rgb(0xeedb63),
    rgb(0xf29892),
    rgb(0xe4b39a),
    rgb(0xe9aac4),
    rgb(0xeac799),
    rgb(0xced879),
    rgb(0xedbdb1),
    rgb(0xefdc9f),
    rgb(0xb7d18f),
    rgb(0xe0b8da),
    rgb(0xd3ae92),
    rgb(0xabcad9),
    rgb(0xfa9266),
    rgb(0xfaa466),
    rgb(0xfab566),
    rgb(0xfac466),
    rgb(0xfba674),
    rgb(0xfbb574),
    rgb(0xfbc574),
    rgb(0xfbd274),
    rgb(0xfa9d57),
    rgb(0xfab057),
    rgb(0xfac357),
    rgb(0xfad457),
    rgb(0xcec5a6),
    rgb(0xd2c9ad),
    rgb(0xd5cdb3),
    rgb(0x8298b0),
    rgb(0x889db4),
    rgb(0x8ea2b8),
    rgb(0xda8bd0),
    rgb(0xdd92d3),
    rgb(0x46bea4),
    rgb(0x4ec1a8),
    rgb(0xdcdbeb),
    rgb(0xe3e1ef),
    rgb(0xb9bcc1),
];

/// `--diff-0` to `--diff-12`, see [`flarepath_profile::diff::color`].
pub(super) const CHANGES: [Rgb; diff_color::FILLS as usize] = [
    rgb(0xd7dade),
    rgb(0xd3e3f0),
    rgb(0xbcd8ee),
    rgb(0xa2cbea),
    rgb(0x86bce4),
    rgb(0x6cacdd),
    rgb(0x569dd3),
    rgb(0xf4e2cf),
    rgb(0xf6d3ae),
    rgb(0xf6c18c),
    rgb(0xf4ad6b),
    rgb(0xf0974e),
    rgb(0xe8823a),
];

/// `--heat-0` to `--heat-16`: zero, then from small to large values.
pub(super) const HEAT: [Rgb; 17] = [
    rgb(0xffffff),
    rgb(0xffe892),
    rgb(0xffd36d),
    rgb(0xffbd51),
    rgb(0xfea636),
    rgb(0xff8c13),
    rgb(0xfc7102),
    rgb(0xf75315),
    rgb(0xe83d36),
    rgb(0xd52c4a),
    rgb(0xbd2258),
    rgb(0xa42160),
    rgb(0x892262),
    rgb(0x6d245f),
    rgb(0x542456),
    rgb(0x3c2347),
    rgb(0x2a1d37),
];
/// `--heat-stripe`: no data.
pub(super) const GAP: Rgb = rgb(0xb9c0ca);

/// `--logo-base`, `--logo-mid`, `--logo-top`.
pub(super) const LOGO: [Rgb; 3] = [rgb(0xc2527f), rgb(0xe06a2c), rgb(0xe0b02f)];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The value of a custom property in the first theme of a style sheet, which is the light one.
    pub(in crate::sharing::preview) fn value<'a>(sheet: &'a str, name: &str) -> &'a str {
        let from = sheet.find(&format!("--{name}:")).map(|at| at + name.len() + 3).unwrap();
        sheet[from..].split(';').next().unwrap().trim()
    }

    pub(in crate::sharing::preview) fn read(text: &str) -> Rgb {
        if let Some(hex) = text.strip_prefix('#') {
            return rgb(u32::from_str_radix(hex, 16).unwrap());
        }
        let inner = text.strip_prefix("hsl(").unwrap().trim_end_matches(')');
        let n: Vec<f64> = inner.split(' ').map(|part| part.trim_end_matches('%').parse().unwrap()).collect();
        let (hue, saturation, light) = (n[0] / 30.0, n[1] / 100.0, n[2] / 100.0);
        let strength = saturation * light.min(1.0 - light);
        let channel = |offset: f64| {
            let k = (offset + hue) % 12.0;
            let part = light - strength * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
            (part * 255.0).round() as u8
        };
        (channel(0.0), channel(8.0), channel(4.0))
    }

    #[test]
    fn colours_are_those_of_the_style_sheets() {
        let flame = include_str!("../../../../style/flame.css");
        let diff = include_str!("../../../../style/diff.css");
        let heat = include_str!("../../../../style/heatmap.css");
        let tokens = include_str!("../../../../style/tokens.css");
        for (i, colour) in FILLS.iter().enumerate() {
            assert_eq!(read(value(flame, &format!("flame-{i}"))), *colour, "flame-{i}");
        }
        for (i, colour) in CHANGES.iter().enumerate() {
            assert_eq!(read(value(diff, &format!("diff-{i}"))), *colour, "diff-{i}");
        }
        for (i, colour) in HEAT.iter().enumerate() {
            assert_eq!(read(value(heat, &format!("heat-{i}"))), *colour, "heat-{i}");
        }
        let named = [
            (tokens, "surface", BACKGROUND),
            (tokens, "text", TEXT),
            (tokens, "text-muted", MUTED),
            (tokens, "border", BORDER),
            (flame, "flame-text", BOX_TEXT),
            (flame, "flame-text-soft", BOX_TEXT_SOFT),
            (flame, "flame-text-dim", BOX_TEXT_DIM),
            (flame, "flame-rest", REST),
            (flame, "flame-root", ROOT),
            (heat, "heat-stripe", GAP),
        ];
        for (name, colour) in ["logo-base", "logo-mid", "logo-top"].into_iter().zip(LOGO) {
            assert_eq!(read(value(tokens, name)), colour, "{name}");
        }
        for (sheet, name, colour) in named {
            assert_eq!(read(value(sheet, name)), colour, "{name}");
        }
    }
}
