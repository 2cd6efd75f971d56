DROP TABLE remarks;
DROP TABLE declarations;
