//! Figures for everybody: who publishes, what is told, and that it does not change.

use freerange_domain::{code::Code, id::PlacementId, outing::Kind, people::Role};
use freerange_store::{Act, Actor, StoreError, note::Draft, outing::Offer};
use freerange_testkit::{House, both, city, draft, prose, said, sign_in_as, uses, zone};
use jiff::ToSpan as _;

const MANY: [&str; 6] = ["ann", "bo", "ada", "dee", "eli", "jan"];

/// A visit this month on which each of these noted something. Returns it, its walker, and the code of whose words the first are.
async fn noted(house: &House, names: &[&str]) -> (PlacementId, Actor, Code) {
    city(house).await;
    let (ann, bo, ada) =
        (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await, sign_in_as(house, "ada").await);
    let challenge = house.ask(&ada, "Why do people stop at page four?").await;
    let offer = Offer { challenge: Some(challenge), ..house.in_a_week(Kind::CommunityVisit) };
    let (_, id) = house.out(&ann, &bo, offer).await;
    let (consent, code) = house.consent(&ann, id, uses("use quote")).await;
    note_by(house, id, &ann, names, "at first").await;
    let quote = said("I stop at page four of the form", Some(consent), house.now());
    house.store.write_note(&ann, id, &quote, house.now()).await.expect("is kept");
    (id, ann, code)
}

/// As if each of these had been there.
async fn note_by(house: &House, id: PlacementId, ann: &Actor, names: &[&str], when: &str) {
    for name in names {
        let note = Draft { seen: prose(&format!("Page four, {when}, {name}")), ..draft("A", house.now()) };
        house.store.write_note(ann, id, &note, house.now()).await.expect("is kept");
        let author = format!("(SELECT id FROM person WHERE email = '{name}@city.example')");
        let note = format!("seen = 'Page four, {when}, {name}'");
        // It becomes theirs, and their phones hear of it.
        for sql in [
            format!("UPDATE note SET author_id = {author} WHERE {note}"),
            format!("INSERT INTO notebook (person_id, last) SELECT author_id, 1 FROM note WHERE {note}
                ON CONFLICT (person_id) DO UPDATE SET last = notebook.last + 1"),
            format!("UPDATE notebook_feed SET person_id = {author}, number = (SELECT b.last FROM notebook b WHERE b.person_id = {author})
                WHERE what = 'note' AND id = (SELECT n.id FROM note n WHERE n.{note})"),
        ] {
            house.tamper(&sql).await;
        }
    }
}

#[test]
fn nothing_is_published_about_few_and_their_months_stay_for_later() {
    both(async |house| {
        noted(house, &MANY[..4]).await;
        let lead = house.with_roles("jan", &[Role::ProgrammeLead]).await;
        house.clock.advance((40 * 24).hours());
        let few = house.store.publish_figures(&lead, &zone(), house.now()).await;
        assert!(matches!(few, Err(StoreError::Rule { key: "figures-too-few", .. })), "{few:?}");
        assert_eq!(house.count("figure_edition", "1 = 1").await, 0);
        let colleague = sign_in_as(house, "ann").await;
        let refused = house.store.publish_figures(&colleague, &zone(), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(Act::PublishFigures))), "{refused:?}");
        assert!(house.store.figures(&Actor::Anybody).await.expect("everybody may").is_empty());
    });
}

#[test]
fn an_edition_is_of_months_that_are_over_told_once_and_never_changed() {
    both(async |house| {
        let (id, ann, code) = noted(house, &MANY).await;
        let (store, lead) = (&house.store, house.with_roles("jan", &[Role::ProgrammeLead]).await);
        let early = store.publish_figures(&lead, &zone(), house.now()).await;
        assert!(matches!(early, Err(StoreError::Rule { .. })), "this month is not over: {early:?}");

        let within = house.now();
        house.clock.advance((40 * 24).hours());
        let edition = store.publish_figures(&lead, &zone(), house.now()).await.expect("is published");
        let told = async || {
            let editions = store.figures(&Actor::Anybody).await.expect("everybody may");
            editions.into_iter().flat_map(|e| e.cells).map(|c| (c.title, c.at_least)).collect::<Vec<_>>()
        };
        let first = told().await;
        assert_eq!(first, [("Why do people stop at page four?".to_owned(), 5)], "seven notes of six people");
        let again = store.publish_figures(&lead, &zone(), house.now()).await;
        assert!(matches!(again, Err(StoreError::Rule { .. })), "no month twice: {again:?}");

        // Somebody takes words back, and others remember what they saw in that month: the number says nothing about it.
        let resident = store.resident(&code, "192.0.2.9", house.now()).await.expect("the code is known");
        store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        for name in MANY {
            let late = Draft { seen: prose(&format!("Late, {name}")), ..draft("A", within) };
            store.write_note(&ann, id, &late, house.now()).await.expect("is kept");
        }
        assert_eq!(told().await, first);
        assert!(store.publish_figures(&lead, &zone(), house.now()).await.is_err(), "what comes late is not told");
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);

        store.take_figures_down(&lead, edition, house.now()).await.expect("may");
        assert_eq!(told().await, []);
        assert!(store.publish_figures(&lead, &zone(), house.now()).await.is_err(), "nor in another edition");
        assert_eq!(house.count("audit", "act = 'publish-figures'").await, 2);
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}
