//! Forgetting on time: what the works council was promised, to the day, and nothing else.

use freerange_domain::{
    outing::Kind,
    people::{Email, Role},
    reflection,
};
use freerange_store::{
    Actor,
    placement::Step,
    policy::{self, Keep},
};
use freerange_testkit::{House, answers, both, city, draft, reason, sign_in_as, staff, uses};
use jiff::ToSpan as _;

/// The rows of the tables that are swept.
async fn rows(house: &House, tables: &[&str]) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in tables {
        counts.push(house.count(table, "1 = 1").await);
    }
    counts
}

async fn all_letters_are_sent(house: &House) {
    for letter in house.store.mail_due(house.now()).await.expect("lists") {
        house.store.mail_sent(letter.id, house.now()).await.expect("is noted");
    }
}

async fn sweep(house: &House) -> u64 {
    house.store.sweep(house.now()).await.expect("sweeps")
}

#[test]
fn the_promise_is_this() {
    let days: Vec<(&str, Keep)> = policy::KEPT.iter().map(|k| (k.key, k.keep)).collect();
    assert_eq!(
        days,
        [
            ("kept-account", Keep::Employed(365)),
            ("kept-secret", Keep::Employed(365)),
            ("kept-session", Keep::Days(14)),
            ("kept-attempt", Keep::Days(1)),
            ("kept-link", Keep::AtMost(3_650)),
            ("kept-standing", Keep::Employed(365)),
            ("kept-placement", Keep::Days(730)),
            ("kept-approval", Keep::Days(730)),
            ("kept-own-way", Keep::Days(730)),
            ("kept-going-out", Keep::Days(1)),
            ("kept-overdue", Keep::Days(1)),
            ("kept-round-wishes", Keep::Days(120)),
            ("kept-round-cover", Keep::Days(120)),
            ("kept-round-plan", Keep::Days(120)),
            ("kept-round-lead", Keep::WithRecord(365)),
            ("kept-team-away", Keep::Days(730)),
            ("kept-askable", Keep::Days(730)),
            ("kept-private-reflection", Keep::Days(730)),
            ("kept-shared-reflection", Keep::Days(730)),
            ("kept-return", Keep::Days(730)),
            ("kept-debrief", Keep::Days(1)),
            ("kept-circle", Keep::Days(365)),
            ("kept-circle-action", Keep::Days(365)),
            ("kept-circle-seeker", Keep::Days(120)),
            ("kept-challenge", Keep::WithRecord(365)),
            ("kept-outing", Keep::WithRecord(365)),
            ("kept-told-back", Keep::WithRecord(365)),
            ("kept-party", Keep::WithRecord(365)),
            ("kept-invitation", Keep::WithRecord(365)),
            ("kept-community", Keep::WithRecord(365)),
            ("kept-exchange", Keep::WithRecord(365)),
            ("kept-exchange-people", Keep::Days(365)),
            ("kept-note", Keep::UntilWithdrawn),
            ("kept-phone", Keep::Days(365)),
            ("kept-notebook", Keep::Employed(365)),
            ("kept-diary", Keep::Employed(365)),
            ("kept-upload", Keep::Days(7)),
            ("kept-consent", Keep::WithRecord(365)),
            ("kept-board", Keep::Days(14)),
            ("kept-change", Keep::UntilWithdrawn),
            ("kept-practice", Keep::WithRecord(365)),
            ("kept-mail", Keep::Days(30)),
            ("kept-audit", Keep::Days(1_095)),
        ]
    );
}

#[test]
fn failed_tries_are_forgotten_after_a_day_and_sessions_when_they_end() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        let stranger = Email::parse("stranger@city.example").expect("an address");
        house.store.send_password_link(&stranger, "192.0.2.1", house.now()).await.expect("the same answer");
        let tables = ["attempt", "session"];
        house.clock.advance(23.hours());
        assert_eq!((sweep(house).await, rows(house, &tables).await), (0, vec![1, 1]));
        house.clock.advance(2.hours());
        assert_eq!((sweep(house).await, rows(house, &tables).await), (1, vec![0, 1]));
        house.clock.advance(12.days().hours(22));
        assert_eq!((sweep(house).await, rows(house, &tables).await), (0, vec![0, 1]));
        house.clock.advance(2.hours());
        assert_eq!((sweep(house).await, rows(house, &tables).await), (1, vec![0, 0]));
    });
}

