DROP TRIGGER memberships_are_of_teams_that_go_on;
DROP TABLE merged_submissions;
DROP TABLE team_mergers;
