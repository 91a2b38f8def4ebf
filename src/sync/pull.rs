//! Changes come down into the cache, each page together with its cursor. A cache that is new, damaged or of another
//! life of the office is fetched as a ready file, page by page; what was fetched stays over a broken link or a restart.

use super::{CallFailed, Calls, Manifest, Page, RefusedKind};
use crate::store::{self, Cache, Cursor};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Largest cache file that is fetched, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

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
        }
    }

    /// How far the cache has come.
    pub fn cursor(&self) -> Result<Cursor, store::Error> {
        self.cache.read().cursor()
    }

    /// Throws a damaged cache away; it is fetched anew.
    pub fn start_over(&mut self) -> Result<(), store::Error> {
        self.fetching = None;
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
        match office.page(cursor.next, wait_s) {
            Ok(page) if page.incarnation == cursor.incarnation => self.take(&cursor, &page),
            Ok(_) => self.begin(office),
            Err(CallFailed::Refused { refused, .. }) if refused.kind == RefusedKind::Snapshot => {
                self.begin(office)
            }
            Err(why) => Err(why.into()),
        }
    }

    fn take(&mut self, cursor: &Cursor, page: &Page) -> Result<Brought, NotPulled> {
        let reached = Cursor {
            next: page.next,
            incarnation: page.incarnation.clone(),
            confirmed: page.confirmed,
        };
        if reached == *cursor && page.changes.is_empty() {
            return Ok(Brought::Nothing);
        }
        self.cache.apply(&page.changes, &reached)?;
        Ok(Brought::Changes { more: page.more })
    }

    fn ready(&self) -> PathBuf {
        self.dir.join("snapshot.db")
    }

    /// Asks for the file; goes on with what is here of that very file.
    fn begin(&mut self, office: &mut impl Calls) -> Result<Brought, NotPulled> {
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
