//! Invents a round: a city with its teams and neighbourhoods, what is offered, and who would like to go where. May use the
//! dice; promises ids that count from 0 and pairs sorted by person and rank.

use std::io;
use std::path::Path;

use super::dice::{Dice, Urn, nearest, real, whole};
use super::{Settings, meta, table};

const TOPICS: usize = 16;
const DISTRICTS: usize = 25;
const NBHDS: usize = 17 * DISTRICTS;
const WEEKS: usize = 40;
/// Weeks after which longer waiting counts no more; who was never out has waited as long.
const LONGEST_WAIT: usize = 208;
const GRADES: [f64; 6] = [0.22, 0.27, 0.22, 0.15, 0.09, 0.05];
/// Most wishes of one person.
const MOST: usize = 40;

type Point = [f64; 2];

struct Team {
    dept: usize,
    size: usize,
    cap: usize,
    site: Point,
    topics: [f64; TOPICS],
}

struct Person {
    team: usize,
    grade: usize,
    k: usize,
    wait: usize,
    step_free: bool,
}

struct Outing {
    week: usize,
    nbhd: usize,
    host: usize,
    min: usize,
    max: usize,
    topic: usize,
    accessible: bool,
    /// Share of all interest, and how it looks from 0 (nobody) to 1 (everybody).
    share: f64,
    appeal: f64,
}

struct Nbhd {
    at: Point,
    cap: usize,
}

struct Offer {
    outings: Vec<Outing>,
    hosts: Vec<usize>,
    weeks: usize,
}

struct Wish {
    person: usize,
    outing: usize,
    liking: f64,
}

pub(super) fn write(settings: &Settings, dir: &Path) -> io::Result<()> {
    let depts = nearest(4.0 * real(settings.people.max(2)).log10().powf(1.3)).clamp(6, 30);
    let teams = teams(settings, depts);
    let people = people(settings, &teams);
    let nbhds = nbhds(&mut settings.dice(3));
    let wanted: usize = people.iter().map(|person| person.k).sum();
    let offer = offer(settings, &nbhds, wanted);
    let mut wishes = wishes(&mut settings.dice(5), &teams, &people, &nbhds, &offer.outings);
    let scores = scores(&mut wishes);

    let all = teams.iter().enumerate();
    table(dir, "teams.csv", "team,dept,size,cap", all.map(|(id, t)| [id, t.dept, t.size, t.cap]))?;
    let all = people
        .iter()
        .enumerate()
        .map(|(id, p)| [id, p.team, teams[p.team].dept, p.grade, p.k, p.wait, 1_000 + 10 * p.wait, 300, 0]);
    table(dir, "people.csv", "person,team,dept,grade,k,weeks_since_out,b1,b2,b3", all)?;
    let all = nbhds.iter().enumerate();
    table(dir, "nbhds.csv", "nbhd,district,cap", all.map(|(id, n)| [id, id / (NBHDS / DISTRICTS), n.cap]))?;
    table(dir, "hosts.csv", "host,cap", offer.hosts.iter().enumerate().map(|(id, cap)| [id, *cap]))?;
    let all = offer.outings.iter().enumerate();
    let all = all.map(|(id, o)| [id, o.week, o.nbhd, o.host, o.min, o.max, o.topic, usize::from(o.accessible)]);
    table(dir, "outings.csv", "outing,week,nbhd,host,min,max,topic,accessible", all)?;
    let mut last = (usize::MAX, 0);
    let ranked = wishes.iter().zip(&scores).map(|(wish, score)| {
        last = (wish.person, if wish.person == last.0 { last.1 + 1 } else { 1 });
        [wish.person, wish.outing, *score, last.1]
    });
    table(dir, "edges.csv", "person,outing,score,rank", ranked)?;
    let counts = [
        ("people", people.len()),
        ("teams", teams.len()),
        ("depts", depts),
        ("outings", offer.outings.len()),
        ("seats", offer.outings.iter().map(|outing| outing.max).sum()),
        ("wishes", wanted),
        ("hosts", offer.hosts.len()),
        ("nbhds", nbhds.len()),
        ("weeks", offer.weeks),
        ("edges", wishes.len()),
    ];
    meta(dir, settings, "round", &counts, "max sum(score) + sum over people of b1..b_n for n seats")
}

