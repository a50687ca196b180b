//! What whoever measures is promised: the same settings give the same instance, a setting changes only what it is about, and
//! the baselines we compare with keep every rule.

#[path = "../examples/baseline/mod.rs"]
mod baseline;
#[path = "../examples/generator/mod.rs"]
mod generator;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use freerange_allocate::{Limits, exchange, round};
use generator::{Form, Settings};
use tempfile::TempDir;

fn made(settings: &Settings) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    generator::write(settings, dir.path()).expect("the temporary folder can be written");
    dir
}

fn files(dir: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(dir).expect("just made").map(|entry| entry.expect("readable").path());
    files
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("just written"))
        })
        .collect()
}

#[test]
fn the_same_settings_give_the_same_files_and_another_seed_others() {
    for form in [Form::Round, Form::Exchange] {
        let first = files(made(&Settings::new(form, 300, 1)).path());
        assert_eq!(first, files(made(&Settings::new(form, 300, 1)).path()));
        assert_ne!(first, files(made(&Settings::new(form, 300, 2)).path()));
    }
}

#[test]
fn without_minima_or_pair_caps_everything_else_stays_the_same() {
    for (form, table) in [(Form::Round, "outings.csv"), (Form::Exchange, "pairs.csv")] {
        let usual = files(made(&Settings::new(form, 300, 1)).path());
        let without = Settings { minima: false, pair_caps: false, ..Settings::new(form, 300, 1) };
        let without = files(made(&without).path());
        let changed: Vec<&str> =
            usual.iter().filter(|(name, text)| without[*name] != **text).map(|(name, _)| name.as_str()).collect();
        assert!(changed.iter().all(|name| *name == table || *name == "meta.json"), "{changed:?}");
        assert!(changed.contains(&table));
        let column = |row: &str, nth: usize| row.split(',').nth(nth).map(ToOwned::to_owned);
        let rows = without[table].lines().skip(1);
        assert!(rows.into_iter().all(|row| form == Form::Round && column(row, 4).as_deref() == Some("1")));
    }
}

#[test]
fn what_is_generated_can_be_read_and_solved_and_has_the_size_asked_for() {
    for people in [1, 2, 17, 400] {
        let round = made(&Settings { supply: 0.5, ..Settings::new(Form::Round, people, 3) });
        assert_eq!(round::Instance::read(round.path()).expect("a sound instance").people(), people);
        let some = Settings { cities: Some(9), wishes: Some(2), ..Settings::new(Form::Exchange, people, 3) };
        for settings in [some, Settings { even: true, ..some }] {
            let exchange = made(&settings);
            let read = exchange::Instance::read(exchange.path()).expect("a sound instance");
            assert!(read.people() == people && read.offers() <= 2 * people);
        }
    }
}

/// A round of 150 that is proven by cases.
fn by_cases() -> (TempDir, round::Outcome) {
    let dir = made(&Settings::new(Form::Round, 150, 2));
    let instance = round::Instance::read(dir.path()).expect("a sound instance");
    let limits = Limits { iterations: Some(3_000), ..Limits::default() };
    let outcome = round::solve(&instance, &limits, &mut |_| true);
    assert!(outcome.certificate.cases.len() > 2, "{} cases: this round shows nothing", outcome.certificate.cases.len());
    (dir, outcome)
}

fn failures(dir: &Path, outcome: &round::Outcome) -> Vec<String> {
    let (out, proof) = (dir.join("solution.csv"), dir.join("certificate.json"));
    outcome.solution.write(&out).expect("can be written");
    outcome.certificate.write(&proof).expect("can be written");
    assert_eq!(round::Certificate::read(&proof).as_ref(), Ok(&outcome.certificate));
    round::verify(dir, &out, &proof).failures
}

