//! What fixed seats leave of a round, with a look ahead: a seat is fixed only when every outing that must run can still
//! fill its minimum. May use the seating and the groups' words for it; promises that no rule but a minimum is ever broken,
//! and that a minimum is given up only where nobody is left who could come.

use super::groups::{Fate, Left, Room};
use super::seating::Seating;
use super::wishes::Wishes;
use crate::number::id;

/// Fixed seats, and who could still come where.
pub(super) struct Residual<'a> {
    pub(super) seating: Seating<'a>,
    fate: Vec<Fate>,
    wishes: Wishes,
    /// By pair: whether the person and their team still allow it.
    alive: Vec<bool>,
    /// By outing: pairs alive.
    eligible: Vec<u32>,
    /// By outing: seats it lacks to run.
    need: Vec<u32>,
    /// By row of neighbourhood-weeks and hosts: seats that outings there lack to run.
    reserved: Vec<u32>,
    team: Vec<Vec<u32>>,
    /// Pairs that end with the seat looked at.
    gone: Vec<u32>,
}

impl<'a> Residual<'a> {
    /// Nothing is fixed yet. Outings that must run but have too few places around them are closed, the least sure first.
    pub(super) fn new(seating: Seating<'a>, fate: &[Fate], runs: &[f32]) -> Self {
        let instance = seating.instance;
        let mut team = vec![Vec::new(); instance.team_caps.len()];
        for person in 0..instance.people() {
            team[instance.persons[person].team as usize].push(id(person));
        }
        let wishes = Wishes::of(instance);
        let rows = seating.row.len();
        let mut residual = Self {
            eligible: (0..id(instance.outings.len())).map(|o| id(wishes.of_outing(o).len())).collect(),
            need: vec![0; instance.outings.len()],
            reserved: vec![0; rows],
            alive: vec![true; instance.edges.len()],
            fate: fate.to_vec(),
            gone: Vec::new(),
            seating,
            wishes,
            team,
        };
        residual.reserve(runs);
        residual
    }

    fn reserve(&mut self, runs: &[f32]) {
        let instance = self.seating.instance;
        let mut order: Vec<usize> = (0..instance.outings.len()).filter(|&o| self.fate[o] == Fate::Runs).collect();
        order.sort_by(|&a, &b| runs[b].total_cmp(&runs[a]).then(a.cmp(&b)));
        for outing in order {
            let min = instance.outings[outing].min;
            let [own, _, nbhd, host] = self.seating.rows_of_outing(outing);
            let fits = [nbhd, host].iter().all(|&row| self.reserved[row] + min <= self.seating.row[row].limit);
            if fits && min <= self.eligible[outing] && min <= self.seating.row[own].limit {
                self.need[outing] = min;
                self.reserved[nbhd] += min;
                self.reserved[host] += min;
            } else {
                self.fate[outing] = Fate::Closed;
            }
        }
    }

    /// Which outings run.
    pub(super) fn fates(&self) -> &[Fate] {
        &self.fate
    }

    /// Whether the rules leave room for this seat, those kept free for outings that need them included.
    fn fits(&self, person: usize, pair: u32) -> bool {
        let outing = self.seating.instance.edges[pair as usize].outing as usize;
        if !self.alive[pair as usize] || self.fate[outing] != Fate::Runs || !self.seating.has_room(person) {
            return false;
        }
        let [own, team_week, nbhd, host] = self.seating.rows_of(person, pair);
        let spare = u32::from(self.need[outing] == 0);
        let kept = |row: usize| self.seating.row[row].used + self.reserved[row] + spare <= self.seating.row[row].limit;
        !self.seating.full(own) && !self.seating.full(team_week) && kept(nbhd) && kept(host)
    }

    /// Fixes a seat, unless that would break a rule or leave an outing without enough people.
    pub(super) fn fix(&mut self, person: u32, pair: u32) {
        if !self.fits(person as usize, pair) {
            return;
        }
        self.find_consequences(person as usize, pair);
        if self.bearable(self.outing_of(pair)) {
            self.sit(person, pair);
        }
    }

