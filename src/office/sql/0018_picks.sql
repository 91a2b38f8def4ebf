-- Picking in zones: what stands at an order's packing place in totes that one zone filled and another brought, beyond what
-- the one who brought them could say.

CREATE TABLE relayed (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    tote TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code, tote, item, lot, serial)
);
