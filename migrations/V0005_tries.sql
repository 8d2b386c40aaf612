-- When somebody last tried to prove a backup, whatever came of it, NULL for never; and what a step found of columns,
-- a list in JSON, NULL for nothing.

ALTER TABLE backup ADD COLUMN tried_at REAL;
ALTER TABLE step_record ADD COLUMN columns TEXT;
UPDATE backup SET tried_at = proved_at;
