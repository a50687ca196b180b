//! Challenges about care: people alone, young carers, home care's first ten minutes, vaccination.

use super::{Difference, Standing, Topic, TrialText, way};
use crate::changes::ChangeKind::{Adapt, Start, Stop, Test};
use crate::map::Quarter;

pub(super) const TOPICS: &[Topic] = &[TABLE_FOR_ONE, YOUNG_CARERS, HOME_CARE, SHELTER];

const TABLE_FOR_ONE: Topic = Topic {
    title: "A table for one",
    question: "What do older people in the port do on Sundays, when everything of ours is closed?",
    why: "Our meeting houses reach 4 in 100 of those over seventy who live alone in the port. Sunday is when they ring the emergency line.",
    decision: "Opening hours and places of the four meeting houses for older people.",
    day: 61,
    department: "Social Affairs",
    quarter: Some(Quarter::Port),
    standing: Standing::Open,
    learn: &["Spend a Sunday where people already are.", "What makes a place one's own place."],
    shadow: &[
        way(
            "Sunday on the emergency line",
            "Line 14, Sunday desk",
            600,
            "Listen beside the person who takes the calls that are not emergencies.",
        ),
        way(
            "Meals on a tricycle",
            "Salt Quay Kitchen",
            645,
            "Thirty hot meals, thirty doors, one of them takes half an hour and should.",
        ),
    ],
    visit: &[
        way(
            "Sit down",
            "The Launderette Table",
            870,
            "Since the launderette put out a table, nine people come every Sunday. There is a chair for you.",
        ),
        way(
            "Cards on the quay",
            "Old Dockers",
            900,
            "Men who never come to anything of ours, and play cards on an upturned crate.",
        ),
    ],
    saw: &[
        "The meeting house was closed. Its bench was full.",
        "{Who} washed one towel, and stayed two hours.",
        "The meals list has a column 'talks long'. It is meant as a warning; the rider uses it to plan.",
        "Nobody at the table said 'lonely'. {N} people said 'Sunday'.",
        "The men have their own cup at the fish stall, with their names, behind the ice.",
    ],
    said: &[
        "\"Your house is for old people. I am only eighty-one.\"",
        "\"Zondag is een dag met vier muren.\" [Sunday is a day with four walls.]",
        "\"여기선 빨래가 핑계예요.\" [Here the washing is the excuse.]",
        "\"I rang because of the tap. There was nothing with the tap.\"",
    ],
    wonder: &[
        "What would the launderette need to stay open an hour longer?",
        "Why does our house close on the only day that is long?",
    ],
    meaning: &[
        "People want an errand, not an activity.",
        "We built houses for the lonely and nobody wants to walk in under that word.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "The errand fund",
            what: "Launderettes, bakers and barbers that set out a table get 60 a Sunday, no report, a visit twice a year.",
            when: "a shopkeeper asks on one page",
            will: "pay the first month before the visit",
            makes_room: "Wednesday bingo in house 3 (average four visitors) ends.",
            told: "The table in the launderette stays: the city pays for the light and the coffee on Sundays. Nobody has to sign anything.",
        },
        Difference {
            kind: Stop,
            title: "Intake forms at the meeting house",
            what: "No one is registered at the door any more.",
            when: "somebody walks in",
            will: "ask if they take sugar",
            makes_room: "The monthly visitor report is replaced by a jar of beans.",
            told: "You said the form at the door was the reason. It is gone.",
        },
    ],
    trial: TrialText {
        belief: "A table at an errand reaches those whom a meeting house does not.",
        smallest: "Three shops, ten Sundays.",
        doubt: "If the same people come who already come to us.",
        result: "41 people, 35 of them new to us. Sunday calls in the port fell by a fifth; that may be the season.",
    },
};

