//! Saying yes and no to legs, and what follows: a ring of which every leg has all three is final; a leg that drops out
//! breaks its ring and leaves the others as they are.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{
    exchange::{Answer, Consents, Pick, Ring, State, Stay, Together, Version, Voice, finals},
    id::{ExchangeId, GoerId, LegId, MemberId},
    text::Reason,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Act, Actor, Head, OfLeg, Result, Store, StoreError, hold,
    legs::{Stands, legs},
    not_now,
    proposal::standing,
    save_state,
};
use crate::{
    News, audit,
    db::{Ask, Tx, vals},
};

/// What somebody says about a leg.
#[derive(Debug, Clone)]
pub enum Say {
    /// Yes, to this version.
    Yes(Version),
    /// No, and why.
    No(Reason),
}

/// Final legs of the proposal with the highest number.
pub(super) async fn finals_of(ask: &mut impl Ask, id: ExchangeId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id WHERE r.exchange_id = $1
            AND l.state = 'final' AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = $1)";
    ask.count(sql, vals![id]).await
}

/// The day, as legs count it.
fn today(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}

/// A leg of the proposal that is out.
struct Live {
    leg: LegId,
    ring: i64,
    state: String,
    stay: Stay,
    stands: Stands,
    pick: Pick,
    /// From which city to which.
    way: String,
}

impl Live {
    fn has_begun(&self, now: Timestamp) -> bool {
        self.state == "final" && self.stay.has_begun(today(now))
    }
}

async fn live(tx: &mut Tx, (exchange, id): OfLeg) -> Result<(Head, Live)> {
    let head = hold(tx, exchange).await?;
    let row = tx.one(legs!("l.id = $1 AND r.exchange_id = $2"), vals![id, exchange]).await?;
    let last = "SELECT MAX(number) FROM exchange_proposal WHERE exchange_id = $1";
    if row.get::<i64>("number")? != tx.count(last, vals![exchange]).await? {
        return Err(StoreError::rule("form", "exchange-superseded"));
    }
    let (from, to): (String, String) = (row.get("from_name")?, row.get("to_name")?);
    let live = Live {
        leg: id,
        ring: row.get("ring")?,
        state: row.get("state")?,
        stay: Stay { starts: row.get("starts_on")?, ends: row.get("ends_on")? },
        pick: Pick { goer: row.get("goer_id")?, post: row.get("post_id")? },
        stands: Stands::read(&row)?,
        way: format!("{from} → {to}"),
    };
    Ok((head, live))
}

impl Store {
    /// Says yes or no to a leg, as one of its three voices. A yes to other words than those that are out counts for nothing.
    pub async fn answer_leg(&self, who: &Actor, of: OfLeg, voice: Voice, say: &Say, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let (head, leg) = live(&mut tx, of).await?;
        let id = leg.leg;
        leg.stands.may_answer(who, voice)?;
        let State::Asking(version) = &head.state else { return Err(StoreError::rule("form", "exchange-not-now")) };
        if let Say::Yes(quoted) = say {
            version.must_be(quoted).map_err(|_| StoreError::rule("form", "exchange-superseded"))?;
        }
        if leg.state != "asked" {
            return Err(StoreError::rule("form", "exchange-leg-closed"));
        }
        let spoken_for = voice == Voice::Person && !leg.stands.answers;
        let (answer, why) = match say {
            Say::Yes(_) => ("yes", None),
            Say::No(why) => ("no", Some(why.as_str())),
        };
        tx.run(
            "INSERT INTO exchange_consent (leg_id, voice, answer, why, version, spoken_for, carried, answered_at)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7)
             ON CONFLICT (leg_id, voice) DO UPDATE SET answer = excluded.answer, why = excluded.why, version = excluded.version,
                spoken_for = excluded.spoken_for, carried = FALSE, answered_at = excluded.answered_at",
            vals![id, voice, answer, why, version.as_str(), spoken_for, now],
        )
        .await?;
        match say {
            Say::Yes(_) => settle_rings(self, &mut tx, &head, now).await?,
            Say::No(why) => self.drop_leg(&mut tx, &head, &leg, voice, why, now).await?,
        }
        audit::record(&mut tx, who, Act::AnswerLeg, &format!("{voice} of leg {id}"), now).await?;
        tx.commit().await
    }

