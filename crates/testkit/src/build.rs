//! Builders: everything the loop knows with sensible defaults; a test changes the fields it is about, as in
//! `Offer { seats: 1, ..outing(Kind::CommunityVisit, at) }`.

use std::collections::BTreeMap;

use freerange_domain::{
    challenge::Ask,
    change,
    consent::Uses,
    id::{ConsentId, NoteId},
    note,
    outing::{Guests, Kind, Photos, Publicity, Span},
    text::{Line, Prose, Reason},
};
use freerange_store::{
    change::{Commitment, Trial},
    invitation::Invite,
    note::{Draft, Picture},
    outing::Offer,
    practice::Telling,
};
use jiff::{Timestamp, ToSpan as _, civil::Date};

/// A line.
///
/// # Panics
/// When it is none.
pub fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

/// A longer text.
///
/// # Panics
/// When it is none.
pub fn prose(text: &str) -> Prose {
    Prose::parse(text).expect("prose")
}

/// Why.
///
/// # Panics
/// When it says too little.
pub fn reason(text: &str) -> Reason {
    Reason::parse(text).expect("a reason")
}

/// Answers by key.
pub fn answers(given: &[(&str, &str)]) -> BTreeMap<String, String> {
    given.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

/// A challenge whose decision is half a year after the start of a story.
pub fn challenge(title: &str) -> Ask {
    Ask {
        title: line(title),
        question: prose("What do we not know about it?"),
        why: prose("Those who live there pay for it."),
        decision: line("The plan of next year"),
        decision_on: Date::constant(2027, 9, 1),
    }
}

/// Four hours of an outing, with three seats, without a challenge.
///
/// # Panics
/// Never for moments of our time.
pub fn outing(kind: Kind, starts: Timestamp) -> Offer {
    Offer {
        kind,
        title: line("Morning at the mill"),
        description: prose("Coffee, a walk along the dyke, and listening."),
        challenge: None,
        invitation: None,
        place: None,
        meeting_point: "The bridge".to_owned(),
        host_name: "Friends of the mill".to_owned(),
        host_wants: String::new(),
        host_gets: String::new(),
        safety_plan: String::new(),
        access_notes: String::new(),
        access: vec![freerange_domain::outing::Access::StepFree],
        language: "nl".to_owned(),
        span: Span::new(kind, starts, starts + 4.hours()).expect("four hours fit every kind"),
        seats: 3,
        photos: Photos::Ask,
        notes_allowed: true,
        publicity: Publicity::None,
        guests: Guests::Anyone,
        parties: Vec::new(),
    }
}

/// What residents write when they invite the city.
pub fn invite(topic: &str, wished_at: Timestamp) -> Invite {
    Invite {
        group_name: line("Friends of the mill"),
        contact_name: line("Noor de Wit"),
        contact_email: "noor@mill.example".to_owned(),
        contact_phone: String::new(),
        topic: line(topic),
        message: prose("Come and see for yourselves."),
        place: None,
        meeting_point: "The bridge".to_owned(),
        wished_at,
        people: 2,
        language: "nl".to_owned(),
        notes_allowed: true,
        photos: Photos::Ask,
        publicity: Publicity::None,
        host_wants: String::new(),
        host_gets: String::new(),
        access_notes: String::new(),
        step_free: true,
        guests: Guests::Anyone,
        received_via: "page",
    }
}

/// The choices on a card that somebody ticked, of `use`, `quote`, `picture` and `contact`.
///
/// # Panics
/// When there is no such choice.
pub fn uses(ticked: &str) -> Uses {
    let mut uses = Uses::default();
    for choice in ticked.split_whitespace() {
        match choice {
            "use" => uses.use_it = true,
            "quote" => uses.quote = true,
            "picture" => uses.picture = true,
            "contact" => uses.contact = true,
            other => panic!("the card has no {other}"),
        }
    }
    uses
}

/// Something seen.
pub fn draft(seen: &str, happened_at: Timestamp) -> Draft {
    Draft {
        id: NoteId::new(),
        kind: note::Kind::Saw,
        seen: prose(seen),
        meaning: String::new(),
        place: None,
        point: None,
        consent: None,
        picture: None,
        happened_at,
    }
}

/// Something said, resting on a consent or on none.
pub fn said(words: &str, consent: Option<ConsentId>, happened_at: Timestamp) -> Draft {
    Draft { kind: note::Kind::Said, consent, ..draft(words, happened_at) }
}

/// A picture, as the house keeps them.
pub fn picture(description: &str) -> Picture {
    Picture {
        mime: "image/jpeg",
        width: 4,
        height: 3,
        description: description.to_owned(),
        bytes: vec![0xff, 0xd8, 0xff, 0xe0, 1, 2, 3],
    }
}

/// A change without evidence.
pub fn commitment(kind: change::Kind, title: &str, committed_on: Date) -> Commitment {
    Commitment {
        challenge: None,
        placement: None,
        kind,
        title: line(title),
        what: prose("It is done in another way."),
        when_x: line("a letter comes"),
        will_y: line("I ring first"),
        makes_room: String::new(),
        hours_freed: 0,
        committed_on,
        test: None,
        evidence: Vec::new(),
        insights: Vec::new(),
    }
}

/// The card of a test that ends on a day.
pub fn trial(ends_on: Date) -> Trial {
    Trial {
        belief: prose("People come when it is open."),
        smallest_test: prose("One evening a week, in one street."),
        baseline: prose("The street beside it, as it is."),
        change_mind: prose("Fewer than ten come."),
        cost: prose("Four evenings of two colleagues."),
        could_harm: prose("Whoever cannot come in the evening."),
        who_asked: prose("The residents' group."),
        sureness: change::experiment::Sureness::Hunch,
        learn_next: Some(line("Whether parents come as well")),
        ends_on,
    }
}

/// A practice, told.
pub fn telling(title: &str) -> Telling {
    Telling {
        change: None,
        title: line(title),
        problem: prose("Letters nobody understood."),
        what: prose("We ring first."),
        how: prose("Two colleagues, one morning a week."),
        needed: prose("A telephone."),
        result: prose("Half as many complaints."),
        careful: prose("Not everybody has a telephone."),
        language: "en".to_owned(),
        origin: None,
        quotes: Vec::new(),
    }
}
