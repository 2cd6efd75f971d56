DROP TRIGGER memberships_are_of_teams_that_go_on ON memberships;
DROP FUNCTION refuse_members_of_merged_teams();
DROP TABLE merged_submissions;
DROP TABLE team_mergers;
DROP FUNCTION keep_team_mergers();