const YOUNG_CARERS: Topic = Topic {
    title: "Late again",
    question: "How many of the children we write to about lateness look after somebody at home?",
    why: "Attendance sends 2,300 letters a year. Teachers suspect one in five goes to a child who made breakfast for a parent.",
    decision: "Whether attendance letters stop and what comes in their place.",
    day: 20,
    department: "Education",
    quarter: None,
    standing: Standing::Open,
    learn: &["What a morning looks like before the bell.", "What a school knows and may not say."],
    shadow: &[
        way(
            "A week's mornings with the attendance officer",
            "Attendance, east",
            480,
            "Ride along, stay by the car when asked, read the letters aloud afterwards.",
        ),
        way(
            "The school nurse's door",
            "School Nurses",
            510,
            "A day in the room where stomach aches are something else.",
        ),
    ],
    visit: &[way(
        "Pizza, no parents",
        "Young Carers' Evening",
        1080,
        "Eight young people aged thirteen to seventeen, with their own worker. They have seen the letter and have notes on it.",
    )],
    saw: &[
        "The letter says 'unauthorised' {n} times. It does not say 'how are you'.",
        "In the nurse's room there is a drawer with bread. It is empty by ten.",
        "The officer knows the reason in most cases. The system has {n} reasons and none of them is 'mother ill'.",
        "One girl had her brother's school bag, her own, and a prescription.",
    ],
    said: &[
        "\"I am not late. I have already done a shift.\"",
        "\"Als ik het zeg, komen jullie. Dus ik zeg het niet.\" [If I tell, you come. So I do not tell.]",
        "\"The letter goes to my mum. I read it to her, because of her eyes.\"",
        "\"Que me guarden el desayuno, nada más.\" [Let them keep breakfast for me, that is all.]",
    ],
    wonder: &[
        "What may a teacher do without telling anybody?",
        "Would a later start twice a week cost us anything but a rule?",
    ],
    meaning: &[
        "The letter reaches the one person in the house who is coping.",
        "They are not hiding from school; they are hiding from us.",
    ],
    differences: &[
        Difference {
            kind: Stop,
            title: "No letter before a talk",
            what: "No attendance letter goes out before somebody the child chose has asked how things are at home.",
            when: "the third late morning shows up",
            will: "ask the child whom they would like to talk to, and wait two weeks",
            makes_room: "About 1,400 letters and the appeals they bring.",
            told: "We read your notes on the letter to the councillor. The letter is stopped; somebody you choose asks first.",
        },
        Difference {
            kind: Adapt,
            title: "A tenth reason",
            what: "The list of reasons has 'helps at home' and it counts as a reason.",
            when: "a child says they help at home",
            will: "tick it, and open nothing else unless they ask",
            makes_room: "The code 'other (explain)' is retired.",
            told: "There is a box now. It does not start anything unless you want it to.",
        },
    ],
    trial: TrialText {
        belief: "A talk first halves lateness better than the letter did.",
        smallest: "Two schools, one term.",
        doubt: "If lateness rises by a tenth.",
        result: "Down by a quarter, not by half. Nobody wants the letter back.",
    },
};

const HOME_CARE: Topic = Topic {
    title: "The first ten minutes",
    question: "What happens in the first ten minutes of a home care visit, and why is it not in the plan?",
    why: "We pay for 25 minutes of care by task. Carers report that the tasks fit and the visit does not.",
    decision: "The tariff and task list of the home care contract.",
    day: -140,
    department: "Social Affairs",
    quarter: Some(Quarter::NewTown),
    standing: Standing::Decided(
        "The contract pays for visits in blocks a team divides itself; the task list is gone.",
        "Fourteen outings saw the same ten minutes. A trial with two teams cost no more and sickness fell.",
    ),
    learn: &["Go along for a whole round.", "What a good carer does before touching anything."],
    shadow: &[
        way(
            "Round 12",
            "Home Care, team Elm",
            420,
            "Fourteen doors between seven and two. Those who live there were asked and may change their mind at the door.",
        ),
        way(
            "The evening round",
            "Home Care, team Ring",
            1050,
            "The short visits: stockings, tablets, curtains, and what is said in between.",
        ),
    ],
    visit: &[way(
        "Ask the ones in bed",
        "Clients' Panel, Plan Zuid",
        840,
        "Four people who receive care invite you to their living rooms one after the other. They chose the order.",
    )],
    saw: &[
        "She looked at the plant, the post and the bread before she said anything. Then she knew.",
        "The app asked for a tick before the stocking was on. She ticked to make it stop.",
        "{N} of the {m} visits ran over, by the same seven minutes.",
        "He had made coffee for her. There is no task for drinking it.",
        "Two carers met on the stair and changed clients, because one of them has the better hands for hair.",
    ],
    said: &[
        "\"If I sit down, I see it. If I stand, I do the stocking.\"",
        "\"Zij is de enige die vandaag mijn naam zegt.\" [She is the only one who says my name today.]",
        "\"The clock is not for me. The clock is for you.\"",
        "\"스물다섯 분이면 사람을 만날 수 없어요.\" [You cannot meet a person in twenty-five minutes.]",
    ],
    wonder: &["Who reads the ticks?", "Would teams share the hours better than the planner does?"],
    meaning: &[
        "The first ten minutes are the care; the rest is tasks.",
        "We buy stockings by the pair and wonder why nobody noticed the fall.",
    ],
    differences: &[
        Difference {
            kind: Test,
            title: "Hours in blocks",
            what: "Two teams get their hours as a block and divide them with their clients.",
            when: "the week's block is handed out on Friday",
            will: "leave the round to the team and not open the planner",
            makes_room: "Task ticking for two teams stops.",
            told: "Your team divides its own hours since spring, and from now on all teams do. It began with your coffee.",
        },
        Difference {
            kind: Stop,
            title: "The tick app",
            what: "Carers no longer tick tasks.",
            when: "a visit is over",
            will: "write only what is different from yesterday",
            makes_room: "Forty minutes a carer a week.",
            told: "The app is gone. She looks at you again.",
        },
    ],
    trial: TrialText {
        belief: "Teams that divide their own hours need no more of them.",
        smallest: "Two teams, three months.",
        doubt: "If the hours used rise by more than five in a hundred.",
        result: "Two in a hundred more hours, a third less sick leave.",
    },
};

