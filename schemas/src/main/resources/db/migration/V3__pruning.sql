-- What pruning looks for, oldest first, so that it reads no more rows than it deletes. Each index
-- holds only rows that pruning may ever want.

-- Decided transactions alone: what is undecided is never pruned, whatever its age.
CREATE INDEX transaction_by_decision ON transaction (decided) WHERE decided IS NOT NULL;

CREATE INDEX device_unconfirmed ON device (created) WHERE NOT confirmed;
CREATE INDEX device_token_by_expiry ON device_token (expires) WHERE expires IS NOT NULL;
CREATE INDEX idempotency_by_expiry ON idempotency (expires);

-- Users of whom nothing is said come first, pauses follow by their end; a lock that holds until it
-- is released is not among them.
CREATE INDEX user_limit_by_end ON user_limit (coalesce(until, '-infinity'::timestamptz))
    WHERE reason IS NULL OR until IS NOT NULL;
