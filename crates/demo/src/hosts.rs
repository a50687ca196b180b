//! Groups of residents and other hosts, and the invitations they send: by page, on paper, by phone. No group is real.

use crate::challenges::{DemoChallenge, somewhere};
use crate::map::DemoNeighbourhood;
use crate::names;
use crate::outings::DemoOuting;
use crate::rng::Rng;
use crate::topics::Topic;

/// A group that receives public servants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoGroup {
    /// What it is called.
    pub name: String,
    /// Who speaks for it.
    pub contact: String,
    /// Where to write to.
    pub email: String,
    /// The neighbourhood it is at home in: index.
    pub neighbourhood: usize,
}

/// What became of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationStatus {
    /// Nobody has answered yet.
    Received,
    /// Somebody will come.
    Accepted,
    /// Nobody will, and the group was told why.
    Declined {
        /// Why.
        why: String,
    },
}

/// How an invitation reached the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The public page.
    Page,
    /// A paper form that a clerk typed in.
    Paper,
    /// A call that a clerk took down.
    Phone,
}

/// An invitation by residents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoInvitation {
    /// Who invites: index into the groups.
    pub group: usize,
    /// What about.
    pub topic: String,
    /// The day they would like, counted from today.
    pub wished_day: i32,
    /// How many guests.
    pub people: usize,
    /// What they write.
    pub message: String,
    /// What became of it.
    pub status: InvitationStatus,
    /// How it came.
    pub via: Via,
    /// The day it came in, counted from today; never after today.
    pub received_day: i32,
    /// The visit it became, index into the outings: `Some` exactly when accepted.
    pub outing: Option<usize>,
    /// What they want of guests.
    pub wants: String,
    /// What they get out of it.
    pub gets: String,
    /// Which guests are welcome: `anyone`, `decide` or `do`.
    pub guests: &'static str,
}

const KINDS: &[&str] = &[
    "Residents' Table",
    "Allotment Holders",
    "Football Mothers",
    "Repair Café",
    "Seniors' Walk",
    "Choir",
    "Stairwell Group",
    "Parents' Breakfast",
    "Shopkeepers",
    "Reading Room",
    "Youth Council",
    "Mosque Kitchen",
    "Parish Lunch",
    "Tenants' Circle",
    "Harbour Swimmers",
    "Knitting Circle",
];

/// First the groups that the topics speak of, in their order; then one for every second neighbourhood.
pub(crate) fn groups(
    topics: &[&Topic],
    challenges: &[DemoChallenge],
    neighbourhoods: &[DemoNeighbourhood],
    seed: u64,
) -> Vec<DemoGroup> {
    let mut rng = Rng::for_room(seed, "groups");
    let mut groups: Vec<DemoGroup> = Vec::new();
    for (topic, challenge) in topics.iter().zip(challenges) {
        for way in topic.visit {
            let place = challenge.place.or_else(|| topic.quarter.and_then(|q| somewhere(q, neighbourhoods, &mut rng)));
            let place = place.unwrap_or_else(|| rng.below(neighbourhoods.len()));
            groups.push(group(way.host.to_owned(), place, groups.len(), &mut rng));
        }
    }
    for place in (0..neighbourhoods.len()).step_by(2).take(180) {
        let name = format!("{} {}", neighbourhoods[place].name, rng.pick(KINDS));
        groups.push(group(name, place, groups.len(), &mut rng));
    }
    groups
}

fn group(name: String, neighbourhood: usize, number: usize, rng: &mut Rng) -> DemoGroup {
    let contact = names::person(rng);
    DemoGroup {
        name,
        contact: contact.written,
        email: format!("{}{number}@{}.example", contact.address, rng.pick(&["post", "kanal", "brief", "correo"])),
        neighbourhood,
    }
}

/// Topic and message.
const INVITATIONS: &[(&str, &str)] = &[
    (
        "The playground after rain",
        "Come when it has rained. Wear old shoes. Two of you, please, and somebody who may order gravel.",
    ),
    (
        "Our stair is not a short cut",
        "Delivery riders come through at forty. Sit with us on the steps from six to eight; we bring soup.",
    ),
    (
        "The bus that does not wait",
        "The 22 leaves one minute before the ferry comes in. Stand there with us for three ferries.",
    ),
    (
        "What happened after last year's visit?",
        "Four of you came last spring and wrote a lot. We would like to hear what became of it before we say more.",
    ),
    (
        "The letter about the trees",
        "Nobody here understood the letter. Please come and read it to us, and bring the person who wrote it.",
    ),
    ("Waste on Thursdays", "We have sorted this out ourselves and want to show you how, before somebody changes it."),
    (
        "The clinic's opening hours",
        "We are cleaners. We work when it opens and sleep when it closes. Come at six in the morning.",
    ),
    ("Shade for the chess players", "Twelve old men, one tree. We do not need a project. We need one more tree."),
    (
        "Writing the word 'we'",
        "Our youth group wrote a plan for the square. Please send somebody who listens for an hour before speaking.",
    ),
    (
        "The ramp at the library",
        "One of us cannot get in to the reading hour about access. You see the joke. Come and see the ramp.",
    ),
    ("A Sunday without anything", "Come on a Sunday, not on a weekday. You will see what we mean."),
    (
        "우리 골목의 겨울 [Winter in our alley]",
        "얼음 얼면 할머니들이 못 나오십니다. 와서 같이 걸어 보세요. [When it freezes the grandmothers cannot get out. Come and walk with us.]",
    ),
    (
        "La guardería que cerró [The nursery that closed]",
        "No queremos quejarnos. Queremos contar cómo nos arreglamos. [We do not want to complain. We want to tell how we manage.]",
    ),
    (
        "De brug die te vroeg opengaat [The bridge that opens too early]",
        "Kom om tien voor acht, dan ziet u het. [Come at ten to eight and you will see.]",
    ),
];

