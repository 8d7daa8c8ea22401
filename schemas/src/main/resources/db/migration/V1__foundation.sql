-- The registry, the transactions and the outbox. Every time is set and compared by this database's
-- now(): the clocks of the services do not matter. Secrets are kept as SHA-256 only.

CREATE TABLE device (
    pk               uuid        PRIMARY KEY,
    user_id          text        NOT NULL,
    name             text        NOT NULL,
    device_uid       text        UNIQUE,
    confirmed        boolean     NOT NULL DEFAULT false,
    -- MobileDeviceInfo of the last check-in, before that of the enrolment.
    info             jsonb,
    checked_in       timestamptz,
    -- A key and its version change together: a verdict on a key holds only for the version it names.
    push_key         text,
    push_key_version integer     NOT NULL DEFAULT 0,
    push_key_set     timestamptz,
    -- Counts every write to the row; the sequence of device.changed events.
    sequence         bigint      NOT NULL DEFAULT 1,
    created          timestamptz NOT NULL DEFAULT now(),
    CHECK ((push_key IS NULL) = (push_key_set IS NULL))
);
CREATE INDEX device_by_user ON device (user_id);
CREATE INDEX device_by_name ON device (name, pk);

CREATE TABLE device_token (
    id      uuid        PRIMARY KEY,
    device  uuid        NOT NULL REFERENCES device ON DELETE CASCADE,
    kind    text        NOT NULL CHECK (kind IN ('enrollment', 'device')),
    hash    bytea       NOT NULL UNIQUE,
    created timestamptz NOT NULL DEFAULT now(),
    expires timestamptz,
    spent   timestamptz
);
CREATE INDEX device_token_by_device ON device_token (device);

-- One row a user who was ever asked. Starts of one user lock it first, then look: that is what
-- serialises them. Lock order everywhere: this row, then the transaction's.
CREATE TABLE user_limit (
    user_id text PRIMARY KEY,
    reason  text CHECK (reason IN ('reported', 'declined', 'wrong_item', 'unanswered')),
    since   timestamptz,
    -- null together with a reason: until released
    until   timestamptz,
    CHECK ((reason IS NULL) = (since IS NULL))
);
CREATE INDEX user_limit_in_force ON user_limit (since DESC, user_id) WHERE reason IS NOT NULL;

CREATE TABLE transaction (
    tx_id       uuid        PRIMARY KEY,
    user_id     text        NOT NULL,
    -- The asked devices that may still answer; rows outlive devices.
    devices     uuid[]      NOT NULL,
    mode        text        NOT NULL
        CHECK (mode IN ('accept_deny', 'number_matching_2', 'number_matching_3', 'number_entry_6')),
    -- The right item; it leaves this table only towards the browser, and only for numbers.
    item        text        NOT NULL,
    items       text[]      NOT NULL,
    title       text        NOT NULL,
    body        text        NOT NULL,
    context     jsonb       NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    expires     timestamptz NOT NULL,
    -- The claim: written once, by one conditional UPDATE of the gateway.
    claim       text        CHECK (claim IN ('answer', 'cancelled', 'superseded')),
    claimed_by  uuid,
    claimed_item text,
    claimed_at  timestamptz,
    -- The decision: written once, by the response-collector.
    status      text        NOT NULL DEFAULT 'wait'
        CHECK (status IN ('wait', 'accept', 'deny', 'expired', 'undeliverable', 'cancelled')),
    reason      text,
    answered_by uuid,
    decided     timestamptz,
    CHECK ((claim IS NULL) = (claimed_at IS NULL)),
    CHECK ((claim IS NOT DISTINCT FROM 'answer') = (claimed_by IS NOT NULL AND claimed_item IS NOT NULL)),
    CHECK ((status = 'wait') = (decided IS NULL))
);
CREATE INDEX transaction_open_by_user ON transaction (user_id) WHERE status = 'wait';
CREATE INDEX transaction_to_expire ON transaction (expires) WHERE status = 'wait' AND claim IS NULL;

-- How each asked device was reached; no row yet: pending.
CREATE TABLE delivery (
    tx_id  uuid        NOT NULL REFERENCES transaction ON DELETE CASCADE,
    device uuid        NOT NULL,
    state  text        NOT NULL
        CHECK (state IN ('accepted', 'rejected', 'unreachable', 'no_push_key', 'pulled')),
    at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tx_id, device)
);

CREATE TABLE idempotency (
    credential text        NOT NULL,
    key        text        NOT NULL,
    -- SHA-256 of the request's meaning.
    request    bytea       NOT NULL,
    tx_id      uuid        NOT NULL,
    expires    timestamptz NOT NULL,
    PRIMARY KEY (credential, key)
);

-- Events committed with the state they speak of, until Kafka has acknowledged them.
CREATE TABLE outbox (
    id          uuid        PRIMARY KEY,
    producer    text        NOT NULL,
    topic       text        NOT NULL,
    key         text        NOT NULL,
    traceparent text        NOT NULL,
    payload     text        NOT NULL,
    created     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_by_age ON outbox (producer, created);
