//! Whatever happens in whatever order: no yes to old words counts, nothing is final without all three of every leg on its
//! ring, every balance holds, and nobody is shown the people of another city before they share a leg.

use std::collections::BTreeSet;

use freerange_domain::{
    exchange::{Pick, Together, Version, Voice},
    id::LegId,
};
use freerange_store::exchange::{Proof, Say};
use freerange_testkit::{House, both, reason};

use crate::exchange::{CITIES, Rings, id_of, rings, route};

/// Numbers that look like chance and are the same in every run (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("below n")
    }
}

/// One thing that somebody does: says yes to some version that was ever out, says no, calls off, or a repair is put out.
async fn step(house: &House, r: &Rings, chance: &mut Chance, versions: &mut Vec<Version>, old: &mut Vec<LegId>) {
    let legs = r.legs(house).await;
    let leg = &legs[chance.below(legs.len())];
    let (from, to) = route(leg);
    let voice = Voice::ALL[chance.below(3)];
    let who = r.voice(house, from, to, voice).await;
    let (store, now) = (&house.store, house.now());
    match chance.below(12) {
        0 => {
            let no = Say::No(reason("It does not suit after all."));
            // Refused when it is decided already; that is an answer too.
            let _ = store.answer_leg(&who, (r.id, id_of(leg)), voice, &no, now).await;
        }
        1 => {
            let _ = store.call_off_leg(&who, (r.id, id_of(leg)), &reason("Somebody is ill."), now).await;
        }
        2 => {
            let question = store.exchange_question(&r.lead, r.id).await.expect("reads");
            let answers: [&[usize]; 3] = [&[0, 1, 2, 3], &[0, 1, 2], &[]];
            let picks: Vec<Pick> = r.around(answers[chance.below(3)]);
            old.extend(legs.iter().map(id_of));
            let put = store.propose(&r.lead, r.id, &picks, Proof { objective: 0, bound: 0 }, None, now).await;
            assert!(put.is_err() || question.check(&picks).is_ok(), "what is no answer is not put out");
            versions.extend(put);
        }
        3 if !old.is_empty() => {
            let leg = old[chance.below(old.len())];
            let quoted = versions[chance.below(versions.len())].clone();
            let late = store.answer_leg(&who, (r.id, leg), voice, &Say::Yes(quoted), now).await;
            let current = legs.iter().any(|l| id_of(l) == leg);
            assert!(late.is_err() || current, "a leg of an older proposal takes no answer");
        }
        _ => {
            let quoted = versions[chance.below(versions.len())].clone();
            let current = r.proposal(house, &r.lead).await.version;
            let said = store.answer_leg(&who, (r.id, id_of(leg)), voice, &Say::Yes(quoted.clone()), now).await;
            assert!(said.is_err() || quoted == current, "a yes to other words is refused");
        }
    }
}

async fn everything_holds(house: &House, r: &Rings) {
    let proposal = r.proposal(house, &r.lead).await;
    for ring in &proposal.rings {
        let finals = ring.legs.iter().filter(|l| l.state == "final").count();
        assert!(finals == 0 || finals == ring.legs.len(), "a ring is final as a whole or not at all");
        for leg in ring.legs.iter().filter(|l| l.state == "final") {
            assert!(leg.seats.iter().all(|s| s.said == Some(true)), "{leg:?}");
        }
    }
    let accounts = house.store.exchange_ledger(&r.lead).await.expect("reads");
    assert!(accounts.iter().all(|a| a.balance() == 0), "{accounts:?}");
    for (at, who) in r.contacts.iter().enumerate().skip(1) {
        let seen = house.store.exchange_proposal(who, r.id).await.expect("reads").expect("is out");
        for leg in seen.rings.iter().flat_map(|ring| &ring.legs) {
            let (from, to) = route(leg);
            assert!(leg.goer.is_none() || from == at || to == at, "{} sees {leg:?}", CITIES[at]);
        }
    }
    assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
}

#[test]
fn in_every_history_only_what_everybody_agreed_to_is_final() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let mut finals = BTreeSet::new();
        for seed in 0..3 {
            let mut chance = Chance(seed);
            let mut versions = Vec::new();
            let mut old = Vec::new();
            // Each history begins with nothing banned and nothing said.
            house.tamper("DELETE FROM exchange_consent").await;
            house.tamper("DELETE FROM exchange_leg").await;
            house.tamper("DELETE FROM exchange_proposal").await;
            house.tamper("DELETE FROM exchange_ban").await;
            house.tamper("UPDATE exchange SET stage = 'collecting', version = ''").await;
            versions.push(r.propose(house, &r.around(&[0, 1, 2, 3])).await);
            for _ in 0..30 {
                step(house, &r, &mut chance, &mut versions, &mut old).await;
                everything_holds(house, &r).await;
            }
            finals.insert(r.legs(house).await.iter().any(|l| l.state == "final"));
        }
        assert!(finals.contains(&false), "histories differ");
    });
}
