//! What a city is promised about rounds: every answer keeps every rule, every bound is true, and nothing false passes.

mod tiny;
mod tiny_round;

use std::fs;
use std::path::{Path, PathBuf};

use freerange_allocate::Limits;
use freerange_allocate::round::{Before, Certificate, Instance, Outcome, Solution, USUAL_KEEP, replan, solve, verify};
use proptest::prelude::*;
use tempfile::TempDir;
use tiny::subsets;
use tiny_round::Tiny;

/// The most points of all allowed answers.
fn best(tiny: &Tiny) -> usize {
    subsets(tiny.pairs.len()).filter_map(|taken| tiny.points(&taken)).max().unwrap_or(0)
}

fn limits(iterations: u64, threads: usize) -> Limits<'static> {
    Limits { iterations: Some(iterations), threads, ..Limits::default() }
}

fn solved(dir: &Path, limits: &Limits<'_>) -> (Outcome, PathBuf, PathBuf) {
    let instance = Instance::read(dir).expect("the instance is sound");
    let outcome = solve(&instance, limits, &mut |_| true);
    let (solution, certificate) = (dir.join("solution.csv"), dir.join("certificate.json"));
    outcome.solution.write(&solution).expect("the temporary folder can be written");
    outcome.certificate.write(&certificate).expect("the temporary folder can be written");
    (outcome, solution, certificate)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_best_answer_lies_between_objective_and_bound_and_the_proof_verifies(seed: u64) {
        let tiny = Tiny::draw(seed);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let best = i64::try_from(best(&tiny)).expect("a small number");
        let (outcome, solution, certificate) = solved(dir.path(), &limits(40, 1));
        let claim = outcome.certificate.claim;
        prop_assert!(claim.objective <= best, "{} is more than {best} can be", claim.objective);
        prop_assert!(claim.bound >= best, "the bound {} is below {best}", claim.bound);
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
    }
}

#[test]
fn on_tiny_rounds_the_best_answer_is_nearly_always_found() {
    let (mut found, mut proven) = (0, 0);
    for seed in 0..200 {
        let tiny = Tiny::draw(seed);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let best = i64::try_from(best(&tiny)).expect("a small number");
        let claim = solved(dir.path(), &limits(60, 1)).0.certificate.claim;
        found += usize::from(claim.objective == best);
        proven += usize::from(claim.bound <= best + 1);
    }
    assert!(found >= 196, "only {found} of 200 found");
    assert!(proven >= 180, "only {proven} of 200 proven");
}

#[test]
fn files_read_back_what_was_written() {
    let dir = TempDir::new().expect("a temporary folder");
    Tiny::draw(7).write(dir.path());
    let (outcome, solution, certificate) = solved(dir.path(), &limits(30, 1));
    assert_eq!(Solution::read(&solution), Ok(outcome.solution));
    assert_eq!(Certificate::read(&certificate), Ok(outcome.certificate));
}

#[test]
fn the_same_iterations_give_the_same_answer_on_any_number_of_threads_and_with_any_clock() {
    let dir = TempDir::new().expect("a temporary folder");
    Tiny::draw(11).write(dir.path());
    let first = solved(dir.path(), &limits(50, 1)).0;
    let clock = || 1e-9;
    let patient = Limits { seconds: Some(1e9), elapsed: Some(&clock), ..limits(50, 2) };
    for limits in [limits(50, 2), limits(50, 9), patient] {
        let again = solved(dir.path(), &limits).0;
        assert_eq!((again.solution, again.certificate), (first.solution.clone(), first.certificate.clone()));
    }
}

#[test]
fn whoever_stops_early_still_gets_a_feasible_answer_with_a_true_bound() {
    for stop in 0..30 {
        let dir = TempDir::new().expect("a temporary folder");
        Tiny::draw(stop).write(dir.path());
        let instance = Instance::read(dir.path()).expect("the instance is sound");
        let mut left = stop;
        let outcome = solve(&instance, &limits(30, 1), &mut |_| {
            left = left.saturating_sub(1);
            left > 0
        });
        let (solution, certificate) = (dir.path().join("s.csv"), dir.path().join("c.json"));
        outcome.solution.write(&solution).expect("the temporary folder can be written");
        outcome.certificate.write(&certificate).expect("the temporary folder can be written");
        assert_eq!(verify(dir.path(), &solution, &certificate).failures, Vec::<String>::new());
    }
}

/// Two people, one outing for two in week 0, everything else wide.
fn plain() -> Tiny {
    Tiny {
        people: vec![[0, 1, 50, 5, 0], [0, 1, 40, 5, 0]],
        outings: vec![[0, 0, 0, 2, 2], [1, 0, 0, 1, 1]],
        teams: vec![2],
        nbhds: vec![2],
        hosts: vec![3],
        pairs: vec![[0, 0, 10], [0, 1, 3], [1, 0, 20]],
    }
}

