//! [`message!`] declares messages of protobuf as their `.proto` files do.

/// Declares messages by field number, name and type, for protobuf and for its JSON mapping: names in camel case, 64-bit integers
/// as strings, default values left out. `Deserialize` or `Serialize` says in which direction the JSON goes. What follows
/// a field in brackets is added to its serde attribute. Each message has a schema, for the OpenAPI document.
///
/// ```text
/// message! {
///     Deserialize LabelNamesRequest {
///         "1" matchers: strings,
///         "2" start: int64,
///         "3" max_nodes: optional_int64 [alias = "max_nodes"],
///         "4" call_site: messages(CallSite),
///     }
/// }
/// ```
macro_rules! message {
    (@fields [[$($meta:tt)*] $json:ident $name:ident] {$($done:tt)*}) => {
        $($meta)*
        #[derive(Clone, PartialEq, prost::Message, serde::$json, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        #[schema(as = pyroscope::$name)]
        pub(super) struct $name { $($done)* }
    };
    (@fields $head:tt $done:tt
        $tag:tt $field:ident: $kind:ident $(($of:ident))? $([$($extra:tt)*])?, $($rest:tt)*) => {
        message!(@$kind $($of)? [$head $done [$($($extra)*)?] [$($rest)*] $field $tag]);
    };
    (@string $to:tt) => { message!(@push $to [string] [] [String] String); };
    (@strings $to:tt) => { message!(@push $to [string, repeated] [] [Vec<String>] Vec<String>); };
    (@bool $to:tt) => { message!(@push $to [bool] [] [bool] bool); };
    (@double $to:tt) => { message!(@push $to [double] [] [f64] f64); };
    (@int32 $to:tt) => { message!(@push $to [int32] [] [i32] i32); };
    (@int64 $to:tt) => {
        message!(@push $to [int64] [with = "super::protojson::int64",] [super::protojson::Int64] i64);
    };
    (@uint64 $to:tt) => {
        message!(@push $to [uint64] [serialize_with = "super::protojson::uint64::serialize",]
            [super::protojson::Int64] u64);
    };
    (@optional_int64 $to:tt) => {
        message!(@push $to [int64, optional] [with = "super::protojson::optional_int64",]
            [super::protojson::Int64] Option<i64>);
    };
    (@int64s $to:tt) => {
        message!(@push $to [int64, repeated]
            [serialize_with = "super::protojson::int64_list::serialize",]
            [Vec<super::protojson::Int64>] Vec<i64>);
    };
    (@uint64s $to:tt) => {
        message!(@push $to [uint64, repeated]
            [serialize_with = "super::protojson::uint64_list::serialize",]
            [Vec<super::protojson::Int64>] Vec<u64>);
    };
    (@bytes $to:tt) => {
        message!(@push $to [bytes = "vec"] [serialize_with = "super::protojson::base64::serialize",]
            [String] Vec<u8>);
    };
    (@message $of:ident $to:tt) => { message!(@push $to [message, optional] [] [$of] Option<$of>); };
    (@messages $of:ident $to:tt) => { message!(@push $to [message, repeated] [] [Vec<$of>] Vec<$of>); };
    (@push [$head:tt {$($done:tt)*} [$($extra:tt)*] [$($rest:tt)*] $field:ident $tag:tt]
        [$($prost:tt)*] [$($json:tt)*] [$($described:tt)*] $($type:tt)*) => {
        message!(@fields $head {
            $($done)*
            #[prost($($prost)*, tag = $tag)]
            #[serde(default, skip_serializing_if = "super::protojson::is_default", $($json)* $($extra)*)]
            #[schema(value_type = $($described)*)]
            pub(super) $field: $($type)*,
        } $($rest)*);
    };
    ($($(#[$($meta:tt)*])* $json:ident $name:ident { $($field:tt)* })+) => {
        $(message!(@fields [[$(#[$($meta)*])*] $json $name] {} $($field)*);)+
    };
}

pub(super) use message;