#[test]
fn a_small_round_is_solved_to_the_last_points_with_the_same_proof_on_any_number_of_threads() {
    let (dir, first) = by_cases();
    assert_eq!(failures(dir.path(), &first), Vec::<String>::new());
    assert!(first.certificate.claim.gap_ppm() <= 200, "{} parts per million", first.certificate.claim.gap_ppm());
    let instance = round::Instance::read(dir.path()).expect("a sound instance");
    let limits = Limits { iterations: Some(3_000), threads: 3, ..Limits::default() };
    let again = round::solve(&instance, &limits, &mut |_| true);
    assert_eq!((again.solution, again.certificate), (first.solution, first.certificate));
}

#[test]
fn a_proof_by_cases_that_leaves_something_out_is_refused() {
    let (dir, whole) = by_cases();
    let changed = |change: &dyn Fn(&mut Vec<round::Case>)| {
        let mut outcome = whole.clone();
        change(&mut outcome.certificate.cases);
        failures(dir.path(), &outcome)
    };
    for case in 0..whole.certificate.cases.len() {
        assert!(!changed(&|cases| drop(cases.remove(case))).is_empty(), "without case {case}");
        assert!(!changed(&|cases| cases[case].decided[0][1] = 2).is_empty(), "case {case} decides nothing");
        assert!(!changed(&|cases| cases[case].decided[0][0] += 1).is_empty(), "case {case} decides another");
        assert!(!changed(&|cases| cases[case].decided[0][1] ^= 1).is_empty(), "case {case} decides otherwise");
        assert!(!changed(&|cases| drop(cases[case].decided.drain(..1))).is_empty(), "case {case} decides less");
        assert!(!changed(&|cases| cases[case].prices.hosts.clear()).is_empty(), "case {case} has no prices");
        assert!(!changed(&|cases| cases[case].prices.people[0] += 50_000_000).is_empty(), "case {case} is dearer");
    }
    assert!(!changed(&Vec::clear).is_empty(), "without any case");
}

fn write(path: &Path, header: &str, pairs: &[(usize, usize)]) {
    let mut text = format!("{header}\n");
    for (who, what) in pairs {
        writeln!(text, "{who},{what}").expect("writing into a text cannot fail");
    }
    fs::write(path, text).expect("the temporary folder can be written");
}

/// What the verifier finds wrong with an answer, whatever the certificate of another answer says.
fn broken(failures: Vec<String>) -> Vec<String> {
    failures.into_iter().filter(|failure| !failure.starts_with("The certificate")).collect()
}

#[test]
fn the_baselines_keep_every_rule() {
    let limits = Limits { iterations: Some(1), ..Limits::default() };
    for seed in 1..4 {
        let dir = made(&Settings::new(Form::Round, 600, seed));
        let (out, proof) = (dir.path().join("baseline.csv"), dir.path().join("proof.json"));
        let instance = round::Instance::read(dir.path()).expect("a sound instance");
        round::solve(&instance, &limits, &mut |_| true).certificate.write(&proof).expect("can be written");
        let city = baseline::round::City::read(dir.path()).expect("a sound instance");
        for seats in [city.greedy(), city.restarted()] {
            write(&out, "person,outing", &seats);
            assert!(seats.len() > 300, "only {} seats", seats.len());
            assert_eq!(broken(round::verify(dir.path(), &out, &proof).failures), Vec::<String>::new());
        }

        let dir = made(&Settings::new(Form::Exchange, 600, seed));
        let (out, proof) = (dir.path().join("baseline.csv"), dir.path().join("proof.json"));
        let instance = exchange::Instance::read(dir.path()).expect("a sound instance");
        exchange::solve(&instance, &limits, &mut |_| true).certificate.write(&proof).expect("can be written");
        let swaps = baseline::exchange::Swaps::read(dir.path()).expect("a sound instance").all();
        write(&out, "staff,post", &swaps);
        assert!(swaps.len() > 100, "only {} placed", swaps.len());
        assert_eq!(broken(exchange::verify(dir.path(), &out, &proof).failures), Vec::<String>::new());
    }
}
