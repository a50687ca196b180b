//! Sound instances to break, and what must hold for all that are read. May use the generator; promises small ones.

#[path = "../../examples/generator/mod.rs"]
mod generator;

use std::path::Path;

use freerange_allocate::{FileError, Limits, exchange, round};
pub(crate) use generator::Form;
use generator::Settings;
use tempfile::TempDir;

pub(crate) const FORMS: [Form; 2] = [Form::Round, Form::Exchange];
pub(crate) const PEOPLE: usize = 30;

pub(crate) fn tables(form: Form) -> &'static [&'static str] {
    match form {
        Form::Round => &["people.csv", "teams.csv", "outings.csv", "nbhds.csv", "hosts.csv", "edges.csv"],
        Form::Exchange => &["cities.csv", "posts.csv", "staff.csv", "edges.csv", "pairs.csv"],
    }
}

pub(crate) fn sound(form: Form) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    generator::write(&Settings::new(form, PEOPLE, 1), dir.path()).expect("the temporary folder can be written");
    dir
}

pub(crate) fn read(form: Form, dir: &Path) -> Result<(), FileError> {
    match form {
        Form::Round => round::Instance::read(dir).map(drop),
        Form::Exchange => exchange::Instance::read(dir).map(drop),
    }
}

/// Solves what was read; the verifier, which has a reader of its own, finds nothing wrong.
#[track_caller]
pub(crate) fn solved_and_proven(form: Form, dir: &Path) {
    let (out, proof) = (dir.join("out.csv"), dir.join("proof.json"));
    let limits = Limits { iterations: Some(6), ..Limits::default() };
    let verdict = match form {
        Form::Round => {
            let instance = round::Instance::read(dir).expect("sound");
            let outcome = round::solve(&instance, &limits, &mut |_| true);
            outcome.solution.write(&out).expect("the temporary folder can be written");
            outcome.certificate.write(&proof).expect("the temporary folder can be written");
            round::verify(dir, &out, &proof)
        }
        Form::Exchange => {
            let instance = exchange::Instance::read(dir).expect("sound");
            let outcome = exchange::solve(&instance, &limits, &mut |_| true);
            outcome.solution.write(&out).expect("the temporary folder can be written");
            outcome.certificate.write(&proof).expect("the temporary folder can be written");
            exchange::verify(dir, &out, &proof)
        }
    };
    assert_eq!(verdict.failures, Vec::<String>::new());
}
