//! The bound that sees minimum group sizes, and the shares it gives to pairs. May use instance and rows; promises a bound
//! in whole numbers and shares that never depend on the number of threads.
//!
//! Lagrangian relaxation (Fisher 1981) of everything but the outings: each person's seat, each person's week, each
//! team-week, neighbourhood-week and host has a price, and every outing picks its best group of `min` to `max` people or
//! does not run. Unlike prices of single seats this knows that half a group is worth nothing: it is as strong as the linear
//! relaxation that says `seat <= outing runs` (Geoffrion 1974). Prices move by projected subgradients with momentum, and
//! the average of what outings pick is the primal answer of that relaxation (Barahona and Anbil 2000).

mod adopt;
mod left;
mod members;
mod moving;
mod prove;

use super::demand;
use super::instance::{Instance, SEATS_EACH};
use super::rows::Rows;
use crate::number::{id, real};
use members::{Member, NO_TWIN};
use moving::Moving;

pub(super) use left::{Left, Room};

/// Below this many pairs a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 60_000;
/// How much more a pass counts in the shares than the one before it.
const FRESHNESS: f32 = 1.01;

/// Whether an outing runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// Not decided: it picks a group or none.
    Free,
    /// It runs and fills its minimum whatever that costs.
    Runs,
    /// It does not run.
    Closed,
}

/// Prices, what they prove, and what outings pick at them.
#[derive(Clone)]
pub(super) struct Groups<'a> {
    instance: &'a Instance,
    rows: Rows,
    threads: usize,
    /// Outings by week, so that the prices of one week stay close at hand; `first` and `members` follow this order.
    order: Vec<u32>,
    first: Vec<u32>,
    members: Vec<Member>,
    /// What outings picked lately, by member; the newest count most.
    picked: Vec<f32>,
    weight: f32,
    weights: f32,
    /// Person and week of each shared week.
    pub(super) twins: Vec<(u32, u32)>,
    /// Capacities left, in the numbering of [`Rows`].
    caps: Vec<u32>,
    room: Vec<Room>,
    pub(super) fate: Vec<Fate>,
    /// How often each outing ran lately, 0 to 1.
    pub(super) runs: Vec<f32>,
    /// Seats each person has already, and the points of all fixed seats.
    had: Vec<u8>,
    points: i64,
    /// Prices: the rows, then a seat of each person, then the shared weeks.
    price: Vec<f32>,
    drift: Vec<f32>,
    pub(super) whole: Vec<i32>,
    /// The prices with the best bound, and that bound.
    pub(super) proof: Vec<i32>,
    pub(super) bound: i64,
}

struct Picks {
    used: Vec<u32>,
    /// By outing in this part: whether it runs, and what its last place is worth.
    outings: Vec<(bool, i32)>,
    value: i64,
}

/// Bonuses of the outings a person does not have yet.
fn bonuses<'i>(instance: &'i Instance, had: &[u8], person: usize) -> &'i [i32] {
    let who = &instance.persons[person];
    let k = usize::from(who.k).min(SEATS_EACH);
    &who.bonus[usize::from(had[person]).min(k)..k]
}

impl<'a> Groups<'a> {
    pub(super) fn new(instance: &'a Instance, rows: Rows, threads: usize) -> Self {
        let people = instance.people();
        let mut order: Vec<u32> = (0..id(instance.outings.len())).collect();
        order.sort_by_key(|&outing| instance.outings[outing as usize].week);
        let twins = members::shared_weeks(instance);
        let (first, members) = members::by_outing(instance, &rows, &order, &twins, rows.len + people);
        let len = rows.len + people + twins.len();
        Self {
            instance,
            rows,
            threads,
            picked: vec![0.0; members.len()],
            weight: 1.0,
            weights: 0.0,
            caps: rows.capacities(instance),
            room: instance.outings.iter().map(|o| Room { min: o.min, max: o.max }).collect(),
            fate: vec![Fate::Free; order.len()],
            runs: vec![0.5; order.len()],
            had: vec![0; people],
            points: 0,
            price: vec![0.0; len],
            drift: vec![0.0; len],
            whole: vec![0; len],
            proof: vec![0; len],
            bound: i64::MAX,
            order,
            first,
            members,
            twins,
        }
    }

