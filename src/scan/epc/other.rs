//! The schemes without a GS1 company prefix: general identifiers, US defence supplies, aircraft parts (TDS 2.3 §14.6).

use super::BadEpc;
use super::raw::{Cursor, Pen};
use super::scheme::{Layout, Scheme};
use super::short::{Short, is_39, read_six_bit, six_bit, write_six_bit};

/// An identity outside GS1's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// GID-96: manager (28 bits), class (24), serial (36).
    General {
        manager: u64,
        class: u64,
        serial: u64,
    },
    /// USDOD-96: CAGE or DODAAC code, serial in 36 bits.
    Defence {
        filter: u8,
        owner: Short,
        serial: u64,
    },
    /// ADI-var: CAGE or DODAAC code, part number, serial.
    Aerospace {
        filter: u8,
        owner: Short,
        part: Short,
        serial: Short,
    },
}

/// CAGE codes have five characters, DODAAC six; neither has I or O.
fn owner(code: Short) -> Result<Short, BadEpc> {
    let fits = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z');
    let code = code.checked(6, fits)?;
    (code.len() >= 5).then_some(code).ok_or(BadEpc::Short)
}

/// Six characters; a code of five has a space before it.
fn read_owner(
    cursor: &mut Cursor<'_>,
    character: impl Fn(&mut Cursor<'_>) -> Result<u8, BadEpc>,
) -> Result<Short, BadEpc> {
    let mut code = Short::default();
    for i in 0..6 {
        match character(cursor)? {
            b' ' if i == 0 => {}
            byte => code.push(byte)?,
        }
    }
    owner(code)
}

fn padded(owner: &Short) -> impl Iterator<Item = u8> {
    let space = (owner.len() == 5).then_some(b' ');
    space.into_iter().chain(owner.as_bytes().iter().copied())
}

fn aerospace(filter: u8, owner: Short, part: Short, serial: Short) -> Result<Other, BadEpc> {
    let plain = |text: &[u8]| text.iter().all(|&byte| is_39(byte) && byte != b'#');
    let after = serial
        .as_bytes()
        .strip_prefix(b"#")
        .unwrap_or(serial.as_bytes());
    if part.len() > 32 || serial.len() > 30 {
        Err(BadEpc::Digits)
    } else if after.is_empty() {
        Err(BadEpc::Short)
    } else if !plain(part.as_bytes()) || !plain(after) {
        Err(BadEpc::Character)
    } else {
        Ok(Other::Aerospace {
            filter,
            owner,
            part,
            serial,
        })
    }
}

impl Other {
    pub(super) fn read(layout: Layout, cursor: &mut Cursor<'_>) -> Result<Self, BadEpc> {
        match layout {
            Layout::Defence => Ok(Self::Defence {
                filter: cursor.byte(4)?,
                owner: read_owner(cursor, |cursor| cursor.byte(8))?,
                serial: cursor.take(36)?,
            }),
            Layout::Aerospace => {
                let filter = cursor.byte(6)?;
                let owner = read_owner(cursor, |cursor| cursor.byte(6).map(six_bit))?;
                aerospace(filter, owner, read_six_bit(cursor)?, read_six_bit(cursor)?)
            }
            _ => Ok(Self::General {
                manager: cursor.take(28)?,
                class: cursor.take(24)?,
                serial: cursor.take(36)?,
            }),
        }
    }

    /// Makes an identity of the parts of its URI.
    pub(super) fn new(layout: Layout, filter: u8, parts: [&str; 3]) -> Result<Self, BadEpc> {
        let number = |text: &str| text.parse().map_err(|_| BadEpc::Digits);
        let [first, second, third] = parts;
        let made = match layout {
            Layout::General => Self::General {
                manager: number(first)?,
                class: number(second)?,
                serial: number(third)?,
            },
            Layout::Defence => Self::Defence {
                filter,
                owner: owner(Short::new(first)?)?,
                serial: number(second)?,
            },
            _ => {
                let (part, serial) = (Short::new(second)?, Short::new(third)?);
                aerospace(filter, owner(Short::new(first)?)?, part, serial)?
            }
        };
        made.write().map(|_| made)
    }

    pub(super) fn scheme(&self) -> Scheme {
        let header = match self {
            Self::General { .. } => 0x35,
            Self::Defence { .. } => 0x2f,
            Self::Aerospace { .. } => 0x3b,
        };
        Scheme::of_header(header).expect("it stands in the table")
    }

    pub(super) fn write(&self) -> Result<Pen, BadEpc> {
        let mut pen = Pen::new();
        pen.put(self.scheme().header().into(), 8)?;
        match self {
            Self::General {
                manager,
                class,
                serial,
            } => {
                pen.put(*manager, 28)?;
                pen.put(*class, 24)?;
                pen.put(*serial, 36)?;
            }
            Self::Defence {
                filter,
                owner,
                serial,
            } => {
                pen.put((*filter).into(), 4)?;
                padded(owner).try_for_each(|byte| pen.put(byte.into(), 8))?;
                pen.put(*serial, 36)?;
            }
            Self::Aerospace {
                filter,
                owner,
                part,
                serial,
            } => {
                pen.put((*filter).into(), 6)?;
                padded(owner).try_for_each(|byte| pen.put(u64::from(byte & 0x3f), 6))?;
                write_six_bit(&mut pen, part)?;
                write_six_bit(&mut pen, serial)?;
            }
        }
        Ok(pen)
    }
}
