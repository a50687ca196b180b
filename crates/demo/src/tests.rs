//! What the demo city promises to whoever writes it into a database.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

const CITIES: [(usize, u64); 5] = [(60, 1), (60, 2), (400, 7), (2_000, 1), (6_000, 9)];

fn cities() -> impl Iterator<Item = City> {
    CITIES.into_iter().map(|(people, seed)| city(people, seed))
}

#[test]
fn the_same_seed_gives_the_same_city_and_another_seed_another() {
    assert_eq!(city(300, 11), city(300, 11));
    let (a, b) = (city(300, 11), city(300, 12));
    assert_ne!(a.places_geojson, b.places_geojson);
    assert_ne!(a.people, b.people);
    assert_ne!(a.notes, b.notes);
}

/// A change of these numbers is a change of every demo city; make it on purpose.
#[test]
fn the_city_of_seed_one_is_the_same_on_every_machine() {
    let city = city(2_000, 1);
    let notes: String = city.notes.iter().map(|n| n.seen.as_str()).collect();
    let text = format!("{}{}{notes}", city.people_csv(), city.places_geojson.neighbourhoods);
    let print = text.bytes().fold(0_u64, |h, b| rng::mix(h ^ u64::from(b)));
    assert_eq!(print, FINGERPRINT);
}

const FINGERPRINT: u64 = 4_985_652_423_332_917_571;

#[test]
fn every_index_points_at_something() {
    for city in cities() {
        let (people, places) = (city.people.len(), city.neighbourhoods.len());
        for c in &city.challenges {
            assert!(c.owner < people && c.place.is_none_or(|p| p < places));
        }
        assert!(city.groups.iter().all(|g| g.neighbourhood < places));
        for o in &city.outings {
            assert!(o.neighbourhood < places && o.organiser < people);
            assert!(o.challenge.is_none_or(|c| c < city.challenges.len()));
            assert!(o.group.is_none_or(|g| city.groups[g].name == o.host_name));
        }
        assert!(city.placements.iter().all(|p| p.outing < city.outings.len() && p.person < people));
        assert!(city.notes.iter().all(|n| n.placement < city.placements.len()));
        assert!(city.reflections.iter().all(|r| r.placement < city.placements.len()));
        for c in &city.changes {
            assert!(c.challenge < city.challenges.len() && c.placement < city.placements.len() && c.owner < people);
            assert!(c.evidence.iter().all(|n| city.notes[*n].placement == c.placement));
        }
        assert!(city.practices.iter().all(|p| p.change < city.changes.len()));
        assert!(city.invitations.iter().all(|i| i.group < city.groups.len()));
        let r = city.roles;
        for role in [r.mayor, r.programme_lead, r.auditor, r.admin, r.clerk, r.challenge_owner, r.manager, r.staff] {
            assert!(role < people);
        }
        assert_eq!(city.challenges[0].owner, r.challenge_owner);
    }
}

#[test]
fn nothing_is_agreed_without_time_to_think_and_a_return_talk_after_the_outing() {
    for city in cities() {
        for p in &city.placements {
            let booked = matches!(p.stage_reached, Stage::Agreed | Stage::Preparing | Stage::Out)
                || matches!(p.stage_reached, Stage::Debriefing | Stage::Embedding);
            if booked {
                let last = city.outings[p.outing].last_day();
                assert!(p.reflection.is_some_and(|m| m.day > last) && p.return_talk.is_some_and(|m| m.day > last));
            }
            assert_eq!(p.reflection.is_some(), p.return_talk.is_some());
        }
    }
}

#[test]
fn closed_means_an_ending_with_a_reason_and_nothing_else_does() {
    for city in cities() {
        for p in &city.placements {
            assert_eq!(p.ending.is_some(), p.stage_reached == Stage::Closed);
            assert!(p.ending.as_ref().is_none_or(|e| e.why.len() > 10));
        }
    }
}

