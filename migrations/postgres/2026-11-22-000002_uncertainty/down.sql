DROP INDEX phases_to_rank;
ALTER TABLE phases DROP COLUMN ranked_version;
DROP TABLE board_statistics;
DROP TABLE replicates;
