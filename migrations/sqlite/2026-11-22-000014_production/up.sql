-- How datasets were made and what became of them: announcements, places, reviews, guidelines, annotation, what was left out,
-- who objected, who cites. Camera wearers and annotators are counted, never named. What nobody says is said to be unsaid.

-- What was said of a dataset when it was announced.
CREATE TABLE dataset_announcements (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL REFERENCES datasets (id),
  announced_on text NOT NULL CHECK (length(announced_on) = 10),
  source text NOT NULL CHECK (source <> ''),
  -- A list of texts, in its own words.
  claims text NOT NULL CHECK (json_valid(claims)),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL
) STRICT;
CREATE INDEX dataset_announcements_by_dataset ON dataset_announcements (dataset_id, id);

CREATE TABLE ethics_reviews (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL REFERENCES datasets (id),
  board text NOT NULL CHECK (board <> ''),
  independence text NOT NULL CHECK (independence IN ('independent', 'institutional', 'internal', 'not_disclosed')),
  decision text NOT NULL CHECK (decision IN ('approved', 'approved_with_conditions', 'waived', 'refused', 'not_disclosed')),
  reference text NOT NULL,
  decided_on text CHECK (length(decided_on) = 10),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (id, dataset_id)
) STRICT;
CREATE INDEX ethics_reviews_by_dataset ON ethics_reviews (dataset_id, id);

-- Where a version of a dataset was recorded, and on which terms.
CREATE TABLE collection_sites (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL,
  dataset_version_id text NOT NULL,
  ethics_review_id text,
  name text NOT NULL CHECK (name <> ''),
  country text CHECK (length(country) = 2),
  participants integer CHECK (participants >= 0),
  hours real CHECK (hours >= 0),
  started_on text CHECK (length(started_on) = 10),
  ended_on text CHECK (length(ended_on) = 10 AND ended_on >= started_on),
  compensation text NOT NULL CHECK (compensation IN ('none', 'flat', 'hourly', 'per_hour_of_footage', 'gift',
    'course_credit', 'employee_duty', 'undisclosed')),
  activity_selection text NOT NULL CHECK (activity_selection IN ('free', 'predefined_list', 'quota', 'assigned', 'scripted',
    'unknown')),
  bystander_regime text NOT NULL CHECK (bystander_regime IN ('consent_all', 'blurred', 'waiver', 'none', 'unknown')),
  participant_review text NOT NULL CHECK (participant_review IN ('all_reviewed', 'on_request', 'none', 'unknown')),
  disclosure text NOT NULL CHECK (disclosure IN ('public_document', 'organizer_statement', 'third_party', 'withheld',
    'unknown')),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (dataset_version_id, name),
  FOREIGN KEY (dataset_version_id, dataset_id) REFERENCES dataset_versions (id, dataset_id),
  FOREIGN KEY (ethics_review_id, dataset_id) REFERENCES ethics_reviews (id, dataset_id)
) STRICT;

-- What annotators are told, version by version.
CREATE TABLE guidelines (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL REFERENCES datasets (id),
  name text NOT NULL CHECK (name <> ''),
  version integer NOT NULL CHECK (version > 0),
  effective_from text CHECK (length(effective_from) = 10),
  source text NOT NULL CHECK (source <> ''),
  digest text NOT NULL CHECK (length(digest) = 64),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  UNIQUE (dataset_id, name, version),
  UNIQUE (id, dataset_id)
) STRICT;
CREATE TABLE guideline_clauses (
  guideline_id text NOT NULL REFERENCES guidelines (id),
  -- The same in every version that has the clause.
  code text NOT NULL CHECK (code <> ''),
  position integer NOT NULL CHECK (position >= 0),
  kind text NOT NULL CHECK (kind IN ('definition', 'inclusion', 'exclusion', 'example', 'prohibition', 'edge_case', 'format',
    'purpose', 'quality_threshold')),
  body text NOT NULL CHECK (body <> ''),
  perspective text NOT NULL CHECK (perspective IN ('third_party_annotator', 'camera_wearer', 'observed_other',
    'expert_commentator', 'organizer', 'model', 'not_disclosed')),
  PRIMARY KEY (guideline_id, code),
  UNIQUE (guideline_id, position)
) STRICT;

