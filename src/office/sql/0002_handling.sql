-- How items must be kept, packed and carried, and what bins can take. NULL: nobody said, so nothing limits.

ALTER TABLE items ADD COLUMN length_mm INTEGER;
ALTER TABLE items ADD COLUMN width_mm INTEGER;
ALTER TABLE items ADD COLUMN height_mm INTEGER;
ALTER TABLE items ADD COLUMN catch_weight INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN temperature TEXT NOT NULL DEFAULT 'ambient';
ALTER TABLE items ADD COLUMN hazard TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN fragile INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN upright INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN shelf_life_days INTEGER;
ALTER TABLE items ADD COLUMN inspect INTEGER NOT NULL DEFAULT 0;

ALTER TABLE bins ADD COLUMN most_weight_g INTEGER;
ALTER TABLE bins ADD COLUMN most_volume_cm3 INTEGER;
ALTER TABLE bins ADD COLUMN most_height_mm INTEGER;
ALTER TABLE bins ADD COLUMN temperature TEXT NOT NULL DEFAULT 'ambient';
ALTER TABLE bins ADD COLUMN mixing TEXT NOT NULL DEFAULT 'any';
