CREATE TABLE organizers_with_three_roles (
  challenge_id text NOT NULL REFERENCES challenges (id),
  user_id text NOT NULL REFERENCES users (id),
  role text NOT NULL CHECK (role IN ('viewer', 'organizer', 'owner')),
  added_at text NOT NULL,
  PRIMARY KEY (challenge_id, user_id)
) STRICT;
INSERT INTO organizers_with_three_roles (challenge_id, user_id, role, added_at)
  SELECT challenge_id, user_id, CASE role WHEN 'admin' THEN 'organizer' WHEN 'reviewer' THEN 'viewer' ELSE role END,
    added_at
  FROM organizers;
DROP TABLE organizers;
ALTER TABLE organizers_with_three_roles RENAME TO organizers;
