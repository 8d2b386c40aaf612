-- What was asked for with an idempotency key, a list of words in JSON; NULL where an earlier version wrote the row.

ALTER TABLE deployment ADD COLUMN wish TEXT;
