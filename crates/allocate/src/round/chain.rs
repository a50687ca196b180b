//! Ejection chains (Glover 1996; Yagiura, Ibaraki and Glover 2004) guided by prices: a person takes a seat, those in the
//! way move on, a place left empty is filled again. May use the seating; promises that a chain that is undone leaves the
//! seating exactly as it was, and that one that is kept breaks no rule.

use super::instance::SEATS_EACH;
use super::seating::{EMPTY, Seating};
use super::wishes::Wishes;
use crate::number::id;
use crate::random::Random;

/// Most candidates looked at to fill a place.
const CANDIDATES: usize = 12;

#[derive(Clone, Copy)]
enum Task {
    /// Find this person another seat, not in this outing.
    Place { person: usize, not: u32 },
    /// Find somebody for this outing.
    Fill { outing: u32 },
}

enum Step {
    Sat { person: usize, pair: u32 },
    Left { person: usize, pair: u32 },
}

/// The seating and everything a chain needs to move through it.
pub(super) struct Chains<'a> {
    pub(super) seating: Seating<'a>,
    wishes: Wishes,
    pub(super) random: Random,
    /// Best and second-best reduced value of each person's pairs, and which pair is best.
    outlook: Vec<(i32, i32, u32)>,
    /// The chain in which a person last sat down: not to be moved again in the same one.
    moved: Vec<u32>,
    chain: u32,
    tasks: Vec<Task>,
    steps: Vec<Step>,
    short: Vec<u32>,
    opening: u32,
    /// How far choices may stray from what the prices advise, in price units.
    pub(super) noise: u32,
    /// A chain that has lost more than this against what the prices promise is given up, in price units.
    pub(super) budget: i32,
    /// What a second displacement for the same seat costs besides its price: chains that branch seldom end well.
    pub(super) branching: i32,
    /// What this chain has lost so far against what the prices promise.
    slack: i32,
}

impl<'a> Chains<'a> {
    pub(super) fn new(seating: Seating<'a>, seed: u64) -> Self {
        let instance = seating.instance;
        let mut chains = Self {
            wishes: Wishes::of(instance),
            random: Random::new(seed),
            outlook: Vec::new(),
            moved: vec![0; instance.people()],
            chain: 0,
            tasks: Vec::new(),
            steps: Vec::new(),
            short: Vec::new(),
            opening: EMPTY,
            noise: 1,
            budget: i32::MAX,
            branching: 0,
            slack: 0,
            seating,
        };
        chains.look_out();
        chains
    }

    /// Notes what each person's best alternatives are worth, among the outings that run now.
    pub(super) fn look_out(&mut self) {
        let instance = self.seating.instance;
        self.outlook.clear();
        self.outlook.reserve(instance.people());
        for person in 0..instance.people() {
            let mut best = (i32::MIN / 2, i32::MIN / 2, EMPTY);
            for edge in instance.span(person) {
                if self.seating.row[instance.edges[edge].outing as usize].used == 0 {
                    continue;
                }
                let worth = self.seating.reduced(person, id(edge));
                if worth > best.0 {
                    best = (worth, best.0, id(edge));
                } else if worth > best.1 {
                    best.1 = worth;
                }
            }
            self.outlook.push(best);
        }
    }

    /// Starts a chain. Every chain ends with `keep` or `undo`.
    pub(super) fn begin(&mut self) {
        self.chain = self.chain.wrapping_add(1);
        self.tasks.clear();
        self.steps.clear();
        self.short.clear();
        self.opening = EMPTY;
        self.slack = 0;
    }

