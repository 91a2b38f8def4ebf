-- Labels that facts called for: what stands on them, and whether a printer has taken them. They can be derived again
-- from the journal; `mark` says up to where that was done.

CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (epoch, seq, place)
);
CREATE INDEX labels_waiting ON labels (id) WHERE state = 'waiting';

CREATE TABLE mark (
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL
);
