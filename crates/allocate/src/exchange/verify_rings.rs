//! Checks the rings that a certificate lists: that they are rings, and that each formed as its mode says. May use nothing
//! of the solver; promises a plain sentence for everything that is false.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::verify::Tables;
use crate::json::Value;
use crate::recheck::Failures;

/// Checks the list of rings against the placements.
pub(super) fn check(tables: &Tables, claims: &Value, placed: &[(i64, i64)], failures: &mut Failures) {
    let rings: Option<Vec<Vec<i64>>> =
        claims.get("rings").and_then(Value::as_list).map(|list| list.iter().filter_map(Value::numbers).collect());
    let Some(rings) = rings else {
        return failures.add("The certificate does not list its rings.".to_owned());
    };
    let mode = claims.text("mode").unwrap_or_default();
    if mode == "weighted" {
        if !rings.is_empty() {
            failures.add("The certificate lists rings, but they may be of any length.".to_owned());
        }
        return;
    }
    let post_of: BTreeMap<i64, i64> = placed.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for ring in &rings {
        let closed = ring.iter().zip(ring.iter().cycle().skip(1)).all(|(staff, next)| {
            seen.insert(*staff) && post_of.get(staff).is_some_and(|post| tables.goal(*post) == tables.home(*next))
        });
        if !closed || ring.len() < 2 {
            failures.add(format!("The staff {ring:?} do not make a ring of their own."));
        }
    }
    if seen.len() != post_of.len() {
        failures.add("Not everybody who is placed is in a ring.".to_owned());
    }
    match mode {
        "short" => {
            let most = claims.integer("longest").and_then(|most| usize::try_from(most).ok()).unwrap_or(0);
            for ring in rings.iter().filter(|ring| ring.len() > most) {
                failures.add(format!("The ring of {} people is longer than {most}.", ring.len()));
            }
        }
        "ranked" => Trading::new(tables, claims.integer("seed").unwrap_or(0)).follow(&rings, &post_of, failures),
        _ => failures.add("The certificate does not say how people were matched.".to_owned()),
    }
}

/// Bonus, lot and number: the highest first.
type Priority = (Reverse<i64>, Reverse<u64>, Reverse<i64>);

/// The state of two-sided top trading cycles (Dur and Unver 2019), followed ring by ring.
struct Trading<'a> {
    tables: &'a Tables,
    /// Posts each person may take, the most wanted first.
    wishes: BTreeMap<i64, Vec<(Reverse<i64>, i64)>>,
    /// Each city's people who have not gone, the first by priority first.
    waiting: BTreeMap<i64, BTreeSet<Priority>>,
    open: BTreeSet<i64>,
    post_left: BTreeMap<i64, i64>,
    out_left: BTreeMap<i64, i64>,
    pair_left: BTreeMap<(i64, i64), i64>,
}

impl<'a> Trading<'a> {
    fn new(tables: &'a Tables, seed: i64) -> Self {
        let mut wishes: BTreeMap<i64, Vec<_>> = BTreeMap::new();
        for (staff, post, score) in tables.offers() {
            wishes.entry(staff).or_default().push((Reverse(score), post));
        }
        for own in wishes.values_mut() {
            own.sort_unstable();
        }
        let mut waiting: BTreeMap<i64, BTreeSet<_>> = BTreeMap::new();
        for (staff, city, bonus) in tables.everybody() {
            let place = (Reverse(bonus), Reverse(lottery(seed, staff)), Reverse(staff));
            waiting.entry(city).or_default().insert(place);
        }
        let out_left = tables.most_out();
        let open = out_left.keys().copied().collect();
        let pair_left = tables.pair_caps().into_iter().collect();
        Self { tables, wishes, waiting, open, post_left: tables.places(), out_left, pair_left }
    }

    fn follow(&mut self, rings: &[Vec<i64>], post_of: &BTreeMap<i64, i64>, failures: &mut Failures) {
        for ring in rings {
            self.close();
            for staff in ring {
                let (home, post) = (self.tables.home(*staff), post_of.get(staff).copied());
                match self.turn(home) {
                    Some((first, best)) if first == *staff && Some(best) == post => {}
                    Some((first, _)) if first != *staff => {
                        failures.add(format!("It is the turn of staff {first} in city {home}, not of {staff}."));
                    }
                    _ => failures.add(format!("Staff {staff} does not get the best post that is still to be had.")),
                }
            }
            for staff in ring {
                self.leave(*staff, post_of.get(staff).copied().unwrap_or(-1));
            }
        }
        self.close();
        if !self.open.is_empty() {
            failures.add("More people could still change places.".to_owned());
        }
    }

    fn best(&self, staff: i64) -> Option<i64> {
        let free = |post: i64| {
            let (from, to) = (self.tables.home(staff), self.tables.goal(post));
            self.open.contains(&to)
                && self.post_left.get(&post).is_some_and(|left| *left > 0)
                && self.pair_left.get(&(from, to)).is_none_or(|left| *left > 0)
        };
        self.wishes.get(&staff)?.iter().map(|(_, post)| *post).find(|post| free(*post))
    }

    /// Whose turn it is in the city, and the best post for them. Who can have nothing any more waits no longer.
    fn turn(&mut self, city: i64) -> Option<(i64, i64)> {
        self.out_left.get(&city).filter(|left| **left > 0)?;
        loop {
            let place = *self.waiting.get(&city)?.first()?;
            let Reverse(staff) = place.2;
            if let Some(post) = self.best(staff) {
                return Some((staff, post));
            }
            self.waiting.get_mut(&city)?.remove(&place);
        }
    }

    /// Nobody can come into a city that can send nobody.
    fn close(&mut self) {
        loop {
            let shut: Vec<i64> = self.open.clone().into_iter().filter(|city| self.turn(*city).is_none()).collect();
            if shut.is_empty() {
                return;
            }
            self.open.retain(|city| !shut.contains(city));
        }
    }

    fn leave(&mut self, staff: i64, post: i64) {
        let (from, to) = (self.tables.home(staff), self.tables.goal(post));
        if let Some(waiting) = self.waiting.get_mut(&from) {
            waiting.retain(|place| place.2 != Reverse(staff));
        }
        let taken = [self.post_left.get_mut(&post), self.out_left.get_mut(&from), self.pair_left.get_mut(&(from, to))];
        for left in taken.into_iter().flatten() {
            *left -= 1;
        }
    }
}

/// The first number of `SplitMix64` (Steele, Lea and Flood 2014) for this seed and person.
fn lottery(seed: i64, staff: i64) -> u64 {
    let start = seed.cast_unsigned().wrapping_add(staff.cast_unsigned().wrapping_mul(0xD1B5_4A32_D192_ED03));
    let mut mixed = start.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
