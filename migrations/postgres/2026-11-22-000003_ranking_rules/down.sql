ALTER TABLE phases DROP COLUMN published_at;
DROP TABLE results;
DROP TABLE releases;
DROP INDEX submissions_phase_id_team_id_choice_slot_key;
-- One choice each is left.
UPDATE submissions SET chosen_at = NULL WHERE choice_slot = 2;
ALTER TABLE submissions DROP COLUMN choice_slot;
CREATE UNIQUE INDEX submissions_phase_id_team_id_key ON submissions (phase_id, team_id) WHERE chosen_at IS NOT NULL;
DROP TABLE replicates;
CREATE TABLE replicates (
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  split_id uuid NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  vector bytea NOT NULL CHECK (length(vector) > 0 AND length(vector) % 8 = 0),
  PRIMARY KEY (evaluation_id, split_id, metric)
);
