//! What can be said about a plan in figures: how many are served, whether the longest waiting are among them, how good it
//! provably is. Promises nothing about fewer than five people, and no figure about a person; and of a plan with decisions by
//! hand nothing so exact that, held against another run, it would tell whether somebody wished to go where they were sent.

use freerange_domain::overview::{Count, SMALLEST_GROUP, classes, share};
use serde::{Deserialize, Serialize};

use super::{
    instance::{Edge, Instance},
    scarce::Scarce,
};

/// A share in tens of per cent; nothing about fewer than five people.
pub type Share = Option<i64>;

/// A plan in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// People who wished for something that suits them.
    pub wishing: i64,
    /// People with at least one seat.
    pub served: i64,
    /// Seats given.
    pub seats: i64,
    /// People who got their first wish.
    pub firsts: i64,
    /// Of the quarter that waited longest: share served.
    pub longest: Share,
    /// Of the department with the lowest share: its share.
    pub lowest_dept: Share,
    /// Of the grade with the lowest share: its share.
    pub lowest_grade: Share,
    /// Outings that run.
    pub run: i64,
    /// Outings whose group did not come together.
    pub cancelled: i64,
    /// Points.
    pub objective: i64,
    /// More points than this no plan can have.
    pub bound: i64,
    /// The limits that cost most.
    #[serde(default)]
    pub scarce: Vec<Scarce>,
}

/// What may be told of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// People who wished for something that suits them.
    pub wishing: Count,
    /// People with at least one seat.
    pub served: Count,
    /// The same as a share.
    pub share: Share,
    /// Seats given.
    pub seats: Count,
    /// People who got their first wish.
    pub firsts: Count,
    /// Of the quarter that waited longest: share served.
    pub longest: Share,
    /// Of the department with the lowest share: its share.
    pub lowest_dept: Share,
    /// Of the grade with the lowest share: its share.
    pub lowest_grade: Share,
    /// Outings that run, and that do not.
    pub outings: Option<(i64, i64)>,
    /// The limits that cost most.
    pub scarce: Vec<Scarce>,
}

/// By how much at most another plan could be better, in hundredths of a per cent, rounded up. `exactly` only where no
/// decision by hand went into it: otherwise in whole per cent.
pub(super) const fn gap(objective: i64, bound: i64, exactly: bool) -> i64 {
    if bound <= 0 || bound <= objective {
        return 0;
    }
    let hundredths = ((bound - objective) * 10_000 + bound - 1) / bound;
    if exactly { hundredths } else { (hundredths + 99) / 100 * 100 }
}

impl Figures {
    /// What may be told. Somebody who decides by hand and matches again could otherwise read off the difference whether one
    /// person wished for one outing: such a plan is told in tens of per cent.
    pub fn shown(&self, by_hand: bool) -> Shown {
        let share = share(self.served, self.wishing, self.wishing);
        let (longest, lowest_dept, lowest_grade) = (self.longest, self.lowest_dept, self.lowest_grade);
        let coarse = Shown {
            wishing: Count::NotSaid,
            served: Count::NotSaid,
            share,
            seats: Count::NotSaid,
            firsts: Count::NotSaid,
            longest,
            lowest_dept,
            lowest_grade,
            outings: None,
            scarce: Vec::new(),
        };
        if by_hand {
            return coarse;
        }
        let wishing = Count::of(self.wishing);
        let of = |all: Count, whole: i64, part: i64| classes(all, &[part, whole - part])[0];
        let served = of(wishing, self.wishing, self.served);
        // Second seats are somebody's too.
        let more = Count::of(self.seats - self.served);
        let seats =
            if served == Count::NotSaid || more == Count::NotSaid { Count::NotSaid } else { Count::of(self.seats) };
        Shown {
            wishing,
            served,
            seats,
            firsts: of(served, self.served, self.firsts),
            outings: Some((self.run, self.cancelled)),
            scarce: self.scarce.iter().filter(|s| s.may_be_told()).cloned().collect(),
            ..coarse
        }
    }

    /// Of a plan with its proven bound.
    pub fn of(instance: &Instance, seats: &[Edge], bound: i64) -> Self {
        let mut each = vec![0_i64; instance.people.len()];
        let mut firsts = vec![false; instance.people.len()];
        let mut on = vec![0_i64; instance.outings.len()];
        for seat in seats {
            each[seat.person] += 1;
            on[seat.outing] += 1;
            firsts[seat.person] |= seat.rank == 1;
        }
        let mut wishing = vec![false; instance.people.len()];
        for edge in instance.edges.iter().chain(&instance.shut) {
            wishing[edge.person] = true;
        }
        let who: Vec<usize> = (0..instance.people.len()).filter(|p| wishing[*p]).collect();
        let served = |people: &[usize]| {
            share(count(people.iter().filter(|p| each[**p] > 0)), long(people.len()), long(people.len()))
        };
        let lowest = |key: &dyn Fn(usize) -> usize, groups: usize| {
            let mut parts: Vec<Vec<usize>> = vec![Vec::new(); groups];
            for person in &who {
                parts[key(*person)].push(*person);
            }
            parts.iter().filter(|p| long(p.len()) >= SMALLEST_GROUP).filter_map(|p| served(p)).min()
        };
        let mut waiting = who.clone();
        waiting.sort_by_key(|p| std::cmp::Reverse((instance.people[*p].waited, std::cmp::Reverse(*p))));
        waiting.truncate(who.len().div_ceil(4));
        let run = count(on.iter().filter(|n| **n > 0));
        Self {
            wishing: long(who.len()),
            served: count(each.iter().filter(|n| **n > 0)),
            seats: long(seats.len()),
            firsts: count(firsts.iter().filter(|f| **f)),
            longest: served(&waiting),
            lowest_dept: lowest(&|p| instance.people[p].dept, instance.depts.len()),
            lowest_grade: lowest(&|p| instance.people[p].grade, instance.grades.len()),
            run,
            cancelled: long(on.len()) - run,
            objective: instance.objective(seats),
            bound,
            scarce: Vec::new(),
        }
    }
}

fn long(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn count<T>(of: impl Iterator<Item = T>) -> i64 {
    long(of.count())
}
