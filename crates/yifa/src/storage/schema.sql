-- One fixed schema for SQLite, PostgreSQL and Citus; no DDL when definitions change.
-- Rules S1–S13: docs/why/003-one-schema.md. Every table here is of sort TOWN: its first column is town_id.

-- journal: the only source of truth -----------------------------------------------------------------------------

-- A roll-up groups by county, city and province: ancestors are columns, not a tree.
CREATE TABLE town (
  town_id  BIGINT NOT NULL,
  origin   TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  county   TEXT   NOT NULL,
  city     TEXT   NOT NULL,
  province TEXT   NOT NULL,
  PRIMARY KEY (town_id)
);

CREATE TABLE log_head (
  town_id  BIGINT NOT NULL,
  size     BIGINT NOT NULL,
  frontier BYTEA  NOT NULL,
  PRIMARY KEY (town_id)
);

CREATE TABLE entry (
  town_id     BIGINT NOT NULL,
  idx         BIGINT NOT NULL,
  id          TEXT   NOT NULL,
  kind        TEXT   NOT NULL,
  record      TEXT   NOT NULL,
  recorded_at BIGINT NOT NULL,
  actor       TEXT   NOT NULL,
  leaf        BYTEA  NOT NULL,
  leaf_hash   BYTEA  NOT NULL,
  PRIMARY KEY (town_id, idx),
  UNIQUE (town_id, id)
);
CREATE INDEX entry_record ON entry (town_id, record, idx);

CREATE TABLE payload (
  town_id BIGINT NOT NULL,
  idx     BIGINT NOT NULL,
  body    TEXT   NOT NULL,
  salt    BYTEA  NOT NULL,
  digests BYTEA  NOT NULL,
  PRIMARY KEY (town_id, idx)
);

CREATE TABLE sealed (
  town_id BIGINT NOT NULL,
  idx     BIGINT NOT NULL,
  field   TEXT   NOT NULL,
  value   TEXT   NOT NULL,
  PRIMARY KEY (town_id, idx, field)
);

CREATE TABLE tile (
  town_id BIGINT   NOT NULL,
  level   SMALLINT NOT NULL,
  n       BIGINT   NOT NULL,
  hashes  BYTEA    NOT NULL,
  PRIMARY KEY (town_id, level, n)
);

CREATE TABLE checkpoint (
  town_id   BIGINT NOT NULL,
  size      BIGINT NOT NULL,
  note      TEXT   NOT NULL,
  signed_at BIGINT NOT NULL,
  PRIMARY KEY (town_id, size)
);

-- derived: rebuilt from the journal, compared by `yifa rebuild` -----------------------------------------------------
-- Each key is the question its table answers: a record's own rows are derived from its entries and never looked up.

CREATE TABLE record (
  town_id    BIGINT NOT NULL,
  id         TEXT   NOT NULL,
  register   TEXT   NOT NULL,
  definition TEXT   NOT NULL,
  number     TEXT,
  number_key TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  title      TEXT   NOT NULL,
  opened     TEXT   NOT NULL,
  first_idx  BIGINT NOT NULL,
  last_idx   BIGINT NOT NULL,
  body       TEXT   NOT NULL,
  PRIMARY KEY (town_id, id)
);
-- One index for each order of a list, walked without the table: a record goes by its first entry in facet and search.
-- number_key puts 第2号 before 第10号; it is empty where there is no number.
CREATE INDEX record_list ON record (town_id, register, opened, first_idx);
CREATE INDEX record_title ON record (town_id, register, title, first_idx);
CREATE INDEX record_number ON record (town_id, register, number_key, first_idx);

CREATE TABLE record_village (
  town_id BIGINT NOT NULL,
  record  TEXT   NOT NULL,
  village TEXT   NOT NULL,
  PRIMARY KEY (town_id, record, village)
);

CREATE TABLE field (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  field    TEXT   NOT NULL,
  value    TEXT   NOT NULL,
  record   TEXT   NOT NULL,
  PRIMARY KEY (town_id, register, field, value, record)
);

