//! A place for files that are named by an id: a folder of this machine, or a bucket of an S3-compatible store. What is put
//! there is on disk before the call returns; it is there whole or not at all; what is taken away is gone. It does not know
//! what the files are, who may read them, or anything of the rest of the house.

mod bucket;
mod folder;
mod pieces;

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use uuid::Uuid;

pub use bucket::{Bucket, Settings};
pub use folder::Folder;
pub use pieces::{Piece, Pieces};

/// Why a file could not be kept, read or taken away.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No room is left.
    #[error("there is no room left where files are kept")]
    Full,
    /// Somebody else is writing the same file at this moment.
    #[error("the file is being written by another request")]
    Busy,
    /// The folder does not let us.
    #[error("files: {0}")]
    Io(std::io::Error),
    /// The address of the bucket cannot be used.
    #[error("the address of the bucket cannot be used: {0}")]
    Address(String),
    /// The store of the bucket did not answer as it should.
    #[error("the store of files did not answer as it should: {0}")]
    Store(String),
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// What a call returns.
pub type Result<T> = std::result::Result<T, VaultError>;

/// The place. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Vault(Arc<Place>);

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Box<Bucket>),
}

impl Vault {
    /// A folder of this machine; made when the first file comes.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Place::Folder(Folder::new(path.into()))))
    }

    /// A bucket.
    pub fn bucket(settings: &Settings) -> Result<Self> {
        Ok(Self(Arc::new(Place::Bucket(Box::new(Bucket::new(settings)?)))))
    }

    /// Keeps a file. When this returns it is on disk. The same id again replaces it.
    pub async fn put(&self, id: Uuid, bytes: Vec<u8>) -> Result<()> {
        match &*self.0 {
            Place::Folder(folder) => folder.put(id, bytes).await,
            Place::Bucket(bucket) => bucket.put(id, bytes).await,
        }
    }

    /// A file, or nothing when there is none of this id.
    pub async fn get(&self, id: Uuid) -> Result<Option<Vec<u8>>> {
        match &*self.0 {
            Place::Folder(folder) => folder.get(id).await,
            Place::Bucket(bucket) => bucket.get(id).await,
        }
    }

    /// Takes a file away, and whatever a put of it left half-way. One that is not there is no error.
    pub async fn delete(&self, id: Uuid) -> Result<()> {
        match &*self.0 {
            Place::Folder(folder) => folder.delete(id).await,
            Place::Bucket(bucket) => bucket.delete(id).await,
        }
    }

    /// The ids of all files.
    pub async fn list(&self) -> Result<BTreeSet<Uuid>> {
        match &*self.0 {
            Place::Folder(folder) => folder.list().await,
            Place::Bucket(bucket) => bucket.list().await,
        }
    }
}

/// Runs what waits for a disk where it holds up nobody.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(VaultError::Io(std::io::Error::other("the work on a file was broken off"))),
    }
}
