-- Trainings that facilitators hold, and the workshop whose code opened a session.

CREATE TABLE workshops (
  id           TEXT PRIMARY KEY,
  title        TEXT NOT NULL,
  courses      TEXT NOT NULL,
  area         TEXT NOT NULL,
  place        TEXT NOT NULL,
  first_day    TEXT NOT NULL,
  last_day     TEXT NOT NULL,
  facilitators TEXT NOT NULL,
  roster       TEXT NOT NULL,
  code         TEXT NOT NULL,
  cancelled    INTEGER NOT NULL,
  by           TEXT NOT NULL,
  at           INTEGER NOT NULL
);
CREATE INDEX workshops_area ON workshops (area);
CREATE INDEX workshops_code ON workshops (code) WHERE code <> '';

-- An index of the two lists of people, made anew with each workshop that is kept.
CREATE TABLE workshop_people (
  person   TEXT NOT NULL,
  runs     INTEGER NOT NULL,        -- among the facilitators, otherwise on the roster
  workshop TEXT NOT NULL,
  PRIMARY KEY (person, runs, workshop)
) WITHOUT ROWID;
CREATE INDEX workshop_people_workshop ON workshop_people (workshop);

ALTER TABLE sessions ADD COLUMN workshop TEXT NOT NULL DEFAULT '';
