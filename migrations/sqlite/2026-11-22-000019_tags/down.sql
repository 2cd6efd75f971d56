DROP TABLE challenge_tags;
