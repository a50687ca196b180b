//! Mira is out twice: once in good time, and once overdue, with her colleague as buddy.

use freerange_domain::{
    id::{OutId, PlacementId},
    text::Area,
};
use freerange_store::{Actor, Store, safety::GoOut};
use jiff::ToSpan as _;

use super::now;

/// Mira goes out on a placement of hers.
pub(crate) fn going(placement: PlacementId, buddy: &Actor, hours: i64) -> GoOut {
    GoOut {
        id: OutId::new(),
        placement,
        area: Area::parse("The stairs behind the mill").expect("an area"),
        with: None,
        buddy: buddy.person().expect("works here"),
        due: now() + hours.hours(),
        said_at: now(),
    }
}

/// Both; returns what is walked to by name.
pub(super) async fn out(
    store: &Store,
    mira: &Actor,
    buddy: &Actor,
    placement: PlacementId,
) -> Vec<(&'static str, String)> {
    let overdue = going(placement, buddy, 1);
    store.go_out(mira, &overdue, now()).await.expect("is kept");
    store.ask_after(now() + 80.minutes()).await.expect("asks");
    let outbox = store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let letter = outbox.into_iter().find(|w| w.letter.body.contains("/watch/")).expect("a letter").letter.body;
    let (_, secret) = letter.split_once("/watch/").expect("a link");
    let link = secret.split_whitespace().next().expect("a secret").to_owned();
    // Heard of before its time is over: mira can still say that it takes longer.
    let out = going(placement, buddy, 1);
    store.go_out(mira, &out, now()).await.expect("is kept");
    vec![("out", out.id.to_string()), ("overdue", overdue.id.to_string()), ("watch_link", link)]
}
