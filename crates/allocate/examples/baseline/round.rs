//! First come, first served: whoever has waited longest takes the best outing that is still free, then everybody takes a
//! second, then a third. Outings below their minimum are cancelled; `restarted` begins again from scratch without them, as
//! often as it takes.

use std::cmp::Reverse;
use std::path::Path;

use super::{Failure, table};

/// The files of a round.
pub(crate) struct City {
    people: Vec<[usize; 9]>,
    outings: Vec<[usize; 8]>,
    teams: Vec<[usize; 4]>,
    nbhds: Vec<[usize; 3]>,
    hosts: Vec<[usize; 2]>,
    /// By person and rank: outing and score.
    wishes: Vec<[usize; 4]>,
    first: Vec<usize>,
    weeks: usize,
}

/// Seats taken in every row.
struct Used {
    outing: Vec<usize>,
    team_week: Vec<usize>,
    nbhd_week: Vec<usize>,
    host: Vec<usize>,
}

/// Person and outing of every seat.
pub(crate) type Seats = Vec<(usize, usize)>;

impl City {
    pub(crate) fn read(dir: &Path) -> Result<Self, Failure> {
        let people: Vec<[usize; 9]> = table(dir, "people.csv")?;
        let outings: Vec<[usize; 8]> = table(dir, "outings.csv")?;
        let wishes: Vec<[usize; 4]> = table(dir, "edges.csv")?;
        let first = (0..=people.len()).map(|id| wishes.partition_point(|wish| wish[0] < id)).collect();
        let weeks = outings.iter().map(|outing| outing[1] + 1).max().unwrap_or(0);
        let (teams, nbhds, hosts) = (table(dir, "teams.csv")?, table(dir, "nbhds.csv")?, table(dir, "hosts.csv")?);
        Ok(Self { people, outings, teams, nbhds, hosts, wishes, first, weeks })
    }

    /// Once, with what is too small cancelled in the end.
    pub(crate) fn greedy(&self) -> Seats {
        let (mut seats, used) = self.serve(&vec![true; self.outings.len()]);
        seats.retain(|(_, outing)| used[*outing] >= self.outings[*outing][4]);
        seats
    }

    /// Again from scratch without what was too small, until nothing is.
    pub(crate) fn restarted(&self) -> Seats {
        let mut runs = vec![true; self.outings.len()];
        loop {
            let (seats, used) = self.serve(&runs);
            let short: Vec<usize> =
                (0..runs.len()).filter(|&outing| used[outing] > 0 && used[outing] < self.outings[outing][4]).collect();
            if short.is_empty() {
                return seats;
            }
            for outing in short {
                runs[outing] = false;
            }
        }
    }

    /// The seats, and how many of them each outing has.
    fn serve(&self, runs: &[bool]) -> (Seats, Vec<usize>) {
        let mut used = Used {
            outing: vec![0; self.outings.len()],
            team_week: vec![0; self.teams.len() * self.weeks],
            nbhd_week: vec![0; self.nbhds.len() * self.weeks],
            host: vec![0; self.hosts.len()],
        };
        let mut order: Vec<usize> = (0..self.people.len()).collect();
        order.sort_by_key(|&person| Reverse(self.people[person][5]));
        let mut taken: Vec<Vec<usize>> = vec![Vec::new(); self.people.len()];
        for nth in 0..3 {
            for &person in order.iter().filter(|&&person| self.people[person][4] > nth) {
                let wishes = &self.wishes[self.first[person]..self.first[person + 1]];
                let mut wanted = wishes.iter().map(|wish| wish[1]).filter(|&outing| runs[outing]);
                if let Some(outing) = wanted.find(|&outing| self.fits(person, outing, &taken[person], &used)) {
                    self.take(person, outing, &mut used);
                    taken[person].push(outing);
                }
            }
        }
        let seats = taken.iter().enumerate().flat_map(|(person, all)| all.iter().map(move |&outing| (person, outing)));
        (seats.collect(), used.outing)
    }

    fn rows(&self, person: usize, outing: usize) -> [usize; 4] {
        let [_, week, nbhd, host, ..] = self.outings[outing];
        [outing, self.people[person][1] * self.weeks + week, nbhd * self.weeks + week, host]
    }

    fn fits(&self, person: usize, outing: usize, taken: &[usize], used: &Used) -> bool {
        let [o, team_week, nbhd_week, host] = self.rows(person, outing);
        let week = self.outings[outing][1];
        taken.iter().all(|&other| self.outings[other][1] != week)
            && used.outing[o] < self.outings[outing][5]
            && used.team_week[team_week] < self.teams[self.people[person][1]][3]
            && used.nbhd_week[nbhd_week] < self.nbhds[self.outings[outing][2]][2]
            && used.host[host] < self.hosts[host][1]
    }

    fn take(&self, person: usize, outing: usize, used: &mut Used) {
        let [o, team_week, nbhd_week, host] = self.rows(person, outing);
        used.outing[o] += 1;
        used.team_week[team_week] += 1;
        used.nbhd_week[nbhd_week] += 1;
        used.host[host] += 1;
    }
}
