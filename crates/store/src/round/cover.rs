//! How many of a team may be away in one week, said by its manager in one step: by the link of one letter or signed in.
//! Nobody who is not asked has to answer: then the usual number is used, and said.

use freerange_domain::{
    id::{PersonId, RoundId},
    round::{Week, usual_cover},
};
use jiff::Timestamp;

use super::{Weeks, load, load_to_change, rule, to_run, weeks, written};
use crate::{
    About, Act, Actor, Occasion, Result, Store, StoreError, Token, audit,
    db::{Ask as _, vals},
    link::{self, Invitee, Purpose},
    mail::{self, Reader},
    may,
};

/// What a manager is asked, and said.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Which round.
    pub round: super::Round,
    /// Whose team.
    pub manager: PersonId,
    /// How many they are.
    pub team: i64,
    /// What is usual for so many.
    pub usual: i64,
    /// What was said; nothing yet.
    pub away: Option<i64>,
    /// Other numbers for weeks.
    pub weeks: Vec<(Week, i64)>,
}

fn about(round: RoundId, manager: PersonId) -> About {
    About { round: Some(round), manager: Some(manager), ..About::default() }
}

/// Whose number an actor says: one's own team's.
fn manager_of(who: &Actor) -> Result<PersonId> {
    match who {
        Actor::TeamLink { manager, .. } => Ok(*manager),
        _ => who.person().ok_or(StoreError::Refused(Act::SayRoundCover)),
    }
}

impl Store {
    /// Asks every manager who was not asked yet, by one letter with one link. Returns how many.
    pub async fn ask_round_cover(&self, who: &Actor, id: RoundId, now: Timestamp) -> Result<i64> {
        let mut tx = self.db.begin().await?;
        let round = to_run(&mut tx, who, id).await?;
        let managers = tx
            .rows(
                "SELECT m.id, m.name, m.email, m.lang, COUNT(*) AS team FROM person w JOIN person m ON m.id = w.manager_id
                 WHERE w.active AND m.active AND NOT EXISTS (SELECT 1 FROM round_cover c
                    WHERE c.round_id = $1 AND c.manager_id = m.id AND (c.asked_at IS NOT NULL OR c.answered_at IS NOT NULL))
                 GROUP BY m.id, m.name, m.email, m.lang ORDER BY m.id",
                vals![id],
            )
            .await?;
        for r in &managers {
            let manager: PersonId = r.get("id")?;
            let (name, email): (String, String) = (r.get("name")?, r.get("email")?);
            tx.run(
                "INSERT INTO round_cover (round_id, manager_id, weeks, asked_at) VALUES ($1, $2, '{}', $3)
                 ON CONFLICT (round_id, manager_id) DO UPDATE SET asked_at = excluded.asked_at",
                vals![id, manager, now],
            )
            .await?;
            let to = Invitee {
                purpose: Purpose::Cover,
                subject: subject(id, manager),
                party: None,
                name: &name,
                email: &email,
            };
            let token = link::issue(&mut tx, &to, now).await?;
            let team = r.get("team")?;
            let occasion = Occasion::RoundCover { round: round.title.clone(), team, usual: usual_cover(team), token };
            let reader = Reader { name, email, lang: r.get("lang")? };
            mail::send(&mut tx, &*self.writer, reader, &occasion, now).await?;
        }
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: {} managers asked", managers.len()), now)
            .await?;
        tx.commit().await?;
        Ok(i64::try_from(managers.len()).unwrap_or(i64::MAX))
    }

    /// Who is behind the link of a letter that asks how many may be away.
    pub async fn cover_actor(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let opened = link::open(&mut &self.db, Purpose::Cover, token, now).await?;
        let sql = "SELECT c.round_id, c.manager_id FROM round_cover c JOIN person m ON m.id = c.manager_id
             WHERE m.active AND c.asked_at IS NOT NULL AND c.manager_id IN (SELECT id FROM person WHERE email = $1)";
        let email = (&self.db)
            .one("SELECT email FROM link WHERE token_hash = $1", vals![token.hash()])
            .await?
            .get::<String>("email")?;
        for r in (&self.db).rows(sql, vals![email]).await? {
            let (round, manager) = (r.get("round_id")?, r.get("manager_id")?);
            if subject(round, manager) == opened.subject {
                return Ok(Actor::TeamLink { round, manager, name: opened.name });
            }
        }
        Err(StoreError::NotFound)
    }

    /// What one is asked about one's team.
    pub async fn round_cover(&self, who: &Actor, id: RoundId) -> Result<Cover> {
        let manager = manager_of(who)?;
        may(who, Act::SayRoundCover, &about(id, manager))?;
        let round = load(&mut &self.db, id).await?;
        let team =
            (&self.db).count("SELECT COUNT(*) FROM person WHERE manager_id = $1 AND active", vals![manager]).await?;
        if team == 0 {
            return Err(StoreError::NotFound);
        }
        let said = (&self.db)
            .maybe("SELECT away, weeks FROM round_cover WHERE round_id = $1 AND manager_id = $2", vals![id, manager])
            .await?;
        let (away, text) = match said {
            Some(r) => (r.get("away")?, r.get::<String>("weeks")?),
            None => (None, "{}".to_owned()),
        };
        Ok(Cover { round, manager, team, usual: usual_cover(team), away, weeks: weeks(&text)? })
    }

    /// Says how many of one's team may be away in one week, and in named weeks.
    pub async fn say_round_cover(
        &self,
        who: &Actor,
        id: RoundId,
        away: i64,
        other: &[(Week, i64)],
        now: Timestamp,
    ) -> Result<()> {
        let manager = manager_of(who)?;
        may(who, Act::SayRoundCover, &about(id, manager))?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change(&mut tx, id).await?;
        round.stage.must_be_open().map_err(rule("away"))?;
        let team = tx.count("SELECT COUNT(*) FROM person WHERE manager_id = $1 AND active", vals![manager]).await?;
        if team == 0 {
            return Err(StoreError::NotFound);
        }
        if !(0..=team).contains(&away) || other.iter().any(|(_, n)| !(0..=team).contains(n)) {
            return Err(StoreError::rule("away", "cover-above-team"));
        }
        let named: Weeks = other.iter().map(|(week, n)| (week.to_string(), *n)).collect();
        tx.run(
            "INSERT INTO round_cover (round_id, manager_id, away, weeks, answered_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (round_id, manager_id) DO UPDATE SET away = excluded.away, weeks = excluded.weeks,
                answered_at = excluded.answered_at",
            vals![id, manager, away, written(&named)?, now],
        )
        .await?;
        audit::record(&mut tx, who, Act::SayRoundCover, &format!("round {id}"), now).await?;
        tx.commit().await
    }
}

/// A link is about one thing: here about a manager in a round, so about both ids together.
fn subject(round: RoundId, manager: PersonId) -> uuid::Uuid {
    uuid::Uuid::from_u128(round.0.as_u128() ^ manager.0.as_u128())
}
