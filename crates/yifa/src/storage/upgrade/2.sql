-- Version 2: a town says in which county, city and province it lies, so that rolling up needs no tree.
ALTER TABLE town RENAME TO town_1;
CREATE TABLE town (
  town_id  BIGINT NOT NULL,
  origin   TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  county   TEXT   NOT NULL,
  city     TEXT   NOT NULL,
  province TEXT   NOT NULL,
  PRIMARY KEY (town_id)
);
INSERT INTO town (town_id, origin, name, county, city, province) SELECT town_id, origin, name, '', '', '' FROM town_1;
DROP TABLE town_1;
