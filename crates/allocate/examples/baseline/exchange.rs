//! Two-way swaps alone: somebody from the one city against somebody from the other, the best two first, as long as posts,
//! cities and ways have room. No longer rings.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::path::Path;

use super::{Failure, table};

/// From one city to another.
type Way = (usize, usize);

/// The files of an exchange, and what is taken of it.
pub(crate) struct Swaps {
    leave: Vec<usize>,
    places: Vec<usize>,
    caps: BTreeMap<Way, usize>,
    placed: Vec<bool>,
    /// By way, the best last: points, person, post.
    wishes: BTreeMap<Way, Vec<(usize, usize, usize)>>,
}

impl Swaps {
    pub(crate) fn read(dir: &Path) -> Result<Self, Failure> {
        let cities: Vec<[usize; 2]> = table(dir, "cities.csv")?;
        let posts: Vec<[usize; 3]> = table(dir, "posts.csv")?;
        let staff: Vec<[usize; 4]> = table(dir, "staff.csv")?;
        let caps: Vec<[usize; 3]> = table(dir, "pairs.csv")?;
        let edges: Vec<[usize; 3]> = table(dir, "edges.csv")?;
        let mut wishes: BTreeMap<Way, Vec<(usize, usize, usize)>> = BTreeMap::new();
        for [person, post, score] in edges {
            let way = (staff[person][1], posts[post][1]);
            wishes.entry(way).or_default().push((score + staff[person][3], person, post));
        }
        for list in wishes.values_mut() {
            list.sort_unstable();
        }
        Ok(Self {
            leave: cities.iter().map(|city| city[1]).collect(),
            places: posts.iter().map(|post| post[2]).collect(),
            caps: caps.iter().map(|pair| ((pair[0], pair[1]), pair[2])).collect(),
            placed: vec![false; staff.len()],
            wishes,
        })
    }

    /// Person and post of everybody who is placed.
    pub(crate) fn all(mut self) -> Vec<(usize, usize)> {
        let ways: BTreeSet<Way> = self.wishes.keys().map(|&(from, to)| (from.min(to), from.max(to))).collect();
        let mut best: BinaryHeap<(usize, Way)> = BinaryHeap::new();
        for way in ways {
            best.extend(self.best(way).map(|(points, _)| (points, way)));
        }
        let mut taken = Vec::new();
        while let Some((promised, way)) = best.pop() {
            let Some((points, two)) = self.best(way) else { continue };
            if points == promised {
                self.take(way, two);
                taken.extend(two);
            }
            best.extend(self.best(way).map(|(points, _)| (points, way)));
        }
        taken.sort_unstable();
        taken
    }

    /// The best swap between these two cities that still fits: its points, and person and post of both.
    fn best(&mut self, (a, b): Way) -> Option<(usize, [(usize, usize); 2])> {
        let room = |way| self.caps.get(&way).is_none_or(|cap| *cap > 0);
        if self.leave[a] == 0 || self.leave[b] == 0 || !room((a, b)) || !room((b, a)) {
            return None;
        }
        let (there, back) = (self.first((a, b))?, self.first((b, a))?);
        Some((there.0 + back.0, [(there.1, there.2), (back.1, back.2)]))
    }

    fn first(&mut self, way: Way) -> Option<(usize, usize, usize)> {
        let list = self.wishes.get_mut(&way)?;
        while list.last().is_some_and(|&(_, person, post)| self.placed[person] || self.places[post] == 0) {
            list.pop();
        }
        list.last().copied()
    }

    fn take(&mut self, (a, b): Way, two: [(usize, usize); 2]) {
        for (way, (person, post)) in [(a, b), (b, a)].into_iter().zip(two) {
            self.placed[person] = true;
            self.places[post] -= 1;
            self.leave[way.0] -= 1;
            if let Some(cap) = self.caps.get_mut(&way) {
                *cap -= 1;
            }
        }
    }
}
