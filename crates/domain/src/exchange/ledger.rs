//! What is owed, in person-days, and whether a set of legs is an answer to an exchange: everybody at most once, no place
//! over-full, nobody sent beyond what a city lends, and the balance of each city within what its ledger may carry.

use std::collections::{BTreeMap, BTreeSet};

use super::{fit::Goer, fit::Post, matching::Matching, window::Window};
use crate::{
    id::{GoerId, MemberId, PostId},
    words,
};

words! {
    /// On which side of a city's ledger there is more.
    Side {
        /// It gave more than it received.
        Gave = "gave",
        /// It received more than it gave.
        Received = "received",
    }
}

impl Side {
    /// So many person-days on this side, as received minus given.
    pub const fn owed(self, days: i64) -> i64 {
        match self {
            Self::Gave => -days,
            Self::Received => days,
        }
    }
}

/// A city that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub id: MemberId,
    /// How many may leave at most.
    pub most_out: i64,
    /// By how many persons what it received may differ from what it gave, over all exchanges.
    pub tolerance: i64,
    /// Person-days received minus given, before this exchange.
    pub before: i64,
}

/// What arrivals minus departures may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
}

impl Member {
    /// Room in this exchange: the ledger afterwards stays within the tolerance. A city that is beyond it already may come
    /// back, and need not at once.
    pub fn room(&self, days: i64) -> Room {
        let days = days.max(1);
        let bound = self.tolerance.max(0).saturating_mul(days);
        let down = (-bound - self.before).div_euclid(days);
        let least = if down * days < -bound - self.before { down + 1 } else { down };
        let most = (bound - self.before).div_euclid(days);
        Room { least: least.min(0), most: most.max(0) }
    }
}

/// One city's account of a set of legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Which city.
    pub member: MemberId,
    /// Sends.
    pub sent: i64,
    /// Receives.
    pub received: i64,
    /// Person-days before.
    pub before: i64,
    /// Person-days after.
    pub after: i64,
}

/// Somebody at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pick {
    /// Who.
    pub goer: GoerId,
    /// Where.
    pub post: PostId,
}

/// All that the matching needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The season.
    pub season: Window,
    /// Working days of each stay.
    pub days: i64,
    /// How the matching chooses.
    pub matching: Matching,
    /// Who takes part.
    pub members: Vec<Member>,
    /// Who would go.
    pub goers: Vec<Goer>,
    /// Where to.
    pub posts: Vec<Post>,
    /// What was refused before.
    pub banned: BTreeSet<Pick>,
    /// What stands and is to stay, if it can.
    pub kept: BTreeSet<Pick>,
    /// What is final and stays as it is.
    pub fixed: BTreeSet<Pick>,
}

/// Why a set of legs is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Somebody or something that does not take part.
    #[error("somebody or a place does not take part")]
    Unknown,
    /// The place does not suit.
    #[error("the place does not suit")]
    Unfit,
    /// Somebody would go twice.
    #[error("somebody would go twice")]
    Twice,
    /// A place would be over-full.
    #[error("a place would be over-full")]
    Full,
    /// More would leave a city than it lends.
    #[error("more would leave a city than it lends")]
    TooManyLeave,
    /// A city's balance would be beyond what its ledger may carry.
    #[error("a city's balance would be beyond what its ledger may carry")]
    Unbalanced,
    /// What is final would change.
    #[error("what is final would change")]
    FinalMoved,
}

impl Question {
    fn goer(&self, id: GoerId) -> Option<&Goer> {
        self.goers.iter().find(|g| g.id == id)
    }

    fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.iter().find(|p| p.id == id)
    }

    /// Whether somebody may be sent there.
    pub fn allows(&self, goer: &Goer, post: &Post) -> bool {
        let pick = Pick { goer: goer.id, post: post.id };
        !self.banned.contains(&pick) && goer.fit(post, self.season, self.days).is_ok()
    }

    /// From which city to which.
    pub fn leg(&self, pick: &Pick) -> Option<(MemberId, MemberId)> {
        Some((self.goer(pick.goer)?.member, self.post(pick.post)?.member))
    }

    /// Every city's account of these legs.
    pub fn accounts(&self, picks: &[Pick]) -> Vec<Account> {
        let mut moved: BTreeMap<MemberId, (i64, i64)> = BTreeMap::new();
        for (from, to) in picks.iter().filter_map(|pick| self.leg(pick)) {
            moved.entry(from).or_default().0 += 1;
            moved.entry(to).or_default().1 += 1;
        }
        let account = |m: &Member| {
            let (sent, received) = moved.get(&m.id).copied().unwrap_or_default();
            Account { member: m.id, sent, received, before: m.before, after: m.before + (received - sent) * self.days }
        };
        self.members.iter().map(account).collect()
    }

    /// What arrivals minus departures of each city may be in the end. What is final has happened: a city that it leaves
    /// beyond its tolerance may stay there.
    pub fn rooms(&self) -> Vec<Room> {
        let fixed: Vec<Pick> = self.fixed.iter().copied().collect();
        let room = |(member, account): (&Member, Account)| {
            let (room, net) = (member.room(self.days), account.received - account.sent);
            Room { least: room.least.min(net), most: room.most.max(net) }
        };
        self.members.iter().zip(self.accounts(&fixed)).map(room).collect()
    }

    /// Whether these legs are an answer, whoever found them.
    pub fn check(&self, picks: &[Pick]) -> Result<(), Broken> {
        let (mut goers, mut guests) = (BTreeSet::new(), BTreeMap::new());
        for pick in picks {
            let (goer, post) = self.goer(pick.goer).zip(self.post(pick.post)).ok_or(Broken::Unknown)?;
            if !self.fixed.contains(pick) && !self.allows(goer, post) {
                return Err(Broken::Unfit);
            }
            if !goers.insert(pick.goer) {
                return Err(Broken::Twice);
            }
            let here = guests.entry(pick.post).or_insert(0_i64);
            *here += 1;
            if *here > post.guests {
                return Err(Broken::Full);
            }
        }
        if !self.fixed.iter().all(|pick| picks.contains(pick)) {
            return Err(Broken::FinalMoved);
        }
        for ((member, account), room) in self.members.iter().zip(self.accounts(picks)).zip(self.rooms()) {
            if account.sent > member.most_out {
                return Err(Broken::TooManyLeave);
            }
            let net = account.received - account.sent;
            if net < room.least || net > room.most {
                return Err(Broken::Unbalanced);
            }
        }
        Ok(())
    }
}