fn teams(settings: &Settings, depts: usize) -> Vec<Team> {
    let mut dice = settings.dice(1);
    let dept = Urn::of(dice.zipf(depts, 0.8));
    let concerns: Vec<[f64; TOPICS]> = (0..depts).map(|_| dice.shares(0.25)).collect();
    let mut left = settings.people;
    let mut teams = Vec::new();
    while left > 0 {
        let size = nearest(dice.log_normal(9.0, 0.6)).clamp(3, 80).min(left);
        left -= size;
        let dept = dice.pick(&dept);
        let own: [f64; TOPICS] = dice.shares(0.25);
        let topics = std::array::from_fn(|topic| 0.6 * concerns[dept][topic] + 0.4 * own[topic]);
        let cap = whole(real(size) * dice.between(0.08, 0.20)).max(1);
        teams.push(Team { dept, size, cap, site: [dice.normal(3.0), dice.normal(3.0)], topics });
    }
    teams
}

fn people(settings: &Settings, teams: &[Team]) -> Vec<Person> {
    let mut dice = settings.dice(2);
    let (grade, k) = (Urn::of(GRADES), Urn::of([0.6, 0.3, 0.1]));
    let team_of = teams.iter().enumerate().flat_map(|(id, team)| std::iter::repeat_n(id, team.size));
    let mut draw = |team| {
        let never = dice.chance(0.12);
        let wait = whole(dice.exponential(55.0)).min(LONGEST_WAIT);
        Person {
            team,
            grade: dice.pick(&grade),
            k: 1 + dice.pick(&k),
            wait: if never { LONGEST_WAIT } else { wait },
            step_free: dice.chance(0.06),
        }
    };
    team_of.map(&mut draw).collect()
}

fn nbhds(dice: &mut Dice) -> Vec<Nbhd> {
    let centres: Vec<Point> = (0..DISTRICTS).map(|_| [dice.normal(5.0), dice.normal(5.0)]).collect();
    let centre = |id: usize| centres[id / (NBHDS / DISTRICTS)];
    let mut draw = |id| Nbhd {
        at: centre(id).map(|middle| middle + dice.normal(1.2)),
        cap: nearest(dice.log_normal(16.0, 0.35)).clamp(8, 40),
    };
    (0..NBHDS).map(&mut draw).collect()
}

/// Small rounds use fewer weeks and neighbourhoods, so that their limits are felt as well.
fn offer(settings: &Settings, nbhds: &[Nbhd], wanted: usize) -> Offer {
    let mut dice = settings.dice(4);
    let count = nearest(settings.supply * real(wanted) / 10.0).max(1);
    let weeks = (count / 15).clamp(10, WEEKS);
    let mut open: Vec<usize> = (0..nbhds.len()).collect();
    dice.shuffle(&mut open);
    open.truncate((count / 12).clamp(30, nbhds.len()));
    let nbhd = Urn::of(dice.zipf(open.len(), 0.6));
    let season: Vec<f64> = (0..weeks)
        .map(|week| 1.2 + (real(week) / real(weeks) * 2.0 * std::f64::consts::TAU).sin() + dice.between(0.0, 0.3))
        .collect();
    let (season, topic) = (Urn::of(season), Urn::of(dice.zipf(TOPICS, 0.5)));
    let mut hosts = vec![(0, 0); (count / 4).max(5)];
    let host = Urn::of(dice.zipf(hosts.len(), 0.5));
    let shares = dice.zipf(count, 0.75);
    let (low, high) = shares.iter().fold((f64::MAX, 0.0_f64), |(low, high), s| (low.min(*s), high.max(*s)));
    let mut outings = Vec::with_capacity(count);
    for share in shares {
        let places = nearest(dice.log_normal(9.0, 0.45)).clamp(4, 30);
        let least = nearest(real(places) * dice.between(0.25, 0.6)).max(2);
        let nbhd = open[dice.pick(&nbhd)];
        let max = places.min(nbhds[nbhd].cap);
        let host = dice.pick(&host);
        hosts[host].0 += 1;
        hosts[host].1 += places;
        outings.push(Outing {
            week: dice.pick(&season),
            nbhd,
            host,
            min: if settings.minima { least.min(max) } else { 1 },
            max,
            topic: dice.pick(&topic),
            accessible: dice.chance(0.55),
            share,
            appeal: (share / low).ln() / (high / low).ln().max(1e-9),
        });
    }
    let cap = |(held, places): (usize, usize)| nearest(real(places) * dice.between(0.6, 1.05)).max(2 * held);
    Offer { outings, hosts: hosts.into_iter().map(cap).collect(), weeks }
}

