//! Counts anew who gets out, by group. May use nothing of the solver; promises a plain sentence for every wrong count.

use std::collections::{BTreeMap, BTreeSet};

use super::verify::Tables;
use crate::json::Value;
use crate::recheck::Failures;

/// Checks the certificate's shares of each team, department, grade and quarter of waiting.
pub(super) fn check(tables: &Tables, claims: &Value, seats: &[(i64, i64)], failures: &mut Failures) {
    let served: BTreeSet<i64> = seats.iter().map(|(person, _)| *person).collect();
    let wishing: BTreeSet<i64> = tables.pairs().map(|(person, ..)| person).collect();
    let mut waited: Vec<i64> = wishing.iter().map(|person| tables.groups(*person)[3]).collect();
    waited.sort_unstable();
    let quarter = |weeks: i64| {
        let above = (1..4).filter_map(|part| waited.get(waited.len() * part / 4)).filter(|cut| weeks >= **cut).count();
        i64::try_from(above).unwrap_or(0)
    };
    let group = |kind: usize, person: i64| {
        let of = tables.groups(person);
        if kind == 3 { quarter(of[3]) } else { of[kind] }
    };
    for (kind, name) in ["teams", "departments", "grades", "waiting"].into_iter().enumerate() {
        let mut counts: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        for &person in &wishing {
            let (people, with_seat) = counts.entry(group(kind, person)).or_default();
            *people += 1;
            *with_seat += i64::from(served.contains(&person));
        }
        let found: Vec<[i64; 3]> = counts.into_iter().map(|(id, (people, seats))| [id, people, seats]).collect();
        let claimed = claims.get("fairness").and_then(|value| value.get(name)).and_then(Value::tuples);
        if claimed != Some(found) {
            failures.add(format!("The certificate's shares by {name} are not those of the solution."));
        }
    }
}
