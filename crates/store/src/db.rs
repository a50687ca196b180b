//! Two databases, one way to speak to them: SQL text with `$1`, values in, rows out.
//!
//! `SQLite` is embedded: readers in a pool, one writer, every commit on disk before it is acknowledged.
//! `PostgreSQL` is named by URL. Nothing outside this file knows which one it talks to, but for the few
//! statements that differ and say so with a `match` on [`Engine`].

use std::{path::Path, str::FromStr, time::Duration};

use jiff::Timestamp;
use sqlx::{
    Column, ConnectOptions as _, Connection as _, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool,
    Transaction,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use uuid::Uuid;

use crate::StoreError;

/// Version, name and text of each migration, for `SQLite` and for `PostgreSQL`.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "house",
        include_str!("../migrations/sqlite/0001_house.sql"),
        include_str!("../migrations/postgres/0001_house.sql"),
    ),
    (
        2,
        "privacy",
        include_str!("../migrations/sqlite/0002_privacy.sql"),
        include_str!("../migrations/postgres/0002_privacy.sql"),
    ),
    (
        3,
        "hosts",
        include_str!("../migrations/sqlite/0003_hosts.sql"),
        include_str!("../migrations/postgres/0003_hosts.sql"),
    ),
    (
        4,
        "editing",
        include_str!("../migrations/sqlite/0004_editing.sql"),
        include_str!("../migrations/postgres/0004_editing.sql"),
    ),
    (
        5,
        "rounds",
        include_str!("../migrations/sqlite/0005_rounds.sql"),
        include_str!("../migrations/postgres/0005_rounds.sql"),
    ),
    (
        6,
        "exchanges",
        include_str!("../migrations/sqlite/0006_exchanges.sql"),
        include_str!("../migrations/postgres/0006_exchanges.sql"),
    ),
    (
        7,
        "media",
        include_str!("../migrations/sqlite/0007_media.sql"),
        include_str!("../migrations/postgres/0007_media.sql"),
    ),
    (
        8,
        "notebook",
        include_str!("../migrations/sqlite/0008_notebook.sql"),
        include_str!("../migrations/postgres/0008_notebook.sql"),
    ),
    (
        9,
        "exports",
        include_str!("../migrations/sqlite/0009_exports.sql"),
        include_str!("../migrations/postgres/0009_exports.sql"),
    ),
    (
        10,
        "safety",
        include_str!("../migrations/sqlite/0010_safety.sql"),
        include_str!("../migrations/postgres/0010_safety.sql"),
    ),
    (
        11,
        "change",
        include_str!("../migrations/sqlite/0011_change.sql"),
        include_str!("../migrations/postgres/0011_change.sql"),
    ),
    (
        12,
        "insight",
        include_str!("../migrations/sqlite/0012_insight.sql"),
        include_str!("../migrations/postgres/0012_insight.sql"),
    ),
    (
        16,
        "community",
        include_str!("../migrations/sqlite/0016_community.sql"),
        include_str!("../migrations/postgres/0016_community.sql"),
    ),
    (
        13,
        "circle",
        include_str!("../migrations/sqlite/0013_circle.sql"),
        include_str!("../migrations/postgres/0013_circle.sql"),
    ),
];

fn migrator(engine: Engine) -> Migrator {
    let text = |sqlite: &'static str, postgres: &'static str| match engine {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    };
    // Each runs in a transaction of its own; one that fails leaves nothing behind.
    let in_transaction = false;
    Migrator::with_migrations(
        MIGRATIONS
            .iter()
            .map(|(version, name, sqlite, postgres)| {
                let sql = SqlSafeStr::into_sql_str(text(sqlite, postgres));
                Migration::new(*version, (*name).into(), MigrationType::Simple, sql, in_transaction)
            })
            .collect(),
    )
}

/// Which database this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server, by URL.
    Postgres,
}

/// What to do where there is no database yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfMissing {
    /// Make one.
    Make,
    /// Say so.
    Refuse,
}

/// The open database.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// A value bound to a `$n`.
#[derive(Debug, Clone)]
pub(crate) enum Val {
    Int(i64),
    MaybeInt(Option<i64>),
    Text(String),
    MaybeText(Option<String>),
    Id(Uuid),
    MaybeId(Option<Uuid>),
    Bytes(Vec<u8>),
    MaybeBytes(Option<Vec<u8>>),
    Bool(bool),
}

