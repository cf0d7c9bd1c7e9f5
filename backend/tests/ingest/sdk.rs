//! The recorded requests of the SDKs that use `/ingest`, replayed byte for byte. The expected numbers were computed
//! from the bodies with another decoder, see `testdata/sdk/README.md`.

use crate::server::Server;
use axum::http::StatusCode;

const GO: &str = "otel.scope.name=com.grafana.pyroscope/go otel.scope.version=v1.4.3 pod=shop-0 \
                  process.runtime.name=go process.runtime.version=go1.26.8 pyroscope_spy=gospy region=eu \
                  service_name=go.shop";
const GO_DELTA: &str = "otel.scope.name=com.grafana.pyroscope/godeltaprof otel.scope.version=v0.1.11 pod=shop-0 \
                        process.runtime.name=go process.runtime.version=go1.26.8 pyroscope_spy=gospy region=eu \
                        service_name=go.shop";
const NODE: &str = "otel.scope.name=com.grafana.pyroscope/nodejs otel.scope.version=0.6.4 pod=shop-1 \
                    process.runtime.name=nodejs process.runtime.version=20.20.2 pyroscope_spy=nodespy region=eu \
                    service_name=node-shop";

async fn replay(names: impl IntoIterator<Item = String>) -> Server {
    let server = Server::new();
    for name in names {
        let answer = server.replay(&name).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, String::new()), "{name}");
    }
    server
}

fn assert_has(functions: &[String], names: &[&str]) {
    for name in names {
        assert!(functions.iter().any(|f| f == name), "{name} in {functions:?}");
    }
}

