-- What is in a zone is asked when it is counted.
ALTER TABLE bins ADD COLUMN zone TEXT NOT NULL DEFAULT '';
CREATE INDEX bins_of_zone ON bins (zone);
