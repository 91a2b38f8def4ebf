//! The areas that other systems read: one table, from which statements, answers and the `OpenAPI` document are made.

use Kind::{Flag, Int, Maybe, MaybeInt, Quantity, Text};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text, or null.
    Maybe,
    /// A whole number.
    Int,
    /// A whole number, or null.
    MaybeInt,
    /// A decimal string in the item's unit.
    Quantity,
    /// True or false.
    Flag,
}

/// One field of an area; its name is also its column.
#[derive(Clone, Copy, Debug)]
pub struct Field(pub &'static str, pub Kind);

/// An area: what one call reads.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// Its name in the address and in scopes.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    pub(super) table: &'static str,
    /// The column that says whose it is; none if it is the whole company's.
    pub(super) warehouse: Option<&'static str>,
    /// Columns that name a row and order the pages.
    pub(super) key: &'static [&'static str],
    /// What a row says.
    pub fields: &'static [Field],
}

impl Area {
    /// The area of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        AREAS.iter().find(|area| area.name == name)
    }

    /// The names of fields that a call can ask for by value.
    pub fn filters(&self) -> impl Iterator<Item = &'static str> + use<> {
        let texts = |field: &&Field| matches!(field.1, Text | Maybe);
        self.fields.iter().filter(texts).map(|field| field.0)
    }
}

const W: Option<&str> = Some("warehouse");

