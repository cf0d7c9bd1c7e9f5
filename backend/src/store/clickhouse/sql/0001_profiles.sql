-- Profiles, their samples, and the symbols that the samples refer to. Ids are hashes of what they stand for, so that
-- writers need not ask for them.

-- Label sets.
CREATE TABLE IF NOT EXISTS series/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    series UInt128,
    labels Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    -- The last day with a profile of it.
    seen Date CODEC(ZSTD(1))
) ENGINE = /*Replicated*/ReplacingMergeTree(seen)
ORDER BY (service, series)
TTL seen + INTERVAL 45 DAY
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS functions/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    function UInt128,
    name String CODEC(ZSTD(3)),
    system_name String CODEC(ZSTD(3)),
    file String CODEC(ZSTD(3)),
    start_line Int64 CODEC(ZSTD(1)),
    seen Date CODEC(ZSTD(1))
) ENGINE = /*Replicated*/ReplacingMergeTree(seen)
ORDER BY (service, function)
TTL seen + INTERVAL 45 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- Call sites, each with its mapping.
CREATE TABLE IF NOT EXISTS locations/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    location UInt128,
    address UInt64 CODEC(ZSTD(1)),
    has_mapping Bool,
    mapping_start UInt64 CODEC(ZSTD(1)),
    mapping_limit UInt64 CODEC(ZSTD(1)),
    mapping_offset UInt64 CODEC(ZSTD(1)),
    mapping_file LowCardinality(String),
    build_id LowCardinality(String),
    has_functions Bool,
    -- Innermost first; several are inlined.
    lines Array(Tuple(function UInt128, line Int64, column Int64)) CODEC(ZSTD(1)),
    seen Date CODEC(ZSTD(1))
) ENGINE = /*Replicated*/ReplacingMergeTree(seen)
ORDER BY (service, location)
TTL seen + INTERVAL 45 DAY
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS stacks/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    stack UInt128,
    -- Leaf first.
    locations Array(UInt128) CODEC(ZSTD(3)),
    seen Date CODEC(ZSTD(1))
) ENGINE = /*Replicated*/ReplacingMergeTree(seen)
ORDER BY (service, stack)
TTL seen + INTERVAL 45 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- One row for each sample type of a profile.
CREATE TABLE IF NOT EXISTS profiles/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    type LowCardinality(String),
    -- The hour of `start`.
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    series UInt128 CODEC(ZSTD(1)),
    -- Nanoseconds since the epoch.
    start Int64 CODEC(Delta(8), ZSTD(1)),
    -- Tells apart profiles of one series and one start.
    profile UInt64 CODEC(ZSTD(1)),
    -- Nanoseconds; 0 is unknown.
    duration Int64 CODEC(ZSTD(1)),
    -- In the unit of the period type; 0 is unknown.
    period Int64 CODEC(ZSTD(1)),
    -- The sum of its samples.
    total Int64 CODEC(ZSTD(1))
) ENGINE = /*Replicated*/MergeTree
PARTITION BY toDate(hour)
ORDER BY (service, type, hour, series, start)
TTL hour + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- Values by stack, each a sum over one profile.
CREATE TABLE IF NOT EXISTS samples/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    type LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    stack UInt128 CODEC(ZSTD(1)),
    series UInt128 CODEC(ZSTD(1)),
    start Int64 CODEC(Delta(8), ZSTD(1)),
    value Int64 CODEC(GCD, T64, ZSTD(1)),
    -- 0 outside of a span.
    span UInt64 CODEC(ZSTD(1)),
    -- The profile of a sample in a span; 0 outside, where nothing asks for it.
    profile UInt64 CODEC(ZSTD(1))
) ENGINE = /*Replicated*/MergeTree
PARTITION BY toDate(hour)
ORDER BY (service, type, hour, stack, series, start)
TTL hour + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

-- The same by series and hour, for ranges that have whole hours in them.
CREATE TABLE IF NOT EXISTS hourly_samples/*_local*/ /*ON CLUSTER*/ (
    service LowCardinality(String),
    type LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    stack UInt128 CODEC(ZSTD(1)),
    series UInt128 CODEC(ZSTD(1)),
    value Int64 CODEC(GCD, T64, ZSTD(1))
) ENGINE = /*Replicated*/SummingMergeTree(value)
PARTITION BY toDate(hour)
ORDER BY (service, type, hour, stack, series)
TTL hour + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS hourly_samples_view /*ON CLUSTER*/ TO hourly_samples/*_local*/ AS
SELECT service, type, hour, stack, series, sum(value) AS value
FROM samples/*_local*/
GROUP BY service, type, hour, stack, series;
