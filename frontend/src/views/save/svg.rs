//! Writes scenes as SVG.
//!
//! Names come from profiles and may contain anything: all text is escaped, characters that XML forbids are left out, and each
//! label is clipped to its box, so that neither another font nor right-to-left text reaches beyond it.

use crate::canvas::palette::Palette;
use crate::views::flame::painter::colour;
use crate::views::flame::scene::{Label, ROW, Scene};
use crate::views::on_screen::Drawn;
use flarepath_profile::diff::color::Mark;
use std::fmt::Write;

/// Space above the pictures for title and detail, in CSS pixels.
pub(crate) const HEAD: f64 = 52.0;
/// Space around the pictures, in CSS pixels.
pub(crate) const MARGIN: f64 = 12.0;

/// `text` for element content and attributes of XML and HTML: without control characters, markup escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            // XML allows neither control characters nor these two noncharacters.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// One picture, as elements; its top left corner is the origin.
pub(crate) fn part(drawn: &Drawn<'_>) -> String {
    let Drawn { scene, palette, size, .. } = drawn;
    let mut out = String::new();
    let (w, h) = (size.width, size.height);
    // Writing into a string never fails.
    let _ = write!(out, "<rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", escape(&palette.background));
    boxes(&mut out, scene, palette, w);
    for label in &scene.labels {
        text(&mut out, drawn, label);
    }
    out
}

/// Height of the line above each of several pictures.
pub(crate) const CAPTION: f64 = 18.0;

/// The name of a picture, as elements of a line [`CAPTION`] high.
pub(crate) fn caption(label: &str) -> String {
    format!("<text y=\"{}\" fill=\"currentColor\">{}</text>", CAPTION / 2.0, escape(label))
}

fn boxes(out: &mut String, scene: &Scene, palette: &Palette, width: f64) {
    for (fill, rects) in scene.groups() {
        let _ =
            write!(out, "<g fill=\"{}\" fill-opacity=\"{}\">", escape(colour(palette, fill)), fill.alpha());
        let (mut lines, mut hatch) = (String::new(), String::new());
        for r in rects {
            let (x, right) = (r.x.max(0.0), (r.x + r.w).min(width as f32));
            let (w, round) = ((right - x).max(0.5), if r.is_round() { " rx=\"2\"" } else { "" });
            let _ =
                write!(out, "<rect x=\"{x:.2}\" y=\"{}\" width=\"{w:.2}\" height=\"{}\"{round}/>", r.y, r.h);
            let y = r.y + r.h - 1.0;
            if let Some(mark) = fill.mark() {
                let dashes = if mark == Mark::Gone { " stroke-dasharray=\"5\"" } else { "" };
                let _ = write!(lines, "<path d=\"M{x:.2} {y}H{right:.2}\"{dashes}/>");
            }
            if fill.is_hatched() {
                for [x0, y0, x1, y1] in r.hatch(width) {
                    let _ = write!(hatch, "M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}");
                }
            }
        }
        out.push_str("</g>");
        if !lines.is_empty() {
            let _ = write!(out, "<g stroke=\"{}\" stroke-width=\"2\">{lines}</g>", escape(&palette.text));
        }
        if !hatch.is_empty() {
            let _ = write!(out, "<path stroke=\"{}\" fill=\"none\" d=\"{hatch}\"/>", escape(&palette.hatch));
        }
    }
}

fn text(out: &mut String, drawn: &Drawn<'_>, label: &Label) {
    let (palette, (package, own)) = (drawn.palette, label.name(drawn.tree));
    let (soft, strong) = match label.dim {
        true => (palette.text_dim.as_str(), palette.text_dim.as_str()),
        false => (palette.text_soft.as_str(), palette.text.as_str()),
    };
    if own.is_ascii() {
        run(out, drawn, label, (label.x, soft), &package);
        run(out, drawn, label, (label.package.1, strong), own);
    } else {
        let width = (drawn.size.width - f64::from(label.x)).min(label.room).max(0.0);
        let _ = write!(
            out,
            "<svg x=\"{:.2}\" y=\"{}\" width=\"{width:.2}\" height=\"{ROW}\" overflow=\"hidden\">\
             <text y=\"{}\" fill=\"{}\">{}{}</text></svg>",
            label.x,
            label.y,
            ROW / 2.0,
            escape(strong),
            escape(&package),
            escape(own),
        );
    }
    run(out, drawn, label, (label.amount.1, soft), &label.amount.0);
}

/// Text of characters that are all as wide as on screen, whichever font is used elsewhere.
fn run(out: &mut String, drawn: &Drawn<'_>, label: &Label, (x, fill): (f32, &str), text: &str) {
    if text.is_empty() {
        return;
    }
    let (y, length) = (f64::from(label.y) + ROW / 2.0, text.chars().count() as f64 * drawn.advance);
    let _ = write!(
        out,
        "<text x=\"{x:.2}\" y=\"{y}\" fill=\"{}\" textLength=\"{length:.2}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        escape(fill),
        escape(text)
    );
}

