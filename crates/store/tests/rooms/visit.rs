//! Those who receive guests: one page without an account, with what was heard as far as consents allow, and a way to
//! call it off before it begins.

use freerange_domain::{
    code::Code,
    id::OutingId,
    outing::{Kind, Party, Status},
    placement::{Canceller, EndingKind, Stage, State},
};
use freerange_store::{
    Actor, StoreError,
    outing::Offer,
    placement::{Say, Step},
    visit::Visit,
};
use freerange_testkit::{House, both, city, draft, prose, reason, said, sign_in_as, token_in, uses};
use jiff::ToSpan as _;

const CREW: &str = "crew@harbour.example";
const NOOR: &str = "noor@mill.example";

fn crew() -> Vec<(Party, String, String)> {
    vec![
        (Party::Host, "Harbour crew".to_owned(), CREW.to_owned()),
        (Party::ResidentsBody, "Residents' council".to_owned(), "council@harbour.example".to_owned()),
    ]
}

/// Whoever follows the link to a visit in the last letter to an address.
async fn by_letter(house: &House, email: &str) -> Actor {
    let letters = house.letters_to(email).await;
    let token = token_in(&letters.last().expect("a letter").letter.body);
    house.store.host(&token, house.now()).await.expect("the link opens")
}

/// Whoever types in the code of the last letter to an inviter.
async fn by_code(house: &House, email: &str) -> Actor {
    let letters = house.letters_to(email).await;
    let last = &letters.last().expect("a letter").letter;
    let (_, code) = last.body.split_once("code: ").expect("a letter with a code");
    let code: Code = code.trim().parse().expect("a code");
    house.store.inviter(&code, "192.0.2.9", house.now()).await.expect("the code is known")
}

async fn seen(house: &House, who: &Actor) -> Visit {
    house.store.visit(who).await.expect("may see it")
}

#[test]
fn a_host_sees_from_its_letters_who_comes_and_what_was_heard_as_far_as_consents_allow() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, Offer { parties: crew(), ..house.in_a_week(Kind::Immersion) }).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        let asked = by_letter(house, CREW).await;
        assert_eq!(seen(house, &asked).await.coming, 0, "the letter that asks for a yes shows the visit too");
        house.yes_by_link(CREW, id).await;
        house.yes_by_link("council@harbour.example", id).await;
        assert_eq!(house.heard_by(CREW).await, ["ask-to-agree", "coming"]);
        let host = by_letter(house, CREW).await;
        let before = seen(house, &host).await;
        assert_eq!((before.coming, before.organiser.as_str(), before.status), (1, "Ada Berg", Status::Open));
        house.clock.advance(7.days());
        let leave = Step::Depart { checkin: freerange_testkit::line("with Jo"), zone: freerange_testkit::zone() };
        house.store.step(&ann, id, leave, house.now()).await.expect("leaves");
        let (open, _) = house.consent(&ann, id, uses("use quote")).await;
        let (used, _) = house.consent(&ann, id, uses("use")).await;
        let (_, taken_back) = house.consent(&ann, id, uses("use quote")).await;
        let taken = house.store.my_consents(&ann, outing).await.expect("lists");
        let gone = taken.iter().find(|c| c.code == taken_back).expect("is there").id;
        for note in [
            said("The ferry leaves a minute early", Some(open), house.now()),
            freerange_store::note::Draft { consent: Some(used), ..draft("Twelve men, one tree", house.now()) },
            said("I would rather not be quoted any more", Some(gone), house.now()),
            draft("Seen by somebody of the city, on no card", house.now()),
        ] {
            house.store.write_note(&ann, id, &note, house.now()).await.expect("is kept");
        }
        let resident = house.store.resident(&taken_back, "192.0.2.9", house.now()).await.expect("known");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let after = seen(house, &host).await;
        assert_eq!(after.heard, ["The ferry leaves a minute early", "Twelve men, one tree"]);
        assert!(after.used_for.is_some());
        let told = prose("The timetable changes in May.");
        house.store.tell_back(&ada, outing, &told, house.now()).await.expect("is told");
        for email in [CREW, "council@harbour.example"] {
            let page = seen(house, &by_letter(house, email).await).await;
            assert_eq!(page.told_back.as_deref(), Some("The timetable changes in May."), "{email}");
        }
        let all = format!("{after:?}");
        for name in ["Ann", "Berg\" ", "ann@city.example"] {
            assert!(!all.contains(name), "no name of those who went: {name}");
        }
    });
}

