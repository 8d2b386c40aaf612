-- The audit log: each entry is JSON and carries the hash of the one before. Nothing in it is changed or removed; who goes
-- round that is found by `deployctl audit verify`.

CREATE TABLE audit (
    sequence    INTEGER PRIMARY KEY,
    entry       TEXT NOT NULL,
    previous    TEXT NOT NULL,
    hash        TEXT NOT NULL,
    environment TEXT GENERATED ALWAYS AS (json_extract(entry, '$.environment')) VIRTUAL
) STRICT;
CREATE INDEX audit_by_environment ON audit (environment, sequence);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
