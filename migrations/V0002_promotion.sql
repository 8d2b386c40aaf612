-- What promotions are judged by: signatures, vetoes, overridden gates, where logs began.

CREATE TABLE release_approval (
    sequence          INTEGER PRIMARY KEY AUTOINCREMENT,
    release           TEXT NOT NULL,
    release_digest    TEXT NOT NULL,
    definition_digest TEXT NOT NULL,
    item              TEXT NOT NULL,
    performer         TEXT NOT NULL,
    approved_at       REAL NOT NULL
) STRICT;
CREATE INDEX release_approval_by_release ON release_approval (release);

CREATE TABLE veto (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    release      TEXT NOT NULL,
    deployment   TEXT UNIQUE,
    performer    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    since        REAL NOT NULL,
    cleared_at   REAL,
    cleared_by   TEXT,
    clear_reason TEXT
) STRICT;
CREATE INDEX veto_open ON veto (release) WHERE cleared_at IS NULL;

CREATE TABLE gate_override (
    deployment TEXT NOT NULL REFERENCES deployment (timestamp),
    gate       TEXT NOT NULL,
    performer  TEXT NOT NULL,
    reason     TEXT NOT NULL,
    measured   TEXT NOT NULL,
    PRIMARY KEY (deployment, gate)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_position (
    deployment TEXT NOT NULL,
    service    TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    PRIMARY KEY (deployment, service)
) STRICT, WITHOUT ROWID;
