//! The whole protocol on one page, used by both ends.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `POST /v1/enrol` | [`Enrol`] | [`Enrolled`] |
//! | `POST /v1/journal` | [`Push`] | [`Pushed`] |
//! | `GET /v1/feed?after=N&limit=N&wait=SECONDS` | | [`Page`] |
//! | `POST /v1/claims` | [`Claim`] | [`Claimed`] |
//! | `GET /v1/snapshot` | | [`Manifest`] |
//! | `GET /v1/snapshot/{id}/{page}` | | bytes of one page of a ready cache file, zstd |
//!
//! Bodies are JSON, compressed by zstd when the header `content-encoding: zstd` says so. All calls but the first carry
//! `authorization: Bearer TOKEN` and `stockhand-protocol: N`. A call that is not answered by 200 is answered by [`Refused`];
//! that is only ever for transport, identity, size and version, never for what a fact says.

use crate::warehouse::{Change, DeviceId, Lease, SafeText, TaskId, Timestamp, WarehouseCode};
use serde::{Deserialize, Serialize};

/// The protocol spoken here.
pub const PROTOCOL: u16 = 1;
/// The oldest protocol still understood by this office.
pub const PROTOCOL_OLDEST: u16 = 1;
/// Name of the header in which both ends name the protocol they speak.
pub const HEADER_PROTOCOL: &str = "stockhand-protocol";

/// Bounds that both ends keep.
#[derive(Clone, Copy, Debug)]
pub struct Limits;

impl Limits {
    /// Rows in one push, at most.
    pub const ROWS: usize = 500;
    /// One row's line, in bytes, at most.
    pub const LINE: usize = 256 * 1024;
    /// A body as it travels, in bytes, at most.
    pub const BODY: usize = 1024 * 1024;
    /// A body once decompressed, in bytes, at most.
    pub const UNPACKED: usize = 8 * 1024 * 1024;
    /// How many times larger a body may become by decompression.
    pub const RATIO: usize = 50;
    /// Changes in one page of the feed, at most.
    pub const CHANGES: u32 = 2000;
    /// How long the office keeps a feed call waiting for news, in seconds, at most.
    pub const WAIT_S: u64 = 25;
    /// Bytes of one page of a snapshot before compression.
    pub const SNAPSHOT_PAGE: usize = 1024 * 1024;
}

/// A new handheld asks to belong to a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// The one-time code that the office showed.
    pub code: String,
    /// What people call this handheld ("HH-07", or its host name).
    pub name: SafeText,
    /// Whose journal it has, if it belonged to an office before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Was>,
}

/// A journal that a handheld wrote under another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// The name.
    pub device: DeviceId,
    /// Which of its journals.
    pub epoch: u32,
}

/// The office takes it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The handheld's name from now on.
    pub device: DeviceId,
    /// Its secret for every later call.
    pub token: String,
    /// The warehouse it belongs to.
    pub warehouse: WarehouseCode,
    /// What people call that warehouse.
    pub warehouse_name: SafeText,
    /// Which life of the office this is; another one after a restore from backup.
    pub incarnation: String,
    /// How many facts of the journal that it asked about are here. None of them, as in an office that was put back from an
    /// older copy: the handheld offers them all under its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<u64>,
}

/// One row of a journal as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row's line, byte for byte as it is on the handheld's disk.
    pub line: String,
    /// Its link of the chain, 64 hexadecimal digits.
    pub chain: String,
}

/// Facts go up: consecutive rows of one epoch of one device's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Which journal of the device: a new number whenever a journal is begun anew.
    pub epoch: u32,
    /// `seq` of the first row. With no rows: the `seq` the next row will have.
    pub first: u64,
    /// The rows, at most [`Limits::ROWS`].
    pub rows: Vec<Row>,
}

/// What the office has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Every row up to this one is in the office's database, durably, and is the one that was sent; without rows: as far as
    /// the office has come. Less than what was sent: send again from here.
    pub acked: u64,
    /// Which life of the office says so. A new one: what it has not acknowledged is to be offered again.
    pub incarnation: String,
    /// What was not simply applied, for people to read.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// The office's clock.
    pub time: Timestamp,
}

/// What became of one fact that was not simply applied. It is recorded all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The row.
    pub seq: u64,
    /// In which way.
    pub kind: OutcomeKind,
    /// In words.
    pub note: SafeText,
}

/// In which way a fact did not square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Applied, and a person has something to decide.
    Exception,
    /// Kept unread until the office is new enough to know it.
    Parked,
}

/// News for one handheld: the present state of what changed after its cursor, each thing once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Which life of the office says so. A new one: the cache is to be fetched anew.
    pub incarnation: String,
    /// The cursor for the next call.
    pub next: u64,
    /// Whether there is more right now. What came so far is then still on its way to being one state of the warehouse:
    /// each thing is as it is now, and some that changed with it come on the next page.
    pub more: bool,
    /// Epoch and `seq` up to which the asking device's facts are contained in the changes up to `next`.
    pub confirmed: (u32, u64),
    /// The changes.
    pub changes: Vec<Change>,
    /// The office's clock.
    pub time: Timestamp,
}

/// A handheld asks for the right to work on tasks, for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which tasks; none: whatever comes next.
    pub tasks: Vec<TaskId>,
    /// How many more of the next ones, at most.
    pub ahead: u32,
}

/// What it got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The leases it has now.
    pub leases: Vec<(TaskId, Lease)>,
}

/// A ready cache file, in pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Names this very file.
    pub id: String,
    /// Schema of the file (`user_version`); a handheld that does not know it builds its cache from the feed.
    pub schema: u32,
    /// The feed goes on from here.
    pub next: u64,
    /// Which life of the office made it.
    pub incarnation: String,
    /// Epoch and `seq` up to which the asking device's facts are contained.
    pub confirmed: (u32, u64),
    /// Size of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of each page before compression, 64 hexadecimal digits, in order.
    pub pages: Vec<String>,
}

/// Why a call was not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// For the program.
    pub kind: RefusedKind,
    /// For people.
    pub note: SafeText,
}

/// The kinds of refusal a handheld must tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// The enrolment code is wrong, used or too old.
    Code,
    /// The device is not known, or not any more.
    Device,
    /// The same row was sent before with another content: two devices share one name. Frozen until a person looks.
    Fork,
    /// The protocol is too old or too new.
    Protocol,
    /// Too large.
    Size,
    /// The body is not what this call takes.
    Body,
    /// The feed does not reach back that far, or is of another life: a snapshot is needed.
    Snapshot,
    /// No such call or page.
    Unknown,
    /// Too many calls; later.
    Busy,
    /// The office has a trouble of its own; later.
    Trouble,
}
