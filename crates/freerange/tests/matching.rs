//! The matchers as somebody runs them: what is stopped has its best answer written, whole and proven; what is asked for
//! wrongly is told before any work.

// A process is watched through /proc to know when it listens.
#![cfg(target_os = "linux")]

#[path = "../../allocate/examples/generator/mod.rs"]
mod generator;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use generator::{Form, Settings};
use tempfile::TempDir;

const BOTH: [(&str, Form); 2] = [("round", Form::Round), ("exchange", Form::Exchange)];

/// A folder with an instance of this form and size.
fn instance(form: Form, people: usize) -> TempDir {
    let dir = TempDir::new().expect("a folder");
    generator::write(&Settings::new(form, people, 1), dir.path()).expect("writes");
    dir
}

fn freerange(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freerange"));
    command.args(words).current_dir(dir).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(dir: &Path, words: &[&str]) -> Output {
    freerange(dir, words).output().expect("the program starts")
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn solve<'a>(form: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[form, "solve", ".", "--out", "out.csv", "--certificate", "proof.json"][..], more].concat()
}

/// Starts it, and comes back once it listens to SIGINT (2) and SIGTERM (15).
fn started(dir: &Path, words: &[&str]) -> Child {
    let mut child = freerange(dir, words).spawn().expect("the program starts");
    let listens = |status: String| {
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        let caught = u64::from_str_radix(caught.trim(), 16).ok()?;
        Some(caught & (1 << 1) != 0 && caught & (1 << 14) != 0)
    };
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        if listens(status) == Some(true) {
            return child;
        }
        assert_eq!(child.try_wait().expect("it can be asked"), None, "it ended before anybody stopped it");
        std::thread::yield_now();
    }
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("there is a kill").success());
}

fn written(dir: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("readable").path());
    let ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("out.") || name.starts_with("proof.")
    };
    let mut found: Vec<PathBuf> = all.filter(ours).collect();
    found.sort();
    found
}

fn verifies(dir: &Path, form: &str) {
    let verified = run(dir, &[form, "verify", ".", "out.csv", "proof.json"]);
    assert_eq!((verified.status.code(), verified.stdout), (Some(0), Vec::new()));
}

#[test]
fn whoever_stops_a_matching_gets_the_best_answer_so_far_and_a_sentence_about_it() {
    for signal in ["-INT", "-TERM"] {
        let dir = instance(Form::Round, 400);
        let child = started(dir.path(), &solve("round", &["--seconds", "100000"]));
        send(signal, &child);
        let output = child.wait_with_output().expect("it ends");
        let said = complained(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains(" seats for ") && said.ends_with("; stopped early at your request.\n"), "{said}");
        assert!(output.stdout.is_empty() && said.lines().count() == 1 && !said.contains('\r'), "{said}");
        verifies(dir.path(), "round");
    }
}

#[test]
fn whoever_asks_twice_is_not_left_with_half_an_answer() {
    let dir = instance(Form::Round, 400);
    let child = started(dir.path(), &solve("round", &["--seconds", "100000"]));
    send("-INT", &child);
    send("-INT", &child);
    let output = child.wait_with_output().expect("it ends");
    let files = written(dir.path());
    match output.status.code() {
        Some(0) => verifies(dir.path(), "round"),
        Some(1) => assert!(complained(&output).contains("nothing was written") && files.is_empty(), "{files:?}"),
        code => panic!("{code:?}: {}", complained(&output)),
    }
}

#[test]
fn a_matching_nobody_watches_is_silent_and_proven() {
    for (form, kind) in BOTH {
        let dir = instance(kind, 60);
        let output = run(dir.path(), &solve(form, &["--iterations", "40"]));
        assert_eq!((output.status.code(), complained(&output)), (Some(0), String::new()));
        assert_eq!(written(dir.path()), ["out.csv", "proof.json"].map(|name| dir.path().join(name)));
        verifies(dir.path(), form);
    }
}

