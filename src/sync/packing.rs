//! Bodies packed by zstd, and unpacked only as far as both ends allow.

use super::Limits;
use std::io::Read;

/// A push of one row, however long: as text within text each of its characters may take two.
const ONE_ROW: usize = 2 * Limits::LINE + 4096;

/// Why a body cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUnpacked {
    /// It is not zstd, or was cut.
    #[error("the body cannot be decompressed")]
    Damaged,
    /// It becomes larger than [`Limits`] allow.
    #[error("the body unpacks to more than is taken")]
    TooLarge,
}

/// Packs a body.
pub fn pack(text: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(text, 3)
}

/// Unpacks a body that came from outside: never more than [`Limits::UNPACKED`], and of a large one never more
/// than [`Limits::RATIO`] times what came.
pub fn unpack(body: &[u8]) -> Result<Vec<u8>, NotUnpacked> {
    // One row may always come, however often it says the same; more of them only by the ratio.
    let most = Limits::UNPACKED.min(body.len().saturating_mul(Limits::RATIO).max(ONE_ROW));
    unpack_at_most(body, most)
}

/// Unpacks a body to at most so many bytes.
pub fn unpack_at_most(body: &[u8], most: usize) -> Result<Vec<u8>, NotUnpacked> {
    let mut text = Vec::new();
    zstd::stream::read::Decoder::new(body)
        .and_then(|reader| reader.take(most as u64 + 1).read_to_end(&mut text))
        .map_err(|_| NotUnpacked::Damaged)?;
    if text.len() > most {
        return Err(NotUnpacked::TooLarge);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_a_bomb_is_not() {
        let text = b"facts ".repeat(20);
        assert_eq!(unpack(&pack(&text).unwrap()), Ok(text));
        let bomb = pack(&vec![0; 64 * 1024 * 1024]).unwrap();
        assert_eq!(unpack(&bomb), Err(NotUnpacked::TooLarge));
        assert_eq!(unpack(b"no zstd"), Err(NotUnpacked::Damaged));
    }
}
