//! Proposals: the question as the matcher gets it, and its answer as legs with a version. An answer is checked here by
//! the domain's own rules before it is kept, whoever found it.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{
    exchange::{self, Pick, Question, Stay, Version, in_order, rings},
    id::{ExchangeId, GoerId, LegId, MemberId, PlacementId, ProposalId},
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    About, Act, Actor, Head, Result, Store, StoreError, consent, corrupt, hold, ledger, legs, load, may, not_now,
    save_state, sight, window, words,
};
use crate::{
    News, audit,
    db::{Ask, Tx, vals},
};

/// What the matcher can prove about its answer.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    /// Points reached.
    pub objective: i64,
    /// The most that any answer can reach.
    pub bound: i64,
}

/// A leg of the proposal that is out.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) id: LegId,
    pub(super) ring: i64,
    pub(super) pick: Pick,
    pub(super) stay: Stay,
    pub(super) content: String,
    pub(super) state: String,
    pub(super) placement: Option<PlacementId>,
}

/// Legs of the proposal with the highest number.
pub(super) async fn standing(ask: &mut impl Ask, id: ExchangeId) -> Result<Vec<Standing>> {
    let sql = "SELECT l.* FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id WHERE r.exchange_id = $1
            AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = $1) ORDER BY l.ring, l.seat";
    let rows = ask.rows(sql, vals![id]).await?;
    rows.iter()
        .map(|r| {
            Ok(Standing {
                id: r.get("id")?,
                ring: r.get("ring")?,
                pick: Pick { goer: r.get("goer_id")?, post: r.get("post_id")? },
                stay: Stay { starts: r.get("starts_on")?, ends: r.get("ends_on")? },
                content: r.get("content")?,
                state: r.get("state")?,
                placement: r.get("placement_id")?,
            })
        })
        .collect()
}

/// All that the matching needs to know.
pub(super) async fn question(ask: &mut impl Ask, head: &Head) -> Result<Question> {
    let before = ledger::before(ask, head.id).await?;
    let mut members = Vec::new();
    let sql = "SELECT * FROM exchange_member WHERE exchange_id = $1 ORDER BY created_at, id";
    for m in ask.rows(sql, vals![head.id]).await? {
        members.push(exchange::Member {
            id: m.get("id")?,
            most_out: m.get("most_out")?,
            tolerance: m.get("tolerance")?,
            before: before.get(&m.get("city_id")?).copied().unwrap_or(0),
        });
    }
    let sql = "SELECT p.* FROM exchange_post p JOIN exchange_member m ON m.id = p.member_id WHERE m.exchange_id = $1
         ORDER BY p.created_at, p.id";
    let mut posts = Vec::new();
    for p in ask.rows(sql, vals![head.id]).await? {
        posts.push(exchange::Post {
            id: p.get("id")?,
            member: p.get("member_id")?,
            topics: words(&p, "topics")?,
            languages: words(&p, "languages")?,
            grades: words(&p, "grades")?,
            free: window(&p, "free_from", "free_to")?,
            guests: p.get("guests")?,
        });
    }
    let banned = ask.rows("SELECT goer_id, post_id FROM exchange_ban WHERE exchange_id = $1", vals![head.id]).await?;
    let banned = banned.iter().map(|b| Ok(Pick { goer: b.get("goer_id")?, post: b.get("post_id")? }));
    let standing = standing(ask, head.id).await?;
    let of = |state: &str| standing.iter().filter(|l| l.state == state).map(|l| l.pick).collect::<BTreeSet<Pick>>();
    Ok(Question {
        season: head.season,
        days: head.days,
        matching: head.matching,
        members,
        goers: goers(ask, head.id).await?,
        posts,
        banned: banned.collect::<Result<_>>()?,
        kept: of("asked"),
        fixed: of("final"),
    })
}

