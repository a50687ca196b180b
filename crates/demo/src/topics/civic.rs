//! Challenges about the city's own doors: the counter, letters, permits, and the work of those who do the work.

use super::{Difference, Standing, Topic, TrialText, way};
use crate::changes::ChangeKind::{Adapt, Start, Stop, Test};
use crate::map::Quarter;

pub(super) const TOPICS: &[Topic] = &[DEAF_COUNTER, LETTERS, CAFE_PERMIT, FLOOD_CELLARS];

const DEAF_COUNTER: Topic = Topic {
    title: "Seventeen at the glass",
    question: "What does it take for a deaf resident to get a passport without bringing a hearing sister?",
    why: "We have an interpreter by appointment, three weeks ahead. Fourteen people used it last year; some nine hundred deaf people live here.",
    decision: "Equipment and training of the twenty-two counters in the new civic hall.",
    day: 54,
    department: "Civic Desk",
    quarter: Some(Quarter::OldTown),
    standing: Standing::Open,
    learn: &[
        "Do the counter without sound.",
        "What deaf residents do today, step by step, and where it costs them dignity.",
    ],
    shadow: &[
        way(
            "Counter 17, a whole day",
            "Civic Hall, counters",
            525,
            "Beside the clerk, in sight of the queue, with your ears stopped for the second half if you dare.",
        ),
        way(
            "A day with the sign interpreter",
            "Interpreters' Co-operative",
            540,
            "Doctor, school, bank, us. You see how we compare.",
        ),
    ],
    visit: &[way(
        "We sign, you write",
        "Deaf Club Bell Court",
        1140,
        "An evening in sign language. There is an interpreter for you, not for us.",
    )],
    saw: &[
        "The number is called. It is also shown, on a screen behind the pillar.",
        "The glass mirrors the window: from the chair one cannot see the clerk's mouth.",
        "{Who} had prepared everything on cards. The clerk answered by speaking more loudly.",
        "The sister did the talking. The clerk looked at the sister. The passport was not hers.",
        "At {time} a colleague from the post room came down because he signs a little. He is not on any list.",
    ],
    said: &[
        "[signed] \"Three weeks for an interpreter. My passport takes one.\"",
        "[signed] \"Look at me when she speaks for me.\"",
        "\"I have been afraid of doing it wrong for six years, so I shout. Isn't that stupid.\"",
        "[signed] \"At the bakery I point. Here I need my sister. What is so difficult about you?\"",
    ],
    wonder: &[
        "How many of us sign a little and have never been asked?",
        "What would a tablet with a remote interpreter cost against one hour of shame?",
    ],
    meaning: &[
        "The interpreter is there for us, so we should be the ones who book.",
        "It is the light, the glass and the pillar before it is the language.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "An interpreter in two minutes",
            what: "Two counters have a tablet with a remote sign interpreter; no appointment.",
            when: "somebody points at the sign on the desk",
            will: "turn the tablet round before I reach for the form",
            makes_room: "The three-week booking procedure is closed.",
            told: "Counter 16 and 17 have your interpreter on a screen. You chose where the tablet stands.",
        },
        Difference {
            kind: Adapt,
            title: "Light from the front",
            what: "Glass without mirroring, light on the clerk's face and the number where one looks.",
            when: "a counter is fitted out",
            will: "sit in the resident's chair first",
            makes_room: "The order for acoustic panels at six counters is cancelled.",
            told: "The glass is changed. Come and look through it.",
        },
    ],
    trial: TrialText {
        belief: "If no appointment is needed, deaf residents come alone.",
        smallest: "Two tablets, ten weeks.",
        doubt: "Fewer than one use a week, or people still bring somebody.",
        result: "61 uses; 50 came alone.",
    },
};

