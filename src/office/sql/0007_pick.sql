-- Picking for several orders at once: a task is for as many orders as it names here, and each of its lines is for one.

CREATE TABLE task_orders (
    warehouse TEXT NOT NULL,
    task TEXT NOT NULL,
    order_code TEXT NOT NULL,
    PRIMARY KEY (warehouse, task, order_code)
);
CREATE INDEX task_orders_by_order ON task_orders (warehouse, order_code);
INSERT INTO task_orders (warehouse, task, order_code) SELECT warehouse, id, order_code FROM tasks WHERE order_code <> '';

ALTER TABLE task_lines ADD COLUMN order_code TEXT NOT NULL DEFAULT '';
UPDATE task_lines SET order_code = COALESCE((SELECT k.order_code FROM tasks k
    WHERE k.warehouse = task_lines.warehouse AND k.id = task_lines.task), '');

-- Tasks that were released together.
ALTER TABLE tasks ADD COLUMN wave INTEGER NOT NULL DEFAULT 0;

-- What a customer gets must not expire before so many days.
ALTER TABLE partners ADD COLUMN min_life_days INTEGER NOT NULL DEFAULT 0;

-- The fact that froze a bin, as device/epoch/seq; '' if a person did.
ALTER TABLE bins ADD COLUMN frozen_by TEXT NOT NULL DEFAULT '';

-- What a kit is put together from: it is not kept in stock, its components are.
CREATE TABLE kits (
    kit TEXT NOT NULL REFERENCES items (code),
    component TEXT NOT NULL REFERENCES items (code),
    quantity INTEGER NOT NULL,
    PRIMARY KEY (kit, component)
);

-- What may go instead of an item, lower rank first, to customers who take it.
CREATE TABLE substitutes (
    item TEXT NOT NULL REFERENCES items (code),
    substitute TEXT NOT NULL REFERENCES items (code),
    rank INTEGER NOT NULL,
    PRIMARY KEY (item, substitute)
);
ALTER TABLE partners ADD COLUMN takes_substitutes INTEGER NOT NULL DEFAULT 0;
