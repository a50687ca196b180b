//! Invents an exchange: cities of unlike size and appeal, the posts they offer, and who would like to go where. May use the
//! dice; promises ids that count from 0, pairs sorted by person, and no post in the own city.

use std::io;
use std::path::Path;

use super::dice::{Dice, Urn, nearest, real, whole};
use super::{Settings, meta, table};

const LONGEST_WAIT: usize = 208;
/// Posts looked at to find the wishes.
const LOOKS: usize = 40;

/// By city: share of all staff, and share of all interest.
struct Cities {
    size: Vec<f64>,
    appeal: Vec<f64>,
}

struct Post {
    city: usize,
    cap: usize,
    worth: f64,
}

pub(super) fn write(settings: &Settings, dir: &Path) -> io::Result<()> {
    let suited = nearest(6.0 * real(settings.people.max(2)).log10().powf(1.5)).clamp(8, 120);
    let count = settings.cities.unwrap_or(suited).max(2);
    let mut dice = settings.dice(1);
    let skew = if settings.even { 0.0 } else { 0.9 };
    let cities = Cities { size: dice.zipf(count, skew), appeal: dice.zipf(count, skew) };
    let homes = Urn::of(cities.size.iter().copied());
    let mut home: Vec<usize> = (0..settings.people).map(|_| dice.pick(&homes)).collect();
    home.sort_unstable();
    let wait: Vec<usize> = home.iter().map(|_| whole(dice.exponential(55.0)).min(LONGEST_WAIT)).collect();
    let posts = posts(settings, &cities);
    let edges = wishes(settings, &cities, &home, &posts);
    let pairs = if settings.pair_caps { pair_caps(settings, &cities) } else { Vec::new() };

    let staff_of = |city: usize| home.partition_point(|c| *c <= city) - home.partition_point(|c| *c < city);
    let mut most = |city| if settings.even { 1.0 } else { dice.between(0.3, 0.9) } * real(staff_of(city));
    let leave: Vec<usize> = (0..count).map(|city| whole(most(city).ceil())).collect();
    table(dir, "cities.csv", "city,max_out", leave.iter().enumerate().map(|(id, most)| [id, *most]))?;
    table(dir, "posts.csv", "post,city,cap", posts.iter().enumerate().map(|(id, post)| [id, post.city, post.cap]))?;
    let all = home.iter().zip(&wait).enumerate().map(|(id, (city, wait))| [id, *city, *wait, 200 + 5 * wait]);
    table(dir, "staff.csv", "staff,city,weeks_since_out,bonus", all)?;
    table(dir, "edges.csv", "staff,post,score", edges.iter().copied())?;
    table(dir, "pairs.csv", "from,to,cap", pairs.iter().copied())?;
    let counts = [
        ("staff", home.len()),
        ("cities", count),
        ("posts", posts.len()),
        ("edges", edges.len()),
        ("pair_caps", pairs.len()),
    ];
    meta(dir, settings, "exchange", &counts, "max sum(score + bonus) over placed staff")
}

/// Half of the posts are where the staff are, half where people want to go.
fn posts(settings: &Settings, cities: &Cities) -> Vec<Post> {
    if settings.even {
        return (0..cities.size.len()).map(|city| Post { city, cap: settings.people, worth: 0.5 }).collect();
    }
    let mut dice = settings.dice(2);
    let count = (settings.people / 6).max(cities.size.len());
    let city = Urn::of(cities.size.iter().zip(&cities.appeal).map(|(size, appeal)| size + appeal));
    let mut all: Vec<usize> = (0..count).map(|_| dice.pick(&city)).collect();
    all.sort_unstable();
    all.into_iter().map(|city| Post { city, cap: 1 + dice.below(8), worth: dice.unit() }).collect()
}

/// `[person, post, score]`: a score has to do with the two cities, with the post, and mostly with the person.
fn wishes(settings: &Settings, cities: &Cities, home: &[usize], posts: &[Post]) -> Vec<[usize; 3]> {
    let mut dice = settings.dice(3);
    let count = cities.size.len();
    let ties: Vec<f64> = (0..count * count).map(|_| dice.unit()).collect();
    let spread = if settings.even { 0.0 } else { 0.7 };
    let urn = Urn::of(posts.iter().map(|post| cities.appeal[post.city] * dice.log_normal(1.0, spread)));
    let mut edges = Vec::new();
    for (person, &city) in home.iter().enumerate() {
        let most = settings.wishes.unwrap_or_else(|| 4 + dice.below(22));
        for post in some_posts(&mut dice, &urn, posts, city, most) {
            let tie = ties[city * count + posts[post].city];
            let liking = 0.35 * tie + 0.5 * dice.unit() + 0.15 * posts[post].worth;
            edges.push([person, post, whole(1.0 + 999.0 * liking)]);
        }
    }
    edges
}

fn some_posts(dice: &mut Dice, urn: &Urn, posts: &[Post], home: usize, most: usize) -> Vec<usize> {
    let mut chosen = Vec::new();
    for _ in 0..LOOKS {
        let post = dice.pick(urn);
        if chosen.len() < most && posts[post].city != home && !chosen.contains(&post) {
            chosen.push(post);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// `[from, to, cap]` for a quarter of all ways: fewer than would like to go.
fn pair_caps(settings: &Settings, cities: &Cities) -> Vec<[usize; 3]> {
    let mut dice = settings.dice(4);
    let count = cities.size.len();
    let mut pairs = Vec::new();
    for (from, to) in (0..count).flat_map(|from| (0..count).map(move |to| (from, to))) {
        if from != to && dice.chance(0.25) {
            let expected = real(settings.people) * cities.size[from] * cities.appeal[to];
            pairs.push([from, to, nearest(expected * dice.between(0.2, 0.8)).max(1)]);
        }
    }
    pairs
}
