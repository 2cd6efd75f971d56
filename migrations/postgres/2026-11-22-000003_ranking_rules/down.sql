DROP TABLE replicates;
CREATE TABLE replicates (
  evaluation_id uuid NOT NULL REFERENCES evaluations (id),
  split_id uuid NOT NULL REFERENCES splits (id),
  metric text NOT NULL,
  vector bytea NOT NULL CHECK (length(vector) > 0 AND length(vector) % 8 = 0),
  PRIMARY KEY (evaluation_id, split_id, metric)
);
