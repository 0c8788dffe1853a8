-- What the law gives people over their data, and their lines of the audit log.

CREATE TABLE acknowledgements (
  person TEXT PRIMARY KEY,
  notice TEXT NOT NULL,             -- digest of its wording
  basis  TEXT NOT NULL,
  at     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE requests (
  id       TEXT PRIMARY KEY,
  person   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  text     TEXT NOT NULL,           -- empty once the person was erased, and so is answer
  made_at  INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  state    TEXT NOT NULL,
  by       TEXT NOT NULL,
  answer   TEXT NOT NULL,
  ended_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX requests_person ON requests (person);
CREATE INDEX requests_open ON requests (due, id) WHERE state = 'open';

CREATE INDEX audit_target ON audit (target, at, n);
CREATE INDEX audit_by ON audit (by, at, n);
