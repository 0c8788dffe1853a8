-- Wrong tries are counted by name, known or not, and no longer in the credential.
CREATE TABLE counters (
  key  TEXT PRIMARY KEY,
  n    INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX counters_ends ON counters (ends);

ALTER TABLE credentials DROP COLUMN failures;
ALTER TABLE credentials DROP COLUMN locked_until;
ALTER TABLE credentials ADD COLUMN second TEXT NOT NULL DEFAULT '';
ALTER TABLE credentials ADD COLUMN next_second TEXT NOT NULL DEFAULT '';
ALTER TABLE credentials ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN recovery TEXT NOT NULL DEFAULT '';  -- hashes, separated by spaces
ALTER TABLE credentials ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE INDEX credentials_subject ON credentials (subject) WHERE subject <> '';

ALTER TABLE sessions ADD COLUMN scope TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_expires ON sessions (expires);
