//! Whether a plan may become placements as everything is now: each seat a pair that is still allowed, and no limit passed.

use std::collections::{HashMap, HashSet};

use freerange_domain::id::{OutingId, PersonId};

use super::Instance;

/// Why a plan may not be any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("somebody left, or a wish, a day or an outing changed")]
    Pair,
    #[error("somebody would go twice in a week, or more often than they want")]
    Person,
    #[error("an outing would have too many")]
    Outing,
    #[error("an outing would have fewer than its smallest group")]
    Group,
    #[error("more of a team would be away than may")]
    Team,
    #[error("a neighbourhood would receive too many in a week")]
    Place,
    #[error("a host would receive too many")]
    Host,
}

impl Broken {
    /// The key under which the language files explain it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pair => "run-broken-pair",
            Self::Person => "run-broken-person",
            Self::Outing => "run-broken-outing",
            Self::Group => "run-broken-group",
            Self::Team => "run-broken-team",
            Self::Place => "run-broken-place",
            Self::Host => "run-broken-host",
        }
    }
}

/// How many of something there are already.
#[derive(Debug)]
struct Tally<K>(HashMap<K, i64>);

impl<K: std::hash::Hash + Eq> Tally<K> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// One more, unless there are so many.
    fn add(&mut self, key: K, most: i64, otherwise: Broken) -> Result<(), Broken> {
        let n = self.0.entry(key).or_insert(0);
        *n += 1;
        if *n > most { Err(otherwise) } else { Ok(()) }
    }
}

impl Instance {
    /// Whether these people may go on these outings now.
    pub(crate) fn keeps(&self, seats: &[(PersonId, OutingId)]) -> Result<(), Broken> {
        let people: HashMap<PersonId, usize> = self.people.iter().enumerate().map(|(at, p)| (p.id, at)).collect();
        let outings: HashMap<OutingId, usize> = self.outings.iter().enumerate().map(|(at, o)| (o.id, at)).collect();
        let allowed: HashSet<(usize, usize)> = self.edges.iter().map(|e| (e.person, e.outing)).collect();
        let (mut each, mut weekly) = (Tally::new(), Tally::new());
        let (mut on, mut away) = (Tally::new(), Tally::new());
        let (mut visits, mut hosted) = (Tally::new(), Tally::new());
        // Teams that may send nobody in a week have no allowed pairs there: what stands in the way is said.
        let shut: HashSet<(usize, usize)> = self.shut.iter().map(|e| (e.person, e.outing)).collect();
        for (person, outing) in seats {
            let (person, at) = people.get(person).zip(outings.get(outing)).ok_or(Broken::Pair)?;
            let (person, at) = (*person, *at);
            let (who, going) = (&self.people[person], &self.outings[at]);
            let left = self.teams[who.team].left[going.week];
            if !allowed.contains(&(person, at)) {
                return Err(if left == 0 && shut.contains(&(person, at)) { Broken::Team } else { Broken::Pair });
            }
            each.add(person, who.wanted, Broken::Person)?;
            weekly.add((person, going.week), 1, Broken::Person)?;
            on.add(at, going.max, Broken::Outing)?;
            away.add((who.team, going.week), left, Broken::Team)?;
            visits.add(going.place_week, self.place_weeks[going.place_week].2, Broken::Place)?;
            hosted.add(going.host, self.hosts[going.host].1, Broken::Host)?;
        }
        if on.0.iter().all(|(at, n)| *n >= self.outings[*at].min) { Ok(()) } else { Err(Broken::Group) }
    }
}
