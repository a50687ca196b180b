//! Grows neighbourhoods from seeds over the land, and districts from neighbourhoods, so that each is one piece on its
//! bank of the river; islets too small to stand alone join the nearest one. Promises every cell on land has an owner.

use super::honeycomb::{Honeycomb, WATER};
use super::terrain::{Terrain, UNCLAIMED};
use super::{Quarter, apart, middle};
use crate::rng::{Rng, whole};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Land smaller than this many cells gets no neighbourhood of its own.
const ISLET: usize = 30;

/// A neighbourhood before it has a name.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    pub(crate) middle: (f64, f64),
    pub(crate) quarter: Quarter,
    pub(crate) district: usize,
}

/// The order in which areas are numbered.
#[derive(Debug)]
pub(crate) struct Order {
    /// Areas in their final order.
    pub(crate) areas: Vec<usize>,
    /// The place of each area in that order.
    pub(crate) rank: Vec<usize>,
}

/// Gives every cell on land to one of about `wanted` neighbourhoods; the last one is an enclave inside another.
pub(crate) fn neighbourhoods(comb: &mut Honeycomb, terrain: &Terrain, wanted: usize, rng: &mut Rng) -> Vec<Area> {
    let patches = comb.patches(|c| comb.labels()[c] == UNCLAIMED);
    let mut seeds = sow(comb, &patches, wanted.saturating_sub(1), rng);
    claim(comb, terrain, &seeds);
    for _ in 0..2 {
        centre(comb, &mut seeds);
        claim(comb, terrain, &seeds);
    }
    join_islets(comb, &patches, &seeds);
    let park = enclave(comb, seeds.len());
    let mut places: Vec<Vec<(f64, f64)>> = vec![Vec::new(); seeds.len() + 1];
    for cell in comb.cells() {
        if let Some(place) = places.get_mut(comb.labels()[cell]) {
            place.push(comb.middle(cell));
        }
    }
    let mut areas: Vec<Area> = places
        .iter()
        .map(|cells| middle(cells))
        .map(|middle| Area { middle, quarter: terrain.quarter(middle), district: 0 })
        .collect();
    match areas.last_mut() {
        Some(last) if park => last.quarter = Quarter::Park,
        _ => drop(areas.pop()),
    }
    areas
}

/// Seeds spread evenly, closer together in the middle of the city; each larger piece of land has at least one.
fn sow(comb: &Honeycomb, patches: &[Vec<usize>], wanted: usize, rng: &mut Rng) -> Vec<usize> {
    let fields: Vec<&Vec<usize>> = patches.iter().filter(|p| p.len() >= ISLET).collect();
    let all: Vec<usize> = fields.iter().flat_map(|p| p.iter().copied()).collect();
    let mut seeds: Vec<usize> = fields.iter().map(|p| p[p.len() / 2]).collect();
    let room = |cell: usize, seeds: &[usize]| {
        let here = comb.middle(cell);
        let size = 0.75 + apart(here, (0.0, 0.0)) / 9_000.0;
        seeds.iter().map(|s| apart(here, comb.middle(*s))).fold(f64::MAX, f64::min) / size
    };
    while seeds.len() < wanted {
        let mut best = (-1.0, all[0]);
        for _ in 0..12 {
            let cell = *rng.pick(&all);
            let space = room(cell, &seeds);
            if space > best.0 {
                best = (space, cell);
            }
        }
        seeds.push(best.1);
    }
    seeds
}

/// Every cell goes to the seed that reaches it first, walking slowly over ridges and never over water.
fn claim(comb: &mut Honeycomb, terrain: &Terrain, seeds: &[usize]) {
    for cell in comb.cells() {
        if comb.labels()[cell] != WATER {
            comb.set(cell, UNCLAIMED);
        }
    }
    let mut front: BinaryHeap<Reverse<(i64, usize, usize)>> =
        seeds.iter().enumerate().map(|(label, cell)| Reverse((0, *cell, label))).collect();
    while let Some(Reverse((walked, cell, label))) = front.pop() {
        if comb.labels()[cell] != UNCLAIMED {
            continue;
        }
        comb.set(cell, label);
        for near in comb.around(cell).into_iter().flatten() {
            if comb.labels()[near] == UNCLAIMED {
                let step = 1_000.0 + 1_300.0 * terrain.ridge(comb.middle(near));
                front.push(Reverse((walked + whole(step), near, label)));
            }
        }
    }
}

/// Moves each seed to the middle of what it claimed, which makes the areas rounder and more alike in size.
fn centre(comb: &Honeycomb, seeds: &mut [usize]) {
    let mut claimed: Vec<Vec<usize>> = vec![Vec::new(); seeds.len()];
    for cell in comb.cells() {
        if let Some(cells) = claimed.get_mut(comb.labels()[cell]) {
            cells.push(cell);
        }
    }
    for (seed, cells) in seeds.iter_mut().zip(&claimed) {
        let points: Vec<(f64, f64)> = cells.iter().map(|c| comb.middle(*c)).collect();
        let heart = middle(&points);
        let nearest = cells.iter().min_by_key(|c| (whole(apart(comb.middle(**c), heart)), **c));
        *seed = nearest.copied().unwrap_or(*seed);
    }
}

