-- Counts that were published with noise, and what each took of the year's privacy budget of its table: a thousandth at a time.
CREATE TABLE noisy_tables (
  id uuid NOT NULL PRIMARY KEY,
  snapshot_id uuid NOT NULL REFERENCES participation_snapshots (id),
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  code text NOT NULL CHECK (code IN ('people_by_sector', 'people_by_career_stage')),
  year integer NOT NULL,
  -- From 1 in every year, so that two at one moment cannot both be the last one that the budget has room for.
  release_number integer NOT NULL CHECK (release_number > 0),
  epsilon_milli integer NOT NULL CHECK (epsilon_milli BETWEEN 1 AND 1000),
  contents jsonb NOT NULL,
  made_by uuid NOT NULL REFERENCES users (id),
  made_at timestamptz NOT NULL,
  UNIQUE (challenge_id, code, year, release_number)
);
CREATE FUNCTION keep_to_the_privacy_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epsilon_milli + (SELECT coalesce(sum(epsilon_milli), 0) FROM noisy_tables
    WHERE challenge_id = NEW.challenge_id AND code = NEW.code AND year = NEW.year) > 1000 THEN
    RAISE EXCEPTION 'refused: the privacy budget of the year is spent' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER noisy_tables_keep_to_the_budget BEFORE INSERT ON noisy_tables
  FOR EACH ROW EXECUTE FUNCTION keep_to_the_privacy_budget();
CREATE TRIGGER noisy_tables_are_append_only BEFORE UPDATE OR DELETE ON noisy_tables
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
