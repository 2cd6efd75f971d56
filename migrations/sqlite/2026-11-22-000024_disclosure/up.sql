-- What a team declares about how a submission came to be, in classes that boards are made of.
CREATE TABLE declarations (
  submission_id text NOT NULL PRIMARY KEY REFERENCES submissions (id),
  supervision text NOT NULL CHECK (supervision IN ('zero_shot', 'unsupervised', 'weak', 'full')),
  pretraining text NOT NULL CHECK (pretraining IN ('none', 'public', 'private')),
  extra_data text NOT NULL CHECK (extra_data IN ('none', 'public', 'private')),
  ensemble integer NOT NULL CHECK (ensemble IN (0, 1)),
  human_in_the_loop integer NOT NULL CHECK (human_in_the_loop IN (0, 1)),
  declared_by text NOT NULL REFERENCES users (id),
  declared_at text NOT NULL
) STRICT;

-- What organizers say of an entry: the remarks are their own trace, and taking one back is another remark.
CREATE TABLE remarks (
  id text NOT NULL PRIMARY KEY,
  submission_id text NOT NULL REFERENCES submissions (id),
  kind text NOT NULL CHECK (kind IN ('note', 'note_withdrawn', 'verified', 'unverified')),
  -- The note that is taken back.
  withdraws text UNIQUE REFERENCES remarks (id),
  body text NOT NULL CHECK (body <> ''),
  made_by text NOT NULL REFERENCES users (id),
  made_at text NOT NULL,
  CHECK ((kind = 'note_withdrawn') = (withdraws IS NOT NULL))
) STRICT;
CREATE INDEX remarks_by_submission ON remarks (submission_id, id);
CREATE TRIGGER remarks_are_not_updated BEFORE UPDATE ON remarks
BEGIN SELECT RAISE(ABORT, 'refused: remarks is append-only'); END;
CREATE TRIGGER remarks_are_not_deleted BEFORE DELETE ON remarks
BEGIN SELECT RAISE(ABORT, 'refused: remarks is append-only'); END;
