//! Challenges about streets: the dark underpass, the school run, night drivers and the market.

use super::{Difference, Standing, Topic, TrialText, way};
use crate::changes::ChangeKind::{Adapt, Start, Stop, Test};
use crate::map::Quarter;

pub(super) const TOPICS: &[Topic] = &[UNDERPASS, SCHOOL_RUN, NIGHT_DRIVERS, MARKET];

const UNDERPASS: Topic = Topic {
    title: "The underpass nobody takes",
    question: "What would make the underpass at the sidings a way to the tram again after dark?",
    why: "We changed the lamps twice. The counter still shows that nine in ten walk round by the ring road, eleven minutes longer.",
    decision: "Whether to rebuild the underpass (2.1 million) or close it and build a crossing.",
    day: 96,
    department: "Public Works",
    quarter: Some(Quarter::Works),
    standing: Standing::Open,
    learn: &[
        "Walk it at the hour people avoid it, with somebody who avoids it.",
        "What the cleaning crew finds there at five in the morning.",
    ],
    shadow: &[
        way(
            "Cleaning it at five",
            "Cleansing, early crew",
            300,
            "Meet the crew at the depot and clean the underpass with them. Gloves are there.",
        ),
        way(
            "The last tram",
            "Trams and Buses, line 4",
            1290,
            "Ride with the driver of the last trams and count nothing; see who waits where.",
        ),
    ],
    visit: &[
        way(
            "Walk me home",
            "Night Shift Cleaners' Group",
            1305,
            "Women who clean offices walk you their way home at half past ten, both ways round.",
        ),
        way(
            "The chess table",
            "Sidings Youth Club",
            1020,
            "Young people who meet there say what they use it for, and what they think when we say 'unsafe'.",
        ),
    ],
    saw: &[
        "All the lamps work. They shine on the floor; a face is dark until it is two metres away.",
        "There is a bend after the stairs. Nobody can see who is behind it, and everybody looks there.",
        "{N} people walked round by the ring road while I stood there, one of them with a suitcase.",
        "Somebody had swept the stairs and put a plant there. It was watered.",
        "At {time} the boys from the club turned their music down when {who} came through, without being asked.",
    ],
    said: &[
        "\"It is not dark. It has no second way out.\"",
        "\"Ik bel altijd mijn zus als ik erdoor moet, ook als ze niet opneemt.\" [I always ring my sister when I have to go through, even if she does not answer.]",
        "\"You call it unsafe because we sit there. We sit there so that it is safe.\"",
        "\"If there was a kiosk, I would buy a coffee I don't want.\"",
    ],
    wonder: &[
        "What would a mirror at the bend cost?",
        "Has anybody asked the youth club to keep the key of a kiosk?",
        "Why do we count people with a beam and never ask one of them?",
    ],
    meaning: &[
        "Light was the answer to a question nobody asked. The question is: can I turn back?",
        "Other people make it safe. Rebuilding it empty would build the same fear in better concrete.",
    ],
    differences: &[
        Difference {
            kind: Test,
            title: "A mirror, a wall light and a kiosk on Thursdays",
            what: "Light on faces in place of floors, a mirror at the bend, and the youth club's kiosk on two evenings.",
            when: "the clocks go back",
            will: "open the kiosk with the club on Tuesday and Thursday for eight weeks",
            makes_room: "The third lamp replacement is cancelled.",
            told: "The mirror hangs, the light is on the wall and not on the floor. The kiosk runs until March; then we count again, with you.",
        },
        Difference {
            kind: Start,
            title: "Night walks before night designs",
            what: "No lighting plan is signed before two of its authors have walked it at the hour with somebody who uses it.",
            when: "a lighting plan lies before me for signature",
            will: "ask for the date of the night walk first",
            makes_room: "The second desk review of lighting plans goes.",
            told: "Because of your walk home we now walk every street at night before we light it.",
        },
    ],
    trial: TrialText {
        belief: "People avoid the underpass because they cannot see faces and cannot turn back, not because it is dark.",
        smallest: "One mirror, four wall lights, a kiosk twice a week for eight weeks.",
        doubt: "Fewer than one in four walking through on kiosk evenings.",
        result: "From one in ten to four in ten on kiosk evenings, two in ten on the others.",
    },
};

