-- Services and series are dropped once nothing refers to them, so ids have gaps. One row: the last ids that were given out, which are
-- never given out again, and how many rows there have to be.
CREATE TABLE registered (
    id           INTEGER PRIMARY KEY CHECK (id = 0),
    last_service INTEGER NOT NULL,
    last_series  INTEGER NOT NULL,
    services     INTEGER NOT NULL,
    series       INTEGER NOT NULL
) STRICT;
-- Until now there were no gaps: fewer rows than the last id says are damage.
INSERT INTO registered SELECT 0, service, series, service, series FROM (
    SELECT coalesce((SELECT max(id) FROM service), 0) AS service, coalesce((SELECT max(id) FROM series), 0) AS series
);
CREATE TRIGGER service_is_added AFTER INSERT ON service BEGIN
    UPDATE registered SET services = services + 1, last_service = max(last_service, new.id);
END;
CREATE TRIGGER service_is_dropped AFTER DELETE ON service BEGIN
    UPDATE registered SET services = services - 1;
END;
CREATE TRIGGER series_is_added AFTER INSERT ON series BEGIN
    UPDATE registered SET series = series + 1, last_series = max(last_series, new.id);
END;
CREATE TRIGGER series_is_dropped AFTER DELETE ON series BEGIN
    UPDATE registered SET series = series - 1;
END;
-- For foreign keys: without it, dropping a service reads all series.
CREATE INDEX series_by_service ON series (service_id);

-- Start of the oldest and of the newest profile of a series that was ever folded. Those that no block contains are in `unfolded`.
CREATE TABLE series_span (
    series_id INTEGER PRIMARY KEY,
    oldest_ns INTEGER NOT NULL,
    newest_ns INTEGER NOT NULL
) STRICT;
INSERT INTO series_span SELECT series_id, min(oldest_ns), max(newest_ns) FROM block GROUP BY series_id;

-- With the series, so that spans are read from this table alone.
ALTER TABLE unfolded ADD COLUMN series_id INTEGER NOT NULL DEFAULT 0;
UPDATE unfolded SET series_id = coalesce((SELECT p.series_id FROM profile p WHERE p.id = profile_id), 0);
DROP TRIGGER profile_is_unfolded;
CREATE TRIGGER profile_is_unfolded AFTER INSERT ON profile BEGIN
    INSERT INTO unfolded (service_id, start_ns, profile_id, series_id) VALUES (new.service_id, new.start_ns, new.id, new.series_id);
END;

-- The symbol tables that collection has rewritten. The chunks of generation g are numbered from g * 2^32 + 1; those of other generations
-- are being written or deleted. A service without a row has generation 0.
CREATE TABLE symbol_generation (
    service_id INTEGER PRIMARY KEY REFERENCES service (id),
    number     INTEGER NOT NULL,
    -- Bytes of the chunks when it was written.
    bytes      INTEGER NOT NULL,
    -- Up to when retention had dropped everything by then.
    dropped_ns INTEGER NOT NULL
) STRICT;
