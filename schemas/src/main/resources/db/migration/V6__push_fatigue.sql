-- Pauses follow from the transactions. What came before a release through the API is forgotten.
ALTER TABLE user_limit ADD COLUMN forgotten timestamptz;

-- What every start reads: the user's last accept, and what came after it. A user who logs in all day
-- leaves no more there than one entry that matters; transaction_open_by_user stays, for those who
-- ask for what is open alone.
CREATE INDEX transaction_accepted_by_user ON transaction (user_id, claimed_at DESC) WHERE status = 'accept';
CREATE INDEX transaction_unaccepted_by_user ON transaction (user_id, created DESC)
    WHERE status NOT IN ('accept', 'undeliverable');
