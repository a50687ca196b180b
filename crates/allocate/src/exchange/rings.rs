//! The exchange as a circulation, with the pair caps priced on top of it. May use the simplex and the pace; promises
//! whole prices that prove the bound, and placements that keep every cap.
//!
//! Without pair caps the circulation is the exact answer. With them: Lagrangian prices on the caps, the step of Polyak
//! (1969) towards the best solution known, and a repair that closes what a full pair cannot take and flows again.

use super::certificate::Prices;
use super::instance::{FREE, Instance};
use super::simplex::{Arc, Simplex};
use crate::PRICE_UNIT;
use crate::limits::{Pace, Phase, Until};
use crate::number::{id, signed};

/// Where each kind of node and arc starts.
struct Layout {
    posts: usize,
    staff: usize,
    nodes: usize,
    edge_arcs: usize,
}

/// The search for prices and placements.
pub(super) struct Rings<'a> {
    instance: &'a Instance,
    layout: Layout,
    simplex: Simplex,
    owner: Vec<u32>,
    price: Vec<i64>,
    /// A loss no ring of gains can make up for: the cost of an edge that is closed.
    closed: i64,
    pub(super) proof: Prices,
    pub(super) bound: i64,
    /// The placements kept, as edges.
    pub(super) placed: Vec<u32>,
    pub(super) objective: i64,
}

