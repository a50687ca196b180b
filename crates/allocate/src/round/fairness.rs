//! Who gets out, by group: the shares that tell whether a plan is fair. May use the instance; promises counts only.

use std::collections::BTreeMap;

use super::certificate::Solution;
use super::instance::Instance;

/// For each group `[group, people with a wish, people with a seat]`, groups without a wish left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fairness {
    /// By team.
    pub teams: Vec<[i64; 3]>,
    /// By department.
    pub departments: Vec<[i64; 3]>,
    /// By grade.
    pub grades: Vec<[i64; 3]>,
    /// By quarter of waiting, 0 for those who were out last to 3 for those who have waited longest. People who have waited
    /// equally long are in the same quarter.
    pub waiting: Vec<[i64; 3]>,
}

impl Fairness {
    /// Names of its lists in the certificate, in the order of [`Self::lists`].
    pub(super) const NAMES: [&'static str; 4] = ["teams", "departments", "grades", "waiting"];

    pub(super) const fn lists(&self) -> [&Vec<[i64; 3]>; 4] {
        [&self.teams, &self.departments, &self.grades, &self.waiting]
    }

    pub(super) fn of(instance: &Instance, solution: &Solution) -> Self {
        let mut served = vec![false; instance.people()];
        for &(person, _) in &solution.seats {
            served[person as usize] = true;
        }
        let wishing: Vec<usize> = (0..instance.people()).filter(|&person| !instance.span(person).is_empty()).collect();
        let cuts = cuts(wishing.iter().map(|&person| instance.groups[person].waited).collect());
        let by = |group: &dyn Fn(usize) -> u32| {
            let mut counts: BTreeMap<u32, [i64; 2]> = BTreeMap::new();
            for &person in &wishing {
                let [people, with_seat] = counts.entry(group(person)).or_default();
                *people += 1;
                *with_seat += i64::from(served[person]);
            }
            counts.into_iter().map(|(group, [people, seats])| [i64::from(group), people, seats]).collect()
        };
        Self {
            teams: by(&|person| instance.persons[person].team),
            departments: by(&|person| instance.groups[person].department),
            grades: by(&|person| instance.groups[person].grade),
            waiting: by(&|person| {
                (0_u32..)
                    .zip(&cuts)
                    .filter(|(_, cut)| instance.groups[person].waited >= **cut)
                    .count()
                    .try_into()
                    .unwrap_or(0)
            }),
        }
    }
}

/// From how many weeks on somebody belongs to the second, third and fourth quarter.
fn cuts(mut waited: Vec<u32>) -> Vec<u32> {
    waited.sort_unstable();
    (1..4).filter_map(|quarter| waited.get(waited.len() * quarter / 4).copied()).collect()
}
