-- What the office said, to be asked without signal. May be thrown away at any time; it is fetched again.
-- `said` is a thing as JSON; the columns beside it are what it is looked up by.
CREATE TABLE cursor (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    next            INTEGER NOT NULL,
    incarnation     TEXT NOT NULL,
    confirmed_epoch INTEGER NOT NULL,
    confirmed_seq   INTEGER NOT NULL
) STRICT;
INSERT INTO cursor VALUES (1, 0, '', 0, 0);

CREATE TABLE items (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    said TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX items_by_name ON items (name COLLATE NOCASE);

CREATE TABLE barcodes (
    code  TEXT PRIMARY KEY,
    item  TEXT NOT NULL,
    holds INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bins (
    code TEXT PRIMARY KEY,
    said TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (
    code  TEXT PRIMARY KEY,
    badge TEXT NOT NULL,
    said  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX workers_by_badge ON workers (badge);

-- Quantities in thousandths; no plate, lot or serial is ''.
CREATE TABLE stock (
    place    TEXT NOT NULL,
    plate    TEXT NOT NULL,
    status   TEXT NOT NULL,
    item     TEXT NOT NULL,
    lot      TEXT NOT NULL,
    serial   TEXT NOT NULL,
    expiry   TEXT,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (place, plate, status, item, lot, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_of_item ON stock (item);
CREATE INDEX stock_on_plate ON stock (plate) WHERE plate <> '';

CREATE TABLE tasks (
    id       TEXT PRIMARY KEY,
    priority INTEGER NOT NULL,
    due      TEXT,
    said     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_in_turn ON tasks (priority, due IS NULL, due, id);
