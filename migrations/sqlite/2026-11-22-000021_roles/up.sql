-- Four roles in a challenge; who changed it before, without choosing its organizers, goes on as an admin.
CREATE TABLE organizers_with_four_roles (
  challenge_id text NOT NULL REFERENCES challenges (id),
  user_id text NOT NULL REFERENCES users (id),
  role text NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin', 'owner')),
  added_at text NOT NULL,
  PRIMARY KEY (challenge_id, user_id)
) STRICT;
INSERT INTO organizers_with_four_roles (challenge_id, user_id, role, added_at)
  SELECT challenge_id, user_id, CASE role WHEN 'organizer' THEN 'admin' ELSE role END, added_at FROM organizers;
DROP TABLE organizers;
ALTER TABLE organizers_with_four_roles RENAME TO organizers;

-- A challenge that had an owner keeps one.
CREATE TRIGGER organizers_keep_an_owner_on_update AFTER UPDATE ON organizers
WHEN OLD.role = 'owner'
  AND NOT EXISTS (SELECT 1 FROM organizers WHERE challenge_id = OLD.challenge_id AND role = 'owner')
BEGIN
  SELECT RAISE(ABORT, 'refused: a challenge needs an owner');
END;
CREATE TRIGGER organizers_keep_an_owner_on_delete AFTER DELETE ON organizers
WHEN OLD.role = 'owner'
  AND NOT EXISTS (SELECT 1 FROM organizers WHERE challenge_id = OLD.challenge_id AND role = 'owner')
BEGIN
  SELECT RAISE(ABORT, 'refused: a challenge needs an owner');
END;
