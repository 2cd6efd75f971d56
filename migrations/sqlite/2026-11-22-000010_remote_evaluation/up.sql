-- When a machine of the organizers said that it had begun what it took; the server's own workers begin at once.
ALTER TABLE attempts ADD COLUMN begun_at text;
