//! A make-believe label printer: listens as a network printer does, and writes what it is given to a file.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

/// Starts the printer. Everything that is sent to it is added to the file. Says its address.
pub fn start_printer(paper: &Path) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?.to_string();
    let mut paper = File::options().create(true).append(true).open(paper)?;
    std::thread::spawn(move || {
        for mut line in listener.incoming().flatten() {
            // A label that broke off is on paper as far as it came, and is sent again.
            let _ = io::copy(&mut line, &mut paper);
        }
    });
    Ok(address)
}
