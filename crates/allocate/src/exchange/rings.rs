//! The exchange as a circulation: home city -> person -> post -> that city -> out again. May use the network, the market
//! and the pace; promises whole prices that prove the bound, and placements that keep every cap.
//!
//! Without caps on pairs of cities the circulation is the exact answer. With them the market prices the caps, and
//! `admit` decides who may use the few places of each full pair; for those admitted the circulation is exact again.

use super::admit::Admission;
use super::certificate::Prices;
use super::instance::Instance;
use super::market::{Market, prove};
use super::scaling::{Arc, Scaling};
use crate::PRICE_UNIT;
use crate::limits::{Pace, Phase, Until};
use crate::number::{id, signed};
use crate::random::Random;

/// Rounds of the market when the caller counts iterations: with pair caps it has to find the proof, without them only a
/// good start for the exact flow.
const MARKET_UNTIL: Until = Until { iterations: 0.985, seconds: 0.5 };
/// Rounds that give a good start where the flow itself finds the proof.
const WARM_ROUNDS: u32 = 240;
/// How far, as a share of the highest worth, the market's prices are usually from the flow's.
const WARM_ERROR: i64 = 40;

/// A toll changes by less than this many points from one flow to the next.
const NUDGE: u32 = 4;

/// Where each kind of node and arc starts.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    cities: usize,
    posts: usize,
    staff: usize,
    hub: usize,
    edge_arcs: usize,
}

impl Layout {
    fn of(instance: &Instance) -> Self {
        let (cities, posts, staff) = (instance.max_out.len(), instance.posts.len(), instance.people());
        Self {
            cities,
            posts: 2 * cities,
            staff: 2 * cities + posts,
            hub: 2 * cities + posts + staff,
            edge_arcs: cities + posts + staff,
        }
    }

    /// Where people arrive in a city.
    fn arrive(city: u32) -> u32 {
        city
    }

    /// Where people leave a city.
    fn depart(&self, city: u32) -> u32 {
        id(self.cities) + city
    }
}

/// The search for prices and placements.
pub(super) struct Rings<'a> {
    instance: &'a Instance,
    layout: Layout,
    network: Scaling,
    pub(super) proof: Prices,
    pub(super) bound: i64,
    /// The placements kept, as edges in the order of the instance.
    pub(super) placed: Vec<u32>,
    pub(super) objective: i64,
    highest: i64,
}

