//! Rings of several cities: who sees whom, whose yes counts, what is final, and what is forgotten.

use std::collections::BTreeSet;

use freerange_domain::{
    exchange::{By, Grade, Matching, Pick, Stage, Together, Topic, Version, Voice, Window, Wish},
    id::{CityId, ExchangeId, GoerId, LegId, MemberId, PostId},
    people::{Email, Role},
};
use freerange_store::{
    Actor, StoreError,
    exchange::{GoerEntry, Joining, Leg, Opening, PostEntry, Proof, Proposal, Say},
};
use freerange_testkit::{House, both, city, line, prose, reason, sign_in_as};
use jiff::{ToSpan as _, civil::date};

fn season() -> Window {
    Window::new(date(2027, 5, 3), date(2027, 6, 30)).expect("in order")
}

fn email(raw: &str) -> Email {
    Email::parse(raw).expect("an address")
}

pub(crate) fn goer(label: &str, address: Option<&str>, wishes: Vec<Wish>) -> GoerEntry {
    GoerEntry {
        label: line(label),
        email: address.map(email),
        language: "en".to_owned(),
        grade: Grade::Experienced,
        languages: vec!["en".to_owned()],
        free: season(),
        learn: prose("How they keep the counter open."),
        topics: vec![Topic::Housing],
        wishes,
        anywhere: false,
    }
}

fn post(title: &str) -> PostEntry {
    PostEntry {
        title: line(title),
        shows: prose("A week at the counter."),
        topics: vec![Topic::Housing],
        languages: vec!["en".to_owned()],
        grades: Vec::new(),
        free: season(),
        guests: 1,
    }
}

/// Four cities in a ring: this one, Ghent, Seoul and Montevideo. Everybody wishes for the next; Seoul's also for home.
pub(crate) struct Rings {
    pub(crate) id: ExchangeId,
    pub(crate) lead: Actor,
    /// By link; the first is this city, whose voice is the lead's.
    pub(crate) contacts: Vec<Actor>,
    pub(crate) members: Vec<MemberId>,
    goers: Vec<GoerId>,
    posts: Vec<PostId>,
}

pub(crate) const CITIES: [&str; 4] = ["Home", "Ghent", "Seoul", "Montevideo"];

fn contact(name: &str) -> String {
    format!("contact@{}.example", name.to_lowercase())
}

async fn by_letter(house: &House, address: &str) -> Actor {
    let token = house.last_link(address).await;
    house.store.exchange_actor(&token, house.now()).await.expect("the link opens")
}

pub(crate) async fn rings(house: &House, together: Together) -> Rings {
    city(house).await;
    let lead = house.with_roles("ada", &[Role::ProgrammeLead]).await;
    let opening = Opening {
        title: line("Spring exchange"),
        challenge: None,
        season: season(),
        days: 5,
        answers_until: date(2027, 4, 1),
        together,
        matching: Matching::default(),
        home: line("Home"),
        most_out: 2,
        tolerance: 0,
    };
    let (store, now) = (&house.store, house.now());
    let id = store.open_exchange(&lead, &opening, now).await.expect("is opened");
    let mut contacts = vec![lead.clone()];
    for name in &CITIES[1..] {
        let joining = Joining {
            city: line(name),
            contact_name: line("The contact"),
            contact_email: email(&contact(name)),
            language: "en".to_owned(),
            most_out: 2,
            tolerance: 0,
        };
        store.add_member(&lead, id, &joining, now).await.expect("joins");
        contacts.push(by_letter(house, &contact(name)).await);
    }
    let x = store.exchange(&lead, id, now).await.expect("reads");
    let members: Vec<MemberId> = x.members.iter().map(|m| m.id).collect();
    let mut posts = Vec::new();
    for (at, who) in contacts.iter().enumerate() {
        let title = format!("Counter of {}", CITIES[at]);
        posts.push(store.enter_post(who, (id, members[at]), None, &post(&title), now).await.expect("is offered"));
    }
    let mut goers = Vec::new();
    for (at, who) in contacts.iter().enumerate() {
        let mut wishes = vec![Wish::Member(members[(at + 1) % 4])];
        if at == 2 {
            wishes.push(Wish::Post(posts[0]));
        }
        let (label, address) = match at {
            0 => ("Ann".to_owned(), Some("ann@city.example")),
            1 => ("R-17".to_owned(), None),
            _ => (format!("Guest {at}"), Some(if at == 2 { "kim@seoul.example" } else { "ana@montevideo.example" })),
        };
        goers.push(
            store.enter_goer(who, (id, members[at]), &goer(&label, address, wishes), now).await.expect("is entered"),
        );
    }
    Rings { id, lead, contacts, members, goers, posts }
}

