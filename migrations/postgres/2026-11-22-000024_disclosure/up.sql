-- What a team declares about how a submission came to be, in classes that boards are made of.
CREATE TABLE declarations (
  submission_id uuid NOT NULL PRIMARY KEY REFERENCES submissions (id),
  supervision text NOT NULL CHECK (supervision IN ('zero_shot', 'unsupervised', 'weak', 'full')),
  pretraining text NOT NULL CHECK (pretraining IN ('none', 'public', 'private')),
  extra_data text NOT NULL CHECK (extra_data IN ('none', 'public', 'private')),
  ensemble boolean NOT NULL,
  human_in_the_loop boolean NOT NULL,
  declared_by uuid NOT NULL REFERENCES users (id),
  declared_at timestamptz NOT NULL
);

-- What organizers say of an entry: the remarks are their own trace, and taking one back is another remark.
CREATE TABLE remarks (
  id uuid NOT NULL PRIMARY KEY,
  submission_id uuid NOT NULL REFERENCES submissions (id),
  kind text NOT NULL CHECK (kind IN ('note', 'note_withdrawn', 'verified', 'unverified')),
  -- The note that is taken back.
  withdraws uuid UNIQUE REFERENCES remarks (id),
  body text NOT NULL CHECK (body <> ''),
  made_by uuid NOT NULL REFERENCES users (id),
  made_at timestamptz NOT NULL,
  CHECK ((kind = 'note_withdrawn') = (withdraws IS NOT NULL))
);
CREATE INDEX remarks_by_submission ON remarks (submission_id, id);
CREATE TRIGGER remarks_are_append_only BEFORE UPDATE OR DELETE ON remarks
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
