-- Addresses that are told what happens in a challenge. The log itself is the queue: a webhook keeps its place in it.
CREATE TABLE webhooks (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
  -- Which kinds of events are sent; an empty list is all.
  kinds text NOT NULL CHECK (json_valid(kinds)),
  created_by text NOT NULL REFERENCES users (id),
  created_at text NOT NULL,
  -- Up to this event everything is dealt with.
  after_seq integer NOT NULL CHECK (after_seq >= 0),
  -- How often the next event was tried in vain.
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  next_attempt_at text NOT NULL,
  leased_until text,
  stopped_at text,
  stopped_because text CHECK (stopped_because IN ('removed', 'gave_up')),
  CHECK ((stopped_at IS NULL) = (stopped_because IS NULL))
) STRICT;
CREATE INDEX webhooks_by_challenge ON webhooks (challenge_id, id);
CREATE INDEX webhooks_in_use ON webhooks (next_attempt_at) WHERE stopped_at IS NULL;

CREATE TABLE webhook_deliveries (
  id text NOT NULL PRIMARY KEY,
  webhook_id text NOT NULL REFERENCES webhooks (id),
  -- The event, and how often it was tried, from 1.
  seq integer NOT NULL,
  attempt integer NOT NULL CHECK (attempt > 0),
  sent_at text NOT NULL,
  milliseconds integer NOT NULL CHECK (milliseconds >= 0),
  -- The status of the answer; absent where none came.
  status integer,
  -- Why it does not count as delivered; empty where it does.
  error text NOT NULL,
  CHECK (error <> '' OR status BETWEEN 200 AND 299)
) STRICT;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (sent_at);
