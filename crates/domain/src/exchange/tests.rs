use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::id::{GoerId, MemberId, PostId};

fn window(from: Date, to: Date) -> Window {
    Window::new(from, to).expect("in order")
}

fn season() -> Window {
    window(date(2027, 3, 1), date(2027, 6, 30))
}

fn goer(member: MemberId, wishes: Vec<Wish>) -> Goer {
    Goer {
        id: GoerId::new(),
        member,
        grade: Grade::Experienced,
        languages: vec!["en".into()],
        free: season(),
        topics: vec![Topic::Housing, Topic::Care],
        wishes,
        anywhere: false,
        missed: 0,
    }
}

fn post(member: MemberId) -> Post {
    Post {
        id: PostId::new(),
        member,
        topics: vec![Topic::Housing],
        languages: vec!["en".into(), "nl".into()],
        grades: vec![],
        free: season(),
        guests: 1,
    }
}

#[test]
fn a_stay_is_counted_in_working_days_and_begins_on_one() {
    // A Saturday to the Friday after next.
    let w = window(date(2027, 3, 6), date(2027, 3, 19));
    assert_eq!(w.stay(5), Some(Stay { starts: date(2027, 3, 8), ends: date(2027, 3, 12) }));
    assert_eq!(w.stay(10), Some(Stay { starts: date(2027, 3, 8), ends: date(2027, 3, 19) }));
    assert_eq!((w.stay(11), w.stay(0)), (None, None));
}

#[test]
fn a_limit_on_rings_goes_with_points_only_and_begins_at_two() {
    assert_eq!(Matching::new(By::Ranks, Some(3)), Err(Unmatchable::RanksAnyLength));
    assert_eq!(Matching::new(By::Points, Some(1)), Err(Unmatchable::TooShort));
    let three = Matching::new(By::Points, Some(3)).expect("may be");
    assert!(three.allows_ring(3) && !three.allows_ring(4));
    assert!(Matching::default().allows_ring(40) && !Matching::default().names_rings());
}

#[test]
fn rings_that_stand_in_order_stay_as_they_stand() {
    let [a, b, c]: [MemberId; 3] = std::array::from_fn(|_| MemberId::new());
    let legs = [(a, b), (b, a), (b, c), (c, b), (c, a), (a, c)];
    let lengths = |rings: Vec<Ring>| rings.iter().map(|ring| ring.legs.len()).collect::<Vec<_>>();
    assert_eq!(lengths(in_order(&legs)), [2, 2, 2]);
    let three = [(a, b), (b, c), (c, a), (a, c), (c, b), (b, a)];
    assert_eq!(lengths(in_order(&three)), [3, 3]);
    assert_eq!(in_order(&legs[2..3]).iter().map(|ring| ring.closed).collect::<Vec<_>>(), [false]);
}

#[test]
fn each_rule_of_fitting_is_the_one_that_is_named() {
    let (a, b) = (MemberId::new(), MemberId::new());
    let (g, p) = (goer(a, vec![Wish::Member(b)]), post(b));
    let fit = |g: &Goer, p: &Post| g.fit(p, season(), 5);
    assert_eq!(fit(&g, &p).map(|f| f.score), Ok(600 + 200));
    assert_eq!(fit(&g, &post(a)), Err(Unfit::Home));
    assert_eq!(fit(&goer(a, vec![]), &p), Err(Unfit::NotWished));
    assert_eq!(fit(&Goer { anywhere: true, ..goer(a, vec![]) }, &p).map(|f| f.score), Ok(150 + 200));
    assert_eq!(fit(&Goer { languages: vec!["ko".into()], ..g.clone() }, &p), Err(Unfit::Language));
    assert_eq!(fit(&g, &Post { grades: vec![Grade::Leading], ..p.clone() }), Err(Unfit::Grade));
    let late = window(date(2027, 6, 28), date(2027, 7, 30));
    assert_eq!(fit(&g, &Post { free: late, ..p.clone() }), Err(Unfit::Dates), "only three days are in the season");
    assert_eq!(g.why_none(&[post(a)], season(), 5), Some(Unfit::NoPlace));
    let other = Post { languages: vec!["ko".into()], ..post(b) };
    let graded = Post { grades: vec![Grade::Starting], ..post(b) };
    assert_eq!(g.why_none(&[other, graded], season(), 5), Some(Unfit::Grade), "the nearest miss is told");
    assert_eq!(g.why_none(&[p], season(), 5), None);
}

#[test]
fn the_ledger_carries_what_it_may_and_no_more() {
    let member = |tolerance, before| Member { id: MemberId::new(), most_out: 9, tolerance, before };
    let room = |tolerance, before| {
        let room = member(tolerance, before).room(5);
        (room.least, room.most)
    };
    assert_eq!(room(0, 0), (0, 0));
    assert_eq!(room(2, 0), (-2, 2));
    assert_eq!(room(2, 5), (-3, 1), "whoever received one more may now give one more");
    assert_eq!(room(1, 7), (-2, 0), "half a stay is not carried");
    assert_eq!(room(0, 10), (-2, 0), "beyond it already: may come back, need not at once");
}

#[test]
fn an_exchange_moves_only_forward() {
    let v: Version = "a".repeat(64).parse().expect("a version");
    let why = || Reason::parse("no money").expect("a reason");
    let asking = State::Collecting.propose(v.clone()).expect("first");
    assert!(State::Collecting.may_enter().is_ok() && asking.may_enter().is_err());
    assert!(State::Collecting.settle().is_err());
    let settled = asking.clone().settle().expect("everybody said yes");
    assert!(settled.clone().propose(v.clone()).is_err() && settled.clone().end(why()).is_err());
    assert_eq!(settled.reopen().map(|s| s.stage()), Ok(Stage::Asking));
    let ended = asking.end(why()).expect("may stop");
    assert!(ended.clone().propose(v).is_err() && ended.clone().reopen().is_err() && ended.settle().is_err());
}