#[test]
fn every_tampered_certificate_is_refused() {
    let dir = TempDir::new().expect("a temporary folder");
    plain().write(dir.path());
    let (outcome, solution, certificate) = solved(dir.path(), &limits(50, 1));
    assert!(verify(dir.path(), &solution, &certificate).holds());
    let tampered: [&dyn Fn(&mut Certificate); 16] = [
        &|c| c.claim.objective += 1,
        &|c| c.claim.bound -= 1,
        &|c| c.claim.version += 1,
        &|c| c.prices.hosts[0] = -1,
        &|c| c.prices.hosts[0] += 5_000_000,
        &|c| c.prices.hosts[0] = i64::MAX,
        &|c| c.prices.people[0] += 5_000_000,
        &|c| c.prices.people[0] = i64::MIN,
        &|c| c.prices.people.truncate(1),
        &|c| c.prices.person_weeks.push([9, 0, 1]),
        &|c| c.prices.person_weeks = vec![[0, 0, 1], [0, 0, 1]],
        &|c| c.prices.team_weeks.push([9, 0, 1]),
        &|c| c.prices.hosts.push(0),
        &|c| c.binding.outings.clear(),
        &|c| c.fairness.grades[0][2] -= 1,
        &|c| c.fairness.waiting.clear(),
    ];
    for (number, tamper) in tampered.iter().enumerate() {
        let mut copy = outcome.certificate.clone();
        tamper(&mut copy);
        copy.write(&certificate).expect("the temporary folder can be written");
        assert!(!verify(dir.path(), &solution, &certificate).holds(), "tampering number {number} went through");
    }
}

#[test]
fn every_broken_rule_is_named() {
    for (what, change, seats, sentence) in [
        ("below the minimum", None, "0,0\n", "Outing 0 has 1 seats"),
        ("an ineligible pair", None, "1,1\n", "Person 1 may not go on outing 1"),
        ("an unknown person", None, "9,0\n", "Person 9 may not go on outing 0"),
        ("the same seat twice", None, "0,1\n0,1\n", "1 seats stand in the solution twice"),
        ("more than wanted", None, "0,0\n0,1\n1,0\n", "Person 0 has 2 seats"),
        (
            "too many of a team",
            Some(("teams.csv", "team,dept,size,cap\n0,0,2,1\n")),
            "0,0\n1,0\n",
            "Team 0 has 2 seats in week 0",
        ),
        (
            "too many visitors",
            Some(("nbhds.csv", "nbhd,district,cap\n0,0,1\n")),
            "0,0\n1,0\n",
            "Neighbourhood 0 has 2 seats",
        ),
        ("too much for a host", Some(("hosts.csv", "host,cap\n0,1\n")), "0,0\n1,0\n", "Host 0 has 2 seats"),
        ("a line of words", None, "a,b\n", "is not 2 whole numbers"),
        ("a cut line", None, "0,0\n1", "does not end with a line break"),
    ] {
        let dir = TempDir::new().expect("a temporary folder");
        plain().write(dir.path());
        let (_, solution, certificate) = solved(dir.path(), &limits(10, 1));
        if let Some((file, text)) = change {
            fs::write(dir.path().join(file), text).expect("the temporary folder can be written");
        }
        fs::write(&solution, format!("person,outing\n{seats}")).expect("the temporary folder can be written");
        let failures = verify(dir.path(), &solution, &certificate).failures;
        assert!(failures.iter().any(|failure| failure.contains(sentence)), "{what}: {failures:?}");
    }
}

#[test]
fn the_bound_knows_that_half_a_group_is_worth_nothing() {
    // Three people for two outings of two: whoever is in the middle can complete one of them, not both by halves.
    let tiny = Tiny {
        people: vec![[0, 1, 1_000, 0, 0], [0, 1, 1_000, 0, 0], [0, 1, 1_000, 0, 0]],
        outings: vec![[0, 0, 0, 2, 2], [0, 0, 0, 2, 2]],
        teams: vec![9],
        nbhds: vec![9],
        hosts: vec![9],
        pairs: vec![[0, 0, 10], [1, 0, 10], [1, 1, 10], [2, 1, 10]],
    };
    let dir = TempDir::new().expect("a temporary folder");
    tiny.write(dir.path());
    let claim = solved(dir.path(), &limits(20_000, 1)).0.certificate.claim;
    assert_eq!(claim.objective, 2_020);
    assert!(claim.bound < 2_200, "single seats alone prove 3030; this bound is {}", claim.bound);
}

#[test]
fn two_outings_in_one_week_are_one_too_many() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut round = plain();
    round.people[0][1] = 2;
    round.outings[1][0] = 0;
    round.nbhds[0] = 9;
    round.write(dir.path());
    let (_, solution, certificate) = solved(dir.path(), &limits(10, 1));
    fs::write(&solution, "person,outing\n0,0\n0,1\n1,0\n").expect("the temporary folder can be written");
    let failures = verify(dir.path(), &solution, &certificate).failures;
    assert!(failures.iter().any(|failure| failure.contains("Person 0 has 2 seats in week 0")), "{failures:?}");
}

