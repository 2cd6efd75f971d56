DROP TABLE framing_measures;
DROP TABLE kept_standings;
