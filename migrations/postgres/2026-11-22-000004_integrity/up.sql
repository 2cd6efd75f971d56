-- Evaluations that count and were not compared with others yet; written with the scores.
CREATE TABLE unexamined (
  evaluation_id uuid NOT NULL PRIMARY KEY REFERENCES evaluations (id),
  submission_id uuid NOT NULL REFERENCES submissions (id)
);
INSERT INTO unexamined (evaluation_id, submission_id)
  SELECT evaluation_id, id FROM submissions WHERE state = 'scored' AND evaluation_id IS NOT NULL;

-- What a submission is compared by.
CREATE TABLE examinations (
  evaluation_id uuid NOT NULL PRIMARY KEY REFERENCES evaluations (id),
  submission_id uuid NOT NULL REFERENCES submissions (id),
  phase_id uuid NOT NULL REFERENCES phases (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  annotations_id uuid NOT NULL REFERENCES annotations (id),
  -- Of the predictions, whatever the order of records and the form of numbers.
  predictions text NOT NULL CHECK (length(predictions) = 64),
  -- What is kept of every item, where items can be told apart: 4 bytes for its answer, and whether that is right or how far off.
  fingerprint bytea,
  examined_at timestamptz NOT NULL
);
CREATE INDEX examinations_by_predictions ON examinations (phase_id, predictions);
CREATE INDEX examinations_by_team ON examinations (phase_id, team_id, submission_id);

-- What an organizer should look at: raised by the server, decided once by a person.
CREATE TABLE flags (
  id uuid NOT NULL PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  kind text NOT NULL CHECK (kind IN ('exact_duplicate', 'near_duplicate', 'small_changes', 'constant_but_a_block')),
  -- The teams in the order of their ids; one for what a team did by itself.
  first_team_id uuid NOT NULL REFERENCES teams (id),
  second_team_id uuid REFERENCES teams (id),
  evidence jsonb NOT NULL,
  raised_at timestamptz NOT NULL,
  decision text CHECK (decision IN ('dismissed', 'upheld')),
  reason text CHECK (reason <> ''),
  decided_by uuid REFERENCES users (id),
  decided_at timestamptz CHECK (decided_at >= raised_at),
  CHECK (second_team_id > first_team_id),
  CHECK ((kind IN ('exact_duplicate', 'near_duplicate')) = (second_team_id IS NOT NULL)),
  CHECK ((decision IS NULL) = (reason IS NULL)),
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX flags_by_phase ON flags (phase_id, id);
-- What is waiting for a decision is not raised again.
CREATE UNIQUE INDEX flags_phase_id_kind_first_team_id_second_team_id_key
  ON flags (phase_id, kind, first_team_id, second_team_id) WHERE decision IS NULL AND second_team_id IS NOT NULL;
CREATE UNIQUE INDEX flags_phase_id_kind_first_team_id_key
  ON flags (phase_id, kind, first_team_id) WHERE decision IS NULL AND second_team_id IS NULL;

CREATE TABLE flag_submissions (
  flag_id uuid NOT NULL REFERENCES flags (id),
  submission_id uuid NOT NULL REFERENCES submissions (id),
  -- Whether the decision withdrew it, rather than its team before.
  withdrawn boolean NOT NULL DEFAULT FALSE,
  PRIMARY KEY (flag_id, submission_id)
);
CREATE INDEX flag_submissions_by_submission ON flag_submissions (submission_id);

-- What a decision means for a team of the flag, and what the team said to it.
CREATE TABLE flag_teams (
  flag_id uuid NOT NULL REFERENCES flags (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  -- Absent until the flag is upheld.
  consequence text CHECK (consequence IN ('none', 'withdrawn', 'disqualified')),
  appeal text CHECK (appeal <> ''),
  appealed_by uuid REFERENCES users (id),
  appealed_at timestamptz,
  outcome text CHECK (outcome IN ('confirmed', 'reversed')),
  answer text CHECK (answer <> ''),
  answered_by uuid REFERENCES users (id),
  answered_at timestamptz CHECK (answered_at >= appealed_at),
  PRIMARY KEY (flag_id, team_id),
  CHECK (appeal IS NULL OR consequence IS NOT NULL),
  CHECK ((appeal IS NULL) = (appealed_by IS NULL)),
  CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
  CHECK (outcome IS NULL OR appeal IS NOT NULL),
  CHECK ((outcome IS NULL) = (answer IS NULL)),
  CHECK ((outcome IS NULL) = (answered_by IS NULL)),
  CHECK ((outcome IS NULL) = (answered_at IS NULL))
);
CREATE INDEX flag_teams_by_team ON flag_teams (team_id);

-- A flag is decided once, and nothing else of it changes; a team appeals once and is answered once.
CREATE FUNCTION keep_flags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused: a flag is decided once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER flags_are_decided_once BEFORE UPDATE ON flags FOR EACH ROW
  WHEN (OLD.decision IS NOT NULL OR OLD.id <> NEW.id OR OLD.phase_id <> NEW.phase_id OR OLD.kind <> NEW.kind
    OR OLD.first_team_id <> NEW.first_team_id OR OLD.second_team_id IS DISTINCT FROM NEW.second_team_id
    OR OLD.evidence <> NEW.evidence OR OLD.raised_at <> NEW.raised_at)
  EXECUTE FUNCTION keep_flags();
CREATE TRIGGER flags_are_not_deleted BEFORE DELETE ON flags
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER flag_submissions_are_not_deleted BEFORE DELETE ON flag_submissions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION keep_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused: a team appeals once and is answered once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER flag_teams_move_forward BEFORE UPDATE ON flag_teams FOR EACH ROW
  WHEN (OLD.flag_id <> NEW.flag_id OR OLD.team_id <> NEW.team_id
    OR (OLD.consequence IS NOT NULL AND OLD.consequence IS DISTINCT FROM NEW.consequence)
    OR (OLD.appeal IS NOT NULL AND (OLD.appeal, OLD.appealed_by, OLD.appealed_at)
      IS DISTINCT FROM (NEW.appeal, NEW.appealed_by, NEW.appealed_at))
    OR (OLD.outcome IS NOT NULL AND (OLD.outcome, OLD.answer, OLD.answered_by, OLD.answered_at)
      IS DISTINCT FROM (NEW.outcome, NEW.answer, NEW.answered_by, NEW.answered_at)))
  EXECUTE FUNCTION keep_appeals();
CREATE FUNCTION keep_consequences() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM flags WHERE id = NEW.flag_id AND decision = 'upheld') THEN
    RAISE EXCEPTION 'refused: only a flag that is upheld has consequences' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER flag_teams_follow_decisions BEFORE UPDATE OF consequence ON flag_teams
  FOR EACH ROW WHEN (NEW.consequence IS NOT NULL) EXECUTE FUNCTION keep_consequences();
CREATE TRIGGER flag_teams_are_not_deleted BEFORE DELETE ON flag_teams
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
