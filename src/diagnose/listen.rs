//! What a port says, live: the bytes of each scan, and what they mean.

use super::labels;
use super::tags::meaning;
use crate::device::rfid::{
    ReaderHeard, ReaderSettings, Sighting, Warning, built_in, listen_reader,
};
use crate::device::{self, Heard, PortSettings, Taken};
use crate::scan::{Epc, Signal};
use std::io::{self, Write};
use std::ops::ControlFlow;

/// Prints what a port says until the output is closed. A lost port is said, and opened again when it comes back.
pub fn listen(port: &PortSettings, mut out: impl Write) -> io::Result<()> {
    let mut ended = Ok(());
    device::listen(port, &Taken::default(), |heard| {
        ended = said(&heard, &mut out);
        match ended {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    ended
}

/// Prints what an RFID reader hears until the output is closed: each tag once in a tenth of a second.
pub fn listen_to_reader(reader: &ReaderSettings, mut out: impl Write) -> io::Result<()> {
    let mut ended = Ok(());
    // Held open: a reader that nobody can give orders ends.
    let (_order, orders) = std::sync::mpsc::sync_channel(1);
    listen_reader(reader, &built_in(), &Taken::default(), &orders, |heard| {
        ended = told(&heard, &mut out);
        match ended {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    ended
}

fn told(heard: &ReaderHeard, out: &mut impl Write) -> io::Result<()> {
    match heard {
        ReaderHeard::Tags(folded) => {
            for tag in &folded.tags {
                writeln!(out, "{}", tag_line(tag))?;
            }
            if folded.beyond > 0 {
                writeln!(out, "{} reads of tags beyond those", folded.beyond)?;
            }
            if folded.corrupt > 0 {
                writeln!(out, "{} corrupted frames dropped", folded.corrupt)?;
            }
        }
        ReaderHeard::Frame(frame) => said(&Heard::Frame(frame.clone()), out)?,
        ReaderHeard::Battery(percent) => writeln!(out, "battery {percent} %")?,
        ReaderHeard::Warning(Warning::TooHot) => writeln!(out, "too hot: it reads slower")?,
        ReaderHeard::Warning(Warning::Antenna) => writeln!(out, "its antenna is not right")?,
        ReaderHeard::Opened { device, profile } => {
            writeln!(out, "listening to {device}: {profile}")?;
        }
        ReaderHeard::Lost(why) => writeln!(out, "not there: {why}")?,
    }
    out.flush()
}

/// A tag in one line: its bits, how it was heard, and what it says.
fn tag_line(tag: &Sighting) -> String {
    let signal = match tag.signal {
        Some(Signal::Tenths(tenths)) => format!("{:.1} dBm", f32::from(tenths) / 10.0),
        Some(Signal::Raw(raw)) => format!("strength {raw}"),
        None => "strength not told".to_owned(),
    };
    let antenna = tag
        .antenna
        .map_or_else(String::new, |antenna| format!(", antenna {antenna}"));
    let meaning = match Epc::decode(&tag.epc) {
        Ok(epc) => meaning(&epc),
        Err(why) => format!("not GS1: {why}"),
    };
    format!(
        "{}  {signal}{antenna}, {} x\n    {meaning}",
        tag.epc, tag.count
    )
}

fn said(heard: &Heard, out: &mut impl Write) -> io::Result<()> {
    match heard {
        Heard::Frame(frame) => {
            let shown: String = frame.bytes.iter().map(|&byte| shown(byte)).collect();
            writeln!(out, "{shown}\n    {}", labels::words(&frame.bytes))?;
        }
        Heard::TooLong => writeln!(out, "more than a label can hold; dropped up to its end")?,
        Heard::Opened(path) => writeln!(out, "listening to {path}")?,
        Heard::Lost(why) => writeln!(out, "not there: {why}")?,
    }
    out.flush()
}

/// A byte for reading: printable ASCII as it is, all else as `<1D>`.
fn shown(byte: u8) -> String {
    match byte {
        0x20..=0x7e => char::from(byte).to_string(),
        byte => format!("<{byte:02X}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::rfid::Folded;
    use crate::scan::RawEpc;

    #[test]
    fn a_tag_is_told_with_its_bits_its_strength_and_its_meaning() {
        let tag = |hex, signal| Sighting {
            epc: RawEpc::from_hex(hex).expect("hex"),
            pc: None,
            count: 3,
            first: crate::warehouse::Timestamp::UNIX_EPOCH,
            last: crate::warehouse::Timestamp::UNIX_EPOCH,
            signal,
            antenna: Some(2),
        };
        let mut out = Vec::new();
        let folded = Folded {
            tags: vec![
                tag("3034257BF7194E4000001A85", Some(Signal::dbm(-52))),
                tag("E28011606000020A12345678", None),
                tag("F7B09506000134352624B517359FA0FF", None),
            ],
            beyond: 0,
            corrupt: 1,
        };
        told(&ReaderHeard::Tags(folded), &mut out).expect("a list takes all");
        let text = String::from_utf8(out).expect("it is text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "3034257BF7194E4000001A85  -52.0 dBm, antenna 2, 3 x",
                "    SGTIN-96 (01)80614141123458(21)6789 on an item",
                "E28011606000020A12345678  strength not told, antenna 2, 3 x",
                "    not GS1: no scheme has the header E2",
                "F7B09506000134352624B517359FA0FF  strength not told, antenna 2, 3 x",
                "    SGTIN+ (01)09506000134352(21)S1(17)261231, and bits A0FF",
                "1 corrupted frames dropped",
            ]
        );
    }
}
