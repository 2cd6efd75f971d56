-- What organizers tell everybody who sees a challenge. It is never changed: a correction is another one.
CREATE TABLE announcements (
  id uuid NOT NULL PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  title text NOT NULL CHECK (title <> ''),
  body text NOT NULL CHECK (body <> ''),
  -- Who was sent it as a mail, and how many of them there were.
  audience text NOT NULL CHECK (audience IN ('nobody', 'participants', 'captains', 'without_submission')),
  recipients integer NOT NULL CHECK (recipients >= 0),
  posted_by uuid NOT NULL REFERENCES users (id),
  posted_at timestamptz NOT NULL,
  withdrawn_at timestamptz CHECK (withdrawn_at >= posted_at),
  CHECK (audience <> 'nobody' OR recipients = 0)
);
CREATE INDEX announcements_by_challenge ON announcements (challenge_id, id);
