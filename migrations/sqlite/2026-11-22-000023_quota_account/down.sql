DROP TABLE submission_rules;
DROP TABLE quota_entries;
ALTER TABLE phases DROP COLUMN quota_per_week;
