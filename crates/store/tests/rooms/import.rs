//! Staff lists and boundaries: in step with the file, all or nothing, and nobody doubled.

use freerange_domain::{outing::Kind, place::Level};
use freerange_store::{
    Actor, StoreError,
    people::{Imported, StaffRow},
    place::PlaceRow,
    setting::MAP_FRAME,
};
use freerange_testkit::{FRAME, House, both, city, neighbourhood, person, sign_in_as, staff};

async fn import(house: &House, rows: &[StaffRow]) -> Imported {
    house.store.import_people(&Actor::Program, rows, house.now()).await.expect("is taken")
}

/// The staff file, with one row changed.
fn with(name: &str, change: impl Fn(&mut StaffRow)) -> Vec<StaffRow> {
    let mut rows = staff();
    change(rows.iter_mut().find(|r| r.staff_no == format!("S-{name}")).expect("is in the file"));
    rows
}

fn without(name: &str) -> Vec<StaffRow> {
    staff().into_iter().filter(|r| r.staff_no != format!("S-{name}")).collect()
}

async fn manager_of(house: &House, name: &str) -> String {
    let listed = ["ada", "bo", "dee", "hal"];
    for boss in listed {
        let (person, manager) = (house.id_of(name).await, house.id_of(boss).await);
        let (person, manager) = match house.store.engine() {
            freerange_store::Engine::Sqlite => {
                (format!("x'{}'", person.0.simple()), format!("x'{}'", manager.0.simple()))
            }
            freerange_store::Engine::Postgres => (format!("'{person}'"), format!("'{manager}'")),
        };
        if house.count("person", &format!("id = {person} AND manager_id = {manager}")).await == 1 {
            return boss.to_owned();
        }
    }
    "nobody".to_owned()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    both(async |house| {
        city(house).await;
        let before = house.everything().await;
        let again = import(house, &staff()).await;
        assert_eq!(again, Imported { unchanged: 12, ..Imported::default() });
        let after = house.everything().await;
        let people = |cells: &[freerange_testkit::Cell]| -> Vec<_> {
            cells.iter().filter(|c| c.table == "person" || c.table == "team").cloned().collect()
        };
        assert_eq!(people(&before), people(&after));
    });
}

#[test]
fn five_thousand_people_twice_are_five_thousand_people() {
    both(async |house| {
        let mut rows = vec![person("boss", &["City"], None)];
        rows.extend((1..5_000).map(|n| {
            let department = format!("Department {}", n % 23);
            person(&format!("p{n}"), &["City", &department, &format!("Team {}", n % 311)], Some("boss"))
        }));
        assert_eq!(import(house, &rows).await, Imported { added: 5_000, ..Imported::default() });
        assert_eq!(import(house, &rows).await, Imported { unchanged: 5_000, ..Imported::default() });
        assert_eq!(house.store.people_count().await.expect("counts"), 5_000);
        assert_eq!(house.count("person", "manager_id IS NOT NULL").await, 4_999);
    });
}

#[test]
fn a_changed_row_updates_the_same_person() {
    both(async |house| {
        city(house).await;
        let before = house.id_of("ann").await;
        let outcome = import(house, &with("ann", |r| "Ann van den Berg".clone_into(&mut r.name))).await;
        assert_eq!(outcome, Imported { updated: 1, unchanged: 11, ..Imported::default() });
        assert_eq!(house.id_of("ann").await, before);
        let found = house.store.staff_list(&Actor::Program, "van den", 1).await.expect("lists");
        assert_eq!(found.items.len(), 1);
    });
}

#[test]
fn two_people_can_swap_their_addresses() {
    both(async |house| {
        city(house).await;
        let (ann, ben) = (house.id_of("ann").await, house.id_of("ben").await);
        let mut rows = with("ann", |r| "ben@city.example".clone_into(&mut r.email));
        rows.iter_mut().find(|r| r.staff_no == "S-ben").expect("ben").email = "ann@city.example".to_owned();
        assert_eq!(import(house, &rows).await, Imported { updated: 2, unchanged: 10, ..Imported::default() });
        assert_eq!((house.id_of("ann").await, house.id_of("ben").await), (ben, ann));
    });
}

