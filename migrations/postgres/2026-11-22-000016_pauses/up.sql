-- Moments in which a challenge, or one of its phases, takes no submissions although it is open; and why.
CREATE TABLE pauses (
  id uuid NOT NULL PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  -- Absent for all phases.
  phase_id uuid REFERENCES phases (id),
  reason text NOT NULL CHECK (reason <> ''),
  paused_by uuid NOT NULL REFERENCES users (id),
  paused_at timestamptz NOT NULL,
  ended_by uuid REFERENCES users (id),
  ended_at timestamptz CHECK (ended_at >= paused_at),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX pauses_by_challenge ON pauses (challenge_id, id);
-- One at a time of a challenge, and of a phase.
CREATE UNIQUE INDEX pauses_challenge_id_key ON pauses (challenge_id) WHERE ended_at IS NULL AND phase_id IS NULL;
CREATE UNIQUE INDEX pauses_phase_id_key ON pauses (phase_id) WHERE ended_at IS NULL;
