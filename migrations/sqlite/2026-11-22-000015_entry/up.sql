-- Who sees a challenge, who may enter it, and until when.
ALTER TABLE challenges ADD COLUMN openness text NOT NULL DEFAULT 'public'
  CHECK (openness IN ('public', 'unlisted', 'private'));
ALTER TABLE challenges ADD COLUMN admission text NOT NULL DEFAULT 'open'
  CHECK (admission IN ('open', 'listed', 'approval'));
ALTER TABLE challenges ADD COLUMN entries_close_at text;
ALTER TABLE challenges ADD COLUMN teams_freeze_at text;

-- The addresses of people who are expected.
CREATE TABLE entry_guests (
  challenge_id text NOT NULL REFERENCES challenges (id),
  email_key text NOT NULL CHECK (email_key <> ''),
  PRIMARY KEY (challenge_id, email_key)
) STRICT;
CREATE INDEX entry_guests_by_email ON entry_guests (email_key);

-- Mail domains, subdomains included, whose people are expected, or may not enter.
CREATE TABLE entry_domains (
  challenge_id text NOT NULL REFERENCES challenges (id),
  mail_domain text NOT NULL CHECK (mail_domain <> ''),
  effect text NOT NULL CHECK (effect IN ('welcome', 'blocked')),
  PRIMARY KEY (challenge_id, mail_domain)
) STRICT;

-- Where a registration stands, who decided that and why, and what the person says to it.
ALTER TABLE registrations ADD COLUMN state text NOT NULL DEFAULT 'admitted'
  CHECK (state IN ('waiting', 'admitted', 'refused', 'banned', 'withdrawn'));
ALTER TABLE registrations ADD COLUMN decided_by text REFERENCES users (id);
ALTER TABLE registrations ADD COLUMN decided_at text CHECK ((decided_at IS NULL) = (decided_by IS NULL));
ALTER TABLE registrations ADD COLUMN reason text NOT NULL DEFAULT ''
  CHECK (reason <> '' OR state NOT IN ('refused', 'banned'));
ALTER TABLE registrations ADD COLUMN appeal text CHECK (appeal <> '');
ALTER TABLE registrations ADD COLUMN appealed_at text CHECK ((appealed_at IS NULL) = (appeal IS NULL));
CREATE INDEX registrations_undecided ON registrations (challenge_id) WHERE state = 'waiting';
