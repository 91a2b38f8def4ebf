//! The office's certificate: made once, kept beside its database, pinned by handhelds at enrolment.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum NoIdentity {
    /// It could not be made.
    #[error("the office's certificate cannot be made: {0}")]
    Make(rcgen::Error),
    /// It could not be kept.
    #[error("the office's certificate cannot be kept at {path}: {source}")]
    Keep {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The kept one could not be read.
    #[error("the office's certificate at {path} cannot be read: {why}")]
    Read {
        /// Where.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Certificate and key do not fit.
    #[error("the office's certificate and key do not fit: {0}")]
    Fit(rustls::Error),
}

/// The office's certificate and key.
#[derive(Clone)]
pub struct TlsIdentity {
    config: Arc<ServerConfig>,
    fingerprint: [u8; 32],
}

impl TlsIdentity {
    /// The identity kept in a folder; a new self-signed one if there is none. The key can be read by its owner only.
    pub fn in_folder(folder: &Path) -> Result<Self, NoIdentity> {
        let (cert, key) = (
            folder.join("office-cert.pem"),
            folder.join("office-key.pem"),
        );
        if !cert.exists() || !key.exists() {
            make(&cert, &key)?;
        }
        let unreadable = |path: &Path, why: rustls::pki_types::pem::Error| NoIdentity::Read {
            path: path.to_owned(),
            why: why.to_string(),
        };
        let certificate =
            CertificateDer::from_pem_file(&cert).map_err(|why| unreadable(&cert, why))?;
        let private = PrivateKeyDer::from_pem_file(&key).map_err(|why| unreadable(&key, why))?;
        let fingerprint = Sha256::digest(&certificate).into();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(NoIdentity::Fit)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], private)
            .map_err(NoIdentity::Fit)?;
        Ok(Self {
            config: Arc::new(config),
            fingerprint,
        })
    }

    /// SHA-256 of the certificate, which handhelds pin.
    pub const fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    pub(super) fn server_config(&self) -> Arc<ServerConfig> {
        self.config.clone()
    }
}

fn make(cert: &Path, key: &Path) -> Result<(), NoIdentity> {
    let names = vec!["stockhand-office".to_owned(), "localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).map_err(NoIdentity::Make)?;
    keep(key, made.signing_key.serialize_pem().as_bytes())?;
    keep(cert, made.cert.pem().as_bytes())
}

fn keep(path: &Path, text: &[u8]) -> Result<(), NoIdentity> {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |source| NoIdentity::Keep {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(text).map_err(failed)?;
    file.sync_all().map_err(failed)
}