/// Islets without a seed belong to the neighbourhood whose seed is nearest.
fn join_islets(comb: &mut Honeycomb, patches: &[Vec<usize>], seeds: &[usize]) {
    for islet in patches.iter().filter(|p| p.len() < ISLET) {
        let here = comb.middle(islet[0]);
        let nearest = (0..seeds.len()).min_by_key(|s| whole(apart(here, comb.middle(seeds[*s]))));
        for cell in islet {
            comb.set(*cell, nearest.unwrap_or(0));
        }
    }
}

/// Cuts a park of seven cells (or one, where the map is small) out of the neighbourhood with the deepest inside.
fn enclave(comb: &mut Honeycomb, label: usize) -> bool {
    let same = |c: usize, l: usize| comb.around(c).iter().all(|n| n.is_some_and(|n| comb.labels()[n] == l));
    let land: Vec<usize> = comb.cells().filter(|c| comb.labels()[*c] != WATER).collect();
    let mut inside: BTreeSet<usize> = land.iter().copied().filter(|c| same(*c, comb.labels()[*c])).collect();
    let mut deepest = (0, inside.first().copied());
    for depth in 1..12 {
        let next: BTreeSet<usize> = inside
            .iter()
            .copied()
            .filter(|c| comb.around(*c).iter().all(|n| n.is_some_and(|n| inside.contains(&n))))
            .collect();
        let Some(first) = next.iter().min_by_key(|c| whole(apart(comb.middle(**c), (0.0, 0.0)))) else { break };
        deepest = (depth, Some(*first));
        inside = next;
    }
    let Some(heart) = deepest.1 else { return false };
    let ring = comb.around(heart);
    comb.set(heart, label);
    if deepest.0 >= 2 {
        ring.into_iter().flatten().for_each(|c| comb.set(c, label));
    }
    true
}

/// Groups areas into districts, the smallest growing first; returns how many there are.
pub(crate) fn districts(comb: &Honeycomb, areas: &mut [Area], wanted: usize, rng: &mut Rng) -> usize {
    let beside = neighbours(comb, areas.len());
    let heads = spread(areas, wanted, rng);
    let mut owner: Vec<Option<usize>> = vec![None; areas.len()];
    let mut sizes = vec![1_usize; heads.len()];
    for (d, head) in heads.iter().enumerate() {
        owner[*head] = Some(d);
    }
    let mut open: Vec<bool> = vec![true; heads.len()];
    while let Some(d) = (0..heads.len()).filter(|d| open[*d]).min_by_key(|d| (sizes[*d], *d)) {
        let heart = areas[heads[d]].middle;
        let next = (0..areas.len())
            .filter(|a| owner[*a].is_none() && beside[*a].iter().any(|n| owner[*n] == Some(d)))
            .min_by_key(|a| (whole(apart(areas[*a].middle, heart)), *a));
        if let Some(area) = next {
            owner[area] = Some(d);
            sizes[d] += 1;
        } else {
            open[d] = false;
        }
    }
    for a in 0..areas.len() {
        let here = areas[a].middle;
        let nearest = (0..heads.len()).min_by_key(|d| whole(apart(areas[heads[*d]].middle, here)));
        areas[a].district = owner[a].or(nearest).unwrap_or(0);
    }
    heads.len()
}

fn neighbours(comb: &Honeycomb, areas: usize) -> Vec<BTreeSet<usize>> {
    let mut beside = vec![BTreeSet::new(); areas];
    for cell in comb.cells() {
        let label = comb.labels()[cell];
        for near in comb.around(cell).into_iter().flatten() {
            let other = comb.labels()[near];
            if label < areas && other < areas && label != other {
                beside[label].insert(other);
            }
        }
    }
    beside
}

/// Areas far from each other, the innermost first.
fn spread(areas: &[Area], wanted: usize, rng: &mut Rng) -> Vec<usize> {
    let start = (0..areas.len()).min_by_key(|a| whole(apart(areas[*a].middle, (0.0, 0.0))));
    let mut heads = vec![start.unwrap_or(0)];
    while heads.len() < wanted.min(areas.len()) {
        let gap = |a: usize| {
            let near = heads.iter().map(|h| apart(areas[a].middle, areas[*h].middle)).fold(f64::MAX, f64::min);
            let edge = 1.0 + apart(areas[a].middle, (0.0, 0.0)) / 8_000.0;
            whole(near / edge)
        };
        let choices: Vec<usize> = (0..areas.len()).collect();
        let best = (0..30).map(|_| *rng.pick(&choices)).max_by_key(|a| (gap(*a), *a)).unwrap_or(0);
        if heads.contains(&best) {
            continue;
        }
        heads.push(best);
    }
    heads.sort_by_key(|a| (whole(apart(areas[*a].middle, (0.0, 0.0))), *a));
    heads
}

/// Numbers areas district by district, inside each from north to south.
pub(crate) fn number(areas: &[Area], districts: usize) -> Order {
    let mut list: Vec<usize> = (0..areas.len()).collect();
    list.sort_by_key(|a| (areas[*a].district.min(districts), Reverse(whole(areas[*a].middle.1)), *a));
    let mut rank = vec![0; areas.len()];
    for (place, area) in list.iter().enumerate() {
        rank[*area] = place;
    }
    Order { areas: list, rank }
}