    /// Takes every step of this chain back.
    pub(super) fn undo(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Sat { person, pair } => {
                    if let Some(seat) = self.seating.seat_of(person, pair) {
                        self.seating.leave(seat);
                    }
                }
                Step::Left { person, pair } => self.seating.sit(person, pair),
            }
        }
    }

    fn sit(&mut self, person: usize, pair: u32) {
        self.seating.sit(person, pair);
        self.moved[person] = self.chain;
        self.steps.push(Step::Sat { person, pair });
    }

    fn leave(&mut self, seat: usize) -> u32 {
        let pair = self.seating.leave(seat);
        let outing = self.seating.instance.edges[pair as usize].outing;
        self.steps.push(Step::Left { person: seat / SEATS_EACH, pair });
        if self.seating.row[outing as usize].used < self.seating.instance.outings[outing as usize].min {
            self.short.push(outing);
        }
        outing
    }

    /// A person looks for a better seat, or for one more.
    pub(super) fn improve(&mut self, person: usize, length: usize) -> bool {
        let mut not = EMPTY;
        let taken = self.seating.count[person];
        if taken > 0 && (!self.seating.has_room(person) || self.random.once_in(4)) {
            let start = person * SEATS_EACH;
            let nth = self.random.below(u32::from(taken));
            let Some(seat) = (start..start + SEATS_EACH).filter(|&seat| self.seating.seat[seat] != EMPTY).nth(nth)
            else {
                return false;
            };
            not = self.leave(seat);
            if !self.random.once_in(3) {
                self.tasks.push(Task::Fill { outing: not });
            }
        }
        if not == EMPTY {
            self.slack -= self.promise(person);
        }
        self.tasks.push(Task::Place { person, not });
        self.run(length)
    }

    /// Somebody is sought for an outing that runs and has room.
    pub(super) fn fill(&mut self, outing: u32, length: usize) -> bool {
        self.tasks.push(Task::Fill { outing });
        self.run(length)
    }

    /// Everybody in an outing has to find another.
    pub(super) fn cancel(&mut self, outing: u32, length: usize) -> bool {
        while let Some(&seat) = self.seating.in_row(outing as usize).last() {
            self.leave(seat as usize);
            self.tasks.push(Task::Place { person: seat as usize / SEATS_EACH, not: outing });
        }
        self.short.clear();
        let length = length + 2 * self.tasks.len();
        self.run(length)
    }

    /// An outing that does not run is filled up to its minimum.
    pub(super) fn open(&mut self, outing: u32, length: usize) -> bool {
        self.opening = outing;
        let min = self.seating.instance.outings[outing as usize].min.max(1);
        if min > self.seating.row[outing as usize].limit {
            return false;
        }
        self.short.push(outing);
        self.run(length + 3 * min as usize)
    }

    /// Works the tasks off, then fills what fell below its minimum. False when the chain cannot be kept.
    fn run(&mut self, mut length: usize) -> bool {
        loop {
            while let Some(task) = self.tasks.pop() {
                if self.slack > self.budget {
                    return false;
                }
                let last = length <= self.tasks.len();
                length = length.saturating_sub(1);
                match task {
                    Task::Place { person, not } => {
                        self.place(person, not, !last);
                    }
                    Task::Fill { outing } if !last => {
                        self.fill_one(outing, false);
                    }
                    Task::Fill { .. } => {}
                }
            }
            let Some(&outing) = self.short.last() else { return true };
            let used = self.seating.row[outing as usize].used;
            let min = self.seating.instance.outings[outing as usize].min.max(1);
            if used >= min || (used == 0 && self.opening != outing) {
                self.short.pop();
            } else if length == 0 || !self.fill_one(outing, true) {
                return false;
            } else {
                length -= 1;
            }
        }
    }

    /// Gives a person the best seat at the prices of full rows; those in the way are sent on.
    fn place(&mut self, person: usize, not: u32, displace: bool) {
        if !self.seating.has_room(person) {
            return;
        }
        let instance = self.seating.instance;
        let bonus = self.seating.next_bonus(person) * 1024;
        let promise = self.promise(person);
        let mut best = (0, EMPTY);
        for edge in instance.span(person) {
            let pair = &instance.edges[edge];
            let top = (pair.score * 1024 + bonus).saturating_add(i32::try_from(self.noise).unwrap_or(0));
            if top <= best.0 || pair.outing == not || self.seating.row[pair.outing as usize].used == 0 {
                continue;
            }
            let mut worth = pair.score * 1024 + bonus;
            let mut free = true;
            for (kind, row) in self.seating.rows_of(person, id(edge)).into_iter().enumerate() {
                if self.seating.full(row) {
                    // Somebody leaving a full outing makes room in its neighbourhood and at its host too, but not in
                    // this person's team.
                    worth -= if kind == 1 && !free { self.branching } else { 0 };
                    free = false;
                    worth -= self.seating.row[row].price.max(0);
                }
            }
            if (!free && !displace) || worth.saturating_add(i32::try_from(self.noise).unwrap_or(0)) <= best.0 {
                continue;
            }
            worth += i32::try_from(self.random.below(self.noise)).unwrap_or(0);
            let week = instance.outings[pair.outing as usize].week;
            if worth > best.0 && self.seating.seat_in_week(person, week).is_none() {
                best = (worth, id(edge));
            }
        }
        if best.1 != EMPTY && self.make_room(person, best.1) {
            self.sit(person, best.1);
            self.slack = self.slack.saturating_add(promise.saturating_sub(best.0));
        } else {
            self.slack = self.slack.saturating_add(promise);
        }
    }

    /// What the prices promise a person for one more seat, in price units.
    pub(super) fn promise(&self, person: usize) -> i32 {
        self.outlook[person].0.saturating_add(self.seating.next_bonus(person) * 1024).max(0)
    }

    /// Sends somebody on in every full row of this seat. False when nobody may be moved.
    fn make_room(&mut self, person: usize, pair: u32) -> bool {
        for row in self.seating.rows_of(person, pair) {
            if self.seating.full(row) {
                let Some(seat) = self.weakest(row) else { return false };
                let not = self.leave(seat);
                self.tasks.push(Task::Place { person: seat / SEATS_EACH, not });
            }
        }
        true
    }

    /// The seat in a row whose owner loses least by moving on, as the prices see it.
    fn weakest(&mut self, row: usize) -> Option<usize> {
        let mut best = (i32::MAX, None);
        let noise = self.noise;
        for place in 0..self.seating.row[row].used as usize {
            let seat = self.seating.in_row(row)[place] as usize;
            if self.moved[seat / SEATS_EACH] == self.chain {
                continue;
            }
            let loss = self.loss(seat).saturating_add(i32::try_from(self.random.below(noise)).unwrap_or(0));
            if loss < best.0 {
                best = (loss, Some(seat));
            }
        }
        best.1
    }

    /// What giving up a seat costs its owner at these prices, the best alternative taken into account.
    fn loss(&self, seat: usize) -> i32 {
        let (person, pair) = (seat / SEATS_EACH, self.seating.seat[seat]);
        let (first, second, which) = self.outlook[person];
        let bonus = self.seating.last_bonus(person) * 1024;
        let other = if which == pair { second } else { first };
        self.seating.reduced(person, pair).saturating_add(bonus) - other.saturating_add(bonus).max(0)
    }

    /// Brings one more person into an outing, by the best of some candidates.
    fn fill_one(&mut self, outing: u32, needed: bool) -> bool {
        let state = self.seating.row[outing as usize];
        if state.used >= state.limit || (state.used == 0 && !needed && self.opening != outing) {
            return false;
        }
        let total = self.wishes.of_outing(outing).len();
        let looks = if needed { 2 * CANDIDATES } else { CANDIDATES };
        let offset = self.random.below(id(total));
        // A stride that shares no factor with most lengths spreads the looks over the people who like this outing.
        let stride = if total > looks { 1 + self.random.below(id(total / looks).max(1)) } else { 1 };
        let mut best = (if needed { i32::MIN } else { 0 }, 0, EMPTY, None);
        for look in 0..looks.min(total) {
            let (person, pair) = self.wishes.of_outing(outing)[(offset + look * stride) % total];
            if let Some((worth, gives_up)) = self.offer(person as usize, pair)
                && worth > best.0
            {
                best = (worth, person as usize, pair, gives_up);
            }
        }
        let (_, person, pair, gives_up) = best;
        if pair == EMPTY {
            return false;
        }
        if let Some(seat) = gives_up {
            let left = self.leave(seat);
            if self.random.once_in(2) {
                self.tasks.push(Task::Fill { outing: left });
            }
        }
        self.moved[person] = self.chain;
        if !self.make_room(person, pair) {
            self.tasks.push(Task::Place { person, not: outing });
            return false;
        }
        self.sit(person, pair);
        true
    }

    /// What it would bring if this person came, and the seat the person would give up for it.
    fn offer(&mut self, person: usize, pair: u32) -> Option<(i32, Option<usize>)> {
        if self.moved[person] == self.chain || self.seating.seat_of(person, pair).is_some() {
            return None;
        }
        let instance = self.seating.instance;
        let mut worth = instance.edges[pair as usize].score * 1024;
        for row in self.seating.rows_of(person, pair) {
            if self.seating.full(row) {
                worth -= self.seating.row[row].price.max(0);
            }
        }
        worth += i32::try_from(self.random.below(self.noise)).unwrap_or(0);
        let clash = self.seating.seat_in_week(person, self.seating.week_of(pair));
        if clash.is_none() && self.seating.has_room(person) {
            return Some((worth + self.seating.next_bonus(person) * 1024, None));
        }
        let start = person * SEATS_EACH;
        let worst = |seating: &Seating<'_>| {
            let taken = (start..start + SEATS_EACH).filter(|&seat| seating.seat[seat] != EMPTY);
            taken.min_by_key(|&seat| seating.reduced(person, seating.seat[seat]))
        };
        let seat = clash.or_else(|| worst(&self.seating))?;
        // A place given up in a full row can serve somebody else: count its price, as the reduced value does.
        let held = self.seating.seat[seat];
        let mut lost = instance.edges[held as usize].score * 1024;
        for row in self.seating.rows_of(person, held) {
            if self.seating.full(row) {
                lost -= self.seating.row[row].price.max(0);
            }
        }
        Some((worth.saturating_sub(lost), Some(seat)))
    }
}