/// Everybody looks at some outings, half of them about what their team cares for, and keeps those liked best.
fn wishes(dice: &mut Dice, teams: &[Team], people: &[Person], nbhds: &[Nbhd], outings: &[Outing]) -> Vec<Wish> {
    let all = Urn::of(outings.iter().map(|outing| outing.share));
    let about: Vec<Vec<usize>> = (0..TOPICS)
        .map(|topic| (0..outings.len()).filter(|&outing| outings[outing].topic == topic).collect())
        .collect();
    let within: Vec<Urn> = about.iter().map(|ids| Urn::of(ids.iter().map(|&id| outings[id].share))).collect();
    let topics: Vec<Urn> = teams.iter().map(|team| Urn::of(team.topics)).collect();
    let looks = outings.len().clamp(48, 96);
    let mut wishes: Vec<Wish> = Vec::new();
    for (id, person) in people.iter().enumerate() {
        let skills: [f64; TOPICS] = dice.shares(0.3);
        let wanted = (10 + dice.below(MOST - 9)).min(outings.len());
        let mut seen: Vec<usize> = Vec::with_capacity(looks);
        for look in 0..looks {
            let topic = dice.pick(&topics[person.team]);
            let known = if look % 2 == 0 { &about[topic] } else { &about[0][..0] };
            seen.push(if known.is_empty() { dice.pick(&all) } else { known[dice.pick(&within[topic])] });
        }
        seen.sort_unstable();
        seen.dedup();
        seen.retain(|&outing| outings[outing].accessible || !person.step_free);
        let mut liked: Vec<(f64, usize)> =
            seen.into_iter().map(|id| (liking(dice, &teams[person.team], &skills, nbhds, &outings[id]), id)).collect();
        liked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        liked.truncate(wanted);
        wishes.extend(liked.into_iter().map(|(liking, outing)| Wish { person: id, outing, liking }));
    }
    wishes
}

fn liking(dice: &mut Dice, team: &Team, skills: &[f64; TOPICS], nbhds: &[Nbhd], outing: &Outing) -> f64 {
    let there = nbhds[outing.nbhd].at;
    let way = (team.site[0] - there[0]).hypot(team.site[1] - there[1]);
    0.32 * team.topics[outing.topic].sqrt()
        + 0.18 * skills[outing.topic].sqrt()
        + 0.22 * (-way / 6.0).exp()
        + 0.18 * outing.appeal
        + 0.10 * dice.unit()
}

/// Likings as scores from 1 to 1000, the thousandth at either end cut off. Wishes of equal score stand by outing.
fn scores(wishes: &mut [Wish]) -> Vec<usize> {
    let mut all: Vec<f64> = wishes.iter().map(|wish| wish.liking).collect();
    all.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| all.get(whole(share * real(all.len().saturating_sub(1)))).copied().unwrap_or(0.0);
    let (low, high) = (at(0.001), at(0.999));
    let score = |liking: f64| nearest(1.0 + 999.0 * (liking - low) / (high - low).max(1e-9)).clamp(1, 1_000);
    wishes.sort_by_key(|wish| (wish.person, std::cmp::Reverse(score(wish.liking)), wish.outing));
    wishes.iter().map(|wish| score(wish.liking)).collect()
}
