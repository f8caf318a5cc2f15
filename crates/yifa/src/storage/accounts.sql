-- The second database: who may come in, who did, and what is not finished yet (docs/why/014-second-database.md).
-- It keeps the rules of schema.sql, so that a county server can hold both in one.

CREATE TABLE account (
  town_id     BIGINT NOT NULL,
  id          TEXT   NOT NULL,
  login       TEXT   NOT NULL,
  person      TEXT   NOT NULL,
  password    TEXT   NOT NULL,
  must_change SMALLINT NOT NULL,
  made_at     BIGINT NOT NULL,
  closed_at   BIGINT,
  PRIMARY KEY (town_id, id),
  UNIQUE (town_id, login)
);

-- The token itself is with the browser alone; here is its SHA-256.
CREATE TABLE session (
  town_id  BIGINT NOT NULL,
  token    TEXT   NOT NULL,
  account  TEXT   NOT NULL,
  form     TEXT   NOT NULL,
  began_at BIGINT NOT NULL,
  seen_at  BIGINT NOT NULL,
  ended_at BIGINT,
  address  TEXT   NOT NULL,
  agent    TEXT   NOT NULL,
  PRIMARY KEY (town_id, token)
);
CREATE INDEX session_account ON session (town_id, account, began_at);

-- Who came in, who looked at what is personal, who took what away. Kept at least six months.
CREATE TABLE access (
  town_id BIGINT NOT NULL,
  id      TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  account TEXT   NOT NULL,
  kind    TEXT   NOT NULL,
  record  TEXT   NOT NULL,
  what    TEXT   NOT NULL,
  reason  TEXT   NOT NULL,
  address TEXT   NOT NULL,
  PRIMARY KEY (town_id, id)
);
CREATE INDEX access_at ON access (town_id, at, id);
CREATE INDEX access_record ON access (town_id, record, at);

-- What somebody typed into a form and has not recorded yet. It takes the id of the entry it will become.
CREATE TABLE draft (
  town_id  BIGINT NOT NULL,
  id       TEXT   NOT NULL,
  account  TEXT   NOT NULL,
  register TEXT   NOT NULL,
  record   TEXT   NOT NULL,
  step     TEXT   NOT NULL,
  based_on BIGINT,
  version  BIGINT NOT NULL,
  body     TEXT   NOT NULL,
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (town_id, id)
);
CREATE INDEX draft_account ON draft (town_id, account, saved_at);

-- What an office's own tables call ours: the heading of a column (in no place), or in a column the word for a choice.
-- A convenience, no record: whoever loses it says it once more.
CREATE TABLE wording (
  town_id  BIGINT NOT NULL,
  register TEXT   NOT NULL,
  place    TEXT   NOT NULL,
  word     TEXT   NOT NULL,
  means    TEXT   NOT NULL,
  kept_at  BIGINT NOT NULL,
  PRIMARY KEY (town_id, register, place, word)
);
