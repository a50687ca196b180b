//! What cities are promised about exchanges: balance, every cap, the very best answer where there are no pair caps, and
//! a true bound where there are.

mod tiny;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use freerange_allocate::Limits;
use freerange_allocate::exchange::{Certificate, Instance, Mode, Outcome, Solution, solve_in, verify};
use proptest::prelude::*;
use tempfile::TempDir;
use tiny::{Dice, Table, subsets, within};

/// A tiny exchange: the most that may leave each city; posts (city, cap); staff (city, bonus); edges (staff, post, score);
/// pairs (from, to, cap); what arrivals minus departures may be, for the cities that may owe.
#[derive(Clone)]
struct Tiny {
    cities: Vec<usize>,
    posts: Vec<[usize; 2]>,
    staff: Vec<[usize; 2]>,
    edges: Vec<[usize; 3]>,
    pairs: Vec<[usize; 3]>,
    ledger: Vec<[i64; 2]>,
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
        Self { cities, posts, staff, edges, pairs, ledger: Vec::new() }
    }

    /// The same with cities that may owe a little.
    fn owing(seed: u64) -> Self {
        let mut tiny = Self::draw(seed, false);
        let mut dice = Dice::new(!seed);
        let mut some = || i64::try_from(dice.roll(0, 2)).expect("a small number");
        tiny.ledger = tiny.cities.iter().map(|_| [-some(), some()]).collect();
        tiny
    }

    fn may(&self, city: usize, coming: usize, leaving: usize) -> bool {
        let [least, most] = self.ledger.get(city).copied().unwrap_or_default();
        let net = i64::try_from(coming).expect("small") - i64::try_from(leaving).expect("small");
        (least..=most).contains(&net)
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
        if !self.ledger.is_empty() {
            let rows = self.ledger.iter().enumerate().map(|(city, [least, most])| format!("{city},{least},{most}\n"));
            let text = format!("city,least,most\n{}", rows.collect::<String>());
            fs::write(dir.join("ledger.csv"), text).expect("the temporary folder can be written");
        }
    }

    fn points(&self, taken: &[usize]) -> Option<usize> {
        let placed: Vec<[usize; 3]> = taken.iter().map(|&edge| self.edges[edge]).collect();
        let (from, to) = (|e: &[usize; 3]| self.staff[e[0]][0], |e: &[usize; 3]| self.posts[e[1]][0]);
        let leaving = |city: usize| placed.iter().filter(|e| from(e) == city).count();
        let coming = |city: usize| placed.iter().filter(|e| to(e) == city).count();
        let between = |a: usize, b: usize| placed.iter().filter(|e| from(e) == a && to(e) == b).count();
        let fits = within(placed.iter().map(|e| (e[0], 0)), |_| 1)
            && within(placed.iter().map(|e| (e[1], 0)), |post| self.posts[post][1])
            && (0..self.cities.len()).all(|c| self.may(c, coming(c), leaving(c)) && leaving(c) <= self.cities[c])
            && self.pairs.iter().all(|[a, b, cap]| between(*a, *b) <= *cap);
        fits.then(|| placed.iter().map(|e| e[2] + self.staff[e[0]][1]).sum())
    }

    fn best(&self) -> i64 {
        let best = subsets(self.edges.len()).filter_map(|taken| self.points(&taken)).max().unwrap_or(0);
        i64::try_from(best).expect("a small number")
    }
}

fn solved(dir: &Path, iterations: u64) -> (Outcome, PathBuf, PathBuf) {
    solved_in(dir, Mode::Weighted, iterations)
}

fn solved_in(dir: &Path, mode: Mode, iterations: u64) -> (Outcome, PathBuf, PathBuf) {
    let instance = Instance::read(dir).expect("the instance is sound");
    let limits = Limits { iterations: Some(iterations), ..Limits::default() };
    let outcome = solve_in(&instance, mode, &limits, &mut |_| true);
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

    #[test]
    fn cities_that_may_owe_get_the_best_that_the_ledger_allows(seed: u64) {
        let tiny = Tiny::owing(seed);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let (outcome, solution, certificate) = solved(dir.path(), 1);
        let claim = outcome.certificate.claim;
        prop_assert_eq!((claim.objective, claim.bound), (tiny.best(), tiny.best()));
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
    }

    #[test]
    fn no_ring_is_longer_than_asked_for(seed: u64) {
        let tiny = Tiny::draw(seed, true);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let (outcome, solution, certificate) = solved_in(dir.path(), Mode::Short(2), 20);
        prop_assert!(outcome.certificate.rings.iter().all(|ring| ring.len() == 2));
        prop_assert!(outcome.certificate.claim.objective <= tiny.best());
        let verdict = verify(dir.path(), &solution, &certificate);
        prop_assert!(verdict.holds(), "{:?}", verdict.failures);
        prop_assert_eq!(Certificate::read(&certificate), Ok(outcome.certificate));
    }

}