const SCHOOL_RUN: Topic = Topic {
    title: "Eight twenty-five at the school gate",
    question: "What keeps parents in the new quarters from letting a nine-year-old walk 600 metres to school?",
    why: "Two thirds are driven, most from less than a kilometre. The zebra and the campaign changed nothing.",
    decision: "Which six of thirty-one school streets are closed to cars in the morning from September.",
    day: -28,
    department: "Education",
    quarter: Some(Quarter::NewTown),
    standing: Standing::Decided(
        "Six streets close from 8.05 to 8.35, chosen where grandparents and not wardens hold the gate.",
        "Eleven outings and a student project showed that the fear is one crossing and five cars, not the way.",
    ),
    learn: &[
        "Walk to school at a child's height and pace.",
        "What the last hundred metres look like from a driver's seat.",
    ],
    shadow: &[
        way(
            "Lollipop morning",
            "School Street wardens",
            465,
            "Stand with the crossing warden in all weathers, then have breakfast with her.",
        ),
        way(
            "A day with the school caretaker",
            "Meadow Court School",
            450,
            "Gate, bins, lost gloves, late children: the man who sees the street before and after us.",
        ),
    ],
    visit: &[
        way(
            "Walk with us",
            "Orchard East Parents",
            470,
            "Four families let you walk to school behind, not beside, their children.",
        ),
        way(
            "Grandparents' bench",
            "Larkspur Grandparents",
            870,
            "Those who do the afternoon run explain which corner they hold hands at.",
        ),
    ],
    saw: &[
        "Five cars, the same five every morning, turn in the zebra because there is nowhere else to turn.",
        "From a child's eyes the parked van hides the whole crossing. I knelt to see it.",
        "{N} children walked in a chain with one grandmother. She had a whistle and used it once.",
        "The speed sign smiles at 34. The limit is 30.",
        "A father drove 400 metres, then stood {n} minutes looking for a place to stop.",
    ],
    said: &[
        "\"It is one crossing. Give me that crossing and she walks from Monday.\"",
        "\"I drive because the others drive.\"",
        "\"학교 앞보다 저 모퉁이가 무서워요.\" [That corner frightens me, not the school gate.]",
        "\"Voy sola cuando mi abuela no mira.\" [I go alone when grandma isn't looking.]",
    ],
    wonder: &[
        "Could the five cars be asked by name, by a neighbour and not by us?",
        "What happens on this corner on a Saturday?",
        "Who told parents that eight is too young?",
    ],
    meaning: &[
        "We tried to change everybody. It is five cars and a van.",
        "Wardens we pay leave at half past eight; grandparents stay.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "Grandparents hold the gate",
            what: "School streets are opened and closed by grandparents with a key, a vest and an insurance from the city.",
            when: "a school asks for a school street",
            will: "ask first who will hold the gate, and sign the insurance the same week",
            makes_room: "The traffic campaign in schools is not repeated.",
            told: "The bench has a gate now and you have the key. The insurance is in the blue envelope.",
        },
        Difference {
            kind: Adapt,
            title: "The van's place becomes a kerb",
            what: "At eleven crossings the last parking place before the zebra is built out.",
            when: "a crossing is repaved anyway",
            will: "build the kerb out to where a child can see",
            makes_room: "Eleven requests for mirrors are answered with this.",
            told: "The van does not park there any more, and neither does anybody else.",
        },
    ],
    trial: TrialText {
        belief: "Closing half an hour is enough if somebody the street knows holds the gate.",
        smallest: "Two streets, three weeks.",
        doubt: "If residents complain more in week three than in week one.",
        result: "Complaints 14, 9, 3. Walking from a third to a half.",
    },
};

const NIGHT_DRIVERS: Topic = Topic {
    title: "Where the night driver goes",
    question: "Where does a bus driver go to the toilet at three in the morning?",
    why: "Women leave the night lines within fourteen months. Exit talks say 'hours'. The drivers say something else.",
    decision: "The timetable and break points of the six night lines.",
    day: 152,
    department: "Mobility",
    quarter: None,
    standing: Standing::Open,
    learn: &["Ride a whole night, not the interesting part.", "What a four-minute break is made of."],
    shadow: &[
        way(
            "A night on line N3",
            "Night Lines depot",
            1350,
            "From sign-on to sign-off. Sit in the first seat, bring a coat, drink what the driver drinks.",
        ),
        way(
            "The turning circle",
            "Night Lines depot",
            120,
            "Stay four hours at one terminus and see every break that happens there.",
        ),
    ],
    visit: &[way(
        "Breakfast at six",
        "Night Drivers' Table",
        360,
        "After the shift the drivers eat together. Two guests, phones away, they start the talk.",
    )],
    saw: &[
        "The terminus toilet is locked at eleven by the park department, to protect it from the people who need it.",
        "The driver drank nothing from midnight to five. She calls it 'driving dry'.",
        "A break of {n} minutes on paper; the walk to the petrol station and back took nine.",
        "{N} passengers rode to the end and back because it was warm. The driver knew their stops and did not ask.",
        "The petrol station lets the men in. The women have to ask for the key.",
    ],
    said: &[
        "\"You plan in minutes. I plan in tea.\"",
        "\"Ik ben 52. Ik ga niet achter een boom.\" [I am 52. I do not go behind a tree.]",
        "\"They wrote 'hours' in my exit form because there was no box for toilet.\"",
        "\"The one who sleeps on my bus irons my nephew's shirts. He works two jobs.\"",
    ],
    wonder: &[
        "Who holds the key to the park toilet, and is that person awake?",
        "Would two minutes more on N3 cost a bus, or only a sentence in the timetable?",
    ],
    meaning: &[
        "Two departments each do right and a person drives dry between them.",
        "What we call turnover is a locked door.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "A key for every night driver",
            what: "Drivers carry a key to eleven park and library toilets along the night lines.",
            when: "somebody signs on for a night line",
            will: "hand the key over with the ticket machine",
            makes_room: "The plan for three container toilets (410,000) is dropped.",
            told: "The key is on your ring since Monday. If a lock sticks, ring 14 and say 'night key': it goes to a person.",
        },
        Difference {
            kind: Adapt,
            title: "Two honest minutes",
            what: "Breaks at four termini are planned with the walk in them.",
            when: "I plan a night break",
            will: "add the walk to the toilet, measured by walking it",
            makes_room: "The column 'recovery time' that nobody could explain is deleted.",
            told: "Your break on N3 is six minutes. We walked it at three in the morning to be sure.",
        },
    ],
    trial: TrialText {
        belief: "A key solves more than a container.",
        smallest: "One line, twelve drivers, one key each, one month.",
        doubt: "If a toilet is found damaged more than twice.",
        result: "No damage. Two drivers took back their notice.",
    },
};