impl Rings {
    /// From each of these cities to the next of them.
    pub(crate) fn around(&self, cities: &[usize]) -> Vec<Pick> {
        let to = |at: usize| cities[(at + 1) % cities.len()];
        cities.iter().enumerate().map(|(at, from)| Pick { goer: self.goers[*from], post: self.posts[to(at)] }).collect()
    }

    pub(crate) async fn propose(&self, house: &House, picks: &[Pick]) -> Version {
        let proof = Proof { objective: 1, bound: 1 };
        house.store.propose(&self.lead, self.id, picks, proof, None, house.now()).await.expect("is put out")
    }

    pub(crate) async fn proposal(&self, house: &House, who: &Actor) -> Proposal {
        house.store.exchange_proposal(who, self.id).await.expect("reads").expect("is out")
    }

    pub(crate) async fn legs(&self, house: &House) -> Vec<Leg> {
        self.proposal(house, &self.lead).await.rings.into_iter().flat_map(|r| r.legs).collect()
    }

    /// Whoever speaks as this voice on the leg from this city.
    pub(crate) async fn voice(&self, house: &House, from: usize, to: usize, voice: Voice) -> Actor {
        match (voice, from) {
            (Voice::Sender, _) | (Voice::Person, 1) => self.contacts[from].clone(),
            (Voice::Receiver, _) => self.contacts[to].clone(),
            (Voice::Person, 0) => sign_in_as(house, "ann").await,
            (Voice::Person, 2) => by_letter(house, "kim@seoul.example").await,
            (Voice::Person, _) => by_letter(house, "ana@montevideo.example").await,
        }
    }

    async fn stage(&self, house: &House) -> Stage {
        house.store.exchange(&self.lead, self.id, house.now()).await.expect("reads").state.stage()
    }
}

/// Where a leg goes, by number of the cities.
pub(crate) fn route(leg: &Leg) -> (usize, usize) {
    let at = |name: &str| CITIES.iter().position(|c| *c == name).expect("a city");
    (at(&leg.from), at(&leg.to))
}

pub(crate) fn id_of(leg: &Leg) -> LegId {
    leg.id.expect("is kept")
}

async fn everybody_says_yes(house: &House, r: &Rings, version: &Version, but: Option<(usize, Voice)>) {
    for leg in r.legs(house).await {
        let (from, to) = route(&leg);
        for seat in leg.seats.iter().filter(|s| s.said.is_none() && but != Some((from, s.voice))) {
            let who = r.voice(house, from, to, seat.voice).await;
            let yes = Say::Yes(version.clone());
            house
                .store
                .answer_leg(&who, (r.id, id_of(&leg)), seat.voice, &yes, house.now())
                .await
                .expect("yes is taken");
        }
    }
}

