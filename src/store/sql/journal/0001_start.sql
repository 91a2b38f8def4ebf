-- The journal: one row a fact, exactly as it was written, is chained and is sent. Nothing here is ever changed or deleted.
-- In the field any SQLite shell can ask: SELECT seq, at, worker, task, fact FROM journal ORDER BY seq DESC LIMIT 20;
CREATE TABLE journal (
    seq    INTEGER PRIMARY KEY,
    line   TEXT NOT NULL,
    chain  TEXT NOT NULL CHECK (length(chain) = 64),
    act    INTEGER AS (line ->> '$.act'),
    at     TEXT AS (line ->> '$.at'),
    worker TEXT AS (line ->> '$.worker'),
    task   TEXT AS (line ->> '$.task'),
    cause  TEXT AS (line ->> '$.cause'),
    fact   TEXT AS (line ->> '$.fact.fact')
) STRICT;
CREATE INDEX journal_of_task ON journal (task, seq) WHERE task IS NOT NULL;
CREATE INDEX journal_of_worker ON journal (worker, fact, seq) WHERE worker IS NOT NULL;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from the journal'); END;

-- What else must not be lost: who this handheld is, the task in hand, wrong PINs. The highest number of a name counts;
-- no value means no more.
CREATE TABLE kept (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    value  TEXT
) STRICT;
CREATE INDEX kept_by_name ON kept (name, number);

CREATE TRIGGER kept_is_never_changed BEFORE UPDATE ON kept
BEGIN SELECT RAISE(ABORT, 'what is kept is never changed'); END;
CREATE TRIGGER kept_is_never_deleted BEFORE DELETE ON kept
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from what is kept'); END;

-- What the office has. It can say so again at any time, so this alone is overwritten.
CREATE TABLE sent (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    acked       INTEGER NOT NULL,
    incarnation TEXT NOT NULL
) STRICT;
INSERT INTO sent VALUES (1, 0, '');
