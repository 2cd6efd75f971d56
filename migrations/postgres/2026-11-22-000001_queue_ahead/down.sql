DROP INDEX jobs_by_submission;
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state = 'waiting';
