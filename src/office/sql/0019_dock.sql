-- What customers took, refused or missed, and how it is proven that it reached them.
-- `delivery_codes`: what a customer shows; `shown`: right, wrong, none (they had none to show) or unasked (none was agreed).
CREATE TABLE delivery_codes (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code)
);
CREATE TABLE deliveries (
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    warehouse TEXT NOT NULL,
    shipment TEXT NOT NULL,
    stop INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    shown TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);
CREATE INDEX deliveries_of_shipment ON deliveries (warehouse, shipment, stop);
-- `fate`: delivered, refused or missing; `credited`: 1 once somebody wrote the credit note for what was refused.
CREATE TABLE delivery_lines (
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    part INTEGER NOT NULL,
    warehouse TEXT NOT NULL,
    shipment TEXT NOT NULL,
    stop INTEGER NOT NULL,
    order_code TEXT NOT NULL,
    plate TEXT NOT NULL,
    item TEXT NOT NULL,
    lot TEXT NOT NULL,
    serial TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    fate TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    credited INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, epoch, seq, part)
);
CREATE INDEX delivery_lines_of_shipment ON delivery_lines (warehouse, shipment, stop);
CREATE INDEX delivery_lines_by_fate ON delivery_lines (fate, credited);