/// A picture's left and top edge, its width and height, and its elements.
pub(crate) type Part = ((f64, f64), (f64, f64), String);

/// One document of pictures with their places. `size` is that of all pictures together.
pub(crate) fn document(
    title: &str,
    detail: &str,
    colours: (&str, &str),
    font: &str,
    size: (f64, f64),
    parts: &[Part],
) -> String {
    let (width, height) = (size.0 + 2.0 * MARGIN, size.1 + HEAD + MARGIN);
    let (text, ground) = (escape(colours.0), escape(colours.1));
    // Attributes instead of `style`, which a content security policy may forbid.
    let (font_size, family) = font.split_once(' ').unwrap_or(("12px", "monospace"));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\
         <title>{title}</title><rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\
         <g fill=\"{text}\" font-family=\"system-ui, sans-serif\">\
         <text x=\"{MARGIN}\" y=\"22\" font-size=\"15\" font-weight=\"600\">{title}</text>\
         <text x=\"{MARGIN}\" y=\"41\" font-size=\"12\">{}</text></g>\
         <g font-size=\"{}\" font-family=\"{}\" color=\"{text}\" dominant-baseline=\"central\" xml:space=\"preserve\">",
        escape(detail),
        escape(font_size),
        escape(family),
        title = escape(title),
    );
    for ((x, y), (w, h), body) in parts {
        let (x, y) = (x + MARGIN, y + HEAD);
        let _ = write!(
            out,
            "<svg x=\"{x:.2}\" y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\" overflow=\"hidden\">{body}</svg>"
        );
    }
    out.push_str("</g></svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::surface::Size;
    use crate::views::flame::scene::Input;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::flame::{Layout, Order, View, visible};
    use flarepath_profile::frame_table::FrameText;

    fn svg_of(names: &[&str]) -> String {
        let mut builder = TreeBuilder::new();
        for name in names {
            let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
            builder.add_path([frame], 10);
        }
        let tree = builder.finish();
        let layout = Layout::new(&tree, Order::ByTotal);
        let mut boxes = Vec::new();
        let view =
            View { x0: 0.0, x1: layout.width(), row_start: 0, row_end: 9, width_px: 900.0, min_px: 1.0 };
        visible(&layout, &view, &mut boxes);
        let mut scene = Scene::default();
        scene.build(&Input {
            tree: &tree,
            boxes: &boxes,
            colours: &vec![1; tree.frames().len()],
            changes: None,
            found: None,
            zoomed_row: 0,
            height: 60.0,
            scroll: 0.0,
            upward: false,
            advance: 7.0,
            amount: &|_| "5 ms".to_owned(),
        });
        let palette = Palette {
            fills: vec!["#abc".into(); crate::canvas::palette::FILLS],
            changes: vec!["#def".into(); crate::canvas::palette::CHANGES],
            ..Palette::default()
        };
        let size = Size { width: 900.0, height: 60.0, dpr: 1.0 };
        let (label, at, advance) = (String::new(), (0.0, 0.0), 7.0);
        let drawn = Drawn { scene: &scene, palette: &palette, tree: &tree, label, size, at, advance };
        let body = part(&drawn);
        document(
            "<b>title</b>",
            "a & b",
            ("#000", "#fff"),
            "12px monospace",
            (900.0, 60.0),
            &[((0.0, 0.0), (900.0, 60.0), body)],
        )
    }

    #[test]
    fn escapes_names() {
        let long = "x".repeat(10_240);
        let svg = svg_of(&[
            "</text><script>a(1)</script>",
            "\u{202e}\"onload='x",
            "a\0b\u{1b}c",
            "🔥 größe",
            &long,
        ]);
        assert!(!svg.contains("<script"), "{svg}");
        assert!(
            svg.contains("(1)&lt;/script&gt;")
                && svg.contains("&lt;b&gt;title&lt;/b&gt;")
                && svg.contains("a &amp; b")
        );
        assert!(svg.contains("&quot;onload=&#39;x") && svg.contains(">abc<") && svg.contains("🔥 größe"));
        assert!(svg.len() < 10_000, "a long name is cut at its box");
        let opened = svg.matches("<text").count();
        assert_eq!(opened, svg.matches("</text>").count());
        assert!(svg.chars().all(|c| !c.is_control()));
    }

    #[test]
    fn labels_keep_their_length() {
        let svg = svg_of(&["main"]);
        assert!(svg.contains("textLength=\"28.00\"") && svg.contains(">main</text>"), "{svg}");
        assert!(svg.contains(">5 ms</text>") && svg.contains(" rx=\"2\""), "{svg}");
    }
}