#[test]
fn a_letter_is_forgotten_thirty_days_after_it_was_sent_and_one_that_waits_is_not() {
    both(async |house| {
        city(house).await;
        let ann = Email::parse("ann@city.example").expect("an address");
        for _ in 0..2 {
            house.store.send_password_link(&ann, "192.0.2.1", house.now()).await.expect("is sent");
        }
        let letters = house.letters_to("ann@city.example").await;
        house.clock.advance(1.day());
        house.store.mail_sent(letters[0].id, house.now()).await.expect("is noted");
        house.clock.advance((30 * 24 - 1).hours());
        sweep(house).await;
        assert_eq!(house.count("mail", "1 = 1").await, 2);
        house.clock.advance(2.hours());
        sweep(house).await;
        let left = house.letters_to("ann@city.example").await;
        assert_eq!(left.iter().map(|l| l.id).collect::<Vec<_>>(), [letters[1].id]);
    });
}

#[test]
fn two_years_after_closing_a_placement_is_forgotten_and_its_notes_stay() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        // Ann noted something, Ben did not; both thought about it, privately and shared.
        let mut placements = Vec::new();
        for who in [&ann, &ben] {
            let (_, id) = house.out(who, &bo, house.in_a_week(Kind::CommunityVisit)).await;
            for kind in [reflection::Moment::Evening(house.clock.today()), reflection::Moment::Debrief] {
                let given = answers(&[("struck", "a thought")]);
                let text = house.store.write_reflection(who, id, kind, &given, house.now()).await.expect("is kept");
                if kind == reflection::Moment::Debrief {
                    house.store.share_reflection(who, text, house.now()).await.expect("is shared");
                }
            }
            placements.push(id);
        }
        house.consent(&ann, placements[0], uses("use quote picture contact")).await;
        let note = draft("The letter box is too high.", house.now());
        house.store.write_note(&ann, placements[0], &note, house.now()).await.expect("is kept");
        for (who, id) in [(&ann, placements[0]), (&ben, placements[1])] {
            let change = freerange_store::change::Commitment {
                placement: Some(id),
                ..freerange_testkit::commitment(
                    freerange_domain::change::Kind::Start,
                    "Lower letter boxes",
                    house.clock.today(),
                )
            };
            house.store.commit_change(who, &change, house.now()).await.expect("is committed");
            house.home_again(who, id).await;
        }
        // A third one is never closed, and so never forgotten.
        house.out(&bo, &sign_in_as(house, "ada").await, house.in_a_week(Kind::CommunityVisit)).await;
        for (who, id) in [(&ann, placements[0]), (&ben, placements[1])] {
            let end = Step::Close { changed: true, why: reason("They hang lower.") };
            house.store.step(who, id, end, house.now()).await.expect("is closed");
        }
        let tables = ["placement", "reflection", "note", "change", "consent", "outing"];
        house.clock.advance((730 * 24 - 1).hours());
        sweep(house).await;
        assert_eq!(rows(house, &tables).await, [3, 4, 1, 2, 1, 3]);
        house.clock.advance(2.hours());
        assert!(sweep(house).await > 0);
        assert_eq!(rows(house, &tables).await, [2, 0, 1, 2, 1, 3]);
        // What is left of Ann's is what her note rests on: no dates, no answers, no history, nobody else's yes.
        for gone in ["On my way", "They hang lower."] {
            let places = house.where_it_says(gone).await;
            assert!(!places.iter().any(|p| p == "placement.ending_why"), "{places:?}");
        }
        assert_eq!(house.count("placement", "checkin <> '' AND stage = 'closed'").await, 0);
        let dates = "stage = 'closed' AND (talk_at IS NOT NULL OR reflection_at IS NOT NULL)";
        assert_eq!(house.count("placement", dates).await, 0);
        for table in ["placement_event", "approval"] {
            let closed = "placement_id IN (SELECT id FROM placement WHERE stage = 'closed')";
            assert_eq!(house.count(table, closed).await, 0, "{table}");
        }
        assert_eq!(sweep(house).await, 0, "once is enough");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
        assert_eq!(house.store.note(&ann, note.id).await.expect("stays").seen, "The letter box is too high.");
    });
}

