DROP TABLE flag_teams;
DROP TABLE flag_submissions;
DROP TABLE flags;
DROP TABLE examinations;
DROP TABLE unexamined;
