//! The demo's head office: the real one on loopback over its own database, filled with the demo warehouse once.

use crate::office::api::{NoIdentity, NotServed, Serving, TlsIdentity};
use crate::office::import::NotImported;
use crate::office::{self, Caretaker, Office as HeadOffice};
use crate::store::{self, Identity, Journal};
use crate::sync::{CallFailed, Enrol, Link, Welcome};
use crate::warehouse;
use chrono::Utc;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The PIN of the worker whose badge the make-believe scanner carries.
pub const PIN: &str = "1101";
/// How long the demo's own invitation lasts, in minutes.
const INVITED: u32 = 5;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum NoDemo {
    /// Its folder cannot be used.
    #[error("the demo's folder {} cannot be used: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its office has a trouble.
    #[error(transparent)]
    Office(#[from] office::Error),
    /// Its warehouse did not come in.
    #[error(transparent)]
    Import(#[from] NotImported),
    /// Its office has no certificate.
    #[error(transparent)]
    Identity(#[from] NoIdentity),
    /// Its office cannot be served.
    #[error(transparent)]
    Serve(#[from] NotServed),
    /// Its handheld has a trouble.
    #[error(transparent)]
    Handheld(#[from] store::Error),
    /// Its office did not take its handheld in.
    #[error("the demo's office did not take the handheld in: {0}")]
    Enrol(#[from] CallFailed),
}

/// The office, being served until this is dropped.
pub struct Office {
    office: HeadOffice,
    serving: Serving,
    fingerprint: [u8; 32],
    // Does the office's duties for as long as it is held.
    _caretaker: Caretaker,
}

impl Office {
    /// Opens the demo of a folder, or begins one. `fresh`: what was there is set aside first.
    pub fn open(folder: &Path, fresh: bool) -> Result<Self, NoDemo> {
        let failed = |source| NoDemo::Folder {
            path: folder.to_owned(),
            source,
        };
        if fresh && folder.exists() {
            std::fs::rename(folder, set_aside(folder)).map_err(failed)?;
        }
        let home = folder.join("office");
        std::fs::create_dir_all(&home).map_err(failed)?;
        let office = HeadOffice::open(&home.join("office.db"))?;
        if office.is_empty()? {
            let now = Utc::now();
            office.import(
                now,
                &super::warehouse::sheets(now.date_naive(), super::SEED),
            )?;
            office.tend(now)?;
        }
        // The terminal is the handheld's.
        let log = File::options()
            .create(true)
            .append(true)
            .open(home.join("office.log"))
            .map_err(failed)?;
        office.write_notes_to(log);
        let caretaker = Caretaker::start(office.clone()).map_err(failed)?;
        let identity = TlsIdentity::in_folder(&home)?;
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let serving = Serving::start(office.clone(), any, &identity)?;
        Ok(Self {
            office,
            serving,
            fingerprint: identity.fingerprint(),
            _caretaker: caretaker,
        })
    }

    /// Takes the handheld of this folder in; one that was taken in before is told where the office is now.
    pub fn enrol(&self, folder: &Path) -> Result<(), NoDemo> {
        let (mut journal, _) = Journal::open(folder, Utc::now())?;
        let place = self.serving.address().to_string();
        let identity = match journal.read().identity()? {
            Some(known) if known.office == place => return Ok(()),
            Some(known) => Identity {
                office: place,
                ..known
            },
            None => self.take_in(place)?,
        };
        Ok(journal.enrol(&identity, Utc::now(), None)?)
    }

    fn take_in(&self, place: String) -> Result<Identity, NoDemo> {
        let main = "W1".parse().expect("a plain code");
        let invited = self.office.invite(Utc::now(), &main, INVITED)?;
        let ask = Enrol {
            code: invited.code,
            name: "Demo".into(),
            was: None,
        };
        let enrolled = Link::new(&place, Some(self.fingerprint))?.enrol(&ask)?;
        Ok(Identity {
            device: enrolled.device,
            token: enrolled.token,
            warehouse: enrolled.warehouse,
            warehouse_name: enrolled.warehouse_name,
            office: place,
            fingerprint: Some(warehouse::Link(self.fingerprint).to_string()),
        })
    }

    /// What to say at the end: where all is, and how to go on with a real scanner.
    pub fn farewell(&self, folder: &Path) -> String {
        format!(
            "The demo is kept in {0}; start it again to go on, or with --fresh to begin anew.\n\
             Its labels: {0}/labels.txt\n\
             Its books: stockhand-office verify --data {0}/office\n\
             With a real scanner: stockhand ports, then stockhand demo --port DEVICE",
            folder.display()
        )
    }
}

fn set_aside(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    (1..u32::MAX)
        .map(|n| folder.with_file_name(format!("{name}-{n}")))
        .find(|free| !free.exists())
        .expect("four thousand million names are not all taken")
}
