-- When somebody last tried to prove a backup, whatever came of it, NULL for never.

ALTER TABLE backup ADD COLUMN tried_at REAL;
UPDATE backup SET tried_at = proved_at;
