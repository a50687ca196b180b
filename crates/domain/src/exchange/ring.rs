//! What hangs together: legs from city to city, taken apart into rings, and into chains where a ledger carries the
//! difference. Deterministic, so that everybody sees the same rings.

use std::collections::BTreeMap;

use crate::id::MemberId;

/// Legs that are final together or not at all, by their place in the list, in the order of travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// The legs.
    pub legs: Vec<usize>,
    /// Whether it comes back to where it began. A chain does not: its ends carry the difference in the ledger.
    pub closed: bool,
}

/// Rings as they stand one after the other in the list: each begins where it closes, and none passes a city twice. Legs
/// that close none are taken apart as [`rings`] does.
pub fn in_order(legs: &[(MemberId, MemberId)]) -> Vec<Ring> {
    let (mut found, mut loose, mut at) = (Vec::new(), Vec::new(), 0);
    while at < legs.len() {
        let start = legs[at].0;
        let follows = |n: &usize| *n + 1 < legs.len() && legs[*n].1 == legs[*n + 1].0 && legs[*n].1 != start;
        let mut last = at;
        while follows(&last) {
            last += 1;
        }
        if legs[last].1 == start {
            found.push(Ring { legs: (at..=last).collect(), closed: true });
            at = last + 1;
        } else {
            loose.push(at);
            at += 1;
        }
    }
    let rest: Vec<(MemberId, MemberId)> = loose.iter().map(|at| legs[*at]).collect();
    let named = |ring: Ring| Ring { legs: ring.legs.iter().map(|at| loose[*at]).collect(), ..ring };
    found.extend(rings(&rest).into_iter().map(named));
    found
}

/// Takes legs apart: as many rings as there are, then chains. Every leg is in exactly one.
pub fn rings(legs: &[(MemberId, MemberId)]) -> Vec<Ring> {
    let mut left: BTreeMap<MemberId, Vec<usize>> = BTreeMap::new();
    for (at, (from, _)) in legs.iter().enumerate().rev() {
        left.entry(*from).or_default().push(at);
    }
    let mut found = Vec::new();
    let mut loose = Vec::new();
    for first in 0..legs.len() {
        let mut path: Vec<usize> = Vec::new();
        let taken = |left: &mut BTreeMap<MemberId, Vec<usize>>, at: MemberId| left.get_mut(&at).and_then(Vec::pop);
        let mut at = legs[first].0;
        loop {
            if let Some(start) = path.iter().position(|leg| legs[*leg].0 == at) {
                found.push(Ring { legs: path.split_off(start), closed: true });
            }
            match taken(&mut left, at) {
                Some(leg) => {
                    path.push(leg);
                    at = legs[leg].1;
                }
                // Nobody leaves from here any more: the last step is on no ring.
                None => match path.pop() {
                    Some(leg) => {
                        loose.push(leg);
                        at = legs[leg].0;
                    }
                    None => break,
                },
            }
        }
    }
    found.extend(chains(legs, loose));
    for ring in &mut found {
        // A ring begins at its first leg in the list, whoever was looked at first.
        if ring.closed {
            let first = ring.legs.iter().enumerate().min_by_key(|(_, leg)| **leg).map_or(0, |(at, _)| at);
            ring.legs.rotate_left(first);
        }
    }
    found.sort_by_key(|ring| (!ring.closed, ring.legs.first().copied()));
    found
}

/// What is on no ring has no way back, so following it ends: from where more leave than arrive, as far as it goes.
fn chains(legs: &[(MemberId, MemberId)], mut loose: Vec<usize>) -> Vec<Ring> {
    loose.sort_unstable();
    let mut chains = Vec::new();
    while !loose.is_empty() {
        let enters = |member: MemberId, loose: &[usize]| loose.iter().filter(|leg| legs[**leg].1 == member).count();
        let start = loose.iter().position(|leg| enters(legs[*leg].0, &loose) == 0).unwrap_or(0);
        let mut chain = vec![loose.remove(start)];
        while let Some(next) =
            loose.iter().position(|leg| chain.last().is_some_and(|last| legs[*last].1 == legs[*leg].0))
        {
            chain.push(loose.remove(next));
        }
        chains.push(Ring { legs: chain, closed: false });
    }
    chains
}