CREATE TABLE link (
  town_id  BIGINT NOT NULL,
  target   TEXT   NOT NULL,
  named_by TEXT   NOT NULL,
  record   TEXT   NOT NULL,
  PRIMARY KEY (town_id, target, named_by, record)
);

-- A fact holds for journals of size > since_idx, until (and without) the entry until_idx; 0 while it still holds.
-- until_day is empty where what it counts has no end.
-- The key covers every question of a figure, so that a year is read in one go; only who reads the entries goes to the
-- table.
CREATE TABLE fact (
  town_id   BIGINT   NOT NULL,
  figure    TEXT     NOT NULL,
  day       TEXT     NOT NULL,
  until_idx BIGINT   NOT NULL,
  value     BIGINT   NOT NULL,
  late      SMALLINT NOT NULL,
  flagged   SMALLINT NOT NULL,
  idx       BIGINT   NOT NULL,
  fact_key  TEXT     NOT NULL,
  until_day TEXT     NOT NULL,
  since_idx BIGINT   NOT NULL,
  record    TEXT     NOT NULL,
  village   TEXT     NOT NULL,
  kind      TEXT     NOT NULL,
  PRIMARY KEY (town_id, figure, day, until_idx, value, late, flagged, idx, fact_key, until_day, since_idx)
);

CREATE TABLE due (
  town_id     BIGINT   NOT NULL,
  of_idx      BIGINT   NOT NULL,
  step        TEXT     NOT NULL,
  last        TEXT     NOT NULL,
  nominal     TEXT     NOT NULL,
  record      TEXT     NOT NULL,
  register    TEXT     NOT NULL,
  provisional SMALLINT NOT NULL,
  binding     SMALLINT NOT NULL,
  rule        SMALLINT NOT NULL,
  owner       TEXT     NOT NULL,
  met_by      BIGINT,
  met_day     TEXT,
  PRIMARY KEY (town_id, of_idx, step, last, nominal)
);
-- What was overdue on a day is still to be done, or was done too late. Most dues leave the first and never enter the
-- second.
CREATE INDEX due_open ON due (town_id, register, step, last, binding) WHERE met_by IS NULL;
CREATE INDEX due_late ON due (town_id, register, step, met_day, last, binding) WHERE met_day > last;

CREATE TABLE flag (
  town_id  BIGINT NOT NULL,
  record   TEXT   NOT NULL,
  register TEXT   NOT NULL,
  nth      BIGINT NOT NULL,
  kind     TEXT   NOT NULL,
  step     TEXT   NOT NULL,
  idx      BIGINT NOT NULL,
  day      TEXT   NOT NULL,
  says     TEXT   NOT NULL,
  basis    TEXT   NOT NULL,
  PRIMARY KEY (town_id, record, nth)
);
CREATE INDEX flag_day ON flag (town_id, day, record);

CREATE TABLE question (
  town_id     BIGINT NOT NULL,
  record      TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  idx         BIGINT NOT NULL,
  day         TEXT   NOT NULL,
  asks        TEXT   NOT NULL,
  answered_by BIGINT,
  PRIMARY KEY (town_id, record, id)
);

-- Which records stand under a value of a list's filter, one bit for each first entry: 4096 places in a part.
CREATE TABLE facet (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  filter   TEXT   NOT NULL,
  value    TEXT   NOT NULL,
  part     BIGINT NOT NULL,
  bits     BYTEA  NOT NULL,
  PRIMARY KEY (town_id, register, filter, value, part)
);

-- The whole names among an entry's sealed values, each as a digest under the folder's key.
CREATE TABLE sealed_name (
  town_id BIGINT NOT NULL,
  idx     BIGINT NOT NULL,
  digest  TEXT   NOT NULL,
  PRIMARY KEY (town_id, idx, digest)
);
CREATE INDEX sealed_name_of ON sealed_name (town_id, digest, idx);

-- not derived ---------------------------------------------------------------------------------------------------

CREATE TABLE counter (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  series   TEXT   NOT NULL,
  year     BIGINT NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (town_id, register, series, year)
);
