//! The group that speaks for the neighbourhood of the house.

use freerange_domain::place::Level;
use freerange_store::{Actor, Store};

use super::{line, now};

/// A group that speaks for the neighbourhood: the place, its id and its code.
pub(super) async fn community(store: &Store, clerk: &Actor) -> [String; 3] {
    let place = store.places(Level::Neighbourhood).await.expect("there")[0].id;
    let group = freerange_store::community::Group {
        place,
        name: line("Residents' council"),
        contact_name: line("Noor"),
        contact_email: None,
        language: "en".into(),
    };
    let code = store.enter_community(clerk, &group, now()).await.expect("entered");
    let Actor::Neighbours(id) = store.neighbours(&code, "127.0.0.1", now()).await.expect("known") else {
        panic!("a group")
    };
    [place.to_string(), id.to_string(), code.grouped()]
}
