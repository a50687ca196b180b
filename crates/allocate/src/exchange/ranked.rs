//! An exchange by ranks instead of points: nobody can gain by stating other wishes than their own. May use instance and
//! randomness; promises rings that keep every cap, found in an order that `verify` can follow.
//!
//! Method: two-sided top trading cycles (Dur and Unver 2019, "Two-sided matching via balanced exchange"). Each city points
//! at the first of its own people by priority, each person at the best post still to be had; whoever stands on a ring
//! goes. Priority is the bonus (who has waited longest), ties by a lottery that the seed fixes. Wishes are ranked by score.

use super::instance::{FREE, Instance};
use crate::number::id;

/// Rings in the order in which they formed, each as edges of the instance.
pub(super) fn trade(instance: &Instance, seed: u64) -> Vec<Vec<u32>> {
    let mut fair = Fair::new(instance, seed);
    let mut rings = Vec::new();
    loop {
        fair.close();
        let formed = fair.rings();
        if formed.is_empty() {
            return rings;
        }
        for ring in formed {
            fair.go(&ring);
            rings.push(ring);
        }
    }
}

/// The person's number in the lottery of this seed: `SplitMix64` of both.
pub(super) fn lot(seed: u64, person: u32) -> u64 {
    crate::random::Random::new(seed.wrapping_add(u64::from(person).wrapping_mul(0xD1B5_4A32_D192_ED03))).bits()
}

struct Fair<'a> {
    instance: &'a Instance,
    /// Everybody's edges, best first.
    wishes: Vec<Vec<u32>>,
    /// How many of the wishes can no longer be had.
    past: Vec<usize>,
    /// Each city's people, the first by priority at the end, so that the next is popped.
    people: Vec<Vec<u32>>,
    open: Vec<bool>,
    post_left: Vec<i64>,
    out_left: Vec<i64>,
    pair_left: Vec<i64>,
}

impl<'a> Fair<'a> {
    fn new(instance: &'a Instance, seed: u64) -> Self {
        let mut people = vec![Vec::new(); instance.max_out.len()];
        let mut wishes = Vec::with_capacity(instance.people());
        for person in 0..instance.people() {
            people[instance.staff[person].city as usize].push(id(person));
            let mut own: Vec<u32> = instance.span(person).map(id).collect();
            own.sort_by_key(|&edge| {
                let edge = instance.edges[edge as usize];
                (-edge.score, edge.post)
            });
            wishes.push(own);
        }
        for own in &mut people {
            own.sort_by_key(|&person| (instance.staff[person as usize].bonus, lot(seed, person), person));
        }
        Self {
            past: vec![0; instance.people()],
            wishes,
            people,
            open: vec![true; instance.max_out.len()],
            post_left: instance.posts.iter().map(|post| post.cap).collect(),
            out_left: instance.max_out.clone(),
            pair_left: instance.pairs.iter().map(|pair| pair.cap).collect(),
            instance,
        }
    }

    fn city_of(&self, edge: u32) -> usize {
        self.instance.posts[self.instance.edges[edge as usize].post as usize].city as usize
    }

    fn can_be_had(&self, edge: u32) -> bool {
        let to = self.instance.edges[edge as usize];
        let pair = to.pair == FREE || self.pair_left[to.pair as usize] > 0;
        pair && self.post_left[to.post as usize] > 0 && self.open[self.city_of(edge)]
    }

    /// The best the person can still have. What cannot be had now never can again, so nothing is looked at twice.
    fn best(&mut self, person: u32) -> Option<u32> {
        let who = person as usize;
        while let Some(&edge) = self.wishes[who].get(self.past[who]) {
            if self.can_be_had(edge) {
                return Some(edge);
            }
            self.past[who] += 1;
        }
        None
    }

    /// What the first of the city's people who can have anything would take.
    fn offer(&mut self, city: usize) -> Option<u32> {
        if self.out_left[city] <= 0 {
            return None;
        }
        while let Some(&person) = self.people[city].last() {
            if let Some(edge) = self.best(person) {
                return Some(edge);
            }
            self.people[city].pop();
        }
        None
    }

    /// Closes cities that can send nobody more: they can receive nobody more either.
    fn close(&mut self) {
        loop {
            let before = self.open.iter().filter(|open| **open).count();
            for city in 0..self.open.len() {
                self.open[city] = self.open[city] && self.offer(city).is_some();
            }
            if self.open.iter().filter(|open| **open).count() == before {
                return;
            }
        }
    }

    /// All rings of the moment. Every open city points somewhere open, so there is one as long as any city is open.
    fn rings(&mut self) -> Vec<Vec<u32>> {
        let cities = self.open.len();
        let points: Vec<Option<u32>> =
            (0..cities).map(|city| if self.open[city] { self.offer(city) } else { None }).collect();
        let mut seen = vec![usize::MAX; cities];
        let mut rings = Vec::new();
        for start in 0..cities {
            let mut city = start;
            while seen[city] == usize::MAX {
                seen[city] = start;
                let Some(edge) = points[city] else { break };
                city = self.city_of(edge);
            }
            if seen[city] == start && points[city].is_some() {
                rings.push(self.around(city, &points));
            }
        }
        rings
    }

    fn around(&self, start: usize, points: &[Option<u32>]) -> Vec<u32> {
        let mut ring = Vec::new();
        let mut city = start;
        while let Some(edge) = points[city] {
            ring.push(edge);
            city = self.city_of(edge);
            if city == start {
                break;
            }
        }
        ring
    }

    fn go(&mut self, ring: &[u32]) {
        let mut home = ring.last().map_or(0, |&edge| self.city_of(edge));
        for &edge in ring {
            let to = self.instance.edges[edge as usize];
            self.people[home].pop();
            self.out_left[home] -= 1;
            self.post_left[to.post as usize] -= 1;
            if let Some(left) = self.pair_left.get_mut(to.pair as usize) {
                *left -= 1;
            }
            home = self.city_of(edge);
        }
    }
}