#[test]
fn a_ring_is_final_when_the_last_of_all_voices_says_yes_and_not_before() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        everybody_says_yes(house, &r, &version, Some((3, Voice::Receiver))).await;
        assert!(r.legs(house).await.iter().all(|l| l.state == "asked"), "eleven of twelve are not enough");
        everybody_says_yes(house, &r, &version, None).await;
        assert!(r.legs(house).await.iter().all(|l| l.state == "final"));
        assert_eq!(r.stage(house).await, Stage::Settled);
        for account in house.store.exchange_ledger(&r.lead).await.expect("reads") {
            assert_eq!((account.given, account.received, account.balance()), (5, 5, 0), "{}", account.name);
        }
        assert!(house.heard_by("kim@seoul.example").await.contains(&"exchange-final".to_owned()));
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_leg_that_drops_out_is_repaired_and_a_yes_stays_only_where_the_leg_says_the_same() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let first = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        everybody_says_yes(house, &r, &first, Some((2, Voice::Receiver))).await;
        let dropped = r.legs(house).await.into_iter().find(|l| l.from == "Seoul").expect("is there");
        let no = Say::No(reason("The counter moves house."));
        house
            .store
            .answer_leg(&r.contacts[3], (r.id, id_of(&dropped)), Voice::Receiver, &no, house.now())
            .await
            .expect("no");
        let again = house.store.exchange_question(&r.lead, r.id).await.expect("reads");
        assert!(again.check(&r.around(&[0, 1, 2, 3])).is_err(), "what was refused is not proposed again");
        let kept: BTreeSet<Pick> = r.around(&[0, 1, 2, 3]).into_iter().filter(|p| p.goer != r.goers[2]).collect();
        assert_eq!(again.kept, kept, "the others on the ring would still go");
        let second = r.propose(house, &r.around(&[0, 1, 2])).await;
        assert_ne!(first, second);
        let legs = r.legs(house).await;
        for leg in &legs {
            let carried = leg.seats.iter().filter(|s| s.said == Some(true) && s.carried).count();
            assert_eq!((carried, leg.new), if leg.from == "Seoul" { (0, true) } else { (3, false) }, "{}", leg.from);
        }
        // A yes to the old words counts for nothing, on the old leg and on the new one.
        let new = legs.iter().find(|l| l.from == "Seoul").expect("is there");
        for leg in [&dropped, new] {
            let late = house
                .store
                .answer_leg(&r.contacts[2], (r.id, id_of(leg)), Voice::Sender, &Say::Yes(first.clone()), house.now())
                .await;
            assert!(matches!(late, Err(StoreError::Rule { key: "exchange-superseded", .. })), "{late:?}");
        }
        assert_eq!(r.proposal(house, &r.contacts[3]).await.rings.len(), 0, "Montevideo is on no ring any more");
        everybody_says_yes(house, &r, &second, None).await;
        assert_eq!(r.stage(house).await, Stage::Settled);
        let ledger = house.store.exchange_ledger(&r.lead).await.expect("reads");
        assert_eq!(
            ledger.iter().map(|a| a.given).collect::<Vec<_>>(),
            [5, 5, 0, 5],
            "by name: Home, Ghent, Montevideo, Seoul"
        );
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn cities_see_places_and_never_people_until_they_share_a_leg() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let ghent = &r.contacts[1];
        let seen = house.store.exchange(ghent, r.id, house.now()).await.expect("reads");
        assert!(seen.members.iter().all(|m| m.posts.len() == 1));
        for (at, member) in r.members.iter().enumerate() {
            assert_eq!(house.store.exchange_goers(ghent, (r.id, *member)).await.is_ok(), at == 1, "{}", CITIES[at]);
            assert_eq!(seen.members[at].goers.is_some(), at == 1);
            assert_eq!(house.store.exchange_part(ghent, (r.id, r.goers[at])).await.is_ok(), at == 1);
        }
        r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        for leg in &r.proposal(house, ghent).await.rings[0].legs {
            let (from, to) = route(leg);
            assert_eq!(leg.goer.is_some(), from == 1 || to == 1, "{from} → {to}");
        }
        let kim = by_letter(house, "kim@seoul.example").await;
        let named: Vec<bool> = r.proposal(house, &kim).await.rings[0].legs.iter().map(|l| l.goer.is_some()).collect();
        assert_eq!(named, [false, false, true, false]);
        let stranger = sign_in_as(house, "jan").await;
        assert!(r.proposal(house, &stranger).await.rings.is_empty());
        assert!(house.store.exchange_question(ghent, r.id).await.is_err());
    });
}

#[test]
fn nobody_answers_for_another() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        let strangers = [sign_in_as(house, "jan").await, Actor::Anybody];
        for leg in r.legs(house).await {
            let (from, to) = route(&leg);
            for voice in Voice::ALL {
                let speaker = r.voice(house, from, to, *voice).await;
                let others = r.contacts.iter().chain(&strangers).filter(|who| **who != speaker);
                for who in others {
                    let yes = Say::Yes(version.clone());
                    let said = house.store.answer_leg(who, (r.id, id_of(&leg)), *voice, &yes, house.now()).await;
                    assert!(matches!(said, Err(StoreError::Refused(_))), "{who:?} as {voice} of {from} → {to}");
                }
            }
        }
    });
}

