//! Snapshots: a warehouse's whole present state as a ready cache file, so that a new handheld need not read the feed
//! from its beginning. Made when asked for, kept in pages beside the database, shared by all devices of the warehouse.
//! The one place where the office uses the handheld's store: to make the very file that a handheld opens.

use super::{Device, Error, Office, feed, records};
use crate::fault::{self, Fault};
use crate::store::{self, Cache, Cursor};
use crate::sync::{Limits, Manifest, Refused, RefusedKind};
use crate::warehouse::WarehouseCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// A snapshot is fresh while the feed has gone on by no more than this: two full pages.
const FRESH: u64 = 4000;
/// How many snapshots of a warehouse are kept: the newest, and the one before for those who are fetching it.
const KEPT: usize = 2;
/// Where a snapshot is made before it gets its name.
const MAKING: &str = "making";

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum NoSnapshot {
    /// The office could not, or will not.
    #[error(transparent)]
    Office(#[from] Error),
    /// The cache file could not be made.
    #[error("a snapshot cannot be made: {0}")]
    Make(#[from] store::Error),
    /// Its folder or a page cannot be used.
    #[error("the snapshots at {path} cannot be used: {source}")]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl NoSnapshot {
    /// What a handheld is told of it.
    pub fn answer(&self) -> Refused {
        match self {
            Self::Office(why) => why.answer(),
            Self::Make(_) | Self::Folder { .. } => Error::trouble(),
        }
    }
}

impl From<super::database::Error> for NoSnapshot {
    fn from(why: super::database::Error) -> Self {
        Self::Office(why.into())
    }
}

/// What a kept snapshot says of itself: its manifest but for what differs by device.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    warehouse: WarehouseCode,
    schema: u32,
    next: u64,
    incarnation: String,
    bytes: u64,
    pages: Vec<String>,
}

impl Kept {
    /// Named by all it holds, so that the same name is the same bytes.
    fn id(&self) -> String {
        let said = serde_json::to_vec(self).expect("a snapshot has text keys only");
        let mut id = hex(&Sha256::digest(said));
        id.truncate(32);
        id
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Office {
    /// A ready cache file of the device's warehouse: a kept one if it is fresh enough, else a new one.
    /// Blocks while it is made; then says which of the device's facts are in it.
    pub fn snapshot(&self, device: &Device) -> Result<Manifest, NoSnapshot> {
        // One at a time: whoever waits here finds the one that was made meanwhile.
        let making = self.making.lock();
        let _making = making.unwrap_or_else(PoisonError::into_inner);
        let (head, incarnation) = self.database().read(|tx| {
            let head = feed::head(tx, device.warehouse.as_str())?;
            Ok::<_, Error>((head, super::incarnation(tx)?))
        })?;
        let kept = self.kept_snapshots(&device.warehouse)?;
        let fresh = kept.into_iter().find(|kept| {
            (kept.next..=kept.next + FRESH).contains(&head)
                && kept.incarnation == incarnation
                && kept.schema == Cache::SCHEMA
        });
        let kept = match fresh {
            Some(kept) => kept,
            None => self.make_snapshot(&device.warehouse, &incarnation)?,
        };
        let confirmed = self
            .database()
            .read(|tx| feed::confirmed(tx, device, kept.next))?;
        let ahead = if fault::is(Fault::SnapshotAhead) {
            FRESH / 10
        } else {
            0
        };
        Ok(Manifest {
            id: kept.id(),
            schema: kept.schema,
            next: (kept.next + ahead).min(head),
            incarnation: kept.incarnation,
            confirmed,
            bytes: kept.bytes,
            pages: kept.pages,
        })
    }

    /// One page of a kept snapshot, compressed by zstd. Refused with `Unknown` if it is not kept any more,
    /// never was, or is another warehouse's.
    pub fn snapshot_page(
        &self,
        device: &Device,
        id: &str,
        page: usize,
    ) -> Result<Vec<u8>, NoSnapshot> {
        let gone = || {
            Error::refused(
                RefusedKind::Unknown,
                "There is no such page any more: ask for the snapshot anew.",
            )
        };
        // The id becomes a path: nothing but the digits that are made here.
        if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(gone().into());
        }
        let folder = self.snapshots().join(id);
        let kept = read_kept(&folder).filter(|kept| kept.warehouse == device.warehouse);
        if kept.is_none_or(|kept| page >= kept.pages.len()) {
            return Err(gone().into());
        }
        match fs::read(folder.join(page_file(page))) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Err(gone().into()),
            other => other.map_err(at(&folder)),
        }
    }

    /// Where snapshots are kept: `office-snapshots` beside `office.db`.
    fn snapshots(&self) -> PathBuf {
        let path = self.database().path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        path.with_file_name(format!("{stem}-snapshots"))
    }

    /// Throws all kept snapshots away.
    pub fn drop_snapshots(&self) -> Result<(), NoSnapshot> {
        let folder = self.snapshots();
        match fs::remove_dir_all(&folder) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(at(&folder)(why)),
            _ => Ok(()),
        }
    }

    /// The kept snapshots of a warehouse, newest first.
    fn kept_snapshots(&self, warehouse: &WarehouseCode) -> Result<Vec<Kept>, NoSnapshot> {
        let folder = self.snapshots();
        private(&folder).map_err(at(&folder))?;
        let mut kept = Vec::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            kept.extend(read_kept(&entry.map_err(at(&folder))?.path()));
        }
        kept.retain(|kept| kept.warehouse == *warehouse);
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.next));
        Ok(kept)
    }

    fn make_snapshot(
        &self,
        warehouse: &WarehouseCode,
        incarnation: &str,
    ) -> Result<Kept, NoSnapshot> {
        let (folder, making) = (self.snapshots(), self.snapshots().join(MAKING));
        if making.exists() {
            fs::remove_dir_all(&making).map_err(at(&making))?;
        }
        private(&making).map_err(at(&making))?;
        let file = making.join("cache.db");
        let mut cache = Cache::open_file(&file)?;
        let mut next = 0;
        cache.fill::<NoSnapshot>(|take| {
            next = self.everything(warehouse, take)?;
            Ok(Cursor {
                next,
                incarnation: incarnation.to_owned(),
                confirmed: (0, 0),
            })
        })?;
        cache.close()?;
        let (bytes, pages) = cut(&file, &making).map_err(at(&making))?;
        fs::remove_file(&file).map_err(at(&file))?;
        let kept = Kept {
            warehouse: warehouse.clone(),
            schema: Cache::SCHEMA,
            next,
            incarnation: incarnation.to_owned(),
            bytes,
            pages,
        };
        let said = serde_json::to_vec(&kept).expect("a snapshot has text keys only");
        keep(&making.join("snapshot.json"), &said).map_err(at(&making))?;
        let named = folder.join(kept.id());
        // The very same one may be kept, if it was too old by number only.
        if named.exists() {
            fs::remove_dir_all(&named).map_err(at(&named))?;
        }
        fs::rename(&making, &named).map_err(at(&named))?;
        self.forget_old(warehouse, incarnation)?;
        Ok(kept)
    }

    /// Keeps the newest few of a warehouse, and none of another life of the office or of a warehouse that is no more.
    fn forget_old(&self, warehouse: &WarehouseCode, incarnation: &str) -> Result<(), NoSnapshot> {
        let folder = self.snapshots();
        let known = self.database().read(records::warehouses)?;
        let mut of_this = self.kept_snapshots(warehouse)?;
        of_this.retain(|kept| kept.incarnation == incarnation);
        let keep: Vec<String> = of_this.iter().take(KEPT).map(Kept::id).collect();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            let useful = read_kept(&path).is_some_and(|kept| {
                kept.incarnation == incarnation
                    && known.contains(&kept.warehouse.to_string())
                    && (kept.warehouse != *warehouse || keep.contains(&kept.id()))
            });
            if !useful {
                fs::remove_dir_all(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> NoSnapshot {
    let path = path.to_owned();
    |source| NoSnapshot::Folder { path, source }
}

/// Makes a folder that its owner alone can look into: workers' PIN verifiers are among what a handheld gets.
fn private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file so that it is whole after a power cut too, once its folder has its name.
fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn page_file(page: usize) -> String {
    format!("{page}.zst")
}

/// What a folder says it keeps; none if it cannot be read, and then it is made anew.
fn read_kept(folder: &Path) -> Option<Kept> {
    let said = fs::read(folder.join("snapshot.json")).ok()?;
    serde_json::from_slice(&said).ok()
}

/// Cuts a file into compressed pages. Says its size, and each page's SHA-256 before compression.
fn cut(file: &Path, folder: &Path) -> io::Result<(u64, Vec<String>)> {
    let mut source = File::open(file)?;
    let (mut bytes, mut pages) = (0, Vec::new());
    loop {
        let mut page = Vec::with_capacity(Limits::SNAPSHOT_PAGE);
        (&mut source)
            .take(Limits::SNAPSHOT_PAGE as u64)
            .read_to_end(&mut page)?;
        if page.is_empty() {
            return Ok((bytes, pages));
        }
        bytes += page.len() as u64;
        let packed = zstd::bulk::compress(&page, 6)?;
        keep(&folder.join(page_file(pages.len())), &packed)?;
        pages.push(hex(&Sha256::digest(&page)));
    }
}
