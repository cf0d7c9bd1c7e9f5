//! Preview images of all kinds of data, edge cases in particular.

use super::*;
use flarepath_profile::call_tree::{NodeId, TreeBuilder};
use flarepath_profile::diff::{Pair, diff};
use flarepath_profile::frame_table::FrameText;
use flarepath_profile::heatmap::Cell;
use flarepath_profile::own_code::OwnCode;
use proptest::prelude::*;

/// Upper bound for every image.
const MOST_BYTES: usize = 150 << 10;

fn tree(lines: &[(&str, i64)]) -> CallTree {
    let mut builder = TreeBuilder::new();
    for (path, value) in lines {
        let mut at = NodeId::ROOT;
        for name in path.split(';').filter(|name| !name.is_empty()) {
            let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
            at = builder.child(at, frame);
        }
        builder.add(at, *value);
    }
    builder.finish()
}

fn picture<'a>(title: &'a str, graphic: Graphic<'a>) -> Picture<'a> {
    Picture {
        title,
        number: "+18 %",
        verdict: "json.Marshal: 41.0 % of CPU (self), +18.0 pp against the baseline",
        subtitle: "checkout · 2026-11-21 13:00 – 14:00 UTC",
        graphic,
    }
}

/// The pixels of a PNG of the right dimensions and size.
fn pixels(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    assert!(bytes.len() <= MOST_BYTES, "{} bytes", bytes.len());
    pixels
}

fn draw_tree(tree: &CallTree) -> Vec<u8> {
    let unit = Unit::of("cpu", "nanoseconds");
    pixels(&draw(&picture("Checkout", Graphic::Tree { tree, unit: &unit })).unwrap())
}

fn has(pixels: &[u8], colour: palette::Rgb) -> bool {
    pixels.chunks_exact(3).any(|p| p == [colour.0, colour.1, colour.2])
}

#[test]
fn boxes_have_the_colours_of_the_page() {
    let tree = tree(&[("main;parse", 60), ("main;render", 40)]);
    let origins = flarepath_profile::origin::origins(tree.frames(), &OwnCode::guess(tree.frames()));
    let colours = flarepath_profile::flame::origin_colors(tree.frames(), &origins);
    let drawn = draw_tree(&tree);
    for node in (1..tree.len() as u32).map(NodeId) {
        let colour = palette::FILLS[usize::from(colours[tree.frame(node).index()])];
        assert!(has(&drawn, colour), "{}", tree.name(node));
    }
    assert!(has(&drawn, palette::ROOT));
}

#[test]
fn a_diff_colours_growth_and_shrinkage() {
    let both = diff(&tree(&[("a", 10), ("b", 90)]), &tree(&[("a", 90), ("b", 10)]));
    let scale = Scale::share(both.total(NodeId::ROOT));
    let unit = Unit::of("cpu", "nanoseconds");
    let graphic = Graphic::Diff { both: &both, scale: &scale, unit: &unit, profiles: None };
    let drawn = pixels(&draw(&picture("Diff", graphic)).unwrap());
    assert!(has(&drawn, palette::CHANGES[12]) && has(&drawn, palette::CHANGES[6]));
    let nothing = diff(&CallTree::empty(), &CallTree::empty());
    let scale = Scale::share(Pair::default());
    draw(&picture("Empty", Graphic::Diff { both: &nothing, scale: &scale, unit: &unit, profiles: None }))
        .unwrap();
}

/// 1 h against 3 min: what costs the same by the second is neutral, and the totals are rates.
#[test]
fn a_diff_by_covered_second_does_not_colour_unequal_time() {
    let minute = 60_000_000_000;
    let both = diff(&tree(&[("a", 3600), ("b", 1200)]), &tree(&[("a", 180), ("b", 60)]));
    let scale = Scale::per_second(Pair { baseline: 60 * minute, comparison: 3 * minute });
    let unit = Unit::of("cpu", "milliseconds");
    let is_neutral = |scale: &Scale| {
        let graphic = Graphic::Diff { both: &both, scale, unit: &unit, profiles: None };
        has(&pixels(&draw(&picture("Diff", graphic)).unwrap()), palette::CHANGES[0])
    };
    assert!(is_neutral(&scale) && !is_neutral(&Scale::absolute()));
    let totals = |scale: &Scale| flame::totals(scale, both.total(NodeId::ROOT), &unit, None);
    assert_eq!(totals(&scale), "total · baseline 1.33 mcores · comparison 1.33 mcores");
    assert_eq!(totals(&Scale::absolute()), "total · baseline 4.8 s · comparison 240 ms");
}

/// Ten profiles against two: the sum of a level says nothing.
#[test]
fn levels_are_means_of_profiles() {
    let total = Pair { baseline: 10 * 4096, comparison: 2 * 8192 };
    let text = flame::totals(
        &Scale::share(total),
        total,
        &Unit::parse("bytes"),
        Some(Pair { baseline: 10, comparison: 2 }),
    );
    assert_eq!(text, "mean · baseline 4 KiB · comparison 8 KiB");
}

