-- The small integers by which clients of EvalAI name things; given once, for ever.
CREATE TABLE evalai_numbers (
  number integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  kind text NOT NULL CHECK (kind IN ('challenge', 'phase', 'phase_split', 'participant_team', 'host_team', 'submission')),
  entity_id text NOT NULL,
  UNIQUE (kind, entity_id)
) STRICT;
CREATE TRIGGER evalai_numbers_are_not_changed BEFORE UPDATE ON evalai_numbers
BEGIN SELECT RAISE(ABORT, 'refused: evalai_numbers is append-only'); END;
CREATE TRIGGER evalai_numbers_are_not_deleted BEFORE DELETE ON evalai_numbers
BEGIN SELECT RAISE(ABORT, 'refused: evalai_numbers is append-only'); END;

-- Teams as EvalAI knows them: a person's, before and across challenges.
CREATE TABLE evalai_teams (
  id text NOT NULL PRIMARY KEY,
  owner_id text NOT NULL REFERENCES users (id),
  purpose text NOT NULL CHECK (purpose IN ('participant', 'host')),
  name text NOT NULL,
  name_skeleton text NOT NULL,
  url text NOT NULL,
  created_at text NOT NULL,
  UNIQUE (owner_id, purpose, name_skeleton)
) STRICT;

-- As which team of a challenge such a team takes part there.
CREATE TABLE evalai_entries (
  evalai_team_id text NOT NULL REFERENCES evalai_teams (id),
  challenge_id text NOT NULL REFERENCES challenges (id),
  team_id text NOT NULL UNIQUE REFERENCES teams (id),
  PRIMARY KEY (evalai_team_id, challenge_id)
) STRICT;

-- Annotations whose bytes arrive in several requests.
CREATE TABLE annotation_uploads (
  id text NOT NULL PRIMARY KEY,
  phase_id text NOT NULL REFERENCES phases (id),
  user_id text NOT NULL REFERENCES users (id),
  file_name text NOT NULL,
  length_bytes integer NOT NULL CHECK (length_bytes >= 0),
  created_at text NOT NULL,
  expires_at text NOT NULL
) STRICT;
CREATE INDEX annotation_uploads_by_expiry ON annotation_uploads (expires_at);
CREATE INDEX annotation_uploads_by_person ON annotation_uploads (user_id);

-- The challenge whose organizers evaluate on machines of their own; absent for the server's own workers.
ALTER TABLE jobs ADD COLUMN remote_challenge_id text REFERENCES challenges (id);
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state = 'waiting' AND remote_challenge_id IS NULL;
CREATE INDEX jobs_waiting_elsewhere ON jobs (remote_challenge_id, priority, run_after, id)
  WHERE state = 'waiting' AND remote_challenge_id IS NOT NULL;
