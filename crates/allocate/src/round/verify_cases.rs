//! Checks that the cases of a proof leave nothing out, and what each proves. May use the verifier's tables; promises that a
//! bound comes only from cases that together are every case.

use std::collections::HashMap;

use super::verify::{Prices, Tables};
use crate::json::Value;

/// More decisions than this in one case are no proof of ours.
const MOST_DECISIONS: usize = 1_000;

/// What the cases prove together, or the prices alone where there are none.
pub(super) fn bound(tables: &Tables, claims: &Value) -> Result<i64, String> {
    let missing = || "The certificate's cases are missing or not as they should be.".to_owned();
    let whole = Prices::read(tables, claims)?;
    let cases = claims.get("cases").and_then(Value::as_list).ok_or_else(missing)?;
    if cases.is_empty() {
        return Ok(tables.bound(&whole, &HashMap::new()));
    }
    let decided = |case: &Value| case.get("decided").and_then(Value::tuples::<2>).ok_or_else(missing);
    let decided = cases.iter().map(decided).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<&[[i64; 2]]> = decided.iter().map(Vec::as_slice).collect();
    if !complete(&all, 0) {
        return Err("The certificate's cases leave something out.".to_owned());
    }
    let mut most = i64::MIN;
    for (case, decided) in cases.iter().zip(&decided) {
        let runs = decided.iter().map(|[outing, runs]| (*outing, *runs == 1)).collect();
        most = most.max(tables.bound(&Prices::read(tables, case)?, &runs));
    }
    Ok(most)
}

/// Whether these decisions, alike so far, are the leaves of a tree: one that decides nothing more, or all decide the same
/// outing next, some one way and some the other, and so on.
fn complete(cases: &[&[[i64; 2]]], depth: usize) -> bool {
    let Some(first) = cases.first() else { return false };
    let Some([outing, _]) = first.get(depth) else { return cases.len() == 1 };
    let side = |way: i64| -> Vec<&[[i64; 2]]> {
        cases.iter().copied().filter(|case| case.get(depth) == Some(&[*outing, way])).collect()
    };
    let (closed, runs) = (side(0), side(1));
    depth < MOST_DECISIONS
        && closed.len() + runs.len() == cases.len()
        && complete(&closed, depth + 1)
        && complete(&runs, depth + 1)
}

#[cfg(test)]
mod tests {
    use super::complete;

    #[test]
    fn only_cases_that_are_every_case_are_a_proof() {
        let whole: [&[[i64; 2]]; 3] = [&[[4, 0]], &[[4, 1], [2, 0]], &[[4, 1], [2, 1]]];
        assert!(complete(&whole, 0) && complete(&[&[]], 0));
        for missing in 0..3 {
            let rest: Vec<_> = (0..3).filter(|case| *case != missing).map(|case| whole[case]).collect();
            assert!(!complete(&rest, 0), "without case {missing}");
        }
        let other: [&[[i64; 2]]; 3] = [&[[4, 0]], &[[4, 1], [2, 0]], &[[4, 1], [3, 1]]];
        assert!(!complete(&other, 0) && !complete(&[&[], &[]], 0) && !complete(&[], 0));
        assert!(!complete(&[&[[4, 0]], &[[4, 2]]], 0));
    }
}
