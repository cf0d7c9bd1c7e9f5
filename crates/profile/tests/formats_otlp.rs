//! OTLP profiles: an export of the Collector's library, and handwritten requests.

mod formats_support;

use flarepath_profile::formats::Normalised;
use flarepath_profile::formats::otlp::{
    ExportProfilesServiceRequest as Request, OtlpError, OtlpProfile, decode, parse_json, parse_protobuf,
};
use formats_support::{Message, describe};
use proptest::prelude::*;

const PROTOBUF: &[u8] = include_bytes!("../testdata/otlp/export.pb");
const JSON: &[u8] = include_bytes!("../testdata/otlp/export.json");

fn all(request: &Request) -> Vec<OtlpProfile> {
    decode(request).collect::<Result<_, _>>().unwrap()
}

#[test]
fn protobuf_and_json_decode_equally() {
    assert_eq!(parse_protobuf(PROTOBUF).unwrap(), parse_json(JSON).unwrap());
}

#[test]
fn reads_a_collector_export() {
    let profiles = all(&parse_protobuf(PROTOBUF).unwrap());
    assert_eq!(
        profiles.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
        ["process_cpu", "off_cpu", "process_cpu"]
    );
    let cpu = &profiles[0];
    let labels = r#"{"k8s.pod.name"="shop-0", "process.pid"="42", "service.name"="shop"}"#;
    assert_eq!(cpu.labels.to_string(), labels);
    assert_eq!((cpu.scope_name.as_str(), cpu.scope_version.as_str()), ("io.example.profiler", "1.0"));
    assert_eq!(cpu.profile_id[..4], [1, 1, 2, 3]);
    let p = &cpu.profile;
    assert_eq!((p.str(p.sample_types[0].kind), p.str(p.sample_types[0].unit)), ("samples", "count"));
    assert_eq!((p.str(p.period_type.kind), p.str(p.period_type.unit)), ("cpu", "nanoseconds"));
    assert_eq!(
        (p.period, p.time_nanos, p.duration_nanos),
        (50_000_000, 1_795_227_480_000_000_000, 15_000_000_000)
    );
    assert_eq!(p.samples.total(0), 10);
    assert_eq!(
        describe(p),
        [
            "shop::hash shop::cart::total main = 7 thread.name=worker-0",
            "0x4003ff main = 2 thread.name=worker-0 span_id=00f067aa0ba902b7 trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
            "do_syscall_64 0x4003ff main = 1 thread.name=io",
        ]
    );
    let mapping = &p.mappings[0];
    assert_eq!(p.str(mapping.file), "shop");
    assert_eq!(p.str(mapping.build_id), "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334");
    assert_eq!((mapping.start, mapping.limit, mapping.has_functions), (0x400000, 0x500000, true));
    assert_eq!(p.str(p.functions[0].file), "hash.rs");
    assert!(!p.samples.has_timestamps());
    assert!(cpu.notes.is_empty());
}

#[test]
fn timestamps_expand_to_single_samples() {
    let profiles = all(&parse_json(JSON).unwrap());
    let off_cpu = &profiles[1].profile;
    assert_eq!(off_cpu.samples.total(0), 4_000_000);
    let stack = "do_syscall_64 0x4003ff main";
    let expected = [1_500_000, 2_500_000].map(|v| format!("{stack} = {v} thread.name=io"));
    assert_eq!(describe(off_cpu), expected);
    assert_eq!(off_cpu.samples.timestamp(1), Some(1_795_227_482_000_000_000));
    assert_eq!(off_cpu.stacks.len(), 1, "both samples share a stack");
    let mail = &profiles[2];
    assert_eq!(mail.labels.get("service.name"), Some("mail"));
    assert_eq!(mail.profile.samples.total(0), 3);
    assert_eq!(describe(&mail.profile)[2], "com.shop.Mail.send = 1 thread.name=worker-0");
    assert_eq!(mail.profile.samples.timestamp(0), Some(1_795_227_480_050_000_000));
}

/// A request of one profile, whose samples `build` writes, with 4 strings and 2 attributes.
fn request(build: impl FnOnce(&mut Message) -> &mut Message) -> Message {
    let mut m = Message::default();
    m.message(1, |r| {
        r.message(2, |s| {
            s.message(2, |p| build(p.message(1, |t| t.number(1, 1).number(2, 2))));
            s.message(2, |p| p.message(1, |t| t.number(1, 1)).message(2, |s| s.packed(4, &[5])))
        })
    });
    m.message(2, |d| {
        d.message(2, |x| x).message(2, |l| l.number(2, 64).message(3, |x| x.number(1, 0).number(2, 9)));
        ["", "samples", "count", "key"].iter().for_each(|t| {
            d.text(5, t);
        });
        d.message(6, |x| x).message(6, |a| a.number(1, 3).message(2, |v| v.number(3, 8)).number(3, 2));
        d.message(7, |x| x).message(7, |s| s.packed(1, &[1]))
    });
    m
}

