//! The matcher's files: an exchange's question goes out as an instance, its answer comes back verified. The files hold
//! numbers only, no names, and are gone when the answer is there. May use the crate of matchers; promises that what it
//! returns was checked by the verifier, which shares no code with the solver.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use freerange_allocate::{
    FileError, Limits,
    exchange::{Instance, Mode, Outcome, solve_in, verify},
};
use freerange_domain::{
    exchange::{Account, By, Fit, Goer, Matching, Member, Pick, Post, Question, Room},
    id::MemberId,
};
use freerange_store::exchange::Proof;

/// Iterations of the solver: far more than an exchange without limits between pairs needs.
const ITERATIONS: u64 = 200;
/// The most points one leg can be worth, with what waiting adds.
const MOST_POINTS: i64 = 1_400;
/// The most that the matcher's files can add to a leg.
const CEILING: i64 = 900_000;
/// What keeping a leg, and whoever is on one, adds where only ranks count: more than any wish.
const KEEP_BY_RANKS: i64 = 600_000;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unmatched {
    /// The files could not be written or read.
    #[error("the matcher's files: {0}")]
    Io(#[from] io::Error),
    /// The files are not as the matcher reads them.
    #[error("{0}")]
    File(#[from] FileError),
    /// The verifier found something false.
    #[error("the verifier refuses the answer: {0}")]
    False(String),
}

/// Who goes where, and how good that is.
#[derive(Debug, Clone)]
pub struct Matched {
    /// Somebody at a place each.
    pub picks: Vec<Pick>,
    /// What is proven.
    pub proof: Proof,
}

/// A folder that is gone when nobody needs it any more.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("freerange-exchange-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed holds no names.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is left to match: whoever is not final yet, and the room that the final legs leave.
struct Left<'a> {
    goers: Vec<&'a Goer>,
    posts: Vec<(&'a Post, i64)>,
    /// How many may leave; least and most of arrivals minus departures.
    cities: Vec<(i64, i64, i64)>,
    number: BTreeMap<MemberId, usize>,
}

fn left(question: &Question) -> Left<'_> {
    let fixed: Vec<Pick> = question.fixed.iter().copied().collect();
    let gone: BTreeSet<_> = fixed.iter().map(|p| p.goer).collect();
    let taken = |post: &Post| i64::try_from(fixed.iter().filter(|p| p.post == post.id).count()).unwrap_or(i64::MAX);
    let city = |((member, account), room): ((&Member, Account), Room)| {
        let net = account.received - account.sent;
        ((member.most_out - account.sent).max(0), room.least - net, room.most - net)
    };
    Left {
        goers: question.goers.iter().filter(|g| !gone.contains(&g.id)).collect(),
        posts: question.posts.iter().map(|p| (p, (p.guests - taken(p)).max(0))).collect(),
        cities: question.members.iter().zip(question.accounts(&fixed)).zip(question.rooms()).map(city).collect(),
        number: question.members.iter().enumerate().map(|(at, m)| (m.id, at)).collect(),
    }
}

fn write(dir: &Path, name: &str, header: &str, lines: &[String]) -> io::Result<()> {
    fs::write(dir.join(name), format!("{header}\n{}", lines.iter().fold(String::new(), |all, line| all + line + "\n")))
}

fn instance(question: &Question, left: &Left<'_>, dir: &Path) -> io::Result<()> {
    let by = question.matching.by();
    // Keeping a leg outweighs everything that could be gained elsewhere.
    let people = i64::try_from(left.goers.len()).unwrap_or(CEILING);
    let keep = match by {
        By::Points => ((people + 1) * MOST_POINTS).min(CEILING),
        By::Ranks => KEEP_BY_RANKS,
    };
    let worth = |fit: Fit| if by == By::Ranks { fit.order } else { fit.score };
    let stands: BTreeSet<_> = question.kept.iter().map(|pick| pick.goer).collect();
    // By ranks, whoever stands on a leg comes first, so that it can stay.
    let first = |goer: &Goer| if by == By::Ranks && stands.contains(&goer.id) { KEEP_BY_RANKS } else { 0 };
    let number = |member: MemberId| left.number.get(&member).copied().unwrap_or(0);
    let mut edges = Vec::new();
    for (who, goer) in left.goers.iter().enumerate() {
        for (at, (post, _)) in left.posts.iter().enumerate().filter(|(_, (post, _))| question.allows(goer, post)) {
            let pick = Pick { goer: goer.id, post: post.id };
            let fit = goer.fit(post, question.season, question.days);
            let points = fit.map_or(0, worth) + if question.kept.contains(&pick) { keep } else { 0 };
            edges.push(format!("{who},{at},{points}"));
        }
    }
    let numbered = |(at, line): (usize, String)| format!("{at},{line}");
    let cities: Vec<String> = left.cities.iter().map(|c| c.0.to_string()).enumerate().map(numbered).collect();
    let ledger: Vec<String> =
        left.cities.iter().map(|c| format!("{},{}", c.1, c.2)).enumerate().map(numbered).collect();
    let posts = left.posts.iter().map(|(p, cap)| format!("{},{cap}", number(p.member)));
    let posts: Vec<String> = posts.enumerate().map(numbered).collect();
    let staff = left.goers.iter().map(|g| format!("{},0,{}", number(g.member), g.bonus() + first(g)));
    let staff: Vec<String> = staff.enumerate().map(numbered).collect();
    let mut meta = String::new();
    let counts = [("cities", cities.len()), ("posts", posts.len()), ("staff", staff.len()), ("edges", edges.len())];
    for (name, count) in counts {
        // Writing into a text cannot fail.
        let _ = write!(meta, "\"{name}\":{count},");
    }
    fs::write(dir.join("meta.json"), format!("{{\"form\":\"exchange\",\"version\":1,{meta}\"pair_caps\":0}}"))?;
    write(dir, "cities.csv", "city,max_out", &cities)?;
    write(dir, "posts.csv", "post,city,cap", &posts)?;
    write(dir, "staff.csv", "staff,city,weeks_since_out,bonus", &staff)?;
    write(dir, "edges.csv", "staff,post,score", &edges)?;
    write(dir, "pairs.csv", "from,to,cap", &[])?;
    // Only where something may be carried: without this file as many arrive as leave.
    if left.cities.iter().any(|c| (c.1, c.2) != (0, 0)) {
        write(dir, "ledger.csv", "city,least,most", &ledger)?;
    }
    Ok(())
}

/// How the matcher calls what was chosen.
fn mode(matching: Matching) -> Mode {
    match (matching.by(), matching.longest()) {
        (By::Ranks, _) => Mode::Ranked,
        (By::Points, None) => Mode::Weighted,
        (By::Points, Some(longest)) => Mode::Short(u32::try_from(longest).unwrap_or(u32::MAX)),
    }
}

/// The number that ties are drawn with: the same for the same people, and nobody's to choose.
fn lottery(question: &Question) -> u64 {
    let mixed = question.goers.iter().fold(0_u128, |all, goer| all.rotate_left(7) ^ goer.id.0.as_u128());
    // The certificate's numbers have 63 bits.
    u64::try_from((mixed ^ (mixed >> 64)) & u128::from(u64::MAX >> 1)).unwrap_or(0)
}

/// Who takes which post, ring after ring where the matcher names its rings.
fn placements(outcome: &Outcome) -> Vec<(u32, u32)> {
    let posts: BTreeMap<u32, u32> = outcome.solution.placements.iter().copied().collect();
    let mut named: Vec<(u32, u32)> = Vec::new();
    for staff in outcome.certificate.rings.iter().flatten() {
        let staff = u32::try_from(*staff).ok();
        named.extend(staff.and_then(|staff| Some((staff, *posts.get(&staff)?))));
    }
    if named.is_empty() { outcome.solution.placements.clone() } else { named }
}

/// Matches: the best rings for what people wish, what is final stays, what stands is kept before all else.
pub fn matched(question: &Question) -> Result<Matched, Unmatched> {
    let folder = Folder::new()?;
    let dir = folder.0.as_path();
    let left = left(question);
    instance(question, &left, dir)?;
    let limits = Limits { iterations: Some(ITERATIONS), seed: lottery(question), ..Limits::default() };
    let outcome = solve_in(&Instance::read(dir)?, mode(question.matching), &limits, &mut |_| true);
    let (solution, certificate) = (dir.join("solution.csv"), dir.join("certificate.json"));
    outcome.solution.write(&solution)?;
    outcome.certificate.write(&certificate)?;
    let verdict = verify(dir, &solution, &certificate);
    if !verdict.holds() {
        return Err(Unmatched::False(verdict.failures.join("; ")));
    }
    let pick = |(staff, post): (u32, u32)| {
        let (goer, (post, _)) = (left.goers.get(staff as usize)?, left.posts.get(post as usize)?);
        Some(Pick { goer: goer.id, post: post.id })
    };
    let mut picks: Vec<Pick> = question.fixed.iter().copied().collect();
    picks.extend(placements(&outcome).into_iter().filter_map(pick));
    let claim = outcome.certificate.claim;
    Ok(Matched { picks, proof: Proof { objective: claim.objective, bound: claim.bound } })
}
