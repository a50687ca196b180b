//! A circle of peers: somebody came back early, began it, and two said yes.

use std::collections::BTreeMap;

use freerange_domain::{people::Email, text::Reason};
use freerange_store::{
    Actor, Store,
    circle::Whom,
    placement::{Say, Step},
};
use jiff::{ToSpan as _, tz::TimeZone};

use super::{ChallengeId, line, now, offer, visit};

pub(crate) async fn circle(
    store: &Store,
    [owner, mira, other, boss]: [&Actor; 4],
    challenge: ChallengeId,
) -> (&'static str, String) {
    let (outing, _) = visit(store, owner, &offer(challenge, now())).await;
    let later = |days: i64| now().checked_add((days * 24).hours()).expect("soon");
    let dates = Some((later(3), later(9)));
    let id = store.wish(other, outing, &BTreeMap::new(), dates, now()).await.expect("wished");
    store.answer_placement(boss, id, Say::Yes, now()).await.expect("yes");
    let gone = Step::Depart { checkin: line("alone"), zone: TimeZone::UTC };
    store.step(other, id, gone, now()).await.expect("out");
    let why = Reason::parse("The lift was out of order").expect("a reason");
    store.step(other, id, Step::CutShort { why, zone: TimeZone::UTC }, now()).await.expect("back");
    let circle = store.start_circle(other, now()).await.expect("begun");
    for (name, who) in [("mira", mira), ("owner", owner)] {
        let email = Email::parse(&format!("{name}@city.example")).expect("an address");
        store.ask_into_circle(other, circle, &Whom::Email(email), now()).await.expect("asked");
        store.answer_circle(who, circle, true, now()).await.expect("yes");
    }
    ("circle", circle.to_string())
}
