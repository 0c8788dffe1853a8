-- Sessions end where nobody uses them, and some acts ask who is there again. A session from before counts as
-- used and proved when it was made.

ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET seen_at = made_at, proved_at = made_at;
