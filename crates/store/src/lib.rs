//! All that is kept, and who may see and do what. Every call takes the [`Actor`] who asks; [`policy`] decides,
//! here and nowhere else. It knows SQL and both databases; it knows no HTTP and no HTML.
//!
//! One file for each room, named like the room's page and its rule: `store/src/outing.rs` is the SQL of
//! `web/src/outing.rs` and `domain/src/outing.rs`. A call is one transaction: may this actor, domain verb, SQL.

mod db;
mod error;
mod secret;
mod withdrawn;

pub mod actor;
pub mod policy;

pub mod audit;
pub mod backup;
pub mod check;
pub mod demo;
pub mod link;
pub mod mail;
pub mod setting;
pub mod sweep;

pub mod people;
pub mod session;

pub mod place;

pub mod challenge;
pub mod invitation;
pub mod outing;
pub mod placement;
pub mod round;
pub mod safety;
pub mod standing;
pub mod visit;

pub mod exchange;

mod code;
pub mod community;
pub mod consent;
pub mod media;
pub mod note;
pub mod notebook;
pub mod reflection;
pub mod returning;
pub mod upload;

pub mod circle;
pub mod insight;

pub mod change;
pub mod practice;

pub mod handover;
pub mod overview;

pub mod figures;

pub use actor::{Actor, Staff};
pub use db::Engine;
pub use error::StoreError;
pub use freerange_vault::VaultError;
pub use mail::{CircleNews, Door, ExchangeDoor, Letter, News, Occasion, Writer};
pub use media::Places;
pub use policy::{About, Act, Who, may};
pub use secret::Token;
use std::{path::Path, sync::Arc};

/// What a call returns.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    db: db::Db,
    places: Places,
    writer: Arc<dyn Writer>,
    group: Arc<notebook::Group>,
    /// Who is asked about somebody who is overdue when their buddy does not answer.
    duty: Option<mail::Reader>,
}

impl Store {
    /// Opens `sqlite:FILE` or `postgres://...`, makes it when nothing is there, and brings the schema up to date. A database written by a newer
    /// program is refused and left as it is. Files are in folders beside it.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, Places::beside(url)).await
    }

    /// The same, with files elsewhere. Those that an older program kept in the database are moved there.
    pub async fn open_with(url: &str, places: Places) -> Result<Self> {
        Self::ready(db::Db::open(url, db::IfMissing::Make).await?, places).await
    }

    /// The same, but only a database that is there already. A mistyped name is refused and nothing is made.
    pub async fn open_existing(url: &str) -> Result<Self> {
        Self::open_existing_with(url, Places::beside(url)).await
    }

    /// The same, with files elsewhere.
    pub async fn open_existing_with(url: &str, places: Places) -> Result<Self> {
        Self::ready(db::Db::open(url, db::IfMissing::Refuse).await?, places).await
    }

    async fn ready(db: db::Db, places: Places) -> Result<Self> {
        let store = Self { db, places, writer: Arc::new(mail::Terse), duty: None, group: Arc::default() };
        store.move_media_home().await?;
        Ok(store)
    }

    /// The same store with somebody who puts letters into words.
    #[must_use]
    pub fn with_writer(self, writer: Arc<dyn Writer>) -> Self {
        Self { writer, ..self }
    }

    /// Opens an `SQLite` file.
    pub async fn open_file(path: &Path) -> Result<Self> {
        Self::open(&format!("sqlite:{}", path.display())).await
    }

    /// Which database this is.
    pub const fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// Answers whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        use db::Ask as _;
        (&self.db).count("SELECT CAST(1 AS BIGINT)", Vec::new()).await.map(|_| ())
    }

    /// Lets the database count its tables after a large import.
    pub async fn analyze(&self) -> Result<()> {
        self.db.analyze().await
    }
}

/// One page of a list: at most [`Page::SIZE`] entries, and whether there are more.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Counted from 1.
    pub number: i64,
    /// Whether another page follows.
    pub more: bool,
}

impl<T> Page<T> {
    /// Entries on a page.
    pub const SIZE: i64 = 30;

    /// `LIMIT` and `OFFSET` of a page: one more than fits is read, to know whether more follow.
    pub(crate) const fn window(number: i64) -> (i64, i64) {
        let number = if number < 1 { 1 } else { number };
        (Self::SIZE + 1, (number - 1).saturating_mul(Self::SIZE))
    }

    pub(crate) fn cut(mut items: Vec<T>, number: i64) -> Self {
        let size = usize::try_from(Self::SIZE).unwrap_or(usize::MAX);
        let more = items.len() > size;
        items.truncate(size);
        Self { items, number: number.max(1), more }
    }
}
