//! What cities are promised about exchanges: balance, every cap, the very best answer where there are no pair caps, and
//! a true bound where there are.

mod tiny;

use std::fs;
use std::path::{Path, PathBuf};

use freerange_allocate::Limits;
use freerange_allocate::exchange::{Certificate, Instance, Outcome, Solution, solve, verify};
use proptest::prelude::*;
use tempfile::TempDir;
use tiny::{Dice, Table, subsets, within};

/// A tiny exchange: the most that may leave each city; posts (city, cap); staff (city, bonus); edges (staff, post, score);
/// pairs (from, to, cap).
struct Tiny {
    cities: Vec<usize>,
    posts: Vec<[usize; 2]>,
    staff: Vec<[usize; 2]>,
    edges: Vec<[usize; 3]>,
    pairs: Vec<[usize; 3]>,
}

impl Tiny {
    fn draw(seed: u64, with_pairs: bool) -> Self {
        let mut dice = Dice::new(seed);
        let n = dice.roll(2, 3);
        let cities: Vec<_> = (0..n).map(|_| dice.roll(0, 3)).collect();
        let posts: Vec<_> = (0..dice.roll(2, 4)).map(|_| [dice.roll(0, n - 1), dice.roll(0, 2)]).collect();
        let staff: Vec<_> = (0..dice.roll(1, 6)).map(|_| [dice.roll(0, n - 1), dice.roll(0, 30)]).collect();
        let mut edges = Vec::new();
        for (person, [city, _]) in staff.iter().enumerate() {
            for (post, [there, _]) in posts.iter().enumerate() {
                if edges.len() < 11 && there != city && dice.roll(0, 3) > 0 {
                    edges.push([person, post, dice.roll(1, 40)]);
                }
            }
        }
        let mut pairs = Vec::new();
        for (from, to) in (0..n).flat_map(|from| (0..n).map(move |to| (from, to))) {
            if with_pairs && from != to && dice.roll(0, 1) > 0 {
                pairs.push([from, to, dice.roll(0, 2)]);
            }
        }
        Self { cities, posts, staff, edges, pairs }
    }

    fn write(&self, dir: &Path) {
        let table = |name, header, rows: Vec<Vec<usize>>| Table { name, header, rows };
        let plain = |rows: &[[usize; 3]]| rows.iter().map(|row| row.to_vec()).collect();
        let staff = self.staff.iter().enumerate();
        let tables = [
            table(
                "cities.csv",
                "city,max_out",
                self.cities.iter().enumerate().map(|(id, cap)| vec![id, *cap]).collect(),
            ),
            table(
                "posts.csv",
                "post,city,cap",
                self.posts.iter().enumerate().map(|(id, p)| vec![id, p[0], p[1]]).collect(),
            ),
            table(
                "staff.csv",
                "staff,city,weeks_since_out,bonus",
                staff.map(|(id, s)| vec![id, s[0], 0, s[1]]).collect(),
            ),
            table("edges.csv", "staff,post,score", plain(&self.edges)),
            table("pairs.csv", "from,to,cap", plain(&self.pairs)),
        ];
        let counts = [
            ("cities", self.cities.len()),
            ("posts", self.posts.len()),
            ("staff", self.staff.len()),
            ("edges", self.edges.len()),
            ("pair_caps", self.pairs.len()),
        ];
        tiny::write(dir, "exchange", &counts, &tables);
    }

    fn points(&self, taken: &[usize]) -> Option<usize> {
        let placed: Vec<[usize; 3]> = taken.iter().map(|&edge| self.edges[edge]).collect();
        let (from, to) = (|e: &[usize; 3]| self.staff[e[0]][0], |e: &[usize; 3]| self.posts[e[1]][0]);
        let leaving = |city: usize| placed.iter().filter(|e| from(e) == city).count();
        let coming = |city: usize| placed.iter().filter(|e| to(e) == city).count();
        let between = |a: usize, b: usize| placed.iter().filter(|e| from(e) == a && to(e) == b).count();
        let fits = within(placed.iter().map(|e| (e[0], 0)), |_| 1)
            && within(placed.iter().map(|e| (e[1], 0)), |post| self.posts[post][1])
            && (0..self.cities.len()).all(|c| leaving(c) == coming(c) && leaving(c) <= self.cities[c])
            && self.pairs.iter().all(|[a, b, cap]| between(*a, *b) <= *cap);
        fits.then(|| placed.iter().map(|e| e[2] + self.staff[e[0]][1]).sum())
    }

    fn best(&self) -> i64 {
        let best = subsets(self.edges.len()).filter_map(|taken| self.points(&taken)).max().unwrap_or(0);
        i64::try_from(best).expect("a small number")
    }
}

