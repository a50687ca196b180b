//! Rings of at most so many cities, for cities that ask for it. May use instance, pace and randomness; promises rings that
//! keep every cap. With a limit on length the problem is NP-hard (Abraham, Blum and Sandholm 2007), so that the bound is
//! that of rings of any length, and the answer a good one: the best ring first, then some taken out and filled anew.

use super::instance::{FREE, Instance};
use crate::limits::{Pace, Phase, Until};
use crate::number::id;
use crate::random::Random;

/// One ring in so many is taken out in a trial.
const TAKEN_OUT: u32 = 5;
/// How much less a ring may seem worth in a trial, in parts of 1024, so that trials differ.
const BLUR: u32 = 160;

/// The best rings found until the phase is over.
pub(super) fn rings(instance: &Instance, longest: usize, pace: &mut Pace<'_>, until: Until) -> Vec<Vec<u32>> {
    pace.enter(Phase::Search, until);
    let mut random = Random::new(pace.seed());
    let mut state = State::new(instance, longest.max(2));
    state.fill(None, pace);
    let (mut best, mut points) = (state.rings.clone(), state.points());
    pace.objective = Some(points);
    while pace.tick().is_some() {
        state.take_out(&mut random);
        state.fill(Some(&mut random), pace);
        if state.points() > points {
            (best, points) = (state.rings.clone(), state.points());
            pace.objective = Some(points);
        } else {
            state.restore(&best);
        }
    }
    best
}

struct State<'a> {
    instance: &'a Instance,
    longest: usize,
    /// Edges from one city to another, best first: `from * cities + to`.
    between: Vec<Vec<u32>>,
    owner: Vec<u32>,
    free: Vec<bool>,
    post_left: Vec<i64>,
    out_left: Vec<i64>,
    pair_left: Vec<i64>,
    rings: Vec<Vec<u32>>,
}

impl<'a> State<'a> {
    fn new(instance: &'a Instance, longest: usize) -> Self {
        let cities = instance.max_out.len();
        let mut between = vec![Vec::new(); cities * cities];
        let mut owner = Vec::with_capacity(instance.edges.len());
        for person in 0..instance.people() {
            for edge in instance.span(person) {
                owner.push(id(person));
                let to = instance.posts[instance.edges[edge].post as usize].city as usize;
                between[instance.staff[person].city as usize * cities + to].push(id(edge));
            }
        }
        for edges in &mut between {
            edges.sort_by_key(|&edge| (-instance.worth(owner[edge as usize] as usize, edge as usize), edge));
        }
        let mut state = Self {
            instance,
            longest,
            between,
            owner,
            free: Vec::new(),
            post_left: Vec::new(),
            out_left: Vec::new(),
            pair_left: Vec::new(),
            rings: Vec::new(),
        };
        state.restore(&[]);
        state
    }

    fn worth(&self, edge: u32) -> i64 {
        self.instance.worth(self.owner[edge as usize] as usize, edge as usize)
    }

    fn points(&self) -> i64 {
        self.rings.iter().flatten().map(|&edge| self.worth(edge)).sum()
    }

    fn restore(&mut self, rings: &[Vec<u32>]) {
        self.free = vec![true; self.instance.people()];
        self.post_left = self.instance.posts.iter().map(|post| post.cap).collect();
        self.out_left.clone_from(&self.instance.max_out);
        self.pair_left = self.instance.pairs.iter().map(|pair| pair.cap).collect();
        self.rings = rings.to_vec();
        for ring in rings {
            for &edge in ring {
                self.book(edge, true);
            }
        }
    }

    /// Takes the edge's places, or gives them back.
    fn book(&mut self, edge: u32, taken: bool) {
        let person = self.owner[edge as usize] as usize;
        let to = self.instance.edges[edge as usize];
        let change = if taken { -1 } else { 1 };
        self.free[person] = !taken;
        self.post_left[to.post as usize] += change;
        self.out_left[self.instance.staff[person].city as usize] += change;
        if let Some(left) = self.pair_left.get_mut(to.pair as usize) {
            *left += change;
        }
    }

