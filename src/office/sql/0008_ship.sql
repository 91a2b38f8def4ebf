-- Where goods go: customers' addresses, kinds of carton, shipments with their door and their stops.

ALTER TABLE partners ADD COLUMN address_1 TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN address_2 TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN address_3 TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN address_4 TEXT NOT NULL DEFAULT '';

CREATE TABLE carton_types (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    length_mm INTEGER NOT NULL,
    width_mm INTEGER NOT NULL,
    height_mm INTEGER NOT NULL,
    max_weight_g INTEGER NOT NULL,
    tare_g INTEGER NOT NULL,
    cost INTEGER NOT NULL
);

-- `seal`: the number on the seal, once the truck is closed.
CREATE TABLE shipments (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    code TEXT NOT NULL,
    door TEXT NOT NULL,
    carrier TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (warehouse, code)
);

-- `stop`: lower is delivered first.
CREATE TABLE shipment_orders (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    shipment TEXT NOT NULL,
    stop INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code),
    FOREIGN KEY (warehouse, shipment) REFERENCES shipments (warehouse, code)
);
CREATE INDEX orders_of_shipment ON shipment_orders (warehouse, shipment, stop);
