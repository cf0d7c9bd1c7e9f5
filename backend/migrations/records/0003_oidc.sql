-- Sign-ins at the identity provider that are under way: each is answered once, in the browser that began it.
CREATE TABLE oidc_sign_ins (
    -- SHA-256 of the `state` that comes back.
    state_hash   TEXT PRIMARY KEY,
    -- SHA-256 of the secret in the browser's cookie.
    browser_hash TEXT NOT NULL,
    nonce        TEXT NOT NULL,
    -- PKCE (RFC 7636): what proves to the provider that we are the one who asked.
    verifier     TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    -- The page to go to afterwards.
    next         TEXT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX oidc_sign_ins_by_time ON oidc_sign_ins (expires_at);
