//! One draft for each kind of outing. Texts here are about the kind (what hosts want, how everybody stays safe);
//! texts about the question come from the topics.

use super::{DemoOuting, Ground, Length, Offered, Purpose};
use crate::placements::Stage;
use crate::rng::Rng;
use crate::topics::{ORGANISATIONS, PEERS, UNIVERSITIES, Way};

const WANTS: &[&str] = &[
    "No speeches. Two guests at most speak at a time. Stay until the end.",
    "Come without a badge and without promises you cannot keep.",
    "Help carry the chairs afterwards. Do not ask for surnames.",
    "Listen for the first hour. Then ask whatever you like.",
    "Say in one sentence who you are and what you may decide. Then sit down.",
    "Nothing you note may be used to judge the colleague you go with.",
];
const GETS: &[&str] = &[
    "An answer within thirty days of what came of it, also if it is nothing.",
    "A visit in return: two of you look behind our counter, with lunch.",
    "A voucher of 25 a person and the cost of the room.",
    "The name and number of the one who decides.",
    "Two helping hands for the next market day.",
];
const SAFETY: &[&str] = &[
    "In pairs. The organiser knows where you are and when you are due back; thirty minutes late means a call, sixty the duty officer. If somebody tells you of a danger to a child, ring the number on the card and promise no secrecy.",
    "The host's own rules hold and are read out at the start. You may leave at any moment without giving a reason. A named colleague is there to talk to afterwards.",
    "Warm clothes and flat shoes. The last tram is at 00.40; after that a taxi is paid. One phone in each pair is charged.",
];
const WALK_SAFETY: &str = "Tell one colleague which streets and until when. Turn back whenever you like.";
const AWAY_SAFETY: &str = "Travel and insurance are booked by the city. One call a week with your home team, and a named person for whatever weighs on you.";
const ACCESS: &[(&str, &[&str])] = &[
    ("Step-free from the tram; accessible toilet on the ground floor.", &["step-free", "toilet"]),
    (
        "Forty steps without a handrail on the left. Ask for the way round by the ramp: ten minutes longer.",
        &["seating"],
    ),
    ("Second floor, no lift. The host can also meet in the courtyard.", &["hearing", "seating"]),
    ("Level way, much standing. A folding chair can be brought along.", &["step-free", "seating"]),
    ("Loud machines; hearing loop not possible. Written notes are passed round.", &["step-free", "remote"]),
    ("Level way, gravel for the last fifty metres.", &["step-free", "no-overnight"]),
];
const MEET: &[&str] = &[
    "At the tram stop, under the clock",
    "By the side door, ring twice",
    "In front of the bakery",
    "At the drinking fountain",
    "On the steps of the library",
    "By the blue gate",
    "At the kiosk on the corner",
];
const THEMES: &[(&str, &str)] = &[
    (
        "Whoever is at home at eleven",
        "Walk where you have no errand, at an hour at which you are usually at your desk.",
    ),
    ("Along our own signs", "Read every sign of ours on one street, aloud. Which one would you obey?"),
    ("Two hours on one bench", "Choose a bench. Stay. Say hello first."),
    ("Follow the line you plan", "Go along the line of a plan that lies on your desk, from end to end, on foot."),
    ("The way to our door", "Come to your own office as somebody who has never been here would."),
    ("After the rain", "Go out when it has just rained. Look down."),
];

/// The first outing of a topic, long enough ago that something came of it.
pub(super) fn first(ground: &Ground<'_>, topic: usize, rng: &mut Rng) -> Offered {
    let day = -rng.between(215, 330);
    let mut first = beside(ground, topic, 0, day, Purpose::First, rng);
    first.outing.told_back = Some((day + 35, ground.topics[topic].differences[0].told.to_owned()));
    first
}

/// The storyline person: just back from one visit, packed for the next, waiting for a yes to a third.
pub(super) fn story(ground: &Ground<'_>, rng: &mut Rng) -> Vec<Offered> {
    vec![
        visit(ground, 0, 0, -2, Purpose::Story(Stage::Debriefing), rng),
        beside(ground, 0, 1, 6, Purpose::Story(Stage::Preparing), rng),
        visit(ground, 1, 1, 27, Purpose::Story(Stage::Offered), rng),
        visit(ground, 12, 0, 48, Purpose::Story(Stage::Wished), rng),
    ]
}