/// All areas.
pub const AREAS: &[Area] = &[
    Area {
        name: "warehouses",
        about: "The company's warehouses.",
        table: "warehouses",
        warehouse: Some("code"),
        key: &["code"],
        fields: &[Field("code", Text), Field("name", Text)],
    },
    Area {
        name: "items",
        about: "What is kept in stock.",
        table: "items",
        warehouse: None,
        key: &["code"],
        fields: &[
            Field("code", Text),
            Field("name", Text),
            Field("unit", Text),
            Field("tracks_lot", Flag),
            Field("tracks_serial", Flag),
            Field("tracks_expiry", Flag),
            Field("weight_g", MaybeInt),
            Field("length_mm", MaybeInt),
            Field("width_mm", MaybeInt),
            Field("height_mm", MaybeInt),
            Field("catch_weight", Flag),
            Field("temperature", Text),
            Field("hazard", Maybe),
            Field("fragile", Flag),
            Field("upright", Flag),
            Field("shelf_life_days", MaybeInt),
            Field("inspect", Flag),
        ],
    },
    Area {
        name: "barcodes",
        about: "Barcodes, and how much of the item each stands for.",
        table: "barcodes",
        warehouse: None,
        key: &["code"],
        fields: &[
            Field("code", Text),
            Field("item", Text),
            Field("holds", Quantity),
        ],
    },
    Area {
        name: "kits",
        about: "Components of kits, and how much one kit has of each.",
        table: "kits",
        warehouse: None,
        key: &["kit", "component"],
        fields: &[
            Field("kit", Text),
            Field("component", Text),
            Field("quantity", Quantity),
        ],
    },
    Area {
        name: "substitutes",
        about: "What may go instead of an item; lower ranks first.",
        table: "substitutes",
        warehouse: None,
        key: &["item", "substitute"],
        fields: &[
            Field("item", Text),
            Field("substitute", Text),
            Field("rank", Int),
        ],
    },
    Area {
        name: "partners",
        about: "Suppliers and customers.",
        table: "partners",
        warehouse: None,
        key: &["kind", "code"],
        fields: &[
            Field("kind", Text),
            Field("code", Text),
            Field("name", Text),
        ],
    },
    Area {
        name: "bins",
        about: "Bins of a warehouse.",
        table: "bins",
        warehouse: W,
        key: &["warehouse", "code"],
        fields: &[
            Field("warehouse", Text),
            Field("code", Text),
            Field("zone", Text),
            Field("kind", Text),
            Field("sequence", Int),
            Field("x_cm", Int),
            Field("y_cm", Int),
            Field("level", Int),
            Field("frozen", Flag),
        ],
    },
    Area {
        name: "workers",
        about: "Workers of a warehouse, without badges and PINs.",
        table: "workers",
        warehouse: W,
        key: &["warehouse", "code"],
        fields: &[
            Field("warehouse", Text),
            Field("code", Text),
            Field("name", Text),
            Field("role", Text),
        ],
    },
    Area {
        name: "stock",
        about: "What is where: place, plate, status, item, lot and serial.",
        table: "stock",
        warehouse: W,
        key: &[
            "warehouse",
            "place",
            "plate",
            "status",
            "item",
            "lot",
            "serial",
        ],
        fields: &[
            Field("warehouse", Text),
            Field("place", Text),
            Field("plate", Maybe),
            Field("status", Text),
            Field("item", Text),
            Field("lot", Maybe),
            Field("serial", Maybe),
            Field("expiry", Maybe),
            Field("quantity", Quantity),
            Field("since", Text),
        ],
    },
    Area {
        name: "orders",
        about: "Orders of every kind, without their lines.",
        table: "orders",
        warehouse: W,
        key: &["warehouse", "code"],
        fields: &[
            Field("warehouse", Text),
            Field("code", Text),
            Field("kind", Text),
            Field("partner", Text),
            Field("priority", Int),
            Field("due", Maybe),
            Field("state", Text),
            Field("bin", Maybe),
        ],
    },
    Area {
        name: "order-lines",
        about: "Lines of orders.",
        table: "order_lines",
        warehouse: W,
        key: &["warehouse", "order_code", "line"],
        fields: &[
            Field("warehouse", Text),
            Field("order_code", Text),
            Field("line", Int),
            Field("item", Text),
            Field("lot", Maybe),
            Field("serial", Maybe),
            Field("expiry", Maybe),
            Field("plate", Maybe),
            Field("quantity", Quantity),
        ],
    },
    Area {
        name: "shipments",
        about: "Trucks and what is known of them.",
        table: "shipments",
        warehouse: W,
        key: &["warehouse", "code"],
        fields: &[
            Field("warehouse", Text),
            Field("code", Text),
            Field("door", Text),
            Field("carrier", Text),
            Field("priority", Int),
            Field("due", Maybe),
            Field("state", Text),
            Field("seal", Maybe),
        ],
    },
    Area {
        name: "tasks",
        about: "Work on the floor.",
        table: "tasks",
        warehouse: W,
        key: &["warehouse", "id"],
        fields: &[
            Field("warehouse", Text),
            Field("id", Text),
            Field("order_code", Maybe),
            Field("kind", Text),
            Field("priority", Int),
            Field("due", Maybe),
            Field("state", Text),
        ],
    },
    Area {
        name: "exceptions",
        about: "What did not square, open and closed.",
        table: "exceptions",
        warehouse: W,
        key: &["warehouse", "id"],
        fields: &[
            Field("warehouse", Text),
            Field("id", Int),
            Field("at", Text),
            Field("kind", Text),
            Field("note", Text),
            Field("device", Maybe),
            Field("task", Maybe),
            Field("state", Text),
        ],
    },
    Area {
        name: "moves",
        about: "The ledger: every move of goods, oldest first.",
        table: "moves",
        warehouse: W,
        key: &["warehouse", "id"],
        fields: &[
            Field("warehouse", Text),
            Field("id", Int),
            Field("at", Text),
            Field("device", Maybe),
            Field("document", Maybe),
            Field("item", Text),
            Field("lot", Maybe),
            Field("serial", Maybe),
            Field("expiry", Maybe),
            Field("quantity", Quantity),
            Field("source_place", Text),
            Field("source_plate", Maybe),
            Field("source_status", Text),
            Field("target_place", Text),
            Field("target_plate", Maybe),
            Field("target_status", Text),
        ],
    },
    Area {
        name: "devices",
        about: "Handhelds, without their tokens.",
        table: "devices",
        warehouse: W,
        key: &["warehouse", "device"],
        fields: &[
            Field("warehouse", Text),
            Field("device", Text),
            Field("name", Text),
            Field("state", Text),
            Field("enrolled_at", Text),
            Field("seen_at", Text),
        ],
    },
];
