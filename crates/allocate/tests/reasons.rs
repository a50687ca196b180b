//! What a person is promised about the reason they are given: it is true, and the verifier knows it without the solver.

mod tiny;
mod tiny_round;

use std::fs;

use freerange_allocate::Limits;
use freerange_allocate::round::{
    Instance, Limit, Reason, Scarcity, Solution, explain, scarce, solve, verify_reasons, write_reasons,
};
use proptest::prelude::*;
use tempfile::TempDir;
use tiny_round::Tiny;

struct Told {
    dir: TempDir,
    instance: Instance,
    solution: Solution,
    reasons: Vec<Reason>,
}

impl Told {
    fn of(tiny: &Tiny) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let instance = Instance::read(dir.path()).expect("the instance is sound");
        let limits = Limits { iterations: Some(40), ..Limits::default() };
        let solution = solve(&instance, &limits, &mut |_| true).solution;
        solution.write(&dir.path().join("solution.csv")).expect("the temporary folder can be written");
        let reasons = explain(&instance, &solution);
        Self { dir, instance, solution, reasons }
    }

    fn failures(&self, reasons: &[Reason]) -> Vec<String> {
        let file = self.dir.path().join("reasons.csv");
        write_reasons(reasons, &file).expect("the temporary folder can be written");
        verify_reasons(self.dir.path(), &self.dir.path().join("solution.csv"), &file)
    }

    /// The seats as pairs of the tiny round.
    fn taken(&self, tiny: &Tiny) -> Vec<usize> {
        let place = |&(person, outing): &(u32, u32)| {
            tiny.pairs.iter().position(|pair| (pair[0], pair[1]) == (person as usize, outing as usize))
        };
        self.solution.seats.iter().filter_map(place).collect()
    }
}

/// The same round with one place more where this limit stood in the person's way.
fn relieved(tiny: &Tiny, limit: Limit, person: usize, outing: usize) -> Tiny {
    let mut more = tiny.clone();
    match limit {
        Limit::Full => more.outings[outing][4] += 1,
        Limit::Team => more.teams[tiny.people[person][0]] += 1,
        Limit::Place => more.nbhds[tiny.outings[outing][1]] += 1,
        Limit::Host => more.hosts[tiny.outings[outing][2]] += 1,
        Limit::NotRunning => more.outings[outing][3] = 1,
        Limit::Group => more.outings.iter_mut().for_each(|outing| outing[3] = outing[3].min(1)),
    }
    more
}

/// Whether the person could have this too, or instead of a seat they would rather give up.
fn could_have(tiny: &Tiny, taken: &[usize], person: usize, pair: usize) -> bool {
    let own: Vec<usize> = taken.iter().copied().filter(|&seat| tiny.pairs[seat][0] == person).collect();
    let worse = own.into_iter().filter(|&seat| pair < seat && tiny.pairs[pair][2] > tiny.pairs[seat][2]);
    worse.map(Some).chain([None]).any(|given| {
        let mut seats: Vec<usize> = taken.iter().copied().filter(|seat| Some(*seat) != given).collect();
        seats.push(pair);
        tiny.points(&seats).is_some()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_reason_is_true_and_the_verifier_says_so(seed: u64) {
        let tiny = Tiny::draw(seed);
        let told = Told::of(&tiny);
        prop_assert_eq!(told.failures(&told.reasons), Vec::<String>::new());
        let taken = told.taken(&tiny);
        for reason in &told.reasons {
            let Some(missed) = &reason.missed else { continue };
            let (person, outing) = (reason.person as usize, missed.outing as usize);
            let pair = tiny.pairs.iter().position(|pair| (pair[0], pair[1]) == (person, outing)).expect("a wish");
            prop_assert!(!missed.limits.is_empty(), "nothing stood in the way of {missed:?}");
            prop_assert!(!could_have(&tiny, &taken, person, pair), "{reason:?} could have been met");
            if let [limit] = missed.limits[..] {
                let more = relieved(&tiny, limit, person, outing);
                prop_assert!(could_have(&more, &taken, person, pair), "one more would not have helped: {reason:?}");
            }
        }
    }

    #[test]
    fn another_reason_than_the_true_one_is_refused(seed: u64, person: usize, how in 0..5) {
        let told = Told::of(&Tiny::draw(seed));
        let mut reasons = told.reasons.clone();
        let person = person % reasons.len();
        let reason = &mut reasons[person];
        match (how, &mut reason.missed) {
            (0, _) => reason.seats += 1,
            (1, _) => reason.best_rank += 1,
            (2, Some(missed)) => missed.limits = if missed.limits == [Limit::Team] { vec![Limit::Host] } else { vec![Limit::Team] },
            (3, Some(missed)) => missed.outing += 1,
            (_, Some(_)) => reason.missed = None,
            (_, None) => { reasons.pop(); }
        }
        prop_assert!(reasons == told.reasons || !told.failures(&reasons).is_empty());
    }

    #[test]
    fn a_little_more_of_a_scarce_limit_lets_as_many_more_go_as_is_said(seed: u64) {
        let tiny = Tiny::draw(seed);
        let told = Told::of(&tiny);
        let taken = told.taken(&tiny);
        for found in scarce(&told.instance, &told.solution, 20) {
            let mut more = tiny.clone();
            let by = found.more as usize;
            match found.what {
                Scarcity::Outing(outing) => more.outings[outing as usize][4] += by,
                Scarcity::Group(outing) => more.outings[outing as usize][3] -= by,
                Scarcity::TeamWeek(team, _) => more.teams[team as usize] += by,
                Scarcity::PlaceWeek(nbhd, _) => more.nbhds[nbhd as usize] += by,
                Scarcity::Host(host) => more.hosts[host as usize] += by,
            }
            prop_assert!(found.seated <= found.waiting && found.seated > 0);
            prop_assert!(most_beside(&more, &taken) >= taken.len() + found.seated as usize, "{found:?}");
        }
    }
}

/// The most seats when all of these stay.
fn most_beside(tiny: &Tiny, taken: &[usize]) -> usize {
    tiny::subsets(tiny.pairs.len())
        .filter(|seats| taken.iter().all(|seat| seats.contains(seat)) && tiny.points(seats).is_some())
        .map(|seats| seats.len())
        .max()
        .unwrap_or(0)
}

#[test]
fn a_file_of_reasons_that_is_no_such_file_is_named() {
    let told = Told::of(&Tiny::draw(1));
    let file = told.dir.path().join("reasons.csv");
    fs::write(&file, "person,because\n0,1\n").expect("the temporary folder can be written");
    let failures = verify_reasons(told.dir.path(), &told.dir.path().join("solution.csv"), &file);
    assert!(failures[0].contains("reasons.csv does not start with the header"), "{failures:?}");
}
