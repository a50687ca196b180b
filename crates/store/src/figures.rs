//! Figures for everybody, in editions: made of whole months that are over, once, and not changed afterwards. The rules by which
//! nothing about fewer than `k` people follows are in [`freerange_domain::figures`].

use std::collections::BTreeMap;

use freerange_domain::{
    figures::{self, Item, K},
    id::{ChallengeId, EditionId, PlaceId},
    note::Kind,
    time,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    may,
};

/// An edition as it is read.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Which.
    pub id: EditionId,
    /// The first day of its first month.
    pub from: Date,
    /// The first day after its last month.
    pub until: Date,
    /// The smallest number of people a cell rests on; each number is a multiple of it.
    pub k: i64,
    /// When it was published.
    pub made_at: Timestamp,
    /// When it was taken down. Then it has no cells.
    pub down_at: Option<Timestamp>,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell as it is read. Nothing means: not told apart.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The challenge.
    pub challenge: ChallengeId,
    /// Its question in a few words.
    pub title: String,
    /// The place, and how large it is.
    pub place: Option<(String, String)>,
    /// Kind.
    pub kind: Option<Kind>,
    /// The first day of the month.
    pub month: Option<Date>,
    /// There are at least so many notes.
    pub at_least: i64,
}

const NOTES: &str = "SELECT n.challenge_id, n.place_id, n.kind, n.author_id, n.happened_at FROM note n
     LEFT JOIN consent k ON k.id = n.consent_id
     WHERE n.challenge_id IS NOT NULL AND n.happened_at < $1 AND (k.id IS NULL OR (k.use_it AND k.withdrawn_at IS NULL))
     ORDER BY n.id";

const CELLS: &str =
    "SELECT f.edition_id, f.challenge_id, c.title, p.name AS place, p.level, f.kind, f.month, f.at_least
     FROM figure_cell f JOIN challenge c ON c.id = f.challenge_id LEFT JOIN place p ON p.id = f.place_id
     ORDER BY f.edition_id, f.number";

fn cell(r: &Row) -> Result<Cell> {
    let place: Option<String> = r.get("place")?;
    Ok(Cell {
        challenge: r.get("challenge_id")?,
        title: r.get("title")?,
        place: place.zip(r.get("level")?),
        kind: r.get("kind")?,
        month: r.get("month")?,
        at_least: r.get("at_least")?,
    })
}

/// What each place lies in.
async fn parents(tx: &mut Tx) -> Result<BTreeMap<PlaceId, Option<PlaceId>>> {
    let rows = tx.rows("SELECT id, parent_id FROM place", Vec::new()).await?;
    rows.iter().map(|r| Ok((r.get("id")?, r.get("parent_id")?))).collect()
}

/// A place and what it lies in, the smallest first. Boundaries have three levels; a circle ends there.
fn upwards(place: Option<PlaceId>, parents: &BTreeMap<PlaceId, Option<PlaceId>>) -> Vec<PlaceId> {
    let next = |p: &PlaceId| parents.get(p).copied().flatten();
    std::iter::successors(place, next).take(3).collect()
}

/// Notes of the months that are over and in no edition yet.
async fn items(tx: &mut Tx, from: Option<Date>, until: Date, zone: &TimeZone) -> Result<Vec<Item>> {
    let parents = parents(tx).await?;
    let end =
        time::moment(until, jiff::civil::Time::midnight(), zone).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let mut items = Vec::new();
    for r in tx.rows(NOTES, vals![end]).await? {
        let day = time::day_of(r.get("happened_at")?, zone);
        let month = day.first_of_month();
        if from.is_none_or(|from| month >= from) {
            let places = upwards(r.get("place_id")?, &parents);
            let (challenge, kind, author) = (r.get("challenge_id")?, r.get("kind")?, r.get("author_id")?);
            items.push(Item { challenge, places, kind, month, author });
        }
    }
    Ok(items)
}

impl Store {
    /// Publishes an edition of all months that are over and in none yet. Refused while nothing can be said: those months
    /// stay for later.
    pub async fn publish_figures(&self, who: &Actor, zone: &TimeZone, now: Timestamp) -> Result<EditionId> {
        may(who, Act::PublishFigures, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        // Two at once would tell the same months twice.
        crate::withdrawn::take_turn(&mut tx).await?;
        let until = time::day_of(now, zone).first_of_month();
        let last = tx.one("SELECT MAX(until_on) AS until_on FROM figure_edition", Vec::new()).await?;
        let last: Option<Date> = last.get("until_on")?;
        let items = items(&mut tx, last, until, zone).await?;
        let cells = figures::cells(&items, K);
        // The first edition begins with a year: with the first month it would tell when the first note was written.
        let first = items.iter().map(|i| jiff::civil::date(i.month.year(), 1, 1)).min();
        let Some(from) = last.or(first).filter(|from| !cells.is_empty() && *from < until) else {
            return Err(StoreError::rule("figures", "figures-too-few"));
        };
        let id = EditionId::new();
        tx.run(
            "INSERT INTO figure_edition (id, from_on, until_on, k, made_at, down_at) VALUES ($1, $2, $3, $4, $5, NULL)",
            vals![id, from, until, K, now],
        )
        .await?;
        for (number, cell) in (1_i64..).zip(cells) {
            let about = cell.about;
            tx.run(
                "INSERT INTO figure_cell (edition_id, number, challenge_id, place_id, kind, month, at_least)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                vals![id, number, about.challenge, about.place, about.kind, about.month, cell.at_least],
            )
            .await?;
        }
        audit::record(&mut tx, who, Act::PublishFigures, &format!("figures {id}"), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes an edition down. Its months are told in no other one.
    pub async fn take_figures_down(&self, who: &Actor, id: EditionId, now: Timestamp) -> Result<()> {
        may(who, Act::PublishFigures, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let sql = "UPDATE figure_edition SET down_at = $2 WHERE id = $1 AND down_at IS NULL";
        if tx.run(sql, vals![id, now]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.run("DELETE FROM figure_cell WHERE edition_id = $1", vals![id]).await?;
        audit::record(&mut tx, who, Act::PublishFigures, &format!("figures {id} down"), now).await?;
        tx.commit().await
    }

    /// All editions, the newest first.
    pub async fn figures(&self, who: &Actor) -> Result<Vec<Edition>> {
        may(who, Act::SeeFigures, &About::nothing())?;
        let mut db = &self.db;
        let mut of: BTreeMap<EditionId, Vec<Cell>> = BTreeMap::new();
        for r in db.rows(CELLS, Vec::new()).await? {
            of.entry(r.get("edition_id")?).or_default().push(cell(&r)?);
        }
        let sql = "SELECT id, from_on, until_on, k, made_at, down_at FROM figure_edition ORDER BY from_on DESC";
        let rows = db.rows(sql, Vec::new()).await?;
        rows.iter()
            .map(|r| {
                let id: EditionId = r.get("id")?;
                Ok(Edition {
                    id,
                    from: r.get("from_on")?,
                    until: r.get("until_on")?,
                    k: r.get("k")?,
                    made_at: r.get("made_at")?,
                    down_at: r.get("down_at")?,
                    cells: of.remove(&id).unwrap_or_default(),
                })
            })
            .collect()
    }
}

/// The last day of an edition, for people.
pub fn last_day(until: Date) -> Date {
    until.saturating_sub(1.day())
}
