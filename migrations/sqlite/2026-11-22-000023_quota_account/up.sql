ALTER TABLE phases ADD COLUMN quota_per_week integer CHECK (quota_per_week > 0);

-- The account of every quota: what was taken when a submission was accepted, what became final when it was evaluated, and
-- what was given back, by whom and why. The slots say how much is used; this says how it came to that.
CREATE TABLE quota_entries (
  submission_id text NOT NULL REFERENCES submissions (id),
  quota_window text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reserve', 'commit', 'refund')),
  phase_id text NOT NULL REFERENCES phases (id),
  team_id text NOT NULL REFERENCES teams (id),
  -- Absent for the server itself.
  made_by text REFERENCES users (id),
  reason text NOT NULL,
  made_at text NOT NULL,
  -- Nothing is given back twice.
  PRIMARY KEY (submission_id, quota_window, kind),
  CHECK (kind <> 'refund' OR reason <> '')
) STRICT;
CREATE INDEX quota_entries_by_team ON quota_entries (phase_id, team_id, made_at);

INSERT INTO quota_entries (submission_id, quota_window, kind, phase_id, team_id, made_by, reason, made_at)
  SELECT s.id, q.quota_window, 'reserve', q.phase_id, q.team_id, s.submitted_by, '', coalesce(s.received_at, s.created_at)
  FROM quota_slots q JOIN submissions s ON s.id = q.submission_id WHERE q.quota_window <> 'concurrent';
INSERT INTO quota_entries (submission_id, quota_window, kind, phase_id, team_id, made_by, reason, made_at)
  SELECT s.id, q.quota_window, 'commit', q.phase_id, q.team_id, NULL, s.state, s.finished_at
  FROM quota_slots q JOIN submissions s ON s.id = q.submission_id
  WHERE q.quota_window <> 'concurrent' AND s.finished_at IS NOT NULL;

CREATE TRIGGER quota_entries_are_not_updated BEFORE UPDATE ON quota_entries
BEGIN SELECT RAISE(ABORT, 'refused: quota_entries is append-only'); END;
CREATE TRIGGER quota_entries_are_not_deleted BEFORE DELETE ON quota_entries
BEGIN SELECT RAISE(ABORT, 'refused: quota_entries is append-only'); END;

-- What a phase asks of submissions beyond what its evaluator reads; a phase without a row asks nothing.
CREATE TABLE submission_rules (
  phase_id text NOT NULL PRIMARY KEY REFERENCES phases (id),
  -- The endings of file names that are taken, in lower case without the dot; empty for all.
  file_types text NOT NULL CHECK (json_valid(file_types)),
  -- Until then nobody but organizers learns whose an entry is, except of their own; absent for no such time.
  anonymous_until text,
  changed_by text REFERENCES users (id),
  changed_at text NOT NULL
) STRICT;
