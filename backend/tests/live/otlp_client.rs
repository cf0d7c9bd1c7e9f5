//! OTLP profiles, built with the crate `opentelemetry-proto` and sent over HTTP (protobuf) and gRPC to the same port.

use crate::running_server::{CPU, RunningServer};
use opentelemetry_proto::tonic::collector::profiles::v1development::ExportProfilesServiceRequest;
use opentelemetry_proto::tonic::collector::profiles::v1development::profiles_service_client::ProfilesServiceClient;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::profiles::v1development::{
    Function, KeyValueAndUnit, Line, Link, Location, Mapping, Profile, ProfilesDictionary, ResourceProfiles,
    Sample, ScopeProfiles, Stack, ValueType,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use std::time::{SystemTime, UNIX_EPOCH};

#[tokio::test]
async fn otlp_export_over_http_is_stored() {
    let server = RunningServer::start().await.unwrap();
    let answer = flarepath::web_client::build(None, |client| client)
        .unwrap()
        .post(format!("{}/v1development/profiles", server.url))
        .header("Content-Type", "application/x-protobuf")
        .body(export("otlp-http").encode_to_vec())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
    check(&server, "otlp-http").await;
}

#[tokio::test]
async fn otlp_export_over_grpc_is_stored() {
    let server = RunningServer::start().await.unwrap();
    let mut client = ProfilesServiceClient::connect(server.url.clone()).await.unwrap();
    let answer = client.export(export("otlp-grpc")).await.unwrap().into_inner();
    assert!(answer.partial_success.is_none_or(|partial| partial.rejected_profiles == 0));
    check(&server, "otlp-grpc").await;
}

async fn check(server: &RunningServer, service: &str) {
    let tree = server.wait_for_function(service, CPU, "parse_order").await.unwrap();
    assert_eq!(tree.total, 60_000_000);
    assert!(tree.functions.iter().any(|name| name == "main"), "{tree:?}");
    assert_eq!(server.label_values(service, "region").await.unwrap(), ["eu"]);
}

/// `main` calls `parse_order`: 2 + 4 samples of 10 ms.
fn export(service: &str) -> ExportProfilesServiceRequest {
    let names = ["", "cpu", "nanoseconds", "main", "parse_order", "src/main.rs"];
    // Element 0 of every table is its zero value.
    let function = |name| Function { name_strindex: name, filename_strindex: 5, ..Function::default() };
    let location = |function, line| Location {
        lines: vec![Line { function_index: function, line, column: 0 }],
        ..Location::default()
    };
    let dictionary = ProfilesDictionary {
        mapping_table: vec![Mapping::default()],
        location_table: vec![Location::default(), location(1, 10), location(2, 20)],
        function_table: vec![Function::default(), function(3), function(4)],
        link_table: vec![Link::default()],
        string_table: names.map(str::to_owned).to_vec(),
        attribute_table: vec![KeyValueAndUnit::default()],
        stack_table: vec![
            Stack::default(),
            Stack { location_indices: vec![1] },
            Stack { location_indices: vec![2, 1] },
        ],
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
    let cpu = ValueType { type_strindex: 1, unit_strindex: 2 };
    let sample = |stack, value| Sample { stack_index: stack, values: vec![value], ..Sample::default() };
    let profile = Profile {
        sample_type: Some(cpu),
        samples: vec![sample(1, 20_000_000), sample(2, 40_000_000)],
        time_unix_nano: now,
        duration_nano: 1_000_000_000,
        period_type: Some(cpu),
        period: 10_000_000,
        profile_id: vec![7; 16],
        ..Profile::default()
    };
    let attribute = |key: &str, value: &str| KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(any_value::Value::StringValue(value.to_owned())) }),
        ..KeyValue::default()
    };
    ExportProfilesServiceRequest {
        resource_profiles: vec![ResourceProfiles {
            resource: Some(Resource {
                attributes: vec![attribute("service.name", service), attribute("region", "eu")],
                ..Resource::default()
            }),
            scope_profiles: vec![ScopeProfiles { profiles: vec![profile], ..ScopeProfiles::default() }],
            ..ResourceProfiles::default()
        }],
        dictionary: Some(dictionary),
    }
}