proptest! {
    // Each case tries every lie of everybody.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn by_ranks_nobody_gains_by_stating_other_wishes(seed: u64) {
        let tiny = Tiny::draw(seed, true);
        let (truth, rings) = tiny.ranked();
        for liar in 0..tiny.staff.len() {
            let own: Vec<usize> = (0..tiny.edges.len()).filter(|&edge| tiny.edges[edge][0] == liar).collect();
            for lie in lies(own.len()) {
                let (result, _) = tiny.lying(&own, &lie).ranked();
                prop_assert!(
                    tiny.likes(liar, result.get(&liar).copied()) <= tiny.likes(liar, truth.get(&liar).copied()),
                    "{liar} gains by {lie:?}; honest rings {rings:?}"
                );
            }
        }
    }

    #[test]
    fn other_rings_than_those_that_formed_are_refused(seed: u64, which: usize) {
        let tiny = Tiny::draw(seed, true);
        let dir = TempDir::new().expect("a temporary folder");
        tiny.write(dir.path());
        let (mut outcome, solution, certificate) = solved_in(dir.path(), Mode::Ranked, 1);
        let rings = &mut outcome.certificate.rings;
        if rings.is_empty() {
            return Ok(());
        }
        // Without one of them its people would still change places.
        let gone = rings.remove(which % rings.len());
        outcome.solution.placements.retain(|(staff, _)| !gone.contains(&i64::from(*staff)));
        outcome.solution.write(&solution).expect("the temporary folder can be written");
        outcome.certificate.write(&certificate).expect("the temporary folder can be written");
        let failures = verify(dir.path(), &solution, &certificate).failures;
        let told = |failure: &String| ["still change places", "the turn of", "the best post"].iter().any(|s| failure.contains(s));
        prop_assert!(failures.iter().any(told), "{failures:?}");
    }
}

impl Tiny {
    /// Who gets which post by ranks, and the rings.
    fn ranked(&self) -> (HashMap<usize, usize>, Vec<Vec<i64>>) {
        let dir = TempDir::new().expect("a temporary folder");
        self.write(dir.path());
        let (outcome, solution, certificate) = solved_in(dir.path(), Mode::Ranked, 1);
        let verdict = verify(dir.path(), &solution, &certificate);
        assert!(verdict.holds(), "{:?}", verdict.failures);
        let placed = outcome.solution.placements.iter().map(|&(staff, post)| (staff as usize, post as usize));
        (placed.collect(), outcome.certificate.rings)
    }

    /// The same with this person's edges kept and ranked as in `lie`.
    fn lying(&self, own: &[usize], lie: &[usize]) -> Self {
        let mut other = self.clone();
        for (place, &which) in lie.iter().enumerate() {
            other.edges[own[which]][2] = 90 - place;
        }
        let left_out = |edge: usize| own.contains(&edge) && !lie.iter().any(|&which| own[which] == edge);
        other.edges = other.edges.iter().enumerate().filter(|(edge, _)| !left_out(*edge)).map(|(_, e)| *e).collect();
        other
    }

    /// How much the person really likes what they got: the better, the more; staying at home least.
    fn likes(&self, person: usize, post: Option<usize>) -> (usize, std::cmp::Reverse<usize>) {
        let score = self.edges.iter().find(|e| e[0] == person && Some(e[1]) == post).map_or(0, |e| e[2]);
        (score, std::cmp::Reverse(post.unwrap_or(usize::MAX)))
    }
}

/// Every order of every part of `n` wishes.
fn lies(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut from = 0;
    while from < all.len() {
        let longer: Vec<Vec<usize>> = (0..n)
            .filter(|next| !all[from].contains(next))
            .map(|next| all[from].iter().copied().chain([next]).collect())
            .collect();
        all.extend(longer);
        from += 1;
    }
    all
}

/// Two people who swap, and a third who could go instead of one of them.
fn swap() -> Tiny {
    Tiny {
        cities: vec![1, 1],
        posts: vec![[0, 1], [1, 1]],
        staff: vec![[0, 5], [1, 5], [0, 1]],
        edges: vec![[0, 1, 10], [1, 0, 10], [2, 1, 10]],
        pairs: vec![[0, 1, 1]],
        ledger: Vec::new(),
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
        ("ledger.csv", "city,least,most\n0,1,1\n", 2, "least"),
        ("ledger.csv", "city,least,most\n0,-1,1\n0,0,0\n", 3, "city"),
    ] {
        let dir = TempDir::new().expect("a temporary folder");
        swap().write(dir.path());
        fs::write(dir.path().join(file), text).expect("the temporary folder can be written");
        let error = Instance::read(dir.path()).expect_err(text);
        assert_eq!((error.file, error.line, error.column.as_str()), (dir.path().join(file), line, column), "{text}");
    }
}
