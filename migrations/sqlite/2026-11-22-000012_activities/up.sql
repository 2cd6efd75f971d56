-- Which activities there are, in whose list, and how much of what is which: taxonomies, what one means in another, how whole
-- populations spend their days, datasets, and the activities of splits and datasets. What nobody says is said to be unsaid.

-- One version of a list of terms.
CREATE TABLE taxonomies (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  version text NOT NULL CHECK (version <> ''),
  title text NOT NULL CHECK (title <> ''),
  -- Where it was published.
  source text NOT NULL CHECK (source <> ''),
  licence text NOT NULL CHECK (licence <> ''),
  -- Whether nothing can be added to it.
  closed text NOT NULL CHECK (closed IN ('yes', 'no', 'not_disclosed')),
  effective_from text CHECK (length(effective_from) = 10),
  digest text NOT NULL CHECK (length(digest) = 64),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (name, version)
) STRICT;
CREATE TABLE taxonomy_terms (
  taxonomy_id text NOT NULL REFERENCES taxonomies (id),
  code text NOT NULL CHECK (code <> ''),
  position integer NOT NULL CHECK (position >= 0),
  title text NOT NULL CHECK (title <> ''),
  parent text CHECK (parent <> code),
  -- How the term came into the list.
  origin text NOT NULL CHECK (origin IN ('planned', 'ad_hoc', 'emergent', 'imported', 'not_disclosed')),
  PRIMARY KEY (taxonomy_id, code),
  UNIQUE (taxonomy_id, position),
  -- A term may stand before the one that it lies inside.
  FOREIGN KEY (taxonomy_id, parent) REFERENCES taxonomy_terms (taxonomy_id, code) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What the terms of one taxonomy mean in another, as somebody sees it.
CREATE TABLE mappings (
  id text NOT NULL PRIMARY KEY,
  from_taxonomy_id text NOT NULL REFERENCES taxonomies (id),
  to_taxonomy_id text NOT NULL REFERENCES taxonomies (id),
  version text NOT NULL CHECK (version <> ''),
  source text NOT NULL CHECK (source <> ''),
  digest text NOT NULL CHECK (length(digest) = 64),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (from_taxonomy_id, to_taxonomy_id, version),
  UNIQUE (id, from_taxonomy_id),
  UNIQUE (id, to_taxonomy_id),
  CHECK (from_taxonomy_id <> to_taxonomy_id)
) STRICT;
CREATE TABLE mapped_terms (
  mapping_id text NOT NULL,
  from_taxonomy_id text NOT NULL,
  code text NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  relation text NOT NULL CHECK (relation IN ('exactMatch', 'closeMatch', 'broadMatch', 'narrowMatch', 'relatedMatch')),
  -- What fixes the class of the term; without it there are no bounds.
  determinacy text NOT NULL CHECK (determinacy IN ('label', 'purpose', 'travel_purpose', 'context_only', 'agent',
    'unmappable')),
  PRIMARY KEY (mapping_id, code),
  UNIQUE (mapping_id, position),
  FOREIGN KEY (mapping_id, from_taxonomy_id) REFERENCES mappings (id, from_taxonomy_id),
  FOREIGN KEY (from_taxonomy_id, code) REFERENCES taxonomy_terms (taxonomy_id, code)
) STRICT;
CREATE TABLE mapping_candidates (
  mapping_id text NOT NULL,
  code text NOT NULL,
  to_taxonomy_id text NOT NULL,
  to_code text NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  weight real NOT NULL,
  least real NOT NULL CHECK (least >= 0),
  most real NOT NULL CHECK (most <= 1),
  PRIMARY KEY (mapping_id, code, to_code),
  CHECK (least <= weight AND weight <= most),
  FOREIGN KEY (mapping_id, code) REFERENCES mapped_terms (mapping_id, code),
  FOREIGN KEY (mapping_id, to_taxonomy_id) REFERENCES mappings (id, to_taxonomy_id),
  FOREIGN KEY (to_taxonomy_id, to_code) REFERENCES taxonomy_terms (taxonomy_id, code)
) STRICT;

-- How a population spends an average day, by major division of ICATUS 2016; 2 and 3 are one class.
CREATE TABLE reference_populations (
  id text NOT NULL PRIMARY KEY,
  source text NOT NULL CHECK (source <> ''),
  country text NOT NULL CHECK (length(country) = 2),
  years text NOT NULL CHECK (years <> ''),
  age text NOT NULL,
  sex text NOT NULL,
  -- The minutes of class 9 that are sleep, where the source says it.
  sleep real CHECK (sleep >= 0 AND sleep <= 1440),
  unclear real NOT NULL CHECK (unclear >= 0 AND unclear <= 1440),
  citation text NOT NULL CHECK (citation <> ''),
  licence text NOT NULL CHECK (licence <> ''),
  digest text NOT NULL CHECK (length(digest) = 64),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (source, country, years, age, sex)
) STRICT;
CREATE TABLE reference_minutes (
  population_id text NOT NULL REFERENCES reference_populations (id),
  class text NOT NULL CHECK (class IN ('1', '2-3', '4', '5', '6', '7', '8', '9')),
  minutes real NOT NULL CHECK (minutes >= 0 AND minutes <= 1440),
  PRIMARY KEY (population_id, class)
) STRICT;

-- What was collected, whoever competes on it.
CREATE TABLE datasets (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (name <> ''),
  title text NOT NULL CHECK (title <> ''),
  -- What it says that it shows, in its own words.
  conceptualization text NOT NULL,
  licence text NOT NULL CHECK (licence <> ''),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL
) STRICT;
CREATE TABLE dataset_versions (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL REFERENCES datasets (id),
  version text NOT NULL CHECK (version <> ''),
  -- Absent where nobody says when.
  released_on text CHECK (length(released_on) = 10),
  change_class text NOT NULL CHECK (change_class IN ('major', 'minor', 'patch', 'not_disclosed')),
  parent_id text,
  content_digest text CHECK (length(content_digest) = 64),
  hours real CHECK (hours >= 0),
  instances integer CHECK (instances >= 0),
  participants integer CHECK (participants >= 0),
  countries integer CHECK (countries >= 0),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (dataset_id, version),
  UNIQUE (id, dataset_id),
  FOREIGN KEY (parent_id, dataset_id) REFERENCES dataset_versions (id, dataset_id),
  CHECK (parent_id <> id)
) STRICT;

-- How much of a split, or of a dataset, is which activity. It goes when its split goes.
CREATE TABLE activity_profiles (
  id text NOT NULL PRIMARY KEY,
  split_id text REFERENCES splits (id) ON DELETE CASCADE,
  dataset_version_id text REFERENCES dataset_versions (id),
  taxonomy_id text NOT NULL REFERENCES taxonomies (id),
  unit text NOT NULL CHECK (unit IN ('hours', 'instances', 'score_weight')),
  method text NOT NULL CHECK (method IN ('counted', 'estimated', 'published', 'not_disclosed')),
  source text NOT NULL CHECK (source <> ''),
  -- The activities of what is held out are told to everybody only where somebody says so.
  is_public integer NOT NULL CHECK (is_public IN (0, 1)),
  digest text NOT NULL CHECK (length(digest) = 64),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (id, taxonomy_id),
  CHECK ((split_id IS NULL) <> (dataset_version_id IS NULL))
) STRICT;
CREATE INDEX activity_profiles_by_split ON activity_profiles (split_id, id);
CREATE INDEX activity_profiles_by_dataset ON activity_profiles (dataset_version_id, id);
CREATE TABLE activity_shares (
  profile_id text NOT NULL,
  taxonomy_id text NOT NULL,
  code text NOT NULL,
  share real NOT NULL CHECK (share >= 0 AND share <= 1),
  PRIMARY KEY (profile_id, code),
  FOREIGN KEY (profile_id, taxonomy_id) REFERENCES activity_profiles (id, taxonomy_id) ON DELETE CASCADE,
  FOREIGN KEY (taxonomy_id, code) REFERENCES taxonomy_terms (taxonomy_id, code)
) STRICT;

-- The parts are at most the whole; sums of decimal fractions are not exact.
CREATE TRIGGER activity_shares_are_at_most_the_whole AFTER INSERT ON activity_shares
WHEN (SELECT sum(share) FROM activity_shares WHERE profile_id = NEW.profile_id) > 1.000000001
BEGIN SELECT RAISE(ABORT, 'refused: the shares are more than the whole'); END;

-- A record is corrected by another one, never changed.
CREATE TRIGGER taxonomies_are_not_updated BEFORE UPDATE ON taxonomies
BEGIN SELECT RAISE(ABORT, 'refused: taxonomies is append-only'); END;
CREATE TRIGGER taxonomies_are_not_deleted BEFORE DELETE ON taxonomies
BEGIN SELECT RAISE(ABORT, 'refused: taxonomies is append-only'); END;
CREATE TRIGGER taxonomy_terms_are_not_updated BEFORE UPDATE ON taxonomy_terms
BEGIN SELECT RAISE(ABORT, 'refused: taxonomy_terms is append-only'); END;
CREATE TRIGGER taxonomy_terms_are_not_deleted BEFORE DELETE ON taxonomy_terms
BEGIN SELECT RAISE(ABORT, 'refused: taxonomy_terms is append-only'); END;
CREATE TRIGGER mappings_are_not_updated BEFORE UPDATE ON mappings
BEGIN SELECT RAISE(ABORT, 'refused: mappings is append-only'); END;
CREATE TRIGGER mappings_are_not_deleted BEFORE DELETE ON mappings
BEGIN SELECT RAISE(ABORT, 'refused: mappings is append-only'); END;
CREATE TRIGGER mapped_terms_are_not_updated BEFORE UPDATE ON mapped_terms
BEGIN SELECT RAISE(ABORT, 'refused: mapped_terms is append-only'); END;
CREATE TRIGGER mapped_terms_are_not_deleted BEFORE DELETE ON mapped_terms
BEGIN SELECT RAISE(ABORT, 'refused: mapped_terms is append-only'); END;
CREATE TRIGGER mapping_candidates_are_not_updated BEFORE UPDATE ON mapping_candidates
BEGIN SELECT RAISE(ABORT, 'refused: mapping_candidates is append-only'); END;
CREATE TRIGGER mapping_candidates_are_not_deleted BEFORE DELETE ON mapping_candidates
BEGIN SELECT RAISE(ABORT, 'refused: mapping_candidates is append-only'); END;
CREATE TRIGGER reference_populations_are_not_updated BEFORE UPDATE ON reference_populations
BEGIN SELECT RAISE(ABORT, 'refused: reference_populations is append-only'); END;
CREATE TRIGGER reference_populations_are_not_deleted BEFORE DELETE ON reference_populations
BEGIN SELECT RAISE(ABORT, 'refused: reference_populations is append-only'); END;
CREATE TRIGGER reference_minutes_are_not_updated BEFORE UPDATE ON reference_minutes
BEGIN SELECT RAISE(ABORT, 'refused: reference_minutes is append-only'); END;
CREATE TRIGGER reference_minutes_are_not_deleted BEFORE DELETE ON reference_minutes
BEGIN SELECT RAISE(ABORT, 'refused: reference_minutes is append-only'); END;
CREATE TRIGGER datasets_are_not_updated BEFORE UPDATE ON datasets
BEGIN SELECT RAISE(ABORT, 'refused: datasets is append-only'); END;
CREATE TRIGGER datasets_are_not_deleted BEFORE DELETE ON datasets
BEGIN SELECT RAISE(ABORT, 'refused: datasets is append-only'); END;
CREATE TRIGGER dataset_versions_are_not_updated BEFORE UPDATE ON dataset_versions
BEGIN SELECT RAISE(ABORT, 'refused: dataset_versions is append-only'); END;
CREATE TRIGGER dataset_versions_are_not_deleted BEFORE DELETE ON dataset_versions
BEGIN SELECT RAISE(ABORT, 'refused: dataset_versions is append-only'); END;
CREATE TRIGGER activity_profiles_are_not_updated BEFORE UPDATE ON activity_profiles
BEGIN SELECT RAISE(ABORT, 'refused: activity_profiles is append-only'); END;
CREATE TRIGGER activity_shares_are_not_updated BEFORE UPDATE ON activity_shares
BEGIN SELECT RAISE(ABORT, 'refused: activity_shares is append-only'); END;
