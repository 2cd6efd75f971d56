DROP TABLE flag_teams;
DROP FUNCTION keep_appeals;
DROP FUNCTION keep_consequences;
DROP TABLE flag_submissions;
DROP TABLE flags;
DROP FUNCTION keep_flags;
DROP TABLE examinations;
DROP TABLE unexamined;
