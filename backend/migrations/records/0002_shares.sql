-- What was shared. A snapshot never changes; the share around it does.

CREATE TABLE snapshots (
    -- BLAKE3 of the bytes, hexadecimal.
    hash       TEXT PRIMARY KEY,
    bytes      BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE shares (
    id             TEXT PRIMARY KEY,
    -- SHA-256 of the link's id: who reads this table cannot open a share.
    link_hash      TEXT NOT NULL UNIQUE,
    -- Absent once a share that has ended is purged.
    snapshot_hash  TEXT REFERENCES snapshots (hash),
    owner_id       TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    title          TEXT NOT NULL,
    note           TEXT NOT NULL,
    -- `private`, `team`, `org` or `link`.
    visibility     TEXT NOT NULL,
    -- Of visibility `team`.
    team_id        TEXT,
    -- Version of the envelope; a change names the one that it read.
    version        BIGINT NOT NULL,
    -- Hash of the snapshot that this one was sanitised from, when it was shared more widely.
    derived_from   TEXT,
    -- Name and version of the rules it was sanitised by.
    policy         TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    -- What the list says without opening the snapshot: kind, service, window, verdict; JSON.
    summary        TEXT NOT NULL,
    -- How it is looked at first, as the page writes it into its address.
    view           TEXT NOT NULL,
    payload_bytes  BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL,
    -- Absent: never.
    expires_at     BIGINT,
    revoked_at     BIGINT,
    views          BIGINT NOT NULL,
    viewed_at      BIGINT,
    -- When a view was last written into the audit log.
    view_noted_at  BIGINT NOT NULL
);
CREATE INDEX shares_by_owner ON shares (owner_id, created_at);
CREATE INDEX shares_by_time ON shares (created_at);
CREATE INDEX shares_by_snapshot ON shares (snapshot_hash);

-- The pictures that unfurl: only of shares that anyone with the link may open.
CREATE TABLE share_pictures (
    share_id TEXT PRIMARY KEY REFERENCES shares (id) ON DELETE CASCADE,
    png      BYTEA NOT NULL
);

-- Views with a name ("Fig. 1"), `/s/{id}/v/{number}`.
CREATE TABLE share_views (
    share_id   TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    name       TEXT NOT NULL,
    -- State of the view as the page writes it into its address.
    state      TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (share_id, number)
);

CREATE TABLE share_annotations (
    id          TEXT PRIMARY KEY,
    share_id    TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    -- Function names from the root on, a JSON list; the empty list is the whole.
    path        TEXT NOT NULL,
    text        TEXT NOT NULL,
    author_id   TEXT NOT NULL,
    author_name TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX share_annotations_by_share ON share_annotations (share_id);
