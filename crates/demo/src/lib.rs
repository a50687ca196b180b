//! A generated city to show Freerange with: map, staff, challenges, outings, notes, changes, practices. Pure content:
//! no identifiers, no SQL, no clock. Days are counted from today (negative is past), times are minutes after midnight.
//! Promises that the same number of people and the same seed give the same city on every machine.

mod challenges;
mod changes;
mod hosts;
mod map;
mod names;
mod notes;
mod outings;
mod people;
mod placements;
mod reflections;
mod rng;
mod topics;
mod words;

pub use challenges::{ChallengeStatus, DemoChallenge};
pub use changes::{
    Answer, BASELINE, COST, COULD_HARM, ChangeKind, ChangeStatus, DemoChange, DemoFollowUp, DemoPractice, DemoTrial,
    LEARN_NEXT, ToldBack, WHO_ASKED,
};
pub use hosts::{DemoGroup, DemoInvitation, InvitationStatus, Via};
pub use map::{DemoDistrict, DemoNeighbourhood, PlacesGeojson, Quarter};
pub use notes::{DemoNote, NoteKind};
pub use outings::{DemoOuting, Length};
pub use people::{DemoPerson, Roles};
pub use placements::{DemoEnding, DemoPlacement, EndingKind, Moment, Stage};
pub use reflections::DemoReflection;

/// A whole invented city. Every index points into the list it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// What it is called. No real city is meant.
    pub name: String,
    /// The part of its e-mail addresses behind the `@`.
    pub mail_domain: String,
    /// The map as files to import.
    pub places_geojson: PlacesGeojson,
    /// The districts of the map, in the order of the file.
    pub districts: Vec<DemoDistrict>,
    /// The neighbourhoods of the map, in the order of the file.
    pub neighbourhoods: Vec<DemoNeighbourhood>,
    /// The staff.
    pub people: Vec<DemoPerson>,
    /// Who plays which part.
    pub roles: Roles,
    /// The questions.
    pub challenges: Vec<DemoChallenge>,
    /// Groups of residents and other hosts.
    pub groups: Vec<DemoGroup>,
    /// The offers to go.
    pub outings: Vec<DemoOuting>,
    /// Who goes, and how far it came.
    pub placements: Vec<DemoPlacement>,
    /// What was seen and heard.
    pub notes: Vec<DemoNote>,
    /// Debrief answers.
    pub reflections: Vec<DemoReflection>,
    /// What is different since.
    pub changes: Vec<DemoChange>,
    /// What others may copy.
    pub practices: Vec<DemoPractice>,
    /// Invitations from residents.
    pub invitations: Vec<DemoInvitation>,
}

impl City {
    /// The staff as the file that the people import reads, with a header line:
    /// `id,name,email,team,manager_email,grade,languages,working_pattern`. The steps of a team are parted by ` / `,
    /// languages by `;`.
    pub fn people_csv(&self) -> String {
        people::csv(&self.people)
    }
}

/// Makes a city with so many staff (at least 60). The same arguments give the same city, on every machine.
pub fn city(people: usize, seed: u64) -> City {
    let drawn = map::draw(people, seed);
    let district_names: Vec<String> = drawn.districts.iter().map(|d| d.name.clone()).collect();
    let staff = people::hire(people, &district_names, seed);
    let topics = topics::all();
    let challenges = challenges::pose(&topics, &staff, &drawn.neighbourhoods, seed);
    let groups = hosts::groups(&topics, &challenges, &drawn.neighbourhoods, seed);
    let offered = outings::offer(people, &topics, &challenges, &groups, &drawn.neighbourhoods, seed);
    let placements = placements::place(&offered, &topics, &staff, seed);
    let notes = notes::write(&offered, &placements, &topics, &drawn.neighbourhoods, seed);
    let reflections = reflections::write(&offered, &placements, seed);
    let (changes, practices) = changes::make(
        &changes::Ground {
            offered: &offered,
            placements: &placements,
            notes: &notes,
            topics: &topics,
            challenges: &challenges,
            staff: &staff,
        },
        seed,
    );
    let all: Vec<&DemoOuting> = offered.iter().map(|o| &o.outing).collect();
    let invitations = hosts::invitations(people, &groups, &all, seed);
    City {
        name: names::CITY.to_owned(),
        mail_domain: names::DOMAIN.to_owned(),
        places_geojson: drawn.geojson,
        districts: drawn.districts,
        neighbourhoods: drawn.neighbourhoods,
        people: staff.people,
        roles: staff.roles,
        challenges,
        groups,
        outings: offered.into_iter().map(|o| o.outing).collect(),
        placements,
        notes,
        reflections,
        changes,
        practices,
        invitations,
    }
}

#[cfg(test)]
mod tests;
