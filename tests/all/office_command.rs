//! The head office's program itself, as a person at a shell meets it.

use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use stockhand::office::import::Sheet;
use stockhand::sync::Invitation;

fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockhand-office"));
    command
        .arg("--data")
        .arg(data)
        .args(args)
        .stdin(Stdio::null());
    command
}

pub fn run(data: &Path, args: &[&str]) -> (i32, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(data, args).output().unwrap();
    let said = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (status.code().unwrap(), said)
}

/// A served office; told to stop when dropped.
pub struct Served {
    child: Child,
    pub said: Vec<String>,
}

impl Served {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub fn start_with(data: &Path, more: &[&str]) -> Self {
        let mut serve = command(data, &["serve", "--listen", "127.0.0.1:0"]);
        serve.args(more);
        let mut child = serve.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = Vec::new();
        for line in stderr.lines() {
            said.push(line.unwrap());
            if said
                .last()
                .is_some_and(|line| line.contains("listening at"))
            {
                break;
            }
        }
        Self { child, said }
    }

    pub fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child
            .wait()
            .unwrap()
            .code()
            .expect("it ended by itself")
    }
}

impl Drop for Served {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_office_is_served_and_looked_after_by_commands_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let (data, path) = (dir.path().join("data"), |name: &str| dir.path().join(name));
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    assert_eq!(run(&data, &["demo", "--to", &text("demo")]).0, 0);
    let (code, said) = run(&data, &["import", &text("demo")]);
    assert_eq!(code, 0, "{said}");
    let served = Served::start(&data);
    assert!(
        served
            .said
            .iter()
            .any(|line| line.contains("listening at 127.0.0.1:"))
    );
    let (code, said) = run(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(code == 3 && said.contains("is running"), "{said}");
    let (code, said) = run(
        &data,
        &[
            "enrol",
            "--warehouse",
            "W1",
            "--address",
            "office.example:7443",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let shown: Invitation = said.lines().last().unwrap().parse().unwrap();
    let pem = certificate(&data.join("office-cert.pem"));
    assert_eq!(shown.fingerprint, Some(Sha256::digest(pem).into()));
    assert_eq!(
        run(&data, &["enrol", "--warehouse", "W9", "--address", "h:1"]).0,
        3
    );
    assert_eq!(
        run(&data, &["enrol", "--warehouse", "W1", "--address", "h"]).0,
        3
    );
    assert_eq!(
        run(&data, &["hold", "--warehouse", "W1", "--item", "BRG-001"]).0,
        0
    );
    assert_eq!(
        run(&data, &["hold", "--warehouse", "W1"]).0,
        3,
        "all of a warehouse is a mistake"
    );
    let (code, said) = run(&data, &["stock", "--warehouse", "W1", "--item", "BRG-001"]);
    assert!(code == 0 && said.lines().count() > 1, "{said}");
    assert_eq!(run(&data, &["exceptions"]).0, 0);
    assert_eq!(run(&data, &["devices"]), (0, String::new()));
    assert_eq!(run(&data, &["revoke", "HH-999"]).0, 3);
    assert_eq!(run(&data, &["backup", &text("copy.db")]).0, 0);
    assert_eq!(
        run(&data, &["restore", &text("copy.db")]).0,
        3,
        "not while it runs"
    );
    assert_eq!(run(&data, &["verify"]).0, 0);
    assert_eq!(served.stop(), 0);
    assert_eq!(run(&data, &["restore", &text("copy.db")]).0, 0);
    assert_eq!(run(&data, &["export", "--to", &text("out")]).0, 0);
    assert_eq!(
        std::fs::read_dir(path("out")).unwrap().count(),
        Sheet::names().count()
    );
    let db = rusqlite::Connection::open(data.join("office.db")).unwrap();
    db.execute(
        "UPDATE stock SET quantity = quantity + 1 WHERE place = 'bin:A-01-01'",
        [],
    )
    .unwrap();
    drop(db);
    let (code, said) = run(&data, &["verify"]);
    assert!(code == 1 && said.contains("A-01-01"), "{said}");
    // Whoever read it stopped listening, as `head` does.
    let mut deaf = command(&data, &["verify"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(deaf.stdout.take());
    assert_eq!(deaf.wait().unwrap().code(), Some(3));
}

fn certificate(path: &Path) -> Vec<u8> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    CertificateDer::from_pem_file(path).unwrap().to_vec()
}

#[test]
fn what_goes_wrong_is_said_plainly_and_by_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (code, said) = run(&data, &["verify"]);
    assert!(
        code == 3 && said.contains("there is no office in"),
        "{said}"
    );
    assert!(!data.exists(), "looking makes nothing");
    let file = dir.path().join("items.csv");
    std::fs::write(&file, "code,name,unit\nA,Thing,each\nB,,each\n").unwrap();
    let (code, said) = run(&data, &["import", file.to_str().unwrap()]);
    assert!(
        code == 1 && said.contains("items.csv line 3") && said.contains("nothing was imported"),
        "{said}"
    );
    let other = dir.path().join("other.csv");
    std::fs::write(&other, "").unwrap();
    let (code, said) = run(&data, &["import", other.to_str().unwrap()]);
    assert!(code == 3 && said.contains("items.csv"), "{said}");
    assert_eq!(run(&data, &["no-such-command"]).0, 2);
    for help in [
        "serve",
        "import",
        "export",
        "enrol",
        "hold",
        "backup",
        "restore",
        "verify",
        "exceptions",
    ] {
        let (code, said) = run(&data, &[help, "--help"]);
        assert!(code == 0 && said.len() > 100, "{said}");
    }
}