#[test]
fn what_is_asked_for_wrongly_is_told_before_any_work() {
    let dir = instance(Form::Round, 60);
    for wrong in [
        &["--seconds", "-1"][..],
        &["--seconds", "NaN"],
        &["--seconds", "soon"],
        &["--iterations", "0"],
        &["--threads", "0"],
        &["--threads", "1000"],
        &["--seed", "luck"],
    ] {
        let output = run(dir.path(), &solve("round", wrong));
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(complained(&output).contains(wrong[0]), "{}", complained(&output));
    }
    let same = ["round", "solve", ".", "--out", "out.csv", "--certificate", "out.csv"];
    assert_eq!(run(dir.path(), &same).status.code(), Some(2));
    for place in ["nowhere/out.csv", "."] {
        let output = run(dir.path(), &["round", "solve", ".", "--out", place, "--certificate", "proof.json"]);
        assert_eq!(output.status.code(), Some(1), "{place}");
        assert!(complained(&output).starts_with("freerange: "), "{}", complained(&output));
    }
    assert_eq!(written(dir.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_instance_that_cannot_be_read_is_told_with_its_place() {
    for (form, kind) in BOTH {
        let dir = instance(kind, 60);
        let text = fs::read_to_string(dir.path().join("edges.csv")).expect("just written");
        let (whole, last) = text.trim_end().rsplit_once(',').expect("a table");
        fs::write(dir.path().join("edges.csv"), format!("{whole},NaN\n")).expect("writes");
        assert!(last.parse::<u32>().is_ok());
        let output = run(dir.path(), &solve(form, &[]));
        let said = complained(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("edges.csv, line ") && said.contains(", column ") && said.contains("NaN"), "{said}");
        assert_eq!(written(dir.path()), Vec::<PathBuf>::new());
    }
}

#[test]
fn everybody_gets_a_reason_that_the_verifier_confirms_and_the_lead_hears_what_is_scarce() {
    let dir = instance(Form::Round, 200);
    assert!(run(dir.path(), &solve("round", &["--iterations", "400"])).status.success());
    let explained = run(dir.path(), &["round", "explain", ".", "out.csv", "--out", "reasons.csv", "--limits", "3"]);
    assert_eq!(explained.status.code(), Some(0), "{}", complained(&explained));
    let told = String::from_utf8(explained.stdout).expect("UTF-8");
    assert!(!told.is_empty() && told.lines().count() <= 3, "{told}");
    assert!(
        told.lines().all(|line| line.contains(" would let ") && line.ends_with(" wait for nothing else.")),
        "{told}"
    );
    let check = ["round", "verify", ".", "out.csv", "proof.json", "--reasons", "reasons.csv"];
    assert_eq!(run(dir.path(), &check).status.code(), Some(0));
    // One false word among the reasons is found.
    let file = dir.path().join("reasons.csv");
    let text = fs::read_to_string(&file).expect("readable").replacen("\n1,", "\n1,9", 1);
    fs::write(&file, text).expect("writable");
    let refused = run(dir.path(), &check);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stdout).expect("UTF-8").contains("The reason for person 1 is"));
}

#[test]
fn a_plan_can_be_mended_from_the_one_before() {
    let dir = instance(Form::Round, 200);
    assert!(run(dir.path(), &solve("round", &["--iterations", "400"])).status.success());
    fs::rename(dir.path().join("out.csv"), dir.path().join("before.csv")).expect("can be renamed");
    fs::rename(dir.path().join("proof.json"), dir.path().join("before.json")).expect("can be renamed");
    let again = ["--iterations", "40", "--from", "before.csv", "--from-certificate", "before.json"];
    assert_eq!(run(dir.path(), &solve("round", &again)).status.code(), Some(0));
    verifies(dir.path(), "round");
    let seats = |name: &str| fs::read_to_string(dir.path().join(name)).expect("readable");
    let (before, now) = (seats("before.csv"), seats("out.csv"));
    assert!(before.lines().all(|seat| now.lines().any(|one| one == seat)), "somebody was moved though nothing changed");
}

#[test]
fn rings_can_be_made_by_ranks_or_kept_short() {
    let dir = instance(Form::Exchange, 120);
    for more in [["--by", "ranks"], ["--longest", "3"]] {
        let output = run(dir.path(), &solve("exchange", &[&more[..], &["--iterations", "40"]].concat()));
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        verifies(dir.path(), "exchange");
        let proof = fs::read_to_string(dir.path().join("proof.json")).expect("readable");
        assert!(proof.contains("\"rings\": [[") || proof.contains("\"rings\":[["), "no ring is listed");
    }
    let both = solve("exchange", &["--by", "ranks", "--longest", "3"]);
    assert_eq!(run(dir.path(), &both).status.code(), Some(2));
}
