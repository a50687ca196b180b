//! A finished plan seen from its limits: what is full, what is not running, and what stands between a person and a wish.
//! May use instance, rows and solutions; promises counts that follow from the seats alone.

use super::certificate::Solution;
use super::instance::Instance;
use super::rows::Rows;

/// What can stand in the way of one more seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// The outing does not run: no group of its smallest size came together.
    NotRunning,
    /// All its places are taken.
    Full,
    /// As many of the team as may be away in that week are away.
    Team,
    /// As many visitors as the neighbourhood receives in that week are there.
    Place,
    /// The host receives nobody more in the season.
    Host,
    /// The group of the seat to be given up would be too small.
    Group,
}

impl Limit {
    /// All of them, in the order in which they are named.
    pub const ALL: [Self; 6] = [Self::NotRunning, Self::Full, Self::Team, Self::Place, Self::Host, Self::Group];

    /// Its bit in the file of reasons.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A person's seats, as index of the pair, and how many of each row are taken.
pub(super) struct Plan<'a> {
    pub(super) instance: &'a Instance,
    pub(super) rows: Rows,
    pub(super) used: Vec<u32>,
    pub(super) caps: Vec<u32>,
    seats: Vec<Vec<u32>>,
}

impl<'a> Plan<'a> {
    /// Seats whose pair does not exist are left out.
    pub(super) fn new(instance: &'a Instance, solution: &Solution) -> Self {
        let rows = Rows::of(instance);
        let mut plan = Self {
            instance,
            rows,
            used: vec![0; rows.len],
            caps: rows.capacities(instance),
            seats: vec![Vec::new(); instance.people()],
        };
        for &(person, outing) in &solution.seats {
            let person = person as usize;
            if person < instance.people()
                && let Some(pair) = instance.span(person).find(|&pair| instance.edges[pair].outing == outing)
            {
                plan.count(person, pair, true);
                plan.seats[person].push(crate::number::id(pair));
            }
        }
        plan
    }

    fn count(&mut self, person: usize, pair: usize, taken: bool) {
        let team = self.instance.persons[person].team;
        for row in self.rows.of_seat(self.instance, team, self.instance.edges[pair].outing) {
            self.used[row] = if taken { self.used[row] + 1 } else { self.used[row] - 1 };
        }
    }

    /// The person's seats, best wish first.
    pub(super) fn seats(&self, person: usize) -> &[u32] {
        &self.seats[person]
    }

    /// Gives the person this seat beside those they have.
    pub(super) fn sit(&mut self, person: usize, pair: usize) {
        self.count(person, pair, true);
        self.seats[person].push(crate::number::id(pair));
        self.seats[person].sort_unstable();
    }

    /// Takes the person's seat away.
    pub(super) fn leave(&mut self, person: usize, pair: u32) {
        self.count(person, pair as usize, false);
        self.seats[person].retain(|seat| *seat != pair);
    }

    pub(super) fn outing(&self, pair: usize) -> usize {
        self.instance.edges[pair].outing as usize
    }

    fn week(&self, pair: usize) -> u32 {
        self.instance.outings[self.outing(pair)].week
    }

    /// The seat the person would give up for this pair: the one in the same week, or the least wished for when they have as
    /// many as they want. `Err` when the pair is no better than that one, so that nobody would.
    pub(super) fn instead(&self, person: usize, pair: usize) -> Result<Option<u32>, ()> {
        let seats = &self.seats[person];
        let same_week = seats.iter().copied().find(|&seat| self.week(seat as usize) == self.week(pair));
        let full = seats.len() >= usize::from(self.instance.persons[person].k);
        let given = same_week.or_else(|| if full { seats.iter().copied().max() } else { None });
        match given {
            None if full => Err(()),
            None => Ok(None),
            Some(seat) if self.is_better(pair, seat) => Ok(Some(seat)),
            Some(_) => Err(()),
        }
    }

    /// What stands in the way of this pair when `given` is given up for it.
    pub(super) fn in_the_way(&self, person: usize, pair: usize, given: Option<u32>) -> Vec<Limit> {
        let team = self.instance.persons[person].team;
        let rows = self.rows.of_seat(self.instance, team, self.instance.edges[pair].outing);
        let freed = given.map(|seat| self.rows.of_seat(self.instance, team, self.instance.edges[seat as usize].outing));
        let left = |kind: usize| {
            let freed = freed.is_some_and(|freed| freed[kind] == rows[kind]);
            self.used[rows[kind]] - u32::from(freed) < self.caps[rows[kind]]
        };
        let group = given.is_some_and(|seat| {
            let outing = self.outing(seat as usize);
            self.used[outing] - 1 < self.instance.outings[outing].min && self.used[outing] > 1
        });
        let blocked = |limit: Limit| match limit {
            Limit::NotRunning => self.used[rows[0]] == 0 && self.instance.outings[rows[0]].min > 1,
            Limit::Full => !left(0),
            Limit::Team => !left(1),
            Limit::Place => !left(2),
            Limit::Host => !left(3),
            Limit::Group => group,
        };
        Limit::ALL.into_iter().filter(|limit| blocked(*limit)).collect()
    }

    /// Gives everybody what nothing stands in the way of, and better seats for worse, until there is no more of that.
    pub(super) fn polish(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for person in 0..self.instance.people() {
                for pair in self.instance.span(person) {
                    changed |= !self.seats[person].contains(&crate::number::id(pair)) && self.better(person, pair);
                }
            }
        }
    }

    /// Seats the person by this pair when nothing stands in the way, or nothing but a seat that is worth less to them.
    fn better(&mut self, person: usize, pair: usize) -> bool {
        let Ok(given) = self.instead(person, pair) else { return false };
        let worse = self.seats[person].iter().copied().filter(|&seat| self.is_better(pair, seat)).map(Some);
        let mut ways = std::iter::once(given).chain(worse.filter(|_| given.is_none()));
        let Some(way) = ways.find(|&way| self.in_the_way(person, pair, way).is_empty()) else { return false };
        if let Some(seat) = way {
            self.leave(person, seat);
        }
        self.sit(person, pair);
        true
    }

    /// Whether this pair is wished for more, and counts more, than the seat.
    fn is_better(&self, pair: usize, seat: u32) -> bool {
        pair < seat as usize && self.instance.edges[pair].score > self.instance.edges[seat as usize].score
    }

    /// Points of the plan.
    pub(super) fn points(&self) -> i64 {
        let of = |(person, seats): (usize, &Vec<u32>)| {
            let scores: i64 = seats.iter().map(|&pair| i64::from(self.instance.edges[pair as usize].score)).sum();
            let bonus = self.instance.persons[person].bonus;
            scores + bonus.iter().take(seats.len()).map(|points| i64::from(*points)).sum::<i64>()
        };
        self.seats.iter().enumerate().map(of).sum()
    }

    /// The seats as a solution.
    pub(super) fn solution(&self) -> Solution {
        let of = |(person, seats): (usize, &Vec<u32>)| {
            let person = crate::number::id(person);
            seats.iter().map(move |&pair| (person, pair)).collect::<Vec<_>>()
        };
        let seats = self.seats.iter().enumerate().flat_map(of);
        let mut seats: Vec<_> =
            seats.map(|(person, pair)| (person, self.instance.edges[pair as usize].outing)).collect();
        seats.sort_unstable();
        Solution { seats }
    }
}
