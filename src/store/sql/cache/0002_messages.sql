-- What the office wants workers to read.
CREATE TABLE messages (
    id   INTEGER PRIMARY KEY,
    said TEXT NOT NULL
) STRICT;