#[test]
fn what_was_merged_for_privacy_is_grey() {
    let both = diff(&tree(&[("a", 80)]), &tree(&[("a", 80), ("(other)", 20)]));
    let (scale, unit) = (Scale::absolute(), Unit::of("cpu", "nanoseconds"));
    let area = canvas::Area { x: 0.0, y: 0.0, w: 1000.0, h: 340.0 };
    let drawn = canvas::png(|canvas| flame::draw_diff(canvas, area, &both, &scale, &unit, None).map(drop));
    let drawn = pixels(&drawn.unwrap());
    let grew = usize::from(flarepath_profile::diff::color::FIRST_GREW);
    assert!(palette::CHANGES[grew..].iter().all(|colour| !has(&drawn, *colour)));
    assert!(has(&drawn, palette::CHANGES[0]));
}

#[test]
fn rows_not_shown_are_counted() {
    let deep: Vec<String> = (0..60).map(|i| format!("f{i}")).collect();
    let tree = tree(&[(&deep.join(";"), 10), ("f0;f1;f2;other", 5)]);
    let unit = Unit::parse("count");
    let area = canvas::Area { x: 0.0, y: 0.0, w: 1000.0, h: 340.0 };
    let mut note = String::new();
    canvas::png(|canvas| {
        note = flame::draw_tree(canvas, area, &tree, &unit)?;
        Ok(())
    })
    .unwrap();
    // 61 rows; the root, then f2 (the last row of full width) and nine more.
    assert_eq!(note, "2 outer and 49 deeper levels not shown");
}

#[test]
fn extreme_trees_are_drawn() {
    let chain: Vec<String> = (0..5_000).map(|i| format!("level {i}")).collect();
    draw_tree(&tree(&[(&chain.join(";"), 1)]));
    draw_tree(&CallTree::empty());
    draw_tree(&tree(&[("a", 0), ("b", -7)]));
    draw_tree(&tree(&[("a", 5), ("b", -7), ("a;c", -2)]));
    draw_tree(&tree(&[("a", i64::MAX), ("b", i64::MAX), ("c", i64::MIN)]));
    let wide: Vec<(String, i64)> = (0..20_000).map(|i| (format!("f{}", i * 7 % 997), i)).collect();
    draw_tree(&tree(&wide.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>()));
}

#[test]
fn heat_maps_with_more_cells_than_pixels_show_gaps() {
    let mut map = Heatmap::new((0..900).map(|row| format!("row {row}")).collect(), 3_000);
    for row in 0..900 {
        for column in 0..2_000 {
            map.add(Cell { row, column }, ((row * 31 + column * 17) % 97) as f64);
        }
    }
    fn graphic(map: &Heatmap) -> Graphic<'_> {
        Graphic::Heatmap { map, origin: Origin::Bottom, partial: &[], ends: ["13:00", "14:00"] }
    }
    let drawn = pixels(&draw(&picture("Heat", graphic(&map))).unwrap());
    assert!(has(&drawn, palette::GAP) && has(&drawn, palette::HEAT[16]));
    for empty in [Heatmap::default(), Heatmap::new(vec!["a".into()], 4), Heatmap::new(vec![], 9)] {
        pixels(&draw(&picture("Empty", graphic(&empty))).unwrap());
    }
}

#[test]
fn a_column_that_is_not_whole_is_hatched_and_decides_no_colour() {
    let mut map = Heatmap::new(vec!["a".to_owned()], 4);
    for (column, value) in [10.0, 20.0, 20.0, 900.0].into_iter().enumerate() {
        map.add(Cell { row: 0, column }, value);
    }
    let draw_with = |partial: &[usize]| {
        let graphic = Graphic::Heatmap { map: &map, origin: Origin::Top, partial, ends: [""; 2] };
        pixels(&draw(&picture("Heat", graphic)).unwrap())
    };
    let whole = draw_with(&[]);
    // Half of the largest whole value, which is not that of the last column.
    let half = palette::HEAT[8];
    assert!(!has(&whole, half) && has(&draw_with(&[3]), half));
    let area = canvas::Area { x: 0.0, y: 0.0, w: 1000.0, h: 340.0 };
    let mut note = String::new();
    canvas::png(|canvas| {
        note = grid::draw(canvas, area, &map, Origin::Top, &[3], [""; 2])?;
        Ok(())
    })
    .unwrap();
    assert_eq!(note, "hatched: not all of the interval");
}

#[test]
fn images_of_noise_stay_small() {
    let mut map = Heatmap::new(vec![String::new(); 400], 1_200);
    let mut state = 1u32;
    for row in 0..400 {
        for column in 0..1_200 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            map.add(Cell { row, column }, f64::from(state >> 8));
        }
    }
    let graphic = Graphic::Heatmap { map: &map, origin: Origin::Top, partial: &[], ends: [""; 2] };
    pixels(&draw(&picture("Noise", graphic)).unwrap());
}

