-- Why a backup is never pruned; NULL for one that is not pinned.

ALTER TABLE backup ADD COLUMN pinned TEXT;
