//! Property tests of sanitization: removes planted secrets, keeps totals, is idempotent, never panics.

use super::*;
use crate::call_tree::oracle::{assert_canonical, tree};
use crate::call_tree::{NodeId, TreeBuilder};
use crate::flame::Chart;
use crate::flame::chart::tests::{any_samples, chart, profile};
use crate::frame_table::FrameText;
use proptest::prelude::*;
use rstest::rstest;
use std::ops::Range;
use std::sync::Arc;

/// A tree that may be shared.
#[derive(Clone, Debug, PartialEq)]
struct Sanitized {
    /// The tree, in its canonical form.
    tree: CallTree,
    /// What was done.
    report: Report,
}

/// One tree by a policy.
fn sanitize(tree: &CallTree, policy: &Policy) -> Sanitized {
    let mut sanitizer = Sanitizer::new(policy);
    let tree = sanitizer.tree(tree);
    Sanitized { tree, report: sanitizer.into_report() }
}

/// Labels by a policy: those that stay, in their order. Their names are cleaned, too.
fn sanitize_labels(pairs: &[(String, String)], policy: &Policy) -> (Vec<(String, String)>, Report) {
    let mut sanitizer = Sanitizer::new(policy);
    let mut kept = Vec::new();
    for (name, value) in pairs {
        if let Some(value) = sanitizer.label(name, value) {
            kept.push((sanitizer.text(name, Field::LabelName), value));
        }
    }
    (kept, sanitizer.into_report())
}

/// A text by a policy.
fn sanitize_text(text: &str, policy: &Policy) -> (String, Report) {
    let mut sanitizer = Sanitizer::new(policy);
    let text = sanitizer.text(text, Field::Text);
    (text, sanitizer.into_report())
}

/// Whether nothing was taken out or changed.
fn is_clean(report: &Report) -> bool {
    report.lines.is_empty()
        && report.labels_dropped.is_empty()
        && report.labels_hashed.is_empty()
        && report.nodes_merged == 0
}

/// A secret of each kind: what is planted, and the part of it that must never be seen again.
fn secrets() -> Vec<(&'static str, &'static str)> {
    vec![
        ("alice.b+canary@corp.example", "canary"),
        ("canary%40corp.example", "canary"),
        ("größe@kanarien.example", "größe"),
        ("203.0.113.77", "203.0.113"),
        ("ip-10-20-30-40", "10-20-30"),
        ("2001:db8:85a3::8a2e:370:7334", "8a2e:370"),
        ("fe80::1ff:fe23:4567:890a", "fe23:4567"),
        ("7b0d9a4e-3f51-4c1b-9a77-5d2f0c1e8b64", "3f51-4c1b"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ", "eyJzdWIi"),
        ("Bearer s3cr3t-c4nary", "c4nary"),
        ("Authorization: Basic Y2FuYXJ5OnBhc3M=", "Y2FuYXJ5"),
        ("AKIAIOSFODNN7CANARY0", "CANARY0"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "292c6912"),
        ("github_pat_11ABCDEFG0canaryCANARYcanary", "canaryCANARY"),
        ("xoxb-123456789012-canarycanary", "canarycanary"),
        ("fp_pat_0123456789abcdefghijABCDEFGHIJ01_c4n4ry", "abcdefghij"),
        ("-----BEGIN RSA PRIVATE KEY-----MIICcanary/+==-----END RSA PRIVATE KEY-----", "MIICcanary"),
        ("https://canary:pass@db.example/x.sql", "canary"),
        ("https://db.example/x.sql?session=canary&y=1", "canary"),
        ("postgres://root:c4n4ry!@db:5432/shop", "c4n4ry"),
        ("4111 1111 1111 1111", "1111 1111"),
        ("5500-0055-5555-5559", "0055-5555"),
        ("378282246310005", "2822463"),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "884c7d65"),
        ("h7Tq/2mVxK9wRb4LzY0sPd6NfJc8GuEa1iOoQ5tX", "Pd6NfJc8"),
        ("dQ3k9Zr7XvT2mLp8Wn4YbH6sJc1GfA5e", "XvT2mLp8"),
        ("password=canary42", "canary42"),
        ("{\"api_key\": \"canary42\"}", "canary42"),
    ]
}

/// What only the strict policy takes out.
fn strict_only(secret: &str) -> bool {
    ["203.", "ip-", "2001:", "fe80:", "7b0d"].iter().any(|start| secret.starts_with(start))
}

/// Secrets as they stand in names, files and notes.
fn planted(secret: &str) -> Vec<String> {
    ["%", "handle(%)", "%/x.go", "/srv/%/x.go", "a.b.% c", "<%>", "q='%'", "é%é", "x %, y", "[%]:80"]
        .iter()
        .map(|around| around.replace('%', secret))
        .collect()
}

