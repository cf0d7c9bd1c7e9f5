//! Profiles sent by real SDKs: totals, types, units, labels and names.

mod formats_support;

use flarepath_profile::formats::pprof::{read, write};
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::SampleLabelValue;
use formats_support::describe;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

fn bytes(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let raw = std::fs::read(&path).unwrap();
    if !raw.starts_with(b"\x1f\x8b") {
        return raw;
    }
    let mut inflated = Vec::new();
    flate2::read::GzDecoder::new(&raw[..]).read_to_end(&mut inflated).unwrap();
    inflated
}

fn profile(name: &str) -> Profile {
    let (profile, notes) = read(&bytes(name)).unwrap();
    assert!(notes.is_empty(), "{name}: {notes}");
    profile
}

/// `kind/unit total` of each sample type.
fn totals(p: &Profile) -> Vec<String> {
    let types = p.sample_types.iter().enumerate();
    types.map(|(i, t)| format!("{}/{} {}", p.str(t.kind), p.str(t.unit), p.samples.total(i))).collect()
}

/// Names of sample labels with the text values they have; numbers count as `#`.
fn labels(p: &Profile) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<_, BTreeSet<_>>::new();
    for label in (0..p.samples.len()).flat_map(|i| p.samples.labels(i)) {
        let value = match label.value {
            SampleLabelValue::Text(text) => p.str(text).to_owned(),
            SampleLabelValue::Number(..) => "#".to_owned(),
        };
        all.entry(p.str(label.key).to_owned()).or_default().insert(value);
    }
    all
}

/// The value of sample type `kind` by the function that it was spent in.
fn by_leaf(p: &Profile, kind: &str) -> BTreeMap<String, i64> {
    let column = p.sample_type_index(kind).unwrap();
    let mut all = BTreeMap::new();
    for i in 0..p.samples.len() {
        let leaf = p.stacks.get(p.samples.stack(i)).first();
        let line = leaf.and_then(|leaf| p.locations.get(leaf.index()).lines.first());
        let name = line.map_or("", |line| p.str(p.functions[line.function.index()].name));
        *all.entry(name.to_owned()).or_default() += p.samples.values(i)[column];
    }
    all
}

#[rstest]
#[case("go-001", &["goroutine/count 12"], 7, "goroutine/count 1")]
#[case("go-002", &["contentions/count 9152", "delay/nanoseconds 19771164620"], 4, "contentions/count 1")]
#[case("go-003", &["alloc_objects/count 163611", "alloc_space/bytes 3526141786", "inuse_objects/count 4690",
    "inuse_space/bytes 3223303"], 25, "space/bytes 524288")]
#[case("go-004", &["contentions/count 9405", "delay/nanoseconds 10740510062"], 29, "contentions/count 1")]
#[case("go-006", &["samples/count 553", "cpu/nanoseconds 5530000000"], 475, "cpu/nanoseconds 10000000")]
#[case("node-001", &["samples/count 481", "wall/nanoseconds 5007050000", "cpu/nanoseconds 3245299445"], 456,
    "wall/nanoseconds 10475000")]
#[case("node-002", &["inuse_objects/count 294485", "inuse_space/bytes 39856796"], 14, "inuse_space/bytes 524288")]
#[case("py-001", &["cpu/nanoseconds 9290000000"], 34, "cpu/nanoseconds 10000000")]
#[case("py-003", &["cpu/nanoseconds 3950000000"], 20, "cpu/nanoseconds 10000000")]
fn reads_sdk_profiles_exactly(
    #[case] name: &str,
    #[case] expected: &[&str],
    #[case] samples: usize,
    #[case] period: &str,
) {
    let p = profile(&format!("sdk/{name}.pb"));
    assert_eq!(totals(&p), expected);
    assert_eq!(p.samples.len(), samples);
    assert_eq!(format!("{}/{} {}", p.str(p.period_type.kind), p.str(p.period_type.unit), p.period), period);
    // 2026-11-21, a few minutes apart.
    assert_eq!(p.time_nanos / 1_000_000_000_000, 1_795_227);
    // It survives a round trip.
    assert_eq!(read(&write(&p)).unwrap().0, p);
}

#[rstest]
#[case("go-006", "endpoint", &["/cart", "/checkout"])]
#[case("go-001", "endpoint", &["/checkout"])]
#[case("go-003", "bytes", &["#"])]
#[case("node-001", "endpoint", &["/cart", "/checkout"])]
#[case("py-001", "endpoint", &["/cart", "/checkout"])]
fn keeps_sample_labels(#[case] name: &str, #[case] key: &str, #[case] values: &[&str]) {
    let labels = labels(&profile(&format!("sdk/{name}.pb")));
    assert_eq!(labels.keys().collect::<Vec<_>>(), [key]);
    assert!(labels[key].iter().eq(values), "{labels:?}");
}

