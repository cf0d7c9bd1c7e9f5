-- Jobs that run on one server at a time: who runs each of them, and until when nobody else may.
CREATE TABLE leases (
    -- Name of the job.
    name       TEXT PRIMARY KEY,
    -- Id of the server, new at each start.
    holder     TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
