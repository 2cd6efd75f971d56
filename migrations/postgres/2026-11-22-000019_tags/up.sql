-- The words by which a challenge is found.
CREATE TABLE challenge_tags (
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  tag text NOT NULL CHECK (length(tag) BETWEEN 1 AND 40),
  PRIMARY KEY (challenge_id, tag)
);
CREATE INDEX challenge_tags_by_tag ON challenge_tags (tag);
