//! Who may use the few places from one city to another when more people want them than there are. May use instance and
//! prices; promises that never more edges of a pair are open than its cap allows, so that whatever flows keeps the caps.

use std::cmp::Reverse;

use super::certificate::Prices;
use super::instance::{FREE, Instance};
use crate::number::id;

/// The edges that are open.
pub(super) struct Admission<'a> {
    instance: &'a Instance,
    open: Vec<bool>,
    owner: Vec<u32>,
    /// The edges of each pair.
    members: Vec<Vec<u32>>,
}

impl<'a> Admission<'a> {
    /// Everything is open at first.
    pub(super) fn new(instance: &'a Instance) -> Self {
        let mut members = vec![Vec::new(); instance.pairs.len()];
        let mut owner = Vec::with_capacity(instance.edges.len());
        for person in 0..instance.people() {
            for edge in instance.span(person) {
                owner.push(id(person));
                if let Some(members) = members.get_mut(instance.edges[edge].pair as usize) {
                    members.push(id(edge));
                }
            }
        }
        Self { instance, open: vec![true; instance.edges.len()], owner, members }
    }

    /// Whether the edge may be used.
    pub(super) fn open(&self, edge: usize) -> bool {
        self.open[edge]
    }

    /// Chooses anew at the prices of the flow there is: those `taken` first, then whoever would lose most by staying out.
    /// False when all stays as it is.
    pub(super) fn choose(&mut self, prices: &Prices, taken: &[(u32, u32)]) -> bool {
        let instance = self.instance;
        let mut used = vec![false; instance.edges.len()];
        for &(_, edge) in taken {
            used[edge as usize] = true;
        }
        let next_best: Vec<NextBest> = (0..instance.people()).map(|person| self.next_best(prices, person)).collect();
        let mut open = vec![true; instance.edges.len()];
        for (pair, members) in self.members.iter().enumerate() {
            let cap = usize::try_from(instance.pairs[pair].cap).unwrap_or(usize::MAX);
            if members.len() <= cap {
                continue;
            }
            let toll = prices.pairs[pair];
            let gain = |&edge: &u32| {
                let person = self.owner[edge as usize];
                let gain = prices.surplus(instance, person as usize, edge as usize) + toll;
                (!used[edge as usize], Reverse(gain - next_best[person as usize].without(id(pair))), edge)
            };
            let mut order: Vec<(bool, Reverse<i64>, u32)> = members.iter().map(gain).collect();
            order.sort_unstable();
            for (_, _, edge) in &order[cap..] {
                open[*edge as usize] = false;
            }
        }
        let changed = open != self.open;
        self.open = open;
        changed
    }

    /// What the person has beside any one pair: staying at home counts nothing.
    fn next_best(&self, prices: &Prices, person: usize) -> NextBest {
        let mut found = NextBest { pair: FREE, best: 0, second: 0 };
        for edge in self.instance.span(person).filter(|&edge| self.open[edge]) {
            found.see(self.instance.edges[edge].pair, prices.surplus(self.instance, person, edge));
        }
        found
    }
}

/// The best a person has, through which pair, and the best through any other.
struct NextBest {
    pair: u32,
    best: i64,
    second: i64,
}

impl NextBest {
    fn see(&mut self, pair: u32, surplus: i64) {
        let same = pair == self.pair && pair != FREE;
        if surplus > self.best {
            if !same {
                self.second = self.best;
            }
            (self.pair, self.best) = (pair, surplus);
        } else if !same && surplus > self.second {
            self.second = surplus;
        }
    }

    fn without(&self, pair: u32) -> i64 {
        if pair == self.pair { self.second } else { self.best }
    }
}