const LETTERS: Topic = Topic {
    title: "Letters that are never opened",
    question: "What happens to our letters between the letterbox and the bin?",
    why: "Half the fines double because the first letter had no answer. Debt advisers bring us bags of unopened post.",
    decision: "Whether the second letter becomes a phone call or a knock.",
    day: -95,
    department: "Finance",
    quarter: Some(Quarter::NewTown),
    standing: Standing::Decided(
        "The second letter is a phone call, and the doubling waits until somebody was reached.",
        "Eight outings found the bag on top of the fridge. Calls in a trial brought in more than the doubling did.",
    ),
    learn: &[
        "Open a bag of post together with the person it was sent to.",
        "What our envelope says before it is opened.",
    ],
    shadow: &[
        way(
            "The bag on the table",
            "Debt Advice, Elm Towers",
            555,
            "Sit with the adviser and a client who agreed. Sort by sender first; you will find yourself.",
        ),
        way("A postwoman's morning", "Post, round 31", 390, "Carry our letters to the doors and watch faces."),
    ],
    visit: &[way(
        "Bring your own letter",
        "Reading and Writing Group",
        1110,
        "Twelve adults who learn to read ask you to read your letter to them. Then they tell you what it said.",
    )],
    saw: &[
        "Of {m} letters in the bag {n} were ours, from five departments, two of them contradicting each other.",
        "White window envelopes lie unopened. The blue one from the hospital was open.",
        "The sentence that matters stands on the back, under the bank details.",
        "The postwoman knows who does not open. She rings for the parcels and whispers for the letters.",
    ],
    said: &[
        "\"If it is the city, it is bad. So why would I look on a Monday?\"",
        "\"Ik kan lezen. Ik kan dit niet lezen.\" [I can read. I cannot read this.]",
        "\"우편함을 안 열면 아직 아무 일도 없는 거예요.\" [As long as I don't open the box, nothing has happened yet.]",
        "\"You rang and it took three minutes. The letters took two years.\"",
    ],
    wonder: &[
        "What if we sent one good piece of news a year?",
        "Who here has ever read all our letters to one household?",
    ],
    meaning: &[
        "We think we wrote five letters. They got one threat, five times.",
        "Not opening is not carelessness. It is the last bit of calm in the house.",
    ],
    differences: &[
        Difference {
            kind: Stop,
            title: "The doubling without a word",
            what: "A fine does not double until somebody was reached.",
            when: "a first letter has no answer after four weeks",
            will: "ring at two different hours before anything else",
            makes_room: "9,000 second letters a year.",
            told: "You read our letter back to us. We stopped the second one. Somebody rings.",
        },
        Difference {
            kind: Adapt,
            title: "First line, what to do",
            what: "The first line of each letter says what to do and by when; the law goes to the back.",
            when: "I write to a household",
            will: "read the first line aloud to a colleague",
            makes_room: "The four-page annex is not enclosed.",
            told: "The reading group's version is the one we print.",
        },
    ],
    trial: TrialText {
        belief: "A phone call costs less than the letters it saves.",
        smallest: "Two hundred unpaid fines, half rung, half written to.",
        doubt: "If fewer than a third can be reached.",
        result: "57 in a hundred reached; two thirds of those paid or made a plan.",
    },
};

const CAFE_PERMIT: Topic = Topic {
    title: "Seven desks for four chairs",
    question: "Why does it take seven desks to allow four chairs on a pavement?",
    why: "A pavement permit takes 74 days. Summer takes 90.",
    decision: "Whether small permits are checked afterwards, on the pavement, instead of before, on paper.",
    day: 12,
    department: "Planning",
    quarter: Some(Quarter::Riverside),
    standing: Standing::Open,
    learn: &["Carry one application by hand past the seven desks.", "What the neighbour above the café thinks."],
    shadow: &[
        way(
            "Behind the counter of the permit desk",
            "Permits",
            540,
            "One day, one folder, seven stamps: go where the folder goes.",
        ),
        way(
            "Evening round with the enforcement officer",
            "Public Space, evening round",
            1140,
            "Measure pavements, drink nothing, hear both sides of the same chair.",
        ),
    ],
    visit: &[
        way(
            "Four chairs",
            "Weir Side Shopkeepers",
            930,
            "Three shopkeepers show the drawing we rejected and the pavement it shows.",
        ),
        way(
            "The window above",
            "Bridgefoot Neighbours",
            1290,
            "Residents who live above three terraces ask you to listen with the window open until eleven.",
        ),
    ],
    saw: &[
        "The folder lay on desk four for thirty-one days. Desk four checks whether desk three has checked.",
        "The drawing was rejected because north was not marked. The pavement has one tree, and it was on the drawing.",
        "A wheelchair did not pass between the sign and the plant. The plant has a permit.",
        "The officer moved two chairs with his foot, said good evening, and that was the whole enforcement.",
    ],
    said: &[
        "\"By the time I may put them out, I may take them in.\"",
        "\"Ik heb niets tegen stoelen. Ik heb iets tegen elf uur.\" [I have nothing against chairs. I have something against eleven o'clock.]",
        "\"No me niegan nada. Solo me hacen esperar.\" [They refuse me nothing. They only make me wait.]",
    ],
    wonder: &[
        "Which of the seven has ever said no?",
        "Would neighbours agree on an hour if they were asked before, at the café?",
    ],
    meaning: &[
        "Seven desks check paper and nobody checks the pavement.",
        "The quarrel is about the hour, and the permit does not mention it.",
    ],
    differences: &[
        Difference {
            kind: Test,
            title: "Chairs first",
            what: "Up to four chairs may be put out on the day of notice; an officer passes within a week with a measure.",
            when: "a notice for up to four chairs comes in",
            will: "confirm the same day and plan the officer's walk",
            makes_room: "Desks three to six do not see small permits.",
            told: "Put them out. Somebody comes by with a folding rule within the week.",
        },
        Difference {
            kind: Start,
            title: "The hour is agreed on the pavement",
            what: "Before a terrace is allowed until eleven, owner and neighbours meet there at the hour in question.",
            when: "a notice asks for later than nine",
            will: "invite both to the pavement at that hour",
            makes_room: "Written objections in the first round fall away.",
            told: "You asked us to listen with the window open. From now on we do so before, not after.",
        },
    ],
    trial: TrialText {
        belief: "Most of what we check on paper shows itself on the pavement in two minutes.",
        smallest: "One street, one summer.",
        doubt: "More than one in ten terraces that have to be changed.",
        result: "3 of 47 had to move a plant.",
    },
};

