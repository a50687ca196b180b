//! Nobody learns what a colleague wished for by trying things out: neither by deciding by hand and matching again, nor by
//! moving a limit and looking first.

use freerange_domain::{
    id::{OutingId, RoundId},
    overview::Count,
    people::Email,
    round::Edit,
};
use freerange_store::{
    Actor, StoreError,
    round::{Checked, Figures, Finished, Limit, Run, Scarce},
};
use freerange_testkit::{House, both, reason, zone};

use crate::round::{run, spring, wish};

/// What the lead reads, as it leaves the store.
async fn read(house: &House, lead: &Actor, round: RoundId, number: i64) -> Run {
    house.store.round_run(lead, round, number).await.expect("is there")
}

async fn check(house: &House, lead: &Actor, round: RoundId) -> Checked {
    house.store.check_round(lead, round, &zone(), house.now()).await.expect("looks")
}

async fn decide(house: &House, lead: &Actor, round: RoundId, who: &str, outing: OutingId, what: Edit) {
    let email = Email::parse(&format!("{who}@city.example")).expect("an address");
    let why = reason("It is time.");
    house.store.decide_in_round(lead, round, (&email, outing), what, &why, house.now()).await.expect("is decided");
}

/// A plan of forty people, in which so many got their wish.
fn plan(served: i64) -> Figures {
    Figures {
        wishing: 40,
        served,
        seats: served,
        firsts: served - 6,
        run: 7,
        objective: 100 * served,
        bound: 4_010,
        ..Figures::default()
    }
}

#[test]
fn a_decision_by_hand_does_not_tell_whether_somebody_wished_for_it() {
    both(async |house| {
        let (lead, round, one, _) = spring(house).await;
        wish(house, "ann", round, &[one]).await;
        // Ann wished to go there, Ben did not; the lead tries both, each in a run of its own.
        let (ann, ben) = (house.id_of("ann").await, house.id_of("ben").await);
        let mut seen = Vec::new();
        for (who, person, kept, served) in [("ann", ann, true, 33), ("ben", ben, false, 32)] {
            decide(house, &lead, round, who, one, Edit::Pin).await;
            let edits = vec![(person, one, Edit::Pin, kept)];
            let found = Finished { verified: true, figures: plan(served), edits, ..Finished::default() };
            let number = run(house, &lead, round, &found).await;
            seen.push(read(house, &lead, round, number).await);
            house.store.undecide_in_round(&lead, round, person, one, house.now()).await.expect("is free again");
        }
        let [with, without] = &seen[..] else { panic!("two runs") };
        assert_eq!(with.figures, without.figures, "the two cannot be told apart");
        assert_eq!((with.gap, with.edits), (without.gap.map(|_| 1_800), 1));
        let listed = house.store.round_runs(&lead, round).await.expect("reads");
        assert_eq!(listed[0].figures, listed[1].figures);
        // Without decisions by hand the same figures are told.
        let number = run(house, &lead, round, &Finished { figures: plan(33), ..Finished::default() }).await;
        let open = read(house, &lead, round, number).await.figures.expect("is done");
        assert_eq!((open.served, open.firsts), (Count::Exactly(33), Count::Exactly(27)));
        // Nor do the files, in which a pin would show who is who.
        let files = house.store.round_proof(&lead, round, number).await;
        assert!(matches!(files, Err(StoreError::Refused(_))), "{files:?}");
        let Actor::Staff(mut both_roles) = lead else { panic!("the lead is staff") };
        both_roles.roles.push(freerange_domain::people::Role::Auditor);
        let files = house.store.round_proof(&Actor::Staff(both_roles), round, number).await;
        assert!(matches!(files, Err(StoreError::Refused(_))), "whoever decides does not audit: {files:?}");
    });
}

#[test]
fn looking_first_is_the_same_whatever_was_decided_by_hand() {
    both(async |house| {
        let (lead, round, one, three) = spring(house).await;
        wish(house, "ann", round, &[one]).await;
        let told = |c: Checked| format!("{c:?}");
        let before = told(check(house, &lead, round).await);
        for (who, outing) in [("ann", one), ("ben", one), ("ann", three)] {
            for what in [Edit::Ban, Edit::Pin] {
                decide(house, &lead, round, who, outing, what).await;
                assert_eq!(told(check(house, &lead, round).await), before, "{what} {who}");
            }
        }
    });
}

#[test]
fn one_to_four_who_wish_cannot_be_counted_by_moving_limits() {
    both(async |house| {
        let (lead, round, one, three) = spring(house).await;
        // Two of three could go there: by raising the smallest group one would count them.
        for name in ["ann", "eli"] {
            wish(house, name, round, &[three]).await;
        }
        let (store, now) = (&house.store, house.now());
        for min in 1..=3 {
            store.set_min_group(&lead, round, three, min).await.expect("is set");
            let seen = check(house, &lead, round).await;
            assert_eq!((seen.thin.all, seen.closed_teams.all), (0, 0), "{min}");
            assert_eq!((seen.people, seen.wanted, seen.share), (Count::NotSaid, Count::NotSaid, None));
        }
        store.set_round_limits(&lead, round, 0, Some(0), now).await.expect("is set");
        let seen = check(house, &lead, round).await;
        assert_eq!((seen.crowded.all, seen.crowded_hosts.all), (0, 0));
        assert_eq!(store.round(&lead, round).await.expect("reads").people, Count::NotSaid);
        // Managers who said nothing are told whether or not somebody of theirs wishes.
        let silent = seen.silent.all;
        wish(house, "jan", round, &[one]).await;
        assert_eq!(check(house, &lead, round).await.silent.all, silent);
    });
}

#[test]
fn figures_of_small_rounds_are_not_told_and_do_not_follow() {
    let limit = |waiting| Scarce {
        limit: Limit::Host("The mill".to_owned()),
        waiting,
        more: 1,
        seated: waiting,
        name: String::new(),
    };
    let few = Figures { wishing: 4, served: 3, seats: 3, firsts: 2, scarce: vec![limit(4)], ..Figures::default() };
    let shown = few.shown(false);
    assert_eq!([shown.wishing, shown.served, shown.seats, shown.firsts], [Count::NotSaid; 4]);
    assert_eq!((shown.share, shown.scarce.len()), (None, 0));
    // Two of forty without a place, or two second places, would follow by subtraction.
    let all_but_two = Figures { wishing: 40, served: 38, seats: 38, firsts: 20, ..Figures::default() }.shown(false);
    assert_eq!((all_but_two.wishing, all_but_two.served), (Count::Exactly(40), Count::NotSaid));
    let second =
        Figures { wishing: 40, served: 30, seats: 32, firsts: 20, scarce: vec![limit(5)], ..Figures::default() };
    let second = second.shown(false);
    assert_eq!((second.served, second.seats, second.scarce.len()), (Count::Exactly(30), Count::NotSaid, 1));
}
