-- Lines of the audit log are chained: each has the hash of itself and of the hash before. Those from before
-- there was a chain have none.
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
