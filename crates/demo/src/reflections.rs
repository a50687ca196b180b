//! Debrief answers: private first, shared by choice. Those not shared are for the writer alone; the program that
//! imports the demo seals or skips them. Keys are those of the debrief and of the question whom we did not meet.

use crate::outings::Offered;
use crate::placements::DemoPlacement;
use crate::rng::Rng;

/// Answers to the questions of one moment of thinking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReflection {
    /// Index of the placement.
    pub placement: usize,
    /// `debrief` or `bias`.
    pub kind: &'static str,
    /// Key of the question and answer, in the order of the questions; not every question is answered.
    pub answers: Vec<(&'static str, &'static str)>,
    /// Whether the writer shared it.
    pub shared: bool,
    /// The day, counted from today; never after today.
    pub day: i32,
}

type Pool = (&'static str, &'static [&'static str]);

const DEBRIEF: &[Pool] = &[
    (
        "what-happened",
        &[
            "We were four at a table for three hours. I spoke for perhaps ten minutes of them, which is fewer than usual.",
            "I carried, waited, watched. The conversation that mattered was in the corridor.",
            "It began with coffee and distrust and ended with a list.",
            "Less happened than I had expected, and that was the point: this is what an ordinary day there is like.",
            "I was early and saw the quarter before it saw me.",
        ],
    ),
    (
        "meant-gap",
        &[
            "I went to see why people do not use it. I came back knowing how they do without it.",
            "We meant to ask about the form. They wanted to talk about the letter that came before it.",
            "I had expected anger. It was politeness, and that is worse.",
            "It was meant as a visit; it became an afternoon's work, which was better.",
        ],
    ),
    (
        "so-what",
        &[
            "What we call a small remainder of cases is a whole street.",
            "The rule is right for those I had in mind. I had the wrong people in mind.",
            "My team has the power to settle half of this and has never been asked to.",
            "I believed it was about money. It is about not being made to feel stupid.",
            "They trust one of us, by name, and she retires in March.",
        ],
    ),
    (
        "now-what",
        &[
            "On Monday I read our letter aloud in the team meeting.",
            "I ring the owner of the question this week and bring two notes, not a report.",
            "I go back in six weeks, with my manager.",
            "I ask two colleagues to try the form on their phone with one hand.",
        ],
    ),
    (
        "stop",
        &[
            "The monthly overview that nobody could tell me the use of.",
            "Asking twice for what the other department already knows.",
            "Answering 'that is not us'.",
            "Nothing yet. I notice that I find this the hardest question.",
        ],
    ),
];

const BIAS: &[Pool] = &[
    (
        "near-far",
        &[
            "All within five minutes of the tram.",
            "For once the back lane and not the square.",
            "Only ground floors: nobody invited us upstairs.",
        ],
    ),
    (
        "who-chose",
        &[
            "The host chose, and chose those who speak well.",
            "Chance, mostly: whoever came to wash.",
            "We did, and I see it in the list.",
        ],
    ),
    (
        "who-missing",
        &[
            "Men under thirty. They were at work or asleep.",
            "Anybody who has given up on us altogether.",
            "The landlord, of course.",
            "Whoever looks after somebody and cannot leave the house.",
        ],
    ),
    (
        "not-asked",
        &[
            "What they pay. It would have been rude, and it is the question.",
            "Why they stayed polite.",
            "Whether they would have us back.",
        ],
    ),
    (
        "trade-blind",
        &["I counted steps, as I always do.", "I saw forms everywhere.", "I noticed every kerb and no face."],
    ),
];

/// Three in four who came back at least two days ago debriefed; a good half of them shared it.
pub(crate) fn write(offered: &[Offered], placements: &[DemoPlacement], seed: u64) -> Vec<DemoReflection> {
    let mut rng = Rng::for_room(seed, "reflections");
    let mut reflections = Vec::new();
    for (at, placement) in placements.iter().enumerate() {
        let last = offered[placement.outing].outing.last_day();
        if !placement.came_back() || last > -2 || !rng.percent(74) {
            continue;
        }
        let (day, shared) = (last + rng.between(1, 2), rng.percent(56));
        reflections.push(one(at, "debrief", DEBRIEF, shared, day, &mut rng));
        if rng.percent(30) {
            reflections.push(one(at, "bias", BIAS, shared, day, &mut rng));
        }
    }
    reflections
}

fn one(placement: usize, kind: &'static str, pools: &[Pool], shared: bool, day: i32, rng: &mut Rng) -> DemoReflection {
    let mut answers: Vec<(&str, &str)> = Vec::new();
    for (key, pool) in pools {
        if answers.is_empty() || rng.percent(78) {
            answers.push((*key, *rng.pick(pool)));
        }
    }
    DemoReflection { placement, kind, answers, shared, day }
}
