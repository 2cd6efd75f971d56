-- A team goes into another one: proposed by its captain, accepted by the captain of the other.
CREATE TABLE team_mergers (
  id uuid NOT NULL PRIMARY KEY,
  from_team_id uuid NOT NULL REFERENCES teams (id),
  into_team_id uuid NOT NULL REFERENCES teams (id),
  proposed_by uuid NOT NULL REFERENCES users (id),
  proposed_at timestamptz NOT NULL,
  answered_by uuid REFERENCES users (id),
  answered_at timestamptz CHECK (answered_at >= proposed_at),
  answer text CHECK (answer IN ('accepted', 'declined', 'withdrawn')),
  CHECK (from_team_id <> into_team_id),
  CHECK ((answered_at IS NULL) = (answer IS NULL) AND (answered_by IS NULL) = (answer IS NULL))
);
-- A team proposes one merger at a time, and goes into one other team.
CREATE UNIQUE INDEX team_mergers_from_team_id_key ON team_mergers (from_team_id) WHERE answer IS NULL OR answer = 'accepted';
CREATE INDEX team_mergers_by_later ON team_mergers (into_team_id);

-- What a merger gave to another team, so that boards are read as they were, and records tell who sent what.
CREATE TABLE merged_submissions (
  submission_id uuid NOT NULL REFERENCES submissions (id),
  merger_id uuid NOT NULL REFERENCES team_mergers (id),
  PRIMARY KEY (submission_id, merger_id)
);
CREATE INDEX merged_submissions_by_merger ON merged_submissions (merger_id);

CREATE FUNCTION keep_team_mergers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.answer IS NOT NULL OR OLD.id <> NEW.id OR OLD.from_team_id <> NEW.from_team_id
    OR OLD.into_team_id <> NEW.into_team_id OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at THEN
    RAISE EXCEPTION 'refused: a merger is answered once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER team_mergers_are_answered_once BEFORE UPDATE ON team_mergers
  FOR EACH ROW EXECUTE FUNCTION keep_team_mergers();
CREATE TRIGGER team_mergers_are_not_deleted BEFORE DELETE ON team_mergers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER merged_submissions_are_append_only BEFORE UPDATE OR DELETE ON merged_submissions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_members_of_merged_teams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM team_mergers WHERE from_team_id = NEW.team_id AND answer = 'accepted') THEN
    RAISE EXCEPTION 'refused: nobody joins a team that went into another' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER memberships_are_of_teams_that_go_on BEFORE INSERT ON memberships
  FOR EACH ROW EXECUTE FUNCTION refuse_members_of_merged_teams();