#[test]
fn hot_functions_match_the_programs() {
    let go = by_leaf(&profile("sdk/go-006.pb"), "cpu");
    assert_eq!(go["slices.partitionOrdered[go.shape.float64]"], 1_050_000_000);
    assert_eq!(go["runtime.memclrNoHeapPointers"], 410_000_000);
    let node = by_leaf(&profile("sdk/node-001.pb"), "cpu");
    assert_eq!(node["./app.js:checkout:6"], 1_724_771_675);
    let python = by_leaf(&profile("sdk/py-001.pb"), "cpu");
    assert_eq!((python["JSONEncoder.iterencode"], python["sort_prices"]), (5_180_000_000, 1_250_000_000));
    assert_eq!(by_leaf(&profile("sdk/go-002.pb"), "delay")["sync.(*Mutex).Lock"], 9_773_811_485);
}

#[test]
fn go_profiles_have_files_lines_and_build_ids() {
    let p = profile("sdk/go-006.pb");
    let app = &p.mappings[0];
    assert!(app.has_functions && app.start > 0 && app.limit > app.start);
    let function = p.functions.iter().find(|f| p.str(f.name) == "main.price").unwrap();
    assert!(p.str(function.file).ends_with(".go") && function.start_line > 0);
    let inlined = (0..p.locations.len()).filter(|&i| p.locations.get(i).lines.len() > 1).count();
    assert!(inlined > 0, "inlined lines are kept");
    assert_eq!(p.duration_nanos, 10_000_399_600);
}

/// The frames that all stacks of the handmade profiles share.
const SERVE: &str = "net/http.(*conn).serve main.main";
const CART: &str = "shop/cart.(*Cart).Total";

fn expected(slot: i64, pod: i64, v2: bool) -> Vec<String> {
    let k = slot + 1;
    let price = "shop/pricing.Discount";
    let mut stacks = vec![
        (format!("{price} {CART} {SERVE}"), 10 * k, ""),
        (format!("shop/pricing.hash {price} {CART} {SERVE}"), 4 * k, ""),
        (format!("encoding/json.Marshal {SERVE}"), 3, ""),
        (format!("{CART} {CART} {CART} {SERVE}"), 2, ""),
        (format!("encoding/json.Marshal {CART} {SERVE}"), 1, " endpoint=/checkout span_id=00f067aa0ba902b7"),
        ("runtime.gcBgMarkWorker".to_owned(), pod, " endpoint=/cart"),
        ("naïve.größe<T> & \"q\" 漢字 main.main".to_owned(), 1, ""),
    ];
    if v2 {
        stacks.push((format!("regexp.(*Regexp).FindString {price} {CART} {SERVE}"), 12, ""));
    }
    let line = |(stack, n, labels)| format!("{stack} = {n} {}{labels}", n * 10_000_000);
    stacks.into_iter().map(line).collect()
}

#[rstest]
#[case("shop-0-0", 0, 0, false, 21)]
#[case("shop-2-3", 3, 2, true, 77)]
#[case("mail-1-1", 1, 1, false, 36)]
fn reads_handmade_profiles_exactly(
    #[case] name: &str,
    #[case] slot: i64,
    #[case] pod: i64,
    #[case] v2: bool,
    #[case] total: i64,
) {
    let p = profile(&format!("pprof/{name}.pb.gz"));
    assert_eq!(describe(&p), expected(slot, pod, v2));
    assert_eq!(totals(&p), [format!("samples/count {total}"), format!("cpu/nanoseconds {total}0000000")]);
    assert_eq!((p.period, p.duration_nanos), (10_000_000, 15_000_000_000));
    let mapping = &p.mappings[0];
    assert_eq!((p.str(mapping.file), mapping.start, mapping.limit), ("/app/shop", 0x400000, 0x500000));
    assert_eq!(p.str(mapping.build_id), "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334");
    assert!(mapping.has_functions);
    let hash = p.locations.get(p.stacks.get(p.samples.stack(1))[0].index());
    assert_eq!(
        hash.lines.iter().map(|l| l.line).collect::<Vec<_>>(),
        [15, 77],
        "hash is inlined into Discount"
    );
    assert_eq!(read(&write(&p)).unwrap().0, p);
}

#[test]
fn slots_are_15_seconds_apart() {
    let time = |name: &str| profile(name).time_nanos;
    assert_eq!(time("pprof/shop-2-3.pb.gz") - time("pprof/shop-0-0.pb.gz"), 45_000_000_000);
}
