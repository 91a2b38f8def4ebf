-- What people at a desk ask: what moved since a moment, what an item went through, what followed from a fact.

CREATE INDEX moves_by_time ON moves (warehouse, at, id);
CREATE INDEX moves_of_item ON moves (warehouse, item, at, id);
CREATE INDEX moves_of_fact ON moves (device, epoch, seq);
CREATE INDEX tasks_of_wave ON tasks (warehouse, wave);

-- What is promised and what is on order, as it changed: `kind` is reserved, on_order or to_be_received; `place` a bin for what is
-- reserved. The second table is what the first adds up to.
CREATE TABLE outlook (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, id)
);
CREATE INDEX outlook_by_time ON outlook (warehouse, at);

CREATE TABLE outlook_now (
    warehouse TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, kind, place, item, lot, serial)
);
CREATE INDEX task_lines_open ON task_lines (warehouse) WHERE is_open = 1;

-- Second factors: a telephone's secret in hexadecimal. `counts`: a code of it was typed; `last_step`: the last that was used.
CREATE TABLE web_factors (
    name TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    counts INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    made_at TEXT NOT NULL
);

-- Recovery codes that were not used yet, by their hashes.
CREATE TABLE web_recovery (
    name TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (name, code_hash)
);

-- Whether a session waits for a code of the second factor.
ALTER TABLE web_sessions ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
