//! A round as files, in the layout that the matcher and its verifier read, and as one archive for whoever checks it. Numbers
//! only: no names, and no numbers that mean anything outside.
//!
//! Two things the layout does not have are said in its own words. A ceiling that differs from week to week: each
//! neighbourhood-week is a neighbourhood of its own, since an outing has one of each. A team that may send fewer in some
//! week: so many colleagues stand in the list who go somewhere that nobody else can, in that week, for more points than
//! anything else is worth. Where a team may send nobody, its wishes of that week are left out.

use std::{collections::BTreeMap, fmt::Write as _, fs, io::Write as _, path::Path};

use anyhow::Context as _;
use freerange_domain::round::{SECOND, first_bonus};
use freerange_store::round::{Edge, Instance};

/// Points of somebody who is away already: more than a pinned wish.
const AWAY_ALREADY: i64 = 100_000;
/// A ceiling that nothing reaches.
const NONE: i64 = 1_000_000;

/// The files of a proof, in the order in which they stand in the archive.
const FILES: &[&str] = &[
    "meta.json",
    "people.csv",
    "teams.csv",
    "outings.csv",
    "nbhds.csv",
    "hosts.csv",
    "edges.csv",
    "solution.csv",
    "certificate.json",
    "reasons.csv",
];

/// Colleagues who are away already, by team and week: how many.
fn away_already(instance: &Instance) -> (Vec<i64>, Vec<(usize, usize, i64)>) {
    let mut used = vec![false; instance.weeks.len()];
    for outing in &instance.outings {
        used[outing.week] = true;
    }
    let (mut caps, mut away) = (Vec::new(), Vec::new());
    for (at, team) in instance.teams.iter().enumerate() {
        let weeks = || team.left.iter().enumerate().filter(|(week, _)| used[*week]);
        let cap = weeks().map(|(_, left)| *left).max().unwrap_or(0);
        away.extend(weeks().filter(|(_, left)| **left > 0 && **left < cap).map(|(week, left)| (at, week, cap - left)));
        caps.push(cap);
    }
    (caps, away)
}

/// Writes the instance.
pub(super) fn write(instance: &Instance, dir: &Path) -> anyhow::Result<()> {
    let (caps, away) = away_already(instance);
    let mut people = String::from("person,team,dept,grade,k,weeks_since_out,b1,b2,b3\n");
    let mut edges = String::from("person,outing,score,rank\n");
    let mut lines = 0_usize;
    let mut rank = BTreeMap::new();
    for (at, p) in instance.people.iter().enumerate() {
        let (waited, first) = (p.waited, first_bonus(Some(p.waited)));
        writeln!(
            people,
            "{at},{},{},{},{},{waited},{first},{SECOND},0",
            p.team,
            p.dept,
            p.grade,
            p.wanted.clamp(0, 3)
        )?;
    }
    for edge in &instance.edges {
        let rank = rank.entry(edge.person).or_insert(0);
        *rank += 1;
        writeln!(edges, "{},{},{},{rank}", edge.person, edge.outing, edge.pull())?;
        lines += 1;
    }
    let mut outings = String::from("outing,week,nbhd,host,min,max,topic,accessible\n");
    for (at, o) in instance.outings.iter().enumerate() {
        writeln!(outings, "{at},{},{},{},{},{},0,0", o.week, o.place_week, o.host, o.min, o.max)?;
    }
    let (mut persons, mut places, mut hosts) =
        (instance.people.len(), instance.place_weeks.len(), instance.hosts.len());
    let mut all_outings = instance.outings.len();
    let mut elsewhere: BTreeMap<usize, (usize, i64)> = BTreeMap::new();
    for (team, week, many) in away {
        let known = elsewhere.entry(week).or_insert_with(|| {
            all_outings += 1;
            (all_outings - 1, 0)
        });
        known.1 += many;
        let outing = known.0;
        for _ in 0..many {
            writeln!(people, "{persons},{team},{},0,1,0,0,0,0", instance.teams[team].dept)?;
            writeln!(edges, "{persons},{outing},{AWAY_ALREADY},1")?;
            persons += 1;
            lines += 1;
        }
    }
    let mut nbhds = String::from("nbhd,district,cap\n");
    for (at, (_, _, cap)) in instance.place_weeks.iter().enumerate() {
        writeln!(nbhds, "{at},0,{cap}")?;
    }
    let mut host_lines = String::from("host,cap\n");
    for (at, (_, cap)) in instance.hosts.iter().enumerate() {
        writeln!(host_lines, "{at},{cap}")?;
    }
    if !elsewhere.is_empty() {
        let mut by_number: Vec<_> = elsewhere.iter().map(|(week, (outing, many))| (*outing, *week, *many)).collect();
        by_number.sort_unstable();
        for (outing, week, many) in by_number {
            writeln!(outings, "{outing},{week},{places},{hosts},0,{many},0,0")?;
        }
        writeln!(nbhds, "{places},0,{NONE}")?;
        writeln!(host_lines, "{hosts},{NONE}")?;
        places += 1;
        hosts += 1;
    }
    let mut teams = String::from("team,dept,size,cap\n");
    for (at, (team, cap)) in instance.teams.iter().zip(&caps).enumerate() {
        writeln!(teams, "{at},{},{},{cap}", team.dept, team.size)?;
    }
    let meta = format!(
        "{{\"version\": 1, \"form\": \"round\", \"people\": {persons}, \"teams\": {}, \"outings\": {all_outings}, \"nbhds\": {places}, \"hosts\": {hosts}, \"edges\": {lines}}}\n",
        instance.teams.len()
    );
    let texts = [meta, people, teams, outings, nbhds, host_lines, edges];
    for (name, text) in FILES.iter().zip(texts) {
        fs::write(dir.join(name), text).with_context(|| (*name).to_owned())?;
    }
    Ok(())
}

/// Whether a plan keeps what is left of every team in every week. The verifier checks the files; this checks what they stand for.
pub(super) fn keeps_teams(instance: &Instance, seats: &[Edge]) -> bool {
    let mut away: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for seat in seats {
        *away.entry((instance.people[seat.person].team, instance.outings[seat.outing].week)).or_default() += 1;
    }
    away.iter().all(|((team, week), n)| *n <= instance.teams[*team].left[*week])
}

/// All files as `round/...` in a gzipped tar archive.
pub(super) fn archive(dir: &Path) -> anyhow::Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for name in FILES {
        let bytes = fs::read(dir.join(name)).with_context(|| (*name).to_owned())?;
        packed.write_all(&header(&format!("round/{name}"), bytes.len()))?;
        packed.write_all(&bytes)?;
        packed.write_all(&vec![0; bytes.len().next_multiple_of(512) - bytes.len()])?;
    }
    packed.write_all(&[0; 1024])?;
    Ok(packed.finish()?)
}

/// The header of a file in a tar archive (POSIX.1-1988 ustar).
fn header(name: &str, length: usize) -> [u8; 512] {
    let mut block = [0_u8; 512];
    let mut put = |at: usize, text: &str| {
        for (to, from) in block.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{length:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\0");
    put(263, "00");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    for (to, from) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    block
}
