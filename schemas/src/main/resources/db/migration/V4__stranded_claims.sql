-- Claims that wait for their decision: few, unless their events do not come.
CREATE INDEX transaction_to_decide ON transaction (claimed_at) WHERE status = 'wait' AND claim IS NOT NULL;
