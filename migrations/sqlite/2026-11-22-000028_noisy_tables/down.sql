DROP TABLE noisy_tables;
