-- What counts as own code of a service, where it is not guessed.
CREATE TABLE own_code (
    service    TEXT PRIMARY KEY,
    -- JSON: pairs of what is compared (`name`, `package` or `file`) and the text.
    patterns   TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Name of the account, as it was then.
    changed_by TEXT NOT NULL
);
