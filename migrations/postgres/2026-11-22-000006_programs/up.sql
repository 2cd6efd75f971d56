-- Challenges that came as bundles of other systems, and under which name they are found when they come again.
CREATE TABLE imports (
  challenge_id uuid NOT NULL PRIMARY KEY REFERENCES challenges (id),
  -- `github:OWNER/REPOSITORY`, or what a person imports a title under.
  source text NOT NULL UNIQUE CHECK (source <> ''),
  origin text NOT NULL CHECK (origin IN ('eval_ai', 'codabench2', 'coda_lab15')),
  -- The files of the bundle as they came last, kept with the annotations.
  bundle text NOT NULL CHECK (length(bundle) = 64),
  -- The ids and names of its parts in the bundle.
  parts jsonb NOT NULL,
  -- What the organizers' own submissions in the bundle were scored.
  trials jsonb NOT NULL DEFAULT '[]',
  imported_by uuid NOT NULL REFERENCES users (id),
  imported_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL CHECK (updated_at >= imported_at)
);

-- What programs were run with: the interpreter and every package with its version.
CREATE TABLE environments (
  digest text NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
  contents jsonb NOT NULL,
  first_used_at timestamptz NOT NULL
);

-- Which of them made the scores of an evaluation.
CREATE TABLE evaluation_environments (
  evaluation_id uuid NOT NULL PRIMARY KEY REFERENCES evaluations (id),
  environment text NOT NULL REFERENCES environments (digest)
);
CREATE INDEX evaluation_environments_by_environment ON evaluation_environments (environment);