-- One programme of annotation work.
CREATE TABLE annotation_programmes (
  id text NOT NULL PRIMARY KEY,
  dataset_id text NOT NULL,
  dataset_version_id text NOT NULL,
  guideline_id text,
  stage text NOT NULL CHECK (stage IN ('narration', 'taxonomy_building', 'benchmark_labels', 'query_writing',
    'deidentification', 'quality_assurance', 'adjudication', 'transcription')),
  unit text NOT NULL CHECK (unit IN ('point', 'segment', 'track', 'frame_pair', 'clip', 'sequence', 'utterance',
    'trajectory', 'pose', 'not_disclosed')),
  aggregation text NOT NULL CHECK (aggregation IN ('single', 'all_kept', 'majority', 'union', 'intersection', 'adjudicated',
    'model_assisted', 'unknown')),
  passes_per_item real CHECK (passes_per_item > 0),
  footage_hours real CHECK (footage_hours >= 0),
  instances integer CHECK (instances >= 0),
  -- Shares of its labels: agreed on, marked as unsure, fitting no label.
  agreement real CHECK (agreement >= 0 AND agreement <= 1),
  unsure_share real CHECK (unsure_share >= 0 AND unsure_share <= 1),
  other_share real CHECK (other_share >= 0 AND other_share <= 1),
  started_on text CHECK (length(started_on) = 10),
  ended_on text CHECK (length(ended_on) = 10 AND ended_on >= started_on),
  -- On which terms the work was done, as far as it is told.
  country text CHECK (length(country) = 2),
  workers_min integer CHECK (workers_min >= 0),
  workers_max integer CHECK (workers_max >= workers_min),
  hours_min real CHECK (hours_min >= 0),
  hours_max real CHECK (hours_max >= hours_min),
  pay_basis text NOT NULL CHECK (pay_basis IN ('hourly', 'per_item', 'monthly_salary', 'unpaid', 'volunteer', 'undisclosed')),
  contract_form text NOT NULL CHECK (contract_form IN ('permanent', 'fixed_term', 'agency', 'platform', 'internship',
    'impact_sourcing', 'undisclosed')),
  living_wage_ratio real CHECK (living_wage_ratio >= 0),
  credited text NOT NULL CHECK (credited IN ('named_in_paper', 'firm_named', 'region_only', 'acknowledged_generic',
    'not_mentioned', 'not_disclosed')),
  disclosure text NOT NULL CHECK (disclosure IN ('public_document', 'organizer_statement', 'third_party', 'withheld',
    'unknown')),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  FOREIGN KEY (dataset_version_id, dataset_id) REFERENCES dataset_versions (id, dataset_id),
  FOREIGN KEY (guideline_id, dataset_id) REFERENCES guidelines (id, dataset_id)
) STRICT;
CREATE INDEX annotation_programmes_by_version ON annotation_programmes (dataset_version_id, id);
-- What annotators were free to do, as several kinds of informants say, side by side.
CREATE TABLE annotator_latitude (
  programme_id text NOT NULL REFERENCES annotation_programmes (id),
  dimension text NOT NULL CHECK (dimension IN ('may_skip', 'may_flag_unsure', 'free_text', 'may_propose_label',
    'may_question_guideline', 'guideline_changed_after_question', 'sees_other_annotations', 'may_contact_wearer',
    'paid_for_questions', 'rejection_penalty', 'pace_pressure', 'knows_purpose')),
  informant_role text NOT NULL CHECK (informant_role IN ('organizer', 'funder', 'dataset_creator', 'collector', 'recruiter',
    'ethics_board', 'camera_wearer', 'bystander', 'annotation_client', 'annotation_vendor', 'annotator',
    'annotation_manager', 'deid_provider', 'host_platform', 'contestant', 'sponsor', 'citing_author', 'critic',
    'maintainer', 'researcher')),
  value text NOT NULL CHECK (value IN ('none', 'nominal', 'used', 'decisive', 'unknown')),
  -- So many that nobody can be told from what is said.
  informants integer NOT NULL CHECK (informants >= 5),
  PRIMARY KEY (programme_id, dimension, informant_role)
) STRICT;

