-- What stood on a phase's leaderboard when measures of activities were computed: which evidence of which submissions, under which
-- annotations and which framing. Its digest is its name.
CREATE TABLE kept_standings (
  digest text NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
  phase_id text NOT NULL REFERENCES phases (id),
  contents text NOT NULL CHECK (json_valid(contents)),
  kept_at text NOT NULL
) STRICT;
CREATE INDEX kept_standings_by_phase ON kept_standings (phase_id);

-- What measures say of it, kept once they are computed; the parameters are part of what was asked.
CREATE TABLE framing_measures (
  standing_digest text NOT NULL REFERENCES kept_standings (digest),
  measure text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  parameters_digest text NOT NULL CHECK (length(parameters_digest) = 64),
  parameters text NOT NULL CHECK (json_valid(parameters)),
  readings text NOT NULL,
  computed_at text NOT NULL,
  PRIMARY KEY (standing_digest, measure, version, parameters_digest)
) STRICT;

CREATE TRIGGER kept_standings_are_not_changed BEFORE UPDATE ON kept_standings
BEGIN SELECT RAISE(ABORT, 'refused: kept_standings is append-only'); END;
CREATE TRIGGER kept_standings_are_not_deleted BEFORE DELETE ON kept_standings
BEGIN SELECT RAISE(ABORT, 'refused: kept_standings is append-only'); END;
CREATE TRIGGER framing_measures_are_not_changed BEFORE UPDATE ON framing_measures
BEGIN SELECT RAISE(ABORT, 'refused: framing_measures is append-only'); END;
CREATE TRIGGER framing_measures_are_not_deleted BEFORE DELETE ON framing_measures
BEGIN SELECT RAISE(ABORT, 'refused: framing_measures is append-only'); END;