#[test]
fn all_together_means_that_one_open_ring_holds_the_others() {
    both(async |house| {
        let r = rings(house, Together::All).await;
        // Two rings: the four, and Ghent with Seoul by two more people.
        let (store, now) = (&house.store, house.now());
        let more = async |at: usize, to: usize| {
            let post = store
                .enter_post(&r.contacts[at], (r.id, r.members[at]), None, &post("Archive"), now)
                .await
                .expect("offered");
            let entry = goer(&format!("More {at}"), None, vec![Wish::Member(r.members[to])]);
            (store.enter_goer(&r.contacts[at], (r.id, r.members[at]), &entry, now).await.expect("entered"), post)
        };
        let (one, two) = (more(1, 2).await, more(2, 1).await);
        let mut picks = r.around(&[0, 1, 2, 3]);
        picks.extend([Pick { goer: one.0, post: two.1 }, Pick { goer: two.0, post: one.1 }]);
        let version = r.propose(house, &picks).await;
        assert_eq!(r.proposal(house, &r.lead).await.rings.len(), 2);
        let yes = async |leg: &Leg, voice: Voice| {
            let (from, to) = route(leg);
            let spoken = leg.goer.as_deref().is_some_and(|g| g.starts_with("More"));
            let who = if spoken && voice == Voice::Person {
                r.contacts[from].clone()
            } else {
                r.voice(house, from, to, voice).await
            };
            store.answer_leg(&who, (r.id, id_of(leg)), voice, &Say::Yes(version.clone()), now).await.expect("yes");
        };
        let all: Vec<(Leg, Voice)> =
            r.legs(house).await.into_iter().flat_map(|l| Voice::ALL.iter().map(move |v| (l.clone(), *v))).collect();
        let (last, before) = all.split_last().expect("eighteen");
        for (leg, voice) in before {
            yes(leg, *voice).await;
        }
        assert!(r.legs(house).await.iter().all(|l| l.state == "asked"), "one whole ring waits for the other");
        yes(&last.0, last.1).await;
        assert!(r.legs(house).await.iter().all(|l| l.state == "final"));
        // One called off opens all again, with every other yes kept.
        let off = id_of(&r.legs(house).await[0]);
        store.call_off_leg(&r.lead, (r.id, off), &reason("Ill."), now).await.expect("may");
        let legs = r.legs(house).await;
        assert!(legs.iter().all(|l| l.state != "final") && legs.iter().filter(|l| l.state == "off").count() == 1);
        assert!(legs.iter().all(|l| l.seats.iter().all(|s| s.said == Some(true))));
        assert_eq!(r.stage(house).await, Stage::Asking);
    });
}

#[test]
fn whoever_leaves_is_forgotten_at_once_and_everybody_a_year_after_the_season() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let (store, now) = (&house.store, house.now());
        r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        let kim = by_letter(house, "kim@seoul.example").await;
        store.remove_goer(&kim, (r.id, r.goers[2]), &reason("I changed my mind."), now).await.expect("may leave");
        assert_eq!(house.count("exchange_goer", "email = 'kim@seoul.example' OR label = 'Guest 2'").await, 0);
        let token = house.last_link("kim@seoul.example").await;
        assert!(store.exchange_actor(&token, now).await.is_err(), "the link opens nothing");
        assert_eq!(r.legs(house).await.iter().filter(|l| l.state == "off").count(), 1);
        house.clock.set("2028-06-29T09:00:00+02:00");
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(house.count("exchange_goer", "label = '–'").await, 1, "not a day early");
        house.clock.set("2028-07-02T09:00:00+02:00");
        store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(
            house.count("exchange_goer", "label <> '–' OR email <> '' OR learn <> '' OR person_id IS NOT NULL").await,
            0
        );
        assert_eq!(house.count("exchange_member", "contact_name <> '–' OR contact_email <> ''").await, 0);
        assert_eq!(house.count("exchange_leg", "1 = 1").await, 4, "who went from where to where stays");
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_link_is_revoked_and_a_new_one_takes_its_place() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let old = house.last_link(&contact("Ghent")).await;
        house.store.renew_member_link(&r.lead, (r.id, r.members[1]), true, house.now()).await.expect("may");
        assert!(house.store.exchange_actor(&old, house.now()).await.is_err());
        let new = house.last_link(&contact("Ghent")).await;
        assert!(house.store.exchange_actor(&new, house.now()).await.is_ok());
        house.clock.advance(366.days());
        assert!(house.store.exchange_actor(&new, house.now()).await.is_err(), "after a year it opens nothing");
    });
}