impl<'a> Rings<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        let layout = Layout::of(instance);
        let mut network = Scaling::new(layout.hub + 1, &arcs(instance, &layout));
        let mut highest = 0;
        for person in 0..instance.people() {
            for edge in instance.span(person) {
                let worth = instance.worth(person, edge);
                network.set_cost(layout.edge_arcs + edge, -worth);
                highest = highest.max(worth);
            }
        }
        let proof = Prices::none(instance);
        let bound = prove(instance, &proof);
        Self { instance, layout, network, bound, proof, placed: Vec::new(), objective: 0, highest }
    }

    /// Finds placements until the phase is over or the proof is complete.
    pub(super) fn solve(&mut self, pace: &mut Pace<'_>, until: Until) {
        if self.instance.pairs.is_empty() {
            let prices = self.warm(pace);
            self.set_potentials(&prices);
            self.answer(pace);
        } else {
            let prices = self.trade(pace);
            self.set_potentials(&prices);
            self.admit(&prices, pace, until);
        }
    }

    /// A few rounds of the market: a good bound, and a start from which the exact flow has little left to do.
    pub(super) fn warm(&mut self, pace: &mut Pace<'_>) -> Prices {
        let mut market = Market::new(self.instance);
        for round in 0..WARM_ROUNDS {
            if !pace.wanted() {
                break;
            }
            self.ask(&mut market, f64::from(round) / f64::from(WARM_ROUNDS), pace);
        }
        market.prices()
    }

    fn ask(&mut self, market: &mut Market<'_>, fraction: f64, pace: &mut Pace<'_>) {
        let (bound, prices) = market.round(fraction);
        let bound = points(bound);
        if bound < self.bound {
            (self.bound, self.proof) = (bound, prices);
        }
        pace.bound = Some(self.bound);
    }

    /// The market until it has found the proof.
    fn trade(&mut self, pace: &mut Pace<'_>) -> Prices {
        let mut market = Market::new(self.instance);
        pace.enter(Phase::Prices, MARKET_UNTIL);
        while let Some(fraction) = pace.tick() {
            self.ask(&mut market, fraction, pace);
        }
        self.proof.clone()
    }

    /// Flows at the market's tolls, lets in whom that flow chose, and flows again among those; then changes the tolls a
    /// little where too many or too few went.
    fn admit(&mut self, market: &Prices, pace: &mut Pace<'_>, until: Until) {
        pace.enter(Phase::Search, until);
        let mut tolls: Vec<i64> = market.pairs.iter().map(|toll| (toll + PRICE_UNIT / 2) / PRICE_UNIT).collect();
        let mut admission = Admission::new(self.instance);
        let mut random = Random::new(pace.seed());
        let mut prices = market.clone();
        loop {
            self.set_tolls(&tolls);
            self.set_staff(&prices, &|_| true);
            if !self.run(pace) {
                return;
            }
            let chosen = self.taken();
            prices = Prices { pairs: tolls.iter().map(|toll| toll * PRICE_UNIT).collect(), ..self.prices() };
            admission.choose(&prices, &chosen);
            if !self.climb(&mut admission, pace) || self.objective >= self.bound || pace.tick().is_none() {
                return;
            }
            let used = self.use_of_pairs(&chosen);
            for ((toll, used), pair) in tolls.iter_mut().zip(used).zip(&self.instance.pairs) {
                let step = (used - pair.cap).signum() * signed(random.below(NUDGE));
                *toll = (*toll + step).max(0);
            }
        }
    }

    /// Flows among those admitted, and lets in others beside those placed as long as that helps. False when stopped.
    fn climb(&mut self, admission: &mut Admission<'_>, pace: &mut Pace<'_>) -> bool {
        self.set_tolls(&[]);
        loop {
            let (before, prices) = (self.objective, self.prices());
            self.set_staff(&prices, &|edge| admission.open(edge));
            for edge in 0..self.instance.edges.len() {
                self.network.set_cap(self.layout.edge_arcs + edge, i32::from(admission.open(edge)));
            }
            if !self.run(pace) {
                return false;
            }
            let taken = self.taken();
            self.keep(&taken, pace);
            if self.objective <= before || !admission.choose(&self.prices(), &taken) {
                return true;
            }
        }
    }

    /// Opens all edges at what they are worth less the toll on their pair.
    fn set_tolls(&mut self, tolls: &[i64]) {
        for person in 0..self.instance.people() {
            for edge in self.instance.span(person) {
                let toll = tolls.get(self.instance.edges[edge].pair as usize).copied().unwrap_or(0);
                self.network.set_cost(self.layout.edge_arcs + edge, toll - self.instance.worth(person, edge));
                self.network.set_cap(self.layout.edge_arcs + edge, 1);
            }
        }
    }

    fn use_of_pairs(&self, taken: &[(u32, u32)]) -> Vec<i64> {
        let mut used = vec![0; self.instance.pairs.len()];
        for &(_, edge) in taken {
            if let Some(count) = used.get_mut(self.instance.edges[edge as usize].pair as usize) {
                *count += 1;
            }
        }
        used
    }

    /// Finds the cheapest circulation. False when stopped before the end. Half a first flow is worth nothing, so only the
    /// caller can end that one; the clock may end the later ones.
    fn run(&mut self, pace: &mut Pace<'_>) -> bool {
        let error = (self.highest / WARM_ERROR).max(1);
        let first = self.placed.is_empty();
        self.network.run(error, &mut || if first { pace.wanted() } else { pace.alive() })
    }

    fn keep(&mut self, taken: &[(u32, u32)], pace: &mut Pace<'_>) {
        let objective = taken.iter().map(|&(person, edge)| self.instance.worth(person as usize, edge as usize)).sum();
        if objective > self.objective {
            (self.objective, self.placed) = (objective, taken.iter().map(|(_, edge)| *edge).collect());
            pace.objective = Some(objective);
        }
    }

    /// Without caps on pairs one flow is the answer and its potentials are the proof.
    fn answer(&mut self, pace: &mut Pace<'_>) {
        if !self.run(pace) {
            return;
        }
        let prices = self.prices();
        let bound = prove(self.instance, &prices);
        if bound < self.bound {
            (self.bound, self.proof) = (bound, prices);
            pace.bound = Some(bound);
        }
        let taken = self.taken();
        self.keep(&taken, pace);
    }

    /// Person and edge of everybody placed.
    fn taken(&self) -> Vec<(u32, u32)> {
        let of = |person: usize| {
            let mut span = self.instance.span(person);
            let edge = span.find(|&edge| self.network.flow(self.layout.edge_arcs + edge) > 0);
            edge.map(|edge| (id(person), id(edge)))
        };
        (0..self.instance.people()).filter_map(of).collect()
    }

    /// The network's potentials as prices. Any prices prove a bound; at the optimum these prove the best one.
    fn prices(&self) -> Prices {
        let at = |node: usize| self.network.potential(node) * PRICE_UNIT;
        let (cities, hub) = (self.layout.cities, at(self.layout.hub));
        let post = |(number, post): (usize, &super::instance::Post)| {
            (at(post.city as usize) - at(self.layout.posts + number)).max(0)
        };
        Prices {
            posts: self.instance.posts.iter().enumerate().map(post).collect(),
            leaving: (0..cities).map(|city| (at(cities + city) - at(city)).max(0)).collect(),
            // The hub stands for what a city may owe: there a balance costs nothing.
            balance: (0..cities).map(|city| hub - at(city)).collect(),
            pairs: vec![0; self.instance.pairs.len()],
        }
    }

    fn set_potentials(&mut self, prices: &Prices) {
        let cities = self.layout.cities;
        let mut set = |node: usize, parts: i64| self.network.set_potential(node, parts, PRICE_UNIT);
        set(self.layout.hub, 0);
        for city in 0..cities {
            set(city, -prices.balance[city]);
            set(cities + city, prices.leaving[city] - prices.balance[city]);
        }
        for (number, post) in self.instance.posts.iter().enumerate() {
            set(self.layout.posts + number, -prices.balance[post.city as usize] - prices.posts[number]);
        }
        self.set_staff(prices, &|_| true);
    }

    /// What each person gains at most by the edges that are open.
    fn set_staff(&mut self, prices: &Prices, open: &dyn Fn(usize) -> bool) {
        for person in 0..self.instance.people() {
            let home = self.instance.staff[person].city as usize;
            let edges = self.instance.span(person).filter(|&edge| open(edge));
            let best = edges.map(|edge| prices.surplus(self.instance, person, edge)).max().unwrap_or(0).max(0);
            let at = prices.leaving[home] - prices.balance[home] + best;
            self.network.set_potential(self.layout.staff + person, at, PRICE_UNIT);
        }
    }
}