    /// Calls a leg off after saying yes, also when it was final: its ring is asked about again.
    pub async fn call_off_leg(&self, who: &Actor, of: OfLeg, why: &Reason, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let (head, leg) = live(&mut tx, of).await?;
        let id = leg.leg;
        let voice = Voice::ALL.iter().copied().find(|voice| leg.stands.may_answer(who, *voice).is_ok());
        let voice = voice.ok_or(StoreError::Refused(Act::AnswerLeg))?;
        if leg.state == "off" {
            return Err(StoreError::rule("form", "exchange-leg-closed"));
        }
        if leg.has_begun(now) {
            return Err(StoreError::rule("form", "exchange-leg-begun"));
        }
        self.drop_leg(&mut tx, &head, &leg, voice, why, now).await?;
        audit::record(&mut tx, who, Act::AnswerLeg, &format!("{voice} of leg {id}"), now).await?;
        tx.commit().await
    }

    /// Ends what is still asked, and the placements that rest on it.
    pub(super) async fn end_open_legs(&self, tx: &mut Tx, id: ExchangeId, why: &Reason, now: Timestamp) -> Result<()> {
        let sql = "SELECT id FROM exchange_leg WHERE state = 'asked' AND placement_id IS NOT NULL
                AND proposal_id IN (SELECT r.id FROM exchange_proposal r WHERE r.exchange_id = $1)";
        for row in tx.rows(sql, vals![id]).await? {
            // Whoever runs the exchange is of this city, as all are who have a placement here.
            self.off_spine(tx, row.get("id")?, Voice::Sender.canceller(), why, now).await?;
        }
        tx.run(
            "UPDATE exchange_leg SET state = 'off', off_why = $2 WHERE state = 'asked'
                AND proposal_id IN (SELECT r.id FROM exchange_proposal r WHERE r.exchange_id = $1)",
            vals![id, why],
        )
        .await?;
        Ok(())
    }

    /// Drops all legs of somebody who leaves.
    pub(super) async fn drop_legs_of(
        &self,
        tx: &mut Tx,
        head: &Head,
        goer: GoerId,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "SELECT l.id FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id
             WHERE r.exchange_id = $1 AND l.goer_id = $2 AND l.state <> 'off'
                AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = $1)";
        if let Some(row) = tx.maybe(sql, vals![head.id, goer]).await?
            && head.version().is_some()
        {
            let (head, leg) = live(tx, (head.id, row.get("id")?)).await?;
            if !leg.has_begun(now) {
                self.drop_leg(tx, &head, &leg, Voice::Person, why, now).await?;
            }
        }
        Ok(())
    }

    async fn drop_leg(
        &self,
        tx: &mut Tx,
        head: &Head,
        leg: &Live,
        by: Voice,
        why: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        tx.run(
            "UPDATE exchange_leg SET state = 'off', off_by = $2, off_why = $3 WHERE id = $1",
            vals![leg.leg, by, why],
        )
        .await?;
        tx.run(
            "INSERT INTO exchange_ban (exchange_id, goer_id, post_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            vals![head.id, leg.pick.goer, leg.pick.post],
        )
        .await?;
        if leg.state == "final" {
            reopen(tx, head, leg, now).await?;
            let state = head.state.clone().reopen().map_err(not_now)?;
            save_state(tx, head.id, &state, now).await?;
        }
        self.off_spine(tx, leg.leg, by.canceller(), why, now).await?;
        let news = News::LegOff { leg: leg.way.clone(), why: why.as_str().to_owned() };
        self.tell_lead(tx, head, &news, now).await?;
        // The others on the ring hear that it is open again, not why: that is between those on the leg.
        let around = News::LegOff { leg: leg.way.clone(), why: String::new() };
        self.tell_ring(tx, head, leg.ring, &around, now).await
    }

    /// Writes to all who are on a ring, but for whoever runs it.
    pub(super) async fn tell_ring(
        &self,
        tx: &mut Tx,
        head: &Head,
        ring: i64,
        news: &News,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "SELECT l.from_id, l.to_id, l.goer_id FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id
             WHERE r.exchange_id = $1 AND l.ring = $2
                AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = $1) ORDER BY l.seat";
        let rows = tx.rows(sql, vals![head.id, ring]).await?;
        let mut members: BTreeSet<MemberId> = BTreeSet::new();
        for row in &rows {
            members.extend([row.get::<MemberId>("from_id")?, row.get("to_id")?]);
        }
        let home = tx.maybe("SELECT m.id FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.exchange_id = $1 AND c.home", vals![head.id]).await?;
        let home: Option<MemberId> = home.map(|r| r.get("id")).transpose()?;
        for member in members.into_iter().filter(|m| Some(*m) != home) {
            self.tell_member(tx, head, member, news, now).await?;
        }
        for row in &rows {
            self.tell_goer(tx, head, row.get("goer_id")?, news, now).await?;
        }
        Ok(())
    }
}

