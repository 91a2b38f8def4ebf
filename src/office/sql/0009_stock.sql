-- Work inside the house: pick faces that are kept filled, counts and what came of them, what items are made of and worth.

CREATE TABLE pick_faces (
    warehouse TEXT NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES items (code),
    least INTEGER NOT NULL,
    most INTEGER NOT NULL,
    multiple INTEGER NOT NULL,
    PRIMARY KEY (warehouse, bin, item),
    FOREIGN KEY (warehouse, bin) REFERENCES bins (warehouse, code)
);

-- What one unit of an item is worth, in hundredths of the house's currency: only to judge what a count may lose.
CREATE TABLE item_values (
    item TEXT PRIMARY KEY REFERENCES items (code),
    value INTEGER NOT NULL
);

-- What open counting is about: one bin, all of it ('') or one item.
CREATE TABLE count_tasks (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (warehouse, task, bin)
);
CREATE INDEX count_tasks_at_bin ON count_tasks (warehouse, bin);

-- Every count of a bin. `state`: agreed (no difference), posted (small, corrected at once), recount (another worker counts),
-- approval (a person decides), approved, rejected, superseded (counted anew, or no longer certain), undone.
-- `first`: the count that this one checks; 0 if none.
CREATE TABLE counts (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL,
    worker TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    counted_at TEXT NOT NULL,
    first INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);
CREATE INDEX counts_of_bin ON counts (warehouse, bin, id);
CREATE INDEX counts_by_row ON counts (device, epoch, seq);
CREATE INDEX counts_by_state ON counts (warehouse, state, id);

-- What differed. `expected`: by the book as it was when it was counted.
CREATE TABLE count_lines (
    warehouse TEXT NOT NULL,
    count INTEGER NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    expected INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (warehouse, count, item, lot, serial)
);

-- What an item is made of: so much of each component for one unit.
CREATE TABLE recipes (
    product TEXT NOT NULL REFERENCES items (code),
    component TEXT NOT NULL REFERENCES items (code),
    quantity INTEGER NOT NULL,
    PRIMARY KEY (product, component)
);

-- What came back, for whoever writes credit notes.
CREATE TABLE returns (
    warehouse TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    order_code TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    becomes TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);
CREATE INDEX returns_by_state ON returns (warehouse, state);

-- What went into a bin and out of it, lately: counts are held against the book as it was.
CREATE INDEX moves_out_of ON moves (warehouse, source_place, at);
CREATE INDEX moves_into ON moves (warehouse, target_place, at);
CREATE INDEX moves_of_paper ON moves (warehouse, document) WHERE document <> '';

-- What open filling still brings to a pick face.
CREATE TABLE refills (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, task)
);
CREATE INDEX refills_of_face ON refills (warehouse, bin, item);
