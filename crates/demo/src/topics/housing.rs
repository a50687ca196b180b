//! Challenges about homes: the rent form, rooftop heat, damp and empty flats.

use super::{Difference, Standing, Topic, TrialText, way};
use crate::changes::ChangeKind::{Adapt, Start, Stop, Test};
use crate::map::Quarter;

pub(super) const TOPICS: &[Topic] = &[RENT_FORM, ROOFTOP_HEAT, DAMP, EMPTY_FLATS];

const RENT_FORM: Topic = Topic {
    title: "Page four of the rent support form",
    question: "Why do a third of rent support applications in the hillside quarters stop at page four?",
    why: "Of every hundred applications begun on the hill, thirty-four end at the page that asks for proof of income. \
          We know where they stop. Nobody has sat beside one of those people while it happened.",
    decision: "Whether the 2027 rent support form keeps the income page, and which proofs it asks for.",
    day: 41,
    department: "Housing",
    quarter: Some(Quarter::Hillside),
    standing: Standing::Open,
    learn: &[
        "What is on the table at home when somebody reaches page four, and what is not.",
        "How people who are paid in cash or by the day show what they earn.",
        "What our own letters look like to somebody who opens them on a phone.",
    ],
    shadow: &[
        way(
            "A morning at the help-with-forms table",
            "Hillside Library, forms table",
            570,
            "Sit beside the volunteers who fill in forms with people. You listen; they know the form better than we do.",
        ),
        way(
            "Two days with the home-visit team",
            "Neighbourhood Team, home visits",
            540,
            "Go along on visits to households whose application stopped. Each household has said yes beforehand.",
        ),
        way(
            "Listening in on the rent line",
            "Telephone counter, rent line",
            525,
            "Headset on, microphone off: an ordinary day of calls about rent, with the colleague who answers them.",
        ),
    ],
    visit: &[
        way(
            "Tea after the language class",
            "Hundred Steps Women's Circle",
            840,
            "Six women who gave up on the form want to show you where. They ask for two guests, no more, and no laptop.",
        ),
        way(
            "The landlord's kitchen",
            "Rooftop Tenants' Association",
            1140,
            "Tenants of rooftop rooms explain why their landlord will not sign anything, and what they use instead.",
        ),
    ],
    saw: &[
        "The form asks for three payslips as PDF. {Who} held up a phone with a cracked camera and a paper notebook of day wages.",
        "{N} of the {m} people at the table stopped at the same field: 'employer's registration number'.",
        "The page times out after twenty minutes. The walk to the library printer and back took twenty-five.",
        "A daughter of about twelve translated 'taxable annual income' for her mother, and looked embarrassed to ask what it was.",
        "The volunteer keeps a folder of our own letters and a yellow pen. She marks the one line in each that matters.",
        "On the phone the 'save' button lies under the keyboard. Nobody in the room had ever seen it.",
    ],
    said: &[
        "\"I earn in envelopes. Which page is for envelopes?\"",
        "\"Ik dacht dat ik iets fout had gedaan.\" [I thought I had done something wrong.]",
        "\"집주인한테 말하면 나가라고 할까 봐요.\" [I am afraid the landlord will tell me to leave if I ask.]",
        "\"Me dijeron que volviera con un papel. No me dijeron cuál.\" [They told me to come back with a paper. They did not tell me which.]",
        "\"I have started it five times. I can do the first three pages with my eyes closed.\"",
    ],
    wonder: &[
        "Who decided that three payslips prove more than a signed statement, and does anybody here remember?",
        "How many of those who stop at page four come to us a year later with an eviction letter?",
        "Do we check the income page at all before we ask the tax office the same thing?",
    ],
    meaning: &[
        "We ask for what an office worker keeps in a drawer. Day workers have no drawer.",
        "It is not the number of questions. It is one question that tells people they do not belong here.",
        "The form is not too long; it forgets. Being able to come back would matter more than a shorter page.",
        "The helper at the library does our explaining for us, unpaid, every {weekday}.",
    ],
    differences: &[
        Difference {
            kind: Stop,
            title: "No more payslips when the tax office already knows",
            what: "Rent support no longer asks for payslips from households whose income the tax office has confirmed this year.",
            when: "an application reaches me whose income is already confirmed",
            will: "decide on that figure and send no request for proof",
            makes_room: "The weekly chase for missing payslips ends.",
            told: "You showed us the notebook with the day wages. We no longer ask for payslips where the tax office has your income already. Where it has not, a signed statement is enough. Thank you for the tea.",
        },
        Difference {
            kind: Test,
            title: "A page for people who are paid by the day",
            what: "A trial page lets people describe irregular income in their own words, with a bank overview or a signed statement.",
            when: "an applicant ticks 'my income changes from week to week'",
            will: "show the short page and call within five days instead of writing",
            makes_room: "Two letters asking for the same proof are dropped for this group.",
            told: "We built the page you sketched on the napkin and are trying it on your hill first. We come back in spring to say what it did.",
        },
        Difference {
            kind: Adapt,
            title: "The form waits for you",
            what: "A begun application is kept for thirty days and can be continued on another device with a code.",
            when: "somebody leaves the form without sending it",
            will: "keep it for thirty days and send one text message with the code",
            makes_room: "The 'session expired' line of the help desk is closed.",
            told: "The form no longer forgets you after twenty minutes: you get a code and thirty days. You were right about the printer.",
        },
    ],
    trial: TrialText {
        belief: "People stop because of the proof asked for, and not because of the length of the form.",
        smallest: "The short income page for one hillside quarter, forty applications, six weeks.",
        doubt: "If as many stop at the new page as at the old one, it is not the proof.",
        result: "Of 43 applications begun, 9 stopped at the page; before it would have been about 15. Decisions were as often right as before.",
    },
};

