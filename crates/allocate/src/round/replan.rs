//! A plan mended after something changed: somebody dropped out, a limit fell, a place was added. May use everything the
//! first plan uses; promises that seats stay where they are unless moving one brings more than it is said to cost.

use super::certificate::{Certificate, Prices, Solution};
use super::dive::narrow_steps;
use super::groups::Groups;
use super::instance::{Instance, SCORE_CEILING};
use super::prices::Market;
use super::rows::Rows;
use super::seating::Seating;
use super::state::Plan;
use super::{Outcome, claim, search};
use crate::limits::{Limits, Pace, Phase, Progress, Until};
use crate::number::share;

/// Points that taking away or moving a seat costs when the caller does not say.
pub const USUAL_KEEP: u32 = 1_000;

const PRICES_UNTIL: Until = Until { iterations: 0.2, seconds: 0.15 };
const BOUND_UNTIL: Until = Until { iterations: 0.9, seconds: 0.5 };
const SEARCH_UNTIL: Until = Until { iterations: 1.0, seconds: 0.9 };
/// Iterations when the caller sets no limit.
const USUAL_ITERATIONS: u64 = 200;

/// What there was before.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// Who went where. Seats that are no longer possible are given up first.
    pub solution: &'a Solution,
    /// Its proof, whose prices are a good start for the new one.
    pub certificate: Option<&'a Certificate>,
    /// Points that it costs to move or take away a seat, at most as many as a score may have.
    pub keep: u32,
}

/// Mends a plan for an instance that has changed a little; persons and outings keep their numbers. See [`super::solve`].
pub fn replan(
    instance: &Instance,
    before: Before<'_>,
    limits: &Limits<'_>,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Outcome {
    let mut pace = Pace::new(limits, USUAL_ITERATIONS, progress);
    let rows = Rows::of(instance);
    let mut market = Market::new(instance, rows, pace.threads());
    let mut groups = Groups::new(instance, rows, pace.threads());
    if let Some(certificate) = before.certificate {
        groups.adopt(&certificate.prices);
    } else {
        market.find_prices(&mut pace, PRICES_UNTIL);
        groups.start(&market.proof);
    }
    pace.enter(Phase::Groups, BOUND_UNTIL);
    groups.pass(0.0);
    while let Some(fraction) = pace.tick() {
        groups.pass(narrow_steps(f64::from(market.worth()), instance.people(), fraction));
        pace.bound = Some(groups.bound);
    }
    let mut favoured = instance.clone();
    favour(&mut favoured, before.solution, before.keep);
    let seating = seated(Seating::new(&favoured, rows, &groups.whole[..rows.len]), before.solution);
    let found = search::search(seating, market.worth(), &mut pace, SEARCH_UNTIL);
    let mut plan = Plan::new(instance, &Solution::of(instance, &found));
    plan.fill();
    let solution = plan.solution();
    let claim = claim(&pace, plan.points(), groups.bound);
    let prices = Prices::of(&rows, &groups.proof, &groups.twins);
    let certificate = Certificate::of(instance, &rows, (prices, Vec::new()), claim, &solution);
    Outcome { solution, certificate }
}

/// Lets the pairs of earlier seats count more.
fn favour(instance: &mut Instance, before: &Solution, keep: u32) {
    let keep = i32::try_from(i64::from(keep).min(SCORE_CEILING)).unwrap_or(0);
    for &(person, outing) in &before.seats {
        if (person as usize) < instance.people() {
            let span = instance.span(person as usize);
            for pair in instance.edges[span].iter_mut().filter(|pair| pair.outing == outing) {
                pair.score += keep;
            }
        }
    }
}

/// Everybody back where they were, where that is still possible; those who count most first.
fn seated<'a>(mut seating: Seating<'a>, before: &Solution) -> Seating<'a> {
    let instance = seating.instance;
    let mut seats: Vec<(i64, usize, usize)> = Vec::with_capacity(before.seats.len());
    for &(person, outing) in &before.seats {
        let person = person as usize;
        if person < instance.people()
            && let Some(pair) = instance.span(person).find(|&pair| instance.edges[pair].outing == outing)
        {
            let points = i64::from(instance.edges[pair].score + instance.persons[person].bonus[0]);
            seats.push((-points, person, pair));
        }
    }
    seats.sort_unstable();
    for (_, person, pair) in seats {
        let pair = crate::number::id(pair);
        let free = seating.rows_of(person, pair).into_iter().all(|row| !seating.full(row));
        if free && seating.has_room(person) && seating.seat_in_week(person, seating.week_of(pair)).is_none() {
            seating.sit(person, pair);
        }
    }
    seating
}

/// Seats of the old plan that are in the new one, in parts per thousand.
pub fn kept(before: &Solution, now: &Solution) -> u32 {
    let stayed = before.seats.iter().filter(|seat| now.seats.binary_search(seat).is_ok()).count();
    let part = share(crate::number::signed(stayed).unsigned_abs())
        / share(crate::number::signed(before.seats.len().max(1)).unsigned_abs());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
    let thousandths = (part * 1000.0) as u32;
    thousandths
}
