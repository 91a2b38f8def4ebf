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

-- What writes of other systems were answered, so that a repeated one is answered alike and done once.
-- `call`: the caller's Idempotency-Key; `request_hash`: of the JSON that came with it.
CREATE TABLE api_answers (
    key_name TEXT NOT NULL,
    call TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (key_name, call)
);
CREATE INDEX api_answers_by_age ON api_answers (made_at);
