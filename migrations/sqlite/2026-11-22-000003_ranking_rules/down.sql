DROP TABLE replicates;
CREATE TABLE replicates (
  evaluation_id text NOT NULL REFERENCES evaluations (id),
  split_id text NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  vector blob NOT NULL CHECK (length(vector) > 0 AND length(vector) % 8 = 0),
  PRIMARY KEY (evaluation_id, split_id, metric)
) STRICT;