-- What a framing binds besides its evaluator: the dataset, the guideline and the list of activities.
CREATE TABLE framing_bindings (
  framing_id text NOT NULL PRIMARY KEY REFERENCES framings (id),
  dataset_version_id text REFERENCES dataset_versions (id),
  guideline_id text REFERENCES guidelines (id),
  taxonomy_id text REFERENCES taxonomies (id),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  CHECK (dataset_version_id IS NOT NULL OR guideline_id IS NOT NULL OR taxonomy_id IS NOT NULL)
) STRICT;

-- What was left out, of a dataset or of a phase. One that nobody decided is on record as such.
CREATE TABLE exclusions (
  id text NOT NULL PRIMARY KEY,
  dataset_version_id text REFERENCES dataset_versions (id),
  phase_id text REFERENCES phases (id),
  decision_id text REFERENCES decisions (id),
  stage text NOT NULL CHECK (stage IN ('protocol', 'recruitment', 'recording', 'participant_review', 'deidentification',
    'annotation', 'benchmark_selection', 'split', 'scoring', 'publication')),
  reason text NOT NULL CHECK (reason IN ('ambiguous', 'controversial', 'too_private', 'legal', 'consent_withheld',
    'consent_withdrawn', 'bystander', 'technical_defect', 'too_rare', 'low_agreement', 'unlisted', 'not_visible',
    'budget', 'safety', 'unknown')),
  basis text NOT NULL CHECK (basis IN ('documented_decision', 'stated_policy', 'inferred_from_absence')),
  scope text NOT NULL,
  instances integer CHECK (instances >= 0),
  hours real CHECK (hours >= 0),
  source text NOT NULL CHECK (source <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  CHECK ((dataset_version_id IS NULL) <> (phase_id IS NULL)),
  CHECK (decision_id IS NULL OR phase_id IS NOT NULL),
  CHECK (decision_id IS NULL OR basis = 'documented_decision'),
  CHECK (phase_id IS NULL OR basis <> 'documented_decision' OR decision_id IS NOT NULL)
) STRICT;
CREATE INDEX exclusions_by_phase ON exclusions (phase_id, id);
CREATE INDEX exclusions_by_dataset ON exclusions (dataset_version_id, id);

-- Who has a link may object without an account. The link is told once; what is kept leads nowhere.
CREATE TABLE contestation_links (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  token_hash text NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  -- For whom it was made, in the words of who made it.
  label text NOT NULL CHECK (label <> ''),
  remaining integer NOT NULL CHECK (remaining >= 0),
  created_by text NOT NULL REFERENCES users (id),
  created_at text NOT NULL,
  expires_at text NOT NULL CHECK (expires_at > created_at),
  revoked_at text
) STRICT;
CREATE INDEX contestation_links_by_challenge ON contestation_links (challenge_id, id);
CREATE TABLE contestations (
  id text NOT NULL PRIMARY KEY,
  challenge_id text NOT NULL REFERENCES challenges (id),
  link_id text NOT NULL REFERENCES contestation_links (id),
  raised_by_role text NOT NULL CHECK (raised_by_role IN ('organizer', 'funder', 'dataset_creator', 'collector', 'recruiter',
    'ethics_board', 'camera_wearer', 'bystander', 'annotation_client', 'annotation_vendor', 'annotator',
    'annotation_manager', 'deid_provider', 'host_platform', 'contestant', 'sponsor', 'citing_author', 'critic',
    'maintainer', 'researcher', 'not_disclosed')),
  ground text NOT NULL CHECK (ground IN ('wrong_label', 'wrong_category', 'missing_category', 'excluded_people', 'privacy',
    'consent', 'unfair_metric', 'leak_or_overlap', 'labour', 'access', 'credit', 'other')),
  body text NOT NULL CHECK (body <> ''),
  raised_at text NOT NULL,
  outcome text CHECK (outcome IN ('upheld', 'partly', 'rejected')),
  answer text CHECK (answer <> ''),
  answered_by text REFERENCES users (id),
  answered_at text CHECK (answered_at >= raised_at),
  CHECK ((outcome IS NULL) = (answer IS NULL)),
  CHECK ((outcome IS NULL) = (answered_by IS NULL)),
  CHECK ((outcome IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX contestations_by_challenge ON contestations (challenge_id, id);
CREATE INDEX contestations_by_link ON contestations (link_id, id);

-- Works that cite a dataset, and what for.
CREATE TABLE publications (
  id text NOT NULL PRIMARY KEY,
  doi text UNIQUE CHECK (doi <> ''),
  arxiv text UNIQUE CHECK (arxiv <> ''),
  title text NOT NULL CHECK (title <> ''),
  venue text NOT NULL,
  published_on text NOT NULL CHECK (length(published_on) = 10),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  CHECK (doi IS NOT NULL OR arxiv IS NOT NULL)
) STRICT;
CREATE TABLE citations (
  publication_id text NOT NULL REFERENCES publications (id),
  dataset_id text NOT NULL REFERENCES datasets (id),
  function text NOT NULL CHECK (function IN ('background', 'uses_for_training', 'uses_for_pretraining',
    'uses_for_evaluation', 'extends', 'derives_dataset', 'compares', 'critiques', 'documents_self')),
  dataset_version_id text,
  seen_in text NOT NULL CHECK (seen_in <> ''),
  recorded_by text REFERENCES users (id),
  recorded_at text NOT NULL,
  PRIMARY KEY (publication_id, dataset_id, function),
  FOREIGN KEY (dataset_version_id, dataset_id) REFERENCES dataset_versions (id, dataset_id)
) STRICT;
CREATE INDEX citations_by_dataset ON citations (dataset_id, recorded_at);

-- A contestation is answered once, and a link only loses.
CREATE TRIGGER contestations_are_answered_once BEFORE UPDATE ON contestations
WHEN OLD.answered_at IS NOT NULL OR OLD.id <> NEW.id OR OLD.challenge_id <> NEW.challenge_id OR OLD.link_id <> NEW.link_id
  OR OLD.raised_by_role <> NEW.raised_by_role OR OLD.ground <> NEW.ground OR OLD.body <> NEW.body
  OR OLD.raised_at <> NEW.raised_at
BEGIN SELECT RAISE(ABORT, 'refused: a contestation is answered once'); END;
CREATE TRIGGER contestation_links_only_lose BEFORE UPDATE ON contestation_links
WHEN OLD.id <> NEW.id OR OLD.challenge_id <> NEW.challenge_id OR OLD.token_hash <> NEW.token_hash OR OLD.label <> NEW.label
  OR NEW.remaining > OLD.remaining OR OLD.created_by <> NEW.created_by OR OLD.created_at <> NEW.created_at
  OR OLD.expires_at <> NEW.expires_at OR OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'refused: a link of contestations only loses'); END;

-- A record is corrected by another one, never changed.
CREATE TRIGGER dataset_announcements_are_not_updated BEFORE UPDATE ON dataset_announcements
BEGIN SELECT RAISE(ABORT, 'refused: dataset_announcements is append-only'); END;
CREATE TRIGGER dataset_announcements_are_not_deleted BEFORE DELETE ON dataset_announcements
BEGIN SELECT RAISE(ABORT, 'refused: dataset_announcements is append-only'); END;
CREATE TRIGGER ethics_reviews_are_not_updated BEFORE UPDATE ON ethics_reviews
BEGIN SELECT RAISE(ABORT, 'refused: ethics_reviews is append-only'); END;
CREATE TRIGGER ethics_reviews_are_not_deleted BEFORE DELETE ON ethics_reviews
BEGIN SELECT RAISE(ABORT, 'refused: ethics_reviews is append-only'); END;
CREATE TRIGGER collection_sites_are_not_updated BEFORE UPDATE ON collection_sites
BEGIN SELECT RAISE(ABORT, 'refused: collection_sites is append-only'); END;
CREATE TRIGGER collection_sites_are_not_deleted BEFORE DELETE ON collection_sites
BEGIN SELECT RAISE(ABORT, 'refused: collection_sites is append-only'); END;
CREATE TRIGGER guidelines_are_not_updated BEFORE UPDATE ON guidelines
BEGIN SELECT RAISE(ABORT, 'refused: guidelines is append-only'); END;
CREATE TRIGGER guidelines_are_not_deleted BEFORE DELETE ON guidelines
BEGIN SELECT RAISE(ABORT, 'refused: guidelines is append-only'); END;
CREATE TRIGGER guideline_clauses_are_not_updated BEFORE UPDATE ON guideline_clauses
BEGIN SELECT RAISE(ABORT, 'refused: guideline_clauses is append-only'); END;
CREATE TRIGGER guideline_clauses_are_not_deleted BEFORE DELETE ON guideline_clauses
BEGIN SELECT RAISE(ABORT, 'refused: guideline_clauses is append-only'); END;
CREATE TRIGGER annotation_programmes_are_not_updated BEFORE UPDATE ON annotation_programmes
BEGIN SELECT RAISE(ABORT, 'refused: annotation_programmes is append-only'); END;
CREATE TRIGGER annotation_programmes_are_not_deleted BEFORE DELETE ON annotation_programmes
BEGIN SELECT RAISE(ABORT, 'refused: annotation_programmes is append-only'); END;
CREATE TRIGGER annotator_latitude_are_not_updated BEFORE UPDATE ON annotator_latitude
BEGIN SELECT RAISE(ABORT, 'refused: annotator_latitude is append-only'); END;
CREATE TRIGGER annotator_latitude_are_not_deleted BEFORE DELETE ON annotator_latitude
BEGIN SELECT RAISE(ABORT, 'refused: annotator_latitude is append-only'); END;
CREATE TRIGGER framing_bindings_are_not_updated BEFORE UPDATE ON framing_bindings
BEGIN SELECT RAISE(ABORT, 'refused: framing_bindings is append-only'); END;
CREATE TRIGGER framing_bindings_are_not_deleted BEFORE DELETE ON framing_bindings
BEGIN SELECT RAISE(ABORT, 'refused: framing_bindings is append-only'); END;
CREATE TRIGGER exclusions_are_not_updated BEFORE UPDATE ON exclusions
BEGIN SELECT RAISE(ABORT, 'refused: exclusions is append-only'); END;
CREATE TRIGGER exclusions_are_not_deleted BEFORE DELETE ON exclusions
BEGIN SELECT RAISE(ABORT, 'refused: exclusions is append-only'); END;
CREATE TRIGGER contestations_are_not_deleted BEFORE DELETE ON contestations
BEGIN SELECT RAISE(ABORT, 'refused: contestations is append-only'); END;
CREATE TRIGGER contestation_links_are_not_deleted BEFORE DELETE ON contestation_links
BEGIN SELECT RAISE(ABORT, 'refused: contestation_links is append-only'); END;
CREATE TRIGGER publications_are_not_updated BEFORE UPDATE ON publications
BEGIN SELECT RAISE(ABORT, 'refused: publications is append-only'); END;
CREATE TRIGGER publications_are_not_deleted BEFORE DELETE ON publications
BEGIN SELECT RAISE(ABORT, 'refused: publications is append-only'); END;
CREATE TRIGGER citations_are_not_updated BEFORE UPDATE ON citations
BEGIN SELECT RAISE(ABORT, 'refused: citations is append-only'); END;
CREATE TRIGGER citations_are_not_deleted BEFORE DELETE ON citations
BEGIN SELECT RAISE(ABORT, 'refused: citations is append-only'); END;