/// A bound in price units as points. Points are whole, so rounding down is allowed.
fn points(units: i128) -> i64 {
    i64::try_from(units.div_euclid(i128::from(PRICE_UNIT))).unwrap_or(i64::MAX)
}

fn arcs(instance: &Instance, layout: &Layout) -> Vec<Arc> {
    // More than everybody never binds; one more than everybody is never full either, so that it never gets a price.
    let small = |cap: i64| i32::try_from(cap.min(signed(instance.people()) + 1)).unwrap_or(i32::MAX);
    let mut arcs = Vec::with_capacity(layout.edge_arcs + instance.edges.len());
    for (city, &cap) in (0..).zip(&instance.max_out) {
        arcs.push(Arc { from: Layout::arrive(city), to: layout.depart(city), cap: small(cap) });
    }
    for (number, post) in instance.posts.iter().enumerate() {
        arcs.push(Arc { from: id(layout.posts + number), to: Layout::arrive(post.city), cap: small(post.cap) });
    }
    for person in 0..instance.people() {
        arcs.push(Arc { from: layout.depart(instance.staff[person].city), to: id(layout.staff + person), cap: 1 });
    }
    for person in 0..instance.people() {
        for edge in instance.span(person) {
            let to = id(layout.posts) + instance.edges[edge].post;
            arcs.push(Arc { from: id(layout.staff + person), to, cap: 1 });
        }
    }
    for (city, tolerance) in (0..).zip(&instance.tolerance) {
        let hub = id(layout.hub);
        arcs.push(Arc { from: Layout::arrive(city), to: hub, cap: small(tolerance.most) });
        arcs.push(Arc { from: hub, to: Layout::arrive(city), cap: small(-tolerance.least) });
    }
    arcs
}
