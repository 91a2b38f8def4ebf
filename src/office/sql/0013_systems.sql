-- What other systems are told of, numbered in each warehouse in the order of commits and kept for 30 days. `said`: JSON.
CREATE TABLE events (
    warehouse TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (warehouse, seq)
);
CREATE INDEX events_by_age ON events (warehouse, at);

-- In which life of the office events after a number were written: a restored office gives numbers again that were given
-- before, and only with its life do they name one event for ever.
CREATE TABLE event_lives (
    warehouse TEXT NOT NULL,
    after_seq INTEGER NOT NULL,
    life TEXT NOT NULL,
    PRIMARY KEY (warehouse, after_seq)
);

-- Addresses of other systems. `kinds` and `warehouses` are parted by spaces and line ends; no warehouse means all of them.
-- `goes_inside`: whether the address may be a private one. Signing needs the secret itself.
CREATE TABLE hooks (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    kinds TEXT NOT NULL,
    warehouses TEXT NOT NULL,
    goes_inside INTEGER NOT NULL,
    made_at TEXT NOT NULL
);

-- How far each warehouse's events have gone to each address. `state`: open or dead; `held_by`: the process that sends just now.
CREATE TABLE hook_lanes (
    hook INTEGER NOT NULL,
    warehouse TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    failed INTEGER NOT NULL,
    why TEXT NOT NULL,
    retry_at TEXT NOT NULL,
    held_by TEXT NOT NULL,
    held_until TEXT NOT NULL,
    PRIMARY KEY (hook, warehouse)
);

-- Large imports that are under way or were broken off: how many of their rows and orders are in. `digest`: of the files.
CREATE TABLE imports (
    digest TEXT PRIMARY KEY,
    done INTEGER NOT NULL,
    at TEXT NOT NULL
);

-- What transactions did that are to be carried elsewhere, as JSON; numbered by the counter 'change'.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    said TEXT NOT NULL
);
