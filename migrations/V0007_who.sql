-- Whose account it was, as the machine knows it, in JSON; NULL where an earlier version wrote the row.

ALTER TABLE deployment ADD COLUMN who TEXT;
ALTER TABLE release ADD COLUMN who TEXT;
ALTER TABLE release_approval ADD COLUMN who TEXT;
