//! Why the store did not do what it was asked. Each has a sentence for the log; the web has one in each
//! language for the person. None of them carries personal data.

use freerange_domain::{
    challenge::NotOpen, id::MediaId, note::NoteProblem, placement::PlacementError, upload::UploadProblem,
};
use freerange_vault::VaultError;

use crate::policy::Act;

/// Why a call was not carried out. Nothing is half written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or the asker may not know that there is.
    #[error("there is no such thing")]
    NotFound,
    /// Not allowed for this actor.
    #[error("not allowed: {0}")]
    Refused(Act),
    /// A rule of the spine was not kept.
    #[error(transparent)]
    Placement(#[from] PlacementError),
    /// A rule about notes and consents was not kept.
    #[error(transparent)]
    Note(#[from] NoteProblem),
    /// A file that arrives in pieces cannot go on as it was sent.
    #[error(transparent)]
    Upload(#[from] UploadProblem),
    /// The challenge is closed.
    #[error(transparent)]
    NotOpen(#[from] NotOpen),
    /// A rule that names itself by a key of the language files, and the form field it is about.
    #[error("{field}: {key}")]
    Rule {
        /// The form field.
        field: &'static str,
        /// The key of the sentence that explains it.
        key: &'static str,
    },
    /// A place of a boundary file lies in one that is not there.
    #[error("the place “{code}” lies in “{parent}”, which is not there")]
    UnknownParent {
        /// The place's code.
        code: String,
        /// The code of what it lies in.
        parent: String,
    },
    /// Wrong e-mail or password; which of them is not said.
    #[error("wrong e-mail or password")]
    WrongPassword,
    /// Too many failed tries; wait.
    #[error("too many failed tries; wait a quarter of an hour")]
    TooManyTries,
    /// A sealed text did not open: wrong key or changed bytes.
    #[error("a sealed text did not open")]
    Sealed,
    /// The diary is closed in this session.
    #[error("sign in again with your password to open your reflections")]
    DiaryClosed,
    /// The database was written by a newer program.
    #[error(
        "this database was made by a newer Freerange (migration {0}); install that version or restore a backup made by this one"
    )]
    NewerThanProgram(i64),
    /// A migration that was applied is not the one this program has.
    #[error(
        "migration {0} in this database is not the one of this program; it was changed by hand or by another program"
    )]
    ForeignMigration(i64),
    /// A migration failed; the database is as it was.
    #[error("the database could not be brought up to date, and is as it was: {0}")]
    Migration(String),
    /// Nothing was made there yet, and nothing was to be made.
    #[error("there is no database at {0}")]
    NoDatabase(String),
    /// Neither `sqlite:FILE` nor `postgres://...`.
    #[error("the database address must be sqlite:FILE or postgres://USER@HOST/NAME")]
    BadUrl,
    /// The call is for the other kind of database.
    #[error("this works with the other kind of database only")]
    WrongEngine,
    /// A backup or export that cannot be read back.
    #[error("this is not a Freerange backup that can be restored here: {0}")]
    BadBackup(String),
    /// A stored value cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
    /// No randomness from the operating system.
    #[error("the operating system gave no random bytes: {0}")]
    Randomness(String),
    /// A file of a note is not where it should be.
    #[error("the file of {0} is not in its place; `freerange check` names all such")]
    FileMissing(MediaId),
    /// No room is left for the database or for files.
    #[error("there is no room left on the disk")]
    Full,
    /// The place for files did not do what it was asked.
    #[error(transparent)]
    Vault(VaultError),
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database said no.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

/// How the databases say that there is no room: `SQLITE_FULL`, `SQLITE_IOERR_SHMSIZE` (no room for the index of the log), and
/// `disk_full` of `PostgreSQL`.
const NO_ROOM: &[&str] = &["13", "4874", "53100"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(e) if e.code().is_some_and(|code| NO_ROOM.contains(&code.as_ref())) => Self::Full,
            other => Self::Database(other),
        }
    }
}

impl From<VaultError> for StoreError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Full => Self::Full,
            other => Self::Vault(other),
        }
    }
}

impl StoreError {
    /// Whether this is an answer about what was asked, and not a failure of the house.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotFound
                | Self::Refused(_)
                | Self::Placement(_)
                | Self::Note(_)
                | Self::NotOpen(_)
                | Self::Rule { .. }
        )
    }

    /// Whether two transactions got in each other's way, and the same works when tried again.
    pub(crate) fn is_collision(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.code().is_some_and(|c| c == "40P01" || c == "40001"))
    }

    /// A rule, by form field and key.
    pub const fn rule(field: &'static str, key: &'static str) -> Self {
        Self::Rule { field, key }
    }
}
