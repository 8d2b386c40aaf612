-- The tool's own state, one file per project: .deployctl/state.db
-- Never edit a released migration; add the next one.

CREATE TABLE project (
    singleton      INTEGER PRIMARY KEY CHECK (singleton = 1),
    last_timestamp TEXT NOT NULL
) STRICT;
INSERT INTO project VALUES (1, '00000000000000');

CREATE TABLE release (
    timestamp   TEXT PRIMARY KEY,
    commit_id   TEXT NOT NULL,
    branch      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    digest      TEXT NOT NULL,
    performer   TEXT NOT NULL,
    created_at  REAL NOT NULL
) STRICT;

CREATE TABLE environment (
    name   TEXT PRIMARY KEY,
    epoch  INTEGER NOT NULL
) STRICT;

CREATE TABLE deployment (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp        TEXT NOT NULL UNIQUE,
    environment      TEXT NOT NULL,
    kind             TEXT NOT NULL,
    release          TEXT,
    commit_id        TEXT,
    outcome          TEXT,
    performer        TEXT NOT NULL,
    trigger          TEXT NOT NULL,
    reason           TEXT,
    idempotency_key  TEXT UNIQUE,
    plan_id          TEXT NOT NULL,
    plan             TEXT NOT NULL,
    error            TEXT,
    started_at       REAL NOT NULL,
    finished_at      REAL
) STRICT;
CREATE INDEX deployment_by_environment ON deployment (environment, sequence);
CREATE INDEX deployment_unfinished ON deployment (environment) WHERE outcome IS NULL;

CREATE TABLE step_record (
    deployment  TEXT NOT NULL REFERENCES deployment (timestamp),
    position    INTEGER NOT NULL,
    step        TEXT NOT NULL,
    title       TEXT NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT NOT NULL,
    started_at  REAL NOT NULL,
    finished_at REAL,
    PRIMARY KEY (deployment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (
    deployment  TEXT PRIMARY KEY REFERENCES deployment (timestamp),
    plan_id     TEXT NOT NULL,
    performer   TEXT NOT NULL,
    means       TEXT NOT NULL,
    approved_at REAL NOT NULL
) STRICT;

CREATE TABLE backup (
    timestamp    TEXT PRIMARY KEY,
    environment  TEXT NOT NULL,
    deployment   TEXT,
    release      TEXT,
    bytes        INTEGER NOT NULL,
    sha256       TEXT NOT NULL,
    verified     TEXT NOT NULL,
    restore_seconds REAL,
    created_at   REAL NOT NULL,
    removed_at   REAL
) STRICT;
CREATE INDEX backup_by_environment ON backup (environment, timestamp);

CREATE TABLE hold (
    environment TEXT PRIMARY KEY,
    performer   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    since       REAL NOT NULL
) STRICT;
