-- Who takes part: what people say of themselves, what they consent to, which team came from which, who asked for the data,
-- and what researchers were given. Nobody's name is in here; an erased person keeps an id and nothing that leads to them.

-- How much of a person an affiliation stands for, and as what. Nothing is inferred: what is not told is undisclosed.
ALTER TABLE affiliations ADD COLUMN ror text CHECK (length(ror) = 9);
ALTER TABLE affiliations ADD COLUMN role text NOT NULL DEFAULT 'undisclosed'
  CHECK (role IN ('employee', 'student', 'intern', 'visiting', 'joint', 'contractor', 'alumni', 'undisclosed'));
ALTER TABLE affiliations ADD COLUMN career_stage text NOT NULL DEFAULT 'undisclosed'
  CHECK (career_stage IN ('bachelor_student', 'master_student', 'doctoral_student', 'postdoc', 'faculty', 'research_staff',
    'industry_researcher', 'industry_engineer', 'hobbyist', 'retired', 'undisclosed'));
ALTER TABLE affiliations ADD COLUMN weight real NOT NULL DEFAULT 1.0 CHECK (weight > 0 AND weight <= 1);
-- Affiliations that overlapped before there were weights share the person: of those that hold on a day each overlaps all others.
UPDATE affiliations SET weight = 1.0 / (
  SELECT count(*) FROM affiliations AS other WHERE other.user_id = affiliations.user_id
    AND (other.ends_on IS NULL OR other.ends_on >= affiliations.starts_on)
    AND (affiliations.ends_on IS NULL OR affiliations.ends_on >= other.starts_on));

-- What makes somebody findable in research data: the secret that their pseudonyms are made with.
CREATE TABLE people (
  user_id text NOT NULL PRIMARY KEY REFERENCES users (id),
  orcid text UNIQUE CHECK (length(orcid) = 19),
  secret blob CHECK (length(secret) = 32),
  erased_at text,
  CHECK ((secret IS NULL) = (erased_at IS NOT NULL)),
  CHECK (erased_at IS NULL OR orcid IS NULL)
) STRICT;

-- What lists say of organizations, which are known by their ROR id or, without one, by their name.
CREATE TABLE organization_classes (
  organization text NOT NULL CHECK (organization <> ''),
  scheme text NOT NULL CHECK (scheme IN ('sector', 'ror_type', 'big_tech')),
  list_version text NOT NULL CHECK (list_version <> ''),
  starts_on text NOT NULL CHECK (length(starts_on) = 10),
  ends_on text CHECK (length(ends_on) = 10 AND ends_on >= starts_on),
  code text NOT NULL CHECK (code <> ''),
  source text NOT NULL,
  recorded_at text NOT NULL,
  PRIMARY KEY (organization, scheme, list_version, starts_on)
) STRICT;

-- The texts that people consent to, word for word.
CREATE TABLE consent_texts (
  purpose text NOT NULL CHECK (purpose IN ('public_name', 'aggregate_stats', 'research_pseudonymous', 'research_identified',
    'link_external', 'interview_contact', 'archive')),
  version integer NOT NULL CHECK (version > 0),
  locale text NOT NULL,
  body text NOT NULL,
  digest text NOT NULL CHECK (length(digest) = 64),
  effective_from text NOT NULL,
  PRIMARY KEY (purpose, version, locale)
) STRICT;

CREATE TABLE consents (
  id text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  purpose text NOT NULL,
  version integer NOT NULL,
  locale text NOT NULL,
  method text NOT NULL CHECK (method IN ('web_form', 'api', 'paper', 'imported')),
  given_at text NOT NULL,
  withdrawn_at text CHECK (withdrawn_at >= given_at),
  FOREIGN KEY (purpose, version, locale) REFERENCES consent_texts (purpose, version, locale)
) STRICT;
-- One consent per person and purpose at any one time.
CREATE UNIQUE INDEX consents_user_id_purpose_key ON consents (user_id, purpose) WHERE withdrawn_at IS NULL;

-- How a team came to a challenge, as it says itself.
CREATE TABLE team_entries (
  team_id text NOT NULL PRIMARY KEY REFERENCES teams (id),
  organizer_relation text NOT NULL CHECK (organizer_relation IN ('none', 'same_organization', 'consortium_institution',
    'organizer_or_coauthor', 'former', 'undisclosed')),
  discovered_via text NOT NULL CHECK (discovered_via IN ('internal_circulation', 'paper', 'workshop', 'previous_edition',
    'dataset_use', 'social_media', 'course', 'supervisor', 'search', 'invited_by_organizer', 'other', 'undisclosed')),
  method_origin text NOT NULL CHECK (method_origin IN ('predates_benchmark', 'ported_from_other_benchmark',
    'built_for_this_task', 'organizer_baseline', 'ensemble_of_prior_entries', 'undisclosed')),
  compute_band text NOT NULL CHECK (compute_band IN ('under_1_gpu_day', '1_10_gpu_days', '10_100_gpu_days',
    'over_100_gpu_days', 'undisclosed')),
  related_work_since text CHECK (length(related_work_since) = 10),
  answered_by text NOT NULL REFERENCES users (id),
  answered_at text NOT NULL
) STRICT;
CREATE TABLE team_entry_reasons (
  team_id text NOT NULL REFERENCES team_entries (team_id),
  reason text NOT NULL CHECK (reason IN ('evaluate_prior_work', 'develop_new_method', 'compare_with_field', 'prize',
    'publication', 'employer_product', 'learning', 'thesis_or_course', 'reputation', 'curiosity')),
  position integer NOT NULL CHECK (position > 0),
  PRIMARY KEY (team_id, reason),
  UNIQUE (team_id, position)
) STRICT;