fn first(message: &Message) -> Result<OtlpProfile, OtlpError> {
    let request = parse_protobuf(message.as_ref())?;
    let mut profiles = decode(&request);
    let first = profiles.next().unwrap();
    assert_eq!(profiles.next().unwrap().unwrap().profile.samples.total(0), 5, "the other profile is kept");
    first
}

#[test]
fn keeps_numbers_and_sums_values() {
    let profile =
        first(&request(|p| p.message(2, |s| s.number(1, 1).packed(2, &[1]).packed(4, &[2, 3])))).unwrap();
    assert_eq!(describe(&profile.profile), ["0x40 = 5 key=8count"]);
    assert_eq!(profile.notes.count(Normalised::LineWithoutFunction), 1);
    assert_eq!(profile.name, "samples");
}

#[test]
fn rejects_old_layouts() {
    let old: [fn(&mut Message) -> &mut Message; 5] = [
        // Before 1.10 values were field 2: here they look like attribute indices.
        |p| p.message(2, |s| s.number(1, 1).packed(2, &[1])),
        |p| p.message(2, |s| s.number(1, 1).packed(2, &[7_000]).packed(4, &[1])),
        // And attribute indices were field 3, which is now one number.
        |p| p.message(2, |s| s.number(1, 1).packed(2, &[5]).packed(3, &[1])),
        |p| p.message(2, |s| s.packed(4, &[1, 2]).bytes(5, &[0; 24])),
        // In 1.7 a sample had six fields.
        |p| p.message(2, |s| s.packed(6, &[1])),
    ];
    for (i, build) in old.into_iter().enumerate() {
        let message = request(build);
        let error = parse_protobuf(message.as_ref()).and_then(|r| decode(&r).next().unwrap()).unwrap_err();
        assert!(matches!(error, OtlpError::OldLayout(_)), "{i}: {error}");
        assert!(error.to_string().contains("1.10"), "{error}");
    }
    let mut no_dictionary = Message::default();
    no_dictionary.message(1, |r| r.message(2, |s| s.message(2, |p| p.message(1, |t| t.number(1, 1)))));
    let request = parse_protobuf(no_dictionary.as_ref()).unwrap();
    assert!(matches!(decode(&request).next(), Some(Err(OtlpError::OldLayout(_)))));
}

#[test]
fn out_of_range_indices_fail_only_their_profile() {
    let stack = first(&request(|p| p.message(2, |s| s.number(1, 9).packed(4, &[1])))).unwrap_err();
    assert_eq!(stack, OtlpError::Index { what: "stack", index: 9, len: 2 });
    let negative = -1i64 as u64;
    let stack = first(&request(|p| p.message(2, |s| s.number(1, negative).packed(4, &[1])))).unwrap_err();
    assert_eq!(stack, OtlpError::Index { what: "stack", index: -1, len: 2 });
    let link = first(&request(|p| p.message(2, |s| s.number(3, 1).packed(4, &[1])))).unwrap_err();
    assert_eq!(link, OtlpError::Index { what: "link", index: 1, len: 0 });
    let kind = first(&request(|p| p.message(1, |t| t.number(1, 4)))).unwrap_err();
    assert_eq!(kind, OtlpError::Index { what: "string", index: 4, len: 4 });
    let none = first(&request(|p| p.message(1, |t| t.number(1, 0)))).unwrap_err();
    assert_eq!(none, OtlpError::NoSampleType);
}

#[test]
fn rejects_other_bytes() {
    assert!(parse_protobuf(b"main;work 3\n").is_err());
    assert!(matches!(parse_json(b"{\"resourceProfiles\": 3}"), Err(OtlpError::Json(_))));
    assert!(matches!(parse_json(b"[1"), Err(OtlpError::Json(_))));
    assert_eq!(decode(&parse_protobuf(b"").unwrap()).count(), 0);
}

#[test]
fn nesting_is_bounded() {
    let mut value = Message::default();
    value.number(3, 1);
    for _ in 0..200 {
        let mut outer = Message::default();
        outer.message(5, |a| a.bytes(1, value.as_ref()));
        value = outer;
    }
    let mut m = Message::default();
    m.message(2, |d| d.message(6, |a| a.bytes(2, value.as_ref())));
    assert!(matches!(parse_protobuf(m.as_ref()), Err(OtlpError::TooMuch(_))));
}

#[test]
fn never_panics_on_truncated_requests() {
    for end in 0..PROTOBUF.len() {
        if let Ok(request) = parse_protobuf(&PROTOBUF[..end]) {
            decode(&request).for_each(drop);
        }
        assert!(end < 3 || parse_json(&JSON[..end]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flipped_bits_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..8)) {
        let (mut protobuf, mut json) = (PROTOBUF.to_vec(), JSON.to_vec());
        for (at, bit) in flips {
            let (a, b) = (at.index(protobuf.len()), at.index(json.len()));
            protobuf[a] ^= 1 << bit;
            json[b] ^= 1 << bit;
        }
        for request in [parse_protobuf(&protobuf), parse_json(&json)].into_iter().flatten() {
            decode(&request).flatten().for_each(|p| { describe(&p.profile); });
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_protobuf(&bytes);
        let _ = parse_json(&bytes);
    }
}
