-- Evaluations that count and were not compared with others yet; written with the scores.
CREATE TABLE unexamined (
  evaluation_id text NOT NULL PRIMARY KEY REFERENCES evaluations (id),
  submission_id text NOT NULL REFERENCES submissions (id)
) STRICT;
INSERT INTO unexamined (evaluation_id, submission_id)
  SELECT evaluation_id, id FROM submissions WHERE state = 'scored' AND evaluation_id IS NOT NULL;

-- What a submission is compared by.
CREATE TABLE examinations (
  evaluation_id text NOT NULL PRIMARY KEY REFERENCES evaluations (id),
  submission_id text NOT NULL REFERENCES submissions (id),
  phase_id text NOT NULL REFERENCES phases (id),
  team_id text NOT NULL REFERENCES teams (id),
  annotations_id text NOT NULL REFERENCES annotations (id),
  -- Of the predictions, whatever the order of records and the form of numbers.
  predictions text NOT NULL CHECK (length(predictions) = 64),
  -- What is kept of every item, where items can be told apart: 4 bytes for its answer, and whether that is right or how far off.
  fingerprint blob,
  examined_at text NOT NULL
) STRICT;
CREATE INDEX examinations_by_predictions ON examinations (phase_id, predictions);
CREATE INDEX examinations_by_team ON examinations (phase_id, team_id, submission_id);

-- What an organizer should look at: raised by the server, decided once by a person.
CREATE TABLE flags (
  id text NOT NULL PRIMARY KEY,
  phase_id text NOT NULL REFERENCES phases (id),
  kind text NOT NULL CHECK (kind IN ('exact_duplicate', 'near_duplicate', 'small_changes', 'constant_but_a_block')),
  -- The teams in the order of their ids; one for what a team did by itself.
  first_team_id text NOT NULL REFERENCES teams (id),
  second_team_id text REFERENCES teams (id),
  evidence text NOT NULL CHECK (json_valid(evidence)),
  raised_at text NOT NULL,
  decision text CHECK (decision IN ('dismissed', 'upheld')),
  reason text CHECK (reason <> ''),
  decided_by text REFERENCES users (id),
  decided_at text CHECK (decided_at >= raised_at),
  CHECK (second_team_id > first_team_id),
  CHECK ((kind IN ('exact_duplicate', 'near_duplicate')) = (second_team_id IS NOT NULL)),
  CHECK ((decision IS NULL) = (reason IS NULL)),
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((decision IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE INDEX flags_by_phase ON flags (phase_id, id);
-- What is waiting for a decision is not raised again.
CREATE UNIQUE INDEX flags_phase_id_kind_first_team_id_second_team_id_key
  ON flags (phase_id, kind, first_team_id, second_team_id) WHERE decision IS NULL AND second_team_id IS NOT NULL;
CREATE UNIQUE INDEX flags_phase_id_kind_first_team_id_key
  ON flags (phase_id, kind, first_team_id) WHERE decision IS NULL AND second_team_id IS NULL;

CREATE TABLE flag_submissions (
  flag_id text NOT NULL REFERENCES flags (id),
  submission_id text NOT NULL REFERENCES submissions (id),
  -- Whether the decision withdrew it, rather than its team before.
  withdrawn integer NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
  PRIMARY KEY (flag_id, submission_id)
) STRICT;
CREATE INDEX flag_submissions_by_submission ON flag_submissions (submission_id);

-- What a decision means for a team of the flag, and what the team said to it.
CREATE TABLE flag_teams (
  flag_id text NOT NULL REFERENCES flags (id),
  team_id text NOT NULL REFERENCES teams (id),
  -- Absent until the flag is upheld.
  consequence text CHECK (consequence IN ('none', 'withdrawn', 'disqualified')),
  appeal text CHECK (appeal <> ''),
  appealed_by text REFERENCES users (id),
  appealed_at text,
  outcome text CHECK (outcome IN ('confirmed', 'reversed')),
  answer text CHECK (answer <> ''),
  answered_by text REFERENCES users (id),
  answered_at text CHECK (answered_at >= appealed_at),
  PRIMARY KEY (flag_id, team_id),
  CHECK (appeal IS NULL OR consequence IS NOT NULL),
  CHECK ((appeal IS NULL) = (appealed_by IS NULL)),
  CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
  CHECK (outcome IS NULL OR appeal IS NOT NULL),
  CHECK ((outcome IS NULL) = (answer IS NULL)),
  CHECK ((outcome IS NULL) = (answered_by IS NULL)),
  CHECK ((outcome IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX flag_teams_by_team ON flag_teams (team_id);

-- A flag is decided once, and nothing else of it changes; a team appeals once and is answered once.
CREATE TRIGGER flags_are_decided_once BEFORE UPDATE ON flags
WHEN OLD.decision IS NOT NULL OR OLD.id <> NEW.id OR OLD.phase_id <> NEW.phase_id OR OLD.kind <> NEW.kind
  OR OLD.first_team_id <> NEW.first_team_id OR OLD.second_team_id IS NOT NEW.second_team_id
  OR OLD.evidence <> NEW.evidence OR OLD.raised_at <> NEW.raised_at
BEGIN SELECT RAISE(ABORT, 'refused: a flag is decided once'); END;
CREATE TRIGGER flags_are_not_deleted BEFORE DELETE ON flags
BEGIN SELECT RAISE(ABORT, 'refused: flags is append-only'); END;
CREATE TRIGGER flag_submissions_are_not_deleted BEFORE DELETE ON flag_submissions
BEGIN SELECT RAISE(ABORT, 'refused: flag_submissions is append-only'); END;
CREATE TRIGGER flag_teams_move_forward BEFORE UPDATE ON flag_teams
WHEN OLD.flag_id <> NEW.flag_id OR OLD.team_id <> NEW.team_id
  OR (OLD.consequence IS NOT NULL AND OLD.consequence IS NOT NEW.consequence)
  OR (OLD.appeal IS NOT NULL AND (OLD.appeal IS NOT NEW.appeal OR OLD.appealed_by IS NOT NEW.appealed_by
    OR OLD.appealed_at IS NOT NEW.appealed_at))
  OR (OLD.outcome IS NOT NULL AND (OLD.outcome IS NOT NEW.outcome OR OLD.answer IS NOT NEW.answer
    OR OLD.answered_by IS NOT NEW.answered_by OR OLD.answered_at IS NOT NEW.answered_at))
BEGIN SELECT RAISE(ABORT, 'refused: a team appeals once and is answered once'); END;
CREATE TRIGGER flag_teams_follow_decisions BEFORE UPDATE OF consequence ON flag_teams
WHEN NEW.consequence IS NOT NULL AND NOT EXISTS (SELECT 1 FROM flags WHERE id = NEW.flag_id AND decision = 'upheld')
BEGIN SELECT RAISE(ABORT, 'refused: only a flag that is upheld has consequences'); END;
CREATE TRIGGER flag_teams_are_not_deleted BEFORE DELETE ON flag_teams
BEGIN SELECT RAISE(ABORT, 'refused: flag_teams is append-only'); END;