/// One of many, on about that day.
pub(super) fn ordinary(ground: &Ground<'_>, day: i32, rng: &mut Rng) -> Offered {
    let topic = ground.topic_for(day, rng);
    let ways = (ground.topics[topic].shadow.len(), ground.topics[topic].visit.len());
    match rng.weighted(&[30, 27, 17, 8, 6, 7, 3, 2]) {
        0 => beside(ground, topic, rng.below(ways.0), day, Purpose::Ordinary, rng),
        1 if rng.percent(50) => invited(ground, topic, day, rng),
        1 => visit(ground, topic, rng.below(ways.1), day, Purpose::Ordinary, rng),
        2 => free_range(ground, day, rng),
        3 => immersion(ground, topic, day, rng),
        4 => university(ground, topic, day, rng),
        5 => learning(ground, topic, day, rng),
        6 => secondment(ground, topic, day, rng),
        _ => ring(ground, topic, day, rng),
    }
}

fn blank(ground: &Ground<'_>, kind: &'static str, topic: Option<usize>, day: i32, rng: &mut Rng) -> DemoOuting {
    let home = topic.and_then(|t| ground.challenges[t].place);
    // Two in five go elsewhere than the neighbourhood the question is about: the same few are visited often enough.
    let neighbourhood = match home {
        Some(place) if rng.percent(60) => place,
        _ => same_quarter(ground, topic, rng),
    };
    let (access_notes, access) = *rng.pick(ACCESS);
    let owner = topic.map_or(ground.challenges[0].owner, |t| ground.challenges[t].owner);
    DemoOuting {
        kind,
        title: String::new(),
        description: String::new(),
        challenge: topic,
        neighbourhood,
        organiser: owner,
        meeting_point: format!("{}, {}", rng.pick(MEET), ground.neighbourhoods[neighbourhood].name),
        host_name: String::new(),
        group: None,
        host_wants: (*rng.pick(WANTS)).to_owned(),
        host_gets: (*rng.pick(GETS)).to_owned(),
        safety_plan: (*rng.pick(SAFETY)).to_owned(),
        language: ["nl", "ko", "en", "es", "ar", "tr"][rng.weighted(&[34, 30, 14, 10, 6, 6])],
        access_notes: access_notes.to_owned(),
        access,
        day,
        start_minute: 540,
        length: Length::Minutes(180),
        seats: 2,
        photos: ["none", "ask", "yes"][rng.weighted(&[78, 19, 3])],
        publicity: ["none", "after", "open"][rng.weighted(&[70, 24, 6])],
        told_back: None,
    }
}

fn same_quarter(ground: &Ground<'_>, topic: Option<usize>, rng: &mut Rng) -> usize {
    topic
        .and_then(|t| ground.topics[t].quarter)
        .filter(|_| rng.percent(75))
        .and_then(|quarter| crate::challenges::somewhere(quarter, ground.neighbourhoods, rng))
        .unwrap_or_else(|| rng.below(ground.neighbourhoods.len()))
}

fn describe(outing: &mut DemoOuting, way: &Way) {
    way.title.clone_into(&mut outing.title);
    way.about.clone_into(&mut outing.description);
    way.host.clone_into(&mut outing.host_name);
    outing.start_minute = way.start;
}

fn offered(mut outing: DemoOuting, topic: Option<usize>, here: bool, purpose: Purpose, rng: &mut Rng) -> Offered {
    let back = outing.last_day() + rng.between(9, 29);
    if outing.last_day() < 0 && back < 0 && rng.percent(74) {
        outing.told_back = Some((back, (*rng.pick(TOLD)).to_owned()));
    }
    Offered { outing, topic, here, purpose }
}

