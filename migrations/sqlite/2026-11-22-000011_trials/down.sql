DROP TABLE trials;
ALTER TABLE imports ADD COLUMN trials text NOT NULL DEFAULT '[]' CHECK (json_valid(trials));