const SHELTER: Topic = Topic {
    title: "A door with opening hours",
    question: "Why do people who sleep outside not use the forty beds that are free?",
    why: "The shelter is two thirds full in January. Outreach counts the same hundred people outside.",
    decision: "House rules and hours of the night shelter in the port.",
    day: -9,
    department: "Social Affairs",
    quarter: Some(Quarter::Port),
    standing: Standing::Ended(
        "The building is needed for the school. What we learned went into the plan for three small houses, where the question starts anew.",
    ),
    learn: &["See the house rules from the pavement.", "What is lost by going in."],
    shadow: &[
        way("Outreach before dawn", "Outreach, port", 270, "Tea, socks and no questions. You carry the flask."),
        way(
            "The desk at the door",
            "Night Shelter, reception",
            1185,
            "From eight to midnight with the person who says yes and no.",
        ),
    ],
    visit: &[way(
        "The rules, read aloud",
        "Street Paper Editors",
        960,
        "Vendors of the street paper read your house rules to you and stop where they would have stopped.",
    )],
    saw: &[
        "In at eight, out at seven. The fish market hires at five.",
        "No dogs. {N} of the people we met had one; one had turned back at the door four times.",
        "{Who} has a whole life of papers in one bag and was asked to hand it in.",
        "A couple of twenty years was given two beds on two floors.",
    ],
    said: &[
        "\"Inside I lose my dog, my wife and my job. Outside I lose sleep.\"",
        "\"Zeven uur eruit. Waar ga jij om zeven uur heen als het regent?\" [Out at seven. Where do you go at seven when it rains?]",
        "\"I know the rules. I used to write rules like that.\"",
    ],
    wonder: &[
        "Which rule was made after which incident, and when?",
        "Could the market's hours be the shelter's hours?",
    ],
    meaning: &["Each rule is reasonable. Together they are a lock.", "We offer a bed and ask for a life in exchange."],
    differences: &[
        Difference {
            kind: Adapt,
            title: "Out when your work begins",
            what: "Guests say when they need to leave; the door opens from four.",
            when: "somebody checks in",
            will: "ask 'what time do you need to be up?'",
            makes_room: "The seven o'clock round is dropped.",
            told: "The door opens at four for whoever works at the market. The kettle is on.",
        },
        Difference {
            kind: Test,
            title: "Six kennels",
            what: "Six beds with room for a dog.",
            when: "a guest comes with a dog",
            will: "show bed and basket before the form",
            makes_room: "The written refusal form is gone.",
            told: "Six of you came in with your dogs. When the house closes, the rule moves along to the new ones.",
        },
    ],
    trial: TrialText {
        belief: "Dogs keep more people out than drink does.",
        smallest: "Six beds, one winter month.",
        doubt: "If the beds stay empty or a night ends with the police.",
        result: "Full every night; one torn blanket.",
    },
};