fn one_function(text: &str) -> CallTree {
    let mut tree = TreeBuilder::new();
    for symbolized in [true, false] {
        let frame = tree.frame(FrameText { name: text, file: text, mapping: text, symbolized, line: 3 });
        tree.add_path([frame, frame], 500);
    }
    tree.finish()
}

/// Everything that is made of a text, in whatever place it was.
fn everything(text: &str, policy: &Policy) -> String {
    let whole = sanitize(&one_function(text), policy);
    let mut rest = Sanitizer::new(policy);
    let sides = rest.sides(&one_function(text), &one_function("f"));
    let mut out = format!("{:?} {:?} {sides:?}", whole.tree, whole.report);
    for field in [Field::Text, Field::Function, Field::LabelName, Field::Version] {
        out += &rest.text(text, field);
    }
    for name in ["service_name", "version", "pod", "user_id", "http.route", text] {
        out += &rest.label(name, text).unwrap_or_default();
        let selector = crate::labels::Labels::from_iter([(name, text)]).to_string();
        out += &rest.selector(&selector);
    }
    out += &rest.selector(text);
    out + &format!("{:?}", rest.into_report())
}

#[test]
fn removes_every_planted_secret() {
    let mut leaks = Vec::new();
    for (secret, telling) in secrets() {
        for text in planted(secret) {
            let policies = [Policy::strict([3; 16]), Policy::light()];
            for policy in policies.iter().filter(|policy| policy.name == "strict" || !strict_only(secret)) {
                if everything(&text, policy).contains(telling) {
                    leaks.push(format!("{} passes {telling} of {text}", policy.name));
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// Random bytes have no shape; what is counted here is how often they are distinguished from names.
#[test]
fn finds_nearly_all_random_keys() {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    // Knuth's linear congruential generator (MMIX).
    let mut state = 1u64;
    let mut random = move |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for (alphabet, length, at_least) in [(64, 40, 935), (62, 32, 935), (62, 43, 980)] {
        let found = (0..1000).filter(|_| {
            let key: String = (0..length).map(|_| char::from(digits[random(alphabet)])).collect();
            sanitize_text(&format!("key {key}"), &Policy::light()).0 == "key <secret>"
        });
        let found = found.count();
        assert!(found >= at_least, "{found} of 1000 keys of {length} characters");
    }
}

/// Names of functions in profiles of many languages.
#[rstest]
#[case("main")]
#[case("github.com/grafana/pyroscope/pkg/phlaredb.(*Head).Ingest.func1")]
#[case("google.golang.org/grpc.(*Server).serveStreams.func2.1")]
#[case("encoding/json.(*decodeState).object")]
#[case("main.work[go.shape.int]")]
#[case("java.util.concurrent.ThreadPoolExecutor$Worker.run")]
#[case("org.springframework.aop.framework.CglibAopProxy$DynamicAdvisedInterceptor.intercept")]
#[case("com.fasterxml.jackson.databind.ser.std.UTF8StreamJsonParser2Base64Variant.decode")]
#[case("<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop")]
#[case("core::ptr::drop_in_place::<alloc::vec::Vec<u8>>::h0123456789abcdef")]
#[case("tokio::runtime::task::harness::Harness<T,S>::poll::{{closure}}")]
#[case("std::vector<int, std::allocator<int> >::push_back(int&&)")]
#[case("_ZNSt6vectorIiSaIiEE9push_backERKiE4abcD5efGh")]
#[case("_RNvCskwGfYPst2Cb_7mycrate7example3fooB3Bar4Baz5Qux")]
#[case("operator/(Matrix4x4 const&, double)")]
#[case("-[NSURLSession setToken:forKey:]")]
#[case("__GI___libc_malloc@@GLIBC_2.34")]
#[case("sgemm_kernel_16x4_avx512_f32_to_bf16_v2")]
#[case("Array.prototype.map (native)")]
#[case("render@main.js")]
#[case("GET /api/v1/users/{id}")]
#[case("BasicAuthenticationFilter.doFilter")]
#[case("BearerTokenAuthenticator::authenticate")]
#[case("abc::def::fade::bad")]
#[case("[kernel.kallsyms]")]
#[case("libfoo.so.1.2.3.4")]
#[case("Google Chrome 120.0.6099.109")]
#[case("crypto/tls.(*SessionState).Bytes.marshalCertificate.func5.2.1.1")]
#[case("crypto/tls.aeadChaCha20Poly1305")]
#[case("crypto/tls.(*certificateMsgTLS13).marshal.func12.1.3.1.1")]
#[case("expandAVX512_18_outShufHi0")]
#[case("ZSTD_RowFindBestMatch_extDict_4_4")]
#[case("sqlite3VdbeAddOp4Dup8")]
#[case("std::chrono::duration<long, std::ratio<1l, 1000000000l> >::count")]
#[case("do_syscall_64")]
#[case("<lambda>")]
fn function_names_are_kept(#[case] name: &str) {
    let (text, report) = sanitize_text(name, &Policy::strict([0; 16]));
    assert_eq!((text.as_str(), is_clean(&report)), (name, true), "{report:?}");
}

#[rstest]
#[case("anonymous (order 48213)", "anonymous (order <id>)")]
#[case("Foo$$Lambda$14/0x0000000800c8b040.run", "Foo$$Lambda$<id>/<id>.run")]
#[case("com.sun.proxy.$Proxy123.get", "com.sun.proxy.$Proxy<id>.get")]
#[case("sun.reflect.GeneratedMethodAccessor57.invoke", "sun.reflect.GeneratedMethodAccessor<id>.invoke")]
#[case("block in #<Job:0x00007f8b1c0a2d48>", "block in #<Job:<id>>")]
#[case("handle_1234567890", "handle_<id>")]
#[case("handle_1234567890user", "handle_<id>user")]
#[case("main.func1", "main.func1")]
fn removes_object_numbers(#[case] name: &str, #[case] expected: &str) {
    assert_eq!(sanitize_text(name, &Policy::strict([0; 16])).0, expected);
    assert_eq!(sanitize_text(name, &Policy::light()).0, name);
}

#[test]
fn labels_are_kept_by_allow_list() {
    let pairs = |all: &[(&str, &str)]| {
        all.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())).collect::<Vec<(String, String)>>()
    };
    let all = pairs(&[
        ("service_name", "checkout"),
        ("service.version", "3f2504e04f8911d39a0c0305e82c33011a2b3c4d"),
        ("pod", "checkout-7d9f-abcde"),
        ("user_id", "42"),
    ]);
    let (kept, report) = sanitize_labels(&all, &Policy::strict([1; 16]));
    assert_eq!(kept[..2], all[..2]);
    assert!(kept.len() == 3 && kept[2].0 == "pod" && kept[2].1.starts_with('#') && kept[2].1.len() == 11);
    let names = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&report.labels_kept), "service.version service_name");
    assert_eq!(
        (names(&report.labels_hashed), names(&report.labels_dropped)),
        ("pod".into(), "user_id".into())
    );
    // One salt, one hash; another, another.
    assert_eq!(sanitize_labels(&all, &Policy::strict([1; 16])).0, kept);
    assert_ne!(sanitize_labels(&all, &Policy::strict([2; 16])).0, kept);
    assert_eq!(sanitize_labels(&kept, &Policy::strict([2; 16])).0, kept);
    assert_eq!(sanitize_labels(&all, &Policy::light()).0, all);
}

#[rstest]
#[case("3.10.0.7")]
#[case("v2.4.1-rc.1+build.77")]
#[case("20261121101500")]
#[case("3f2504e04f8911d39a0c0305e82c33011a2b3c4d")]
fn versions_are_kept(#[case] version: &str) {
    let strict = Policy::strict([0; 16]);
    assert_eq!(Sanitizer::new(&strict).label("version", version).as_deref(), Some(version));
}

#[test]
fn selectors_keep_permitted_conditions() {
    let strict = Policy::strict([1; 16]);
    let mut sanitizer = Sanitizer::new(&strict);
    let selector = "{service_name=\"checkout\", pod=~\"web-canary-.*\", tenant=\"canary\", region!=\"eu\"}";
    assert_eq!(sanitizer.selector(selector), "{service_name=\"checkout\", region!=\"eu\"}");
    assert!(!sanitizer.selector("{pod=\"canary\"}").contains("canary"));
    assert_eq!(sanitizer.selector("canary{"), "");
    assert_eq!(Sanitizer::new(&Policy::light()).selector(selector), selector);
}

#[test]
fn applies_custom_scans() {
    struct Customers;
    impl Scan for Customers {
        fn name(&self) -> &str {
            "customer"
        }
        fn placeholder(&self) -> &str {
            "<customer>"
        }
        fn scan(&self, text: &str, found: &mut Vec<Range<usize>>) {
            found.extend(text.match_indices("acme").map(|(i, m)| i..i + m.len()));
        }
    }
    /// Finds what it puts in.
    struct Endless;
    impl Scan for Endless {
        fn name(&self) -> &str {
            "endless"
        }
        fn placeholder(&self) -> &str {
            "acmeacme"
        }
        fn scan(&self, text: &str, found: &mut Vec<Range<usize>>) {
            Customers.scan(text, found);
        }
    }
    let policy = Policy::light().with(Arc::new(Customers));
    let Sanitized { tree: cleaned, report } = sanitize(&tree("a;acme_f 1"), &policy);
    assert_eq!(cleaned, tree("a;<customer>_f 1"));
    assert_eq!(report.lines[0].examples, ["customer in a function name"]);
    assert_eq!(sanitize_text("an acme", &Policy::light().with(Arc::new(Endless))).0, "<removed>");
}

#[test]
fn report_lists_what_is_kept() {
    let long = "x".repeat(300);
    let Sanitized { report, .. } =
        sanitize(&tree(&format!("main;a1B2c3 500\n main;{long} 500")), &Policy::light());
    assert_eq!((report.policy, report.version, report.functions), ("light", VERSION, 3));
    assert_eq!(report.notable_names[0].chars().count(), 201);
    assert!(report.notable_names.contains(&"a1B2c3".to_owned()) && is_clean(&report));
}

/// Text in which shapes of secrets are begun, cut and joined.
pub(super) fn odd_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(secrets()).prop_map(|(secret, _)| secret.to_owned()),
        3 => prop::sample::select(secrets()).prop_flat_map(|(secret, _)| {
            (0..secret.len()).prop_map(move |end| secret[..secret.floor_char_boundary(end)].to_owned())
        }),
        2 => "[a-z0-9:./@?=#_%+ -]{0,12}",
        1 => prop::sample::select(vec!["/home/", "C:\\Users\\", "://", "/node_modules/", "pkg/mod/", "@v1.2.3/", "0x", "$$Lambda$", "::"])
            .prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn any_tree() -> impl Strategy<Value = CallTree> {
    let path = prop::collection::vec((odd_text(), odd_text(), any::<bool>()), 0..4);
    prop::collection::vec((path, prop_oneof![1..5i64, 1000..100_000i64]), 0..8).prop_map(|paths| {
        let mut tree = TreeBuilder::new();
        for (path, value) in paths {
            let frames: Vec<_> = path
                .iter()
                .map(|(name, file, symbolized)| {
                    tree.frame(FrameText { name, file, mapping: file, symbolized: *symbolized, line: 1 })
                })
                .collect();
            tree.add_path(frames, value);
        }
        tree.finish()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn sanitizing_keeps_totals_and_is_idempotent(whole in any_tree(), other in any_tree()) {
        let total = |tree: &CallTree| tree.total(NodeId::ROOT);
        for policy in [Policy::strict([9; 16]), Policy::light()] {
            let once = sanitize(&whole, &policy);
            assert_canonical(&once.tree);
            prop_assert_eq!(total(&once.tree), total(&whole));
            prop_assert_eq!(&sanitize(&once.tree, &policy).tree, &once.tree);
            let sides = Sanitizer::new(&policy).sides(&whole, &other);
            prop_assert_eq!(sides.each_ref().map(&total), [&whole, &other].map(total));
            prop_assert_eq!(&Sanitizer::new(&policy).sides(&sides[0], &sides[1]), &sides);
        }
    }

    #[test]
    fn cleaning_text_is_idempotent(text in odd_text(), name in ".{0,8}") {
        for policy in [Policy::strict([9; 16]), Policy::light()] {
            let mut sanitizer = Sanitizer::new(&policy);
            for field in [Field::Function, Field::Address, Field::File, Field::LabelValue, Field::Version] {
                let once = sanitizer.text(&text, field);
                prop_assert_eq!(&sanitizer.text(&once, field), &once);
            }
            let once = sanitizer.selector(&text);
            prop_assert_eq!(&sanitizer.selector(&once), &once);
            let label = sanitizer.label(&name, &text).unwrap_or_default();
            prop_assert!(label.is_empty() || sanitizer.label(&name, &label) == Some(label));
        }
    }
}

proptest! {
    #[test]
    fn sanitized_charts_are_those_of_the_sanitized_tree(samples in any_samples()) {
        let Ok(chart) = chart(&profile("nanoseconds", &samples)) else { return Ok(()) };
        let light = Policy::light();
        // Half of the time is little enough to be merged.
        let coarse = Policy { merged_below_ppm: 500_000, ..Policy::strict([1; 16]) };
        for policy in [&light, &coarse] {
            let (tree, columns) = Sanitizer::new(policy).chart(&chart.tree, &chart.columns());
            prop_assert_eq!(&tree, &Sanitizer::new(policy).tree(&chart.tree));
            let clean = Chart::from_columns(tree, chart.start_ns, &columns);
            let clean = clean.map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(clean.layout.width(), chart.layout.width());
            if policy.merged_below_ppm == 0 {
                prop_assert_eq!(&clean, &chart);
            }
        }
    }
}
