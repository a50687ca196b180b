//! Coming back: moving and dropping the time to think and the return talk, asking once about one that passed, and the
//! debrief together. Uses placements and letters. Promises that why the time to think moved is read by its person alone,
//! why the return talk did by the manager too, and that nothing here tells whether anybody kept to it.

use freerange_domain::{
    id::PlacementId,
    placement::{ReturnDates, Stage},
    returning::{Booking, ReturnProblem, What},
    text::Reason,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, Occasion, Result, Store, StoreError,
    db::{Ask, Tx, vals},
    mail::{self, Reader},
    may,
    placement::{Placement, load, load_to_change, save},
    withdrawn,
};

mod debrief;

pub use debrief::Together;

/// What became of one of the two times, as this actor may know it.
#[derive(Debug, Clone)]
pub struct Fate {
    /// Which.
    pub what: What,
    /// How often it was moved; the next move says why when it is not 0.
    pub moves: i64,
    /// Whether it was dropped.
    pub dropped: bool,
    /// Why it moved last, or was dropped.
    pub why: Option<String>,
}

/// Where both are to be, and why.
#[derive(Debug, Clone)]
pub struct Move {
    /// Time to think.
    pub reflection: Timestamp,
    /// Return talk.
    pub talk: Timestamp,
    /// Why they move.
    pub why: Option<Reason>,
}

struct Kept {
    moves: i64,
    sequence: i64,
    why: Option<String>,
    dropped: bool,
}

async fn kept(ask: &mut impl Ask, id: PlacementId, what: What) -> Result<Kept> {
    let sql = "SELECT moves, sequence, why, dropped_at FROM return_date WHERE placement_id = $1 AND what = $2";
    let Some(r) = ask.maybe(sql, vals![id, what]).await? else {
        return Ok(Kept { moves: 0, sequence: 0, why: None, dropped: false });
    };
    Ok(Kept {
        moves: r.get("moves")?,
        sequence: r.get("sequence")?,
        why: r.get("why")?,
        dropped: r.get::<Option<Timestamp>>("dropped_at")?.is_some(),
    })
}

const fn time_of(dates: ReturnDates, what: What) -> Timestamp {
    match what {
        What::Reflection => dates.reflection(),
        What::Talk => dates.talk(),
    }
}

fn refused(what: What, problem: ReturnProblem) -> StoreError {
    let field = match (problem, what) {
        (ReturnProblem::NeedsReason, _) => "move_why",
        (ReturnProblem::Past, What::Reflection) => "reflection_date",
        (ReturnProblem::Past, What::Talk) => "talk_date",
        (ReturnProblem::NotBack | ReturnProblem::Dropped, _) => "what",
    };
    StoreError::rule(field, problem.as_str())
}

/// When the outing moves, what was booked for after it moves along: calendars are to notice.
pub(crate) async fn moved_along(tx: &mut Tx, outing: freerange_domain::id::OutingId) -> Result<()> {
    for what in What::ALL {
        tx.run(
            "INSERT INTO return_date (placement_id, what, moves, sequence)
             SELECT id, $2, 0, 1 FROM placement WHERE outing_id = $1 AND stage IN ('agreed', 'preparing')
             ON CONFLICT (placement_id, what) DO UPDATE SET sequence = return_date.sequence + 1",
            vals![outing, *what],
        )
        .await?;
    }
    Ok(())
}

impl Store {
    /// Books or moves reflection time and return talk, without a reason.
    pub async fn book_return(
        &self,
        who: &Actor,
        id: PlacementId,
        reflection: Timestamp,
        talk: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        self.move_return(who, id, &Move { reflection, talk, why: None }, now).await
    }

