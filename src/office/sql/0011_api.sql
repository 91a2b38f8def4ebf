-- Keys of other systems. Only the hash of a key is kept. `scopes`: words such as stock:read, or *:read;
-- `warehouses`: their codes, or nothing for all of them; both parted by spaces.
CREATE TABLE api_keys (
    name TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    warehouses TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL
);
