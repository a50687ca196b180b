//! Versions of one thing, each naming those it follows. The versions that nothing follows are its *heads*: one when it was
//! edited one after the other, several when two phones edited it apart. Which are the heads depends on what has arrived and
//! never on the order in which it did (a multi-value register, as in Shapiro et al., "A comprehensive study of convergent
//! and commutative replicated data types", INRIA 2011).

use std::collections::BTreeSet;

/// The heads among versions given as (id, those it follows), in the order given.
pub fn heads<T: Copy + Ord>(versions: &[(T, Vec<T>)]) -> Vec<T> {
    let followed: BTreeSet<T> = versions.iter().flat_map(|(_, follows)| follows.iter().copied()).collect();
    versions.iter().map(|(id, _)| *id).filter(|id| !followed.contains(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_heads_are_the_same_in_whatever_order_versions_arrive(
            parents in proptest::collection::vec(proptest::collection::vec(any::<proptest::sample::Index>(), 0..3), 1..20),
            order in any::<u64>(),
        ) {
            // Each version follows only versions made before it, as on a phone.
            let mut versions: Vec<(usize, Vec<usize>)> = parents
                .iter()
                .enumerate()
                .map(|(id, follows)| (id, if id == 0 { Vec::new() } else { follows.iter().map(|f| f.index(id)).collect() }))
                .collect();
            let mut expected = heads(&versions);
            let turn = usize::try_from(order % versions.len() as u64).expect("small");
            versions.rotate_left(turn);
            let mut found = heads(&versions);
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert!(!found.is_empty());
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_version_that_follows_all_heads_is_the_only_one(n in 1usize..8) {
            let mut versions: Vec<(usize, Vec<usize>)> = (0..n).map(|id| (id, Vec::new())).collect();
            versions.push((n, heads(&versions)));
            prop_assert_eq!(heads(&versions), vec![n]);
        }
    }
}