#[tokio::test]
async fn accepts_the_go_sdk() {
    let server = replay((1..=10).map(|i| format!("sdk/go/{i:03}"))).await;
    let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds process_cpu:samples:count:cpu:nanoseconds";
    let delta = "block:contentions:count:contentions:count block:delay:nanoseconds:contentions:count \
                 memory:alloc_objects:count:space:bytes memory:alloc_space:bytes:space:bytes \
                 memory:inuse_objects:count:space:bytes memory:inuse_space:bytes:space:bytes \
                 mutex:contentions:count:contentions:count mutex:delay:nanoseconds:contentions:count";
    let goroutines = "goroutines:goroutine:count:goroutine:count";
    let lines = server.series_lines().await;
    // The scope names the part of the SDK that made the heap, mutex and block profiles.
    assert_eq!(
        lines,
        [
            format!("endpoint=/cart {GO} {cpu}"),
            format!("endpoint=/checkout {GO} {goroutines} {cpu}"),
            format!("{GO} {goroutines} {cpu}"),
            format!("{GO_DELTA} {delta}"),
        ]
    );

    let total = async |selector: &str, profile_type: &str| server.total(selector, profile_type).await.0;
    // 006 and 010
    assert_eq!(
        total("{}", "process_cpu:cpu:nanoseconds:cpu:nanoseconds").await,
        5_530_000_000 + 1_230_000_000
    );
    assert_eq!(total("{}", "process_cpu:samples:count:cpu:nanoseconds").await, 553 + 123);
    let checkout = r#"{endpoint="/checkout", service_name="go.shop"}"#;
    assert_eq!(
        total(checkout, "process_cpu:cpu:nanoseconds:cpu:nanoseconds").await,
        3_720_000_000 + 970_000_000
    );
    assert_eq!(total(r#"{endpoint="/cart"}"#, "process_cpu:samples:count:cpu:nanoseconds").await, 3);
    // 003 and 005
    assert_eq!(total("{}", "memory:alloc_objects:count:space:bytes").await, 163_611 + 109_739);
    assert_eq!(total("{}", "memory:alloc_space:bytes:space:bytes").await, 3_526_141_786 + 2_825_834_798);
    assert_eq!(total("{}", "memory:inuse_objects:count:space:bytes").await, 4_690 + 4_699);
    assert_eq!(total("{}", "memory:inuse_space:bytes:space:bytes").await, 3_223_303 + 5_192_129);
    // 001 and 008
    assert_eq!(total("{}", "goroutines:goroutine:count:goroutine:count").await, 12 + 16);
    assert_eq!(total(checkout, "goroutines:goroutine:count:goroutine:count").await, 1 + 1);
    // 004 and 007, 002 and 009
    assert_eq!(total("{}", "mutex:contentions:count:contentions:count").await, 9_405 + 5_335);
    assert_eq!(
        total("{}", "mutex:delay:nanoseconds:contentions:count").await,
        10_740_510_062 + 10_661_274_268
    );
    assert_eq!(total("{}", "block:contentions:count:contentions:count").await, 9_152 + 4_861);
    assert_eq!(
        total("{}", "block:delay:nanoseconds:contentions:count").await,
        19_771_164_620 + 40_030_330_882
    );

    let functions = server.functions(checkout, "process_cpu:cpu:nanoseconds:cpu:nanoseconds").await;
    assert_has(&functions, &["main.main", "main.price", "main.compress", "main.main.TagWrapper.func4"]);
    let functions = server.functions("{}", "block:delay:nanoseconds:contentions:count").await;
    assert_has(&functions, &["main.contend", "main.main.func1"]);
}

#[tokio::test]
async fn accepts_the_node_sdk() {
    let server = replay((1..=7).map(|i| format!("sdk/node/{i:03}"))).await;
    let wall = "wall:cpu:nanoseconds:wall:nanoseconds wall:samples:count:wall:nanoseconds wall:wall:nanoseconds:wall:nanoseconds";
    let heap = "memory:inuse_objects:count:inuse_space:bytes memory:inuse_space:bytes:inuse_space:bytes";
    assert_eq!(
        server.series_lines().await,
        [
            format!("endpoint=/cart {NODE} {wall}"),
            format!("endpoint=/checkout {NODE} {wall}"),
            format!("{NODE} {heap} {wall}"),
        ]
    );
    let total = async |selector: &str, profile_type: &str| server.total(selector, profile_type).await.0;
    // 001, 003, 005, 007
    let wall = "wall:wall:nanoseconds:wall:nanoseconds";
    assert_eq!(total("{}", wall).await, 5_007_050_000 + 4_974_408_000 + 1_881_827_000 + 21_398_000);
    assert_eq!(
        total("{}", "wall:cpu:nanoseconds:wall:nanoseconds").await,
        3_245_299_445 + 3_437_616_443 + 1_384_696_518 + 38_917_361
    );
    assert_eq!(total(r#"{endpoint="/checkout"}"#, wall).await, 4_451_875_000 + 4_120_749_000 + 1_492_846_000);
    assert_eq!(total(r#"{endpoint="/cart"}"#, "wall:samples:count:wall:nanoseconds").await, 25 + 18 + 7);
    // 002, 004, 006
    assert_eq!(
        total("{}", "memory:inuse_space:bytes:inuse_space:bytes").await,
        39_856_796 + 16_628_499 + 14_993_754
    );
    assert_eq!(
        total("{}", "memory:inuse_objects:count:inuse_space:bytes").await,
        294_485 + 110_768 + 200_301
    );
    assert_has(&server.functions("{}", wall).await, &["./app.js:checkout:6"]);
}

/// Two recordings of 5 s by async-profiler: `itimer` at 10 ms, `alloc=256k`, `lock=1ms`.
#[tokio::test]
async fn accepts_the_java_sdk() {
    let server = replay(["sdk/java/002", "sdk/java/003"].map(str::to_owned)).await;
    let java = "pod=shop-3 pyroscope_spy=javaspy region=eu service_name=java.shop";
    let memory =
        "memory:alloc_in_new_tlab_bytes:bytes:space:bytes memory:alloc_in_new_tlab_objects:count:space:bytes";
    let mutex = "mutex:contentions:count:mutex:count mutex:delay:nanoseconds:mutex:count";
    let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
    assert_eq!(
        server.series_lines().await,
        [
            format!("endpoint=/cart {java} {memory} {cpu}"),
            format!("endpoint=/checkout {java} {memory} {cpu}"),
            format!("{java} {memory} {mutex} {cpu}"),
        ]
    );
    let total = async |selector: &str, profile_type: &str| server.total(selector, profile_type).await.0;
    let (cart, checkout) = (r#"{endpoint="/cart"}"#, r#"{endpoint="/checkout"}"#);
    assert_eq!(total("{}", cpu).await, 4_730_000_000 + 5_250_000_000);
    assert_eq!(total(cart, cpu).await, 70_000_000 + 110_000_000);
    assert_eq!(total(checkout, cpu).await, 1_710_000_000 + 1_790_000_000);
    let (objects, bytes) = (
        "memory:alloc_in_new_tlab_objects:count:space:bytes",
        "memory:alloc_in_new_tlab_bytes:bytes:space:bytes",
    );
    assert_eq!(total("{}", objects).await, 4_083 + 4_549);
    assert_eq!(total("{}", bytes).await, 1_070_333_952 + 1_192_493_056);
    assert_eq!(total(cart, bytes).await, 165_412_864 + 176_685_056);
    assert_eq!(total(checkout, objects).await, 1_946 + 2_236);
    assert_eq!(total("{}", "mutex:contentions:count:mutex:count").await, 249 + 302);
    // The recorder counts ticks of 2.1 GHz; the durations are from `jfr print`.
    assert_eq!(total("{}", "mutex:delay:nanoseconds:mutex:count").await, 2_570_182_322 + 3_161_228_204);

    assert_has(&server.functions(checkout, cpu).await, &["Shop.price", "java.util.DualPivotQuicksort.sort"]);
    assert_eq!(
        server.functions("{}", "mutex:delay:nanoseconds:mutex:count").await,
        ["Shop$$Lambda.run", "Shop.contend", "Shop.lambda$main$0", "java.lang.Thread.run"]
    );
    // Each recording is stored under its own start time.
    let newest = server.series().await.iter().map(|s| s.newest.0).max();
    assert_eq!(newest, Some(1_795_227_710_162_155_000));
}
