//! The carbon: the journal's second copy, a text file that only grows. It shares no code with SQLite on purpose,
//! because a single flipped bit in a write-ahead log makes SQLite drop everything after it and call the rest sound.
//!
//! ```text
//! 0000002f 9ae1c3d7 E {"seq":1,"act":1,…}\n
//! └ bytes  └ CRC-32 └ kind, and the text that both figures speak of
//! ```
//! A small letter means that more of the same batch follows, a capital that the batch is complete. JSON holds no
//! line feed, so that a reader finds the next record after a damaged one.

use crate::fault::{self, Fault};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// One thing on the carbon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// A row of the journal, verbatim.
    Entry(String),
    /// A row of what else is kept, as JSON.
    Kept(String),
    /// The head of the file, as JSON.
    Head(String),
}

impl Record {
    fn parts(&self) -> (u8, &str) {
        match self {
            Self::Entry(text) => (b'e', text),
            Self::Kept(text) => (b'k', text),
            Self::Head(text) => (b'h', text),
        }
    }

    fn write(&self, last: bool, out: &mut Vec<u8>) {
        let (kind, text) = self.parts();
        let kind = if last {
            kind.to_ascii_uppercase()
        } else {
            kind
        };
        let mut body = Vec::with_capacity(text.len() + 2);
        body.extend_from_slice(&[kind, b' ']);
        body.extend_from_slice(text.as_bytes());
        let crc = crc32fast::hash(&body);
        out.extend_from_slice(format!("{:08x} {crc:08x} ", text.len()).as_bytes());
        out.extend_from_slice(&body);
        out.push(b'\n');
    }

    /// Reads one line with its line feed; whether it ends a batch. Nothing if it is not exactly what was written.
    fn read(line: &[u8]) -> Option<(Self, bool)> {
        let body = line.strip_suffix(b"\n")?;
        let (bytes, crc, body) = (body.get(..8)?, body.get(9..17)?, body.get(18..)?);
        if line[8] != b' ' || line[17] != b' ' || body.get(1) != Some(&b' ') {
            return None;
        }
        let text = std::str::from_utf8(&body[2..]).ok()?;
        if hex(bytes)? as usize != text.len() || hex(crc)? != crc32fast::hash(body) {
            return None;
        }
        let record = match body[0].to_ascii_lowercase() {
            b'e' => Self::Entry(text.to_owned()),
            b'k' => Self::Kept(text.to_owned()),
            b'h' => Self::Head(text.to_owned()),
            _ => return None,
        };
        Some((record, body[0].is_ascii_uppercase()))
    }
}

/// Eight hexadecimal digits as they are written here: small letters, no sign.
fn hex(digits: &[u8]) -> Option<u32> {
    let plain = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let text = std::str::from_utf8(digits).ok()?;
    digits.iter().all(plain).then_some(())?;
    u32::from_str_radix(text, 16).ok()
}

/// What lies behind the last whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing.
    Nothing,
    /// A batch that was never finished: never acknowledged, or in the other copy.
    Torn,
    /// Something broken with whole records after it.
    Damage,
}

/// How far a carbon can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where the last whole batch ends.
    pub good: u64,
    /// Where the file ends.
    pub bytes: u64,
    /// What is between the two.
    pub rest: Rest,
}

/// Reads every whole batch from the start up to the first broken one. `take` says false to stop believing the file.
pub(super) fn scan<E: From<io::Error>>(
    path: &Path,
    mut take: impl FnMut(Vec<Record>) -> Result<bool, E>,
) -> Result<Extent, E> {
    let mut file = BufReader::with_capacity(256 * 1024, File::open(path)?);
    let (mut good, mut bytes, mut rest) = (0, 0, Rest::Nothing);
    let mut batch = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = file.read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        match (Record::read(&line), rest) {
            (Some(_), Rest::Torn) => rest = Rest::Damage,
            (_, Rest::Torn | Rest::Damage) => {}
            (None, Rest::Nothing) => rest = Rest::Torn,
            (Some((record, last)), Rest::Nothing) => {
                batch.push(record);
                if last && take(std::mem::take(&mut batch))? {
                    good = bytes;
                } else if last {
                    rest = Rest::Damage;
                }
            }
        }
    }
    if rest == Rest::Nothing && good < bytes {
        rest = Rest::Torn;
    }
    Ok(Extent { good, bytes, rest })
}

/// Why an append did not happen.
#[derive(Debug)]
pub(super) struct Failed {
    /// What the system said.
    pub source: io::Error,
    /// Whether the file is surely as it was before.
    pub clean: bool,
}

/// Makes a file durable on a thread of its own, so that both copies can go to the disk at the same time.
#[derive(Debug)]
struct Syncer {
    ask: SyncSender<()>,
    answer: Receiver<io::Result<()>>,
}