-- Which team came from which, within a challenge and across the editions of a series.
CREATE TABLE team_lineages (
  from_team_id text NOT NULL REFERENCES teams (id),
  to_team_id text NOT NULL REFERENCES teams (id),
  kind text NOT NULL CHECK (kind IN ('continuation', 'merge', 'split', 'rename', 'spin_off')),
  at text NOT NULL,
  recorded_by text NOT NULL REFERENCES users (id),
  recorded_at text NOT NULL,
  PRIMARY KEY (from_team_id, to_team_id, kind),
  CHECK (from_team_id <> to_team_id),
  CHECK (at <= recorded_at)
) STRICT;
CREATE INDEX team_lineages_by_later ON team_lineages (to_team_id);

-- Who asked for the data of a challenge, and what was answered.
CREATE TABLE access_requests (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  user_id text NOT NULL REFERENCES users (id),
  -- Of the person on the day of the request, where it is told.
  country text CHECK (length(country) = 2),
  licence_version text NOT NULL,
  requested_at text NOT NULL,
  decision text CHECK (decision IN ('granted', 'refused')),
  refusal_reason text,
  decided_by text REFERENCES users (id),
  decided_at text CHECK (decided_at >= requested_at),
  expires_at text CHECK (expires_at > decided_at),
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CHECK (coalesce(decision, '') = 'refused' OR refusal_reason IS NULL),
  CHECK (coalesce(decision, '') <> 'refused' OR refusal_reason IS NOT NULL),
  CHECK (coalesce(decision, '') = 'granted' OR expires_at IS NULL)
) STRICT;
CREATE INDEX access_requests_by_challenge ON access_requests (challenge_id, id);
CREATE UNIQUE INDEX access_requests_challenge_id_user_id_key ON access_requests (challenge_id, user_id) WHERE decision IS NULL;

-- The records of a challenge, or of its series, as they stood at one place of the event log, under pseudonyms of its own.
CREATE TABLE participation_snapshots (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  whole_series integer NOT NULL CHECK (whole_series IN (0, 1)),
  as_of text NOT NULL,
  event_seq integer NOT NULL CHECK (event_seq >= 0),
  event_hash text NOT NULL CHECK (length(event_hash) = 64),
  -- Canonical JSON: text, because its digest is that of its bytes.
  records text NOT NULL,
  digest text NOT NULL CHECK (length(digest) = 64),
  -- Pseudonyms are made with this and the secret of the person.
  secret blob NOT NULL CHECK (length(secret) = 32),
  made_by text NOT NULL REFERENCES users (id),
  made_at text NOT NULL,
  CHECK (as_of <= made_at)
) STRICT;
CREATE INDEX participation_snapshots_by_challenge ON participation_snapshots (challenge_id, whole_series, id);

-- What was computed on a snapshot, once.
CREATE TABLE measure_values (
  snapshot_id text NOT NULL REFERENCES participation_snapshots (id),
  measure text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  parameters_digest text NOT NULL CHECK (length(parameters_digest) = 64),
  parameters text NOT NULL CHECK (json_valid(parameters)),
  readings text NOT NULL,
  computed_at text NOT NULL,
  PRIMARY KEY (snapshot_id, measure, version, parameters_digest)
) STRICT;

-- The tables of people that everybody may see, and, for the record, what is hidden in them and why.
CREATE TABLE published_tables (
  snapshot_id text NOT NULL REFERENCES participation_snapshots (id),
  code text NOT NULL,
  k integer NOT NULL CHECK (k >= 2),
  contents text,
  withheld text,
  hidden text NOT NULL,
  published_at text NOT NULL,
  PRIMARY KEY (snapshot_id, code),
  CHECK ((contents IS NULL) <> (withheld IS NULL))
) STRICT;

