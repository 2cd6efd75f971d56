-- The spine: people, challenges, submissions, evaluations, scores, and the event log.
-- What must always hold is written here first, as constraints and triggers, and in code second.

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text,
  site_role text NOT NULL CHECK (site_role IN ('member', 'researcher', 'admin')),
  email_verified_at timestamptz,
  -- Tokens of an older epoch are revoked.
  epoch integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz
);

CREATE TABLE affiliations (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  organization text NOT NULL,
  -- ISO 3166-1 alpha-2; absent means not disclosed.
  country text CHECK (length(country) = 2),
  starts_on text NOT NULL CHECK (length(starts_on) = 10),
  ends_on text CHECK (length(ends_on) = 10 AND ends_on >= starts_on),
  created_at timestamptz NOT NULL
);
CREATE INDEX affiliations_by_user ON affiliations (user_id);

-- A session is one signed-in device: a browser cookie, or a family of rotating refresh tokens.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  kind text NOT NULL CHECK (kind IN ('browser', 'refresh')),
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Every refresh token that was exchanged for a newer one: presenting it again means that it was stolen.
CREATE TABLE spent_tokens (
  token_hash text PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id),
  spent_at timestamptz NOT NULL
);
CREATE INDEX spent_tokens_by_session ON spent_tokens (session_id);

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  scopes text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