impl Syncer {
    fn start(file: &File) -> io::Result<Self> {
        let file = file.try_clone()?;
        // One asks, then waits for the answer: there is never more than one of either.
        let ((ask, asked), (tell, answer)) = (sync_channel(1), sync_channel(1));
        std::thread::Builder::new()
            .name("carbon".to_owned())
            .spawn(move || {
                for () in asked {
                    if tell.send(file.sync_data()).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self { ask, answer })
    }
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Carbon {
    file: File,
    syncer: Syncer,
    path: PathBuf,
    end: u64,
}

impl Carbon {
    /// Where the carbon of an epoch lies.
    pub fn path_of(dir: &Path, epoch: u32) -> PathBuf {
        dir.join(format!("carbon-{epoch:010}.log"))
    }

    /// The epochs whose carbons lie in a folder, lowest first.
    pub fn epochs(dir: &Path) -> io::Result<Vec<u32>> {
        let mut epochs: Vec<u32> = std::fs::read_dir(dir)?
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| {
                let digits = name.strip_prefix("carbon-")?.strip_suffix(".log")?;
                (digits.len() == 10).then(|| digits.parse().ok())?
            })
            .collect();
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// Begins a carbon with these batches. The file and its name are on disk when this returns, or there is none.
    pub fn create<E: From<io::Error>>(
        dir: &Path,
        epoch: u32,
        batches: impl FnOnce(&mut dyn FnMut(&[Record]) -> io::Result<()>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let path = Self::path_of(dir, epoch);
        let draft = path.with_extension("draft");
        let mut out = io::BufWriter::new(File::create(&draft)?);
        let mut write = |batch: &[Record]| out.write_all(&encode(batch));
        write(&[Record::Head(format!("{{\"carbon\":1,\"epoch\":{epoch}}}"))])?;
        batches(&mut write)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        std::fs::rename(&draft, &path)?;
        super::files::settle(dir)?;
        Ok(Self::open(dir, epoch)?)
    }

    /// Opens a carbon that was found whole.
    pub fn open(dir: &Path, epoch: u32) -> io::Result<Self> {
        let path = Self::path_of(dir, epoch);
        let file = OpenOptions::new().append(true).open(&path)?;
        let end = file.metadata()?.len();
        let syncer = Syncer::start(&file)?;
        Ok(Self {
            file,
            syncer,
            path,
            end,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file ends now: what [`Carbon::take_back`] wants.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Adds a batch. It is on disk when this returns.
    pub fn append(&mut self, batch: &[Record]) -> Result<(), Failed> {
        self.write(batch)?;
        self.begin_sync();
        let clean = false;
        self.end_sync().map_err(|source| Failed { source, clean })
    }

    /// Adds a batch, which is on disk only after [`Carbon::end_sync`].
    pub fn write(&mut self, batch: &[Record]) -> Result<(), Failed> {
        let bytes = encode(batch);
        if let Err(source) = self.file.write_all(&bytes) {
            let clean = self.take_back(self.end).is_ok();
            return Err(Failed { source, clean });
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Begins to make durable what was written.
    pub fn begin_sync(&self) {
        if fault::is(Fault::SyncSkipped) {
            return;
        }
        // A thread that is gone is told by `end_sync`.
        let _ = self.syncer.ask.send(());
    }

    /// Waits until what was written is durable. After an error nobody knows what is on disk,
    /// and asking again would be answered with a false yes.
    pub fn end_sync(&self) -> io::Result<()> {
        if fault::is(Fault::SyncSkipped) {
            return Ok(());
        }
        let gone = |_| io::Error::other("the thread that syncs has ended");
        self.syncer.answer.recv().map_err(gone)?
    }

    #[cfg(test)]
    pub fn write_to(&mut self, other: &Path) {
        self.file = OpenOptions::new()
            .append(true)
            .open(other)
            .expect("a test writes elsewhere");
    }

    /// Cuts off what was added last, because the other copy could not take it.
    pub fn take_back(&mut self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        self.file.sync_data()?;
        self.end = end;
        Ok(())
    }
}

fn encode(batch: &[Record]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (i, record) in batch.iter().enumerate() {
        record.write(i + 1 == batch.len(), &mut bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(path: &Path) -> (Vec<Vec<Record>>, Extent) {
        let mut batches = Vec::new();
        let extent = scan::<io::Error>(path, |batch| {
            batches.push(batch);
            Ok(true)
        })
        .unwrap();
        (batches, extent)
    }

    fn entry(text: &str) -> Record {
        Record::Entry(text.to_owned())
    }

    #[test]
    fn what_is_appended_is_read_again_batch_by_batch() {
        let dir = tempfile::tempdir().unwrap();
        let mut carbon = Carbon::create::<io::Error>(dir.path(), 7, |_| Ok(())).unwrap();
        carbon.append(&[entry("a"), entry("b")]).unwrap();
        carbon.append(&[Record::Kept("c".into())]).unwrap();
        let (batches, extent) = read_all(carbon.path());
        assert_eq!(batches[1], [entry("a"), entry("b")]);
        assert_eq!(batches[2], [Record::Kept("c".into())]);
        assert_eq!((extent.rest, extent.good), (Rest::Nothing, carbon.end()));
        assert_eq!(Carbon::epochs(dir.path()).unwrap(), [7]);
    }

    #[test]
    fn a_file_cut_at_any_byte_gives_only_whole_batches() {
        let dir = tempfile::tempdir().unwrap();
        let mut carbon = Carbon::create::<io::Error>(dir.path(), 1, |_| Ok(())).unwrap();
        carbon.append(&[entry("one")]).unwrap();
        let whole = carbon.end();
        carbon.append(&[entry("two"), entry("three")]).unwrap();
        let bytes = std::fs::read(carbon.path()).unwrap();
        for cut in usize::try_from(whole).unwrap()..bytes.len() {
            std::fs::write(carbon.path(), &bytes[..cut]).unwrap();
            let (batches, extent) = read_all(carbon.path());
            assert_eq!((batches.len(), extent.good), (2, whole), "cut at {cut}");
            assert_eq!(extent.rest == Rest::Torn, cut as u64 > whole);
        }
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let mut carbon = Carbon::create::<io::Error>(dir.path(), 1, |_| Ok(())).unwrap();
        carbon.append(&[entry("one")]).unwrap();
        carbon.append(&[entry("two")]).unwrap();
        let bytes = std::fs::read(carbon.path()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(carbon.path(), &flipped).unwrap();
            let (batches, extent) = read_all(carbon.path());
            assert!(
                batches.len() < 3 && extent.rest != Rest::Nothing,
                "bit {bit}"
            );
        }
    }
}
