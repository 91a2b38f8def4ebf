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
