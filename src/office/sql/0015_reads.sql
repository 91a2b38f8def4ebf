-- What people at a desk ask: what moved since a moment, what an item went through, what followed from a fact.

CREATE INDEX moves_by_time ON moves (warehouse, at, id);
CREATE INDEX moves_of_item ON moves (warehouse, item, at, id);
CREATE INDEX moves_of_fact ON moves (device, epoch, seq);
CREATE INDEX tasks_of_wave ON tasks (warehouse, wave);
