//! Bytes of a reader, as the protocol `uhf18` reads them.

#![no_main]

mod reader;

use libfuzzer_sys::fuzz_target;
use stockhand::device::rfid::Protocol;

fuzz_target!(|data: &[u8]| reader::heard(Protocol::Uhf18, data));
