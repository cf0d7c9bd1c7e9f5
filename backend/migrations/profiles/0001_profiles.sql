-- Services and series are few and kept in memory; ids are given out there.
CREATE TABLE service (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One row a label set and kind of profile. Both are JSON; `kind` holds name, sample types and period type.
CREATE TABLE series (
    id         INTEGER PRIMARY KEY,
    service_id INTEGER NOT NULL REFERENCES service (id),
    labels     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    UNIQUE (labels, kind)
) STRICT;

-- What a service's symbol table gained, in order.
CREATE TABLE symbol_chunk (
    service_id INTEGER NOT NULL REFERENCES service (id),
    sequence   INTEGER NOT NULL,
    data       BLOB NOT NULL,
    PRIMARY KEY (service_id, sequence)
) STRICT;

-- One row a pushed profile, in the order of arrival.
CREATE TABLE profile (
    id         INTEGER PRIMARY KEY,
    service_id INTEGER NOT NULL,
    series_id  INTEGER NOT NULL,
    start_ns   INTEGER NOT NULL,
    head       BLOB NOT NULL,
    samples    BLOB NOT NULL,
    details    BLOB
) STRICT;
CREATE INDEX profile_by_time ON profile (service_id, start_ns, series_id);
CREATE INDEX profile_with_details ON profile (service_id, start_ns) WHERE details IS NOT NULL;

-- Profiles that no block contains yet.
CREATE TABLE unfolded (
    service_id INTEGER NOT NULL,
    start_ns   INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    PRIMARY KEY (service_id, start_ns, profile_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER profile_is_unfolded AFTER INSERT ON profile BEGIN
    INSERT INTO unfolded VALUES (new.service_id, new.start_ns, new.id);
END;

-- Merged profiles of one series in one window of time. Level 1: 5 minutes, 2: 1 hour, 3: 1 day.
CREATE TABLE block (
    id          INTEGER PRIMARY KEY,
    service_id  INTEGER NOT NULL,
    level       INTEGER NOT NULL,
    start_ns    INTEGER NOT NULL,
    series_id   INTEGER NOT NULL,
    profiles    INTEGER NOT NULL,
    oldest_ns   INTEGER NOT NULL,
    newest_ns   INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    period      INTEGER NOT NULL,
    points      BLOB NOT NULL,
    samples     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX block_by_window ON block (service_id, level, start_ns, series_id);

-- Windows whose blocks may be used: they contain every folded profile of the service that starts in the window.
CREATE TABLE sealed (
    service_id INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    start_ns   INTEGER NOT NULL,
    PRIMARY KEY (service_id, level, start_ns)
) STRICT, WITHOUT ROWID;

-- Up to when retention has dropped data of a level (0: single profiles).
CREATE TABLE dropped (
    level     INTEGER PRIMARY KEY,
    before_ns INTEGER NOT NULL
) STRICT;
