//! Workers: who may do what, and how they prove who they are.

use super::{BadgeCode, Language, SafeText, Skills, WorkerCode};
use serde::{Deserialize, Serialize};

/// What a worker may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works on the floor.
    Picker,
    /// Leads a shift: also sets devices up and approves exceptions.
    Lead,
}

/// A worker of the warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// The office's code for them.
    pub code: WorkerCode,
    /// Their name as the screen shows it.
    pub name: SafeText,
    /// What their badge says: an identifier, not a secret.
    pub badge: BadgeCode,
    /// Argon2id verifier of their PIN in PHC text form; `None` while none is set, and then they cannot sign in.
    #[serde(default)]
    pub pin: Option<String>,
    /// What they may do.
    pub role: Role,
    /// What they can be given to do.
    #[serde(default)]
    pub skills: Skills,
    /// The language they want; the handheld's own if none is named.
    #[serde(default)]
    pub language: Option<Language>,
}
