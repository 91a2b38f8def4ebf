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
