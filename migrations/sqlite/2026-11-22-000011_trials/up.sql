-- What a worker does with a program before anybody's submission meets it: place 0 builds its environment, the others
-- run what the organizers themselves would submit. Nobody's quota and no leaderboard knows of them.
CREATE TABLE trials (
  annotations_id text NOT NULL REFERENCES annotations (id),
  place integer NOT NULL CHECK (place >= 0),
  name text NOT NULL,
  -- What is submitted, in the store of annotations: a solution is as secret as they are.
  solution text CHECK (length(solution) = 64),
  -- Which tasks of the phase it is for, by their places.
  tasks text NOT NULL CHECK (json_valid(tasks)),
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL CHECK (max_attempts > 0),
  run_after text NOT NULL,
  lease_token text,
  lease_expires_at text,
  worker text,
  -- The packages with their versions, or the scores.
  result text CHECK (json_valid(result)),
  -- Why the last attempt failed, as a code and in the words of who failed.
  failure text,
  detail text,
  created_at text NOT NULL,
  started_at text,
  finished_at text,
  PRIMARY KEY (annotations_id, place),
  CHECK ((place = 0) = (solution IS NULL)),
  CHECK ((state = 'running') = (lease_token IS NOT NULL)),
  CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
  CHECK ((state = 'done') = (result IS NOT NULL)),
  CHECK (state <> 'failed' OR failure IS NOT NULL),
  CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL))
) STRICT;
CREATE INDEX trials_live ON trials (run_after) WHERE state IN ('waiting', 'running');
ALTER TABLE imports DROP COLUMN trials;
