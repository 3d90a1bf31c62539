/**
 * What a service's migration makes for its `RateLimiter`. `rate_limits`: requests and tokens a minute that people set.
 * `rate_states`: how much of it is there now, by model and key; `rate_waiters`: calls that wait for their turn;
 * `rate_parties`: who had a turn when.
 */
export const RATE_TABLES = `
      CREATE TABLE rate_limits (
        model text PRIMARY KEY,
        requests integer,
        tokens integer
      );
      CREATE TABLE rate_states (
        id text PRIMARY KEY,
        model text NOT NULL,
        learned_requests integer,
        learned_tokens integer,
        factor double precision NOT NULL DEFAULT 1,
        requests double precision NOT NULL DEFAULT 1,
        tokens double precision NOT NULL DEFAULT 1,
        refilled_at timestamptz NOT NULL,
        lowered_at timestamptz,
        blocked_until timestamptz
      );
      CREATE TABLE rate_waiters (
        call uuid PRIMARY KEY,
        state text NOT NULL REFERENCES rate_states ON DELETE CASCADE,
        party text NOT NULL,
        tokens integer NOT NULL,
        process uuid NOT NULL,
        asked_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        granted boolean NOT NULL DEFAULT false
      );
      CREATE INDEX rate_waiters_by_state ON rate_waiters (state, asked_at);
      CREATE TABLE rate_parties (
        state text NOT NULL REFERENCES rate_states ON DELETE CASCADE,
        party text NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (state, party)
      );
`;
