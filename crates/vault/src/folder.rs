//! Files in a folder. A file is written beside its name, synced, given its name, and then the folder is synced: after a
//! power cut it is there whole or not at all. Names are made from ids here and never come from outside, so none leads out.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::{Result, on_disk};

/// What a half-written file is called until it has its name.
const HALF: &str = "half";

/// Files in a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// This folder; made when the first file comes.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn name(&self, id: Uuid) -> PathBuf {
        self.path.join(id.hyphenated().to_string())
    }

    pub(crate) async fn put(&self, id: Uuid, bytes: Vec<u8>) -> Result<()> {
        let (folder, name) = (self.path.clone(), self.name(id));
        on_disk(move || {
            make(&folder)?;
            let half = name.with_extension(HALF);
            let written = (|| {
                let mut file = private(&half)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                fs::rename(&half, &name)
            })();
            if written.is_err() {
                // A full disk is not helped by half a file. When even this fails, taking the file away does it.
                let _ = fs::remove_file(&half);
            }
            written?;
            Ok(sync(&folder)?)
        })
        .await
    }

    pub(crate) async fn get(&self, id: Uuid) -> Result<Option<Vec<u8>>> {
        let name = self.name(id);
        on_disk(move || match fs::read(&name) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await
    }

    pub(crate) async fn delete(&self, id: Uuid) -> Result<()> {
        let (folder, name) = (self.path.clone(), self.name(id));
        on_disk(move || {
            let gone = remove(&name)?;
            let half = remove(&name.with_extension(HALF))?;
            if gone || half {
                sync(&folder)?;
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn list(&self) -> Result<BTreeSet<Uuid>> {
        let folder = self.path.clone();
        on_disk(move || {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
                entries => entries?,
            };
            let mut all = BTreeSet::new();
            for entry in entries {
                let name = entry?.file_name();
                let name = name.to_str().unwrap_or_default();
                let stem = name.strip_suffix(HALF).and_then(|n| n.strip_suffix('.')).unwrap_or(name);
                all.extend(Uuid::try_parse(stem).ok());
            }
            Ok(all)
        })
        .await
    }
}

/// Makes a folder that only the program's own user reads.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    folder.parent().filter(|p| !p.as_os_str().is_empty()).map_or(Ok(()), sync)
}

/// A new empty file that only the program's own user reads.
fn private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes what was named and taken away in a folder last.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    // Only where a folder can be opened like a file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Takes a file away; says whether it was there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