#[test]
fn an_inviter_sees_the_agreed_date_at_the_code_and_has_said_yes_by_inviting() {
    both(async |house| {
        city(house).await;
        let (ada, ann, bo) =
            (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ann, outing).await;
        let State::Offered { approvals, .. } = house.store.placement(&ann, id).await.expect("reads").0.state else {
            panic!("the manager is asked")
        };
        let open: Vec<Party> = approvals
            .iter()
            .filter(|a| a.answer == freerange_domain::placement::Answer::Open)
            .map(|a| a.party)
            .collect();
        assert_eq!((approvals.len(), open), (2, vec![Party::Manager]));
        assert_eq!(
            house.count("approval", "party = 'inviter' AND answer = 'yes' AND email = 'noor@mill.example'").await,
            1
        );
        house.store.answer_placement(&bo, id, Say::Yes, house.now()).await.expect("yes");
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        let page = seen(house, &by_code(house, NOOR).await).await;
        let agreed = house.store.outing(&ann, outing, house.now()).await.expect("reads").listed.starts_at;
        assert_eq!((page.starts_at, page.coming), (agreed, 1));
    });
}

async fn called_off(house: &House, ada: &Actor, outing: OutingId) -> Option<String> {
    house.store.outing(ada, outing, house.now()).await.expect("reads").status_why
}

#[test]
fn whoever_receives_a_visit_calls_it_off_before_it_begins_and_everybody_hears_why() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        let noor = by_code(house, NOOR).await;
        let why = reason("There has been a fire in the street.");
        // Whatever is claimed, they call it off as who they are.
        house.store.cancel_outing(&noor, outing, Canceller::Manager, &why, house.now()).await.expect("may");
        let State::Closed { ending, .. } = house.store.placement(&ann, id).await.expect("reads").0.state else {
            panic!("closed")
        };
        assert_eq!(ending.kind, EndingKind::CancelledByResidents);
        for email in ["ann@city.example", "ada@city.example", NOOR] {
            let letters = house.letters_to(email).await;
            let last = &letters.last().expect("a letter").letter;
            assert!(last.subject == "called-off" && last.body.contains("a fire in the street"), "{email}");
        }
        assert_eq!(seen(house, &noor).await.status, Status::Cancelled);
    });
}

#[test]
fn a_visit_that_has_begun_is_not_called_off_and_a_link_opens_only_its_own() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, Offer { parties: crew(), ..house.in_a_week(Kind::Immersion) }).await;
        let other = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        let (host, now) = (by_letter(house, CREW).await, house.now());
        let why = reason("Three visits are enough.");
        let foreign = house.store.cancel_outing(&host, other, Canceller::Host, &why, now).await;
        assert!(matches!(foreign, Err(StoreError::Refused(_))), "{foreign:?}");
        for stranger in [&ann, &Actor::Anybody] {
            assert!(matches!(house.store.visit(stranger).await, Err(StoreError::Refused(_))));
        }
        let shadow = house.store.host(&house.last_link("bo@city.example").await, now).await;
        assert!(matches!(shadow, Err(StoreError::NotFound)), "a manager's link is no host's");
        house.clock.advance(8.days());
        let late = house.store.cancel_outing(&host, outing, Canceller::Host, &why, house.now()).await;
        assert!(matches!(late, Err(StoreError::Rule { key: "visit-begun", .. })), "{late:?}");
        assert_eq!(called_off(house, &ada, outing).await, None);
    });
}

#[test]
fn a_community_visit_without_an_invitation_is_refused() {
    both(async |house| {
        city(house).await;
        let ada = sign_in_as(house, "ada").await;
        let challenge = Some(house.ask(&ada, "Who asked us to come?").await);
        let offer = Offer { challenge, ..house.in_a_week(Kind::CommunityVisit) };
        let refused = house.store.offer_outing(&ada, &offer, &freerange_testkit::zone(), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { field: "kind", key: "by-invitation" })), "{refused:?}");
        assert_eq!(house.count("outing", "1 = 1").await, 0);
    });
}

#[test]
fn the_owner_of_the_challenge_and_each_party_of_a_university_project_are_asked_on_their_own() {
    both(async |house| {
        city(house).await;
        let (ada, dee) = (sign_in_as(house, "ada").await, sign_in_as(house, "dee").await);
        let challenge = Some(house.ask(&dee, "Where does the rain go?").await);
        let parties = vec![
            (Party::Faculty, "Prof. Mir".to_owned(), "mir@uni.example".to_owned()),
            (Party::LegalEthics, "Ethics office".to_owned(), "ethics@uni.example".to_owned()),
        ];
        let offer = || Offer { challenge, parties: parties.clone(), ..house.in_a_week(Kind::UniversityProject) };
        let outing = house.offer(&ada, offer()).await;
        let ann = sign_in_as(house, "ann").await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        for email in ["dee@city.example", "mir@uni.example", "ethics@uni.example"] {
            assert_eq!(house.heard_by(email).await, ["ask-to-agree"], "{email}");
            assert_eq!(house.stage(&ann, id).await, Stage::Offered);
            house.yes_by_link(email, id).await;
        }
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        // Whoever owns the question and goes is not asked by themselves.
        let own = house.wish(&dee, house.offer(&ada, offer()).await).await;
        let own_yes = "party = 'city-owner' AND answer = 'yes' AND email = 'dee@city.example'";
        assert_eq!(house.count("approval", own_yes).await, 2);
        assert_eq!(house.stage(&dee, own).await, Stage::Offered);
    });
}