macro_rules! val_from {
    ($($t:ty => |$v:ident| $e:expr),+ $(,)?) => { $(
        impl From<$t> for Val { fn from($v: $t) -> Self { $e } }
    )+ };
}
val_from! {
    i64 => |v| Self::Int(v),
    Option<i64> => |v| Self::MaybeInt(v),
    String => |v| Self::Text(v),
    &String => |v| Self::Text(v.clone()),
    &str => |v| Self::Text(v.to_owned()),
    Option<String> => |v| Self::MaybeText(v),
    Option<&str> => |v| Self::MaybeText(v.map(str::to_owned)),
    Uuid => |v| Self::Id(v),
    Option<Uuid> => |v| Self::MaybeId(v),
    Vec<u8> => |v| Self::Bytes(v),
    &[u8] => |v| Self::Bytes(v.to_vec()),
    Option<Vec<u8>> => |v| Self::MaybeBytes(v),
    bool => |v| Self::Bool(v),
    Timestamp => |v| Self::Int(v.as_microsecond()),
    Option<Timestamp> => |v| Self::MaybeInt(v.map(Timestamp::as_microsecond)),
    jiff::civil::Date => |v| Self::Text(v.to_string()),
    freerange_domain::round::Week => |v| Self::Text(v.to_string()),
    Option<freerange_domain::round::Week> => |v| Self::MaybeText(v.map(|w| w.to_string())),
    Option<jiff::civil::Date> => |v| Self::MaybeText(v.map(|d| d.to_string())),
}
macro_rules! val_from_domain {
    (ids $($id:ident),+; words $($word:path),+; texts $($text:ident),+ $(,)?) => {
        $(impl From<freerange_domain::id::$id> for Val { fn from(v: freerange_domain::id::$id) -> Self { Self::Id(v.0) } }
          impl From<Option<freerange_domain::id::$id>> for Val { fn from(v: Option<freerange_domain::id::$id>) -> Self { Self::MaybeId(v.map(|i| i.0)) } })+
        $(impl From<$word> for Val { fn from(v: $word) -> Self { Self::Text(v.as_str().to_owned()) } }
          impl From<Option<$word>> for Val { fn from(v: Option<$word>) -> Self { Self::MaybeText(v.map(|w| w.as_str().to_owned())) } })+
        $(impl From<&freerange_domain::text::$text> for Val { fn from(v: &freerange_domain::text::$text) -> Self { Self::Text(v.as_str().to_owned()) } })+
    };
}
val_from_domain! {
    ids PersonId, TeamId, PlaceId, ChallengeId, InvitationId, OutingId, PlacementId, NoteId, VersionId, MediaId, ConsentId, ReflectionId, ChangeId, FollowUpId, PracticeId, RoundId, RunId, MailId,
        ExchangeId, CityId, MemberId, GoerId, PostId, ProposalId, LegId, OutId, EditionId, CommunityId, ThemeId, InsightId, ActId, DebriefId, CircleId;
    words freerange_domain::people::Role, freerange_domain::place::Level, freerange_domain::challenge::Status,
        freerange_domain::outing::Kind, freerange_domain::outing::Party, freerange_domain::outing::Photos,
        freerange_domain::outing::Publicity, freerange_domain::outing::Guests, freerange_domain::outing::Status,
        freerange_domain::placement::Stage,
        freerange_domain::placement::EndingKind, freerange_domain::note::Kind, freerange_domain::reflection::Kind,
        freerange_domain::change::Kind, freerange_domain::change::Status, freerange_domain::change::Interval,
        freerange_domain::change::Kept, freerange_domain::change::Verdict, freerange_domain::practice::Status,
        freerange_domain::change::experiment::Finding, freerange_domain::change::experiment::Sureness,
        freerange_domain::round::Stage, freerange_domain::round::RunStage, freerange_domain::round::Effort,
        freerange_domain::round::Edit, freerange_domain::round::Because,
        freerange_domain::exchange::Grade, freerange_domain::exchange::Together, freerange_domain::exchange::By, freerange_domain::exchange::Stage,
        freerange_domain::exchange::Voice,
        freerange_domain::safety::Stage,
        freerange_domain::community::Stance,
        freerange_domain::insight::Sure,
        freerange_domain::insight::Done,
        freerange_domain::returning::What;
    texts Line, Prose, Reason
}

/// Values for `$1`, `$2`, ...
macro_rules! vals {
    ($($v:expr),* $(,)?) => { vec![$($crate::db::Val::from($v)),*] };
}
pub(crate) use vals;

/// A row of either database.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as.
pub(crate) trait Cell: Sized {
    fn read(row: &Row, name: &str) -> Result<Self, StoreError>;
}

