-- Counting the jobs ahead of one reads this index alone; without the state in it, every row was looked up besides.
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id, state) WHERE state = 'waiting';
-- The unique index over live jobs serves no query that asks for one state: SQLite does not see that it could.
CREATE INDEX jobs_by_submission ON jobs (submission_id);
