-- Who can do what, and what a task asks of whoever does it. A worker's lists are parted by semicolons, as in their sheet;
-- an outline is JSON, as handhelds read it.

ALTER TABLE bins ADD COLUMN equipment TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN jobs TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN zones TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN equipment TEXT NOT NULL DEFAULT '';
ALTER TABLE workers ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN outline TEXT NOT NULL DEFAULT '{}';
