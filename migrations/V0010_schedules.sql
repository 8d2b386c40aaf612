-- When schedules were due, and what became of it. A row without a start says from when on a schedule is looked after.

CREATE TABLE schedule_run (
    environment TEXT NOT NULL,
    schedule TEXT NOT NULL,
    due REAL NOT NULL,
    started REAL,
    ended REAL,
    status INTEGER,
    log TEXT NOT NULL,
    process TEXT,
    PRIMARY KEY (environment, schedule, due)
) STRICT, WITHOUT ROWID;
