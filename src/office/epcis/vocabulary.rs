//! The words of GS1's Core Business Vocabulary 2.0 that stand bare in an EPCIS document (EPCIS 2.0 §10, CBV 2.0 §7): steps of
//! the business, states of goods, kinds of papers, and why an event was wrong.

/// Steps of the business (CBV §7.1).
pub(super) const STEPS: &[&str] = &[
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning", "creating_class_instance",
    "cycle_counting", "decommissioning", "departing", "destroying", "disassembling", "dispensing", "encoding",
    "entering_exiting", "holding", "inspecting", "installing", "killing", "loading", "other", "packing", "picking",
    "receiving", "removing", "repackaging", "repairing", "replacing", "reserving", "retail_selling", "sampling",
    "sensor_reporting", "shipping", "staging_outbound", "stock_taking", "stocking", "storing", "transporting", "unloading",
    "unpacking", "void_shipping",
];

/// States of goods (CBV §7.2).
pub(super) const DISPOSITIONS: &[&str] = &[
    "active", "available", "completeness_inferred", "completeness_verified", "conformant", "container_closed",
    "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired", "in_progress", "in_transit",
    "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement", "no_pedigree_match",
    "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved", "retail_sold", "returned",
    "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable", "unknown",
];

/// The kinds of event.
pub(super) const EVENTS: &[&str] = &[
    "ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent", "TransformationEvent",
];

/// What an event does to what it names.
pub(super) const ACTIONS: &[&str] = &["ADD", "OBSERVE", "DELETE"];