#[test]
fn a_yes_counts_for_the_words_it_was_given_to() {
    let [one, two]: [Version; 2] = ["1", "2"].map(|c| c.repeat(64).parse().expect("a version"));
    assert_eq!((two.must_be(&one), two.must_be(&two)), (Err(Superseded), Ok(())));
    let all = Voice::ALL.iter().fold(Consents::default(), |c, v| c.with(*v, Answer::Yes(one.clone())));
    assert!(all.agreed(|v| *v == one) && !all.agreed(|v| *v == two));
    assert!(!all.clone().with(Voice::Receiver, Answer::Open).agreed(|v| *v == one));
    let no = all.with(Voice::Sender, Answer::No(Reason::parse("nobody to cover").expect("a reason")));
    assert!(!no.agreed(|_| true) && matches!(no.refused(), Some((Voice::Sender, _))));
}

fn legs_of(cities: usize, raw: &[(usize, usize)]) -> Vec<(MemberId, MemberId)> {
    let ids: Vec<MemberId> = (0..cities).map(|_| MemberId::new()).collect();
    raw.iter().map(|(a, b)| (a % cities, b % cities)).filter(|(a, b)| a != b).map(|(a, b)| (ids[a], ids[b])).collect()
}

proptest! {
    #[test]
    fn every_leg_is_in_one_ring_or_chain_and_each_hangs_together(
        cities in 2usize..7, raw in prop::collection::vec((0usize..7, 0usize..7), 0..24)
    ) {
        let legs = legs_of(cities, &raw);
        let found = rings(&legs);
        let mut all: Vec<usize> = found.iter().flat_map(|r| r.legs.iter().copied()).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..legs.len()).collect::<Vec<_>>());
        for ring in &found {
            for pair in ring.legs.windows(2) {
                prop_assert_eq!(legs[pair[0]].1, legs[pair[1]].0);
            }
            let (first, last) = (ring.legs[0], ring.legs[ring.legs.len() - 1]);
            prop_assert_eq!(ring.closed, legs[last].1 == legs[first].0);
            let starts: BTreeSet<MemberId> = ring.legs.iter().map(|l| legs[*l].0).collect();
            prop_assert_eq!(starts.len(), ring.legs.len(), "no city twice on one ring");
        }
        // Chains begin only where more leave than arrive and end only where more arrive: any of them may be final alone.
        for chain in found.iter().filter(|r| !r.closed) {
            let net = |m: MemberId| legs.iter().filter(|l| l.1 == m).count().cast_signed() - legs.iter().filter(|l| l.0 == m).count().cast_signed();
            prop_assert!(net(legs[chain.legs[0]].0) < 0);
            prop_assert!(net(legs[chain.legs[chain.legs.len() - 1]].1) > 0);
        }
    }

    #[test]
    fn balanced_legs_are_rings_and_nothing_else(cities in 2usize..7, around in prop::collection::vec(0usize..7, 1..8)) {
        // Walk from city to city and home again.
        let mut stops: Vec<usize> = around.iter().map(|c| c % cities).collect();
        stops.dedup();
        stops.push(stops[0]);
        let raw: Vec<(usize, usize)> = stops.windows(2).map(|w| (w[0], w[1])).collect();
        prop_assert!(rings(&legs_of(cities, &raw)).iter().all(|r| r.closed));
    }

    #[test]
    fn a_ring_is_final_only_when_every_leg_has_all_three(
        cities in 2usize..6, raw in prop::collection::vec((0usize..6, 0usize..6), 1..16), missing in 0usize..20, all in any::<bool>()
    ) {
        let legs = legs_of(cities, &raw);
        let found = rings(&legs);
        let together = if all { Together::All } else { Together::Each };
        let done = finals(&found, together, |leg| leg != missing);
        for at in &done {
            prop_assert!(!found[*at].legs.contains(&missing));
        }
        if all && missing < legs.len() {
            prop_assert!(done.is_empty());
        }
    }

    #[test]
    fn what_is_an_answer_keeps_every_balance(
        tolerance in 0i64..3, before in -20i64..20, sends in 0usize..4, receives in 0usize..4
    ) {
        let [a, b] = [MemberId::new(), MemberId::new()];
        let member = |id, tolerance, before| Member { id, most_out: 9, tolerance, before };
        let mut question = Question {
            season: season(), days: 5, matching: Matching::default(), members: vec![member(a, tolerance, before), member(b, 99, 0)],
            goers: Vec::new(), posts: Vec::new(), banned: BTreeSet::new(), kept: BTreeSet::new(), fixed: BTreeSet::new(),
        };
        let mut picks = Vec::new();
        for (from, to, n) in [(a, b, sends), (b, a, receives)] {
            for _ in 0..n {
                let (g, p) = (goer(from, vec![Wish::Member(to)]), post(to));
                picks.push(Pick { goer: g.id, post: p.id });
                question.goers.push(g);
                question.posts.push(p);
            }
        }
        let account = question.accounts(&picks)[0];
        prop_assert_eq!(account.after, before + 5 * (account.received - account.sent));
        if question.check(&picks).is_ok() {
            // Within the tolerance, or no further from it than before.
            prop_assert!(account.after.abs() <= tolerance * 5 || account.after.abs() <= before.abs());
        }
        if let Some(first) = picks.first().copied() {
            question.banned.insert(first);
            prop_assert!(question.check(&picks).is_err(), "what was refused is not proposed again");
        }
    }
}