const DECLINED: &[&str] = &[
    "Three departments have been to see you since January. We would be the fourth; your own committee asked for a pause until May.",
    "The decision about this was taken last week. It would not be honest to come and listen now. We will write to you what was decided.",
    "The land belongs to the railway, and nobody of ours may decide about it. We have passed your letter on to a person there, with name and number.",
    "Nobody who speaks your language is free on that evening. We ask you for another date and will bring an interpreter.",
];

/// Which guests a group welcomes.
const GUESTS: &[&str] = &["anyone", "anyone", "decide", "do"];

/// What a group writes whose invitation became a visit.
const COME: &[&str] = &[
    "Come and see for yourselves. We set the table, you bring your question.",
    "We have said it in three letters. Perhaps it is easier to show it to you.",
    "You will hear things you do not like, and there will be cake.",
    "Two hours are enough if you leave your presentation at home.",
    "Come when it is busy, not when it is tidy.",
];

/// What a group wants of its guests, and what it gets.
const BOTH_SIDES: &[(&str, &str)] = &[
    ("Sit down first, ask later. Nobody takes the chair at the window.", "An answer to last year's letter."),
    ("Shoes off, phones away, stay for the soup.", "Somebody who reads the form with us."),
    ("Do not promise anything you cannot keep.", "A return visit to your office, for six of us."),
    ("", "That we hear what became of it."),
];

/// Invitations of the last months and for the next. Each community visit was invited to; what waits for an answer or was
/// declined became none.
pub(crate) fn invitations(
    people: usize,
    groups: &[DemoGroup],
    outings: &[&DemoOuting],
    seed: u64,
) -> Vec<DemoInvitation> {
    let mut rng = Rng::for_room(seed, "invitations");
    let mut all: Vec<DemoInvitation> = Vec::new();
    for (at, o) in outings.iter().enumerate() {
        if let ("community-visit", Some(group)) = (o.kind, o.group) {
            all.push(DemoInvitation {
                group,
                topic: if o.title.starts_with("Invited by") {
                    "Come and sit with us".to_owned()
                } else {
                    o.title.clone()
                },
                wished_day: o.day,
                people: o.seats,
                message: (*rng.pick(COME)).to_owned(),
                status: InvitationStatus::Accepted,
                via: [Via::Page, Via::Paper, Via::Phone][rng.weighted(&[5, 2, 3])],
                // Accepted the month before, at the latest yesterday.
                received_day: (o.day - rng.between(32, 45)).min(-rng.between(3, 12)),
                outing: Some(at),
                wants: o.host_wants.clone(),
                gets: o.host_gets.clone(),
                guests: GUESTS[rng.below(GUESTS.len())],
            });
        }
    }
    all.extend(unfulfilled(people, groups, &mut rng));
    all
}

/// Those that wait for an answer, and those that were declined.
fn unfulfilled(people: usize, groups: &[DemoGroup], rng: &mut Rng) -> Vec<DemoInvitation> {
    let wanted = (people / 80).clamp(14, 300) / 2;
    (0..wanted)
        .map(|n| {
            let (topic, message) = INVITATIONS[n % INVITATIONS.len()];
            let received_day = if n < 5 { -rng.between(0, 3) } else { -rng.between(1, 150) };
            let status = match (received_day > -4, rng.below(100)) {
                (true, _) | (false, 0..=19) => InvitationStatus::Received,
                _ => InvitationStatus::Declined { why: (*rng.pick(DECLINED)).to_owned() },
            };
            let (wants, gets) = *rng.pick(BOTH_SIDES);
            DemoInvitation {
                group: rng.below(groups.len()),
                topic: topic.to_owned(),
                wished_day: received_day + rng.between(10, 45),
                people: 1 + rng.below(4),
                message: message.to_owned(),
                status,
                via: [Via::Page, Via::Paper, Via::Phone][rng.weighted(&[5, 2, 3])],
                received_day,
                outing: None,
                wants: wants.to_owned(),
                gets: gets.to_owned(),
                guests: GUESTS[rng.below(GUESTS.len())],
            }
        })
        .collect()
}
