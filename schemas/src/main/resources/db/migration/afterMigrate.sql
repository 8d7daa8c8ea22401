-- What each service may do, and nothing else. Run after every migration, also after one that had nothing to do,
-- so that roles can be made before or later: a service that has a role of its own (docs/running-in-production.md,
-- "Roles") gets its grants with the next start of a gateway that migrates. Rights are only ever added here: the
-- version before, started again beside this one, must not take away what this one needs.
DO $grants$
DECLARE
    wanted record;
BEGIN
    -- Of two that grant at once, one would fail.
    PERFORM pg_advisory_xact_lock(hashtext('nod grants'));
    FOR wanted IN
        SELECT * FROM (VALUES
            ('nod_gateway', 'device', 'SELECT, INSERT, UPDATE, DELETE'),
            ('nod_gateway', 'device_token', 'SELECT, INSERT, UPDATE, DELETE'),
            ('nod_gateway', 'user_limit', 'SELECT, INSERT, UPDATE, DELETE'),
            -- It begins transactions and claims them. It decides none, and deletes none.
            ('nod_gateway', 'transaction', 'SELECT'),
            ('nod_gateway', 'transaction',
                'INSERT (tx_id, user_id, created, devices, mode, item, items, title, body, context, traceparent, expires)'),
            ('nod_gateway', 'transaction',
                'UPDATE (devices, claim, claimed_by, claimed_item, claimed_at)'),
            ('nod_gateway', 'delivery', 'SELECT, INSERT, UPDATE (state, at)'),
            -- Rows are locked to be deleted, and a lock takes the right to update some column.
            ('nod_gateway', 'idempotency', 'SELECT, INSERT, UPDATE (expires), DELETE'),
            ('nod_gateway', 'dpop_jti', 'SELECT, INSERT, UPDATE (expires), DELETE'),
            ('nod_gateway', 'outbox', 'SELECT, INSERT, UPDATE (created), DELETE'),
            -- Keys are made and revoked by the command, with the migrations' role.
            ('nod_gateway', 'api_key', 'SELECT'),
            -- It sees whom to push to and whether that is still wanted, and never which item is right.
            ('nod_dispatcher', 'transaction', 'SELECT (tx_id, devices, claim, status, expires)'),
            ('nod_dispatcher', 'device',
                'SELECT (pk, user_id, name, confirmed, info, push_key, push_key_version, encryption_key)'),
            -- It turns claims into decisions, and prunes them. It makes no claim.
            ('nod_response_collector', 'transaction', 'SELECT'),
            ('nod_response_collector', 'transaction', 'UPDATE (status, reason, answered_by, decided)'),
            ('nod_response_collector', 'transaction', 'DELETE'),
            ('nod_response_collector', 'delivery', 'SELECT (tx_id, device, state)'),
            ('nod_response_collector', 'outbox', 'SELECT, INSERT, UPDATE (created), DELETE'),
            -- What it tells, and to whom, is its own.
            ('nod_response_collector', 'webhook_delivery',
                'SELECT, INSERT, UPDATE (state, due, lease, attempts, status, cause, until, doubt), DELETE'),
            ('nod_response_collector', 'webhook_endpoint', 'SELECT, INSERT, UPDATE (disabled, paused)')
        ) AS grants (role, relation, privileges)
        WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = grants.role)
    LOOP
        EXECUTE format('GRANT %s ON %I TO %I', wanted.privileges, wanted.relation, wanted.role);
    END LOOP;

    -- Each sees and writes its own events alone: else the gateway could have the response-collector publish a
    -- decision that nobody made. Whoever owns the tables is not held by this.
    IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('nod_gateway', 'nod_response_collector')) = 2
       AND NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'outbox'::regclass) THEN
        CREATE POLICY own_events_gateway ON outbox TO nod_gateway
            USING (producer = 'gateway');
        CREATE POLICY own_events_response_collector ON outbox TO nod_response_collector
            USING (producer = 'response-collector');
        ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
    END IF;

    -- Those above, and those that an earlier version made, spelled so that they match no index: a service that deletes events by their id would else read all of its own
    -- by outbox_by_age, which looks cheap while hardly any is there.
    FOR wanted IN
        SELECT polname, CASE polname WHEN 'own_events_gateway' THEN 'gateway' ELSE 'response-collector' END AS producer
        FROM pg_policy
        WHERE polrelid = 'outbox'::regclass AND polname LIKE 'own\_events\_%'
          AND pg_get_expr(polqual, polrelid) NOT LIKE '%||%'
    LOOP
        EXECUTE format('ALTER POLICY %I ON outbox USING (producer || '''' = %L)', wanted.polname, wanted.producer);
    END LOOP;
END
$grants$;
