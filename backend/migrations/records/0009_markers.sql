-- What happened to services, and when: deployments, changes of configuration, incidents.
CREATE TABLE markers (
    id              TEXT PRIMARY KEY,
    -- When it happened, nanoseconds since the epoch.
    at              BIGINT NOT NULL,
    -- `deploy`, `config`, `flag`, `scale` or `incident`.
    kind            TEXT NOT NULL,
    service         TEXT NOT NULL,
    -- Narrows the service, without a matcher of its name; empty for all of it.
    selector        TEXT NOT NULL,
    version         TEXT NOT NULL,
    text            TEXT NOT NULL,
    url             TEXT NOT NULL,
    -- NULL where a request had none; NULLs are never equal.
    idempotency_key TEXT,
    -- Name of the account, as it was then.
    created_by      TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX markers_by_key ON markers (service, idempotency_key);
CREATE INDEX markers_by_service ON markers (service, at, id);
CREATE INDEX markers_by_time ON markers (at, id);
