//! Reading what strace wrote (`-f -xx`): which files of a folder a process named, wrote, cut and synced, in order.

use super::disk::Step;
use std::collections::BTreeMap;
use std::path::Path;

/// The system calls that change a disk, or say where in a file a process is.
pub const CALLS: &str = "openat,open,creat,close,dup,dup2,dup3,fcntl,lseek,write,pwrite64,writev,pwritev,ftruncate,\
                         fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,copy_file_range,sendfile,clone,clone3";

/// What a descriptor is open on.
#[derive(Clone)]
enum Open {
    File { file: usize, appends: bool },
    Folder,
    Elsewhere,
}

struct Reader<'a> {
    folder: &'a str,
    beep: &'a [u8],
    open: BTreeMap<i64, Open>,
    /// Where each file's descriptors are; those of one file are not told apart, for nobody here has two that write.
    at: BTreeMap<usize, usize>,
    sizes: BTreeMap<usize, usize>,
    names: BTreeMap<String, usize>,
    files: usize,
    steps: Vec<Step>,
}

/// The steps in a folder. `beep`: what is written somewhere else when a fact of the number behind it beeps.
pub fn read(text: &str, folder: &Path, beep: &[u8]) -> Vec<Step> {
    let mut reader = Reader {
        folder: folder
            .to_str()
            .expect("a folder of a test has a plain name"),
        beep,
        open: BTreeMap::new(),
        at: BTreeMap::new(),
        sizes: BTreeMap::new(),
        names: BTreeMap::new(),
        files: 0,
        steps: Vec::new(),
    };
    // What a thread began while another one did something, and after which step.
    let mut begun: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for line in text.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        let call = call.trim_start();
        if let Some(start) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, (start.to_owned(), reader.steps.len()));
        } else if let Some(resumed) = call.strip_prefix("<... ") {
            let rest = resumed.split_once(" resumed>").expect("it says of what").1;
            let (start, before) = begun.remove(thread).expect("it had begun");
            reader.call(&format!("{start}{rest}"), before);
        } else {
            let before = reader.steps.len();
            reader.call(call, before);
        }
    }
    reader.steps
}

