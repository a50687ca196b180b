//! What the matcher is asked and answers for an exchange: rings of any length, what is refused stays away, what stands
//! stays, what is final does not move, and a chain only as far as the ledger carries it.

use std::collections::BTreeSet;

use freerange_domain::{
    exchange::{Goer, Grade, Member, Pick, Post, Question, Topic, Window, Wish},
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
