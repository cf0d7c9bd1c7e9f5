//! [`message!`] declares messages of protobuf as their `.proto` files do.

/// Declares messages by field number, name and type, for protobuf and for its JSON mapping: names in camel case, 64-bit integers
/// as strings, default values left out. `Deserialize` or `Serialize` says in which direction the JSON goes. What follows
/// a field in brackets is added to its serde attribute.
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
        #[derive(Clone, PartialEq, prost::Message, serde::$json)]
        #[serde(default, rename_all = "camelCase")]
        pub(super) struct $name { $($done)* }
    };
    (@fields $head:tt $done:tt
        $tag:tt $field:ident: $kind:ident $(($of:ident))? $([$($extra:tt)*])?, $($rest:tt)*) => {
        message!(@$kind $($of)? [$head $done [$($($extra)*)?] [$($rest)*] $field $tag]);
    };
    (@string $to:tt) => { message!(@push $to [string] [] String); };
    (@strings $to:tt) => { message!(@push $to [string, repeated] [] Vec<String>); };
    (@bool $to:tt) => { message!(@push $to [bool] [] bool); };
    (@double $to:tt) => { message!(@push $to [double] [] f64); };
    (@int32 $to:tt) => { message!(@push $to [int32] [] i32); };
    (@int64 $to:tt) => { message!(@push $to [int64] [with = "super::protojson::int64",] i64); };
    (@uint64 $to:tt) => {
        message!(@push $to [uint64] [serialize_with = "super::protojson::uint64::serialize",] u64);
    };
    (@optional_int64 $to:tt) => {
        message!(@push $to [int64, optional] [with = "super::protojson::optional_int64",] Option<i64>);
    };
    (@int64s $to:tt) => {
        message!(@push $to [int64, repeated]
            [serialize_with = "super::protojson::int64_list::serialize",] Vec<i64>);
    };
    (@uint64s $to:tt) => {
        message!(@push $to [uint64, repeated]
            [serialize_with = "super::protojson::uint64_list::serialize",] Vec<u64>);
    };
    (@bytes $to:tt) => {
        message!(@push $to [bytes = "vec"] [serialize_with = "super::protojson::base64::serialize",] Vec<u8>);
    };
    (@message $of:ident $to:tt) => { message!(@push $to [message, optional] [] Option<$of>); };
    (@messages $of:ident $to:tt) => { message!(@push $to [message, repeated] [] Vec<$of>); };
    (@push [$head:tt {$($done:tt)*} [$($extra:tt)*] [$($rest:tt)*] $field:ident $tag:tt]
        [$($prost:tt)*] [$($json:tt)*] $($type:tt)*) => {
        message!(@fields $head {
            $($done)*
            #[prost($($prost)*, tag = $tag)]
            #[serde(skip_serializing_if = "super::protojson::is_default", $($json)* $($extra)*)]
            pub(super) $field: $($type)*,
        } $($rest)*);
    };
    ($($(#[$($meta:tt)*])* $json:ident $name:ident { $($field:tt)* })+) => {
        $(message!(@fields [[$(#[$($meta)*])*] $json $name] {} $($field)*);)+
    };
}

pub(super) use message;
