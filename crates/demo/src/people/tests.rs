//! What the staff of the demo city promises.

use super::*;
use crate::rng::float;
use std::collections::BTreeSet;

/// The sizes of all teams, smallest first.
fn team_sizes(people: &[DemoPerson]) -> Vec<usize> {
    let mut sizes: BTreeMap<&[String], usize> = BTreeMap::new();
    for p in people.iter().filter(|p| p.team.len() == 3) {
        *sizes.entry(&p.team).or_default() += 1;
    }
    let mut sizes: Vec<usize> = sizes.into_values().collect();
    sizes.sort_unstable();
    sizes
}

fn staff(people: usize, seed: u64) -> Staff {
    hire(people, &["Old Maren".to_owned(), "Solbat".to_owned()], seed)
}

#[test]
fn a_city_has_as_many_people_as_asked_for() {
    for people in [60, 61, 99, 250, 2_000, 20_000] {
        assert_eq!(staff(people, 5).people.len(), people);
    }
    assert_eq!(staff(3, 5).people.len(), FEWEST);
}

#[test]
fn emails_and_staff_numbers_are_unique_and_chains_of_managers_end_at_the_mayor() {
    for (people, seed) in [(60, 1), (400, 2), (5_000, 3)] {
        let staff = staff(people, seed);
        let emails: BTreeSet<&str> = staff.people.iter().map(|p| p.email.as_str()).collect();
        let numbers: BTreeSet<&str> = staff.people.iter().map(|p| p.staff_no.as_str()).collect();
        assert_eq!((emails.len(), numbers.len()), (people, people));
        for start in 0..people {
            let mut at = start;
            let mut steps = 0;
            while let Some(next) = staff.people[at].manager {
                at = next;
                steps += 1;
                assert!(steps <= 6, "the chain above {start} does not end");
            }
            assert_eq!(at, staff.roles.mayor);
        }
    }
}

#[test]
fn the_storyline_person_reports_to_the_storyline_manager_in_every_size() {
    for people in [60, 75, 300, 2_000, 10_000] {
        for seed in 0..5 {
            let Staff { people, roles, .. } = staff(people, seed);
            assert_eq!(people[roles.staff].manager, Some(roles.manager));
            assert_eq!(people[roles.staff].team[0], "Housing");
            let parts = [roles.mayor, roles.programme_lead, roles.auditor, roles.admin, roles.clerk];
            let others = [roles.challenge_owner, roles.manager, roles.staff];
            assert_eq!(parts.iter().chain(&others).collect::<BTreeSet<_>>().len(), 8, "one person has two parts");
        }
    }
}

#[test]
fn teams_are_small_mostly_and_large_sometimes() {
    let sizes = team_sizes(&staff(5_000, 1).people);
    let median = sizes[sizes.len() / 2];
    assert!((6..=11).contains(&median), "median {median}");
    assert!(float(*sizes.last().expect("there are teams")) > 2.5 * float(median));
}

#[test]
fn the_csv_has_one_line_a_person_and_names_every_manager() {
    let staff = staff(80, 9);
    let csv = csv(&staff.people);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 81);
    assert_eq!(lines[0], "id,name,email,team,manager_email,grade,languages,working_pattern");
    assert!(lines[2..].iter().all(|l| l.matches(DOMAIN).count() == 2));
}
