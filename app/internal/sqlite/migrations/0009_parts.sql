-- What is derived of one person in one course. What projections hold of courses is of before; it goes as people
-- are folded anew.

CREATE TABLE parts (
  person TEXT NOT NULL,
  course TEXT NOT NULL,
  counts BLOB NOT NULL,
  state  BLOB NOT NULL,
  PRIMARY KEY (person, course)
);