CREATE TABLE email_tokens (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  purpose text NOT NULL CHECK (purpose IN ('verify', 'reset')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX email_tokens_by_user ON email_tokens (user_id);

-- One row per creating request that named a key: written in the transaction that creates.
CREATE TABLE idempotency_keys (
  actor text NOT NULL,
  key text NOT NULL,
  action text NOT NULL,
  body_digest text NOT NULL,
  resource_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);

CREATE TABLE series (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  title text NOT NULL,
  description text NOT NULL,
  created_by uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL
);

CREATE TABLE challenges (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  series_id uuid REFERENCES series (id),
  edition text NOT NULL,
  title text NOT NULL,
  summary text NOT NULL,
  description text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
  team_max_size integer CHECK (team_max_size > 0),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  published_at timestamptz
);

CREATE TABLE organizers (
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  user_id uuid NOT NULL REFERENCES users (id),
  role text NOT NULL CHECK (role IN ('viewer', 'organizer', 'owner')),
  added_at timestamptz NOT NULL,
  PRIMARY KEY (challenge_id, user_id)
);

CREATE TABLE terms (
  id uuid PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  version integer NOT NULL CHECK (version > 0),
  text text NOT NULL,
  digest text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (challenge_id, version)
);

CREATE TABLE registrations (
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  user_id uuid NOT NULL REFERENCES users (id),
  -- The version of the terms that was accepted last; absent when there were none.
  terms_id uuid REFERENCES terms (id),
  registered_at timestamptz NOT NULL,
  accepted_at timestamptz,
  PRIMARY KEY (challenge_id, user_id)
);

CREATE TABLE phases (
  id uuid PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  codename text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  position integer NOT NULL,
  evaluator text NOT NULL,
  params jsonb NOT NULL,
  mode text NOT NULL CHECK (mode IN ('strict', 'reference')),
  opens_at timestamptz NOT NULL,
  closes_at timestamptz,
  quota_per_day integer CHECK (quota_per_day > 0),
  quota_per_month integer CHECK (quota_per_month > 0),
  quota_total integer CHECK (quota_total > 0),
  quota_concurrent integer CHECK (quota_concurrent > 0),
  upload_bytes bigint NOT NULL CHECK (upload_bytes > 0),
  limit_seconds integer NOT NULL CHECK (limit_seconds > 0),
  limit_memory_mib integer NOT NULL CHECK (limit_memory_mib > 0),
  ranking jsonb NOT NULL,
  final_choice text NOT NULL CHECK (final_choice IN ('best', 'latest', 'chosen')),
  attributes jsonb NOT NULL,
  leaderboard_public boolean NOT NULL,
  -- The secret that decides hash splits.
  split_salt text NOT NULL,
  -- Counts every change that a leaderboard could show: the ETag of the phase's leaderboards.
  board_version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (challenge_id, codename),
  CHECK (closes_at > opens_at)
);

CREATE TABLE splits (
  id uuid PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  codename text NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('public', 'private')),
  rule jsonb NOT NULL,
  position integer NOT NULL,
  UNIQUE (phase_id, codename)
);

CREATE TABLE annotations (
  id uuid PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  version integer NOT NULL CHECK (version > 0),
  -- Each table's name, file name, artifact digest and size.
  tables jsonb NOT NULL,
  -- Over the tables' digests: one name for the whole version.
  digest text NOT NULL,
  item_count integer NOT NULL CHECK (item_count > 0),
  group_count integer NOT NULL CHECK (group_count > 0),
  -- What is measured on it: name, label, unit, direction, digits, the ranking one first.
  metrics jsonb NOT NULL,
  note text NOT NULL,
  uploaded_by uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL,
  UNIQUE (phase_id, version)
);

CREATE TABLE teams (
  id uuid PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  name text NOT NULL,
  name_skeleton text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (challenge_id, name_skeleton)
);

CREATE TABLE team_names (
  team_id uuid NOT NULL REFERENCES teams (id),
  name text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (team_id, since)
);

CREATE TABLE memberships (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL REFERENCES teams (id),
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  user_id uuid NOT NULL REFERENCES users (id),
  role text NOT NULL CHECK (role IN ('captain', 'member')),
  joined_at timestamptz NOT NULL,
  left_at timestamptz CHECK (left_at >= joined_at)
);
-- One team per person and challenge, one captain per team, at any one time.
CREATE UNIQUE INDEX memberships_challenge_id_user_id_key ON memberships (challenge_id, user_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX memberships_team_id_key ON memberships (team_id) WHERE left_at IS NULL AND role = 'captain';
CREATE INDEX memberships_by_team ON memberships (team_id);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL REFERENCES teams (id),
  email_key text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  invited_by uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  answer text CHECK (answer IN ('accepted', 'declined', 'revoked'))
);
CREATE UNIQUE INDEX invitations_team_id_email_key_key ON invitations (team_id, email_key) WHERE answered_at IS NULL;
CREATE INDEX invitations_by_email ON invitations (email_key);

CREATE TABLE submissions (
  id uuid PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  submitted_by uuid NOT NULL REFERENCES users (id),
  state text NOT NULL CHECK (state IN ('uploading', 'queued', 'running', 'scored', 'invalid', 'failed', 'cancelled')),
  artifact text CHECK (length(artifact) = 64),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  file_name text NOT NULL,
  method jsonb NOT NULL,
  attributes jsonb NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('public', 'private')),
  is_baseline boolean NOT NULL,
  -- What is wrong with the file, as shown to the team; at most 50 faults.
  faults jsonb,
  fault_count integer NOT NULL DEFAULT 0,
  -- Why the evaluation failed, as a stable code.
  failure text,
  reruns integer NOT NULL DEFAULT 0,
  -- The evaluation whose scores count now.
  evaluation_id uuid,
  created_at timestamptz NOT NULL,
  received_at timestamptz,
  finished_at timestamptz,
  chosen_at timestamptz,
  withdrawn_at timestamptz,
  withdrawal_reason text,
  CHECK (state = 'uploading' OR state = 'cancelled' OR (artifact IS NOT NULL AND received_at IS NOT NULL)),
  CHECK (state <> 'scored' OR evaluation_id IS NOT NULL),
  CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);
CREATE INDEX submissions_by_team ON submissions (phase_id, team_id, id);
CREATE INDEX submissions_by_phase ON submissions (phase_id, id);
CREATE INDEX submissions_by_person ON submissions (submitted_by, id);
CREATE UNIQUE INDEX submissions_phase_id_team_id_key ON submissions (phase_id, team_id) WHERE chosen_at IS NOT NULL;

