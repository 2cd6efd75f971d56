DROP INDEX jobs_waiting_elsewhere;
DROP INDEX jobs_waiting;
ALTER TABLE jobs DROP COLUMN remote_challenge_id;
CREATE INDEX jobs_waiting ON jobs (priority, run_after, id) WHERE state = 'waiting';
DROP TABLE annotation_uploads;
DROP TABLE evalai_entries;
DROP TABLE evalai_teams;
DROP TABLE evalai_numbers;
