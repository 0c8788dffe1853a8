-- Times are milliseconds since 1970 in UTC, 0 for none. Maps and lists are JSON.

CREATE TABLE records (
  person   TEXT NOT NULL,
  id       TEXT NOT NULL,
  digest   BLOB NOT NULL,           -- SHA-256 of content
  kind     TEXT NOT NULL,
  content  BLOB NOT NULL,           -- canonical JSON, as it was sent
  received INTEGER NOT NULL,
  PRIMARY KEY (person, id, digest)  -- a person's set lies together; the same content again collides by itself
) WITHOUT ROWID;

CREATE TABLE projections (
  person TEXT PRIMARY KEY,
  rev    INTEGER NOT NULL,
  due    INTEGER NOT NULL,
  counts BLOB NOT NULL,             -- course, role, cut, area and cell of each, every one after its length
  state  BLOB NOT NULL
);
CREATE INDEX projections_due ON projections (due) WHERE due > 0;

CREATE TABLE cells (
  course TEXT NOT NULL,
  role   TEXT NOT NULL,
  cut    TEXT NOT NULL,
  area   TEXT NOT NULL,
  cell   TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (course, role, cut, area, cell)
) WITHOUT ROWID;

CREATE TABLE figures (
  course  TEXT NOT NULL,
  role    TEXT NOT NULL,
  base    TEXT NOT NULL,            -- the cut without its day
  day     TEXT NOT NULL,            -- empty for a cut without one
  area    TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (course, role, base, day, area)
) WITHOUT ROWID;

CREATE TABLE people (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL,
  phone      TEXT NOT NULL,
  language   TEXT NOT NULL,
  gender     TEXT NOT NULL,
  birth_year INTEGER NOT NULL,
  retired    INTEGER NOT NULL,
  postings   TEXT NOT NULL,
  area       TEXT NOT NULL,         -- of the last posting
  folded     TEXT NOT NULL          -- id and name in lower case, for search
) WITHOUT ROWID;
CREATE INDEX people_area ON people (area, id);
CREATE INDEX people_phone ON people (phone) WHERE phone <> '';

CREATE TABLE allowances (
  person TEXT NOT NULL,
  course TEXT NOT NULL,
  phase  TEXT NOT NULL,
  extra  INTEGER NOT NULL,          -- milliseconds
  open   INTEGER NOT NULL,
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (person, course, phase)
) WITHOUT ROWID;

CREATE TABLE credentials (
  person       TEXT PRIMARY KEY,
  pin          TEXT NOT NULL,
  code         TEXT NOT NULL,
  code_expires INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
  hash    TEXT PRIMARY KEY,
  person  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  label   TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE courses (
  n       INTEGER PRIMARY KEY,
  course  TEXT NOT NULL,
  version TEXT NOT NULL,
  current INTEGER NOT NULL,
  kept_at INTEGER NOT NULL,
  files   TEXT NOT NULL,
  UNIQUE (course, version)
);

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
  n      INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  by     TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, n);
