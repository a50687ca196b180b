//! Who may go on each outing: the instance's pairs, sorted by outing instead of by person. May use the instance only;
//! promises every pair once.

use super::instance::Instance;
use crate::number::id;

/// The people of every outing: for each outing the pairs that lead to it.
pub(super) struct Wishes {
    first: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl Wishes {
    pub(super) fn of(instance: &Instance) -> Self {
        let mut first = vec![0_u32; instance.outings.len() + 1];
        for pair in &instance.edges {
            first[pair.outing as usize + 1] += 1;
        }
        for outing in 0..instance.outings.len() {
            first[outing + 1] += first[outing];
        }
        let mut next = first.clone();
        let mut pairs = vec![(0, 0); instance.edges.len()];
        for person in 0..instance.people() {
            for edge in instance.span(person) {
                let place = &mut next[instance.edges[edge].outing as usize];
                pairs[*place as usize] = (id(person), id(edge));
                *place += 1;
            }
        }
        Self { first, pairs }
    }

    /// Person and pair of everybody who may go on this outing.
    pub(super) fn of_outing(&self, outing: u32) -> &[(u32, u32)] {
        &self.pairs[self.first[outing as usize] as usize..self.first[outing as usize + 1] as usize]
    }
}
