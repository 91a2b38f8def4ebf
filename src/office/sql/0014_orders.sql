-- The life of orders after they came in: cancelled, changed, back-ordered, promised, moved between warehouses.

-- Both '' while the order is wanted.
ALTER TABLE orders ADD COLUMN cancelled_at TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN cancelled_why TEXT NOT NULL DEFAULT '';
-- When less was wanted of it after its work was on the floor; '' if never.
ALTER TABLE orders ADD COLUMN cut_at TEXT NOT NULL DEFAULT '';
-- Whether a part of it waits for stock while the rest is on the floor or gone.
ALTER TABLE orders ADD COLUMN back_ordered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_back ON orders (warehouse, back_ordered, state);

-- The order for which a task was withdrawn: whoever began it without signal may go on, and all of it is put back.
ALTER TABLE tasks ADD COLUMN withdrawn_for TEXT NOT NULL DEFAULT '';

-- On which trucks an order is or was.
CREATE TABLE order_trucks (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    shipment TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code, shipment)
);
INSERT INTO order_trucks (warehouse, order_code, shipment) SELECT warehouse, order_code, shipment FROM shipment_orders;

-- What was packed for a cancelled order and counts as lying at its bench again.
CREATE TABLE unpacked (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code, item, lot, serial)
);

-- When a line can go, as was said when its order came in: a moment; 'unknown' if nobody could say; '' if not asked yet.
ALTER TABLE order_lines ADD COLUMN promised TEXT NOT NULL DEFAULT '';
CREATE INDEX order_lines_of_item ON order_lines (warehouse, item);

-- Transfers: to which warehouse.
ALTER TABLE orders ADD COLUMN target TEXT NOT NULL DEFAULT '';
-- Receipts: what of which transfer they announce, as warehouse/order/number; '' for others.
ALTER TABLE orders ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_by_origin ON orders (warehouse, origin);

-- What left for another warehouse, carton by carton: `number` counts within its order, `notice` and `line` say under what it is
-- announced there ('' until it is), `arrived` and `lost` how much of it was squared.
-- `is_open`: 1 until all is squared; 2 if its truck came back to the door.
CREATE TABLE transit (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    number INTEGER NOT NULL,
    shipment TEXT NOT NULL,
    plate TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    expiry TEXT,
    quantity INTEGER NOT NULL,
    target TEXT NOT NULL,
    notice TEXT NOT NULL,
    line INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code, number)
);
CREATE INDEX transit_open ON transit (warehouse, is_open, notice);
