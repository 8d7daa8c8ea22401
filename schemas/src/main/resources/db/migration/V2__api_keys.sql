-- Keys with which callers act for the deployment, beside those of the configuration. Live keys may
-- share a name: to rotate one, make another, switch the caller over, revoke the first. Rows stay, so
-- that a name in an old event can be told.

CREATE TABLE api_key (
    id      uuid        PRIMARY KEY,
    name    text        NOT NULL,
    hash    bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    created timestamptz NOT NULL DEFAULT now(),
    -- null: until revoked
    expires timestamptz,
    revoked timestamptz
);
