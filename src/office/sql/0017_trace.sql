-- Following goods through the ledger, with time and against it.

CREATE INDEX moves_of_goods ON moves (item, lot, serial);
CREATE INDEX moves_of_row ON moves (device, epoch, seq) WHERE device <> '';
CREATE INDEX moves_onto_plate ON moves (target_plate) WHERE target_plate <> '';

-- Goods that are called back. `asked`: the question by which they were found, `found`: what was where when it was opened,
-- both as JSON. `is_drill`: on paper only, nothing is held.
CREATE TABLE recalls (
    code TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    asked TEXT NOT NULL,
    found TEXT NOT NULL,
    is_drill INTEGER NOT NULL,
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT NOT NULL
);

-- Under which labels goods are called back. `is_certain`: all goods under that label are.
CREATE TABLE recall_goods (
    recall TEXT NOT NULL REFERENCES recalls (code),
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    is_certain INTEGER NOT NULL,
    PRIMARY KEY (recall, item, lot, serial)
);
CREATE INDEX recalls_of_goods ON recall_goods (item, lot, serial);

-- Where goods of an item that say no lot may be called back.
CREATE TABLE recall_places (
    recall TEXT NOT NULL REFERENCES recalls (code),
    warehouse TEXT NOT NULL,
    place TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (recall, warehouse, place, item)
);

-- By which messages the floor was told.
CREATE TABLE recall_messages (
    recall TEXT NOT NULL REFERENCES recalls (code),
    warehouse TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (recall, warehouse, message)
);

-- What partners told, each event once, as JSON-LD. `said`: in a line.
CREATE TABLE epcis_notices (
    event TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    event_at TEXT NOT NULL,
    said TEXT NOT NULL,
    text TEXT NOT NULL
);

-- The goods that a message calls back, as JSON, for as long as it stands.
ALTER TABLE messages ADD COLUMN called_back TEXT NOT NULL DEFAULT '[]';
