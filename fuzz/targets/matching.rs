//! No bytes make the matchers or their verifiers fall over, what is read can be solved and proven, and what is refused is
//! refused with its place. The bytes hold several files, each after a line `== NAME`; what follows no such line is left out.
#![no_main]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use freerange_allocate::{FileError, Limits, Verdict, exchange, round};
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 12] = [
    "meta.json",
    "people.csv",
    "teams.csv",
    "outings.csv",
    "nbhds.csv",
    "hosts.csv",
    "edges.csv",
    "cities.csv",
    "posts.csv",
    "staff.csv",
    "pairs.csv",
    "solution.csv",
];

/// A folder of this process, in memory where there is one.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = home.join(format!("freerange-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        folder
    })
}

fn unpack(bytes: &[u8], dir: &Path) {
    for name in FILES.into_iter().chain(["proof.json"]) {
        drop(fs::remove_file(dir.join(name)));
    }
    let mut open: Option<(&str, Vec<u8>)> = None;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let named = line.strip_prefix(b"== ").map(<[u8]>::trim_ascii_end);
        let named =
            named.and_then(|name| FILES.into_iter().chain(["proof.json"]).find(|known| known.as_bytes() == name));
        if let Some(name) = named {
            keep(dir, open.replace((name, Vec::new())));
        } else if let Some((_, content)) = &mut open {
            content.extend_from_slice(line);
        }
    }
    keep(dir, open);
}

fn keep(dir: &Path, file: Option<(&str, Vec<u8>)>) {
    if let Some((name, content)) = file {
        fs::write(dir.join(name), content).expect("a file can be written");
    }
}

fn told(dir: &Path, error: &FileError) {
    assert!(error.file.starts_with(dir) && !error.what.is_empty() && !error.remedy.is_empty(), "{error}");
}

fn proven(verdict: &Verdict) {
    assert!(verdict.holds(), "{:?}", verdict.failures);
}

/// Whatever is handed in as an answer: a verdict, and none that cannot be.
fn judged(verdict: &Verdict) {
    assert!(!verdict.holds() || verdict.objective <= verdict.bound, "{verdict:?}");
}

fuzz_target!(|bytes: &[u8]| {
    let dir = folder();
    unpack(bytes, dir);
    let (solution, proof) = (dir.join("solution.csv"), dir.join("proof.json"));
    judged(&round::verify(dir, &solution, &proof));
    judged(&exchange::verify(dir, &solution, &proof));
    for error in [round::Solution::read(&solution).err(), round::Certificate::read(&proof).err()].into_iter().flatten()
    {
        told(dir, &error);
    }
    for error in
        [exchange::Solution::read(&solution).err(), exchange::Certificate::read(&proof).err()].into_iter().flatten()
    {
        told(dir, &error);
    }
    let limits = Limits { iterations: Some(4), ..Limits::default() };
    match round::Instance::read(dir) {
        // Weeks and caps can be huge without many bytes; time is for the readers.
        Ok(instance) if instance.pairs() < 100 => {
            let outcome = round::solve(&instance, &limits, &mut |_| true);
            outcome.solution.write(&solution).expect("a file can be written");
            outcome.certificate.write(&proof).expect("a file can be written");
            assert_eq!(round::Certificate::read(&proof).as_ref(), Ok(&outcome.certificate));
            proven(&round::verify(dir, &solution, &proof));
        }
        Ok(_) => {}
        Err(error) => told(dir, &error),
    }
    match exchange::Instance::read(dir) {
        Ok(instance) if instance.offers() < 100 => {
            let outcome = exchange::solve(&instance, &limits, &mut |_| true);
            outcome.solution.write(&solution).expect("a file can be written");
            outcome.certificate.write(&proof).expect("a file can be written");
            assert_eq!(exchange::Certificate::read(&proof).as_ref(), Ok(&outcome.certificate));
            proven(&exchange::verify(dir, &solution, &proof));
        }
        Ok(_) => {}
        Err(error) => told(dir, &error),
    }
});