const ROOFTOP_HEAT: Topic = Topic {
    title: "Heat under the roof",
    question: "What would let somebody who lives in a rooftop flat sleep in August?",
    why: "Ambulance calls double on the third hot night. Our heat plan opens cool halls by day; people in rooftop rooms tell us the day is not the problem.",
    decision: "How the heat plan for next summer spends its 640,000: cool halls, roofs or night visits.",
    day: 118,
    department: "Health",
    quarter: Some(Quarter::Hillside),
    standing: Standing::Open,
    learn: &[
        "What a hot night is like in a rooftop room, hour by hour.",
        "Who people call at night before they call us, and who they do not dare to call.",
        "Why the cool hall stands half empty at noon.",
    ],
    shadow: &[
        way(
            "Evening round with the district nurse",
            "Home Nursing, hill route",
            1080,
            "Eleven doors in four hours, most of them up a stair. You carry the water and ask nothing until she says so.",
        ),
        way(
            "A day in the cool hall",
            "Cool Places, sports hall",
            600,
            "Open the doors, count nobody, talk to those who came and walk to those who did not.",
        ),
    ],
    visit: &[
        way(
            "Come up when it is hot",
            "Rooftop Tenants' Association",
            1230,
            "Sit in three rooms between half past eight and eleven at night. Bring nothing but a thermometer, and leave it there.",
        ),
        way(
            "The neighbours' chain",
            "Lantern Stairs Neighbours",
            990,
            "Volunteers who ring eighty doors on hot days show their list, their keys and what they are tired of.",
        ),
    ],
    saw: &[
        "Thirty-four degrees in the room at {time}. The window opens eight centimetres because of the fall guard.",
        "{Who} sleeps on the landing on a folded duvet; the neighbours step over without a word.",
        "The cool hall closes at six. The rooms are hottest at nine.",
        "Black tar roof, and one roof painted white by the tenant himself: his room was four degrees cooler by my thermometer.",
        "The nurse rings {n} doors on a stair for every one on her list. The others are not on anybody's list.",
    ],
    said: &[
        "\"By day I am at work, there it is cool. Give me a cool night.\"",
        "\"옥탑방은 여름에 사람이 살 데가 아니에요.\" [A rooftop room is no place for a person in summer.]",
        "\"I don't open for the city. I open for Mrs Kaya from the second floor.\"",
        "\"El ventilador solo mueve el calor.\" [The fan only moves the heat about.]",
    ],
    wonder: &[
        "Could the library keys be given to somebody on the hill for the three hottest nights?",
        "What does a bucket of white roof paint cost compared with one ambulance?",
        "Do we know which roofs are let at all?",
    ],
    meaning: &[
        "Our heat plan is a plan for days.",
        "Trust runs along the stair, not along the street. A stranger in a vest is the last person to open for.",
        "The fall guard is there for a good reason and it takes the night air away. Two of our rules meet in one window.",
    ],
    differences: &[
        Difference {
            kind: Start,
            title: "Cool nights in the hill library",
            what: "On the third hot day the library reading room stays open until seven in the morning, with camp beds and a volunteer from the stair.",
            when: "the forecast shows a third night above 24 degrees",
            will: "call the keyholder on the hill before noon and have the beds up by eight",
            makes_room: "The noon shift of the second cool hall, which nobody used, is given up.",
            told: "You said: by day I am at work. From this summer the reading room is open at night when it is hot. Mrs K. has the key.",
        },
        Difference {
            kind: Test,
            title: "Twelve white roofs",
            what: "Twelve roofs are painted white before June and their rooms measured against twelve dark ones.",
            when: "the paint has dried on the last roof",
            will: "hang a thermometer in each of the twenty-four rooms and read it with the tenant",
            makes_room: "The printed heat leaflet is not reprinted this year.",
            told: "Twelve roofs are white now. In September we show you all the numbers, also if they disappoint.",
        },
    ],
    trial: TrialText {
        belief: "A white roof takes at least three degrees off a rooftop room at nine in the evening.",
        smallest: "Twelve roofs and twelve like them, one summer, a thermometer each.",
        doubt: "Less than one and a half degrees of difference on hot evenings.",
        result: "2.6 degrees at nine in the evening, 0.8 at four in the morning: worth it, and not enough by itself.",
    },
};