async fn goers(ask: &mut impl Ask, id: ExchangeId) -> Result<Vec<exchange::Goer>> {
    // Whoever took part before and got no place comes first: known again by account or address.
    let sql = "SELECT g.*, (SELECT COUNT(*) FROM exchange_goer e JOIN exchange_member em ON em.id = e.member_id
                JOIN exchange ex ON ex.id = em.exchange_id
              WHERE ex.stage = 'settled' AND ex.id <> $1 AND NOT e.gone
                AND (e.person_id = g.person_id OR (e.email <> '' AND e.email = g.email))
                AND NOT EXISTS (SELECT 1 FROM exchange_leg l WHERE l.goer_id = e.id AND l.state = 'final')) AS missed
         FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id WHERE m.exchange_id = $1 AND NOT g.gone
         ORDER BY g.created_at, g.id";
    let mut goers = Vec::new();
    for g in ask.rows(sql, vals![id]).await? {
        goers.push(exchange::Goer {
            id: g.get("id")?,
            member: g.get("member_id")?,
            grade: g.get("grade")?,
            languages: words(&g, "languages")?,
            free: window(&g, "free_from", "free_to")?,
            topics: words(&g, "topics")?,
            wishes: words(&g, "wishes")?,
            anywhere: g.get("anywhere")?,
            missed: g.get("missed")?,
        });
    }
    Ok(goers)
}

/// A leg as it would be kept.
pub(super) struct Drawn {
    pub(super) ring: i64,
    seat: i64,
    pub(super) from: (MemberId, String),
    pub(super) to: (MemberId, String),
    pub(super) pick: Pick,
    pub(super) goer: String,
    pub(super) post: String,
    pub(super) stay: Stay,
    content: String,
    /// The leg that said the same in the proposal that is out.
    pub(super) was: Option<Standing>,
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Rings that stay whole stay as they are, whatever else is around them; the rest is taken apart anew.
fn grouped(question: &Question, picks: &[Pick], standing: &[Standing]) -> Result<Vec<Vec<Pick>>> {
    let mut before: BTreeMap<i64, Vec<&Standing>> = BTreeMap::new();
    for leg in standing {
        before.entry(leg.ring).or_default().push(leg);
    }
    let stays = |leg: &&Standing| leg.state != "off" && picks.contains(&leg.pick);
    let mut groups: Vec<Vec<Pick>> = before
        .into_values()
        .filter(|ring| ring.iter().all(stays))
        .map(|ring| ring.iter().map(|leg| leg.pick).collect())
        .collect();
    let rest: Vec<Pick> = picks.iter().copied().filter(|p| !groups.iter().flatten().any(|g| g == p)).collect();
    let legs: Option<Vec<(MemberId, MemberId)>> = rest.iter().map(|pick| question.leg(pick)).collect();
    let legs = legs.ok_or_else(|| corrupt("a leg without a city"))?;
    let apart = if question.matching.names_rings() { in_order(&legs) } else { rings(&legs) };
    if apart.iter().any(|ring| !question.matching.allows_ring(ring.legs.len())) {
        return Err(StoreError::rule("form", "exchange-no-answer"));
    }
    groups.extend(apart.into_iter().map(|ring| ring.legs.iter().map(|at| rest[*at]).collect()));
    Ok(groups)
}

/// Puts an answer into legs. Refuses what is none.
pub(super) async fn draw(ask: &mut impl Ask, head: &Head, picks: &[Pick]) -> Result<Vec<Drawn>> {
    let question = question(ask, head).await?;
    if let Err(why) = question.check(picks) {
        tracing::warn!(%why, "what the matcher answered is not an answer");
        return Err(StoreError::rule("form", "exchange-no-answer"));
    }
    let mut names: BTreeMap<MemberId, String> = BTreeMap::new();
    let sql =
        "SELECT m.id, c.name FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id WHERE m.exchange_id = $1";
    for row in ask.rows(sql, vals![head.id]).await? {
        names.insert(row.get("id")?, row.get("name")?);
    }
    let standing = standing(ask, head.id).await?;
    let mut drawn = Vec::new();
    for (ring, group) in grouped(&question, picks, &standing)?.into_iter().enumerate() {
        for (seat, pick) in group.into_iter().enumerate() {
            let (from, to) = question.leg(&pick).ok_or_else(|| corrupt("a leg without a city"))?;
            let goer = ask.one("SELECT label, learn FROM exchange_goer WHERE id = $1", vals![pick.goer]).await?;
            let post = ask.one("SELECT title, shows FROM exchange_post WHERE id = $1", vals![pick.post]).await?;
            let (label, title): (String, String) = (goer.get("label")?, post.get("title")?);
            let shows: String = post.get("shows")?;
            let (from, to) = ((from, names[&from].clone()), (to, names[&to].clone()));
            let stay = stay_of(&question, &pick, &standing).ok_or_else(|| corrupt("a leg without a stay"))?;
            let said = [label.as_str(), &from.1, &to.1, &title, &shows].join("\u{1f}");
            let content =
                hash(&format!("{} {} {} {} {}\u{1f}{said}", pick.goer, pick.post, stay.starts, stay.ends, head.days));
            let was = standing.iter().find(|l| l.content == content && l.state != "off").cloned();
            let (ring, seat) = (i64::try_from(ring + 1).unwrap_or(i64::MAX), i64::try_from(seat).unwrap_or(i64::MAX));
            drawn.push(Drawn { ring, seat, from, to, pick, goer: label, post: title, stay, content, was });
        }
    }
    Ok(drawn)
}

fn stay_of(question: &Question, pick: &Pick, standing: &[Standing]) -> Option<Stay> {
    if let Some(leg) = standing.iter().find(|l| l.pick == *pick && l.state == "final") {
        return Some(leg.stay);
    }
    let goer = question.goers.iter().find(|g| g.id == pick.goer)?;
    let post = question.posts.iter().find(|p| p.id == pick.post)?;
    goer.fit(post, question.season, question.days).ok().map(|f| f.stay)
}

/// The hash of all that a set of legs says.
fn version(head: &Head, drawn: &[Drawn]) -> Result<Version> {
    let mut said: Vec<String> = drawn.iter().map(|l| format!("{} {} {}", l.ring, l.seat, l.content)).collect();
    said.insert(0, format!("{} {}", head.id, head.together));
    hash(&said.join("\n")).parse().map_err(|_| corrupt("a version"))
}

impl Store {
    /// What there is to match.
    pub async fn exchange_question(&self, who: &Actor, id: ExchangeId) -> Result<Question> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut db = &self.db;
        let head = load(&mut db, id).await?;
        question(&mut db, &head).await
    }

