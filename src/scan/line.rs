//! Line mode: cuts what a plain serial scanner sends into frames. Knows nothing of their meaning; time comes in as an argument.

use super::LONGEST_FRAME;
use serde::Deserialize;

/// What ends a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// CR, LF or both.
    #[default]
    Auto,
    /// CR.
    Cr,
    /// LF.
    Lf,
    /// CR and LF.
    Crlf,
    /// Tab, for scanners that send it and labels that do not hold it.
    Tab,
    /// ETX.
    Etx,
    /// Silence on the line.
    Idle,
}

/// How a scanner frames what it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LineRules {
    /// What ends a scan.
    pub end: LineEnd,
    /// What comes before every scan; all before it is noise.
    pub prefix: Vec<u8>,
    /// What comes after every scan, before its end (some scanners spell `\n` out).
    pub suffix: Vec<u8>,
    /// Silence that ends a scan, in milliseconds; with [`LineEnd::Idle`] 50 if not set. None: silence ends nothing.
    pub idle_ms: Option<u32>,
    /// Longest scan, in bytes; none: [`LONGEST_FRAME`].
    pub max_len: Option<usize>,
}

impl LineRules {
    /// The silence that ends a scan, if any does.
    pub fn idle_ms(&self) -> Option<u32> {
        self.idle_ms.or((self.end == LineEnd::Idle).then_some(50))
    }
}

/// What a framer has cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// One scan.
    Scan(Vec<u8>),
    /// More than a scan can be; it was dropped up to its end.
    TooLong,
}

/// Cuts bytes into scans. Holds at most one scan's bytes.
#[derive(Clone, Debug)]
pub struct LineFramer {
    rules: LineRules,
    max: usize,
    held: Vec<u8>,
    overflowed: bool,
    after_cr: bool,
}

impl LineFramer {
    /// A framer at the beginning of a line.
    pub fn new(rules: LineRules) -> Self {
        let max = rules.max_len.unwrap_or(LONGEST_FRAME).min(LONGEST_FRAME);
        Self {
            rules,
            max,
            held: Vec::new(),
            overflowed: false,
            after_cr: false,
        }
    }

    /// Bytes that wait for their end.
    pub fn pending(&self) -> &[u8] {
        &self.held
    }

    /// Takes bytes as they come, split anyhow.
    pub fn push(&mut self, bytes: &[u8], mut cut: impl FnMut(Cut)) {
        for &byte in bytes {
            if self.is_end(byte) {
                self.end(&mut cut);
            } else if self.held.len() >= self.max {
                self.held.clear();
                self.overflowed = true;
            } else if !self.overflowed {
                self.held.push(byte);
            }
        }
    }

    /// The line has been silent for as long as [`LineRules::idle_ms`] says.
    pub fn silence(&mut self, mut cut: impl FnMut(Cut)) {
        if self.rules.idle_ms().is_some() {
            self.end(&mut cut);
        }
    }

    fn is_end(&mut self, byte: u8) -> bool {
        let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
        match self.rules.end {
            LineEnd::Auto => byte == b'\r' || byte == b'\n',
            LineEnd::Cr => byte == b'\r',
            LineEnd::Lf => byte == b'\n',
            LineEnd::Crlf => {
                let ended = after_cr && byte == b'\n';
                if ended {
                    self.held.pop();
                }
                ended
            }
            LineEnd::Tab => matches!(byte, b'\t' | b'\r' | b'\n'),
            LineEnd::Etx => byte == 0x03,
            LineEnd::Idle => false,
        }
    }

    fn end(&mut self, cut: &mut impl FnMut(Cut)) {
        let held = std::mem::take(&mut self.held);
        if std::mem::take(&mut self.overflowed) {
            return cut(Cut::TooLong);
        }
        if let Some(scan) = self.strip(held).filter(|scan| !scan.is_empty()) {
            cut(Cut::Scan(scan));
        }
    }

    /// The scan without prefix and suffix; none if the prefix never came.
    fn strip(&self, mut held: Vec<u8>) -> Option<Vec<u8>> {
        let prefix = &self.rules.prefix;
        if !prefix.is_empty() {
            let at = held
                .windows(prefix.len())
                .rposition(|window| window == prefix)?;
            held.drain(..at + prefix.len());
        }
        if !self.rules.suffix.is_empty() && held.ends_with(&self.rules.suffix) {
            held.truncate(held.len() - self.rules.suffix.len());
        }
        Some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(rules: LineRules, chunks: &[&[u8]]) -> Vec<Cut> {
        let mut framer = LineFramer::new(rules);
        let mut cuts = Vec::new();
        chunks
            .iter()
            .for_each(|chunk| framer.push(chunk, |cut| cuts.push(cut)));
        cuts
    }

    fn scans(texts: &[&[u8]]) -> Vec<Cut> {
        texts.iter().map(|text| Cut::Scan(text.to_vec())).collect()
    }

    #[test]
    fn any_line_end_ends_a_scan_once() {
        assert_eq!(
            cuts(LineRules::default(), &[b"A\r", b"\nB\nC\r\r", b"\r\n"]),
            scans(&[b"A", b"B", b"C"])
        );
    }

    #[test]
    fn group_separators_and_nul_are_data() {
        assert_eq!(
            cuts(LineRules::default(), &[b"A\0\x1d\x1e\x04\r"]),
            scans(&[b"A\0\x1d\x1e\x04"])
        );
    }

    #[test]
    fn noise_before_the_prefix_and_a_spelled_out_suffix_go() {
        let rules = LineRules {
            end: LineEnd::Etx,
            prefix: vec![2],
            suffix: b"\\n".to_vec(),
            ..LineRules::default()
        };
        assert_eq!(cuts(rules, &[b"xx\x02ABC\\n\x03"]), scans(&[b"ABC"]));
    }

    #[test]
    fn what_is_too_long_is_dropped_up_to_its_end_and_said_so() {
        let rules = LineRules {
            max_len: Some(4),
            ..LineRules::default()
        };
        let mut wanted = vec![Cut::TooLong];
        wanted.extend(scans(&[b"B"]));
        assert_eq!(cuts(rules, &[b"AAAAAAAAA\rB\r"]), wanted);
    }

    #[test]
    fn silence_ends_a_scan_only_where_it_should() {
        let mut framer = LineFramer::new(LineRules {
            end: LineEnd::Idle,
            ..LineRules::default()
        });
        let mut cuts = Vec::new();
        framer.push(b"ABC", |cut| cuts.push(cut));
        framer.silence(|cut| cuts.push(cut));
        assert_eq!(cuts, scans(&[b"ABC"]));
        let mut framer = LineFramer::new(LineRules::default());
        framer.push(b"ABC", |_| {});
        framer.silence(|_| panic!("silence ends nothing here"));
        assert_eq!(framer.pending(), b"ABC");
    }
}