-- A slot of a quota window: the unique key makes it impossible to accept one too many.
CREATE TABLE quota_slots (
  phase_id uuid NOT NULL REFERENCES phases (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  quota_window text NOT NULL,
  slot integer NOT NULL CHECK (slot >= 0),
  submission_id uuid NOT NULL REFERENCES submissions (id),
  PRIMARY KEY (phase_id, team_id, quota_window, slot)
);
CREATE INDEX quota_slots_by_submission ON quota_slots (submission_id);

-- A resumable upload; how many bytes it has is asked from the artifact store.
CREATE TABLE uploads (
  id uuid PRIMARY KEY,
  submission_id uuid NOT NULL UNIQUE REFERENCES submissions (id),
  user_id uuid NOT NULL REFERENCES users (id),
  length_bytes bigint NOT NULL CHECK (length_bytes >= 0),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);
CREATE INDEX uploads_by_person ON uploads (user_id);

CREATE TABLE evaluations (
  id uuid PRIMARY KEY,
  submission_id uuid NOT NULL REFERENCES submissions (id),
  annotations_id uuid NOT NULL REFERENCES annotations (id),
  job_id uuid NOT NULL UNIQUE,
  evaluator text NOT NULL,
  evaluator_version text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('strict', 'reference')),
  params jsonb NOT NULL,
  evidence text NOT NULL CHECK (length(evidence) = 64),
  item_count integer NOT NULL,
  worker text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL
);
CREATE INDEX evaluations_by_submission ON evaluations (submission_id);

CREATE TABLE scores (
  submission_id uuid NOT NULL REFERENCES submissions (id),
  metric text NOT NULL,
  split_id uuid NOT NULL REFERENCES splits (id),
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  value double precision CHECK (value > -1.7976931348623157e308 AND value < 1.7976931348623157e308),
  -- Why there is no value, where the metric is undefined on the split.
  undefined text,
  PRIMARY KEY (submission_id, metric, split_id, evaluation_id),
  CHECK ((value IS NULL) <> (undefined IS NULL))
);
CREATE INDEX scores_by_evaluation ON scores (evaluation_id);

-- Which submission of a team stands on the leaderboard of a split: a function of scores, kept for speed.
CREATE TABLE standings (
  split_id uuid NOT NULL REFERENCES splits (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  phase_id uuid NOT NULL REFERENCES phases (id),
  submission_id uuid NOT NULL REFERENCES submissions (id),
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  scored_count integer NOT NULL CHECK (scored_count > 0),
  PRIMARY KEY (split_id, team_id)
);
CREATE INDEX standings_by_phase ON standings (phase_id);

CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('score', 'mail')),
  payload jsonb NOT NULL,
  submission_id uuid REFERENCES submissions (id),
  annotations_id uuid REFERENCES annotations (id),
  state text NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'dead', 'cancelled')),
  priority integer NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL CHECK (max_attempts > 0),
  run_after timestamptz NOT NULL,
  lease_token uuid,
  lease_expires_at timestamptz,
  worker text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
  CHECK ((state = 'leased') = (lease_expires_at IS NOT NULL)),
  CHECK (kind <> 'score' OR (submission_id IS NOT NULL AND annotations_id IS NOT NULL))
);
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease_expires_at) WHERE state = 'leased';
CREATE UNIQUE INDEX jobs_submission_id_annotations_id_key ON jobs (submission_id, annotations_id) WHERE state IN ('waiting', 'leased');

CREATE TABLE attempts (
  job_id uuid NOT NULL REFERENCES jobs (id),
  number integer NOT NULL CHECK (number > 0),
  worker text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('scored', 'invalid', 'failed', 'lost', 'returned', 'sent', 'cancelled')),
  -- For organizers and operators only.
  detail text,
  PRIMARY KEY (job_id, number)
);

CREATE TABLE events (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  challenge_id uuid,
  -- Canonical JSON, kept as text so that it is hashed as it stands.
  payload text NOT NULL,
  previous text NOT NULL UNIQUE,
  hash text NOT NULL UNIQUE
);
CREATE INDEX events_by_challenge ON events (challenge_id, seq);
CREATE INDEX events_by_subject ON events (subject, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused: % is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scores_are_append_only BEFORE UPDATE OR DELETE ON scores
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evaluations_are_append_only BEFORE UPDATE OR DELETE ON evaluations
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_states_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (
    (OLD.state = 'uploading' AND NEW.state IN ('queued', 'cancelled'))
    OR (OLD.state = 'queued' AND NEW.state IN ('running', 'cancelled', 'failed'))
    OR (OLD.state = 'running' AND NEW.state IN ('scored', 'invalid', 'failed', 'cancelled'))
    OR (OLD.state IN ('failed', 'invalid') AND NEW.state = 'queued' AND NEW.reruns = OLD.reruns + 1)
  ) THEN
    RAISE EXCEPTION 'refused: a submission cannot change its state that way' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER submissions_move_forward BEFORE UPDATE OF state ON submissions
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION keep_states_forward();
