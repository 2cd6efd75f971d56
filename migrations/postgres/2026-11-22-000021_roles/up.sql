-- Four roles in a challenge; who changed it before, without choosing its organizers, goes on as an admin.
ALTER TABLE organizers DROP CONSTRAINT organizers_role_check;
UPDATE organizers SET role = 'admin' WHERE role = 'organizer';
ALTER TABLE organizers ADD CONSTRAINT organizers_role_check
  CHECK (role IN ('viewer', 'reviewer', 'admin', 'owner'));

-- A challenge that had an owner keeps one.
CREATE FUNCTION organizers_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM organizers WHERE challenge_id = OLD.challenge_id AND role = 'owner') THEN
    RAISE EXCEPTION 'refused: a challenge needs an owner' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER organizers_keep_an_owner_on_update AFTER UPDATE ON organizers
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION organizers_keep_an_owner();
CREATE TRIGGER organizers_keep_an_owner_on_delete AFTER DELETE ON organizers
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION organizers_keep_an_owner();