    /// Takes over the prices of single seats, in the numbering of [`Rows`]: what they prove, these prove too.
    ///
    /// A person's seat costs what the last seat they would take is worth; a shared week costs what its best pair is worth
    /// beyond that. Both follow from the dual of the person's own choice.
    pub(super) fn start(&mut self, seat: &[i32]) {
        let (instance, rows) = (self.instance, self.rows);
        self.whole[..rows.len].copy_from_slice(seat);
        let entries = demand::entries(instance, &rows, seat);
        let worth = |person: usize, edge: usize| {
            let pair = instance.edges[edge];
            let team_week = rows.of_seat(instance, instance.persons[person].team, pair.outing)[1];
            pair.score * 1024 - entries[pair.outing as usize].price - seat[team_week]
        };
        for person in 0..instance.people() {
            let who = &instance.persons[person];
            let start = rows.team_weeks + who.team as usize * rows.weeks;
            let choice = demand::choose(instance, person, &entries, &seat[start..start + rows.weeks]);
            let next = if choice.count < usize::from(who.k) { -who.bonus[choice.count] * 1024 } else { i32::MAX };
            let last = choice.picks[..choice.count].last().map_or(i32::MAX, |&edge| worth(person, edge as usize));
            let price = last.min(next);
            self.whole[rows.len + person] = if price == i32::MAX { 0 } else { price };
        }
        for (row, &(person, week)) in (rows.len + instance.people()..).zip(&self.twins) {
            let person = person as usize;
            let of_week = instance.span(person).filter(|&e| entries[instance.edges[e].outing as usize].week == week);
            let best = of_week.map(|edge| worth(person, edge)).max().unwrap_or(0);
            self.whole[row] = (best - self.whole[rows.len + person]).max(0);
        }
        for (price, &whole) in self.price.iter_mut().zip(&self.whole) {
            *price = crate::number::points(whole);
        }
        for price in &mut self.price[..rows.team_weeks] {
            *price = 0.0;
        }
    }

    /// One look at every outing and one step of the prices. Returns what the prices before the step prove of what is left.
    pub(super) fn pass(&mut self, step: f32) -> i64 {
        let picks = self.ask();
        let bound = self.value(picks.value);
        if bound < self.bound && self.points == 0 && self.fate.iter().all(|fate| *fate == Fate::Free) {
            self.bound = bound;
            self.proof.copy_from_slice(&self.whole);
        }
        for (&(runs, last), &outing) in picks.outings.iter().zip(&self.order) {
            let usual = &mut self.runs[outing as usize];
            *usual = 0.98 * *usual + if runs { 0.02 } else { 0.0 };
            self.whole[outing as usize] = last;
        }
        self.adjust(&picks.used, step);
        bound
    }

    fn ask(&mut self) -> Picks {
        let mut picked = std::mem::take(&mut self.picked);
        let this = &*self;
        let parts = self.threads.min(1 + self.members.len() / WORTH_A_THREAD);
        let picks = if parts <= 1 {
            this.pick(0..this.order.len(), &mut picked)
        } else {
            this.pick_in_parts(parts, &mut picked)
        };
        self.picked = picked;
        self.weights += self.weight;
        self.weight *= FRESHNESS;
        if self.weight > 1e18 {
            self.weigh_anew();
        }
        picks
    }