#[test]
fn a_link_that_was_ended_does_not_come_back_with_the_next_letter() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        house.store.renew_member_link(&r.lead, (r.id, r.members[1]), false, house.now()).await.expect("may");
        let address = contact("Ghent");
        let letters = format!("to_email = '{address}'");
        let before = house.count("mail", &letters).await;
        house.store.end_exchange(&r.lead, r.id, &reason("not this year"), house.now()).await.expect("may");
        assert_eq!(house.count("mail", &letters).await, before, "a letter would bring a link");
        assert_eq!(
            house.count("link", "purpose = 'exchange-member' AND ended_at IS NULL AND email LIKE '%ghent%'").await,
            0
        );
    });
}

#[test]
fn a_stay_that_has_begun_stays_in_the_ledger() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        everybody_says_yes(house, &r, &version, None).await;
        let leg = r.legs(house).await.swap_remove(1);
        let (from, to) = route(&leg);
        let receiver = r.voice(house, from, to, Voice::Receiver).await;
        house.clock.advance(400.days());
        let refused =
            house.store.call_off_leg(&receiver, (r.id, id_of(&leg)), &reason("changed our mind"), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "exchange-leg-begun", .. })), "{refused:?}");
        assert_eq!(house.count("exchange_leg", "state = 'final'").await, 4);
    });
}

/// The same exchange again, with only this city and Ghent.
async fn another(house: &House, r: &Rings) -> (ExchangeId, MemberId, PostId) {
    let opening = Opening {
        title: line("Autumn exchange"),
        challenge: None,
        season: season(),
        days: 5,
        answers_until: date(2027, 4, 1),
        together: Together::Each,
        matching: Matching::default(),
        home: line("Home"),
        most_out: 2,
        tolerance: 0,
    };
    let (store, now) = (&house.store, house.now());
    let id = store.open_exchange(&r.lead, &opening, now).await.expect("is opened");
    let home = store.exchange(&r.lead, id, now).await.expect("reads").members[0].id;
    let post = store.enter_post(&r.lead, (id, home), None, &post("Archive"), now).await.expect("is offered");
    (id, home, post)
}

#[test]
fn what_belongs_to_one_exchange_is_not_found_under_another() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let (other, home, desk) = another(house, &r).await;
        let version = r.propose(house, &r.around(&[0, 1, 2, 3])).await;
        let legs = r.legs(house).await;
        let leg = legs.iter().find(|l| l.to == "Home").map(id_of).expect("is there");
        let (store, now, why) = (&house.store, house.now(), reason("It does not suit."));
        let entry = goer("New", None, vec![Wish::Member(r.members[0])]);
        let yes = Say::Yes(version);
        let gone = |answer: Result<(), StoreError>, what: &str| {
            assert!(matches!(answer, Err(StoreError::NotFound)), "{what}: {answer:?}");
        };
        gone(store.answer_leg(&r.lead, (other, leg), Voice::Receiver, &yes, now).await, "a yes");
        gone(store.call_off_leg(&r.lead, (other, leg), &why, now).await, "calling off");
        gone(store.exchange_goers(&r.lead, (other, r.members[1])).await.map(drop), "people of a city");
        gone(store.exchange_part(&r.lead, (other, r.goers[1])).await.map(drop), "a part");
        gone(store.edit_goer(&r.lead, (other, r.goers[1]), &entry, now).await, "changing a part");
        gone(store.remove_goer(&r.lead, (other, r.goers[1]), &why, now).await, "leaving");
        gone(store.enter_goer(&r.lead, (other, r.members[1]), &entry, now).await.map(drop), "entering");
        let counter = post("Counter");
        gone(store.enter_post(&r.lead, (other, r.members[1]), None, &counter, now).await.map(drop), "offering");
        gone(store.remove_post(&r.lead, (r.id, desk), now).await, "taking a place back");
        gone(store.renew_member_link(&r.lead, (other, r.members[1]), true, now).await, "a link");
        assert_eq!(house.count("exchange_goer", "label = 'New'").await, 0);
        assert_eq!(house.count("exchange_consent", "1 = 1").await, 0);
        store.remove_post(&r.lead, (other, desk), now).await.expect("where it belongs it is found");
        assert_eq!(store.exchange_goers(&r.lead, (other, home)).await.expect("reads").len(), 0);
    });
}

