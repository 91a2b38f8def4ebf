//! Cutting a reader's bytes into frames: one frame's bytes are held, noise is passed over, and after an error the
//! next frame is looked for byte by byte.

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// It has not fully arrived.
    #[error("there is more to come")]
    NeedMore,
    /// No frame starts here.
    #[error("no frame starts here")]
    Noise,
    /// A length that no frame has.
    #[error("length")]
    Length,
    /// It was corrupted on the way.
    #[error("checksum")]
    Checksum,
    /// It does not end as it must.
    #[error("end byte")]
    End,
    /// It is whole, but its parts do not fit.
    #[error("its parts do not fit")]
    Parts,
}

/// A frame at the front of bytes, and how many it took.
pub type Cut<T> = Result<(T, usize), Bad>;

/// Bytes that wait for the rest of their frame. Never more than the longest frame and what came last.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    /// Since the last good frame there was an error; it is told once.
    lost: bool,
}

impl Held {
    /// Takes bytes, split anyhow. `on` is given every frame, and none once for bytes that were lost.
    pub(super) fn feed<T>(
        &mut self,
        bytes: &[u8],
        cut: impl Fn(&[u8]) -> Cut<T>,
        mut on: impl FnMut(Option<T>),
    ) {
        self.bytes.extend_from_slice(bytes);
        let mut at = 0;
        while at < self.bytes.len() {
            match cut(&self.bytes[at..]) {
                Ok((frame, len)) => {
                    self.lost = false;
                    at += len.max(1);
                    on(Some(frame));
                }
                Err(Bad::NeedMore) => break,
                Err(why) => {
                    at += 1;
                    if why != Bad::Noise && !self.lost {
                        self.lost = true;
                        on(None);
                    }
                }
            }
        }
        self.bytes.drain(..at.min(self.bytes.len()));
    }

    /// The line is silent: what is half there will not be finished, but may hide whole frames.
    pub(super) fn silence<T>(
        &mut self,
        cut: impl Fn(&[u8]) -> Cut<T>,
        mut on: impl FnMut(Option<T>),
    ) {
        while !self.bytes.is_empty() {
            if !self.lost {
                self.lost = true;
                on(None);
            }
            self.bytes.remove(0);
            self.feed(&[], &cut, &mut on);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Lines of a reader that speaks in text. Holds one line, at most [`Lines::LONGEST`] bytes.
#[derive(Debug, Default)]
pub(super) struct Lines {
    line: Vec<u8>,
    too_long: bool,
}

impl Lines {
    const LONGEST: usize = 8 * 1024;

    /// Takes bytes, split anyhow. `on` is given every line without its end, and none for one that was too long.
    pub(super) fn feed(&mut self, bytes: &[u8], mut on: impl FnMut(Option<&[u8]>)) {
        for &byte in bytes {
            match byte {
                b'\n' => {
                    let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
                    on((!self.too_long).then_some(line));
                    self.line.clear();
                    self.too_long = false;
                }
                _ if self.line.len() == Self::LONGEST => self.too_long = true,
                byte => self.line.push(byte),
            }
        }
    }
}

/// Bytes of hex digits; none if there is an odd number of them or something else.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?))
        .collect()
}
