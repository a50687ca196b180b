//! Ten million wishes are read in bounded memory, and one bad line at their end is found. A test of its own, so that the
//! memory measured is its own.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use freerange_allocate::round::Instance;
use tempfile::TempDir;

const PEOPLE: usize = 1_000;
const OUTINGS: usize = 10_000;

fn write(dir: &Path) -> std::io::Result<()> {
    let table = |name: &str, header: &str, rows: usize, row: &dyn Fn(usize) -> String| {
        let mut file = BufWriter::new(File::create(dir.join(name))?);
        writeln!(file, "{header}")?;
        (0..rows).try_for_each(|id| writeln!(file, "{id},{}", row(id)))?;
        file.flush()
    };
    table("people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3", PEOPLE, &|_| {
        "0,0,0,1,9,1090,300,0".into()
    })?;
    table("teams.csv", "team,dept,size,cap", 1, &|_| "0,9,9".into())?;
    table("nbhds.csv", "nbhd,district,cap", 1, &|_| "0,9".into())?;
    table("hosts.csv", "host,cap", 1, &|_| "9".into())?;
    let outing = |id: usize| format!("{},0,0,1,9,0,1", id % 40);
    table("outings.csv", "outing,week,nbhd,host,min,max,topic,accessible", OUTINGS, &outing)?;
    let mut edges = BufWriter::new(File::create(dir.join("edges.csv"))?);
    writeln!(edges, "person,outing,score,rank")?;
    for person in 0..PEOPLE {
        for outing in 0..OUTINGS {
            writeln!(edges, "{person},{outing},5,1")?;
        }
    }
    edges.flush()?;
    let meta = format!(
        "{{\"form\": \"round\", \"version\": 1, \"people\": {PEOPLE}, \"teams\": 1, \"outings\": {OUTINGS}, \
         \"nbhds\": 1, \"hosts\": 1, \"edges\": {}}}",
        PEOPLE * OUTINGS
    );
    fs::write(dir.join("meta.json"), meta)
}

/// The most memory this process ever had, in MiB; Linux tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
}

#[test]
fn ten_million_wishes_are_read_in_bounded_memory_and_one_bad_line_is_found() {
    let dir = TempDir::new().expect("a temporary folder");
    write(dir.path()).expect("the temporary folder can be written");
    let instance = Instance::read(dir.path()).expect("a sound instance");
    assert_eq!(instance.pairs(), PEOPLE * OUTINGS);
    drop(instance);
    let mut edges = fs::OpenOptions::new().append(true).open(dir.path().join("edges.csv")).expect("just written");
    edges.write_all(b"999,9999,5,1\n").expect("the temporary folder can be written");
    let error = Instance::read(dir.path()).expect_err("the last pair stands there twice");
    assert_eq!((error.line, error.column.as_str()), (PEOPLE * OUTINGS + 2, "outing"));
    // A list of ten million pairs that grows by doubling has 128 MiB at most, and half of it beside it for a moment.
    assert!(peak().is_none_or(|mebibytes| mebibytes < 300), "{:?} MiB", peak());
}