macro_rules! cell {
    ($($t:ty),+) => { $(
        impl Cell for $t {
            fn read(row: &Row, name: &str) -> Result<Self, StoreError> {
                Ok(match row {
                    Row::Sqlite(r) => r.try_get::<$t, _>(name)?,
                    Row::Postgres(r) => r.try_get::<$t, _>(name)?,
                })
            }
        }
    )+ };
}
cell!(i64, Option<i64>, String, Option<String>, Uuid, Option<Uuid>, Vec<u8>, Option<Vec<u8>>, bool);

macro_rules! cell_via {
    ($($t:ty: $via:ty => |$v:ident| $e:expr),+ $(,)?) => { $(
        impl Cell for $t {
            fn read(row: &Row, name: &str) -> Result<Self, StoreError> {
                let $v = <$via as Cell>::read(row, name)?;
                Ok($e)
            }
        }
    )+ };
}

fn moment(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn corrupt(e: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(e.to_string())
}

cell_via! {
    Timestamp: i64 => |v| moment(v)?,
    Option<Timestamp>: Option<i64> => |v| v.map(moment).transpose()?,
    jiff::civil::Date: String => |v| v.parse().map_err(corrupt)?,
    Option<jiff::civil::Date>: Option<String> => |v| v.map(|d| d.parse().map_err(corrupt)).transpose()?,
}

macro_rules! cell_ids {
    ($($id:ident),+ $(,)?) => { $(
        cell_via! {
            freerange_domain::id::$id: Uuid => |v| freerange_domain::id::$id(v),
            Option<freerange_domain::id::$id>: Option<Uuid> => |v| v.map(freerange_domain::id::$id),
        }
    )+ };
}
cell_ids!(
    PersonId,
    TeamId,
    PlaceId,
    ChallengeId,
    InvitationId,
    OutingId,
    PlacementId,
    NoteId,
    VersionId,
    MediaId,
    ConsentId,
    ReflectionId,
    ChangeId,
    FollowUpId,
    PracticeId,
    RoundId,
    RunId,
    MailId,
    ExchangeId,
    CityId,
    MemberId,
    GoerId,
    PostId,
    ProposalId,
    LegId,
    EditionId,
    OutId,
    CommunityId,
    ThemeId,
    InsightId,
    ActId,
    DebriefId,
    CircleId
);

macro_rules! cell_words {
    ($($word:path),+ $(,)?) => { $(
        impl Cell for $word {
            fn read(row: &Row, name: &str) -> Result<Self, StoreError> {
                <String as Cell>::read(row, name)?.parse().map_err(corrupt)
            }
        }
        impl Cell for Option<$word> {
            fn read(row: &Row, name: &str) -> Result<Self, StoreError> {
                <Option<String> as Cell>::read(row, name)?.map(|w| w.parse().map_err(corrupt)).transpose()
            }
        }
    )+ };
}
cell_words!(
    freerange_domain::people::Role,
    freerange_domain::place::Level,
    freerange_domain::challenge::Status,
    freerange_domain::outing::Kind,
    freerange_domain::outing::Party,
    freerange_domain::outing::Photos,
    freerange_domain::outing::Publicity,
    freerange_domain::outing::Guests,
    freerange_domain::outing::Status,
    freerange_domain::placement::Stage,
    freerange_domain::placement::EndingKind,
    freerange_domain::note::Kind,
    freerange_domain::reflection::Kind,
    freerange_domain::change::Kind,
    freerange_domain::change::Status,
    freerange_domain::change::Interval,
    freerange_domain::change::Kept,
    freerange_domain::change::Verdict,
    freerange_domain::change::experiment::Finding,
    freerange_domain::change::experiment::Sureness,
    freerange_domain::practice::Status,
    freerange_domain::round::Stage,
    freerange_domain::round::RunStage,
    freerange_domain::round::Effort,
    freerange_domain::round::Edit,
    freerange_domain::round::Because,
    freerange_domain::exchange::Grade,
    freerange_domain::exchange::Together,
    freerange_domain::exchange::By,
    freerange_domain::exchange::Stage,
    freerange_domain::exchange::Voice,
    freerange_domain::safety::Stage,
    freerange_domain::community::Stance,
    freerange_domain::insight::Sure,
    freerange_domain::insight::Done,
    freerange_domain::returning::What,
    freerange_domain::exchange::Version,
);
cell_via! {
    freerange_domain::round::Week: jiff::civil::Date => |v| freerange_domain::round::Week::of(v),
    Option<freerange_domain::round::Week>: Option<jiff::civil::Date> => |v| v.map(freerange_domain::round::Week::of),
}

impl Row {
    /// A column by name.
    pub(crate) fn get<T: Cell>(&self, name: &str) -> Result<T, StoreError> {
        T::read(self, name)
    }

    /// The only column of a row that has one, such as a count.
    pub(crate) fn only<T: Cell>(&self) -> Result<T, StoreError> {
        let name = match self {
            Self::Sqlite(r) => r.columns().first().map(|c| c.name().to_owned()),
            Self::Postgres(r) => r.columns().first().map(|c| c.name().to_owned()),
        };
        self.get(&name.unwrap_or_default())
    }
}

fn bind_sqlite(sql: &'static str, vals: Vec<Val>) -> Query<'static, Sqlite, SqliteArguments> {
    vals.into_iter().fold(sqlx::query(sql), |q, v| match v {
        Val::Int(v) => q.bind(v),
        Val::MaybeInt(v) => q.bind(v),
        Val::Text(v) => q.bind(v),
        Val::MaybeText(v) => q.bind(v),
        Val::Id(v) => q.bind(v),
        Val::MaybeId(v) => q.bind(v),
        Val::Bytes(v) => q.bind(v),
        Val::MaybeBytes(v) => q.bind(v),
        Val::Bool(v) => q.bind(v),
    })
}

fn bind_postgres(sql: &'static str, vals: Vec<Val>) -> Query<'static, Postgres, PgArguments> {
    vals.into_iter().fold(sqlx::query(sql), |q, v| match v {
        Val::Int(v) => q.bind(v),
        Val::MaybeInt(v) => q.bind(v),
        Val::Text(v) => q.bind(v),
        Val::MaybeText(v) => q.bind(v),
        Val::Id(v) => q.bind(v),
        Val::MaybeId(v) => q.bind(v),
        Val::Bytes(v) => q.bind(v),
        Val::MaybeBytes(v) => q.bind(v),
        Val::Bool(v) => q.bind(v),
    })
}

/// A transaction that writes. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Whatever can answer a query: the pool for reading, a transaction for reading what it wrote.
pub(crate) trait Ask {
    async fn rows(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<Vec<Row>, StoreError>;

    async fn maybe(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, vals).await?.into_iter().next())
    }

    async fn one(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<Row, StoreError> {
        self.maybe(sql, vals).await?.ok_or(StoreError::NotFound)
    }

    async fn count(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<i64, StoreError> {
        self.one(sql, vals).await?.only()
    }
}

impl Ask for &Db {
    async fn rows(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Db::Sqlite { read, .. } => {
                bind_sqlite(sql, vals).fetch_all(read).await?.into_iter().map(Row::Sqlite).collect()
            }
            Db::Postgres(pool) => {
                bind_postgres(sql, vals).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl Ask for Tx {
    async fn rows(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                bind_sqlite(sql, vals).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                bind_postgres(sql, vals).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl Tx {
    /// Runs a statement; returns how many rows it touched.
    pub(crate) async fn run(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => bind_sqlite(sql, vals).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bind_postgres(sql, vals).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Holds rows until the end of the transaction, so that others who want to change what depends on them take
    /// turns. `SQLite` has one writer at a time anyway.
    pub(crate) async fn hold(&mut self, sql: &'static str, vals: Vec<Val>) -> Result<(), StoreError> {
        if matches!(self, Self::Postgres(_)) {
            self.run(sql, vals).await?;
        }
        Ok(())
    }

    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Makes it all true and on disk, or none of it.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl Db {
    /// Opens the database at `url` (`sqlite:FILE` or `postgres://...`) and brings it up to date.
    pub(crate) async fn open(url: &str, if_missing: IfMissing) -> Result<Self, StoreError> {
        let db = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, if_missing).await?
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            if if_missing == IfMissing::Refuse {
                Self::find_sqlite(Path::new(path)).await?;
            }
            Self::open_sqlite(Path::new(path)).await?
        } else {
            return Err(StoreError::BadUrl);
        };
        db.migrate().await?;
        Ok(db)
    }

    /// Refuses a file that is not there or is not one of ours, and leaves it as it is: opening it to write would not.
    async fn find_sqlite(path: &Path) -> Result<(), StoreError> {
        let missing = || StoreError::NoDatabase(path.display().to_string());
        if !path.try_exists()? {
            return Err(missing());
        }
        let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::from_secs(30));
        let mut door = options.connect().await?;
        let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut door)
            .await?;
        door.close().await?;
        if made > 0 { Ok(()) } else { Err(missing()) }
    }

    /// Two programs that make the same new file at once are in each other's way for a moment, in which `SQLite` does not
    /// wait by itself.
    async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        let busy = |e: &StoreError| matches!(e, StoreError::Database(sqlx::Error::Database(e)) if e.code().is_some_and(|c| c == "5"));
        for _ in 0..100 {
            match Self::connect_sqlite(path).await {
                Err(e) if busy(&e) => tokio::time::sleep(Duration::from_millis(50)).await,
                opened => return opened,
            }
        }
        Self::connect_sqlite(path).await
    }

    async fn connect_sqlite(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // First of all, so that setting the journal mode waits for others instead of failing.
            .busy_timeout(Duration::from_secs(30))
            .journal_mode(SqliteJournalMode::Wal)
            // Acknowledged means on disk, also when the power fails: FULL syncs the log at each commit.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Deleted text is overwritten, so that what was withdrawn cannot be read from the file.
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-32000")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "MEMORY");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_mins(1))
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.pragma("query_only", "ON")).await?;
        Ok(Self::Sqlite { read, write })
    }

    async fn open_postgres(url: &str, if_missing: IfMissing) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl)?;
        // Not the address itself: it may hold a password.
        let name = format!("{}, {}", options.get_host(), options.get_database().unwrap_or_default());
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options)
            .await?;
        if if_missing == IfMissing::Refuse {
            let made: bool =
                sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&pool).await?;
            if !made {
                return Err(StoreError::NoDatabase(name));
            }
        }
        Ok(Self::Postgres(pool))
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let outcome = match self {
            Self::Sqlite { write, .. } => Self::migrate_sqlite(write).await,
            Self::Postgres(pool) => migrator(Engine::Postgres).run(pool).await,
        };
        outcome.map_err(|problem| match problem {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                StoreError::NewerThanProgram(version)
            }
            MigrateError::VersionMismatch(version) => StoreError::ForeignMigration(version),
            other => StoreError::Migration(other.to_string()),
        })
    }

    /// There is no lock for this as on a server: whoever comes second meets tables that are there already. What failed
    /// left nothing, so it looks again, and finds the work done.
    async fn migrate_sqlite(write: &SqlitePool) -> Result<(), MigrateError> {
        for _ in 0..10 {
            match migrator(Engine::Sqlite).run(write).await {
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                outcome => return outcome,
            }
        }
        migrator(Engine::Sqlite).run(write).await
    }

    /// Starts a transaction that may write. On `SQLite` it waits for its turn at once, so it never fails half-way.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(Self::turn_to_write(write).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A commit that failed because the disk was full has ended its transaction in `SQLite`, but the connection counts it
    /// as open and would refuse every later one. It is thrown away, so that work goes on when there is room again.
    async fn turn_to_write(write: &SqlitePool) -> Result<Transaction<'static, Sqlite>, StoreError> {
        match write.begin_with("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::InvalidSavePointStatement | sqlx::Error::BeginFailed) => {
                write.acquire().await?.close().await?;
                Ok(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Lets go of what was overwritten: the log of `SQLite` still holds pages as they were. It is emptied, unless somebody
    /// is just reading from it; then the next time, or the daily sweep, does. `PostgreSQL` recycles its log by itself. What
    /// was to be done is done already, so a failure here is for the log only.
    pub(crate) async fn let_go(&self) {
        if let Self::Sqlite { write, .. } = self
            && let Err(error) = Self::empty_log(write).await
        {
            tracing::warn!(%error, "the log could not be emptied yet; it is tried again");
        }
    }

    async fn empty_log(write: &SqlitePool) -> Result<(), StoreError> {
        let mut door = write.acquire().await?;
        // Readers are waited for, but not so long that writers notice.
        sqlx::query("PRAGMA busy_timeout = 1000").execute(&mut *door).await?;
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_optional(&mut *door).await;
        sqlx::query("PRAGMA busy_timeout = 30000").execute(&mut *door).await?;
        if emptied?.is_some_and(|row| row.try_get::<i64, _>(0).unwrap_or_default() != 0) {
            tracing::info!("the log is being read and is emptied later");
        }
        Ok(())
    }

    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Refreshes what the database knows about its own tables, after a large import.
    pub(crate) async fn analyze(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { write, .. } => {
                sqlx::query("ANALYZE").execute(write).await?;
            }
            Self::Postgres(pool) => {
                sqlx::query("ANALYZE").execute(pool).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
