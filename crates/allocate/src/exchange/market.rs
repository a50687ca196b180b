//! Prices for everything that is short in an exchange, found by asking everybody again and again what they would take.
//! May use the numbers of this crate; promises that every price vector proves a bound.
//!
//! Method: projected subgradient with heavy momentum, steps relative to the excess of each row. It finds prices within a
//! few hundredths of a per cent of the best in a few hundred rounds, from which the exact flow is quick.

use super::certificate::Prices;
use super::instance::{FREE, Instance, Tolerance};
use crate::PRICE_UNIT;
use crate::number::{id, power};

/// Share of the old direction that is kept in each round.
const KEEP: f32 = 0.98;
/// First and last step, as a share of the highest worth.
const STEPS: (f64, f64) = (0.6, 0.004);

/// An edge as the market sees it.
#[derive(Clone, Copy)]
struct Offer {
    post: u32,
    pair: u32,
    /// In price units, with the person's bonus.
    worth: i64,
}

/// Everybody's offers, and the prices so far.
pub(super) struct Market<'a> {
    instance: &'a Instance,
    offers: Vec<Offer>,
    highest: f64,
    price: Vec<f32>,
    trend: Vec<f32>,
    used: Vec<i32>,
}

/// Where each kind of row starts: posts, leaving, balance, pairs.
struct Rows {
    leaving: usize,
    balance: usize,
    pairs: usize,
    all: usize,
}

fn rows(instance: &Instance) -> Rows {
    let (posts, cities) = (instance.posts.len(), instance.max_out.len());
    Rows {
        leaving: posts,
        balance: posts + cities,
        pairs: posts + 2 * cities,
        all: posts + 2 * cities + instance.pairs.len(),
    }
}

