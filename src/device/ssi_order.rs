//! What an SSI scanner can be told: trigger, beep, light.

use super::ssi::Packet;

/// What the host can tell a scanner to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Pull the trigger.
    Trigger,
    /// Let the trigger go.
    Release,
    /// Scanning is allowed.
    Enable,
    /// Scanning is not allowed.
    Disable,
    /// Beep with this code (0: one short high beep).
    Beep(u8),
    /// These LEDs on, a bit each.
    LedOn(u8),
    /// These LEDs off.
    LedOff(u8),
    /// The aiming dot on or off.
    Aim(bool),
    /// Forget scans that were not sent.
    Flush,
    /// Sleep until a byte comes.
    Sleep,
    /// Tell the version.
    Revision,
    /// Send scans in packets from now on (until it is switched off).
    Packets,
}

impl Order {
    /// The packet that says so.
    pub(super) fn packet(self) -> Packet {
        let (opcode, data): (u8, &[u8]) = match self {
            Self::Trigger => (0xe4, &[]),
            Self::Release => (0xe5, &[]),
            Self::Enable => (0xe9, &[]),
            Self::Disable => (0xea, &[]),
            Self::Beep(code) => (0xe6, &[code]),
            Self::LedOn(leds) => (0xe7, &[leds]),
            Self::LedOff(leds) => (0xe8, &[leds]),
            Self::Aim(true) => (0xc5, &[]),
            Self::Aim(false) => (0xc4, &[]),
            Self::Flush => (0xd2, &[]),
            Self::Sleep => (0xeb, &[]),
            Self::Revision => (0xa3, &[]),
            Self::Packets => (0xc6, &[0, 0xee, 1]),
        };
        Packet::from_host(opcode, data)
    }
}
