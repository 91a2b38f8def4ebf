-- Units that come in by their tags, a thousand at a time: is this one in the house already, and where?
CREATE INDEX stock_of_unit ON stock (warehouse, item, serial);