    fn outing_of(&self, pair: u32) -> usize {
        self.seating.instance.edges[pair as usize].outing as usize
    }

    /// Takes the seat with the consequences found.
    fn sit(&mut self, person: u32, pair: u32) {
        let outing = self.outing_of(pair);
        self.seating.sit(person as usize, pair);
        if self.need[outing] > 0 {
            self.need[outing] -= 1;
            let [_, _, nbhd, host] = self.seating.rows_of_outing(outing);
            self.reserved[nbhd] -= 1;
            self.reserved[host] -= 1;
        }
        let mut gone = std::mem::take(&mut self.gone);
        gone.push(pair);
        for &pair in &gone {
            self.alive[pair as usize] = false;
            let outing = self.outing_of(pair);
            self.eligible[outing] -= 1;
        }
        self.gone = gone;
    }

    /// Pairs that end with this seat besides itself: the person's own, and the team's when its week is full then.
    fn find_consequences(&mut self, person: usize, pair: u32) {
        let instance = self.seating.instance;
        let week = self.seating.week_of(pair);
        let done = self.seating.count[person] + 1 >= instance.persons[person].k;
        let mut gone = std::mem::take(&mut self.gone);
        gone.clear();
        let week_of = |edge: usize| instance.outings[instance.edges[edge].outing as usize].week;
        for edge in instance.span(person) {
            if edge != pair as usize && self.alive[edge] && (done || week_of(edge) == week) {
                gone.push(id(edge));
            }
        }
        let team_week = self.seating.row[self.seating.rows_of(person, pair)[1]];
        if team_week.used + 1 >= team_week.limit {
            for &colleague in &self.team[instance.persons[person].team as usize] {
                if colleague as usize == person {
                    continue;
                }
                let ends = |&edge: &usize| self.alive[edge] && week_of(edge) == week;
                gone.extend(instance.span(colleague as usize).filter(ends).map(id));
            }
        }
        self.gone = gone;
    }

    /// Whether every outing that still needs people could do without the pairs that would go.
    fn bearable(&self, seated: usize) -> bool {
        let lost_by = |outing: usize| id(self.gone.iter().filter(|&&pair| self.outing_of(pair) == outing).count());
        self.gone.iter().all(|&pair| {
            let at = self.outing_of(pair);
            if self.need[at] == 0 {
                return true;
            }
            let own = u32::from(at == seated);
            self.eligible[at] >= lost_by(at) + self.need[at].max(own)
        })
    }

    /// Outings that need everybody who could still come get them; and so on, until nothing is forced.
    pub(super) fn fix_forced(&mut self) {
        for _ in 0..8 {
            let mut any = false;
            for outing in 0..self.need.len() {
                if self.need[outing] == 0 || self.eligible[outing] > self.need[outing] {
                    continue;
                }
                for at in 0..self.wishes.of_outing(id(outing)).len() {
                    let (person, pair) = self.wishes.of_outing(id(outing))[at];
                    if self.fits(person as usize, pair) {
                        self.find_consequences(person as usize, pair);
                        self.sit(person, pair);
                        any = true;
                    }
                }
            }
            if !any {
                break;
            }
        }
    }
}

impl Left for Residual<'_> {
    fn open(&self, person: u32, pair: u32) -> bool {
        self.fits(person as usize, pair)
    }

    fn room(&self, outing: usize) -> Room {
        let row = self.seating.row[outing];
        Room { min: self.need[outing], max: row.limit - row.used }
    }

    fn places(&self, row: usize) -> u32 {
        self.seating.row[row].limit - self.seating.row[row].used
    }

    fn had(&self, person: usize) -> u8 {
        self.seating.count[person]
    }

    fn points(&self) -> i64 {
        self.seating.objective
    }
}
