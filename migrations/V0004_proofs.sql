-- When a backup was last proved by restoring it, NULL for never; and how far it was copied off the machine.

ALTER TABLE backup ADD COLUMN proved_at REAL;
ALTER TABLE backup ADD COLUMN copied TEXT NOT NULL DEFAULT 'no';
UPDATE backup SET proved_at = created_at WHERE verified = 'restored';