impl<'a> Rings<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        let (cities, posts, staff) = (instance.max_out.len(), instance.posts.len(), instance.people());
        let layout = Layout {
            posts: 2 * cities,
            staff: 2 * cities + posts,
            nodes: 2 * cities + posts + staff,
            edge_arcs: cities + posts + staff,
        };
        // Node c is where people arrive in city c, node cities + c where they leave it.
        let arrive = |city: u32| city;
        let depart = |city: u32| id(cities) + city;
        let mut arcs = Vec::with_capacity(layout.edge_arcs + instance.edges.len() + layout.nodes);
        arcs.extend((0..id(cities)).zip(&instance.max_out).map(|(c, &cap)| Arc::new(arrive(c), depart(c), cap, 0)));
        for (number, post) in instance.posts.iter().enumerate() {
            arcs.push(Arc::new(id(layout.posts + number), arrive(post.city), post.cap, 0));
        }
        for number in 0..staff {
            arcs.push(Arc::new(depart(instance.staff[number].city), id(layout.staff + number), 1, 0));
        }
        let mut owner = Vec::with_capacity(instance.edges.len());
        let mut best = 0;
        for person in 0..staff {
            for edge in instance.span(person) {
                let (from, to) = (id(layout.staff + person), id(layout.posts) + instance.edges[edge].post);
                // One person goes once: the arc before this one sees to it, so this one needs no limit of its own.
                arcs.push(Arc::new(from, to, 2, 0));
                owner.push(id(person));
                best = best.max(instance.worth(person, edge));
            }
        }
        let simplex = Simplex::new(layout.nodes, arcs);
        let proof = Prices {
            posts: vec![0; posts],
            leaving: vec![0; cities],
            balance: vec![0; cities],
            pairs: vec![0; instance.pairs.len()],
        };
        let closed = (signed(cities) + 2) * (best + 1) * PRICE_UNIT;
        let price = vec![0; instance.pairs.len()];
        let mut rings =
            Self { instance, layout, simplex, owner, price, closed, bound: 0, proof, placed: Vec::new(), objective: 0 };
        rings.bound = rings.prove(&rings.proof);
        rings
    }

    /// The price of going where this edge goes, as far as pair caps are concerned.
    fn toll(&self, edge: usize) -> i64 {
        let pair = self.instance.edges[edge].pair;
        if pair == FREE { 0 } else { self.price[pair as usize] }
    }

    fn gain(&self, edge: usize) -> i64 {
        self.instance.worth(self.owner[edge] as usize, edge) * PRICE_UNIT - self.toll(edge)
    }

    /// Finds the cheapest circulation at the current tolls, and what it proves. False when stopped before the end.
    fn flow(&mut self, pace: &mut Pace<'_>) -> bool {
        for edge in 0..self.instance.edges.len() {
            self.simplex.arcs[self.layout.edge_arcs + edge].cost = -self.gain(edge);
        }
        // Half a first flow is worth little, so only the caller can end it; the clock may end the later ones.
        let first = pace.done() <= 1;
        let whole = self.simplex.run(&mut || if first { pace.wanted() } else { pace.alive() });
        let prices = self.prices();
        let bound = self.prove(&prices);
        if bound < self.bound {
            (self.bound, self.proof) = (bound, prices);
            pace.bound = Some(bound);
        }
        whole
    }

    /// The simplex's potentials as prices. Any prices prove a bound; at the optimum these prove the best one.
    fn prices(&self) -> Prices {
        let at = |node: usize| self.simplex.potential[node];
        let cities = self.instance.max_out.len();
        let post = |(number, post): (usize, &super::instance::Post)| {
            (at(post.city as usize) - at(self.layout.posts + number)).max(0)
        };
        Prices {
            posts: self.instance.posts.iter().enumerate().map(post).collect(),
            leaving: (0..cities).map(|city| (at(cities + city) - at(city)).max(0)).collect(),
            balance: (0..cities).map(|city| -at(city)).collect(),
            pairs: self.price.clone(),
        }
    }

    /// The bound these prices prove, in points: everybody's best post at these prices, plus the rent of every place.
    fn prove(&self, prices: &Prices) -> i64 {
        let caps = self.instance.posts.iter().map(|post| post.cap);
        let mut total: i128 = 0;
        let mut rent = |price: i64, cap: i64| total += i128::from(price) * i128::from(cap);
        prices.posts.iter().zip(caps).for_each(|(&price, cap)| rent(price, cap));
        prices.leaving.iter().zip(&self.instance.max_out).for_each(|(&price, &cap)| rent(price, cap));
        prices.pairs.iter().zip(&self.instance.pairs).for_each(|(&price, pair)| rent(price, pair.cap));
        for person in 0..self.instance.people() {
            let from = self.instance.staff[person].city as usize;
            let offer = |edge: usize| {
                let offered = self.instance.edges[edge];
                let to = self.instance.posts[offered.post as usize].city as usize;
                let toll = prices.pairs.get(offered.pair as usize).copied().unwrap_or(0);
                self.instance.worth(person, edge) * PRICE_UNIT
                    - prices.posts[offered.post as usize]
                    - prices.leaving[from]
                    + prices.balance[from]
                    - prices.balance[to]
                    - toll
            };
            total += i128::from(self.instance.span(person).map(offer).max().unwrap_or(0).max(0));
        }
        i64::try_from(total.div_euclid(i128::from(PRICE_UNIT))).unwrap_or(i64::MAX)
    }

    /// Edges in use.
    fn taken(simplex: &Simplex, layout: &Layout, edges: usize) -> Vec<u32> {
        (0..edges).filter(|edge| simplex.arcs[layout.edge_arcs + edge].flow > 0).map(id).collect()
    }

    fn use_of_pairs(&self, taken: &[u32]) -> Vec<i64> {
        let mut used = vec![0; self.instance.pairs.len()];
        for &edge in taken {
            if let Some(count) = used.get_mut(self.instance.edges[edge as usize].pair as usize) {
                *count += 1;
            }
        }
        used
    }

    fn broken(&self, used: &[i64]) -> bool {
        used.iter().zip(&self.instance.pairs).any(|(&used, pair)| used > pair.cap)
    }

    fn keep(&mut self, taken: Vec<u32>, pace: &mut Pace<'_>) {
        let points = |&edge: &u32| self.instance.worth(self.owner[edge as usize] as usize, edge as usize);
        let objective = taken.iter().map(points).sum();
        if objective > self.objective {
            (self.objective, self.placed) = (objective, taken);
            pace.objective = Some(objective);
        }
    }

    /// Prices the pair caps until the phase is over or the proof is complete.
    pub(super) fn solve(&mut self, pace: &mut Pace<'_>, until: Until) {
        pace.enter(Phase::Prices, until);
        let mut next_repair = 4;
        let mut pull = 1.0;
        let mut lowest = i64::MAX;
        let mut since = 0;
        let mut stopped = false;
        while let Some(_fraction) = pace.tick() {
            if !self.flow(pace) {
                stopped = true;
                break;
            }
            let taken = Self::taken(&self.simplex, &self.layout, self.instance.edges.len());
            let used = self.use_of_pairs(&taken);
            if !self.broken(&used) {
                self.keep(taken, pace);
            } else if pace.done() >= next_repair {
                self.repair(pace);
                next_repair *= 2;
            }
            if self.objective >= self.bound || self.instance.pairs.is_empty() {
                return;
            }
            since = if self.bound < lowest { 0 } else { since + 1 };
            lowest = lowest.min(self.bound);
            if since >= 8 {
                (pull, since) = (pull * 0.7, 0);
            }
            self.step(&used, pull);
        }
        if !stopped || self.placed.is_empty() {
            self.repair(pace);
        }
    }

    /// One step of Polyak's: as far as the gap allows, against the squared excess.
    fn step(&mut self, used: &[i64], pull: f64) {
        let excess = |(row, &used): (usize, &i64)| {
            let excess = used - self.instance.pairs[row].cap;
            if excess < 0 && self.price[row] == 0 { 0 } else { excess }
        };
        let excess: Vec<i64> = used.iter().enumerate().map(excess).collect();
        let square: i64 = excess.iter().map(|e| e.saturating_mul(*e)).fold(0, i64::saturating_add);
        // Before the first repair nothing is known from below: aim a little under the bound.
        let target = if self.objective > 0 { self.objective } else { self.bound - self.bound / 20 };
        let gap = (self.bound - target).max(1) * PRICE_UNIT;
        for (price, excess) in self.price.iter_mut().zip(excess) {
            let move_by = pull * real(gap) * real(excess) / real(square.max(1));
            *price = (*price + whole(move_by)).clamp(0, self.closed);
        }
    }

    /// Makes a solution that keeps every cap: where a pair is over-full only its best edges stay open, and all flows
    /// again. Every round closes a pair that was open, so it ends.
    fn repair(&mut self, pace: &mut Pace<'_>) {
        let mut simplex = self.simplex.clone();
        let mut open = vec![true; self.instance.edges.len()];
        loop {
            let taken = Self::taken(&simplex, &self.layout, self.instance.edges.len());
            let used = self.use_of_pairs(&taken);
            if !self.broken(&used) && taken.iter().all(|&edge| open[edge as usize]) {
                return self.keep(taken, pace);
            }
            self.shut(&simplex, &taken, &used, &mut open);
            for (edge, &open) in open.iter().enumerate() {
                let cost = if open { -self.gain(edge) } else { self.closed };
                simplex.arcs[self.layout.edge_arcs + edge].cost = cost;
            }
            simplex.run(&mut || true);
        }
    }

    /// Leaves of every over-full pair only as many edges open as its cap allows: those in use that are worth most.
    fn shut(&self, simplex: &Simplex, taken: &[u32], used: &[i64], open: &mut [bool]) {
        let over =
            |pair: u32| used.get(pair as usize).is_some_and(|&used| used > self.instance.pairs[pair as usize].cap);
        let mut stay: Vec<(u32, std::cmp::Reverse<i64>, u32)> = Vec::new();
        for &edge in taken {
            let pair = self.instance.edges[edge as usize].pair;
            if over(pair) {
                let arc = &simplex.arcs[self.layout.edge_arcs + edge as usize];
                // What the person's own arc earns is what this placement is worth beyond all prices.
                let lead =
                    simplex.potential[arc.from as usize] - self.depart_potential(simplex, self.owner[edge as usize]);
                stay.push((pair, std::cmp::Reverse(lead), edge));
            }
        }
        stay.sort_unstable();
        for (edge, open) in self.instance.edges.iter().zip(open.iter_mut()) {
            *open &= !over(edge.pair);
        }
        let mut left: Vec<i64> = self.instance.pairs.iter().map(|pair| pair.cap).collect();
        for (pair, _, edge) in stay {
            if left[pair as usize] > 0 {
                left[pair as usize] -= 1;
                open[edge as usize] = true;
            }
        }
    }

    fn depart_potential(&self, simplex: &Simplex, person: u32) -> i64 {
        simplex.potential[self.instance.max_out.len() + self.instance.staff[person as usize].city as usize]
    }
}

#[expect(clippy::cast_precision_loss, reason = "only the size of a step depends on it, never a bound")]
fn real(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and prices are clamped right after")]
fn whole(value: f64) -> i64 {
    value as i64
}
