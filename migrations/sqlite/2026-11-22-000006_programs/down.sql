DROP TABLE evaluation_environments;
DROP TABLE environments;
DROP TABLE imports;
