//! Changes of the house: one that runs, two experiments, and the link of a letter that asks how one goes.

use freerange_domain::id::{ChallengeId, ChangeId, NoteId};
use freerange_store::{
    Actor, Store,
    change::{Commitment, Trial},
};

use super::{line, now, prose};

pub(super) async fn change(store: &Store, owner: &Actor, challenge: ChallengeId, note: NoteId) -> ChangeId {
    let commitment = Commitment {
        challenge: Some(challenge),
        placement: None,
        kind: freerange_domain::change::Kind::Stop,
        title: line("No more page four"),
        what: prose("Page four goes."),
        when_x: line("a form comes back unfinished"),
        will_y: line("ring the same day"),
        makes_room: String::new(),
        hours_freed: 12,
        committed_on: jiff::civil::date(2026, 11, 24),
        test: None,
        evidence: vec![note],
        insights: Vec::new(),
    };
    store.commit_change(owner, &commitment, now()).await.expect("committed")
}

/// An experiment that runs, and one that showed nothing good and is public.
pub(super) async fn experiments(store: &Store, owner: &Actor) -> [String; 2] {
    let today = jiff::civil::date(2026, 11, 24);
    let card = Trial {
        belief: prose("People come when it is open."),
        smallest_test: prose("One evening."),
        baseline: prose("The next street."),
        change_mind: prose("Nobody comes."),
        cost: prose("One evening."),
        could_harm: prose("Nobody, as it is one more."),
        who_asked: prose("The stair club."),
        sureness: freerange_domain::change::experiment::Sureness::Hunch,
        learn_next: None,
        ends_on: jiff::civil::date(2026, 12, 24),
    };
    let mut ids = Vec::new();
    for _ in 0..2 {
        let commitment = Commitment {
            challenge: None,
            placement: None,
            kind: freerange_domain::change::Kind::Test,
            title: line("An evening counter"),
            what: prose("The counter is open once."),
            when_x: line("it is Tuesday"),
            will_y: line("stay until nine"),
            makes_room: String::new(),
            hours_freed: 0,
            committed_on: today,
            test: Some(card.clone()),
            evidence: Vec::new(),
            insights: Vec::new(),
        };
        ids.push(store.commit_change(owner, &commitment, now()).await.expect("committed"));
    }
    let showed = (freerange_domain::change::experiment::Finding::NotSupported, &prose("Nobody came."));
    store.end_experiment(owner, ids[1], showed, today, now()).await.expect("ended");
    store.publish_experiment(owner, ids[1], true, today, now()).await.expect("published");
    [ids[0].to_string(), ids[1].to_string()]
}

/// The secret of the letter that asks the owner after two weeks.
pub(super) async fn asked_link(store: &Store) -> String {
    store.ask_follow_ups(jiff::civil::date(2026, 12, 8), now()).await.expect("asked");
    let outbox = store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let letter = outbox.into_iter().find(|w| w.letter.body.contains("/follow-ups/")).expect("a letter").letter.body;
    let (_, secret) = letter.split_once("/follow-ups/").expect("a link");
    secret.split('?').next().expect("a secret").to_owned()
}
