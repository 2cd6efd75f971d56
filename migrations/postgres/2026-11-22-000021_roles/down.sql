DROP TRIGGER organizers_keep_an_owner_on_delete ON organizers;
DROP TRIGGER organizers_keep_an_owner_on_update ON organizers;
DROP FUNCTION organizers_keep_an_owner();
ALTER TABLE organizers DROP CONSTRAINT organizers_role_check;
UPDATE organizers SET role = 'organizer' WHERE role = 'admin';
UPDATE organizers SET role = 'viewer' WHERE role = 'reviewer';
ALTER TABLE organizers ADD CONSTRAINT organizers_role_check CHECK (role IN ('viewer', 'organizer', 'owner'));
