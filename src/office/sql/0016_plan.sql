-- Planning: how suppliers supply, what was wanted, what is expected, when to order, and what was proposed.
-- Quantities are thousandths, money is hundredths, days are such as 2027-03-01; a period is named by its first day.

-- On which terms a supplier supplies. `order_days`, `delivery_days`: such as mon;thu, '' for every day; `closed`: days.
CREATE TABLE supplier_terms (
    supplier TEXT PRIMARY KEY,
    lead_days INTEGER NOT NULL,
    order_days TEXT NOT NULL,
    delivery_days TEXT NOT NULL,
    closed TEXT NOT NULL,
    least_value INTEGER NOT NULL
);

-- Who sells an item, lower rank first. `price`: of a thousand units; `breaks`: such as 100=9.50;500=9, `order_cost`: what an
-- order costs, however large; NULL: as the rules say.
CREATE TABLE supplies (
    item TEXT NOT NULL REFERENCES items (code),
    supplier TEXT NOT NULL,
    rank INTEGER NOT NULL,
    price INTEGER NOT NULL,
    least INTEGER NOT NULL,
    multiple INTEGER NOT NULL,
    order_cost INTEGER,
    breaks TEXT NOT NULL,
    PRIMARY KEY (item, supplier)
);

-- What a planner says of an item: whether it is still bought, which item it will sell like, which service it is due.
-- `scale`, `service`: thousandths; a service of NULL: that of its class.
CREATE TABLE plan_items (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    item TEXT NOT NULL REFERENCES items (code),
    is_bought INTEGER NOT NULL,
    like_item TEXT NOT NULL,
    scale INTEGER NOT NULL,
    service INTEGER,
    PRIMARY KEY (warehouse, item)
);

-- What was wanted before this office kept the books.
CREATE TABLE past_demand (
    warehouse TEXT NOT NULL REFERENCES warehouses (code),
    item TEXT NOT NULL REFERENCES items (code),
    day TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (warehouse, item, day)
);

-- Orders that will not come again.
CREATE TABLE one_offs (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code)
);

-- When a purchase order was placed.
CREATE TABLE order_days (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code)
);

-- The ledger by item and day, as far as it was read: packed for customers, come back, used for what is made, asked for and
-- never packed, and by how much the usable stock in bins changed.
CREATE TABLE demand_days (
    warehouse TEXT NOT NULL,
    item TEXT NOT NULL,
    day TEXT NOT NULL,
    shipped INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    used INTEGER NOT NULL,
    unmet INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (warehouse, item, day)
);
CREATE TABLE demand_read (
    warehouse TEXT PRIMARY KEY,
    move INTEGER NOT NULL
);
CREATE TABLE demand_orders (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code)
);

-- What is expected. `steps`: JSON, a list of [mean, lo80, hi80, lo95, hi95] a period from `first` on.
CREATE TABLE forecasts (
    warehouse TEXT NOT NULL,
    item TEXT NOT NULL,
    made_on TEXT NOT NULL,
    period TEXT NOT NULL,
    first TEXT NOT NULL,
    class TEXT NOT NULL,
    past_mean INTEGER NOT NULL,
    past_sd INTEGER NOT NULL,
    steps TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (warehouse, item)
);

-- What was last said of a period before it began.
CREATE TABLE forecasts_kept (
    warehouse TEXT NOT NULL,
    item TEXT NOT NULL,
    period TEXT NOT NULL,
    made_on TEXT NOT NULL,
    mean INTEGER NOT NULL,
    PRIMARY KEY (warehouse, item, period)
);

-- What a planner expects instead.
CREATE TABLE forecast_overrides (
    warehouse TEXT NOT NULL,
    item TEXT NOT NULL,
    period TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    planner TEXT NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (warehouse, item, period)
);

-- When to order and up to where. `lead`, `lead_sd`: hundredths of a day; `daily`, `daily_sd`: thousandths of a unit a day.
CREATE TABLE stock_levels (
    warehouse TEXT NOT NULL,
    item TEXT NOT NULL,
    class TEXT NOT NULL,
    supplier TEXT NOT NULL,
    service INTEGER NOT NULL,
    daily INTEGER NOT NULL,
    daily_sd INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    lead_sd INTEGER NOT NULL,
    receipts INTEGER NOT NULL,
    safety INTEGER NOT NULL,
    reorder_point INTEGER NOT NULL,
    preferred INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    made_on TEXT NOT NULL,
    PRIMARY KEY (warehouse, item)
);

-- Time to order. `messages`: those on handhelds that say so, parted by semicolons; `answer`: what a planner did about it.
CREATE TABLE reminders (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    item TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    position INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    stock_out TEXT NOT NULL,
    arrives_on TEXT NOT NULL,
    spare_days INTEGER,
    why TEXT NOT NULL,
    messages TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);
CREATE INDEX reminders_by_state ON reminders (warehouse, state, item);

-- What was proposed to buy, or to bring from another warehouse, and what a planner said to it. `source`: the supplier or the
-- warehouse; `order_code`: what became of it.
CREATE TABLE proposals (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    order_on TEXT NOT NULL,
    arrives_on TEXT NOT NULL,
    below_minimum INTEGER NOT NULL,
    order_code TEXT NOT NULL,
    why TEXT NOT NULL,
    planner TEXT NOT NULL,
    made_at TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);
CREATE INDEX proposals_by_state ON proposals (warehouse, state, id);

-- `proposed`: what was proposed, whatever a planner made of it.
CREATE TABLE proposal_lines (
    warehouse TEXT NOT NULL,
    proposal INTEGER NOT NULL,
    line INTEGER NOT NULL,
    item TEXT NOT NULL,
    proposed INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (warehouse, proposal, line)
);

-- Moves that would shorten the walk, and what became of them. Metres a week and minutes.
CREATE TABLE slot_moves (
    warehouse TEXT NOT NULL,
    id INTEGER NOT NULL,
    item TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    swapped TEXT NOT NULL,
    metres INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    state TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (warehouse, id)
);

-- What items are sold for: of a thousand units; `customer`: '' for all others.
CREATE TABLE item_prices (
    item TEXT NOT NULL REFERENCES items (code),
    customer TEXT NOT NULL,
    price INTEGER NOT NULL,
    PRIMARY KEY (item, customer)
);

-- What a line of a receipt cost by the invoice, its duty in millionths of that, and charges on the whole receipt.
CREATE TABLE receipt_costs (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    line INTEGER NOT NULL,
    value INTEGER NOT NULL,
    duty INTEGER NOT NULL,
    PRIMARY KEY (warehouse, order_code, line)
);
CREATE TABLE receipt_charges (
    warehouse TEXT NOT NULL,
    order_code TEXT NOT NULL,
    charge TEXT NOT NULL,
    amount INTEGER NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (warehouse, order_code, charge)
);
