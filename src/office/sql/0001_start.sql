-- The office's records, ledger, journal, work and feed. Text that is "none" is '' in keys, so that keys compare alike
-- on every database. Quantities are thousandths. Times are RFC 3339 in UTC.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE warehouses (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE items (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    tracks_lot INTEGER NOT NULL,
    tracks_serial INTEGER NOT NULL,
    tracks_expiry INTEGER NOT NULL,
    weight_g INTEGER
);

CREATE TABLE barcodes (
    code TEXT PRIMARY KEY,
    item TEXT NOT NULL REFERENCES items (code),
    holds INTEGER NOT NULL
);
CREATE INDEX barcodes_of_item ON barcodes (item);

CREATE TABLE bins (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    code TEXT NOT NULL,
    zone TEXT NOT NULL,
    kind TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    x_cm INTEGER NOT NULL,
    y_cm INTEGER NOT NULL,
    level INTEGER NOT NULL,
    frozen INTEGER NOT NULL,
    PRIMARY KEY (warehouse, code)
);
CREATE INDEX bins_in_walk ON bins (warehouse, kind, sequence);

CREATE TABLE workers (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    badge TEXT NOT NULL,
    pin TEXT,
    role TEXT NOT NULL,
    PRIMARY KEY (warehouse, code)
);

CREATE TABLE partners (
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, code)
);

CREATE TABLE orders (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    partner TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    bin TEXT NOT NULL,
    PRIMARY KEY (warehouse, code)
);
CREATE INDEX orders_by_state ON orders (warehouse, kind, state, priority);

CREATE TABLE order_lines (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    line INTEGER NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    plate TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code, line),
    FOREIGN KEY (warehouse, order_code) REFERENCES orders (warehouse, code)
);

-- What is where. Derived from moves; `verify` adds the moves up again and compares.
CREATE TABLE stock (
    warehouse TEXT NOT NULL,
    place TEXT NOT NULL,
    plate TEXT NOT NULL,
    status TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    quantity INTEGER NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (warehouse, place, plate, status, item, lot, serial)
);
CREATE INDEX stock_of_item ON stock (warehouse, item, status);

-- The ledger: balanced moves, only ever added to.
CREATE TABLE moves (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    document TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    quantity INTEGER NOT NULL,
    source_place TEXT NOT NULL,
    source_plate TEXT NOT NULL,
    source_status TEXT NOT NULL,
    target_place TEXT NOT NULL,
    target_plate TEXT NOT NULL,
    target_status TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);

CREATE TABLE devices (
    device TEXT PRIMARY KEY,
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    enrolled_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
);

CREATE TABLE invitations (
    code_hash TEXT PRIMARY KEY,
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    expires_at TEXT NOT NULL,
    device TEXT NOT NULL
);

-- How far each journal of each device has come.
CREATE TABLE journals (
    device TEXT NOT NULL REFERENCES devices (device),
    epoch INTEGER NOT NULL,
    acked INTEGER NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (device, epoch)
);

-- Every row of every handheld's journal, byte for byte.
CREATE TABLE journal (
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    line TEXT NOT NULL,
    chain TEXT NOT NULL,
    received_at TEXT NOT NULL,
    posted INTEGER NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);
CREATE INDEX journal_parked ON journal (device, epoch, seq) WHERE posted = 0;

-- `cause`: the fact that called for this task, as device/epoch/seq; '' for those that come from an order.
CREATE TABLE tasks (
    warehouse TEXT NOT NULL,
    id TEXT NOT NULL,
    order_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    job TEXT NOT NULL,
    started_on TEXT NOT NULL,
    lease_device TEXT NOT NULL,
    lease_number INTEGER NOT NULL,
    lease_until TEXT NOT NULL,
    lease_seconds INTEGER NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);
CREATE INDEX tasks_open ON tasks (warehouse, state, priority);
CREATE INDEX tasks_by_lease ON tasks (lease_device, state);
CREATE INDEX tasks_by_cause ON tasks (warehouse, cause);
CREATE INDEX tasks_of_order ON tasks (warehouse, order_code);

-- What is promised: the lines of open picking. Reserved stock is what they still have to fetch, never a counter.
CREATE TABLE task_lines (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    line INTEGER NOT NULL,
    order_line INTEGER NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    done INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    PRIMARY KEY (warehouse, task, line)
);
CREATE INDEX task_lines_at_bin ON task_lines (warehouse, bin, is_open);
CREATE INDEX task_lines_of_item ON task_lines (warehouse, item, is_open);

-- Steps done of a task, from any device; what was undone is taken out.
CREATE TABLE task_facts (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    id INTEGER NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (warehouse, task, id)
);
CREATE INDEX task_facts_by_row ON task_facts (device, epoch, seq);

-- What did not square: for a person to decide.
CREATE TABLE exceptions (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    task TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);

-- One number a warehouse and thing that is counted. Taken by UPDATE … RETURNING inside the transaction that uses it,
-- so that numbers follow the order of commits: a reader who has seen N has seen all before N.
CREATE TABLE counters (
    warehouse TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (warehouse, name)
);

-- What handhelds must hear of, each thing once. The row names the thing; its state is read when it is sent.
CREATE TABLE feed (
    warehouse TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    thing TEXT NOT NULL,
    PRIMARY KEY (warehouse, seq),
    UNIQUE (warehouse, kind, thing)
);

-- Up to which of its facts a device finds itself in the feed, by feed number.
CREATE TABLE feed_posted (
    warehouse TEXT NOT NULL,
    seq INTEGER NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    PRIMARY KEY (warehouse, device, seq)
);
