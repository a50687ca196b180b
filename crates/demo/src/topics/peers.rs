//! Invented other cities, universities and organisations, and the practices this city offers to copy.

use super::PracticeText;

/// Another city: its name, what it is known for.
pub(crate) const PEERS: &[(&str, &str)] = &[
    ("Sanmaru", "its one-page forms and a counter without glass"),
    ("Veldhaven", "neighbourhood teams that hold their own budget"),
    ("Costa Brisa", "night walks before any street is designed"),
    ("Nordvik", "rain streets and cellars that stay dry"),
    ("Ak Liman", "markets that hand out stalls by the day"),
    ("Eastmere", "home care teams without a task list"),
];

/// A university and what the students do there.
pub(crate) const UNIVERSITIES: &[(&str, &str)] = &[
    ("Maren University, Institute of Service Design", "a studio of twelve students over one term"),
    ("Haneul Technical University, Urban Climate Group", "a measuring campaign with two classes"),
    ("School of Social Work, Maren", "a seminar in which people with experience teach half of the hours"),
    ("Maren University, Data and Society Lab", "a data clinic that works only with published figures"),
];

/// Where people are seconded to.
pub(crate) const ORGANISATIONS: &[(&str, &str)] = &[
    ("Harbour Debt Counsel, a charity", "counsellor's desk, three days a week"),
    ("Maren Tenants' Union", "advice shop, full time"),
    ("The city of Veldhaven, Neighbourhood Teams", "team member with a budget of her own"),
    ("Riverside Hospital, discharge desk", "between ward and home"),
    ("The national social insurance office", "the other end of our forms"),
];

/// What this city offers others.
pub(crate) const PRACTICES: &[PracticeText] = &[
    PracticeText {
        topic: 6,
        title: "A key for every night driver",
        problem: "Night drivers had no toilet between eleven and five, and left.",
        what_we_did: "Gave each driver a key to the park and library toilets along the line.",
        how: "Ride a whole night. Walk from each terminus to the nearest door with a lock. Ask who locks it. Put both departments at one table for an hour.",
        needed: "120 keys, 2,300 in all; one phone number that reaches a person at night; eleven signatures from one colleague.",
        result: "Twelve of fourteen drivers on the trial line stayed the year. A plan for containers, 410,000, was dropped.",
        careful: "One lock sticks in frost. Cleaning must come once more a week, or the key is an insult.",
        published: -48,
    },
    PracticeText {
        topic: 2,
        title: "A job code for 'find out why'",
        problem: "The same wall was painted three times because looking for the cause had no code.",
        what_we_did: "Two hours for the crew to look, and the right to call a roofer.",
        how: "Spend a day in the van. Look at repairs by wall, not by job. Add one code. Pay the second half after a winter.",
        needed: "A change to the maintenance contract; a planner who gives up some control.",
        result: "31 of 38 causes found in the trial; repeats fell from 41 to 17 in a hundred.",
        careful: "We have one winter of figures. In buildings with sinking foundations two hours find nothing.",
        published: -31,
    },
    PracticeText {
        topic: 5,
        title: "Grandparents hold the gate",
        problem: "School streets failed when the paid warden left.",
        what_we_did: "Key, vest and insurance for grandparents who stand there anyway.",
        how: "Walk to school behind the children. Ask who holds hands at which corner. Give them the gate, and the insurance in the same week.",
        needed: "An insurance rider, 38 a person a year; one colleague whom they can ring.",
        result: "Six streets; walking rose from a third to a half in three weeks.",
        careful: "Where few grandparents live near, it does not work. Do not make it a duty roster.",
        published: -22,
    },
    PracticeText {
        topic: 13,
        title: "Ring before you double",
        problem: "Unanswered fines doubled although nobody had opened the letter.",
        what_we_did: "Two calls at different hours take the place of the second letter.",
        how: "Open one bag of post with its owner. Halve a list by lot: ring one half. Compare in ten weeks.",
        needed: "Four evenings a week of two callers; a by-law, one sentence long.",
        result: "57 in a hundred reached; two thirds of them paid or made a plan. 9,000 letters fewer.",
        careful: "Calls from hidden numbers are not answered. Say your name and a number that can be rung back.",
        published: -75,
    },
    PracticeText {
        topic: 10,
        title: "Hours in blocks for home care teams",
        problem: "Care was paid by task, and the visit had no time for the person.",
        what_we_did: "Teams get their hours for the week and divide them with their clients.",
        how: "Go along a whole round. Begin with two teams who want to. Leave the planner closed.",
        needed: "A contractor who joins in; three months; a director who does not ask for the ticks.",
        result: "Two in a hundred more hours, a third less sick leave; now in the contract for all.",
        careful: "New teams need half a year. Somebody has to look out for the quiet clients.",
        published: -118,
    },
    PracticeText {
        topic: 12,
        title: "A sign interpreter in two minutes",
        problem: "Deaf residents waited three weeks for an interpreter or brought a sister.",
        what_we_did: "A tablet at two counters with a remote interpreter, no appointment.",
        how: "Sit in the resident's chair. Let the deaf club choose where the tablet stands. Take the light from behind the clerk.",
        needed: "Two tablets, a contract by the minute, an afternoon's training led by deaf trainers.",
        result: "61 uses in ten weeks, 50 of them alone; the year before: 14.",
        careful: "For hard news people want an interpreter in the room. Keep the choice.",
        published: -12,
    },
];
