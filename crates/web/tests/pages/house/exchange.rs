//! Two exchanges with another city: one that still collects, one that waits for everybody's yes.

use freerange_domain::{
    exchange::{Grade, Matching, Pick, Together, Topic, Window, Wish},
    id::{ExchangeId, GoerId, MemberId, PostId},
    people::Email,
};
use freerange_store::{
    Actor, Store,
    exchange::{GoerEntry, Joining, Opening, PostEntry, Proof},
};
use jiff::civil::date;

use super::{line, now, prose};

fn season() -> Window {
    Window::new(date(2027, 2, 1), date(2027, 5, 28)).expect("in order")
}

fn goer(label: &str, email: Option<&str>, wish: MemberId) -> GoerEntry {
    GoerEntry {
        label: line(label),
        email: email.map(|e| Email::parse(e).expect("an address")),
        language: "en".into(),
        grade: Grade::Experienced,
        languages: vec!["en".into()],
        free: season(),
        learn: prose("How they ring before they write."),
        topics: vec![Topic::Housing],
        wishes: vec![Wish::Member(wish)],
        anywhere: false,
    }
}

fn place() -> PostEntry {
    PostEntry {
        title: line("Rent counter"),
        shows: prose("A week at the counter."),
        topics: vec![Topic::Housing],
        languages: vec!["en".into()],
        grades: vec![],
        free: season(),
        guests: 2,
    }
}

/// The secret in the last letter to somebody that leads into an exchange.
async fn link(store: &Store, email: &str) -> String {
    let outbox = store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let mut letters = outbox.into_iter().filter(|w| w.letter.to_email == email);
    let secret =
        letters.find_map(|w| Some(w.letter.body.split_once("/rings/")?.1.split_whitespace().next()?.to_owned()));
    secret.expect("a letter with a link")
}

struct Swap {
    id: ExchangeId,
    peer: MemberId,
    ours: GoerId,
    theirs: GoerId,
    post: PostId,
    link: String,
}

/// Mira would go to the other city, and somebody of theirs would come.
async fn swap(store: &Store, lead: &Actor, mira: &Actor, name: &str) -> Swap {
    let opening = Opening {
        title: line(name),
        challenge: None,
        season: season(),
        days: 5,
        answers_until: date(2027, 1, 10),
        together: Together::Each,
        matching: Matching::default(),
        home: line("Testham"),
        most_out: 2,
        tolerance: 0,
    };
    let id = store.open_exchange(lead, &opening, now()).await.expect("opened");
    let joining = Joining {
        city: line("Ghent"),
        contact_name: line("Jo"),
        contact_email: Email::parse("jo@ghent.example").expect("an address"),
        language: "en".into(),
        most_out: 2,
        tolerance: 0,
    };
    let peer = store.add_member(lead, id, &joining, now()).await.expect("joins");
    let link = link(store, "jo@ghent.example").await;
    let home = store.exchange(lead, id, now()).await.expect("there").members[0].id;
    let post = store.enter_post(lead, (id, peer), None, &place(), now()).await.expect("offered");
    let ours = store.take_part(mira, id, &goer("Mira", None, peer), now()).await.expect("takes part");
    let theirs = store.enter_goer(lead, (id, peer), &goer("R-17", None, home), now()).await.expect("entered");
    Swap { id, peer, ours, theirs, post, link }
}

/// Builds both; returns what is walked to by name.
pub(super) async fn exchanges(store: &Store, lead: &Actor, mira: &Actor) -> Vec<(&'static str, String)> {
    let collecting = swap(store, lead, mira, "Next autumn").await;
    let asked = swap(store, lead, mira, "This spring").await;
    let home = store.exchange(lead, asked.id, now()).await.expect("there").members[0].id;
    let back = store.enter_post(lead, (asked.id, home), None, &place(), now()).await.expect("offered");
    let picks = [Pick { goer: asked.ours, post: asked.post }, Pick { goer: asked.theirs, post: back }];
    store.propose(lead, asked.id, &picks, Proof { objective: 1, bound: 1 }, None, now()).await.expect("put out");
    let proposal = store.exchange_proposal(lead, asked.id).await.expect("reads").expect("is out");
    let leg = proposal.rings[0].legs.iter().find(|l| l.goer.as_deref() == Some("Mira")).and_then(|l| l.id);
    let cities = store.exchange_ledger(lead).await.expect("reads");
    vec![
        ("city", cities[0].id.to_string()),
        ("exchange", collecting.id.to_string()),
        ("member", collecting.peer.to_string()),
        ("my_part", collecting.ours.to_string()),
        ("their_part", collecting.theirs.to_string()),
        ("post", collecting.post.to_string()),
        ("partner_link", collecting.link),
        ("asked", asked.id.to_string()),
        ("leg", leg.expect("a leg").to_string()),
        ("asked_link", asked.link),
    ]
}