#[test]
fn stages_fit_the_dates() {
    for city in cities() {
        for p in &city.placements {
            let outing = &city.outings[p.outing];
            let fits = match p.stage_reached {
                Stage::Wished | Stage::Offered | Stage::Agreed | Stage::Preparing => outing.day > 0,
                Stage::Out => outing.day <= 0 && outing.last_day() >= 0,
                Stage::Debriefing | Stage::Embedding => outing.last_day() < 0,
                Stage::Closed => outing.last_day() < 0 || p.ending.as_ref().is_some_and(|e| !e.kind.went()),
            };
            assert!(fits, "{:?} on an outing from {} to {}", p.stage_reached, outing.day, outing.last_day());
        }
    }
}

#[test]
fn nobody_is_in_two_places_and_no_outing_is_overfull() {
    for city in cities() {
        let mut days: BTreeMap<usize, Vec<(i32, i32)>> = BTreeMap::new();
        let mut pairs = BTreeSet::new();
        let mut seats: BTreeMap<usize, usize> = BTreeMap::new();
        for p in &city.placements {
            let outing = &city.outings[p.outing];
            assert!(pairs.insert((p.outing, p.person)), "somebody goes twice on one outing");
            let own = days.entry(p.person).or_default();
            let span = (outing.day, outing.last_day());
            assert!(own.iter().all(|d| span.1 < d.0 || d.1 < span.0), "person {} is in two places", p.person);
            own.push(span);
            *seats.entry(p.outing).or_default() += 1;
            assert_ne!(p.person, city.roles.mayor);
        }
        assert!(seats.iter().all(|(outing, taken)| *taken <= city.outings[*outing].seats));
    }
}

#[test]
fn outings_fit_their_kind() {
    for city in cities() {
        let kinds: BTreeSet<&str> = city.outings.iter().map(|o| o.kind).collect();
        assert!(city.people.len() < 1_000 || kinds.len() == 8, "only {kinds:?}");
        for o in &city.outings {
            let longest = match o.kind {
                "free-range-day" | "community-visit" => 1,
                "immersion" => 31,
                "shadowing" => 5,
                "learning-visit" => 10,
                _ => 366,
            };
            assert!(o.last_day() - o.day < longest, "{} of {} days", o.kind, o.last_day() - o.day + 1);
            assert_eq!(o.challenge.is_none(), o.kind == "free-range-day");
            assert_eq!(o.host_name.is_empty(), o.kind == "free-range-day");
            assert!(o.seats > 0 && (-360..=90).contains(&o.day) && (0..1_440).contains(&o.start_minute));
            assert!(o.title.chars().count() <= 160 && o.meeting_point.chars().count() <= 160);
            assert!(!o.safety_plan.is_empty() && !o.description.is_empty());
            assert!(o.told_back.as_ref().is_none_or(|t| t.0 > o.last_day() && t.0 <= 0));
        }
    }
}

#[test]
fn notes_come_from_people_who_were_there_and_only_quotes_carry_consent() {
    for city in cities() {
        for n in &city.notes {
            let p = &city.placements[n.placement];
            assert!(p.came_back() || p.stage_reached == Stage::Out);
            let outing = &city.outings[p.outing];
            assert!(outing.day <= n.day && n.day <= outing.last_day().min(0) && n.minute < 1_440);
            assert!(!n.quote_consent || n.kind == NoteKind::Said);
            assert!(!n.seen.contains(['{', '}']) && !n.meaning.contains(['{', '}']), "a slot is open: {}", n.seen);
        }
        for (at, p) in city.placements.iter().enumerate().filter(|(_, p)| p.came_back()) {
            assert!(city.notes.iter().any(|n| n.placement == at), "nothing noted by {} on {}", p.person, p.outing);
        }
    }
}

#[test]
fn notes_draw_on_far_more_than_a_hundred_and_twenty_sentences() {
    let sentences: BTreeSet<&str> = topics::all()
        .iter()
        .flat_map(|t| t.saw.iter().chain(t.said).chain(t.wonder))
        .chain(topics::GENERAL.saw)
        .chain(topics::GENERAL.said)
        .copied()
        .collect();
    assert!(sentences.len() >= 180, "{}", sentences.len());
    let city = city(2_000, 1);
    let distinct: BTreeSet<&str> = city.notes.iter().map(|n| n.seen.as_str()).collect();
    assert!(distinct.len() >= 120, "{} of {}", distinct.len(), city.notes.len());
}

