-- Who may sign in at the office's web page.
CREATE TABLE web_users (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    made_at TEXT NOT NULL
);

-- Who is signed in. The token itself is with the browser alone.
CREATE TABLE web_sessions (
    token_hash TEXT PRIMARY KEY,
    name TEXT NOT NULL REFERENCES web_users (name),
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
);
CREATE INDEX web_sessions_of_user ON web_sessions (name);

-- Passwords tried without luck, under names that are known and under names that are not.
CREATE TABLE web_tries (
    name TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until TEXT NOT NULL
);

-- What people did at the web page, and who may be there.
CREATE TABLE web_acts (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    name TEXT NOT NULL,
    act TEXT NOT NULL,
    thing TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX web_acts_by_kind ON web_acts (act, id);

-- What came in since this morning: pages ask for it every few seconds.
CREATE INDEX journal_by_arrival ON journal (received_at);
