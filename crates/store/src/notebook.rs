//! The phone notebook's other end. A phone sends records, in any order and any number of times; each is kept once, on its own:
//! one that cannot be kept takes none of the others with it. What is answered `kept` or `known` is on the disk. Down goes what
//! changed of a person's own things since the phone last asked, as it is now.

mod changes;
mod consents;
mod devices;
mod diary;
pub(crate) mod feed;
mod group;
mod keys;
mod notes;
mod outs;
mod pack;

use freerange_domain::{
    id::{NoteId, PersonId},
    notebook::{PhoneClock, Room, room},
    placement::PlacementError,
};
use freerange_notebook::{Answered, Batch, Outcome, PROTOCOL, RECORDS_AT_ONCE, Record, Synced, What};
use jiff::Timestamp;
use uuid::Uuid;

pub use devices::Phone;
pub(crate) use group::Group;
pub use pack::{Packed, PackedShape};

use crate::{
    About, Act, Actor, Engine, Result, Store, StoreError,
    db::{Ask as _, Tx, vals},
    may,
    placement::Placement,
};

/// What became of a batch, with the reason beside each record that waits or was refused.
#[derive(Debug)]
pub struct Report {
    /// What the phone is told; `why` and `says` are empty.
    pub synced: Synced,
    /// For each answer, why it is not `kept` or `known`.
    pub reasons: Vec<Option<StoreError>>,
}

/// What became of a record that was not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Became {
    /// It is there now.
    Kept,
    /// It was there.
    Known,
    /// It rests on something that is not there yet, named by a key of the language files.
    Waits(&'static str),
}

/// A batch that waits to be taken in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    who: Actor,
    me: PersonId,
    batch: Batch,
    now: Timestamp,
}

/// What was taken in.
#[derive(Debug)]
pub(crate) struct Taken {
    epoch: Uuid,
    since: i64,
    locked: bool,
    became: Vec<Result<Became>>,
    /// Whether words were erased, so that the log has to let go of them.
    erased: bool,
}

/// Those on which others rest come first, and taking away comes last: a note and its removal may be in one batch.
const fn rank(what: &What) -> u8 {
    match what {
        What::Consent(_) | What::Out(_) => 0,
        What::Note(_) | What::Diary(_) | What::Later { .. } | What::Back { .. } => 1,
        What::NoteGone { .. } | What::DiaryGone { .. } => 2,
    }
}

/// May something written on this placement at a moment be kept? What a phone cannot know waits; `Err` is final.
pub(crate) async fn on_placement(tx: &mut Tx, p: &Placement, written: Timestamp) -> Result<Option<Became>> {
    let closed: Timestamp =
        tx.one("SELECT updated_at FROM placement WHERE id = $1", vals![p.id]).await?.get("updated_at")?;
    match room(&p.state, closed, written) {
        Room::Open => Ok(None),
        Room::NotYet => Ok(Some(Became::Waits("waits-for-leaving"))),
        Room::NeverWent | Room::Over => Err(PlacementError::NotFrom(p.state.stage()).into()),
    }
}

/// One's own placement. Somebody else's is answered like one that is not there.
pub(crate) async fn own_placement(tx: &mut Tx, me: PersonId, id: Uuid) -> Result<Placement> {
    let p = crate::placement::load(tx, freerange_domain::id::PlacementId(id)).await?;
    if p.person_id == me { Ok(p) } else { Err(StoreError::NotFound) }
}

async fn take_one(store: &Store, tx: &mut Tx, asked: &Asked, record: &Record) -> Result<Became> {
    let clock = PhoneClock { phone: asked.batch.clock, server: asked.now };
    let at = clock.corrected(record.at);
    match &record.what {
        What::Note(says) => notes::keep(tx, asked, record, says, clock).await,
        What::NoteGone { note } => notes::take_away(tx, asked, NoteId(*note)).await,
        What::Consent(given) => consents::keep(tx, asked.me, given, at).await,
        What::Diary(says) => diary::keep(tx, asked.me, record.id, says, at).await,
        What::DiaryGone { entry } => diary::take_away(tx, asked.me, *entry, asked.now).await,
        What::Out(_) | What::Later { .. } | What::Back { .. } => outs::take(store, tx, asked, record, clock).await,
    }
}

/// Takes in one record so that a bad one leaves nothing and harms no other. A failure of the house is passed on.
async fn take_apart(store: &Store, tx: &mut Tx, asked: &Asked, record: &Record) -> Result<Result<Became>> {
    tx.run("SAVEPOINT record", Vec::new()).await?;
    let became = take_one(store, tx, asked, record).await;
    match became {
        Err(error) if !error.is_refusal() => return Err(error),
        Err(_) => {
            tx.run("ROLLBACK TO SAVEPOINT record", Vec::new()).await?;
        }
        Ok(_) => {}
    }
    tx.run("RELEASE SAVEPOINT record", Vec::new()).await?;
    Ok(became)
}

/// Whoever works on the same things waits here, in the same order for all: consents, withdrawn words, the feed.
async fn take_turns(tx: &mut Tx, asked: &Asked) -> Result<()> {
    let records = &asked.batch.records;
    if tx.engine() == Engine::Postgres && !records.is_empty() {
        let mut consents: Vec<Uuid> = records.iter().filter_map(|r| rests_on(&r.what)).collect();
        consents.sort_unstable();
        consents.dedup();
        for consent in consents {
            tx.hold("SELECT id FROM consent WHERE id = $1 FOR NO KEY UPDATE", vals![consent]).await?;
        }
        if records.iter().any(|r| matches!(r.what, What::NoteGone { .. })) {
            crate::withdrawn::take_turn(tx).await?;
        } else {
            crate::withdrawn::refuse(tx, &[]).await?;
        }
    }
    feed::take_turn(tx, asked.me).await
}

