//! The limits of a plan that cost most: with a little more of one, so many more people could go. Kept with a run by number,
//! named when somebody looks. Promises no limit for which fewer than five people wait.

use freerange_domain::{
    id::{OutingId, PersonId, PlaceId},
    overview::SMALLEST_GROUP,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Result,
    db::{Ask, vals},
};

/// What there is too little of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Places on an outing.
    Outing(Uuid),
    /// An outing that does not run could with a smaller group.
    Group(Uuid),
    /// How many of a manager's people may be away in the week that begins on this Monday, like `2027-03-29`.
    Team(Option<Uuid>, String),
    /// Visitors that a neighbourhood receives in that week.
    Place(Option<Uuid>, String),
    /// Visitors that a host receives in the season.
    Host(String),
}

/// A limit, and what a little more of it would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scarce {
    /// Which.
    pub limit: Limit,
    /// People without a seat in whose way nothing else stands.
    pub waiting: i64,
    /// So many places more, or so many fewer in the smallest group ...
    pub more: i64,
    /// ... would let so many of them go.
    pub seated: i64,
    /// The name of the outing, manager, neighbourhood or host.
    #[serde(default)]
    pub name: String,
}

impl Limit {
    /// The week it is about, by its Monday.
    pub fn monday(&self) -> Option<jiff::civil::Date> {
        match self {
            Self::Team(_, monday) | Self::Place(_, monday) => monday.parse().ok(),
            Self::Outing(_) | Self::Group(_) | Self::Host(_) => None,
        }
    }
}

impl Scarce {
    /// Whether it may be told: only when at least five people wait, and at least five of them could go.
    pub const fn may_be_told(&self) -> bool {
        self.waiting >= SMALLEST_GROUP && self.seated >= SMALLEST_GROUP
    }
}

/// Finds the names.
pub(super) async fn name(ask: &mut impl Ask, all: &mut [Scarce]) -> Result<()> {
    for scarce in all {
        let found = match &scarce.limit {
            Limit::Outing(id) | Limit::Group(id) => {
                ask.maybe("SELECT title AS name FROM outing WHERE id = $1", vals![OutingId(*id)]).await?
            }
            Limit::Team(Some(id), _) => {
                ask.maybe("SELECT name FROM person WHERE id = $1", vals![PersonId(*id)]).await?
            }
            Limit::Place(Some(id), _) => ask.maybe("SELECT name FROM place WHERE id = $1", vals![PlaceId(*id)]).await?,
            Limit::Host(host) => {
                scarce.name.clone_from(host);
                None
            }
            Limit::Team(None, _) | Limit::Place(None, _) => None,
        };
        if let Some(row) = found {
            scarce.name = row.get("name")?;
        }
    }
    Ok(())
}
