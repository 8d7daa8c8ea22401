-- Keys that a phone may give when it enrols. Neither is a secret; a phone without them works as before.

ALTER TABLE device
    -- A JWK (RFC 7517) with its public members only, EC P-256 or OKP Ed25519: from then on every call of the
    -- phone carries a DPoP proof (RFC 9449) by it.
    ADD COLUMN public_key jsonb,
    -- The 32 bytes of an X25519 public key (RFC 7748): its pushes are sealed for it.
    ADD COLUMN encryption_key bytea CHECK (octet_length(encryption_key) = 32);

-- Proofs that were used, on any gateway, until they would be too old to be used anyway.
CREATE TABLE dpop_jti (
    -- SHA-256 of the device and the proof's jti: of one size, however long the jti is.
    hash    bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
    expires timestamptz NOT NULL
);
CREATE INDEX dpop_jti_by_expiry ON dpop_jti (expires);
