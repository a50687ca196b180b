//! Files that arrive in pieces wait in a folder until they are whole. A piece that was taken is on disk. Where the next one
//! begins is kept by whoever asks, because only they know which pieces were acknowledged: what lies behind that is cut off.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use uuid::Uuid;

use crate::{Result, VaultError, folder, on_disk};

/// The folder in which unfinished files wait.
#[derive(Debug, Clone)]
pub struct Pieces {
    path: PathBuf,
}

/// A file that this call alone may write, until it is dropped.
#[derive(Debug)]
pub struct Piece {
    file: File,
}

impl Pieces {
    /// This folder; made when the first piece comes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn name(&self, id: Uuid) -> PathBuf {
        self.path.join(id.hyphenated().to_string())
    }

    /// Opens an unfinished file, or begins it. While somebody else has it, it is [`VaultError::Busy`].
    pub async fn open(&self, id: Uuid) -> Result<Piece> {
        let (path, name) = (self.path.clone(), self.name(id));
        on_disk(move || {
            folder::make(&path)?;
            let begun = !name.exists();
            let mut options = fs::OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&name)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Err(VaultError::Busy),
                Err(fs::TryLockError::Error(error)) => return Err(error.into()),
            }
            if begun {
                folder::sync(&path)?;
            }
            Ok(Piece { file })
        })
        .await
    }

    /// How many bytes of an unfinished file are there, acknowledged or not.
    pub async fn length(&self, id: Uuid) -> Result<u64> {
        let name = self.name(id);
        on_disk(move || match fs::metadata(&name) {
            Ok(about) => Ok(about.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        })
        .await
    }

    /// Takes an unfinished file away. One that is not there is no error.
    pub async fn delete(&self, id: Uuid) -> Result<()> {
        let (path, name) = (self.path.clone(), self.name(id));
        on_disk(move || {
            if folder::remove(&name)? {
                folder::sync(&path)?;
            }
            Ok(())
        })
        .await
    }
}

impl Piece {
    /// How many bytes of the file are there, at most `taken`: what was never acknowledged does not count.
    pub fn there(&self, taken: u64) -> Result<u64> {
        Ok(self.file.metadata()?.len().min(taken))
    }

    /// Writes a piece at an offset and forgets whatever lay behind it. When this returns it is on disk.
    pub async fn write(self, offset: u64, bytes: Vec<u8>) -> Result<Self> {
        let mut file = self.file;
        on_disk(move || {
            let written = (|| {
                file.set_len(offset)?;
                file.seek(SeekFrom::Start(offset))?;
                file.write_all(&bytes)?;
                file.sync_all()
            })();
            if written.is_err() {
                // What did not fit gives its room back; the next piece cuts it off in any case.
                let _ = file.set_len(offset);
            }
            written?;
            Ok(Self { file })
        })
        .await
    }

    /// The first `length` bytes, as they are on disk.
    pub async fn read(self, length: u64) -> Result<(Self, Vec<u8>)> {
        let mut file = self.file;
        on_disk(move || {
            file.seek(SeekFrom::Start(0))?;
            let mut bytes = Vec::new();
            (&mut file).take(length).read_to_end(&mut bytes)?;
            if u64::try_from(bytes.len()).ok() != Some(length) {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            Ok((Self { file }, bytes))
        })
        .await
    }
}
