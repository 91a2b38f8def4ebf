//! Where the office's PostgreSQL server is, and how to get in: a URL, and a password from a safer place than a command line.

use super::Error;
use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The address of a database on a PostgreSQL server.
#[derive(Clone)]
pub struct Address {
    config: Config,
    root: Option<PathBuf>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

impl Address {
    /// Reads `postgres://user@host:port/database`. What it leaves out is taken from `PGPASSWORD`, or else from the password
    /// file that `PGPASSFILE` names (`~/.pgpass`); `PGSSLROOTCERT` names the certificate that a server must show.
    pub fn read(url: &str) -> Result<Self, Error> {
        Self::read_with(url, |name| std::env::var(name).ok())
    }

    /// The same with these variables instead of the environment's.
    pub fn read_with(url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            let what = "it is postgres://user@host:port/database";
            return Err(Error::Address(what.to_owned()));
        }
        let mut config: Config = url
            .parse()
            .map_err(|why| Error::Address(super::server::said(&why)))?;
        if config.get_dbname().is_none() {
            return Err(Error::Address("it names no database".to_owned()));
        }
        config
            .application_name("stockhand-office")
            .connect_timeout(Duration::from_secs(5))
            .keepalives_idle(Duration::from_secs(30));
        if config.get_password().is_none() {
            let password = match variable("PGPASSWORD") {
                Some(password) => Some(password),
                None => from_file(&config, &variable),
            };
            if let Some(password) = password {
                config.password(password);
            }
        }
        let root = variable("PGSSLROOTCERT").map(PathBuf::from);
        Ok(Self { config, root })
    }

    /// Where it is, without any password.
    pub fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "?".to_owned(),
        };
        let port = self.config.get_ports().first().unwrap_or(&5432);
        let database = self.config.get_dbname().unwrap_or_default();
        format!("{host}:{port}/{database}")
    }

    /// A connection. To another machine it is encrypted, and the server must show a certificate that is trusted here, unless
    /// the address says `sslmode=disable`.
    pub(super) fn connect(&self) -> Result<postgres::Client, Error> {
        let is_near = self.config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        });
        let client = match self.config.get_ssl_mode() {
            SslMode::Disable => self.config.connect(postgres::NoTls),
            SslMode::Prefer if is_near => self.config.connect(postgres::NoTls),
            _ => {
                let mut config = self.config.clone();
                config.ssl_mode(SslMode::Require).connect(self.tls()?)
            }
        };
        client.map_err(|source| Error::Connect {
            place: self.place(),
            source,
        })
    }

    fn tls(&self) -> Result<MakeRustlsConnect, Error> {
        // Only the first call of a process sets the provider; later ones find the same one there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Some(path) = &self.root else {
            return match MakeRustlsConnect::with_native_certs() {
                Ok((tls, _)) => Ok(tls),
                Err(_) => Err(Error::Address(
                    "this machine trusts no certificates; name the server's by PGSSLROOTCERT"
                        .to_owned(),
                )),
            };
        };
        let bad = |why: String| Error::Address(format!("PGSSLROOTCERT {}: {why}", path.display()));
        let mut roots = rustls::RootCertStore::empty();
        for certificate in
            CertificateDer::pem_file_iter(path).map_err(|why| bad(why.to_string()))?
        {
            let certificate = certificate.map_err(|why| bad(why.to_string()))?;
            roots.add(certificate).map_err(|why| bad(why.to_string()))?;
        }
        let config = rustls::ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }
}

/// The password that a password file has for this server, if there is such a file and it is its owner's alone.
/// PostgreSQL documentation, libpq, "The Password File".
fn from_file(config: &Config, variable: &impl Fn(&str) -> Option<String>) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let path = match variable("PGPASSFILE") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(variable("HOME")?).join(".pgpass"),
    };
    let mode = std::fs::metadata(&path).ok()?.permissions().mode();
    if mode & 0o077 != 0 {
        return None;
    }
    let text = std::fs::read_to_string(&path).ok()?;
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.clone(),
        Host::Unix(_) => "localhost".to_owned(),
    };
    let port = config.get_ports().first().unwrap_or(&5432).to_string();
    let wanted = [
        host.as_str(),
        port.as_str(),
        config.get_dbname().unwrap_or_default(),
        config.get_user().unwrap_or_default(),
    ];
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(fields)
        .find(|fields| {
            fields.len() == 5
                && wanted
                    .iter()
                    .zip(fields)
                    .all(|(wanted, field)| field == "*" || field == wanted)
        })
        .and_then(|mut fields| fields.pop())
}

/// The fields of a line of a password file: parted by `:`, a backslash before one that is meant.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        let last = fields.last_mut().expect("there is one from the start");
        match sign {
            '\\' => last.extend(signs.next()),
            ':' => fields.push(String::new()),
            sign => last.push(sign),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_outside_the_command_line_and_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("pass");
        std::fs::write(&file, "# mine\nother:*:*:*:no\n*:5433:stock:me:a\\:b\n").unwrap();
        let read = |url: &str, set: &[(&str, &str)]| {
            let found = |name: &str| {
                set.iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            Address::read_with(url, found)
        };
        let url = "postgres://me@db.example:5433/stock";
        let path = file.to_str().unwrap();
        let mode = |mode| {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(0o600);
        let from_file = read(url, &[("PGPASSFILE", path)]).unwrap();
        assert_eq!(from_file.config.get_password(), Some(&b"a:b"[..]));
        mode(0o644);
        let open_to_all = read(url, &[("PGPASSFILE", path)]).unwrap();
        assert_eq!(open_to_all.config.get_password(), None);
        let from_variable = read(url, &[("PGPASSWORD", "hush")]).unwrap();
        assert_eq!(from_variable.config.get_password(), Some(&b"hush"[..]));
        assert_eq!(format!("{from_variable:?}"), "db.example:5433/stock");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "",
            "stock",
            "http://a/b",
            "postgres://me@host",
            "postgres://h:x/y",
        ] {
            assert!(Address::read_with(url, |_| None).is_err(), "{url}");
        }
    }
}
