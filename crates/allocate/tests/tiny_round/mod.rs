//! A tiny round from a seed, with every allowed answer tried to find the best.

use std::path::Path;

use crate::tiny::{self, Dice, Table, within};

/// A tiny round: people (team, k, three bonuses), outings (week, nbhd, host, min, max), caps, pairs (person, outing, score).
#[derive(Clone)]
pub(crate) struct Tiny {
    pub(crate) people: Vec<[usize; 5]>,
    pub(crate) outings: Vec<[usize; 5]>,
    pub(crate) teams: Vec<usize>,
    pub(crate) nbhds: Vec<usize>,
    pub(crate) hosts: Vec<usize>,
    pub(crate) pairs: Vec<[usize; 3]>,
}

impl Tiny {
    pub(crate) fn draw(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut some = |low, high, make: &mut dyn FnMut(&mut Dice) -> usize| -> Vec<usize> {
            let count = dice.roll(low, high);
            (0..count).map(|_| make(&mut dice)).collect()
        };
        let teams = some(1, 2, &mut |dice| dice.roll(0, 2));
        let nbhds = some(1, 2, &mut |dice| dice.roll(1, 3));
        let hosts = some(1, 2, &mut |dice| dice.roll(1, 4));
        let person = |dice: &mut Dice| {
            let b3 = dice.roll(0, 3);
            let b2 = b3 + dice.roll(0, 9);
            [dice.roll(0, teams.len() - 1), dice.roll(0, 3), b2 + dice.roll(0, 60), b2, b3]
        };
        let people: Vec<_> = (0..dice.roll(1, 5)).map(|_| person(&mut dice)).collect();
        let outing = |dice: &mut Dice| {
            let max = dice.roll(0, 3);
            [dice.roll(0, 2), dice.roll(0, nbhds.len() - 1), dice.roll(0, hosts.len() - 1), dice.roll(0, max), max]
        };
        let outings: Vec<_> = (0..dice.roll(1, 4)).map(|_| outing(&mut dice)).collect();
        let mut pairs = Vec::new();
        for person in 0..people.len() {
            for outing in 0..outings.len() {
                if pairs.len() < 10 && dice.roll(0, 2) > 0 {
                    pairs.push([person, outing, dice.roll(1, 40)]);
                }
            }
        }
        Self { people, outings, teams, nbhds, hosts, pairs }
    }

    pub(crate) fn write(&self, dir: &Path) {
        let caps = |name, header, caps: &[usize], width: usize| Table {
            name,
            header,
            rows: caps.iter().enumerate().map(|(id, &cap)| [vec![id], vec![0; width], vec![cap]].concat()).collect(),
        };
        let people = self.people.iter().enumerate();
        let outings = self.outings.iter().enumerate();
        let tables = [
            Table {
                name: "people.csv",
                header: "person,team,dept,grade,k,weeks_since_out,b1,b2,b3",
                rows: people.map(|(id, [team, k, b1, b2, b3])| vec![id, *team, 0, 0, *k, 0, *b1, *b2, *b3]).collect(),
            },
            Table {
                name: "outings.csv",
                header: "outing,week,nbhd,host,min,max,topic,accessible",
                rows: outings.map(|(id, o)| [vec![id], o.to_vec(), vec![0, 1]].concat()).collect(),
            },
            caps("teams.csv", "team,dept,size,cap", &self.teams, 2),
            caps("nbhds.csv", "nbhd,district,cap", &self.nbhds, 1),
            caps("hosts.csv", "host,cap", &self.hosts, 0),
            Table {
                name: "edges.csv",
                header: "person,outing,score,rank",
                rows: self.pairs.iter().map(|[person, outing, score]| vec![*person, *outing, *score, 1]).collect(),
            },
        ];
        let counts = [
            ("people", self.people.len()),
            ("teams", self.teams.len()),
            ("outings", self.outings.len()),
            ("nbhds", self.nbhds.len()),
            ("hosts", self.hosts.len()),
            ("edges", self.pairs.len()),
        ];
        tiny::write(dir, "round", &counts, &tables);
    }

    /// The points of these pairs, or nothing when they break a rule.
    pub(crate) fn points(&self, taken: &[usize]) -> Option<usize> {
        let seats: Vec<[usize; 3]> = taken.iter().map(|&pair| self.pairs[pair]).collect();
        let week = |outing: usize| self.outings[outing][0];
        let nth = |person: usize| seats.iter().filter(|seat| seat[0] == person).count();
        let in_outing = |outing: usize| seats.iter().filter(|seat| seat[1] == outing).count();
        let fits = within(seats.iter().map(|s| (s[0], week(s[1]))), |_| 1)
            && (0..self.people.len()).all(|person| nth(person) <= self.people[person][1])
            && within(seats.iter().map(|s| (self.people[s[0]][0], week(s[1]))), |team| self.teams[team])
            && within(seats.iter().map(|s| (self.outings[s[1]][1], week(s[1]))), |nbhd| self.nbhds[nbhd])
            && within(seats.iter().map(|s| (self.outings[s[1]][2], 0)), |host| self.hosts[host])
            && self
                .outings
                .iter()
                .enumerate()
                .all(|(id, o)| in_outing(id) == 0 || (o[3]..=o[4]).contains(&in_outing(id)));
        let bonus = |person: usize| self.people[person][2..2 + nth(person)].iter().sum::<usize>();
        fits.then(|| seats.iter().map(|s| s[2]).sum::<usize>() + (0..self.people.len()).map(bonus).sum::<usize>())
    }
}
