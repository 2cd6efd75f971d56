-- Who decided what, when, on what authority and why; written once.
CREATE TABLE decisions (
  id uuid NOT NULL PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  kind text NOT NULL CHECK (kind IN ('inclusion', 'exclusion', 'taxonomy_create', 'taxonomy_change',
    'guideline_create', 'guideline_change', 'metric_choice', 'metric_change', 'threshold_choice', 'split',
    'test_set_freeze', 'test_set_change', 'task_create', 'task_retire', 'prize', 'access_rule', 'access_grant',
    'access_refusal', 'disqualification', 'vendor_choice', 'deid_rule', 'release')),
  -- What it was decided about: `phase:<id>`, `framing:<id>`.
  subject text NOT NULL CHECK (subject <> ''),
  decider_role text NOT NULL CHECK (decider_role IN ('organizer', 'funder', 'dataset_creator', 'collector',
    'recruiter', 'ethics_board', 'camera_wearer', 'bystander', 'annotation_client', 'annotation_vendor', 'annotator',
    'annotation_manager', 'deid_provider', 'host_platform', 'contestant', 'sponsor', 'citing_author', 'critic',
    'maintainer', 'researcher', 'not_disclosed')),
  authority_basis text NOT NULL CHECK (authority_basis IN ('ownership', 'contract', 'employment', 'consortium_vote',
    'ethics_mandate', 'law', 'scientific_reputation', 'default', 'unknown', 'not_disclosed')),
  rationale_code text NOT NULL CHECK (rationale_code IN ('scientific', 'cost', 'time', 'legal', 'ethical', 'privacy',
    'product', 'comparability', 'technical_feasibility', 'community_request', 'none_given', 'not_disclosed')),
  rationale text NOT NULL,
  -- What else could have been decided: a list of texts.
  alternatives jsonb NOT NULL,
  decided_at timestamptz NOT NULL,
  -- Who put it on record; the decider is told by role.
  recorded_by uuid REFERENCES users (id),
  recorded_at timestamptz NOT NULL,
  CHECK (decided_at <= recorded_at)
);
CREATE INDEX decisions_by_challenge ON decisions (challenge_id, id);

CREATE TABLE decision_parties (
  decision_id uuid NOT NULL REFERENCES decisions (id),
  role text NOT NULL CHECK (role IN ('organizer', 'funder', 'dataset_creator', 'collector', 'recruiter',
    'ethics_board', 'camera_wearer', 'bystander', 'annotation_client', 'annotation_vendor', 'annotator',
    'annotation_manager', 'deid_provider', 'host_platform', 'contestant', 'sponsor', 'citing_author', 'critic',
    'maintainer', 'researcher')),
  involvement text NOT NULL CHECK (involvement IN ('decided', 'consulted', 'informed', 'affected_not_informed',
    'objected', 'not_applicable')),
  PRIMARY KEY (decision_id, role, involvement)
);

