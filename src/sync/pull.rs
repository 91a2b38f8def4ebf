//! Changes come down into the cache, each page together with its cursor. A cache that is new, damaged or of another
//! life of the office is fetched as a ready file, page by page; what was fetched stays over a broken link or a restart.

use super::{CallFailed, Calls, Manifest, Page, RefusedKind};
use crate::store::{self, Cache, Cursor};
use crate::warehouse::Change;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Largest cache file that is fetched, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

/// Changes that wait for the rest of their pages, at most: more are put into the cache as they come.
const MOST_WAITING: usize = 20_000;

/// Why the cache could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum NotPulled {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallFailed),
    /// The cache could not take it.
    #[error(transparent)]
    Cache(#[from] store::Error),
    /// The file being fetched could not be kept.
    #[error("the file being fetched cannot be kept: {0}")]
    Keep(#[from] io::Error),
    /// What the office says of its file does not fit the file.
    #[error("the office's file is not what it says; it is fetched again")]
    Unfit,
}

/// What one call brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// Nothing new.
    Nothing,
    /// Changes, now in the cache.
    Changes {
        /// Whether there is more right now.
        more: bool,
    },
    /// A part of a whole new cache: bytes here, bytes in all.
    Part {
        /// Bytes here.
        done: u64,
        /// Bytes in all.
        all: u64,
    },
    /// A whole new cache, now in use.
    Whole,
}

/// The way down, into one cache.
#[derive(Debug)]
pub struct Puller {
    cache: Cache,
    dir: PathBuf,
    fetching: Option<Fetch>,
    waiting: Option<Waiting>,
}

/// Pages that are not yet one state of the warehouse: put into the cache together with the last of them, so that a
/// link that breaks in between leaves no half of it.
#[derive(Debug)]
struct Waiting {
    next: u64,
    changes: Vec<Change>,
}

/// A ready cache file on its way.
#[derive(Debug)]
struct Fetch {
    manifest: Manifest,
    file: File,
    have: usize,
}

impl Puller {
    /// Goes on from the cache's own cursor.
    pub fn new(dir: &Path, cache: Cache) -> Self {
        Self {
            cache,
            dir: dir.to_owned(),
            fetching: None,
            waiting: None,
        }
    }

    /// How far the cache has come.
    pub fn cursor(&self) -> Result<Cursor, store::Error> {
        self.cache.read().cursor()
    }

    /// Throws a damaged cache away; it is fetched anew.
    pub fn start_over(&mut self) -> Result<(), store::Error> {
        (self.fetching, self.waiting) = (None, None);
        self.cache = Cache::open_anew(&self.dir)?;
        Ok(())
    }

    /// One call: a page of changes (waiting so many seconds for some), or a part of a whole new cache.
    pub fn step(&mut self, office: &mut impl Calls, wait_s: u64) -> Result<Brought, NotPulled> {
        if self.fetching.is_some() {
            return self.fetch(office);
        }
        let cursor = self.cursor()?;
        if cursor.incarnation.is_empty() {
            return self.begin(office);
        }
        let waiting = self.waiting.as_ref().map(|waiting| waiting.next);
        match office.page(waiting.unwrap_or(cursor.next), wait_s) {
            Ok(page) if page.incarnation == cursor.incarnation => self.take(&cursor, page),
            Ok(_) => self.begin(office),
            Err(CallFailed::Refused { refused, .. }) if refused.kind == RefusedKind::Snapshot => {
                self.begin(office)
            }
            Err(why) => Err(why.into()),
        }
    }

    fn take(&mut self, cursor: &Cursor, page: Page) -> Result<Brought, NotPulled> {
        let mut changes = self.waiting.take().map_or_else(Vec::new, |was| was.changes);
        changes.extend(page.changes);
        if page.more && changes.len() < MOST_WAITING {
            let next = page.next;
            self.waiting = Some(Waiting { next, changes });
            return Ok(Brought::Changes { more: true });
        }
        let reached = Cursor {
            next: page.next,
            incarnation: page.incarnation,
            confirmed: page.confirmed,
        };
        if reached == *cursor && changes.is_empty() {
            return Ok(Brought::Nothing);
        }
        self.cache.apply(&changes, &reached)?;
        Ok(Brought::Changes { more: page.more })
    }

    fn ready(&self) -> PathBuf {
        self.dir.join("snapshot.db")
    }

