-- Replicates can be made again at any time from evidence. They say now also that there are none to be had, and the interval
-- of a share of few items, which replicates cannot give.
DROP TABLE replicates;
CREATE TABLE replicates (
  evaluation_id text NOT NULL REFERENCES evaluations (id),
  split_id text NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  -- 8 bytes each, in the order of the split's draws; empty where the uncertainty is not estimated.
  vector blob NOT NULL CHECK (length(vector) % 8 = 0),
  few_items_lower real,
  few_items_upper real,
  PRIMARY KEY (evaluation_id, split_id, metric),
  CHECK ((few_items_lower IS NULL) = (few_items_upper IS NULL))
) STRICT;
DELETE FROM board_statistics;
UPDATE phases SET ranked_version = 0;