const DAMP: Topic = Topic {
    title: "The same damp wall",
    question: "Why do we treat the same damp wall three times in five years?",
    why: "Four repairs in ten of the city's own flats by the river are repeats. Each is closed as done.",
    decision: "The maintenance contract for 2,100 riverside flats: paid by the job, or by the dry wall.",
    day: -63,
    department: "Housing",
    quarter: Some(Quarter::Riverside),
    standing: Standing::Decided(
        "From May the contractor is paid in two parts, the second when the wall is still dry after a winter.",
        "Nine outings saw the same thing: the crew knows the gutter is the cause and has no line on the form for it.",
    ),
    learn: &[
        "What the repair crew sees and may not write down.",
        "What living with a damp wall means for a week of washing, sleeping and school.",
    ],
    shadow: &[
        way(
            "A day in the repair van",
            "Homes and Repairs, van 7",
            435,
            "Six addresses, two people, one van. You hold the ladder and ask why.",
        ),
        way(
            "At the repairs line",
            "Repairs Line",
            510,
            "Four hours beside the person who turns a story into a job code.",
        ),
    ],
    visit: &[way(
        "Come and smell it",
        "Ferry Landing Tenants",
        1110,
        "Five flats on one stair open their doors for an hour. They want somebody who may decide something.",
    )],
    saw: &[
        "Under the new paint is last year's paint, and under that the stain. The tenant has dated each layer in pencil.",
        "The painter pointed at the gutter, shrugged, and painted. Gutters are another contract.",
        "The job code list has {n} codes for paint and none for 'come and find out why'.",
        "Two children sleep in the kitchen because it is the dry room.",
    ],
    said: &[
        "\"Every time they ask me whether I open the window. Every time I say: come and open it with me.\"",
        "\"Ik word per muur betaald, niet per droge muur.\" [I am paid by the wall, not by the dry wall.]",
        "\"They closed it as solved. I have the letter. The letter is damp too.\"",
        "\"I have met {n} painters. They are nice boys.\"",
    ],
    wonder: &[
        "Who would have to sign so that a painter may call a roofer?",
        "How many repeats would we see if the computer looked by wall and not by job?",
    ],
    meaning: &[
        "We buy paint when what is needed is a gutter, because paint has a code.",
        "The crew is not careless. It is obedient.",
        "'Have you aired the room?' costs us more trust than the stain.",
    ],
    differences: &[
        Difference {
            kind: Adapt,
            title: "A code for 'find out why'",
            what: "The crew can open a cause job of up to two hours and call the roofer without asking the office.",
            when: "a wall comes up a second time",
            will: "open a cause job before anybody paints",
            makes_room: "The third visit for the same wall, 400 a year, is not planned any more.",
            told: "The painter who comes to you may now send for the roofer himself. If your wall is damp again, ring and say 'second time'.",
        },
        Difference {
            kind: Stop,
            title: "We no longer ask whether you air the room",
            what: "The question has gone from the telephone script and from the letter.",
            when: "somebody reports damp",
            will: "ask since when and on which side the street is, and book a visit",
            makes_room: "The airing leaflet and the second call to ask about it are gone.",
            told: "We took the question about the window out of our script. Thank you for telling us how it sounded.",
        },
    ],
    trial: TrialText {
        belief: "Two hours to look for the cause save more than the third coat of paint costs.",
        smallest: "One van, two months, every repeat wall.",
        doubt: "If fewer than half of the causes can be found in two hours.",
        result: "31 of 38 causes found; 22 of them were gutters.",
    },
};