    /// Books both, or moves them. Once all is agreed a move is told: the person gets an update for their calendar, of the
    /// return talk the manager too.
    pub async fn move_return(&self, who: &Actor, id: PlacementId, to: &Move, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let mut p = load_to_change(&mut tx, id).await?;
        may(who, Act::MovePlacement, &p.about())?;
        let why = to.why.as_ref().map_or("", Reason::as_str);
        withdrawn::refuse(&mut tx, &[("move_why", why)]).await?;
        let was = p.state.dates();
        let agreed = p.state.stage() >= Stage::Agreed;
        let dates = ReturnDates::after(p.ends_at, to.reflection, to.talk)?;
        p.state = p.state.book(dates)?;
        let mut moved = false;
        for what in What::ALL {
            if let (true, Some(was)) = (agreed, was) {
                moved |= self.move_one(&mut tx, &p, *what, time_of(was, *what), to, now).await?;
            }
        }
        if moved || was != Some(dates) {
            // That only the time to think moved is its person's own, in the history too.
            let thinking = agreed && was.is_some_and(|was| was.talk() == dates.talk());
            let what = if thinking { "moved-thinking" } else { "booked-return" };
            save(&mut tx, &p, who, what, None, now).await?;
        }
        self.after_yes(&mut tx, &mut p, now).await?;
        tx.commit().await
    }

    async fn move_one(
        &self,
        tx: &mut Tx,
        p: &Placement,
        what: What,
        was: Timestamp,
        to: &Move,
        now: Timestamp,
    ) -> Result<bool> {
        let k = kept(tx, p.id, what).await?;
        let at = if what == What::Talk { to.talk } else { to.reflection };
        let mut booking = Booking { at: was, moves: k.moves, dropped: k.dropped };
        if !booking.move_to(at, to.why.as_ref(), now).map_err(|e| refused(what, e))? {
            return Ok(false);
        }
        let why = to.why.as_ref().map(Reason::as_str);
        // A new time may be asked about once, like the first.
        tx.run(
            "INSERT INTO return_date (placement_id, what, moves, sequence, why) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (placement_id, what) DO UPDATE SET moves = excluded.moves, sequence = excluded.sequence, why = excluded.why,
                dropped_at = NULL, asked_at = NULL",
            vals![p.id, what, booking.moves, k.sequence + 1, why],
        )
        .await?;
        self.tell_of_return(tx, p, (what, at, k.sequence + 1), (false, why), now).await?;
        Ok(true)
    }

    /// Drops one of the two: an act with a reason, once somebody is back. The manager reads why the return talk is off.
    pub async fn drop_return(
        &self,
        who: &Actor,
        id: PlacementId,
        what: What,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let p = load_to_change(&mut tx, id).await?;
        may(who, Act::MovePlacement, &p.about())?;
        withdrawn::refuse(&mut tx, &[("drop_why", why.as_str())]).await?;
        let dates = p.state.dates().ok_or_else(|| refused(what, ReturnProblem::NotBack))?;
        let k = kept(&mut tx, id, what).await?;
        let mut booking = Booking { at: time_of(dates, what), moves: k.moves, dropped: k.dropped };
        booking.drop_it(p.state.stage(), why).map_err(|e| refused(what, e))?;
        tx.run(
            "INSERT INTO return_date (placement_id, what, moves, sequence, why, dropped_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (placement_id, what) DO UPDATE SET sequence = excluded.sequence, why = excluded.why,
                dropped_at = excluded.dropped_at",
            vals![id, what, k.moves, k.sequence + 1, why, now],
        )
        .await?;
        let told = (true, Some(why.as_str()));
        self.tell_of_return(&mut tx, &p, (what, booking.at, k.sequence + 1), told, now).await?;
        tx.commit().await
    }

    async fn tell_of_return(
        &self,
        tx: &mut Tx,
        p: &Placement,
        (what, at, sequence): (What, Timestamp, i64),
        (dropped, why): (bool, Option<&str>),
        now: Timestamp,
    ) -> Result<()> {
        let occasion = |outing, person, why: Option<&str>| Occasion::ReturnMoved {
            what,
            placement: p.id,
            outing,
            person,
            at,
            dropped,
            why: why.map(str::to_owned),
            sequence,
        };
        let own = occasion(Some(p.outing.clone()), None, None);
        let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
        mail::send(tx, &*self.writer, to, &own, now).await?;
        // A free-range day is not in the manager's calendar.
        if what == What::Talk && p.kind != freerange_domain::outing::Kind::FreeRangeDay {
            let theirs = occasion(None, Some(p.person.clone()), why);
            mail::send(tx, &*self.writer, p.manager_reader(), &theirs, now).await?;
        }
        Ok(())
    }