fn number(text: &str) -> Option<i64> {
    let end = text
        .find(|c: char| c != '-' && !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The bytes of a string as `-xx` writes it.
fn bytes(text: &str) -> Vec<u8> {
    let start = text.find('"').map_or(text.len(), |at| at + 1);
    let digits = text[start..].split('"').next().unwrap_or_default();
    let byte = |hex: &str| u8::from_str_radix(hex, 16).expect("two digits");
    digits.split("\\x").skip(1).map(byte).collect()
}

impl Reader<'_> {
    /// A call that has ended. Syncs concern what was done before step `before`, where they began.
    fn call(&mut self, call: &str, before: usize) {
        let Some((name, rest)) = call.split_once('(') else {
            return;
        };
        let (arguments, result) = rest.rsplit_once(" = ").unwrap_or((rest, "?"));
        let Some(result) = number(result).filter(|result| *result >= 0) else {
            return;
        };
        let arguments = arguments.trim_end().strip_suffix(')').unwrap_or(arguments);
        let parts: Vec<&str> = arguments.split(", ").collect();
        let first = number(parts[0]).unwrap_or(-1);
        match name {
            "openat" => self.opened(&bytes(parts[1]), parts[2], result),
            "open" => self.opened(&bytes(parts[0]), parts[1], result),
            "close" => drop(self.open.remove(&first)),
            "dup" | "dup2" | "dup3" => self.doubled(first, result),
            "fcntl" if parts[1].starts_with("F_DUPFD") => self.doubled(first, result),
            "lseek" => {
                if let Some(Open::File { file, .. }) = self.open.get(&first) {
                    self.at.insert(*file, usize::try_from(result).unwrap());
                }
            }
            "write" => self.written(first, &bytes(parts[1]), None),
            "pwrite64" => {
                let at = number(parts.last().unwrap()).unwrap();
                self.written(first, &bytes(parts[1]), Some(usize::try_from(at).unwrap()));
            }
            "ftruncate" => {
                if let Some(&Open::File { file, .. }) = self.open.get(&first) {
                    let size = usize::try_from(number(parts[1]).unwrap()).unwrap();
                    self.sizes.insert(file, size);
                    self.steps.push(Step::Sized { file, size });
                }
            }
            "fsync" | "fdatasync" => match self.open.get(&first) {
                Some(&Open::File { file, .. }) => self.steps.push(Step::Synced { file, before }),
                Some(Open::Folder) => self.steps.push(Step::FolderSynced { before }),
                _ => {}
            },
            "rename" => self.renamed(&bytes(parts[0]), &bytes(parts[1])),
            "renameat" | "renameat2" => self.renamed(&bytes(parts[1]), &bytes(parts[3])),
            "unlink" => self.gone(&bytes(parts[0])),
            "unlinkat" => self.gone(&bytes(parts[1])),
            "writev" | "pwritev" | "copy_file_range" | "sendfile" | "creat" => {
                let here = matches!(self.open.get(&first), Some(Open::File { .. }));
                assert!(!here, "a call that is not understood here: {name}");
            }
            _ => {}
        }
    }

    /// The name of a file in the folder.
    fn name(&self, path: &[u8]) -> Option<String> {
        let path = std::str::from_utf8(path).ok()?;
        let name = path.strip_prefix(self.folder)?.strip_prefix('/')?;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn opened(&mut self, path: &[u8], flags: &str, descriptor: i64) {
        if path == self.folder.as_bytes() {
            self.open.insert(descriptor, Open::Folder);
            return;
        }
        let Some(name) = self.name(path) else {
            self.open.insert(descriptor, Open::Elsewhere);
            return;
        };
        let known = self.names.get(&name).copied();
        let file = known.unwrap_or_else(|| {
            self.files += 1;
            self.names.insert(name.clone(), self.files);
            let file = self.files;
            self.steps.push(Step::Named { name, file });
            file
        });
        if flags.contains("O_TRUNC") {
            self.sizes.insert(file, 0);
            self.steps.push(Step::Sized { file, size: 0 });
        }
        self.at.insert(file, 0);
        let appends = flags.contains("O_APPEND");
        self.open.insert(descriptor, Open::File { file, appends });
    }

    fn doubled(&mut self, descriptor: i64, other: i64) {
        let open = self.open.get(&descriptor).cloned();
        self.open.insert(other, open.unwrap_or(Open::Elsewhere));
    }

    fn written(&mut self, descriptor: i64, bytes: &[u8], at: Option<usize>) {
        let Some(&Open::File { file, appends }) = self.open.get(&descriptor) else {
            if let Some(seq) = bytes.strip_prefix(self.beep) {
                let seq = std::str::from_utf8(seq).unwrap().parse().unwrap();
                self.steps.push(Step::Beep(seq));
            }
            return;
        };
        let size = self.sizes.entry(file).or_default();
        let place = match at {
            Some(at) => at,
            None if appends => *size,
            None => self.at[&file],
        };
        *size = (*size).max(place + bytes.len());
        if at.is_none() {
            self.at.insert(file, place + bytes.len());
        }
        let bytes = bytes.to_owned();
        let at = place;
        self.steps.push(Step::Written { file, at, bytes });
    }

    fn renamed(&mut self, from: &[u8], to: &[u8]) {
        if let (Some(from), Some(to)) = (self.name(from), self.name(to)) {
            if let Some(file) = self.names.remove(&from) {
                self.names.insert(to.clone(), file);
            }
            self.steps.push(Step::Renamed { from, to });
        }
    }

    fn gone(&mut self, path: &[u8]) {
        if let Some(name) = self.name(path) {
            self.names.remove(&name);
            self.steps.push(Step::Gone { name });
        }
    }
}