/// What was final with this leg is asked about again; who said yes said it to the same words. All together means all.
async fn reopen(tx: &mut Tx, head: &Head, leg: &Live, now: Timestamp) -> Result<()> {
    let all = head.together == Together::All;
    for other in standing(tx, head.id).await? {
        if other.state == "final" && (all || other.ring == leg.ring) && !other.stay.has_begun(today(now)) {
            tx.run("UPDATE exchange_leg SET state = 'asked' WHERE id = $1", vals![other.id]).await?;
        }
    }
    Ok(())
}

/// Makes final what can be: reads all rings with their answers, asks the domain, writes and tells.
pub(super) async fn settle_rings(store: &Store, tx: &mut Tx, head: &Head, now: Timestamp) -> Result<()> {
    let Some(version) = head.version().cloned() else { return Ok(()) };
    let sql = "SELECT l.id, l.ring, l.state FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id
         WHERE r.exchange_id = $1 AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = $1)
         ORDER BY l.ring, l.seat";
    let mut agreed = Vec::new();
    let mut rings: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut waiting = BTreeSet::new();
    let mut ids: Vec<(i64, LegId)> = Vec::new();
    for (at, row) in tx.rows(sql, vals![head.id]).await?.iter().enumerate() {
        let (ring, state): (i64, String) = (row.get("ring")?, row.get("state")?);
        rings.entry(ring).or_default().push(at);
        ids.push((ring, row.get("id")?));
        if state == "asked" {
            waiting.insert(ring);
        }
        agreed.push(match state.as_str() {
            "final" => true,
            "asked" => said(tx, row.get("id")?).await?.agreed(|v| *v == version),
            _ => false,
        });
    }
    let numbers: Vec<i64> = rings.keys().copied().collect();
    let rings: Vec<Ring> = rings.into_values().map(|legs| Ring { legs, closed: true }).collect();
    let done = finals(&rings, head.together, |leg| agreed[leg]);
    for ring in done.iter().map(|at| numbers[*at]).filter(|ring| waiting.contains(ring)) {
        tx.run(
            "UPDATE exchange_leg SET state = 'final' WHERE ring = $2 AND proposal_id =
                (SELECT r.id FROM exchange_proposal r WHERE r.exchange_id = $1 ORDER BY r.number DESC LIMIT 1)",
            vals![head.id, ring],
        )
        .await?;
        for id in ids.iter().filter(|(number, _)| *number == ring).map(|(_, id)| *id) {
            store.to_spine(tx, head, id, now).await?;
        }
        store.tell_ring(tx, head, ring, &News::Final, now).await?;
        store.tell_lead(tx, head, &News::Final, now).await?;
    }
    if done.len() == rings.len() && matches!(head.state, State::Asking(_)) {
        save_state(tx, head.id, &State::Settled(version), now).await?;
    }
    Ok(())
}

/// What was said of a leg. A yes that was carried over was given to the same words, and counts as given to this version.
async fn said(tx: &mut Tx, id: LegId) -> Result<Consents> {
    let sql = "SELECT k.voice, k.answer, k.why, CASE WHEN k.carried THEN r.version ELSE k.version END AS version
         FROM exchange_consent k JOIN exchange_leg l ON l.id = k.leg_id JOIN exchange_proposal r ON r.id = l.proposal_id WHERE k.leg_id = $1";
    let mut consents = Consents::default();
    for row in tx.rows(sql, vals![id]).await? {
        let answer = match row.get::<String>("answer")?.as_str() {
            "yes" => Answer::Yes(row.get("version")?),
            _ => Answer::No(
                Reason::parse(&row.get::<Option<String>>("why")?.unwrap_or_default())
                    .map_err(|_| super::corrupt("a no without why"))?,
            ),
        };
        consents = consents.with(row.get("voice")?, answer);
    }
    Ok(consents)
}
