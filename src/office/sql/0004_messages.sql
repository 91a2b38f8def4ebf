-- What the office wants workers to read. `worker`: '' for everyone in the warehouse. `is_gone`: taken back, or read by whom
-- it was for.
CREATE TABLE messages (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    id INTEGER NOT NULL,
    worker TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    is_gone INTEGER NOT NULL,
    PRIMARY KEY (warehouse, id)
);

-- Who has read what, and when by their handheld.
CREATE TABLE messages_read (
    warehouse TEXT NOT NULL,
    message INTEGER NOT NULL,
    worker TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (warehouse, message, worker)
);