impl<'a> Market<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        let mut offers = Vec::with_capacity(instance.edges.len());
        for person in 0..instance.people() {
            for edge in instance.span(person) {
                let to = instance.edges[edge];
                let pair = if to.pair == FREE { id(instance.pairs.len()) } else { to.pair };
                offers.push(Offer { post: to.post, pair, worth: instance.worth(person, edge) * PRICE_UNIT });
            }
        }
        let highest = offers.iter().map(|offer| offer.worth).max().unwrap_or(0);
        let rows = rows(instance).all;
        Self {
            instance,
            offers,
            #[expect(clippy::cast_precision_loss, reason = "only the size of a step depends on it")]
            highest: highest as f64,
            price: vec![0.0; rows],
            trend: vec![0.0; rows],
            used: vec![0; rows],
        }
    }

    /// One round: asks everybody at the prices there are, and makes better ones. Returns the bound that was proven, in price
    /// units, and the prices that prove it. `fraction` of the rounds are over.
    pub(super) fn round(&mut self, fraction: f64) -> (i128, Prices) {
        let now = self.prices();
        let bound = self.ask(&now);
        let step = self.highest * power(STEPS.1 / STEPS.0, fraction) * STEPS.0;
        self.learn(crate::number::narrow(step));
        (bound, now)
    }

    /// The prices as whole numbers.
    #[expect(clippy::cast_possible_truncation, reason = "prices stay below the highest worth times a small number")]
    pub(super) fn prices(&self) -> Prices {
        let rows = rows(self.instance);
        let whole = |range: std::ops::Range<usize>| self.price[range].iter().map(|&price| price as i64).collect();
        Prices {
            posts: whole(0..rows.leaving),
            leaving: whole(rows.leaving..rows.balance),
            balance: whole(rows.balance..rows.pairs),
            pairs: whole(rows.pairs..rows.all),
        }
    }

    /// What everybody would take; counts it in `used` and returns the bound in price units.
    fn ask(&mut self, prices: &Prices) -> i128 {
        let rows = rows(self.instance);
        let instance = self.instance;
        self.used.fill(0);
        let entry: Vec<i64> = instance
            .posts
            .iter()
            .zip(&prices.posts)
            .map(|(post, price)| price + prices.balance[post.city as usize])
            .collect();
        let exit: Vec<i64> =
            prices.leaving.iter().zip(&prices.balance).map(|(leaving, balance)| balance - leaving).collect();
        let mut toll = prices.pairs.clone();
        toll.push(0);
        let mut total: i128 = 0;
        for person in 0..instance.people() {
            let from = instance.staff[person].city as usize;
            let mut best = 0;
            let mut taken = None;
            for offer in &self.offers[instance.span(person)] {
                let worth = offer.worth - entry[offer.post as usize] - toll[offer.pair as usize] + exit[from];
                if worth > best {
                    (best, taken) = (worth, Some(offer));
                }
            }
            if let Some(offer) = taken {
                total += i128::from(best);
                let to = instance.posts[offer.post as usize].city as usize;
                self.used[offer.post as usize] += 1;
                self.used[rows.leaving + from] += 1;
                self.used[rows.balance + from] -= 1;
                self.used[rows.balance + to] += 1;
                if let Some(used) = self.used.get_mut(rows.pairs + offer.pair as usize) {
                    *used += 1;
                }
            }
        }
        total + rent(instance, prices)
    }

    #[expect(clippy::cast_precision_loss, reason = "only the size of a step depends on it")]
    fn learn(&mut self, step: f32) {
        let rows = rows(self.instance);
        let instance = self.instance;
        let cap = |row: usize| {
            if row < rows.leaving {
                instance.posts[row].cap
            } else if row < rows.balance {
                instance.max_out[row - rows.leaving]
            } else if row < rows.pairs {
                0
            } else {
                instance.pairs[row - rows.pairs].cap
            }
        };
        for row in 0..rows.all {
            let balance = (rows.balance..rows.pairs).contains(&row);
            let cap = cap(row) as f32;
            let used = self.used[row] as f32;
            let size = if balance {
                (self.used[row - rows.balance + rows.leaving] as f32 * 2.0 + used).max(1.0)
            } else {
                used.max(cap).max(1.0)
            };
            let pull = (used - cap) / size;
            self.trend[row] = KEEP * self.trend[row] + (1.0 - KEEP) * pull;
            let next = self.price[row] + step * self.trend[row];
            self.price[row] = if balance { next } else { next.max(0.0) };
        }
    }
}

/// What cities may owe at most, at the prices of balance, in price units.
fn owed(instance: &Instance, prices: &Prices) -> i128 {
    let most = |(&price, tolerance): (&i64, &Tolerance)| {
        i128::from(price) * i128::from(if price > 0 { tolerance.most } else { tolerance.least })
    };
    prices.balance.iter().zip(&instance.tolerance).map(most).sum()
}

/// What all places together cost, in price units.
fn rent(instance: &Instance, prices: &Prices) -> i128 {
    let rent = |price: i64, cap: i64| i128::from(price) * i128::from(cap);
    let posts = prices.posts.iter().zip(&instance.posts).map(|(&price, post)| rent(price, post.cap));
    let leaving = prices.leaving.iter().zip(&instance.max_out).map(|(&price, &cap)| rent(price, cap));
    let pairs = prices.pairs.iter().zip(&instance.pairs).map(|(&price, pair)| rent(price, pair.cap));
    posts.chain(leaving).chain(pairs).sum::<i128>() + owed(instance, prices)
}

/// The bound these prices prove, in points: everybody's best post at these prices, plus the rent of every place.
pub(super) fn prove(instance: &Instance, prices: &Prices) -> i64 {
    let mut total = rent(instance, prices);
    for person in 0..instance.people() {
        let best = instance.span(person).map(|edge| prices.surplus(instance, person, edge)).max();
        total += i128::from(best.unwrap_or(0).max(0));
    }
    i64::try_from(total.div_euclid(i128::from(PRICE_UNIT))).unwrap_or(i64::MAX)
}
