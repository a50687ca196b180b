//! What is seen on a day without a question: free-range days, immersions, visits elsewhere, secondments and rings.

use super::Difference;
use crate::changes::ChangeKind::{Adapt, Start, Stop};

/// Sentences that fit any outing in the city.
#[derive(Debug)]
pub(crate) struct General {
    pub(crate) saw: &'static [&'static str],
    pub(crate) said: &'static [&'static str],
    pub(crate) wonder: &'static [&'static str],
    pub(crate) meaning: &'static [&'static str],
    pub(crate) learn: &'static [&'static str],
    pub(crate) elsewhere_saw: &'static [&'static str],
    pub(crate) elsewhere_meaning: &'static [&'static str],
}

/// The pool.
pub(crate) const GENERAL: General = General {
    saw: &[
        "Three of our signs on one pole in {street}, each from another department. The oldest one is still right.",
        "The new bench in {place} faces the wall. People sit on the steps across from it, facing each other.",
        "{Who} asked me whether I was from the newspaper. When I said 'the city', the next question was whether I was lost.",
        "The bin by the school is full by {time}; the one by the bank has been empty all week.",
        "In {place} the bakery window has more of our notices than our own board.",
        "A lift out of order with a note of {n} weeks ago. Beneath it, in another hand: 'still'.",
        "{Who} carried a pushchair down forty steps. {N} people helped without a word, as if it were a timetable.",
        "Fruit on a wall in {street} with a card: take some. It was gone by {time}.",
    ],
    said: &[
        "\"You are the first one from there who came without a paper.\"",
        "\"Kom je nog eens terug?\" [Will you come back some time?]",
        "\"말해도 안 바뀌니까 말 안 해요.\" [It does not change if we say it, so we don't say it.]",
        "\"Aquí siempre pasan coches del ayuntamiento. Pasan.\" [The city's cars always pass here. They pass.]",
        "\"I don't need anything. But ask my neighbour about the gate.\"",
        "\"If you write that down, write that it is nice here, too.\"",
    ],
    wonder: &[
        "Who is at home in {place} at eleven on a {weekday}, and whom do I never meet because of my hours?",
        "Would I have noticed this from the car?",
        "Which of our departments knows the woman at the kiosk? I would guess all of them, each alone.",
        "Whom did I not talk to because they did not look as if they had time?",
    ],
    meaning: &[
        "People were kinder to me than our letters are to them.",
        "I had come to see a problem and saw how they had solved it without us.",
        "I walked along the main street again. The back lane would have told me more.",
        "Nothing to report is not the same as nothing there.",
    ],
    learn: &[
        "What the quarter I decide about looks like on an ordinary Tuesday.",
        "To listen for an hour without explaining anything.",
        "Whom I never meet because of where and when I work.",
        "What people do themselves before they turn to us.",
        "How colleagues who serve people directly work around our rules.",
    ],
    elsewhere_saw: &[
        "Their weekly meeting is held standing, in the street it is about, and ends when it rains.",
        "Their form has one page. The other three were moved into the office, where they belong.",
        "The director answers the telephone line one morning a month. It is in her contract.",
        "They have the same quarrel between roads and parks; theirs has a coffee machine in the middle.",
        "Every closed project has a page 'what we would not do again'. It is the page they showed us first.",
        "Front-line staff hold a budget of {n} hundred a month that nobody signs for.",
    ],
    elsewhere_meaning: &[
        "What makes it work is a head of department who has done it for nine years. That does not travel.",
        "We could do half of it tomorrow without asking anybody.",
        "Their law lets them ask less. We would have to change the by-law first, article 12.",
        "Keep: the standing meeting. Adapt: the budget. Leave behind: the app.",
    ],
};

/// What a team changes in its own work after a visit to somebody else's.
pub(crate) const OWN_WORK: &[Difference] = &[
    Difference {
        kind: Stop,
        title: "The same address, asked for once",
        what: "Our form no longer asks for what the registry has.",
        when: "somebody has given us their number",
        will: "look the rest up myself",
        makes_room: "The monthly check of double entries goes.",
        told: "One of the four questions that you counted out to us is gone from our form.",
    },
    Difference {
        kind: Adapt,
        title: "Letters read aloud first",
        what: "Every new letter is read aloud to a colleague from another team before it goes out.",
        when: "I have a new letter ready",
        will: "take it to the next room and read it out",
        makes_room: "The second legal read of unchanged letters is dropped.",
        told: "We read our letters aloud now. The one you laughed about has been rewritten.",
    },
    Difference {
        kind: Start,
        title: "One hour at the front, every month",
        what: "Everybody in the team sits beside a front-line colleague for one hour a month.",
        when: "the first Tuesday comes",
        will: "leave my desk at nine and come back at ten",
        makes_room: "The first Tuesday's meeting is not held.",
        told: "What you showed one of us, all nine of us have seen by now.",
    },
    Difference {
        kind: Stop,
        title: "The report nobody opened",
        what: "The quarterly overview is no longer made; whoever misses it may ring.",
        when: "the quarter ends",
        will: "not open the template, and note who rings",
        makes_room: "Two working days a quarter.",
        told: "You asked who reads it. Nobody did. We use the time to come round.",
    },
    Difference {
        kind: Adapt,
        title: "'That is not us' becomes a name",
        what: "Whoever passes a call on stays on the line until a person answers.",
        when: "a question belongs to somebody else",
        will: "ring them myself and stay until they are talking",
        makes_room: "The list of numbers on the wall comes down.",
        told: "If we are not the right ones we now find them with you on the line.",
    },
    Difference {
        kind: Start,
        title: "Hours that fit a shift",
        what: "We can be reached one evening and one early morning a week.",
        when: "it is Wednesday",
        will: "take the line from six to eight in the evening",
        makes_room: "Friday afternoon, when nobody rings, we close.",
        told: "You work when we are open. Now we are open once when you do not.",
    },
    Difference {
        kind: Adapt,
        title: "A chair on their side",
        what: "New rooms and forms are tried from the other side of the table first.",
        when: "we plan a room or a form",
        will: "sit down where they will sit",
        makes_room: "The presentation to ourselves is left out.",
        told: "The chair you pointed at is gone. Come and sit in the new one.",
    },
    Difference {
        kind: Stop,
        title: "No survey this year",
        what: "The yearly satisfaction survey is not sent out; two visits take its place.",
        when: "the survey falls due",
        will: "book two visits and cancel the print",
        makes_room: "Eleven days of work and 14,000 letters.",
        told: "You told us what you think of the survey. It is cancelled.",
    },
];
