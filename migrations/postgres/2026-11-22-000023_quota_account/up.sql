ALTER TABLE phases ADD COLUMN quota_per_week integer CHECK (quota_per_week > 0);

-- The account of every quota: what was taken when a submission was accepted, what became final when it was evaluated, and
-- what was given back, by whom and why. The slots say how much is used; this says how it came to that.
CREATE TABLE quota_entries (
  submission_id uuid NOT NULL REFERENCES submissions (id),
  quota_window text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reserve', 'commit', 'refund')),
  phase_id uuid NOT NULL REFERENCES phases (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  -- Absent for the server itself.
  made_by uuid REFERENCES users (id),
  reason text NOT NULL,
  made_at timestamptz NOT NULL,
  -- Nothing is given back twice.
  PRIMARY KEY (submission_id, quota_window, kind),
  CHECK (kind <> 'refund' OR reason <> '')
);
CREATE INDEX quota_entries_by_team ON quota_entries (phase_id, team_id, made_at);

INSERT INTO quota_entries (submission_id, quota_window, kind, phase_id, team_id, made_by, reason, made_at)
  SELECT s.id, q.quota_window, 'reserve', q.phase_id, q.team_id, s.submitted_by, '', coalesce(s.received_at, s.created_at)
  FROM quota_slots q JOIN submissions s ON s.id = q.submission_id WHERE q.quota_window <> 'concurrent';
INSERT INTO quota_entries (submission_id, quota_window, kind, phase_id, team_id, made_by, reason, made_at)
  SELECT s.id, q.quota_window, 'commit', q.phase_id, q.team_id, NULL, s.state, s.finished_at
  FROM quota_slots q JOIN submissions s ON s.id = q.submission_id
  WHERE q.quota_window <> 'concurrent' AND s.finished_at IS NOT NULL;

CREATE TRIGGER quota_entries_are_append_only BEFORE UPDATE OR DELETE ON quota_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What a phase asks of submissions beyond what its evaluator reads; a phase without a row asks nothing.
CREATE TABLE submission_rules (
  phase_id uuid NOT NULL PRIMARY KEY REFERENCES phases (id),
  -- The endings of file names that are taken, in lower case without the dot; empty for all.
  file_types jsonb NOT NULL,
  -- Until then nobody but organizers learns whose an entry is, except of their own; absent for no such time.
  anonymous_until timestamptz,
  changed_by uuid REFERENCES users (id),
  changed_at timestamptz NOT NULL
);