#[test]
fn when_two_managers_swap_addresses_each_keeps_the_team_that_the_file_says() {
    both(async |house| {
        city(house).await;
        let mut rows = with("bo", |r| "dee@city.example".clone_into(&mut r.email));
        rows.iter_mut().find(|r| r.staff_no == "S-dee").expect("dee").email = "bo@city.example".to_owned();
        import(house, &rows).await;
        // The file says that ann's manager is bo@city.example, who is now the person with the number S-dee.
        assert_eq!(manager_of(house, "ann").await, "bo");
        assert_eq!(manager_of(house, "eli").await, "dee");
    });
}

#[test]
fn an_address_of_somebody_who_left_can_be_given_to_somebody_new() {
    both(async |house| {
        city(house).await;
        let before = house.id_of("ann").await;
        let rows = with("ann", |r| "S-900".clone_into(&mut r.staff_no));
        let outcome = import(house, &rows).await;
        assert_eq!(outcome, Imported { added: 1, unchanged: 11, deactivated: 1, ..Imported::default() });
        assert_ne!(house.id_of("ann").await, before);
    });
}

#[test]
fn whoever_is_no_longer_in_the_file_is_signed_out_and_cannot_come_back_in() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        let outcome = import(house, &without("ann")).await;
        assert_eq!(outcome, Imported { unchanged: 11, deactivated: 1, ..Imported::default() });
        assert_eq!(house.count("session", "1 = 1").await, 0);
        let attempt = freerange_store::session::Attempt {
            email: "ann@city.example",
            password: freerange_testkit::PASSWORD,
            from: "192.0.2.1",
            agent: "a test",
        };
        assert!(matches!(house.store.sign_in(&attempt, house.now()).await, Err(StoreError::WrongPassword)));
        assert_eq!(house.store.people_count().await.expect("counts"), 11);
    });
}

#[test]
fn whoever_comes_back_is_the_same_person_with_the_manager_of_the_new_file() {
    both(async |house| {
        city(house).await;
        let before = house.id_of("ann").await;
        import(house, &without("ann")).await;
        let rows = with("ann", |r| r.manager_email = Some("dee@city.example".to_owned()));
        assert_eq!(import(house, &rows).await, Imported { updated: 1, unchanged: 11, ..Imported::default() });
        assert_eq!(house.id_of("ann").await, before);
        assert_eq!(manager_of(house, "ann").await, "dee");
    });
}

#[test]
fn a_manager_can_change_and_fall_away() {
    both(async |house| {
        city(house).await;
        assert_eq!(manager_of(house, "ann").await, "bo");
        import(house, &with("ann", |r| r.manager_email = Some("dee@city.example".to_owned()))).await;
        assert_eq!(manager_of(house, "ann").await, "dee");
        import(house, &with("ann", |r| r.manager_email = None)).await;
        assert_eq!(manager_of(house, "ann").await, "nobody");
    });
}

#[test]
fn a_row_whose_manager_is_not_in_the_file_stops_the_whole_import() {
    both(async |house| {
        city(house).await;
        let before = house.everything().await;
        // Everybody gets a new grade, and the last row names somebody who is not there.
        let mut rows = staff();
        for row in &mut rows {
            "10".clone_into(&mut row.grade);
        }
        rows.last_mut().expect("rows").manager_email = Some("nobody@city.example".to_owned());
        let refused = house.store.import_people(&Actor::Program, &rows, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { field: "manager_email", .. })), "{refused:?}");
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn somebody_who_left_is_nobodys_manager() {
    both(async |house| {
        city(house).await;
        let before = house.everything().await;
        // Bo is no longer in the file, but ann's row still names them.
        let refused = house.store.import_people(&Actor::Program, &without("bo"), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { field: "manager_email", .. })), "{refused:?}");
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn a_row_without_a_team_stops_the_whole_import() {
    both(async |house| {
        let mut rows = staff();
        rows.last_mut().expect("rows").team.clear();
        assert!(house.store.import_people(&Actor::Program, &rows, house.now()).await.is_err());
        assert_eq!(house.count("person", "1 = 1").await, 0);
        assert_eq!(house.count("team", "1 = 1").await, 0);
    });
}

#[test]
fn only_the_program_imports() {
    both(async |house| {
        city(house).await;
        let admin = house.with_roles("ann", freerange_domain::people::Role::ALL).await;
        let refused = house.store.import_people(&admin, &[], house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))));
        assert_eq!(house.store.people_count().await.expect("counts"), 12);
    });
}

