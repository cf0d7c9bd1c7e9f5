//! A pprof profile as a message, for responses that need it as JSON or inside of another message. The profile crate writes
//! files. Field numbers: google/pprof, proto/profile.proto.

use super::message::message;

message! {
    Serialize Profile {
        "1" sample_type: messages(ValueType),
        "2" sample: messages(Sample),
        "3" mapping: messages(Mapping),
        "4" location: messages(Location),
        "5" function: messages(Function),
        "6" string_table: strings,
        "9" time_nanos: int64,
        "10" duration_nanos: int64,
        "11" period_type: message(ValueType),
        "12" period: int64,
        "13" comment: int64s,
        "14" default_sample_type: int64,
    }

    Serialize ValueType {
        "1" kind: int64 [rename = "type"],
        "2" unit: int64,
    }

    Serialize Sample {
        "1" location_id: uint64s,
        "2" value: int64s,
    }

    Serialize Mapping {
        "1" id: uint64,
        "2" memory_start: uint64,
        "3" memory_limit: uint64,
        "4" file_offset: uint64,
        "5" filename: int64,
        "6" build_id: int64,
        "7" has_functions: bool,
    }

    Serialize Location {
        "1" id: uint64,
        "2" mapping_id: uint64,
        "3" address: uint64,
        "4" line: messages(Line),
    }

    Serialize Line {
        "1" function_id: uint64,
        "2" line: int64,
        "3" column: int64,
    }

    Serialize Function {
        "1" id: uint64,
        "2" name: int64,
        "3" system_name: int64,
        "4" filename: int64,
        "5" start_line: int64,
    }
}