    fn pick_in_parts(&self, parts: usize, picked: &mut [f32]) -> Picks {
        let outings = self.order.len();
        let part = outings.div_ceil(parts).max(1);
        std::thread::scope(|scope| {
            let mut rest = picked;
            let mut asked = Vec::new();
            for from in (0..outings).step_by(part) {
                let until = (from + part).min(outings);
                let (mine, others) = rest.split_at_mut((self.first[until] - self.first[from]) as usize);
                rest = others;
                asked.push(scope.spawn(move || self.pick(from..until, mine)));
            }
            let mut all = Picks { used: vec![0; self.whole.len()], outings: Vec::with_capacity(outings), value: 0 };
            for answer in asked {
                // A panic in a part is a defect of ours: pass it on instead of returning half an answer.
                let answer = answer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.value += answer.value;
                all.outings.extend(answer.outings);
                for (sum, more) in all.used.iter_mut().zip(&answer.used) {
                    *sum += more;
                }
            }
            all
        })
    }

    /// The best groups of some outings at these prices.
    fn pick(&self, range: std::ops::Range<usize>, picked: &mut [f32]) -> Picks {
        let mut picks = Picks { used: vec![0; self.whole.len()], outings: Vec::with_capacity(range.len()), value: 0 };
        let mut worth: Vec<(i32, u32)> = Vec::new();
        let mut rest = picked;
        for at in range {
            let members = &self.members[self.first[at] as usize..self.first[at + 1] as usize];
            let (mine, others) = rest.split_at_mut(members.len());
            rest = others;
            let outing = self.order[at] as usize;
            let answer = self.pick_one(outing, members, &mut worth, &mut picks);
            picks.outings.push(answer.map_or((false, 0), |last| (true, last)));
            if answer.is_some() {
                for &(_, place) in &worth {
                    mine[place as usize] += self.weight;
                }
            }
        }
        picks
    }

    /// The best group of one outing, left in `worth`, and what its last place is worth; `None` when it does not run.
    fn pick_one(
        &self,
        outing: usize,
        members: &[Member],
        worth: &mut Vec<(i32, u32)>,
        picks: &mut Picks,
    ) -> Option<i32> {
        let (fate, Room { min, max }) = (self.fate[outing], self.room[outing]);
        let least = usize::from(fate == Fate::Free);
        let (min, max) = ((min as usize).max(least), max as usize);
        worth.clear();
        if fate == Fate::Closed || (fate == Fate::Free && members.len() < min) || max < min {
            return None;
        }
        let min = min.min(members.len());
        let [_, _, nbhd_week, host] = self.rows.of_seat(self.instance, 0, id(outing));
        let entry = self.whole[nbhd_week] + self.whole[host];
        let prices = &*self.whole;
        let seats = &prices[self.rows.len..];
        worth.extend((0_u32..id(members.len())).zip(members).map(|(place, m)| {
            let twin = if m.twin == NO_TWIN { 0 } else { prices[m.twin as usize] };
            (m.score * 1024 - entry - seats[m.person as usize] - prices[m.team_week as usize] - twin, place)
        }));
        let positive = worth.iter().filter(|(value, _)| *value > 0).count();
        let size = positive.max(min).min(max);
        if size == 0 {
            worth.clear();
            return (fate == Fate::Runs).then_some(0);
        }
        if size < worth.len() {
            worth.select_nth_unstable_by(size - 1, |a, b| b.cmp(a));
            worth.truncate(size);
        }
        let total: i64 = worth.iter().map(|&(value, _)| i64::from(value)).sum();
        if fate == Fate::Free && total <= 0 {
            return None;
        }
        picks.value += total;
        picks.used[nbhd_week] += id(size);
        picks.used[host] += id(size);
        let mut last = i32::MAX;
        for &(value, place) in &*worth {
            let m = members[place as usize];
            last = last.min(value);
            picks.used[self.rows.len + m.person as usize] += 1;
            picks.used[m.team_week as usize] += 1;
            if m.twin != NO_TWIN {
                picks.used[m.twin as usize] += 1;
            }
        }
        Some(if size == max || last < 0 { last } else { 0 })
    }

