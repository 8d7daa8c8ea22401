-- What is to be told to webhooks: a row an outcome and endpoint, until it has had its time. Both tables are the
-- response-collector's alone.
CREATE TABLE webhook_delivery (
    endpoint text        NOT NULL,
    -- The id of the outcome's event: one that is read again inserts nothing.
    event    uuid        NOT NULL,
    tx_id    uuid        NOT NULL,
    -- As it is sent, to the letter: a change of the service changes no retry.
    body     text        NOT NULL,
    state    text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
    -- When it is tried next; of one that is being tried, when another may try.
    due      timestamptz NOT NULL DEFAULT now(),
    -- Who tries it: what came of an earlier try no longer counts.
    lease    uuid,
    attempts integer     NOT NULL DEFAULT 0,
    -- What came of the last try: a status, or why there was none.
    status   integer,
    cause    text,
    created  timestamptz NOT NULL DEFAULT now(),
    -- No try begins the wait for another one after this.
    until    timestamptz NOT NULL,
    PRIMARY KEY (endpoint, event)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint, due) WHERE state = 'pending';
CREATE INDEX webhook_delivery_by_end ON webhook_delivery (until);

-- What an endpoint has asked for: no row, nothing.
CREATE TABLE webhook_endpoint (
    name     text PRIMARY KEY,
    -- Since when it is gone; somebody has to enable it.
    disabled timestamptz,
    -- Until when it wants to be left alone.
    paused   timestamptz
);
