-- The small integers by which clients of EvalAI name things; given once, for ever.
CREATE TABLE evalai_numbers (
  number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('challenge', 'phase', 'phase_split', 'participant_team', 'host_team', 'submission')),
  entity_id uuid NOT NULL,
  UNIQUE (kind, entity_id)
);
CREATE TRIGGER evalai_numbers_are_not_changed BEFORE UPDATE ON evalai_numbers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evalai_numbers_are_not_deleted BEFORE DELETE ON evalai_numbers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Teams as EvalAI knows them: a person's, before and across challenges.
CREATE TABLE evalai_teams (
  id uuid NOT NULL PRIMARY KEY,
  owner_id uuid NOT NULL REFERENCES users (id),
  purpose text NOT NULL CHECK (purpose IN ('participant', 'host')),
  name text NOT NULL,
  name_skeleton text NOT NULL,
  url text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (owner_id, purpose, name_skeleton)
);

-- As which team of a challenge such a team takes part there.
CREATE TABLE evalai_entries (
  evalai_team_id uuid NOT NULL REFERENCES evalai_teams (id),
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  team_id uuid NOT NULL UNIQUE REFERENCES teams (id),
  PRIMARY KEY (evalai_team_id, challenge_id)
);

-- Annotations whose bytes arrive in several requests.
CREATE TABLE annotation_uploads (
  id uuid NOT NULL PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  user_id uuid NOT NULL REFERENCES users (id),
  file_name text NOT NULL,
  length_bytes bigint NOT NULL CHECK (length_bytes >= 0),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX annotation_uploads_by_expiry ON annotation_uploads (expires_at);
CREATE INDEX annotation_uploads_by_person ON annotation_uploads (user_id);

-- The challenge whose organizers evaluate on machines of their own; absent for the server's own workers.
ALTER TABLE jobs ADD COLUMN remote_challenge_id uuid REFERENCES challenges (id);
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state = 'waiting' AND remote_challenge_id IS NULL;
CREATE INDEX jobs_waiting_elsewhere ON jobs (remote_challenge_id, priority, run_after, id)
  WHERE state = 'waiting' AND remote_challenge_id IS NOT NULL;
