//! How legs end for those of this city who have a placement: honestly, and not beside a leg that is no more.

use freerange_domain::{
    exchange::{Pick, Together, Version, Voice, Wish},
    id::PlacementId,
    placement::{EndingKind, State},
};
use freerange_store::{Actor, exchange::Say};
use freerange_testkit::{House, both, challenge, reason, sign_in_as};

use crate::exchange::{Rings, goer, id_of, rings, route};

/// The ring of four is final, and Ann of this city has a placement on it.
async fn with_placement(house: &House) -> (Rings, Actor, PlacementId) {
    let r = rings(house, Together::Each).await;
    let asked = challenge("How do others do it?");
    house.store.ask_challenge(&r.lead, &asked, None, house.now()).await.expect("is asked");
    house.tamper("UPDATE exchange SET challenge_id = (SELECT c.id FROM challenge c)").await;
    let (store, now) = (&house.store, house.now());
    let entry = goer("Ben", None, vec![Wish::Member(r.members[1])]);
    store.enter_goer(&r.lead, (r.id, r.members[0]), &entry, now).await.expect("waits in vain");
    let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
    all_say_yes(house, &r, &version).await;
    let ann = sign_in_as(house, "ann").await;
    let placement = store.my_placements(&ann).await.expect("reads")[0].id;
    (r, ann, placement)
}

async fn all_say_yes(house: &House, r: &Rings, version: &Version) {
    for leg in r.legs(house).await {
        let (from, to) = route(&leg);
        for seat in leg.seats.iter().filter(|s| s.said.is_none()) {
            let who = match leg.goer.as_deref() {
                Some("Ben") if seat.voice == Voice::Person => r.lead.clone(),
                _ => r.voice(house, from, to, seat.voice).await,
            };
            let yes = Say::Yes(version.clone());
            let said = house.store.answer_leg(&who, (r.id, id_of(&leg)), seat.voice, &yes, house.now()).await;
            said.expect("yes is taken");
        }
    }
}

async fn ending(house: &House, who: &Actor, id: PlacementId) -> Option<EndingKind> {
    match house.store.placement(who, id).await.expect("is theirs").0.state {
        State::Closed { ending, .. } => Some(ending.kind),
        _ => None,
    }
}

#[test]
fn a_placement_ends_with_a_leg_that_a_repair_leaves_out_and_nobody_is_said_to_have_cancelled() {
    both(async |house| {
        let (r, ann, placement) = with_placement(house).await;
        let legs = r.legs(house).await;
        let seoul = legs.iter().find(|l| l.from == "Seoul").map(id_of).expect("is there");
        let why = reason("The counter moves house.");
        house.store.call_off_leg(&r.contacts[3], (r.id, seoul), &why, house.now()).await.expect("may");
        assert_eq!(ending(house, &ann, placement).await, None, "her leg would still stand");
        let mut picks = r.around(&[0, 1, 2]);
        let ben = house.store.exchange_goers(&r.lead, (r.id, r.members[0])).await.expect("reads");
        let ben = ben.iter().find(|g| g.label == "Ben").expect("is there").id;
        picks[0] = Pick { goer: ben, ..picks[0] };
        let version = r.propose(house, &picks).await;
        assert_eq!(ending(house, &ann, placement).await, Some(EndingKind::NotPlaced));
        all_say_yes(house, &r, &version).await;
        assert_eq!(house.count("placement", "stage <> 'closed'").await, 0);
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_leg_that_is_called_off_says_on_the_placement_who_did() {
    for (voice, kind) in [
        (Voice::Person, EndingKind::CancelledByPerson),
        (Voice::Sender, EndingKind::CancelledByManager),
        (Voice::Receiver, EndingKind::CancelledByHost),
    ] {
        both(async |house| {
            let (r, ann, placement) = with_placement(house).await;
            let legs = r.legs(house).await;
            let own = legs.iter().find(|l| l.from == "Home").map(id_of).expect("is there");
            let who = r.voice(house, 0, 1, voice).await;
            house.store.call_off_leg(&who, (r.id, own), &reason("It is too much."), house.now()).await.expect("may");
            assert_eq!(ending(house, &ann, placement).await, Some(kind), "{voice}");
        });
    }
}

#[test]
fn an_exchange_waits_on_the_first_page_of_whoever_has_to_answer_and_only_while_the_ring_closes() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let (store, ann) = (&house.store, sign_in_as(house, "ann").await);
        let jan = sign_in_as(house, "jan").await;
        let waits = async |who: &Actor| {
            let found = store.exchanges_waiting(who).await.expect("reads");
            found.iter().map(|w| w.answers).collect::<Vec<_>>()
        };
        assert!(waits(&ann).await.is_empty(), "nothing is out");
        let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        // Ann goes; this city sends her and receives somebody; who has nothing to do with it is not asked.
        assert_eq!((waits(&ann).await, waits(&r.lead).await, waits(&jan).await), (vec![1], vec![2], vec![]));
        let legs = r.legs(house).await;
        let own = legs.iter().find(|l| l.from == "Home").map(id_of).expect("is there");
        let yes = Say::Yes(version);
        store.answer_leg(&ann, (r.id, own), Voice::Person, &yes, house.now()).await.expect("yes");
        assert!(waits(&ann).await.is_empty());
        let no = Say::No(reason("The counter moves house."));
        let seoul = legs.iter().find(|l| l.from == "Seoul").map(id_of).expect("is there");
        store.answer_leg(&r.contacts[3], (r.id, seoul), Voice::Receiver, &no, house.now()).await.expect("no");
        assert!(waits(&r.lead).await.is_empty(), "nobody is asked about a ring that does not close");
        for who in [&r.lead, &r.contacts[1], &r.contacts[2], &ann] {
            let seen = r.proposal(house, who).await;
            assert!(seen.rings.iter().flat_map(|ring| &ring.legs).flat_map(|leg| &leg.seats).all(|seat| !seat.mine));
        }
        let ghent = legs.iter().find(|l| l.from == "Ghent").expect("is there");
        let for_other: Vec<bool> = ghent.seats.iter().map(|seat| seat.for_other).collect();
        assert_eq!(for_other, [true, false, false], "R-17 has no address: Ghent answers for them");
    });
}
