DROP TABLE trials;
ALTER TABLE imports ADD COLUMN trials jsonb NOT NULL DEFAULT '[]';
