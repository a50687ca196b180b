//! A person's phones: which there are, when they were last heard of, and locking one out that was lost.

use freerange_domain::id::PersonId;
use jiff::Timestamp;
use uuid::Uuid;

use super::Asked;
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    may,
};

/// More than anybody has; whoever opens the notebook in one private window after another does not fill the table.
const PHONES: i64 = 40;
/// The longest name of a phone.
const NAME: usize = 80;

/// A phone on the list of its owner.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The id it made.
    pub id: Uuid,
    /// What it calls itself.
    pub name: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was last heard of, to the hour.
    pub seen_at: Timestamp,
    /// How many things it has not heard of yet.
    pub waiting: i64,
    /// Since when it is locked out.
    pub locked_at: Option<Timestamp>,
}

/// The beginning of the hour: nobody's coming and going is kept to the minute.
fn to_the_hour(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second().div_euclid(3_600) * 3_600).unwrap_or(now)
}

fn named(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    name.trim().to_owned()
}

/// Remembers that a phone was heard of. Says whether it is locked out.
pub(super) async fn seen(tx: &mut Tx, asked: &Asked, since: i64) -> Result<bool> {
    let (me, id, hour) = (asked.me, asked.batch.device, to_the_hour(asked.now));
    let found = "SELECT seen_at, reached, locked_at FROM device WHERE person_id = $1 AND id = $2";
    if let Some(r) = tx.maybe(found, vals![me, id]).await? {
        if r.get::<Option<Timestamp>>("locked_at")?.is_some() {
            return Ok(true);
        }
        if r.get::<Timestamp>("seen_at")? < hour || r.get::<i64>("reached")? != since {
            let sql = "UPDATE device SET seen_at = $3, reached = $4 WHERE person_id = $1 AND id = $2";
            tx.run(sql, vals![me, id, hour, since]).await?;
        }
        return Ok(false);
    }
    if tx.count("SELECT COUNT(*) FROM device WHERE person_id = $1", vals![me]).await? >= PHONES {
        return Err(StoreError::rule("device", "too-many-phones"));
    }
    tx.run(
        "INSERT INTO device (person_id, id, name, made_at, seen_at, reached) VALUES ($1, $2, $3, $4, $4, $5)
         ON CONFLICT (person_id, id) DO NOTHING",
        vals![me, id, named(&asked.batch.device_name), hour, since],
    )
    .await?;
    Ok(false)
}

fn own(who: &Actor) -> Result<PersonId> {
    let me = who.person().ok_or(StoreError::Refused(Act::KeepNotebook))?;
    may(who, Act::KeepNotebook, &About::person(me))?;
    Ok(me)
}

impl Store {
    /// One's own phones, the one heard of last first.
    pub async fn phones(&self, who: &Actor) -> Result<Vec<Phone>> {
        let rows = (&self.db)
            .rows(
                "SELECT d.id, d.name, d.made_at, d.seen_at, d.locked_at,
                    (SELECT COUNT(*) FROM notebook_feed f WHERE f.person_id = d.person_id AND f.number > d.reached) AS waiting
                 FROM device d WHERE d.person_id = $1 ORDER BY d.seen_at DESC, d.id",
                vals![own(who)?],
            )
            .await?;
        let read = |r: &crate::db::Row| {
            Ok(Phone {
                id: r.get("id")?,
                name: r.get("name")?,
                made_at: r.get("made_at")?,
                seen_at: r.get("seen_at")?,
                waiting: r.get("waiting")?,
                locked_at: r.get("locked_at")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Locks one's own phone out: its next sync tells it to forget everything, and nothing from it is taken any more.
    pub async fn lock_phone(&self, who: &Actor, id: Uuid, now: Timestamp) -> Result<()> {
        let me = own(who)?;
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE device SET locked_at = COALESCE(locked_at, $3) WHERE person_id = $1 AND id = $2";
        if tx.run(sql, vals![me, id, now]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        audit::record(&mut tx, who, Act::KeepNotebook, &format!("phone {id} locked"), now).await?;
        tx.commit().await
    }
}
