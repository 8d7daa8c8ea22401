package nod.benchmarks.growth;

/** Makes rows as services would have left them, by millions. */
public final class Growth {

    private static final long BATCH = 500_000;

    /** Both kinds of phones in turn; their tokens are nobody's. */
    private static final String DEVICES =
            """
            WITH made AS (
                INSERT INTO device (pk, user_id, name, device_uid, confirmed, info, checked_in,
                                    push_key, push_key_version, push_key_set, public_key)
                SELECT gen_random_uuid(), 'grown-' || n, 'phone-' || n, 'grown-' || n, true,
                       jsonb_build_object('platform', CASE n % 2 WHEN 0 THEN 'android' ELSE 'ios' END,
                                          'os_version', '16', 'model', 'a phone', 'hostname', 'phone',
                                          'app_version', '1.0', 'others', '{}'::jsonb),
                       now(),
                       CASE n % 2 WHEN 0 THEN 'registration-token-' || n
                                  ELSE encode(sha256(n::text::bytea), 'hex') END,
                       1, now(), NULL
                FROM generate_series(?::bigint, ?::bigint) AS n
                RETURNING pk)
            INSERT INTO device_token (id, device, kind, hash)
            SELECT gen_random_uuid(), pk, 'device', sha256(pk::text::bytea) FROM made
            """;

    /**
     * Accepted logins of the last thirty days, of a hundred thousand users, each pushed to one
     * phone.
     */
    private static final String HISTORY =
            """
            WITH made AS (
                INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body, context,
                                         created, expires, claim, claimed_by, claimed_item, claimed_at,
                                         status, answered_by, decided)
                SELECT gen_random_uuid(), 'user-' || n % 100000, ARRAY[device], 'number_matching_3', '42',
                       ARRAY['17', '42', '99'], 'Sign-in request', 'Approve the sign-in to Wiki?',
                       '{"application": "Wiki", "domain": "sso.example.org"}', at, at + interval '60 s',
                       'answer', device, '42', at + interval '5 s', 'accept', device, at + interval '5 s'
                FROM (SELECT n, gen_random_uuid() AS device,
                             now() - interval '1 h' - random() * interval '29 days' AS at
                      FROM generate_series(?::bigint, ?::bigint) AS n) AS each
                RETURNING tx_id, devices[1] AS device, created)
            INSERT INTO delivery (tx_id, device, state, at)
            SELECT tx_id, device, 'accepted', created FROM made
            """;

    private final Database database;

    public Growth(Database database) {
        this.database = database;
    }

    /** So many confirmed devices with a push key, each of a user of its own. */
    public void devices(long count) {
        inBatches(DEVICES, count);
    }

    /** So many decided logins. */
    public void history(long count) {
        inBatches(HISTORY, count);
    }

    private void inBatches(String sql, long count) {
        for (long first = 1; first <= count; first += BATCH) {
            database.write(sql, first, Math.min(count, first + BATCH - 1));
        }
    }
}