const MARKET: Topic = Topic {
    title: "Empty stalls on Wednesday",
    question: "Why do nineteen of sixty stalls stand empty on Wednesday when forty traders are on the list?",
    why: "The square looks poor, the traders who stay earn less, and the waiting list grows.",
    decision: "New market rules: who gets a stall, for how long, and what a day costs.",
    day: 33,
    department: "Parks and Climate",
    quarter: Some(Quarter::OldTown),
    standing: Standing::Open,
    learn: &[
        "Build up a stall at five and take it down at four.",
        "What a first-time trader has to bring before selling one tomato.",
    ],
    shadow: &[
        way(
            "Up with the market master",
            "Markets, market master",
            285,
            "The draw for places, the late van, the quarrel about the corner: the whole morning.",
        ),
        way(
            "Behind the stall",
            "Cheese and Olives, stall 22",
            330,
            "Carry, weigh, listen. The trader sets the rules and you buy your own lunch.",
        ),
    ],
    visit: &[way(
        "The list",
        "Young Traders' Circle",
        1080,
        "Five people from the waiting list bring the papers we asked them for, and put them on the table.",
    )],
    saw: &[
        "The stalls that stand empty belong to permits, not to people: {n} of their holders have not come since spring.",
        "A woman with honey was sent away at six because her scales have a seal from another city.",
        "The water tap is at the far end. The fish stall is not.",
        "{Who} asked for the Turkish bread man. He is on the waiting list, place thirty-one.",
        "At noon the traders swapped places by themselves so that the old man had shade.",
    ],
    said: &[
        "\"A permit is a pension. Nobody gives back a pension.\"",
        "\"Pago el día entero y a la una ya no hay nadie.\" [I pay the whole day and by one nobody is left.]",
        "\"I could sell on Wednesdays only. There is no form for only.\"",
        "\"시장은 자리 싸움이 아니라 사람 싸움이에요.\" [A market is not about places but about people.]",
    ],
    wonder: &[
        "What if an empty stall went to the next in line at seven o'clock?",
        "Who benefits from the whole-day fee?",
        "Could the seal of another city count?",
    ],
    meaning: &[
        "We ration places and run out of traders.",
        "The list is long because the door is narrow, not because the square is full.",
    ],
    differences: &[
        Difference {
            kind: Test,
            title: "Seven o'clock stalls",
            what: "A stall empty at seven is offered for the day at half the fee to whoever stands there from the list.",
            when: "a stall is empty at seven",
            will: "let the next in line put up, and write the rest on one line",
            makes_room: "The Monday letter asking holders whether they will come is dropped.",
            told: "From Wednesday an empty stall at seven is yours for the day. Bring the scales: any city's seal counts.",
        },
        Difference {
            kind: Stop,
            title: "No second seal",
            what: "Scales sealed by any city are accepted.",
            when: "a trader shows a valid seal from elsewhere",
            will: "note the number and say good morning",
            makes_room: "Sealing day, twice a year, is not held any more.",
            told: "Your scales are fine. We are sorry about the honey.",
        },
    ],
    trial: TrialText {
        belief: "Day traders fill the square without hurting those who have a permit.",
        smallest: "Eight Wednesdays.",
        doubt: "If takings of the permanent stalls fall by more than a tenth.",
        result: "Fourteen of nineteen stalls filled; permanent stalls took a little more.",
    },
};