    /// What an answer would look like and which version it would be. Changes nothing.
    pub async fn preview_proposal(
        &self,
        who: &Actor,
        id: ExchangeId,
        picks: &[Pick],
    ) -> Result<(Version, Vec<sight::Ring>)> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut db = &self.db;
        let head = load(&mut db, id).await?;
        let drawn = draw(&mut db, &head, picks).await?;
        Ok((version(&head, &drawn)?, legs::considered(&drawn, head.days)))
    }

    /// Puts an answer out as the proposal that everybody on it is asked about. With `expected`, only when it is the one
    /// that was looked at. A yes stays where the leg says the same.
    pub async fn propose(
        &self,
        who: &Actor,
        id: ExchangeId,
        picks: &[Pick],
        proof: Proof,
        expected: Option<&Version>,
        now: Timestamp,
    ) -> Result<Version> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let head = hold(&mut tx, id).await?;
        let drawn = draw(&mut tx, &head, picks).await?;
        if drawn.is_empty() {
            return Err(StoreError::rule("form", "exchange-no-ring"));
        }
        let version = version(&head, &drawn)?;
        if expected.is_some_and(|expected| *expected != version) {
            return Err(StoreError::rule("form", "exchange-changed"));
        }
        let again = head.version().is_some();
        let state = head.state.clone().propose(version.clone()).map_err(not_now)?;
        let before = standing(&mut tx, id).await?;
        let told = before.iter().map(|l| l.pick.goer).collect::<BTreeSet<GoerId>>();
        keep(&mut tx, id, &drawn, proof, &version, now).await?;
        // A leg that was final once became a placement: without the leg there is none.
        let stays = |id: LegId| drawn.iter().any(|l| l.was.as_ref().is_some_and(|was| was.id == id));
        for placement in before.iter().filter(|l| !stays(l.id)).filter_map(|l| l.placement) {
            self.miss_ring(&mut tx, placement, now).await?;
        }
        save_state(&mut tx, id, &state, now).await?;
        let head = Head { state, ..head };
        self.tell_proposed(&mut tx, &head, &drawn, again, &told, now).await?;
        // A proposal that only closes what was agreed already may be final at once.
        consent::settle_rings(self, &mut tx, &head, now).await?;
        audit::record(&mut tx, who, Act::RunExchange, &format!("proposal {} of exchange {id}", version.short()), now)
            .await?;
        tx.commit().await?;
        Ok(version)
    }

    async fn tell_proposed(
        &self,
        tx: &mut Tx,
        head: &Head,
        drawn: &[Drawn],
        again: bool,
        told: &BTreeSet<GoerId>,
        now: Timestamp,
    ) -> Result<()> {
        let news = if again { News::AskedAgain } else { News::Asked };
        let sql = "SELECT id FROM exchange_member WHERE exchange_id = $1 ORDER BY created_at, id";
        for row in tx.rows(sql, vals![head.id]).await? {
            self.tell_member(tx, head, row.get("id")?, &news, now).await?;
        }
        let on: BTreeSet<GoerId> = drawn.iter().map(|l| l.pick.goer).collect();
        for goer in goers(tx, head.id).await? {
            match (on.contains(&goer.id), again, told.contains(&goer.id)) {
                (true, ..) => self.tell_goer(tx, head, goer.id, &news, now).await?,
                // Whoever had no place and still has none heard so already.
                (false, true, false) => {}
                (false, ..) => self.tell_goer(tx, head, goer.id, &News::NotPlaced, now).await?,
            }
        }
        Ok(())
    }
}

