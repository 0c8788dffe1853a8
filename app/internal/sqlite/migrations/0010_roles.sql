-- The few people of a role that has few: a start looks for an administrator among a million participants.

CREATE INDEX people_role ON people (role, id);