#[test]
fn nobody_wishes_for_a_place_of_another_exchange_or_of_the_own_city() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let (_, elsewhere, desk) = another(house, &r).await;
        let (store, now, ghent) = (&house.store, house.now(), &r.contacts[1]);
        let own = [Wish::Member(r.members[1]), Wish::Post(r.posts[1])];
        for wish in [Wish::Member(elsewhere), Wish::Post(desk)].into_iter().chain(own) {
            let wishes = vec![Wish::Member(r.members[0]), wish];
            let entry = goer("New", None, wishes);
            let entered = store.enter_goer(ghent, (r.id, r.members[1]), &entry, now).await.map(drop);
            let changed = store.edit_goer(ghent, (r.id, r.goers[1]), &entry, now).await;
            for refused in [entered, changed] {
                let known =
                    matches!(refused, Err(StoreError::Rule { field: "wish_2", key: "exchange-wish-elsewhere" }));
                assert!(known, "{wish}: {refused:?}");
            }
        }
        assert_eq!(house.count("exchange_goer", "label = 'New'").await, 0);
    });
}

#[test]
fn how_it_is_matched_is_kept_and_a_longer_ring_than_allowed_is_no_answer() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        house.tamper("UPDATE exchange SET longest = 3").await;
        let proof = Proof { objective: 1, bound: 1 };
        let (store, now) = (&house.store, house.now());
        let refused = store.propose(&r.lead, r.id, &r.around(&[0, 1, 2, 3]), proof, None, now).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "exchange-no-answer", .. })), "{refused:?}");
        store.propose(&r.lead, r.id, &r.around(&[0, 1, 2]), proof, None, now).await.expect("three may be");
        let kept = store.exchange(&r.lead, r.id, now).await.expect("reads").matching;
        assert_eq!(kept, Matching::new(By::Points, Some(3)).expect("may be"));
        assert_eq!(store.exchange_question(&r.lead, r.id).await.expect("reads").matching, kept);
    });
}

#[test]
fn what_was_owed_before_is_in_the_ledger_and_in_the_matching_and_said_by_whoever_runs_it() {
    both(async |house| {
        let r = rings(house, Together::Each).await;
        let (store, now) = (&house.store, house.now());
        let ghent = store.exchange(&r.lead, r.id, now).await.expect("reads").members[1].city;
        let jan = sign_in_as(house, "jan").await;
        for other in [&jan, &r.contacts[1]] {
            let refused = store.carry_over(other, ghent, -5, now).await;
            assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        }
        let nobody = store.carry_over(&r.lead, CityId::new(), 5, now).await;
        assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
        let said = house.count("audit", "subject LIKE '%carried over%'").await;
        store.carry_over(&r.lead, ghent, -5, now).await.expect("may");
        assert_eq!(house.count("audit", "subject LIKE '%carried over%'").await, said + 1);
        let ledger = store.exchange_ledger(&r.lead).await.expect("reads");
        let account = ledger.iter().find(|a| a.id == ghent).expect("is there");
        assert_eq!((account.carried, account.given, account.balance()), (-5, 0, -5));
        let question = store.exchange_question(&r.lead, r.id).await.expect("reads");
        assert_eq!(question.members.iter().map(|m| m.before).collect::<Vec<_>>(), [0, -5, 0, 0]);
    });
}
