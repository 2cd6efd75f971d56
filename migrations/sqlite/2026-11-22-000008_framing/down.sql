DROP TRIGGER evaluations_are_framed;
DROP TRIGGER submissions_are_framed;
ALTER TABLE evaluations DROP COLUMN framing_id;
ALTER TABLE phases DROP COLUMN opened_unframed;
DROP TABLE framing_unscoreable;
DROP TABLE framings;
DROP TABLE decision_parties;
DROP TABLE decisions;
