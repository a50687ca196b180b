//! Ceilings: how many visitors a neighbourhood receives in one week and a host in the season, with exceptions and weeks of
//! rest. They count across all departments, and with what was agreed outside the round.

use freerange_domain::{
    id::{PlaceId, RoundId},
    round::Week,
};
use jiff::Timestamp;

use super::{Round, load, to_run};
use crate::{
    About, Act, Actor, Result, Store, audit,
    db::{Ask as _, vals},
    may,
};

/// The ceilings of a round.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Which round, with its usual ceilings.
    pub round: Round,
    /// Other numbers for neighbourhoods: which, in which week (every week when none), how many.
    pub places: Vec<(PlaceId, String, Option<Week>, i64)>,
    /// Other numbers for hosts.
    pub hosts: Vec<(String, i64)>,
    /// Hosts of outings in the round, to choose from.
    pub known_hosts: Vec<String>,
}

impl Store {
    /// The ceilings of a round.
    pub async fn round_limits(&self, who: &Actor, id: RoundId) -> Result<Limits> {
        may(who, Act::RunRound, &About::nothing())?;
        let round = load(&mut &self.db, id).await?;
        let places = (&self.db)
            .rows(
                "SELECT x.place_id, pl.name, x.week, x.cap FROM round_place x JOIN place pl ON pl.id = x.place_id
                 WHERE x.round_id = $1 ORDER BY pl.name, x.week",
                vals![id],
            )
            .await?
            .iter()
            .map(|r| {
                let week: String = r.get("week")?;
                let week = if week.is_empty() { None } else { Some(Week::of(week.parse().map_err(super::corrupt)?)) };
                Ok((r.get("place_id")?, r.get("name")?, week, r.get("cap")?))
            })
            .collect::<Result<_>>()?;
        let hosts = (&self.db)
            .rows("SELECT host_name, cap FROM round_host WHERE round_id = $1 ORDER BY host_name", vals![id])
            .await?
            .iter()
            .map(|r| Ok((r.get("host_name")?, r.get("cap")?)))
            .collect::<Result<_>>()?;
        let known_hosts = (&self.db)
            .rows(
                "SELECT DISTINCT o.host_name FROM round_outing x JOIN outing o ON o.id = x.outing_id
                 WHERE x.round_id = $1 AND o.host_name <> '' ORDER BY o.host_name LIMIT 1000",
                vals![id],
            )
            .await?
            .iter()
            .map(|r| r.get("host_name"))
            .collect::<Result<_>>()?;
        Ok(Limits { round, places, hosts, known_hosts })
    }

    /// Sets the usual ceilings.
    pub async fn set_round_limits(
        &self,
        who: &Actor,
        id: RoundId,
        place_cap: i64,
        host_cap: Option<i64>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        tx.run("UPDATE round SET place_cap = $2, host_cap = $3 WHERE id = $1", vals![id, place_cap, host_cap]).await?;
        let subject = format!("round {id}: at most {place_cap} for a place, {} for a host", said(host_cap));
        audit::record(&mut tx, who, Act::RunRound, &subject, now).await?;
        tx.commit().await
    }

    /// Sets another ceiling for a neighbourhood, in one week or in all; without a number the usual one holds again.
    pub async fn set_round_place(
        &self,
        who: &Actor,
        id: RoundId,
        place: PlaceId,
        week: Option<Week>,
        cap: Option<i64>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        tx.one("SELECT id FROM place WHERE id = $1", vals![place]).await?;
        let week = week.map(|w| w.to_string()).unwrap_or_default();
        tx.run("DELETE FROM round_place WHERE round_id = $1 AND place_id = $2 AND week = $3", vals![id, place, &week])
            .await?;
        if let Some(cap) = cap {
            tx.run(
                "INSERT INTO round_place (round_id, place_id, week, cap) VALUES ($1, $2, $3, $4)",
                vals![id, place, &week, cap],
            )
            .await?;
        }
        let subject = format!("round {id}: at most {} for place {place} {week}", said(cap));
        audit::record(&mut tx, who, Act::RunRound, subject.trim_end(), now).await?;
        tx.commit().await
    }

    /// Sets another ceiling for a host; without a number the usual one holds again.
    pub async fn set_round_host(
        &self,
        who: &Actor,
        id: RoundId,
        host: &str,
        cap: Option<i64>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        tx.run("DELETE FROM round_host WHERE round_id = $1 AND host_name = $2", vals![id, host]).await?;
        if let Some(cap) = cap {
            tx.run("INSERT INTO round_host (round_id, host_name, cap) VALUES ($1, $2, $3)", vals![id, host, cap])
                .await?;
        }
        // Hosts have no number, and names do not go into the log.
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: at most {} for a host", said(cap)), now)
            .await?;
        tx.commit().await
    }
}

/// A ceiling, for the log.
fn said(cap: Option<i64>) -> String {
    cap.map_or_else(|| "the usual".to_owned(), |cap| cap.to_string())
}