    /// What these prices prove, in points, rounded down since objectives are whole.
    fn value(&self, picked: i64) -> i64 {
        let mut of_people = 0_i64;
        for (person, &price) in self.seat_prices().iter().enumerate() {
            for &bonus in bonuses(self.instance, &self.had, person) {
                of_people += (i64::from(price) + i64::from(bonus) * 1024).max(0);
            }
        }
        let mut total = i128::from(picked) + i128::from(of_people);
        for (&price, &cap) in self.whole.iter().zip(&self.caps).skip(self.rows.team_weeks) {
            total += i128::from(price) * i128::from(cap);
        }
        // Fewer than 2^32 prices below 2^31 each: the sum fits.
        let of_twins: i64 = self.whole[self.rows.len + self.instance.people()..].iter().copied().map(i64::from).sum();
        total += i128::from(of_twins);
        self.points + i64::try_from(total.div_euclid(i128::from(crate::PRICE_UNIT))).unwrap_or(i64::MAX)
    }

    fn seat_prices(&self) -> &[i32] {
        &self.whole[self.rows.len..self.rows.len + self.instance.people()]
    }

    fn adjust(&mut self, used: &[u32], step: f32) {
        let (instance, had, caps) = (self.instance, &self.had, &self.caps);
        let (first, people, twins) = (self.rows.team_weeks, self.rows.len, self.rows.len + instance.people());
        let all = Moving { price: &mut self.price, drift: &mut self.drift, whole: &mut self.whole, step };
        let (mut own, shared) = all.split_at(twins);
        for row in first..people {
            own.one(row, used[row], real(caps[row]), 0.0);
        }
        for person in 0..instance.people() {
            let row = people + person;
            let price = i64::from(own.whole[row]);
            let left = bonuses(instance, had, person);
            let wanted = left.iter().filter(|&&b| price + i64::from(b) * 1024 > 0).count();
            let floor = -crate::number::points(instance.persons[person].bonus[0].saturating_mul(1024));
            own.one(row, used[row], real(id(wanted)), floor);
        }
        shared.all(&used[twins..], 1.0);
    }

    /// Forgets the shares so far.
    pub(super) fn forget_shares(&mut self) {
        self.picked.fill(0.0);
        self.weight = 1.0;
        self.weights = 0.0;
    }

    fn weigh_anew(&mut self) {
        let weight = self.weight;
        for picked in &mut self.picked {
            *picked /= weight;
        }
        self.weights /= weight;
        self.weight = 1.0;
    }

    /// How often each pair was picked lately, with its person, the surest first.
    pub(super) fn shares(&self) -> Vec<(f32, u32, u32)> {
        let share = |(m, picked): (&Member, &f32)| (*picked / self.weights.max(1e-9), m.person, m.pair);
        let mut shares: Vec<_> = self.members.iter().zip(&self.picked).map(share).collect();
        shares.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        shares
    }

    pub(super) const fn instance(&self) -> &'a Instance {
        self.instance
    }

    /// Pairs that may still be picked.
    pub(super) const fn left(&self) -> usize {
        self.members.len()
    }

    /// Leaves what fixed seats leave: pairs that are still open, room, capacities, and points already made.
    pub(super) fn narrow(&mut self, left: &impl Left) {
        let (mut write, mut from) = (0, 0);
        for at in 0..self.order.len() {
            let until = self.first[at + 1] as usize;
            for member in from..until {
                let m = self.members[member];
                if left.open(m.person, m.pair) {
                    self.members[write] = m;
                    write += 1;
                }
            }
            from = until;
            self.first[at + 1] = id(write);
        }
        self.members.truncate(write);
        self.picked.truncate(write);
        self.forget_shares();
        for (outing, room) in self.room.iter_mut().enumerate() {
            *room = left.room(outing);
        }
        for row in self.rows.team_weeks..self.rows.len {
            self.caps[row] = left.places(row);
        }
        for (person, had) in self.had.iter_mut().enumerate() {
            *had = left.had(person);
        }
        self.points = left.points();
    }
}
