//! What the matcher is asked and answers for an exchange: rings of any length, what is refused stays away, what stands
//! stays, what is final does not move, and a chain only as far as the ledger carries it.

use std::collections::BTreeSet;

use freerange_domain::{
    exchange::{By, Goer, Grade, Matching, Member, Pick, Post, Question, Topic, Window, Wish, in_order},
    id::{GoerId, MemberId, PostId},
};
use freerange_web::exchange::matching::matched;
use jiff::civil::date;

/// Cities in a row, each with one person and one place; everybody wishes for the next city, then for the first.
fn question(cities: usize, tolerance: i64) -> Question {
    let season = Window::new(date(2027, 3, 1), date(2027, 5, 28)).expect("in order");
    let ids: Vec<MemberId> = (0..cities).map(|_| MemberId::new()).collect();
    let goer = |(at, member): (usize, &MemberId)| Goer {
        id: GoerId::new(),
        member: *member,
        grade: Grade::Experienced,
        languages: vec!["en".into()],
        free: season,
        topics: vec![Topic::Housing],
        wishes: vec![Wish::Member(ids[(at + 1) % cities]), Wish::Member(ids[0])],
        anywhere: false,
        missed: 0,
    };
    let post = |member: &MemberId| Post {
        id: PostId::new(),
        member: *member,
        topics: vec![Topic::Housing],
        languages: vec!["en".into()],
        grades: Vec::new(),
        free: season,
        guests: 1,
    };
    Question {
        season,
        days: 5,
        matching: Matching::default(),
        members: ids.iter().map(|id| Member { id: *id, most_out: 1, tolerance, before: 0 }).collect(),
        goers: ids.iter().enumerate().map(goer).collect(),
        posts: ids.iter().map(post).collect(),
        banned: BTreeSet::new(),
        kept: BTreeSet::new(),
        fixed: BTreeSet::new(),
    }
}

fn pick(q: &Question, from: usize, to: usize) -> Pick {
    Pick { goer: q.goers[from].id, post: q.posts[to].id }
}

fn answer(q: &Question) -> BTreeSet<Pick> {
    let found = matched(q).expect("is matched and verified");
    assert_eq!(q.check(&found.picks), Ok(()), "the domain's own rules hold too");
    assert!(found.proof.objective <= found.proof.bound);
    found.picks.into_iter().collect()
}

#[test]
fn seven_cities_close_one_ring_that_no_two_of_them_could() {
    let q = question(7, 0);
    assert_eq!(answer(&q), (0..7).map(|at| pick(&q, at, (at + 1) % 7)).collect());
}

#[test]
fn what_is_refused_stays_away_and_what_stands_stays() {
    let mut q = question(4, 0);
    q.kept = (0..4).map(|at| pick(&q, at, (at + 1) % 4)).collect();
    let refused = pick(&q, 2, 3);
    q.kept.remove(&refused);
    q.banned.insert(refused);
    assert_eq!(answer(&q), [pick(&q, 0, 1), pick(&q, 1, 2), pick(&q, 2, 0)].into());
}

#[test]
fn what_is_final_does_not_move() {
    let mut q = question(4, 0);
    q.fixed = [pick(&q, 0, 1), pick(&q, 1, 0)].into();
    let all = answer(&q);
    assert!(all.is_superset(&q.fixed) && all.len() == 2, "{all:?}");
}

#[test]
fn a_chain_goes_as_far_as_the_ledger_carries_it() {
    let mut q = question(3, 0);
    q.banned.insert(pick(&q, 2, 0));
    q.banned.insert(pick(&q, 1, 0));
    assert!(answer(&q).is_empty(), "no way back, and nothing may be owed");
    for member in &mut q.members {
        member.tolerance = 1;
    }
    assert_eq!(answer(&q), [pick(&q, 0, 1), pick(&q, 1, 2)].into());
    q.members[2].before = 5;
    assert_eq!(answer(&q), [pick(&q, 0, 1)].into(), "the third city owes one stay already");
}

#[test]
fn no_ring_is_longer_than_whoever_opened_it_allows() {
    // Everybody would like the next of six; two neighbours would also swap.
    let mut q = question(6, 0);
    for at in (0..6).step_by(2) {
        q.goers[at + 1].wishes.push(Wish::Member(q.members[at].id));
    }
    assert_eq!(answer(&q).len(), 6);
    q.matching = Matching::new(By::Points, Some(2)).expect("may be");
    let pairs = (0..6).step_by(2).flat_map(|at| [pick(&q, at, at + 1), pick(&q, at + 1, at)]);
    assert_eq!(answer(&q), pairs.collect());
}

#[test]
fn rings_come_one_after_the_other_where_their_length_matters() {
    // One of each of three cities wishes for each of the others: six legs are two rings of three, or three of two.
    let mut q = question(3, 0);
    for at in 0..3 {
        let to = |by: usize| vec![Wish::Member(q.members[(at + by) % 3].id)];
        let (next, after) = (to(1), to(2));
        q.goers.push(Goer { id: GoerId::new(), wishes: after, ..q.goers[at].clone() });
        q.goers[at].wishes = next;
        q.members[at].most_out = 2;
        q.posts[at].guests = 2;
    }
    q.matching = Matching::new(By::Points, Some(2)).expect("may be");
    let found = matched(&q).expect("is matched and verified").picks;
    assert_eq!(found.len(), 6);
    let legs: Vec<_> = found.iter().filter_map(|pick| q.leg(pick)).collect();
    assert!(in_order(&legs).iter().all(|ring| ring.closed && ring.legs.len() == 2), "{legs:?}");
}

#[test]
fn by_ranks_whoever_waited_longest_gets_what_they_wish_for_first_whatever_others_could_learn() {
    let mut q = question(3, 0);
    // The first two of the first city both wish for the second city; one place there.
    let rival = Goer { id: GoerId::new(), missed: 1, topics: vec![Topic::Care], ..q.goers[0].clone() };
    q.goers.push(rival);
    q.matching = Matching::new(By::Ranks, None).expect("may be");
    let found = answer(&q);
    assert!(found.contains(&pick(&q, 3, 1)) && !found.contains(&pick(&q, 0, 1)), "{found:?}");
    assert_eq!(found.len(), 3, "the ring closes");
    // What stands comes before whoever waited longest.
    q.kept = (0..3).map(|at| pick(&q, at, (at + 1) % 3)).collect();
    assert_eq!(answer(&q), q.kept);
}

#[test]
fn a_stay_that_has_begun_alone_leaves_the_others_a_question_with_an_answer() {
    // The first leg of a ring is final and has begun, the others dropped out: its cities stay out of balance.
    let mut q = question(4, 0);
    q.fixed = [pick(&q, 0, 1)].into();
    q.banned = (1..4).map(|at| pick(&q, at, (at + 1) % 4)).collect();
    q.banned.insert(pick(&q, 1, 0));
    assert_eq!(answer(&q), q.fixed, "it stays as it is, and nothing else closes");
    q.banned.remove(&pick(&q, 1, 0));
    assert_eq!(answer(&q), [pick(&q, 0, 1), pick(&q, 1, 0)].into(), "a way back is found where there is one");
}
