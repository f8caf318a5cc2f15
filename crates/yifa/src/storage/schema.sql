-- One fixed schema for SQLite, PostgreSQL and Citus; no DDL when definitions change.
-- Rules S1–S13: docs/why/003-one-schema.md. Every table here is of sort TOWN: its first column is town_id.

-- journal: the only source of truth -----------------------------------------------------------------------------

CREATE TABLE town (
  town_id BIGINT NOT NULL,
  origin  TEXT   NOT NULL,
  name    TEXT   NOT NULL,
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

CREATE TABLE record (
  town_id    BIGINT NOT NULL,
  id         TEXT   NOT NULL,
  register   TEXT   NOT NULL,
  definition TEXT   NOT NULL,
  number     TEXT,
  state      TEXT   NOT NULL,
  title      TEXT   NOT NULL,
  opened     TEXT   NOT NULL,
  first_idx  BIGINT NOT NULL,
  last_idx   BIGINT NOT NULL,
  body       TEXT   NOT NULL,
  PRIMARY KEY (town_id, id)
);
CREATE INDEX record_list ON record (town_id, register, opened, id);
CREATE INDEX record_title ON record (town_id, register, title);
CREATE INDEX record_number ON record (town_id, register, number);

CREATE TABLE record_village (
  town_id BIGINT NOT NULL,
  record  TEXT   NOT NULL,
  village TEXT   NOT NULL,
  PRIMARY KEY (town_id, record, village)
);

CREATE TABLE step (
  town_id BIGINT   NOT NULL,
  record  TEXT     NOT NULL,
  idx     BIGINT   NOT NULL,
  step    TEXT     NOT NULL,
  nth     BIGINT   NOT NULL,
  day     TEXT     NOT NULL,
  late    SMALLINT NOT NULL,
  void    SMALLINT NOT NULL,
  PRIMARY KEY (town_id, record, idx)
);

CREATE TABLE field (
  town_id  BIGINT NOT NULL,
  record   TEXT   NOT NULL,
  register TEXT   NOT NULL,
  field    TEXT   NOT NULL,
  value    TEXT   NOT NULL,
  -- The register adds nothing to the key, but covers the record's own queries: else SQLite, which keeps no statistics
  -- here, walks the whole of field_value for them.
  PRIMARY KEY (town_id, record, field, value, register)
);
CREATE INDEX field_value ON field (town_id, register, field, value, record);

CREATE TABLE link (
  town_id  BIGINT NOT NULL,
  record   TEXT   NOT NULL,
  target   TEXT   NOT NULL,
  named_by TEXT   NOT NULL,
  PRIMARY KEY (town_id, record, target, named_by)
);
CREATE INDEX link_back ON link (town_id, target, record);

-- A fact holds for journals of size > since_idx, until (and without) the entry until_idx.
CREATE TABLE fact (
  town_id   BIGINT   NOT NULL,
  record    TEXT     NOT NULL,
  figure    TEXT     NOT NULL,
  fact_key  TEXT     NOT NULL,
  since_idx BIGINT   NOT NULL,
  until_idx BIGINT,
  idx       BIGINT   NOT NULL,
  day       TEXT     NOT NULL,
  until_day TEXT,
  village   TEXT     NOT NULL,
  kind      TEXT     NOT NULL,
  value     BIGINT   NOT NULL,
  late      SMALLINT NOT NULL,
  flagged   SMALLINT NOT NULL,
  PRIMARY KEY (town_id, record, figure, fact_key, since_idx)
);
-- It covers every question of a figure, so that a year is read in one go; only who reads the entries goes to the table.
CREATE INDEX fact_figure
  ON fact (town_id, figure, day, until_idx, value, late, flagged, idx, fact_key, since_idx, until_day);

CREATE TABLE due (
  town_id     BIGINT   NOT NULL,
  record      TEXT     NOT NULL,
  register    TEXT     NOT NULL,
  step        TEXT     NOT NULL,
  of_idx      BIGINT   NOT NULL,
  nominal     TEXT     NOT NULL,
  last        TEXT     NOT NULL,
  provisional SMALLINT NOT NULL,
  binding     SMALLINT NOT NULL,
  met_by      BIGINT,
  met_day     TEXT,
  PRIMARY KEY (town_id, record, step, of_idx, last, nominal)
);
-- What was overdue on a day: dues never met, and dues met later. Without it every due there ever was is looked at.
CREATE INDEX due_met ON due (town_id, register, step, met_day, last, binding);
-- What is still to be done, by the day it is due: few, and together.
CREATE INDEX due_open ON due (town_id, met_by, last);

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

CREATE TABLE count (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  filter   TEXT   NOT NULL,
  value    TEXT   NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (town_id, register, filter, value)
);

-- not derived ---------------------------------------------------------------------------------------------------

CREATE TABLE counter (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  series   TEXT   NOT NULL,
  year     BIGINT NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (town_id, register, series, year)
);