-- How a phase frames what it counts; the highest version is in force.
CREATE TABLE framings (
  id uuid NOT NULL PRIMARY KEY,
  phase_id uuid NOT NULL REFERENCES phases (id),
  version integer NOT NULL CHECK (version > 0),
  unit text NOT NULL CHECK (unit IN ('point', 'segment', 'track', 'frame_pair', 'clip', 'sequence', 'utterance',
    'trajectory', 'pose', 'not_disclosed')),
  instance_rule text NOT NULL,
  label_source text NOT NULL CHECK (label_source IN ('closed_list', 'template', 'free_text', 'free_text_then_binned',
    'sensor', 'model_prelabel', 'not_disclosed')),
  label_count integer CHECK (label_count > 0),
  perspective text NOT NULL CHECK (perspective IN ('third_party_annotator', 'camera_wearer', 'observed_other',
    'expert_commentator', 'organizer', 'model', 'not_disclosed')),
  intent_recorded text NOT NULL CHECK (intent_recorded IN ('yes', 'no', 'not_disclosed')),
  affect_recorded text NOT NULL CHECK (affect_recorded IN ('yes', 'no', 'not_disclosed')),
  speech_recorded text NOT NULL CHECK (speech_recorded IN ('yes', 'no', 'not_disclosed')),
  temporal_direction text NOT NULL CHECK (temporal_direction IN ('past', 'present', 'future', 'not_disclosed')),
  closed_world text NOT NULL CHECK (closed_world IN ('yes', 'no', 'not_disclosed')),
  negative_rule text NOT NULL CHECK (negative_rule IN ('unlabelled_is_negative', 'explicit_negative',
    'ignored_region', 'not_applicable', 'not_disclosed')),
  ambiguity_policy text NOT NULL CHECK (ambiguity_policy IN ('drop', 'majority', 'any_match', 'soft_label',
    'organizer_choice', 'undefined', 'not_disclosed')),
  imagined_user text NOT NULL,
  imagined_application text NOT NULL CHECK (imagined_application IN ('memory_aid', 'proactive_notification',
    'instruction_guidance', 'social_assistance', 'robotics', 'surveillance_risk_noted', 'scientific_only',
    'undefined', 'not_disclosed')),
  stated_goal text NOT NULL CHECK (stated_goal <> ''),
  goal_source text NOT NULL,
  -- What it was measured with when this was decided: the metric that ranks, tolerances among the parameters.
  evaluator text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('strict', 'reference')),
  params jsonb NOT NULL,
  -- Absent for the evaluator's first.
  metric text,
  -- Of the annotations in force then; absent before the first upload.
  annotations_digest text CHECK (length(annotations_digest) = 64),
  decision_id uuid NOT NULL REFERENCES decisions (id),
  created_at timestamptz NOT NULL,
  UNIQUE (phase_id, version),
  UNIQUE (decision_id)
);

CREATE TABLE framing_unscoreable (
  framing_id uuid NOT NULL REFERENCES framings (id),
  reason text NOT NULL CHECK (reason IN ('redacted_interval', 'no_label_in_list', 'low_agreement', 'outside_split',
    'stereo_or_format', 'withdrawn', 'too_short')),
  PRIMARY KEY (framing_id, reason)
);

-- Phases that had opened before framings were kept go on without one.
ALTER TABLE phases ADD COLUMN opened_unframed boolean NOT NULL DEFAULT false;
UPDATE phases SET opened_unframed = true WHERE opens_at <= now();
ALTER TABLE evaluations ADD COLUMN framing_id uuid REFERENCES framings (id);

-- A submission needs a framing to be scored under.
CREATE FUNCTION keep_phases_framed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM phases p WHERE p.id = NEW.phase_id
    AND (p.opened_unframed OR EXISTS (SELECT 1 FROM framings f WHERE f.phase_id = p.id))) THEN
    RAISE EXCEPTION 'refused: the phase has no framing' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER submissions_are_framed BEFORE INSERT ON submissions
  FOR EACH ROW EXECUTE FUNCTION keep_phases_framed();

-- An evaluation carries a framing of its own phase, and none only where the phase may do without.
CREATE FUNCTION keep_evaluations_framed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM submissions s JOIN phases p ON p.id = s.phase_id
    LEFT JOIN framings f ON f.id = NEW.framing_id
    WHERE s.id = NEW.submission_id
      AND (f.phase_id = p.id OR (NEW.framing_id IS NULL AND p.opened_unframed))) THEN
    RAISE EXCEPTION 'refused: an evaluation carries a framing of its phase' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evaluations_are_framed BEFORE INSERT ON evaluations
  FOR EACH ROW EXECUTE FUNCTION keep_evaluations_framed();

CREATE TRIGGER decisions_are_not_updated BEFORE UPDATE ON decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_parties_are_not_updated BEFORE UPDATE ON decision_parties
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_parties_are_not_deleted BEFORE DELETE ON decision_parties
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER framings_are_not_updated BEFORE UPDATE ON framings
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER framings_are_not_deleted BEFORE DELETE ON framings
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER framing_unscoreable_are_not_updated BEFORE UPDATE ON framing_unscoreable
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER framing_unscoreable_are_not_deleted BEFORE DELETE ON framing_unscoreable
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