#[test]
fn places_follow_their_file_and_are_never_doubled() {
    both(async |house| {
        let town = city(house).await;
        let rows = |names: &[(&str, &str)]| -> Vec<_> {
            names.iter().map(|(n, inside)| neighbourhood(n, Some(inside))).collect()
        };
        let all = [("Mill", "North"), ("Harbour", "North"), ("Orchard", "South"), ("Dyke", "South")];
        let level = Level::Neighbourhood;
        let import = async |rows: &[PlaceRow]| {
            let levels = [(level, rows.to_vec())];
            house.store.import_places(&Actor::Program, FRAME, &levels, house.now()).await.expect("is taken")[0]
        };
        assert_eq!(import(&rows(&all)).await, Imported { unchanged: 4, ..Imported::default() });
        let moved = [("Mill", "South"), ("Harbour", "North"), ("Orchard", "South")];
        let outcome = import(&rows(&moved)).await;
        assert_eq!(outcome, Imported { updated: 1, unchanged: 2, deactivated: 1, ..Imported::default() });
        assert_eq!(house.store.places(level).await.expect("lists").len(), 3);
        import(&rows(&all)).await;
        let dyke = house.store.places(level).await.expect("lists").into_iter().find(|p| p.name == "Dyke");
        assert_eq!(dyke.expect("is back").id, town.place("Dyke"));
    });
}

#[test]
fn a_place_in_an_unknown_district_stops_the_whole_import() {
    both(async |house| {
        city(house).await;
        let before = house.everything().await;
        let rows = vec![neighbourhood("New", Some("North")), neighbourhood("Newer", Some("Nowhere"))];
        let districts = vec![neighbourhood("North", None), neighbourhood("West", None)];
        let levels = [(Level::District, districts), (Level::Neighbourhood, rows)];
        let refused = house.store.import_places(&Actor::Program, "[1,2,3,4]", &levels, house.now()).await;
        let Err(StoreError::UnknownParent { code, parent }) = refused else { panic!("{refused:?}") };
        assert_eq!((code.as_str(), parent.as_str()), ("NEWER", "NOWHERE"));
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn a_refused_first_file_leaves_no_frame_and_the_next_one_is_drawn_in_its_own() {
    both(async |house| {
        let levels = [(Level::Neighbourhood, vec![neighbourhood("New", Some("Nowhere"))])];
        house.store.import_places(&Actor::Program, "[1,2,3,4]", &levels, house.now()).await.expect_err("is refused");
        assert_eq!(house.store.setting(MAP_FRAME).await.expect("reads"), None);
        let levels = [(Level::District, vec![neighbourhood("North", None)])];
        house.store.import_places(&Actor::Program, FRAME, &levels, house.now()).await.expect("is taken");
        assert_eq!(house.store.setting(MAP_FRAME).await.expect("reads").as_deref(), Some(FRAME));
    });
}

#[test]
fn two_levels_of_one_file_are_taken_together() {
    both(async |house| {
        let levels = [
            (Level::District, vec![neighbourhood("North", None)]),
            (Level::Neighbourhood, vec![neighbourhood("Mill", Some("North"))]),
        ];
        let outcome = house.store.import_places(&Actor::Program, FRAME, &levels, house.now()).await.expect("is taken");
        assert_eq!(outcome, vec![Imported { added: 1, ..Imported::default() }; 2]);
        let (north, mill) = (house.store.places(Level::District).await, house.store.places(Level::Neighbourhood).await);
        assert_eq!(mill.expect("lists")[0].parent, Some(north.expect("lists")[0].id));
    });
}

#[test]
fn whoever_gets_another_manager_is_asked_for_at_the_new_one_and_the_old_link_is_dead() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::Shadowing)).await;
        house.wish(&ann, outing).await;
        let old = house.last_link("bo@city.example").await;
        assert!(house.store.link_actor(&old, house.now()).await.is_ok(), "so far it is hers");
        import(house, &with("ann", |r| r.manager_email = Some("dee@city.example".into()))).await;
        let dead = house.store.link_actor(&old, house.now()).await;
        assert!(matches!(dead, Err(StoreError::NotFound)), "{dead:?}");
        let new = house.last_link("dee@city.example").await;
        assert!(house.store.link_actor(&new, house.now()).await.is_ok());
        // Running the import again asks nobody twice.
        let letters = house.letters_to("dee@city.example").await.len();
        import(house, &with("ann", |r| r.manager_email = Some("dee@city.example".into()))).await;
        assert_eq!(house.letters_to("dee@city.example").await.len(), letters);
    });
}