#[test]
fn whoever_says_something_changed_has_a_change_to_show() {
    for city in cities() {
        let shown: BTreeSet<usize> = city.changes.iter().map(|c| c.placement).collect();
        for (at, p) in city.placements.iter().enumerate() {
            let kind = p.ending.as_ref().map(|e| e.kind);
            if kind == Some(EndingKind::Changed) && city.outings[p.outing].last_day() < -30 {
                assert!(shown.contains(&at));
            }
            if kind == Some(EndingKind::ChangedNothing) {
                assert!(!shown.contains(&at));
            }
        }
    }
}

#[test]
fn changes_keep_their_dates_and_their_kind() {
    for city in cities() {
        for c in &city.changes {
            assert!(c.committed_day <= 0 && c.title.chars().count() <= 160);
            assert!(c.hours_freed == 0 || c.kind == ChangeKind::Stop);
            assert_eq!(c.trial.is_some(), c.kind == ChangeKind::Test);
            assert!(c.follow_ups.windows(2).all(|w| w[0].day < w[1].day));
            assert!(c.follow_ups.iter().all(|f| c.committed_day < f.day && f.day <= 0));
            let due_fits = match &c.told_back {
                ToldBack::Told { day, text } => *day <= 0 && !text.is_empty(),
                ToldBack::Due { day } => *day >= 0,
                ToldBack::Overdue { day } => *day < 0,
            };
            assert!(due_fits);
        }
    }
}

#[test]
fn six_practices_tell_of_changes_that_were_kept() {
    for city in cities() {
        assert_eq!(city.practices.len(), 6);
        for p in &city.practices {
            let change = &city.changes[p.change];
            assert!(change.follow_ups.len() >= 2 && change.follow_ups.iter().all(|f| f.answer == Answer::Kept));
            assert!(p.published_day < 0 && p.published_day > change.committed_day);
        }
    }
}

#[test]
fn the_storyline_person_has_something_at_every_point_of_the_loop() {
    for city in cities() {
        let own: Vec<&DemoPlacement> = city.placements.iter().filter(|p| p.person == city.roles.staff).collect();
        for stage in [Stage::Wished, Stage::Offered, Stage::Preparing, Stage::Debriefing, Stage::Closed] {
            assert!(own.iter().any(|p| p.stage_reached == stage), "she has nothing {}", stage.as_str());
        }
        let hers = |c: &&DemoChange| city.placements[c.placement].person == city.roles.staff && c.challenge == 0;
        assert!(city.changes.iter().any(|c| hers(&c)));
    }
}

#[test]
fn titles_and_decisions_fit_on_a_line() {
    let city = city(500, 3);
    for c in &city.challenges {
        assert!(c.title.chars().count() <= 160 && c.decision.chars().count() <= 160, "{}", c.decision);
    }
    let titles: BTreeSet<&str> = city.challenges.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles.len(), 16);
    assert!(city.practices.iter().all(|p| p.title.chars().count() <= 160));
}

#[test]
fn invitations_that_were_declined_say_why() {
    for city in cities() {
        assert!(city.invitations.iter().any(|i| i.status == InvitationStatus::Received));
        for i in &city.invitations {
            assert!(i.received_day <= 0 && i.wished_day > i.received_day && i.people > 0);
            assert_eq!(i.outing.is_some(), i.status == InvitationStatus::Accepted, "an accepted one became a visit");
            if let Some(outing) = i.outing.map(|at| &city.outings[at]) {
                assert_eq!((outing.kind, outing.group), ("community-visit", Some(i.group)));
            }
            assert!(!matches!(&i.status, InvitationStatus::Declined { why } if why.is_empty()));
        }
        let visits = city.outings.iter().filter(|o| o.kind == "community-visit").count();
        let invited: BTreeSet<usize> = city.invitations.iter().filter_map(|i| i.outing).collect();
        assert_eq!(invited.len(), visits, "nobody visits uninvited");
        let emails: BTreeSet<&str> = city.groups.iter().map(|g| g.email.as_str()).collect();
        assert_eq!(emails.len(), city.groups.len());
    }
}
