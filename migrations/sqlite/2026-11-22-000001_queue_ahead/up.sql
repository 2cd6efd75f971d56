-- Counting the jobs ahead of one reads this index alone; without the state in it, every row was looked up besides.
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id, state) WHERE state = 'waiting';