#[test]
fn images_full_of_text_stay_small() {
    let mut lines = Vec::new();
    for i in 0..4_000u64 {
        let name =
            |depth: u64| format!("p{}::q{:x}", i >> (12 - depth), (i >> (12 - depth)) * 0x9e37_79b9 + depth);
        let path: Vec<String> = (0..13).map(name).collect();
        lines.push((path.join(";"), 1 + (i % 7) as i64));
    }
    draw_tree(&tree(&lines.iter().map(|(path, value)| (path.as_str(), *value)).collect::<Vec<_>>()));
}

#[test]
fn the_generic_card_is_the_same_every_time() {
    let card = generic().unwrap();
    pixels(&card);
    assert_eq!(card, generic().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_text_is_drawn(title in "\\PC{0,300}", verdict: String, name: String) {
        let tree = tree(&[(&format!("{name};b"), 3), ("c", 1)]);
        let unit = Unit::parse(&name);
        let graphic = Graphic::Tree { tree: &tree, unit: &unit };
        pixels(&draw(&Picture { title: &title, number: &name, verdict: &verdict, subtitle: &name, graphic }).unwrap());
    }
}

/// Writes sample images into the folder that `FLAREPATH_PICTURES` names.
#[test]
#[ignore = "writes images for manual inspection"]
fn write_pictures() {
    let Ok(folder) = std::env::var("FLAREPATH_PICTURES") else { return };
    let write = |name: &str, picture: &Picture<'_>| {
        std::fs::write(format!("{folder}/{name}.png"), draw(picture).unwrap()).unwrap();
    };
    let unit = Unit::of("cpu", "nanoseconds");
    let s = 1_000_000_000;
    let start = "runtime.goexit;net/http.(*conn).serve;net/http.serverHandler.ServeHTTP";
    let path = |rest: &str| format!("{start};github.com/acme/shop/checkout.(*Handler).Pay;{rest}");
    let lines = |json: i64| {
        vec![
            (path("encoding/json.Marshal;encoding/json.(*encodeState).reflectValue"), json * s),
            (path("encoding/json.Marshal"), 4 * s),
            (path("database/sql.(*DB).QueryContext;database/sql.(*driverConn).prepareLocked"), 14 * s),
            (path("database/sql.(*DB).QueryContext;日本語の関数名"), 9 * s),
            (path("تطبيق الدفع;😀 emoji"), 8 * s),
            (path("github.com/acme/shop/pricing.Calculate[go.shape.struct { ID int }]"), 7 * s),
            ("runtime.gcBgMarkWorker;runtime.systemstack;runtime.gcDrain;runtime.scanobject".into(), 9 * s),
            ("runtime.mcall;runtime.schedule".into(), 3 * s),
        ]
    };
    let of = |lines: &[(String, i64)]| {
        tree(&lines.iter().map(|(path, value)| (path.as_str(), *value)).collect::<Vec<_>>())
    };
    let (before, after) = (of(&lines(11)), of(&lines(33)));
    write("tree", &picture("Checkout: latency after v2.14", Graphic::Tree { tree: &after, unit: &unit }));
    let both = diff(&before, &after);
    let scale = Scale::share(both.total(NodeId::ROOT));
    let graphic = Graphic::Diff { both: &both, scale: &scale, unit: &unit, profiles: None };
    write("diff", &picture("Checkout v2.13 against v2.14", graphic));
    let long = "A very long title that says everything about the incident of last Tuesday and does not fit";
    let deep: Vec<String> = (0..40).map(|i| format!("std::sync::poison::mutex::level{i}<T>")).collect();
    let deep = of(&[(deep.join(";"), 60), (format!("{};other::side", deep[..3].join(";")), 30)]);
    write("long", &picture(long, Graphic::Tree { tree: &deep, unit: &unit }));
    write(
        "arabic",
        &Picture {
            title: "تقرير الحادث: تباطؤ الدفع (42)",
            number: "",
            verdict: "שלום עולם · κόσμε · мир · 世界 · 😀🚀",
            subtitle: "",
            graphic: Graphic::Tree { tree: &CallTree::empty(), unit: &unit },
        },
    );
    let mut map = Heatmap::new((0..24).map(|i| format!("github.com/acme/shop/module{i}.Run")).collect(), 60);
    for row in 0..24 {
        for column in (0..60).filter(|c| !(20..24).contains(c)) {
            map.add(Cell { row, column }, ((row * column) % 37) as f64);
        }
    }
    let ends = ["2026-11-21 13:00 UTC", "14:00 UTC"];
    write(
        "heat",
        &picture("When it is hot", Graphic::Heatmap { map: &map, origin: Origin::Top, partial: &[59], ends }),
    );
    std::fs::write(format!("{folder}/generic.png"), generic().unwrap()).unwrap();
}
