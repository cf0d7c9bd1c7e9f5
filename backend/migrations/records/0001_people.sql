-- Our own records: people, what they may do, their sessions and tokens, what they shared, what was done.
-- Read by SQLite and by PostgreSQL: text, big integers and byte strings only. Times are nanoseconds since the epoch,
-- ids are random, secrets are kept as SHA-256 in hexadecimal digits, flags are 0 or 1.

-- Facts of the whole installation: `claimed_at`, `revision` (grows with every change to who may do what), keys of ours.
CREATE TABLE instance (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    -- What is typed to sign in, lower case.
    name         TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    email        TEXT,
    -- PHC string; absent for those who sign in elsewhere only.
    password     TEXT,
    created_at   BIGINT NOT NULL,
    disabled_at  BIGINT,
    signed_in_at BIGINT
);

-- Accounts at identity providers. By issuer and subject, never by e-mail address.
CREATE TABLE identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- Links that let a person set a first or a new password: once, for a while.
CREATE TABLE invitations (
    secret_hash TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id),
    created_by  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT
);

CREATE TABLE teams (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    -- Which profiles are the team's: `{service_name=~"pay-.*"}`.
    selector   TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- `manual`, or `oidc` where the identity provider's groups say so.
    source  TEXT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_by_user ON team_members (user_id);

CREATE TABLE service_accounts (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    created_by  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);

-- Who has which role over which profiles.
CREATE TABLE bindings (
    id           TEXT PRIMARY KEY,
    -- `user`, `team` or `service_account`.
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    -- `viewer`, `editor`, `admin` or `agent`.
    role         TEXT NOT NULL,
    -- `org`: everything; `team`: the profiles of the team of the id `scope`; `selector`: those that `scope` selects.
    scope_kind   TEXT NOT NULL,
    scope        TEXT NOT NULL,
    -- `manual`, or `oidc` where the identity provider's groups say so.
    source       TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX bindings_by_subject ON bindings (subject_kind, subject_id);

CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    secret_hash   TEXT NOT NULL UNIQUE,
    -- The secret before the last rotation, which parallel requests may still send for a moment.
    previous_hash TEXT UNIQUE,
    rotated_at    BIGINT NOT NULL,
    -- Whether the secret of now has come back in a request: if not, its answer may have been lost on the way.
    secret_seen   BIGINT NOT NULL,
    user_id       TEXT NOT NULL REFERENCES users (id),
    -- `password`, `oidc`, `claim`, `invitation`.
    method        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ip            TEXT NOT NULL,
    user_agent    TEXT NOT NULL,
    revoked_at    BIGINT
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    secret_hash  TEXT NOT NULL UNIQUE,
    -- What may be shown: `fp_pat_` and the last four characters.
    prefix       TEXT NOT NULL,
    last_four    TEXT NOT NULL,
    -- `pat` of a user, `sa` or `agt` of a service account.
    kind         TEXT NOT NULL,
    owner_kind   TEXT NOT NULL,
    owner_id     TEXT NOT NULL,
    name         TEXT NOT NULL,
    -- At most this role, over at most these profiles, whatever the owner may do.
    role         TEXT NOT NULL,
    selector     TEXT NOT NULL,
    -- All tokens that came from one by rotation; the reuse of a dead one revokes them all.
    family       TEXT NOT NULL,
    replaced_by  TEXT,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    used_at      BIGINT,
    used_ip      TEXT
);
CREATE INDEX api_tokens_by_owner ON api_tokens (owner_kind, owner_id);
CREATE INDEX api_tokens_by_family ON api_tokens (family);

-- How often something was tried in a window of time, over all replicas.
CREATE TABLE attempts (
    name       TEXT NOT NULL,
    window_at  BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    PRIMARY KEY (name, window_at)
);

-- Rows are only ever added; db/append_only.rs has the database refuse anything else.
CREATE TABLE audit (
    id          TEXT PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    ip          TEXT NOT NULL,
    user_agent  TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    object_name TEXT NOT NULL,
    -- What changed, as JSON; never a secret.
    before      TEXT,
    after       TEXT
);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor_id, at);
CREATE INDEX audit_by_object ON audit (object_id, at);
