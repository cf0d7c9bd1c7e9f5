-- Browsers in which a user has signed in before. Others' wrong passwords do not block these.
CREATE TABLE known_browsers (
    -- SHA-256 of the browser's secret, in hexadecimal digits. One browser may know several users.
    secret_hash TEXT NOT NULL,
    user_id     TEXT NOT NULL REFERENCES users (id),
    used_at     BIGINT NOT NULL,
    PRIMARY KEY (secret_hash, user_id)
);
CREATE INDEX known_browsers_by_user ON known_browsers (user_id, used_at);