#[test]
fn a_forgotten_free_range_day_leaves_no_outing_that_tells_of_it() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (id, until) = (house.id_of("ann").await, jiff::civil::date(2027, 12, 31));
        house.store.give_standing_yes(&bo, id, 9, until, house.now()).await.expect("is given");
        let offer = house.in_a_week(Kind::FreeRangeDay);
        let walk = freerange_store::standing::Walk {
            plan: freerange_testkit::line("Along the dyke"),
            place: None,
            span: offer.span,
            reflection: offer.span.ends(),
            talk: offer.span.ends(),
            language: "nl".to_owned(),
        };
        let (_, walked) =
            house.store.plan_walk(&ann, &walk, &freerange_testkit::zone(), house.now()).await.expect("is planned");
        house.store.cancel_placement(&ann, walked, &reason("a cold"), house.now()).await.expect("may cancel");
        all_letters_are_sent(house).await;
        house.clock.advance((731 * 24).hours());
        sweep(house).await;
        assert_eq!(house.where_it_says("Along the dyke").await, [""; 0]);
    });
}

#[test]
fn a_year_after_leaving_name_address_and_roles_are_wiped_and_not_a_day_before() {
    both(async |house| {
        city(house).await;
        let ann = house.with_roles("ann", &[Role::Clerk]).await;
        let bo = sign_in_as(house, "bo").await;
        let (id, until) = (house.id_of("ann").await, jiff::civil::date(2030, 1, 1));
        house.store.give_standing_yes(&bo, id, 2, until, house.now()).await.expect("is given");
        house.store.new_calendar_link(&ann, house.now()).await.expect("makes one");
        // She stands in her own history, and her manager in that of her placement.
        let outing = house.offer(&bo, house.in_a_week(Kind::Immersion)).await;
        house.wish(&ann, outing).await;
        all_letters_are_sent(house).await;
        let gone: Vec<_> = staff().into_iter().filter(|r| r.staff_no != "S-ann").collect();
        house.store.import_people(&Actor::Program, &gone, house.now()).await.expect("is taken");
        house.clock.advance((365 * 24 - 1).hours());
        sweep(house).await;
        assert!(!house.where_it_says("Ann Berg").await.is_empty());
        house.clock.advance(2.hours());
        assert!(sweep(house).await > 0);
        assert_eq!(house.where_it_says("Ann Berg").await, [""; 0]);
        assert_eq!(house.where_it_says("ann@city.example").await, [""; 0]);
        let left = "staff_no = 'S-ann' AND (password_hash IS NOT NULL OR diary_wrapped IS NOT NULL OR grade <> '' OR languages <> '')";
        assert_eq!(house.count("person", left).await, 0);
        assert_eq!(rows(house, &["role_grant", "standing_yes"]).await, [0, 0]);
        assert_eq!(sweep(house).await, 0, "once is enough");
        assert_eq!(house.store.people_count().await.expect("counts"), 11, "those who work here stay");
        // Whoever comes back after all is taken up again.
        house.store.import_people(&Actor::Program, &staff(), house.now()).await.expect("is taken");
        assert_eq!(house.id_of("ann").await, id);
    });
}

#[test]
fn the_log_is_kept_for_three_years() {
    both(async |house| {
        city(house).await;
        let entries = house.count("audit", "1 = 1").await;
        assert!(entries > 0);
        house.clock.advance((1_095 * 24 - 1).hours());
        sweep(house).await;
        assert_eq!(house.count("audit", "1 = 1").await, entries);
        house.clock.advance(2.hours());
        assert_eq!(sweep(house).await, u64::try_from(entries).expect("positive"));
        assert_eq!(house.count("audit", "1 = 1").await, 0);
    });
}
