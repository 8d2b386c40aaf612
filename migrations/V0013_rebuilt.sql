-- The last time that the state was put together again from what lay on disk, by environment: the number of the last run that
-- it had then, the latest name that was given away, and why what the environment proved until then is not believed, NULL where it is.

CREATE TABLE rebuilt (
    environment TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    newest TEXT,
    doubt TEXT
) STRICT, WITHOUT ROWID;

-- What was done before and is lost stays a gap in the numbers, which the entry of the rebuilding names.
DROP TRIGGER audit_is_added_to;
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit
WHEN CASE WHEN json_extract(NEW.entry, '$.act') = 'rebuild'
    THEN NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM audit)
    ELSE NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit) END
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
