ALTER TABLE attempts DROP COLUMN begun_at;
