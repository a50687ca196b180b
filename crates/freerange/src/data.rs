//! Where the data are: the database, the files of notes, and the pieces of those that are arriving.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use freerange_store::{Places, Store, StoreError};
use freerange_vault::{Pieces, Settings, Vault};

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Database {
    /// `sqlite:FILE` or `postgres://USER@HOST/NAME`
    #[arg(long, env = "FREERANGE_DATABASE", default_value = "sqlite:freerange.sqlite", hide_env_values = true)]
    pub(crate) database: String,
    // In a box, because every command carries it.
    #[command(flatten)]
    files: Box<Files>,
}

/// Where files of notes are.
#[derive(Debug, Clone, Args)]
struct Files {
    /// The folder for pictures and sounds; without it, `media` beside an SQLite file, or where the program runs
    #[arg(long, env = "FREERANGE_MEDIA")]
    media: Option<PathBuf>,
    /// An S3-compatible store for them instead, with the bucket as its path: `https://s3.city.example/freerange-media`
    #[arg(long, env = "FREERANGE_MEDIA_ENDPOINT", conflicts_with = "media")]
    media_endpoint: Option<String>,
    /// The region of that store
    #[arg(long, env = "FREERANGE_MEDIA_REGION", default_value = "us-east-1")]
    media_region: String,
    /// The name of the key for it
    #[arg(long, env = "FREERANGE_MEDIA_KEY_ID", default_value = "")]
    media_key_id: String,
    /// The key
    #[arg(long, env = "FREERANGE_MEDIA_SECRET", hide_env_values = true)]
    media_secret: Option<String>,
    /// A file that holds the key
    #[arg(long, env = "FREERANGE_MEDIA_SECRET_FILE", conflicts_with = "media_secret")]
    media_secret_file: Option<PathBuf>,
    /// The folder in which the pieces of unfinished files wait; without it, `uploads` beside the other data
    #[arg(long, env = "FREERANGE_UPLOADS")]
    uploads: Option<PathBuf>,
}

impl Database {
    /// Opens what is there, or makes it: for what fills a database.
    pub(crate) async fn open_or_make(&self) -> anyhow::Result<Store> {
        Store::open_with(&self.database, self.places()?).await.map_err(|e| cannot_open(&e))
    }

    /// Opens what is there: for what reads a database, where a new one would only hide a mistyped name.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        Store::open_existing_with(&self.database, self.places()?).await.map_err(|e| cannot_open(&e))
    }

    fn places(&self) -> anyhow::Result<Places> {
        let mut places = Places::beside(&self.database);
        if let Some(folder) = &self.files.media {
            places.vault = Vault::folder(folder);
        }
        if let Some(endpoint) = &self.files.media_endpoint {
            places.vault = Vault::bucket(&Settings {
                endpoint: endpoint.clone(),
                region: self.files.media_region.clone(),
                key_id: self.files.media_key_id.clone(),
                secret: self.files.secret()?,
            })?;
        }
        if let Some(folder) = &self.files.uploads {
            places.pieces = Pieces::new(folder);
        }
        Ok(places)
    }
}

impl Files {
    fn secret(&self) -> anyhow::Result<String> {
        match (&self.media_secret, &self.media_secret_file) {
            (Some(secret), _) => Ok(secret.clone()),
            (None, Some(path)) => Ok(String::from_utf8(crate::file(path)?)?.trim().to_owned()),
            (None, None) => {
                bail!("FREERANGE_MEDIA_ENDPOINT needs FREERANGE_MEDIA_SECRET or FREERANGE_MEDIA_SECRET_FILE")
            }
        }
    }
}

fn cannot_open(error: &StoreError) -> anyhow::Error {
    match error {
        StoreError::NoDatabase(_) => anyhow::anyhow!(
            "{error}; name the one you mean with --database or FREERANGE_DATABASE. `freerange serve`, `import` and `restore` make a new one"
        ),
        _ => anyhow::anyhow!("the database cannot be opened: {error}"),
    }
}