    /// What became of the two times: both for their person, of the return talk for the manager, nothing for anybody else.
    pub async fn return_dates(&self, who: &Actor, id: PlacementId) -> Result<Vec<Fate>> {
        let p = load(&mut &self.db, id).await?;
        let mut fates = Vec::new();
        for what in What::ALL {
            let act = if *what == What::Talk { Act::SeeReturnTalk } else { Act::MovePlacement };
            if may(who, act, &p.about()).is_ok() {
                let k = kept(&mut &self.db, id, *what).await?;
                fates.push(Fate { what: *what, moves: k.moves, dropped: k.dropped, why: k.why });
            }
        }
        Ok(fates)
    }

    /// How often the entries of a placement changed, for calendars: of the time to think and of the return talk; nothing for
    /// one that was dropped. The calendar's link decides who may.
    pub async fn return_sequences(&self, id: PlacementId) -> Result<[Option<i64>; 2]> {
        let one = |k: Kept| (!k.dropped).then_some(k.sequence);
        Ok([one(kept(&mut &self.db, id, What::Reflection).await?), one(kept(&mut &self.db, id, What::Talk).await?)])
    }

    /// Asks about a time that passed without anything written: the day after, once, the person alone. Returns how many.
    pub async fn ask_how_it_was(&self, zone: &TimeZone, now: Timestamp) -> Result<u64> {
        let today = freerange_domain::time::day_of(now, zone);
        let mut asked = 0;
        for what in What::ALL {
            for id in self.passed_silently(*what, today, zone, now).await? {
                asked += u64::from(self.ask_one_how_it_was(id, *what, (today, zone), now).await?);
            }
        }
        Ok(asked)
    }

    async fn passed_silently(
        &self,
        what: What,
        today: Date,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Vec<PlacementId>> {
        let midnight = today.to_zoned_datetime(zone.clone()).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        // What is longer ago than a week is not asked about any more: the server was away, and the moment is gone.
        let week_ago = now.checked_sub((8 * 24).hours()).unwrap_or(Timestamp::MIN);
        let sql = "SELECT p.id FROM placement p JOIN person w ON w.id = p.person_id AND w.active
             LEFT JOIN return_date d ON d.placement_id = p.id AND d.what = $1
             WHERE p.stage IN ('debriefing', 'embedding') AND CASE $1 WHEN 'talk' THEN p.talk_at ELSE p.reflection_at END < $2
                AND CASE $1 WHEN 'talk' THEN p.talk_at ELSE p.reflection_at END > $3
                AND d.asked_at IS NULL AND d.dropped_at IS NULL ORDER BY p.id LIMIT 1000";
        let rows = (&self.db).rows(sql, vals![what, midnight.timestamp(), week_ago]).await?;
        rows.iter().map(|r| r.get("id")).collect()
    }

    async fn ask_one_how_it_was(
        &self,
        id: PlacementId,
        what: What,
        (today, zone): (Date, &TimeZone),
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.db.begin().await?;
        let p = load_to_change(&mut tx, id).await?;
        let k = kept(&mut tx, id, what).await?;
        let kinds = freerange_domain::reflection::Kind::asked_by(p.kind.template());
        let mut kinds = kinds.into_iter().filter(|kind| what.is_for(*kind)).peekable();
        // Where nothing is to be written, nobody is asked for it.
        let mut written = kinds.peek().is_none();
        for kind in kinds {
            let sql = "SELECT id FROM reflection WHERE placement_id = $1 AND kind = $2";
            written |= tx.maybe(sql, vals![id, kind]).await?.is_some();
        }
        let Some(dates) = p.state.dates() else { return Ok(false) };
        let booking = Booking { at: time_of(dates, what), moves: k.moves, dropped: k.dropped };
        if !booking.may_ask(written, today, zone) {
            return Ok(false);
        }
        let once = tx
            .run(
                "INSERT INTO return_date (placement_id, what, asked_at) VALUES ($1, $2, $3)
                 ON CONFLICT (placement_id, what) DO UPDATE SET asked_at = excluded.asked_at WHERE return_date.asked_at IS NULL",
                vals![id, what, now],
            )
            .await?;
        if once == 1 {
            let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
            let occasion = Occasion::HowWasIt { what, placement: id, outing: p.outing.clone() };
            mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
        }
        tx.commit().await?;
        Ok(once == 1)
    }
}

/// About a placement, for who was on the same outing.
fn among(peers: Vec<freerange_domain::id::PersonId>) -> About {
    About { peers, ..About::default() }
}