const TOLD: &[&str] = &[
    "We came as two and wrote down what you allowed us to. It lies with the colleague who decides; she reads it before the decision. We write again on that day.",
    "Nothing has changed yet, and the reason is money that was already given out. The question stays open and what you told us stays with it.",
    "One thing has changed already, the other will not: the law leaves us no choice there, and we say so rather than go quiet.",
    "Three of your five points were ours to settle and are settled. Two belong to the railway; we have passed them on and tell you here to whom.",
    "You asked for nothing, so this is only thanks, and a telephone number where a person answers.",
    "Bedankt voor de koffie en voor het eerlijke gesprek. [Thank you for the coffee and the honest talk.] The form you showed us is being rewritten; you get it to read first.",
];

fn beside(ground: &Ground<'_>, topic: usize, way: usize, day: i32, purpose: Purpose, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "shadowing", Some(topic), day, rng);
    let ways = ground.topics[topic].shadow;
    describe(&mut outing, &ways[way % ways.len()]);
    "Not an inspection: nothing you note may be used to judge the colleague you go with. Do as they do, ask when it is quiet."
        .clone_into(&mut outing.host_wants);
    outing.length =
        if rng.percent(25) { Length::Days(rng.between(2, 4)) } else { Length::Minutes(60 * rng.between(4, 8)) };
    if purpose != Purpose::Ordinary {
        outing.length = Length::Minutes(300);
    }
    outing.seats = 1 + rng.below(2);
    offered(outing, Some(topic), true, purpose, rng)
}

fn visit(ground: &Ground<'_>, topic: usize, way: usize, day: i32, purpose: Purpose, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "community-visit", Some(topic), day, rng);
    let ways = ground.topics[topic].visit;
    let chosen = way % ways.len();
    describe(&mut outing, &ways[chosen]);
    let before: usize = ground.topics[..topic].iter().map(|t| t.visit.len()).sum();
    outing.group = Some(before + chosen);
    outing.neighbourhood = ground.groups[before + chosen].neighbourhood;
    outing.meeting_point = format!("{}, {}", rng.pick(MEET), ground.neighbourhoods[outing.neighbourhood].name);
    outing.length = Length::Minutes(30 * rng.between(4, 6));
    outing.seats = 2 + rng.below(3);
    offered(outing, Some(topic), true, purpose, rng)
}

/// A visit to a group that has nothing to do with the topic but an opinion on it.
fn invited(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut visit = visit(ground, topic, 0, day, Purpose::Ordinary, rng);
    let of_topics: usize = ground.topics.iter().map(|t| t.visit.len()).sum();
    let at = of_topics + rng.below(ground.groups.len() - of_topics);
    let group = &ground.groups[at];
    let outing = &mut visit.outing;
    outing.group = Some(at);
    outing.host_name.clone_from(&group.name);
    outing.title = format!("Invited by {}", group.name);
    outing.description = format!(
        "They chose the day, the room and the number of guests. The question between you: {}",
        ground.topics[topic].question
    );
    outing.neighbourhood = group.neighbourhood;
    outing.meeting_point = format!("{}, {}", rng.pick(MEET), ground.neighbourhoods[group.neighbourhood].name);
    outing.start_minute = *rng.pick(&[570, 840, 960, 1_110, 1_170]);
    visit
}

fn free_range(ground: &Ground<'_>, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "free-range-day", None, day, rng);
    let (title, about) = *rng.pick(THEMES);
    outing.title = format!("{title}: {}", ground.neighbourhoods[outing.neighbourhood].name);
    about.clone_into(&mut outing.description);
    outing.host_wants.clear();
    outing.host_gets.clear();
    WALK_SAFETY.clone_into(&mut outing.safety_plan);
    outing.length = Length::Minutes(240);
    outing.start_minute = *rng.pick(&[480, 540, 780]);
    outing.seats = 6 + rng.below(8);
    outing.photos = "none";
    offered(outing, None, true, Purpose::Ordinary, rng)
}

fn immersion(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "immersion", Some(topic), day, rng);
    let nights = *rng.pick(&[3, 3, 4, 4, 6, 29]);
    let place = &ground.neighbourhoods[outing.neighbourhood].name;
    outing.title = format!("{nights} nights in {place}");
    outing.description = format!(
        "Live in {place} for {nights} nights, two to a household, and go to your usual work from there. The residents' \
         body found the households and reads the debrief before anybody else. What it is for: {}",
        ground.topics[topic].question
    );
    outing.host_name = format!("{place} Residents' Council");
    "Live as we live. Pay for your food. No visitors from the town hall, no camera, and you do the washing up."
        .clone_into(&mut outing.host_wants);
    "60 a night for each household, and the first reading of the report.".clone_into(&mut outing.host_gets);
    outing.start_minute = 1_020;
    outing.length = Length::Days(nights + 1);
    outing.seats = *rng.pick(&[2, 4, 4, 6, 8]);
    if nights == 29 {
        outing.seats = 1;
    }
    outing.photos = "none";
    offered(outing, Some(topic), true, Purpose::Ordinary, rng)
}

