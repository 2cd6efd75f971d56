DROP TABLE noisy_tables;
DROP FUNCTION keep_to_the_privacy_budget();
