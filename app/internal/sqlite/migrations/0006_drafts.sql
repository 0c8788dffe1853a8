-- Courses that are being written.

CREATE TABLE drafts (
  course TEXT PRIMARY KEY,
  base   TEXT NOT NULL,             -- version that it was begun from
  files  TEXT NOT NULL,             -- object of text by name
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL
);