fn university(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "university-project", Some(topic), day, rng);
    let (name, what) = *rng.pick(UNIVERSITIES);
    outing.title = format!("Studio: {}", ground.topics[topic].title);
    outing.description = format!(
        "{what}. Students work on the question: {} The report has an owner here, and residents who take part are paid.",
        ground.topics[topic].question
    );
    outing.description = crate::words::capital(&outing.description);
    name.clone_into(&mut outing.host_name);
    "Two hours a week of somebody who knows, and an honest answer at the end.".clone_into(&mut outing.host_wants);
    "A real question, the data that may be shared, and a seat at the decision.".clone_into(&mut outing.host_gets);
    outing.length = Length::Days(*rng.pick(&[56, 84, 98]));
    outing.start_minute = 600;
    outing.seats = 2 + rng.below(3);
    outing.language = "en";
    offered(outing, Some(topic), false, Purpose::Ordinary, rng)
}

fn learning(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "learning-visit", Some(topic), day, rng);
    let (city, known) = *rng.pick(PEERS);
    outing.title = format!("{city}: {}", ground.topics[topic].title);
    outing.description = format!(
        "{city} is known for {known}. One who decides, one who delivers, one who pays and one who doubts travel together. \
         Bring what we tried and what failed."
    );
    outing.host_name = format!("City of {city}");
    "Tell us what you see that we no longer see. Come with a question, not with a delegation."
        .clone_into(&mut outing.host_wants);
    "Four days of our people when you ask for them.".clone_into(&mut outing.host_gets);
    away(&mut outing, *rng.pick(&[2, 3, 3, 4, 5]), 3 + rng.below(3));
    offered(outing, Some(topic), false, Purpose::Ordinary, rng)
}

fn secondment(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "secondment", Some(topic), day, rng);
    let (host, post) = *rng.pick(ORGANISATIONS);
    outing.title = format!("Seconded to {host}");
    outing.description = format!(
        "The post: {post}. It serves the question: {} Post and grade at home are kept; the day of return and the talk \
         about it stand in the agreement.",
        ground.topics[topic].question
    );
    host.clone_into(&mut outing.host_name);
    away(&mut outing, *rng.pick(&[60, 90, 120, 180]), 1);
    offered(outing, Some(topic), false, Purpose::Ordinary, rng)
}

fn ring(ground: &Ground<'_>, topic: usize, day: i32, rng: &mut Rng) -> Offered {
    let mut outing = blank(ground, "exchange-ring", Some(topic), day, rng);
    let start = rng.below(PEERS.len());
    let (next, last) = (PEERS[start].0, PEERS[(start + 1) % PEERS.len()].0);
    outing.title = format!("Ring of three: Haneul-Maren, {next}, {last}");
    outing.description = format!(
        "One of ours works in {next}, one of theirs in {last}, one of {last}'s here. Same two weeks for all; if one leg \
         falls, we say what is left. The question that goes along: {}",
        ground.topics[topic].question
    );
    outing.host_name = format!("City of {next}");
    away(&mut outing, 12, 1);
    offered(outing, Some(topic), false, Purpose::Ordinary, rng)
}

fn away(outing: &mut DemoOuting, days: i32, seats: usize) {
    outing.length = Length::Days(days);
    outing.seats = seats;
    outing.start_minute = 540;
    outing.language = "en";
    "Main station, platform 3, under the clock".clone_into(&mut outing.meeting_point);
    AWAY_SAFETY.clone_into(&mut outing.safety_plan);
    "Travel for two companions or carers is paid; say what you need.".clone_into(&mut outing.access_notes);
    outing.access = &["step-free", "toilet", "seating"];
}