#[test]
fn a_bad_file_is_refused_with_file_line_and_column() {
    for (file, text, line, column) in [
        ("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n1,0,0,0,1,0,5,5,0\n", 2, "person"),
        ("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n0,7,0,0,1,0,5,5,0\n", 2, "team"),
        ("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n0,0,0,0,4,0,5,5,0\n", 2, "k"),
        ("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n0,0,0,0,1,0,5,6,0\n", 2, "b1"),
        ("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n0,0,0,0,1,0,5,5\n", 2, "b3"),
        ("people.csv", "person,team\n", 1, ""),
        ("people.csv", "", 0, ""),
        ("outings.csv", "outing,week,nbhd,host,min,max,topic,accessible\n0,0,0,0,3,2,0,1\n", 2, "min"),
        ("outings.csv", "outing,week,nbhd,host,min,max,topic,accessible\n0,-1,0,0,1,2,0,1\n", 2, "week"),
        (
            "outings.csv",
            "outing,week,nbhd,host,min,max,topic,accessible\n0,0,0,0,1,2,0,1\n1,0,3,0,1,2,0,1\n",
            3,
            "nbhd",
        ),
        ("teams.csv", "team,dept,size,cap\n0,0,2,99999999999\n", 2, "cap"),
        ("hosts.csv", "host,cap\n0,1,1\n", 2, ""),
        ("hosts.csv", "host,cap\n0,1.5\n", 2, "cap"),
        ("hosts.csv", "host,cap\n0,\n", 2, "cap"),
        ("edges.csv", "person,outing,score,rank\n1,0,5,1\n0,0,5,1\n", 3, "person"),
        ("edges.csv", "person,outing,score,rank\n0,0,5,1\n0,0,5,1\n", 3, "outing"),
        ("edges.csv", "person,outing,score,rank\n0,9,5,1\n", 2, "outing"),
        ("edges.csv", "person,outing,score,rank\n0,0,5,1", 2, ""),
        ("edges.csv", "person,outing,score,rank\n\n", 2, "person"),
    ] {
        let dir = TempDir::new().expect("a temporary folder");
        plain().write(dir.path());
        fs::write(dir.path().join(file), text).expect("the temporary folder can be written");
        let error = Instance::read(dir.path()).expect_err(text);
        assert_eq!((error.file, error.line, error.column.as_str()), (dir.path().join(file), line, column), "{text}");
        assert!(!error.what.is_empty() && !error.remedy.is_empty());
    }
}

#[test]
fn a_file_cut_between_two_lines_is_noticed() {
    for file in ["people.csv", "teams.csv", "outings.csv", "nbhds.csv", "hosts.csv", "edges.csv"] {
        let dir = TempDir::new().expect("a temporary folder");
        plain().write(dir.path());
        let text = fs::read_to_string(dir.path().join(file)).expect("just written");
        let lines: Vec<&str> = text.lines().collect();
        fs::write(dir.path().join(file), lines[..lines.len() - 1].join("\n") + "\n").expect("can be written");
        assert!(Instance::read(dir.path()).is_err(), "{file}");
    }
    let dir = TempDir::new().expect("a temporary folder");
    assert!(Instance::read(dir.path()).is_err_and(|error| error.file.ends_with("meta.json")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_mended_plan_keeps_every_rule_and_everybody_it_can(seed: u64, gone: usize) {
        let tiny = Tiny::draw(seed);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let (before, ..) = solved(dir.path(), &limits(40, 1));
        if before.solution.seats.is_empty() {
            return Ok(());
        }
        // Somebody drops out: their wishes are gone, everything else is as it was.
        let (person, _) = before.solution.seats[gone % before.solution.seats.len()];
        let mut changed = tiny.clone();
        changed.pairs.retain(|pair| pair[0] != person as usize);
        changed.write(dir.path());
        let instance = Instance::read(dir.path()).expect("the instance is sound");
        let earlier = Before { solution: &before.solution, certificate: Some(&before.certificate), keep: USUAL_KEEP };
        let now = replan(&instance, earlier, &limits(40, 1), &mut |_| true);
        let (solution, certificate) = (dir.path().join("solution.csv"), dir.path().join("certificate.json"));
        now.solution.write(&solution).expect("the temporary folder can be written");
        now.certificate.write(&certificate).expect("the temporary folder can be written");
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
        // The others' seats alone are a plan when no group became too small: then all of them stay.
        let others: Vec<(u32, u32)> = before.solution.seats.iter().copied().filter(|seat| seat.0 != person).collect();
        let place = |&(p, o): &(u32, u32)| changed.pairs.iter().position(|pair| pair[0] == p as usize && pair[1] == o as usize);
        let pairs: Vec<usize> = others.iter().filter_map(place).collect();
        if changed.points(&pairs).is_some() {
            let lost: Vec<_> = others.iter().filter(|seat| !now.solution.seats.contains(seat)).collect();
            prop_assert!(lost.is_empty(), "{lost:?} lost their seats");
        }
    }
}