-- What a researcher asks for, under the data use agreement that was signed with the request.
CREATE TABLE research_requests (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  requested_by text NOT NULL REFERENCES users (id),
  title text NOT NULL CHECK (title <> ''),
  question text NOT NULL CHECK (question <> ''),
  institution text NOT NULL CHECK (institution <> ''),
  country text NOT NULL CHECK (length(country) = 2),
  ethics_board text NOT NULL CHECK (ethics_board <> ''),
  approval_reference text NOT NULL CHECK (approval_reference <> ''),
  approval_until text NOT NULL CHECK (length(approval_until) = 10),
  agreement_version integer NOT NULL CHECK (agreement_version > 0),
  agreement_digest text NOT NULL CHECK (length(agreement_digest) = 64),
  requested_at text NOT NULL,
  decision text CHECK (decision IN ('approved', 'refused')),
  reason text CHECK (reason <> ''),
  decided_by text REFERENCES users (id),
  decided_at text CHECK (decided_at >= requested_at),
  CHECK ((decision IS NULL) = (reason IS NULL)),
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((decision IS NULL) = (decided_at IS NULL)),
  -- Nobody approves what they asked for.
  CHECK (decided_by <> requested_by)
) STRICT;
CREATE INDEX research_requests_by_challenge ON research_requests (challenge_id, id);
CREATE INDEX research_requests_by_person ON research_requests (requested_by, id);

-- What was handed over; the file itself is not kept.
CREATE TABLE research_exports (
  id text NOT NULL PRIMARY KEY,
  request_id text NOT NULL REFERENCES research_requests (id),
  snapshot_id text NOT NULL REFERENCES participation_snapshots (id),
  kind text NOT NULL CHECK (kind IN ('measures', 'people', 'graphml', 'gexf')),
  digest text NOT NULL CHECK (length(digest) = 64),
  people integer NOT NULL CHECK (people >= 0),
  made_at text NOT NULL
) STRICT;
CREATE INDEX research_exports_by_request ON research_exports (request_id, id);

-- Who was in an export, under which pseudonym; the link to the person goes when the person is erased.
CREATE TABLE export_people (
  export_id text NOT NULL REFERENCES research_exports (id),
  pseudonym text NOT NULL CHECK (length(pseudonym) = 16),
  user_id text REFERENCES users (id),
  -- Since when whoever has the export must delete this pseudonym.
  withdrawn_at text,
  PRIMARY KEY (export_id, pseudonym),
  CHECK (user_id IS NOT NULL OR withdrawn_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX export_people_export_id_user_id_key ON export_people (export_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX export_people_by_person ON export_people (user_id);

-- What was consented to, computed, published and handed over stays on record.
CREATE TRIGGER consents_are_withdrawn_once BEFORE UPDATE ON consents
WHEN OLD.withdrawn_at IS NOT NULL OR OLD.id <> NEW.id OR OLD.user_id <> NEW.user_id OR OLD.purpose <> NEW.purpose
  OR OLD.version <> NEW.version OR OLD.locale <> NEW.locale OR OLD.method <> NEW.method OR OLD.given_at <> NEW.given_at
BEGIN SELECT RAISE(ABORT, 'refused: a consent is withdrawn once'); END;
CREATE TRIGGER consent_texts_are_not_changed BEFORE UPDATE ON consent_texts
BEGIN SELECT RAISE(ABORT, 'refused: consent_texts is append-only'); END;
CREATE TRIGGER consent_texts_are_not_deleted BEFORE DELETE ON consent_texts
BEGIN SELECT RAISE(ABORT, 'refused: consent_texts is append-only'); END;
CREATE TRIGGER consents_are_not_deleted BEFORE DELETE ON consents
BEGIN SELECT RAISE(ABORT, 'refused: consents is append-only'); END;
CREATE TRIGGER participation_snapshots_are_not_deleted BEFORE DELETE ON participation_snapshots
BEGIN SELECT RAISE(ABORT, 'refused: participation_snapshots is append-only'); END;
CREATE TRIGGER measure_values_are_not_deleted BEFORE DELETE ON measure_values
BEGIN SELECT RAISE(ABORT, 'refused: measure_values is append-only'); END;
CREATE TRIGGER published_tables_are_not_deleted BEFORE DELETE ON published_tables
BEGIN SELECT RAISE(ABORT, 'refused: published_tables is append-only'); END;
CREATE TRIGGER research_exports_are_not_deleted BEFORE DELETE ON research_exports
BEGIN SELECT RAISE(ABORT, 'refused: research_exports is append-only'); END;
CREATE TRIGGER participation_snapshots_are_not_changed BEFORE UPDATE ON participation_snapshots
BEGIN SELECT RAISE(ABORT, 'refused: participation_snapshots is append-only'); END;
CREATE TRIGGER published_tables_are_not_changed BEFORE UPDATE ON published_tables
BEGIN SELECT RAISE(ABORT, 'refused: published_tables is append-only'); END;
CREATE TRIGGER research_exports_are_not_changed BEFORE UPDATE ON research_exports
BEGIN SELECT RAISE(ABORT, 'refused: research_exports is append-only'); END;