    /// Asks for the file; goes on with what is here of that very file.
    fn begin(&mut self, office: &mut impl Calls) -> Result<Brought, NotPulled> {
        self.waiting = None;
        let manifest = office.manifest()?;
        if manifest.schema != Cache::SCHEMA {
            // Made for another version of this program: everything is told again from the beginning instead.
            self.cache.clear(&Cursor {
                incarnation: manifest.incarnation,
                ..Cursor::default()
            })?;
            return Ok(Brought::Changes { more: true });
        }
        if manifest.bytes > LARGEST || manifest.pages.is_empty() {
            return Err(NotPulled::Unfit);
        }
        let part = self.dir.join("snapshot.part");
        let note = self.dir.join("snapshot.id");
        if fs::read_to_string(&note).is_ok_and(|id| id != manifest.id) || !note.exists() {
            File::create(&part)?;
            fs::write(&note, &manifest.id)?;
        }
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part)?;
        let have = whole_pages(&mut file, &manifest)?;
        let (done, all) = (file.stream_position()?, manifest.bytes);
        self.fetching = Some(Fetch {
            manifest,
            file,
            have,
        });
        Ok(Brought::Part { done, all })
    }

    fn fetch(&mut self, office: &mut impl Calls) -> Result<Brought, NotPulled> {
        let fetch = self.fetching.as_mut().expect("it was just looked at");
        if let Some(sum) = fetch.manifest.pages.get(fetch.have) {
            let bytes = match office.snapshot_page(&fetch.manifest.id, fetch.have) {
                Err(CallFailed::Refused {
                    refused,
                    retry_after,
                }) => {
                    // The office has a newer file by now.
                    self.fetching = None;
                    return Err(CallFailed::Refused {
                        refused,
                        retry_after,
                    }
                    .into());
                }
                other => other?,
            };
            if hex(&bytes) != *sum {
                self.fetching = None;
                return Err(NotPulled::Unfit);
            }
            fetch.file.write_all(&bytes)?;
            fetch.have += 1;
            let (done, all) = (fetch.file.stream_position()?, fetch.manifest.bytes);
            if fetch.have < fetch.manifest.pages.len() {
                return Ok(Brought::Part { done, all });
            }
        }
        self.put_into_use()
    }

    fn put_into_use(&mut self) -> Result<Brought, NotPulled> {
        let Some(Fetch { manifest, file, .. }) = self.fetching.take() else {
            return Ok(Brought::Nothing);
        };
        let fits = file.metadata()?.len() == manifest.bytes;
        drop(file);
        let ready = self.ready();
        for left in [
            ready.clone(),
            suffixed(&ready, "-wal"),
            suffixed(&ready, "-shm"),
        ] {
            gone(&left)?;
        }
        fs::rename(self.dir.join("snapshot.part"), &ready)?;
        gone(&self.dir.join("snapshot.id"))?;
        if !fits {
            return Err(NotPulled::Unfit);
        }
        let cursor = Cursor {
            next: manifest.next,
            incarnation: manifest.incarnation,
            confirmed: manifest.confirmed,
        };
        self.cache.replace(&ready, &cursor)?;
        gone(&ready)?;
        Ok(Brought::Whole)
    }
}

fn suffixed(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
        _ => Ok(()),
    }
}

/// How many pages of the file are here and right; the file then ends after the last of them.
fn whole_pages(file: &mut File, manifest: &Manifest) -> io::Result<usize> {
    let mut have = 0;
    let mut good = 0;
    for sum in &manifest.pages {
        let mut bytes = Vec::new();
        Read::by_ref(file)
            .take(super::Limits::SNAPSHOT_PAGE as u64)
            .read_to_end(&mut bytes)?;
        if bytes.is_empty() || hex(&bytes) != *sum {
            break;
        }
        have += 1;
        good += bytes.len() as u64;
    }
    file.set_len(good)?;
    file.seek(SeekFrom::Start(good))?;
    Ok(have)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Claim, Claimed, Push, Pushed};
    use crate::warehouse::{StockRow, Timestamp};

    /// An office of two pages; the line is cut before the second if so wanted.
    struct TwoPages {
        cut: bool,
    }

    fn stock(place: &str) -> Change {
        Change::Stock(StockRow {
            spot: crate::warehouse::Spot::at(place.parse().unwrap()),
            goods: crate::warehouse::Goods::of("BOLT".parse().unwrap()),
            quantity: crate::warehouse::Quantity::ONE,
        })
    }

    fn silence<T>() -> Result<T, CallFailed> {
        Err(CallFailed::Unreachable("no signal".into()))
    }

    impl Calls for TwoPages {
        fn page(&mut self, after: u64, _: u64) -> Result<Page, CallFailed> {
            if after == 2 && self.cut {
                return silence();
            }
            let place = if after == 1 { "bin:A-01" } else { "bin:A-02" };
            Ok(Page {
                incarnation: "one".to_owned(),
                next: after + 1,
                more: after == 1,
                confirmed: (1, after),
                changes: vec![stock(place)],
                time: Timestamp::UNIX_EPOCH,
            })
        }
        fn push(&mut self, _: &Push) -> Result<Pushed, CallFailed> {
            silence()
        }
        fn claim(&mut self, _: &Claim) -> Result<Claimed, CallFailed> {
            silence()
        }
        fn manifest(&mut self) -> Result<Manifest, CallFailed> {
            silence()
        }
        fn snapshot_page(&mut self, _: &str, _: usize) -> Result<Vec<u8>, CallFailed> {
            silence()
        }
    }

    #[test]
    fn a_link_that_breaks_between_two_pages_leaves_no_half_of_what_they_say() {
        let dir = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(dir.path()).unwrap();
        let begun = Cursor {
            next: 1,
            incarnation: "one".to_owned(),
            confirmed: (0, 0),
        };
        cache.clear(&begun).unwrap();
        let mut puller = Puller::new(dir.path(), cache);
        let mut office = TwoPages { cut: true };
        puller.step(&mut office, 0).unwrap();
        assert!(puller.step(&mut office, 0).is_err());
        assert_eq!(puller.cursor().unwrap(), begun);
        office.cut = false;
        puller.step(&mut office, 0).unwrap();
        let reached = puller.cursor().unwrap();
        assert_eq!((reached.next, reached.confirmed), (3, (1, 2)));
        let bolts = puller
            .cache
            .read()
            .stock_of_item(&"BOLT".parse().unwrap())
            .unwrap();
        assert_eq!(bolts.len(), 2);
    }
}
