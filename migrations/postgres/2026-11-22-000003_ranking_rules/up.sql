-- Replicates can be made again at any time from evidence. They say now also that there are none to be had, and the interval
-- of a share of few items, which replicates cannot give.
DROP TABLE replicates;
CREATE TABLE replicates (
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  split_id uuid NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  -- 8 bytes each, in the order of the split's draws; empty where the uncertainty is not estimated.
  vector bytea NOT NULL CHECK (length(vector) % 8 = 0),
  few_items_lower double precision,
  few_items_upper double precision,
  PRIMARY KEY (evaluation_id, split_id, metric),
  CHECK ((few_items_lower IS NULL) = (few_items_upper IS NULL))
);
DELETE FROM board_statistics;
UPDATE phases SET ranked_version = 0;

-- A team may choose up to two final submissions.
ALTER TABLE submissions ADD COLUMN choice_slot integer NOT NULL DEFAULT 1 CHECK (choice_slot IN (1, 2));
DROP INDEX submissions_phase_id_team_id_key;
CREATE UNIQUE INDEX submissions_phase_id_team_id_choice_slot_key ON submissions (phase_id, team_id, choice_slot) WHERE chosen_at IS NOT NULL;

-- What a team was told of its scores under a policy by which each answer depends on those before.
CREATE TABLE releases (
  split_id uuid NOT NULL REFERENCES splits (id),
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  annotations_id uuid NOT NULL REFERENCES annotations (id),
  team_id uuid NOT NULL REFERENCES teams (id),
  submission_id uuid NOT NULL REFERENCES submissions (id),
  -- Counts the answers that a team got on these annotations.
  step integer NOT NULL CHECK (step > 0),
  -- What was shown: the value of the ranking metric, or of an earlier submission where this one is no step forward.
  value double precision CHECK (value > -1.7976931348623157e308 AND value < 1.7976931348623157e308),
  is_new boolean NOT NULL,
  released_at timestamptz NOT NULL,
  PRIMARY KEY (split_id, evaluation_id),
  UNIQUE (split_id, annotations_id, team_id, step),
  CHECK (NOT is_new OR value IS NOT NULL)
);
CREATE INDEX releases_by_submission ON releases (submission_id);
CREATE TRIGGER releases_are_append_only BEFORE UPDATE OR DELETE ON releases
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The result of a phase: asked for by an organizer, worked out by a worker, and then fixed.
CREATE TABLE results (
  phase_id uuid NOT NULL REFERENCES phases (id),
  version integer NOT NULL CHECK (version > 0),
  requested_by uuid NOT NULL REFERENCES users (id),
  requested_at timestamptz NOT NULL,
  -- Why there is another version than the first.
  reason text NOT NULL CHECK (version = 1 OR reason <> ''),
  retires_splits boolean NOT NULL,
  -- Canonical JSON, its SHA-256, and a signature over it.
  record text,
  digest text CHECK (length(digest) = 64),
  signature text,
  published_at timestamptz,
  -- Why it could not be worked out.
  failure text,
  PRIMARY KEY (phase_id, version),
  CHECK ((record IS NULL) = (digest IS NULL)),
  CHECK ((record IS NULL) = (signature IS NULL)),
  CHECK ((record IS NULL) = (published_at IS NULL)),
  CHECK (record IS NULL OR failure IS NULL)
);
-- One at a time.
CREATE UNIQUE INDEX results_phase_id_key ON results (phase_id) WHERE record IS NULL AND failure IS NULL;
CREATE TRIGGER published_results_are_append_only BEFORE UPDATE ON results
  FOR EACH ROW WHEN (OLD.record IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER results_are_not_removed BEFORE DELETE ON results
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- When the result was published first: from then on nothing is withheld.
ALTER TABLE phases ADD COLUMN published_at timestamptz;