fn solved(dir: &Path, iterations: u64) -> (Outcome, PathBuf, PathBuf) {
    let instance = Instance::read(dir).expect("the instance is sound");
    let limits = Limits { iterations: Some(iterations), ..Limits::default() };
    let outcome = solve(&instance, &limits, &mut |_| true);
    let (solution, certificate) = (dir.join("solution.csv"), dir.join("certificate.json"));
    outcome.solution.write(&solution).expect("the temporary folder can be written");
    outcome.certificate.write(&certificate).expect("the temporary folder can be written");
    (outcome, solution, certificate)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn without_pair_caps_the_answer_is_the_best_and_its_proof_leaves_no_gap(seed: u64) {
        let tiny = Tiny::draw(seed, false);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let (outcome, solution, certificate) = solved(dir.path(), 1);
        let claim = outcome.certificate.claim;
        prop_assert_eq!((claim.objective, claim.bound), (tiny.best(), tiny.best()));
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
    }

    #[test]
    fn with_pair_caps_the_best_answer_lies_between_objective_and_bound(seed: u64) {
        let tiny = Tiny::draw(seed, true);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let best = tiny.best();
        let (outcome, solution, certificate) = solved(dir.path(), 60);
        let claim = outcome.certificate.claim;
        prop_assert!(claim.objective <= best && best <= claim.bound, "{claim:?} and {best}");
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
    }
}

/// Two people who swap, and a third who could go instead of one of them.
fn swap() -> Tiny {
    Tiny {
        cities: vec![1, 1],
        posts: vec![[0, 1], [1, 1]],
        staff: vec![[0, 5], [1, 5], [0, 1]],
        edges: vec![[0, 1, 10], [1, 0, 10], [2, 1, 10]],
        pairs: vec![[0, 1, 1]],
    }
}

#[test]
fn files_read_back_what_was_written() {
    let dir = TempDir::new().expect("a temporary folder");
    swap().write(dir.path());
    let (outcome, solution, certificate) = solved(dir.path(), 20);
    assert_eq!(outcome.solution.placements, [(0, 1), (1, 0)]);
    assert_eq!(Solution::read(&solution), Ok(outcome.solution));
    assert_eq!(Certificate::read(&certificate), Ok(outcome.certificate));
}

#[test]
fn every_tampered_certificate_is_refused() {
    let dir = TempDir::new().expect("a temporary folder");
    swap().write(dir.path());
    let (outcome, solution, certificate) = solved(dir.path(), 20);
    assert!(verify(dir.path(), &solution, &certificate).holds());
    let tampered: [&dyn Fn(&mut Certificate); 8] = [
        &|c| c.claim.objective += 1,
        &|c| c.claim.bound -= 1,
        &|c| c.prices.posts[0] = -1,
        &|c| c.prices.leaving[0] -= 1_000_000,
        &|c| c.prices.balance[0] += 1_000_000,
        &|c| c.prices.pairs[0] = i64::MAX,
        &|c| c.prices.balance.truncate(1),
        &|c| c.binding.posts.clear(),
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
    for (placed, sentence) in [
        ("0,1\n", "1 people leave city 0, but 0 come"),
        ("0,1\n1,0\n2,1\n", "Post 1 has 2 people"),
        ("0,1\n1,0\n2,1\n", "2 people leave city 0; 1 is the most"),
        ("0,1\n1,0\n2,1\n", "2 people go from city 0 to city 1; 1 is the most"),
        ("0,1\n0,1\n1,0\n", "Staff 0 has two posts"),
        ("1,1\n", "Staff 1 may not take post 1"),
        ("7,1\n", "Staff 7 may not take post 1"),
    ] {
        let dir = TempDir::new().expect("a temporary folder");
        swap().write(dir.path());
        let (_, solution, certificate) = solved(dir.path(), 5);
        fs::write(&solution, format!("staff,post\n{placed}")).expect("the temporary folder can be written");
        let failures = verify(dir.path(), &solution, &certificate).failures;
        assert!(failures.iter().any(|failure| failure.contains(sentence)), "{placed}: {failures:?}");
    }
}

#[test]
fn a_bad_file_is_refused_with_file_line_and_column() {
    for (file, text, line, column) in [
        ("cities.csv", "city,max_out\n0,-1\n", 2, "max_out"),
        ("posts.csv", "post,city,cap\n0,5,1\n", 2, "city"),
        ("staff.csv", "staff,city,weeks_since_out,bonus\n0,0,0,5\n2,0,0,5\n", 3, "staff"),
        ("edges.csv", "staff,post,score\n0,0,5\n", 2, "post"),
        ("edges.csv", "staff,post,score\n1,0,5\n0,1,5\n", 3, "staff"),
        ("pairs.csv", "from,to,cap\n0,1,1\n0,1,2\n", 3, "from"),
        ("pairs.csv", "from,to,cap\n0,1,1", 2, ""),
    ] {
        let dir = TempDir::new().expect("a temporary folder");
        swap().write(dir.path());
        fs::write(dir.path().join(file), text).expect("the temporary folder can be written");
        let error = Instance::read(dir.path()).expect_err(text);
        assert_eq!((error.file, error.line, error.column.as_str()), (dir.path().join(file), line, column), "{text}");
    }
}
