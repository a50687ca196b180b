//! What a round promises to whoever wishes.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

#[test]
fn a_season_has_days_and_wishes_come_before_it() {
    let today = day("2027-01-10");
    let season = |from: &str, to: &str, until: &str| Season::new(day(from), day(to), day(until), today);
    assert!(season("2027-03-01", "2027-06-30", "2027-02-15").is_ok());
    assert_eq!(season("2027-03-01", "2027-02-28", "2027-02-15"), Err(RoundProblem::Season));
    assert_eq!(season("2027-03-01", "2028-03-02", "2027-02-15"), Err(RoundProblem::Season));
    assert_eq!(season("2027-03-01", "2027-06-30", "2027-03-01"), Err(RoundProblem::WishesLate));
    assert_eq!(season("2027-03-01", "2027-06-30", "2027-01-09"), Err(RoundProblem::WishesOver));
}

#[test]
fn a_week_begins_on_monday_and_a_season_has_all_of_its_weeks() {
    assert_eq!(Week::of(day("2027-03-28")).to_string(), "2027-03-22");
    assert_eq!(Week::of(day("2027-03-29")).to_string(), "2027-03-29");
    let season = Season { starts_on: day("2027-03-03"), ends_on: day("2027-03-15"), wishes_until: day("2027-02-01") };
    let weeks: Vec<String> = season.weeks().iter().map(Week::to_string).collect();
    assert_eq!(weeks, ["2027-03-01", "2027-03-08", "2027-03-15"]);
}

#[test]
fn wishes_are_taken_until_the_day_itself_and_not_after_publishing() {
    let until = day("2027-02-15");
    assert_eq!(Stage::Open.takes_wishes(until, until), Ok(()));
    assert_eq!(Stage::Open.takes_wishes(until, day("2027-02-16")), Err(RoundProblem::WishesOver));
    assert_eq!(Stage::Published.takes_wishes(until, day("2027-02-01")), Err(RoundProblem::NotOpen));
}

#[test]
fn months_away_and_rings_are_not_matched_in_a_round() {
    let from = day("2027-03-01");
    assert_eq!(suits_a_round(Kind::CommunityVisit, from, from), Ok(()));
    assert_eq!(suits_a_round(Kind::Shadowing, from, day("2027-03-07")), Ok(()));
    assert_eq!(suits_a_round(Kind::Immersion, from, day("2027-03-08")), Err(RoundProblem::Unsuited));
    assert_eq!(suits_a_round(Kind::Secondment, from, from), Err(RoundProblem::Unsuited));
}

#[test]
fn the_usual_cover_is_a_tenth_and_at_least_one() {
    let usual: Vec<i64> = [1, 5, 19, 20, 35, 80].into_iter().map(usual_cover).collect();
    assert_eq!(usual, [1, 1, 1, 2, 3, 8]);
}

#[test]
fn an_outing_that_does_not_suit_says_why() {
    let outing =
        Asks { from: day("2027-03-03"), to: day("2027-03-04"), access: vec![Access::StepFree], language: "nl".into() };
    let needs = Needs { languages: vec!["nl".into()], ..Needs::default() };
    assert_eq!(needs.unfit(&outing), None);
    let away = Needs { away: vec![(day("2027-03-04"), day("2027-03-09"))], ..needs.clone() };
    assert_eq!(away.unfit(&outing), Some(Unfit::Days));
    let needing = Needs { access: vec![Access::StepFree, Access::Hearing], ..needs.clone() };
    assert_eq!(needing.unfit(&outing), Some(Unfit::Access));
    let speaking = Needs { languages: vec!["es".into()], ..needs };
    assert_eq!(speaking.unfit(&outing), Some(Unfit::Language));
    assert_eq!(Needs::default().unfit(&outing), None, "an unknown language is no reason against");
}

#[test]
fn a_longer_look_is_longer_and_the_same_everywhere() {
    for people in [0, 12, 5_000, 50_000] {
        let looks: Vec<u64> = Effort::ALL.iter().map(|e| e.iterations(people)).collect();
        assert!(looks.is_sorted() && looks[0] > 0, "{looks:?}");
    }
}

fn wished() -> impl Strategy<Value = Wished> {
    any::<[bool; 3]>().prop_map(|[got, banned, full]| Wished { got: got && !banned, banned, full })
}

proptest! {
    #[test]
    fn a_better_wish_counts_more_and_every_wish_counts(rank in 1_i64..60) {
        prop_assert!(score(rank) >= score(rank + 1));
        prop_assert!((100..=1_000).contains(&score(rank)));
    }

    #[test]
    fn whoever_waited_longer_is_worth_more_than_a_second_outing_for_another(weeks in 0_i64..400) {
        prop_assert!(first_bonus(Some(weeks)) <= first_bonus(Some(weeks + 1)));
        prop_assert!(first_bonus(Some(weeks)) > SECOND);
        prop_assert!(first_bonus(None) >= first_bonus(Some(weeks)));
    }

    #[test]
    fn a_reason_says_only_what_is_so(wishes in proptest::collection::vec(wished(), 0..6), stood in proptest::option::of(0_usize..6)) {
        let stood = stood.filter(|at| wishes.get(*at).is_some_and(|w| !w.banned)).map(|at| (at, Because::Team));
        let told = reason(&wishes, stood);
        let about = told.about.map(|at| wishes[at]);
        prop_assert_eq!(told.kind == Because::Got, wishes.iter().any(|w| w.got));
        prop_assert_eq!(told.kind == Because::Nothing, wishes.is_empty());
        let true_ = match (told.kind, about) {
            (Because::Got, Some(w)) => w.got,
            (Because::Full, None) => wishes.iter().all(|w| w.full),
            (Because::Team, Some(_)) => told.about == stood.map(|s| s.0),
            (Because::Hand, Some(w)) => w.banned && stood.is_none(),
            (Because::Nothing, None) => true,
            (Because::Plan, Some(w)) => !w.banned && stood.is_none(),
            _ => false,
        };
        prop_assert!(true_, "{:?} of {:?}", told, wishes);
    }

    #[test]
    fn every_day_is_in_its_week(offset in 0_i64..4_000) {
        let day = day("2027-01-01").saturating_add(offset.days());
        let week = Week::of(day);
        prop_assert!(week.monday() <= day && day < week.next().monday());
        prop_assert_eq!(Week::of(week.monday()), week);
    }
}
