-- Receiving: on which terms goods are taken, what was received, when, and what still looks for a bin.
-- Times are those of the handhelds: evidence of when, whenever the office heard of it.

ALTER TABLE orders ADD COLUMN over_percent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN least_days INTEGER;
ALTER TABLE partners ADD COLUMN inspect INTEGER NOT NULL DEFAULT 0;

-- Bins that are an item's own.
CREATE TABLE fixed_bins (
    warehouse TEXT NOT NULL,
    bin TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES items (code),
    PRIMARY KEY (warehouse, bin, item)
);

-- One row a fact; what was undone is taken out. `order_code` is '' for what nobody announced.
CREATE TABLE received (
    warehouse TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    task TEXT NOT NULL,
    order_code TEXT NOT NULL,
    line INTEGER NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    weight_g INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);
CREATE INDEX received_of_order ON received (warehouse, order_code, line);
CREATE INDEX received_in_task ON received (warehouse, task);

-- From the dock door to the shelf, one row a delivery. '' until it happens.
CREATE TABLE arrivals (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    order_code TEXT NOT NULL,
    door TEXT NOT NULL,
    docked_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    stocked_at TEXT NOT NULL,
    PRIMARY KEY (warehouse, task)
);
CREATE INDEX arrivals_of_order ON arrivals (warehouse, order_code);

-- Goods at a receiving bin that no putaway task has yet. `cause`: the fact that ended their receipt, as in tasks;
-- `told`: whether a person knows that there is no bin for them.
CREATE TABLE to_put_away (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    order_code TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due TEXT,
    bin TEXT NOT NULL,
    plate TEXT NOT NULL,
    status TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    quantity INTEGER NOT NULL,
    cause TEXT NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (warehouse, id)
);
