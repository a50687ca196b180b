//! Which variable enters the basis: the one at which going further would not pay, after those that can go over to their
//! other bound on the way (long-step rule, Fourer 1994; Maros 2003). May use nothing; promises a pivot that is not tiny
//! where there is a choice.

/// A pivot below this is avoided.
const SMALL: f64 = 1e-5;
/// So many candidates are sorted at first: mostly one of them enters.
const FIRST_PART: usize = 16;

/// A variable that could enter.
pub(super) struct Candidate {
    /// The step of the prices at which its reduced cost is 0.
    pub(super) ratio: f64,
    /// Size of its entry in the pivot row.
    pub(super) alpha: f64,
    /// Distance of its bounds.
    pub(super) range: f64,
    pub(super) number: u32,
}

/// Sorts the candidates that come first to the front and returns the place of the one that enters.
/// `far` is how far the leaving variable is beyond its bound.
pub(super) fn entering(candidates: &mut [Candidate], far: f64) -> Option<usize> {
    let before = |a: &Candidate, b: &Candidate| a.ratio.total_cmp(&b.ratio).then(a.number.cmp(&b.number));
    let last = candidates.len().checked_sub(1)?;
    let (mut left, mut from, mut part) = (far, 0, FIRST_PART);
    let stop = loop {
        let until = (from + part).min(candidates.len());
        if until < candidates.len() {
            candidates[from..].select_nth_unstable_by(until - 1 - from, before);
        }
        candidates[from..until].sort_unstable_by(before);
        let stop = candidates[from..until].iter().position(|it| {
            left -= it.alpha * it.range;
            left < 0.0
        });
        if let Some(stop) = stop {
            break from + stop;
        }
        if until == candidates.len() {
            break last;
        }
        (from, part) = (until, part * 4);
    };
    // With bounds on both sides everything may go over and the leaving variable still be beyond its bound.
    if left > 0.0 && stop == last && candidates[last].range.is_finite() && !reaches(candidates, far) {
        return None;
    }
    let firm = (0..=stop).rev().find(|&place| candidates[place].alpha > SMALL);
    Some(firm.unwrap_or(stop))
}

/// Whether all together bring the leaving variable back to its bound.
fn reaches(candidates: &[Candidate], far: f64) -> bool {
    let all: f64 = candidates.iter().map(|it| it.alpha * it.range).sum();
    all >= far - 1e-6
}

#[cfg(test)]
mod tests {
    use super::{Candidate, entering};

    fn candidate(ratio: f64, alpha: f64, range: f64, number: u32) -> Candidate {
        Candidate { ratio, alpha, range, number }
    }

    #[test]
    fn those_that_can_go_over_do_and_the_next_one_enters() {
        let mut some = vec![candidate(3.0, 1.0, 1.0, 7), candidate(1.0, 1.0, 1.0, 2), candidate(2.0, 1.0, 5.0, 4)];
        assert_eq!(entering(&mut some, 1.5).map(|place| some[place].number), Some(4));
        assert_eq!(entering(&mut some, 0.5).map(|place| some[place].number), Some(2));
        assert_eq!(entering(&mut some, 6.5).map(|place| some[place].number), Some(7));
        assert_eq!(entering(&mut some, 7.5).map(|place| some[place].number), None);
        assert_eq!(entering(&mut [], 1.0), None);
    }

    #[test]
    fn a_tiny_pivot_is_passed_over_for_an_earlier_one() {
        let mut some = vec![candidate(1.0, 1.0, 1.0, 1), candidate(2.0, 1e-8, f64::INFINITY, 2)];
        assert_eq!(entering(&mut some, 1.5).map(|place| some[place].number), Some(1));
    }
}