const EMPTY_FLATS: Topic = Topic {
    title: "Keys that wait",
    question: "Why does a flat of ours stand empty for ninety-one days between two tenants?",
    why: "On any day 340 of our flats are empty and 11,000 households wait.",
    decision: "Whether handing over, repair and letting become one team.",
    day: 74,
    department: "Housing",
    quarter: None,
    standing: Standing::Open,
    learn: &["Follow one key from the tenant who leaves to the tenant who comes.", "Where a key waits, and for whom."],
    shadow: &[
        way(
            "Follow a key",
            "Allocation, key desk",
            495,
            "Take one key and go wherever it goes for two days. Write down only where it waits.",
        ),
        way(
            "With the caretaker of five blocks",
            "Garden Blocks, caretakers",
            450,
            "An early round with the man who knows which windows have been dark since spring.",
        ),
    ],
    visit: &[way(
        "The waiting room at home",
        "Families on the Waiting List",
        1125,
        "Three families show how four people share a room while they wait, and ask what number they are.",
    )],
    saw: &[
        "The key lay {n} days in a drawer marked 'inspection' while the inspector waited for it to be brought.",
        "The new kitchen was ripped out because the contract says so. It was four years old.",
        "The caretaker has a list on the back of a calendar: {m} flats he knows are empty and nobody has asked him about.",
        "A family looked at the flat, loved it, and was told the letter would come. They asked if they could paint it themselves to be quicker.",
    ],
    said: &[
        "\"The flat was ready on Tuesday. It was allowed to be ready in March.\"",
        "\"우리는 몇 번째예요? 그것만 알려 주세요.\" [What number are we? Just tell us that.]",
        "\"Ask me who moved out. I carried the sofa.\"",
    ],
    wonder: &[
        "What if the next family got the key first and chose what to repair?",
        "Why are there {n} signatures on a form that nobody reads twice?",
    ],
    meaning: &[
        "No one is slow. The key is slow, because it belongs to nobody between two desks.",
        "Ninety-one days are eleven days of work and eighty of waiting.",
    ],
    differences: &[
        Difference {
            kind: Test,
            title: "Key first",
            what: "In one block the next tenant sees the flat before the repair and says what may stay.",
            when: "a tenant in the Garden Blocks gives notice",
            will: "walk through with both tenants in the same week",
            makes_room: "The separate inspection appointment is not made for these flats.",
            told: "We tried giving the key first. Four kitchens were kept because somebody liked them.",
        },
        Difference {
            kind: Stop,
            title: "The fourth signature",
            what: "The handing-over form needs two signatures and not four.",
            when: "a handing-over form arrives with two signatures",
            will: "release the flat the same day",
            makes_room: "Two desks no longer stamp.",
            told: "Two of the four stamps are gone; your key lost nineteen days of waiting.",
        },
    ],
    trial: TrialText {
        belief: "Tenants keep more than our repair list throws away.",
        smallest: "Ten flats in one block.",
        doubt: "If complaints in the first month double.",
        result: "Fifty-two days instead of ninety-one; complaints as before.",
    },
};