    fn possible(&self, edge: u32) -> bool {
        let to = self.instance.edges[edge as usize];
        self.free[self.owner[edge as usize] as usize]
            && self.post_left[to.post as usize] > 0
            && (to.pair == FREE || self.pair_left[to.pair as usize] > 0)
    }

    fn take_out(&mut self, random: &mut Random) {
        let (out, stay) =
            std::mem::take(&mut self.rings).into_iter().partition::<Vec<_>, _>(|_| random.once_in(TAKEN_OUT));
        self.rings = stay;
        for edge in out.into_iter().flatten() {
            self.book(edge, false);
        }
    }

    /// Adds the best ring there is until there is none. With `random` what seems best differs from time to time.
    fn fill(&mut self, mut random: Option<&mut Random>, pace: &mut Pace<'_>) {
        let mut blur = vec![1024_i64; self.between.len()];
        if let Some(random) = &mut random {
            for part in &mut blur {
                *part -= i64::try_from(random.below(BLUR)).unwrap_or(0);
            }
        }
        // Where the first possible edge lies; rings only take places away here, so that it never moves back.
        let mut first = vec![0_usize; self.between.len()];
        while let Some(ring) = self.best_ring(&mut first, &blur) {
            for &edge in &ring {
                self.book(edge, true);
            }
            self.rings.push(ring);
            if !pace.wanted() {
                return;
            }
        }
    }

    /// The ring worth most: for every start the best walk of one city more, at most `longest` times.
    fn best_ring(&self, first: &mut [usize], blur: &[i64]) -> Option<Vec<u32>> {
        let cities = self.out_left.len();
        let best: Vec<Option<(i64, u32)>> = (0..self.between.len())
            .map(|pair| self.best_between(pair, &mut first[pair]).map(|edge| (self.worth(edge) * blur[pair], edge)))
            .collect();
        let mut found: Option<(i64, Vec<u32>)> = None;
        for start in 0..cities {
            self.walk_from(start, &best, &mut found);
        }
        found.map(|(_, ring)| ring)
    }

    fn best_between(&self, pair: usize, first: &mut usize) -> Option<u32> {
        if self.out_left[pair / self.out_left.len()] <= 0 {
            return None;
        }
        while let Some(&edge) = self.between[pair].get(*first) {
            if self.possible(edge) {
                return Some(edge);
            }
            *first += 1;
        }
        None
    }

    /// Walks that begin at `start` and only pass cities after it, so that each ring is seen once.
    fn walk_from(&self, start: usize, best: &[Option<(i64, u32)>], found: &mut Option<(i64, Vec<u32>)>) {
        let cities = self.out_left.len();
        let mut reach: Vec<Option<(i64, Vec<usize>)>> = vec![None; cities];
        reach[start] = Some((0, vec![start]));
        for _ in 1..=self.longest {
            let mut next: Vec<Option<(i64, Vec<usize>)>> = vec![None; cities];
            for (points, way) in reach.iter().flatten() {
                let at = way[way.len() - 1];
                for to in start..cities {
                    let Some((worth, _)) = best[at * cities + to] else { continue };
                    let total = points + worth;
                    if to == start {
                        if found.as_ref().is_none_or(|(most, _)| total > *most) {
                            *found = Some((total, Self::edges(way, best, cities)));
                        }
                    } else if !way.contains(&to) && next[to].as_ref().is_none_or(|(most, _)| total > *most) {
                        let mut longer = way.clone();
                        longer.push(to);
                        next[to] = Some((total, longer));
                    }
                }
            }
            reach = next;
        }
    }

    fn edges(way: &[usize], best: &[Option<(i64, u32)>], cities: usize) -> Vec<u32> {
        let next = way.iter().skip(1).chain(way.first());
        way.iter().zip(next).filter_map(|(&from, &to)| best[from * cities + to].map(|(_, edge)| edge)).collect()
    }
}
