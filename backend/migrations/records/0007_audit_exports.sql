-- Failed attempts per hour, summed over all servers. When its hour has ended, each row becomes one entry of the audit log.
CREATE TABLE refusals (
    hour_at   BIGINT NOT NULL,
    -- Action of the audit entry, such as `session.refuse`.
    action    TEXT NOT NULL,
    -- Network of strangers, such as `203.0.113.0/24`, or `other`; empty where an account is named.
    network   TEXT NOT NULL,
    -- Account that somebody failed to use; empty for strangers.
    user_id   TEXT NOT NULL,
    user_name TEXT NOT NULL,
    tries     BIGINT NOT NULL,
    first_at  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,
    PRIMARY KEY (hour_at, action, network, user_id)
);

-- Files with the oldest entries of the audit log. Triggers permit the deletion of an entry only up to the last one of an
-- export, and an export only if it counts every entry up to there.
CREATE TABLE audit_exports (
    id       TEXT PRIMARY KEY,
    at       BIGINT NOT NULL,
    -- Name of the file in the folder `audit`.
    file     TEXT NOT NULL,
    -- SHA-256 of the file, in hexadecimal digits.
    sha256   TEXT NOT NULL,
    entries  BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    last_id  TEXT NOT NULL
);
CREATE INDEX audit_exports_by_last ON audit_exports (last_at);
