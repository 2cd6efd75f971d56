-- The bootstrap replicates of a metric of an evaluation on a split: 8 bytes each, in the order of the split's draws.
CREATE TABLE replicates (
  evaluation_id text NOT NULL REFERENCES evaluations (id),
  split_id text NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  vector blob NOT NULL CHECK (length(vector) > 0 AND length(vector) % 8 = 0),
  PRIMARY KEY (evaluation_id, split_id, metric)
) STRICT;

-- What follows from the replicates of all entries of a board together: a function of them, kept for speed.
CREATE TABLE board_statistics (
  split_id text NOT NULL PRIMARY KEY REFERENCES splits (id),
  -- Of the phase's boards, when it was computed.
  board_version integer NOT NULL,
  computed_at text NOT NULL,
  statistics text NOT NULL CHECK (json_valid(statistics))
) STRICT;

-- The version of the phase's boards of which the statistics are known.
ALTER TABLE phases ADD COLUMN ranked_version integer NOT NULL DEFAULT 0;
CREATE INDEX phases_to_rank ON phases (updated_at) WHERE ranked_version < board_version;