const fn rests_on(what: &What) -> Option<Uuid> {
    match what {
        What::Note(says) => says.consent,
        What::Consent(given) => Some(given.consent),
        _ => None,
    }
}

/// Takes in a batch, within a transaction that may hold others.
pub(crate) async fn take_in(store: &Store, tx: &mut Tx, asked: &Asked) -> Result<Taken> {
    let batch = &asked.batch;
    let (epoch, since) = line(tx, asked).await?;
    let mut taken = Taken { epoch, since, locked: false, became: Vec::new(), erased: false };
    taken.locked = devices::seen(tx, asked, since).await?;
    if taken.locked || batch.records.is_empty() {
        return Ok(taken);
    }
    take_turns(tx, asked).await?;
    let mut order: Vec<usize> = (0..batch.records.len()).collect();
    order.sort_by_key(|at| batch.records.get(*at).map(|r| rank(&r.what)));
    let mut became: Vec<Option<Result<Became>>> = batch.records.iter().map(|_| None).collect();
    for at in order {
        let (Some(record), Some(slot)) = (batch.records.get(at), became.get_mut(at)) else { continue };
        let outcome = take_apart(store, tx, asked, record).await?;
        taken.erased |= matches!((&record.what, &outcome), (What::NoteGone { .. }, Ok(Became::Kept)));
        *slot = Some(outcome);
    }
    taken.became = became.into_iter().flatten().collect();
    Ok(taken)
}

/// The line of the data, and from where on in it the phone has to be told. A phone that counts in another line, or farther
/// than this one ever did (a file was put back from a copy), begins again.
async fn line(tx: &mut Tx, asked: &Asked) -> Result<(Uuid, i64)> {
    let fresh = "INSERT INTO notebook_epoch (one, id, made_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING";
    tx.run(fresh, vals![Uuid::now_v7(), asked.now]).await?;
    let row = tx.one("SELECT id, made_at FROM notebook_epoch WHERE one = 1", Vec::new()).await?;
    let (epoch, made): (Uuid, Timestamp) = (row.get("id")?, row.get("made_at")?);
    if asked.batch.epoch != Some(epoch) {
        return Ok((epoch, 0));
    }
    let last = tx.maybe("SELECT last FROM notebook WHERE person_id = $1", vals![asked.me]).await?;
    let last = last.map(|r| r.get("last")).transpose()?.unwrap_or(0);
    if asked.batch.since <= last {
        return Ok((epoch, asked.batch.since.max(0)));
    }
    // Not again and again, so that nobody makes everybody's phones send everything all the time.
    if asked.now.duration_since(made) < LINE_LASTS {
        return Ok((epoch, 0));
    }
    let epoch = Uuid::now_v7();
    tx.run("UPDATE notebook_epoch SET id = $1, made_at = $2 WHERE one = 1", vals![epoch, asked.now]).await?;
    Ok((epoch, 0))
}

/// How long a line lasts before another may begin by itself.
const LINE_LASTS: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

impl Store {
    /// Takes in what a phone sends and says what changed since. Every record is taken on its own; see [`Report`].
    pub async fn sync(&self, who: &Actor, batch: &Batch, now: Timestamp) -> Result<Report> {
        may(who, Act::KeepNotebook, &About::person(PersonId(batch.person)))?;
        let me = who.person().ok_or(StoreError::Refused(Act::KeepNotebook))?;
        if batch.protocol > PROTOCOL {
            return Err(StoreError::rule("protocol", "server-too-old"));
        }
        if batch.records.len() > RECORDS_AT_ONCE {
            return Err(StoreError::rule("records", "too-many-records"));
        }
        let asked = Asked { who: who.clone(), me, batch: batch.clone(), now };
        let taken = match self.engine() {
            Engine::Sqlite => self.group.take_in(self, asked).await?,
            Engine::Postgres => self.take_in_alone(&asked).await?,
        };
        if taken.erased {
            self.leave_nothing_behind().await;
        }
        let ids = batch.records.iter().map(|r| r.id);
        let answers =
            ids.zip(&taken.became).map(|(id, became)| Answered { id, outcome: outcome(became), why: None, says: None });
        let mut synced = self.changed_since(me, taken.epoch, taken.since, taken.locked, now).await?;
        synced.answers = answers.collect();
        let reasons = taken.became.into_iter().map(reason).collect();
        Ok(Report { synced, reasons })
    }

    /// A transaction for one batch; `PostgreSQL` syncs those that end together by itself. One that got in another's way is
    /// tried again: nothing of it was kept.
    async fn take_in_alone(&self, asked: &Asked) -> Result<Taken> {
        let mut tries = 0;
        loop {
            let mut tx = self.db.begin().await?;
            let taken = match take_in(self, &mut tx, asked).await {
                Ok(taken) => tx.commit().await.map(|()| taken),
                Err(error) => Err(error),
            };
            tries += 1;
            match taken {
                Err(error) if error.is_collision() && tries < 10 => {}
                other => return other,
            }
        }
    }
}

const fn outcome(became: &Result<Became>) -> Outcome {
    match became {
        Ok(Became::Kept) => Outcome::Kept,
        Ok(Became::Known) => Outcome::Known,
        Ok(Became::Waits(_)) => Outcome::Waits,
        Err(_) => Outcome::Refused,
    }
}

fn reason(became: Result<Became>) -> Option<StoreError> {
    match became {
        Ok(Became::Waits(key)) => Some(StoreError::rule("", key)),
        Ok(_) => None,
        Err(error) => Some(error),
    }
}
