//! A city of twelve people in three teams, and four neighbourhoods in two districts, brought in the way a real one is:
//! by import.

use std::collections::HashMap;

use freerange_domain::{
    id::{PersonId, PlaceId},
    people::{Email, Role},
    place::Level,
};
use freerange_store::{Actor, people::StaffRow, place::PlaceRow, session::Attempt};

use crate::House;

/// Everybody's password.
pub const PASSWORD: &str = "four walls and a roof";

/// Who works here: first name, team, manager's first name. The address is `NAME@city.example`.
const STAFF: &[(&str, &[&str], Option<&str>)] = &[
    ("ada", &["City Office"], None),
    ("bo", &["Space", "Streets"], Some("ada")),
    ("ann", &["Space", "Streets"], Some("bo")),
    ("ben", &["Space", "Streets"], Some("bo")),
    ("cas", &["Space", "Streets"], Some("bo")),
    ("dee", &["Social", "Care"], Some("ada")),
    ("eli", &["Social", "Care"], Some("dee")),
    ("fay", &["Social", "Care"], Some("dee")),
    ("gus", &["Social", "Care"], Some("dee")),
    ("hal", &["Social", "Care", "Desk"], Some("dee")),
    ("ida", &["Social", "Care", "Desk"], Some("hal")),
    ("jan", &["Social", "Care", "Desk"], Some("hal")),
];

/// What lies in what.
const PLACES: &[(Level, &str, Option<&str>)] = &[
    (Level::City, "Whole", None),
    (Level::District, "North", Some("Whole")),
    (Level::District, "South", Some("Whole")),
    (Level::Neighbourhood, "Mill", Some("North")),
    (Level::Neighbourhood, "Harbour", Some("North")),
    (Level::Neighbourhood, "Orchard", Some("South")),
    (Level::Neighbourhood, "Dyke", Some("South")),
];

/// What a story needs to know of the city.
#[derive(Debug)]
pub struct City {
    /// Neighbourhoods by name: `Mill`, `Harbour`, `Orchard`, `Dyke`.
    pub neighbourhoods: HashMap<String, PlaceId>,
}

impl City {
    /// A neighbourhood by name.
    ///
    /// # Panics
    /// When there is none of that name.
    pub fn place(&self, name: &str) -> PlaceId {
        self.neighbourhoods[name]
    }
}

/// A row of a staff file, with a staff number made from the name.
pub fn person(name: &str, team: &[&str], manager: Option<&str>) -> StaffRow {
    StaffRow {
        staff_no: format!("S-{name}"),
        name: format!("{}{} Berg", name[..1].to_uppercase(), &name[1..]),
        email: format!("{name}@city.example"),
        team: team.iter().map(|t| (*t).to_owned()).collect(),
        manager_email: manager.map(|m| format!("{m}@city.example")),
        grade: "9".to_owned(),
        languages: vec!["nl".to_owned(), "en".to_owned()],
        working_pattern: "Mon-Fri".to_owned(),
    }
}

/// The staff file of the city.
pub fn staff() -> Vec<StaffRow> {
    STAFF.iter().map(|(name, team, manager)| person(name, team, *manager)).collect()
}

/// A place of a boundary file.
pub fn neighbourhood(name: &str, inside: Option<&str>) -> PlaceRow {
    PlaceRow {
        code: name.to_uppercase(),
        name: name.to_owned(),
        name_local: name.to_owned(),
        parent_code: inside.map(str::to_uppercase),
        shape: "[[[[5.38,52.15],[5.39,52.15],[5.39,52.16],[5.38,52.15]]]]".to_owned(),
        svg: "M0 0L10 0L10 10Z".to_owned(),
    }
}

/// The frame of the city's map: west, south, east, north.
pub const FRAME: &str = "[5.38,52.15,5.39,52.16]";

/// Builds the city.
///
/// # Panics
/// When the store does not take it.
pub async fn city(house: &House) -> City {
    let (store, now) = (&house.store, house.now());
    store.import_people(&Actor::Program, &staff(), now).await.expect("the staff file is taken");
    for level in Level::ALL {
        let rows: Vec<PlaceRow> =
            PLACES.iter().filter(|p| p.0 == *level).map(|(_, name, inside)| neighbourhood(name, *inside)).collect();
        store.import_places(&Actor::Program, FRAME, &[(*level, rows)], now).await.expect("the boundary file is taken");
    }
    let places = store.places(Level::Neighbourhood).await.expect("places are read");
    City { neighbourhoods: places.into_iter().map(|p| (p.name, p.id)).collect() }
}

/// Signs somebody of the city in, by first name. The first time it sets their password; later it remembers them.
///
/// # Panics
/// When there is nobody of that name.
pub async fn sign_in_as(house: &House, name: &str) -> Actor {
    if let Some(known) = house.signed_in.lock().expect("not poisoned").get(name) {
        return known.clone();
    }
    let id = house.id_of(name).await;
    house.store.first_password(id, PASSWORD, house.now()).await.expect("a first password");
    let actor = house.enter(name).await;
    house.signed_in.lock().expect("not poisoned").insert(name.to_owned(), actor.clone());
    actor
}

impl House {
    /// Who somebody is, by first name.
    ///
    /// # Panics
    /// When there is nobody of that name.
    pub async fn id_of(&self, name: &str) -> PersonId {
        let email = Email::parse(&format!("{name}@city.example")).expect("an address");
        self.store.person_by_email(&email).await.expect("works here")
    }

    /// A new session of somebody who has the common password.
    ///
    /// # Panics
    /// When they cannot come in.
    pub async fn enter(&self, name: &str) -> Actor {
        let email = format!("{name}@city.example");
        let attempt = Attempt { email: &email, password: PASSWORD, from: "192.0.2.1", agent: "a test" };
        let token = self.store.sign_in(&attempt, self.now()).await.expect("the password fits");
        self.store.session_actor(&token, self.now()).await.expect("the session opens")
    }

    /// Signs somebody in with roles.
    ///
    /// # Panics
    /// When there is nobody of that name.
    pub async fn with_roles(&self, name: &str, roles: &[Role]) -> Actor {
        sign_in_as(self, name).await;
        self.store
            .set_roles(&Actor::Program, self.id_of(name).await, roles, self.now())
            .await
            .expect("roles are given");
        let actor = self.enter(name).await;
        self.signed_in.lock().expect("not poisoned").insert(name.to_owned(), actor.clone());
        actor
    }
}