const FLOOD_CELLARS: Topic = Topic {
    title: "Cellars with people in them",
    question: "Who sleeps below street level by the river, and how do they hear that water is coming?",
    why: "The warning goes to owners. Since the last flood we know that cellars are lived in which no register shows as homes.",
    decision: "The warning plan for the river quarters before the autumn rains.",
    day: 187,
    department: "Public Works",
    quarter: Some(Quarter::Riverside),
    standing: Standing::Open,
    learn: &[
        "Walk the river streets with somebody who knows which windows are homes.",
        "How word travels there without us.",
    ],
    shadow: &[
        way(
            "With the pump crew in the rain",
            "Sewers and Water, pump crew",
            780,
            "On call: you get a ring when it rains. Boots are there.",
        ),
        way(
            "The warning room",
            "Sewers and Water, control room",
            480,
            "A shift among the gauges, and the question who reads what you send.",
        ),
    ],
    visit: &[way(
        "Below the pavement",
        "Washhouse Quay Residents",
        1095,
        "People who live below the street show how high it stood. Nothing about addresses is written down: that was the condition.",
    )],
    saw: &[
        "A line in pencil at 1.12 metres, with a date, behind the wardrobe.",
        "The siren is heard upstairs. Down here the washing machines are louder.",
        "{Who} keeps the children's papers in a bag on a nail, above the line.",
        "The grocer's group chat had the warning {n} minutes before our text message.",
        "The bars before the window are screwed from outside.",
    ],
    said: &[
        "\"I am not registered here, so I cannot be warned here.\"",
        "\"물은 문이 아니라 바닥에서 와요.\" [The water does not come through the door. It comes from the floor.]",
        "\"The grocer rings. You send a letter to the owner. He lives in the hills.\"",
    ],
    wonder: &[
        "May we warn without knowing who is there?",
        "Would the grocer carry our warning if we gave it to him first?",
    ],
    meaning: &[
        "A register is not a map of where people sleep.",
        "Being counted costs them the room. A warning must not ask who they are.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "Warn the grocer first",
            what: "Twelve shopkeepers get the warning at the same second as the control room and pass it on their own way.",
            when: "the gauge at the weir passes 2.40",
            will: "send to the twelve before the owners' letter",
            makes_room: "The printed owners' letter after each warning ends.",
            told: "The grocer knows when we know. Nobody's name is on any list.",
        },
        Difference {
            kind: Adapt,
            title: "Bars that open from inside",
            what: "The grant for flood protection pays for hinged bars, asked for by whoever lives there, without a name.",
            when: "somebody asks for a hinge",
            will: "send the fitter and ask only which window",
            makes_room: "Proof of ownership is not asked for below 200.",
            told: "Thirty-eight windows open from inside now.",
        },
    ],
    trial: TrialText {
        belief: "A warning through shops is heard before ours.",
        smallest: "One drill on a dry Thursday with four shops.",
        doubt: "If fewer people hear it than hear the siren.",
        result: "Eleven minutes earlier, and in five languages.",
    },
};