async fn keep(
    tx: &mut Tx,
    id: ExchangeId,
    drawn: &[Drawn],
    proof: Proof,
    version: &Version,
    now: Timestamp,
) -> Result<()> {
    let proposal = ProposalId::new();
    tx.run(
        "INSERT INTO exchange_proposal (id, exchange_id, number, version, objective, bound, made_at)
         VALUES ($1, $2, (SELECT COALESCE(MAX(n.number), 0) + 1 FROM exchange_proposal n WHERE n.exchange_id = $2), $3, $4, $5, $6)",
        vals![proposal, id, version.as_str(), proof.objective, proof.bound, now],
    )
    .await?;
    for leg in drawn {
        let was = leg.was.as_ref();
        let state = was.map_or("asked", |w| w.state.as_str());
        let new = LegId::new();
        tx.run(
            "INSERT INTO exchange_leg (id, proposal_id, ring, seat, from_id, to_id, goer_id, post_id, starts_on, ends_on, days, content,
                state, placement_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT days FROM exchange WHERE id = $11), $12, $13, $14)",
            vals![
                new, proposal, leg.ring, leg.seat, leg.from.0, leg.to.0, leg.pick.goer, leg.pick.post, leg.stay.starts,
                leg.stay.ends, id, &leg.content, state, was.and_then(|w| w.placement)
            ],
        )
        .await?;
        if let Some(was) = was {
            tx.run(
                "INSERT INTO exchange_consent (leg_id, voice, answer, why, version, spoken_for, carried, answered_at)
                 SELECT $1, k.voice, k.answer, NULL, k.version, k.spoken_for, TRUE, k.answered_at FROM exchange_consent k
                 WHERE k.leg_id = $2 AND k.answer = 'yes'",
                vals![new, was.id],
            )
            .await?;
        }
    }
    Ok(())
}
