//! The year behind the demo city: what the generator invented, written through the store's own types.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, bail};
use freerange_demo as made_up;
use freerange_domain::{
    challenge::{Ask, Outcome},
    change,
    code::Code,
    consent::Uses,
    id::{ChallengeId, ChangeId, InvitationId, NoteId, OutingId, PersonId, PlaceId, PlacementId},
    note,
    outing::{Guests, Kind, Party, Photos, Publicity, Span},
    people::{Email, Role},
    place::Level,
    placement::{Answer, Approval, Ending, EndingKind, ReturnDates, Stage as S, State},
    reflection::Moment,
    text::{Line, Prose, Reason},
};
use freerange_intake::{
    people::read_people,
    places::{self, LevelRule, ParentRule, PlaceMapping, read_places},
};
use freerange_store::{
    Actor, Store,
    change::{Commitment, Trial},
    demo::{Answered, Course, Event, Made, Past, Reply, Stay},
    invitation::{ANSWER_DAYS, Invite},
    note::Draft,
    outing::Offer,
    practice::Telling,
    session::Attempt,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{demo::password, import, now, progress::Progress};

mod board;
mod circle;
mod community;
mod season;

type Result<T> = anyhow::Result<T>;

/// Turns the generator's day counts into moments.
struct Days<'a> {
    today: Date,
    zone: &'a TimeZone,
}

impl Days<'_> {
    fn date(&self, day: i32) -> Date {
        self.today.saturating_add(i64::from(day).days())
    }

    fn at(&self, day: i32, minute: i32) -> Result<Timestamp> {
        let midnight = self.date(day).to_datetime(jiff::civil::time(0, 0, 0, 0));
        let local = midnight.checked_add(i64::from(minute).minutes())?;
        Ok(self.zone.to_timestamp(local)?)
    }

    /// The beginning of a moment's day: all that is kept of leaving and coming back.
    fn of(&self, at: Timestamp) -> Result<Timestamp> {
        Ok(at.to_zoned_datetime(self.zone.clone()).start_of_day()?.timestamp())
    }
}

/// Codes of the demo are made from its seed, so that a printed card stays good when the city is made again.
struct Codes(u64);

impl Codes {
    fn next(&mut self) -> Code {
        // Splitmix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Code::from_random((z ^ (z >> 31)).to_le_bytes())
    }
}

fn line(text: &str) -> Result<Line> {
    let short: String = text.chars().take(Line::MAX).collect();
    Line::parse(&short).with_context(|| format!("“{short}”"))
}

fn prose(text: &str) -> Result<Prose> {
    Prose::parse(text).with_context(|| format!("“{text}”"))
}

fn reason(text: &str) -> Result<Reason> {
    Reason::parse(text).with_context(|| format!("“{text}”"))
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    Ok(text.parse()?)
}

/// Everything with its new id, by the generator's index.
struct Ids {
    people: Vec<PersonId>,
    places: Vec<PlaceId>,
    challenges: Vec<ChallengeId>,
    /// By the outing they became.
    invitations: HashMap<usize, (InvitationId, Guests)>,
    outings: Vec<(OutingId, Span)>,
    placements: Vec<PlacementId>,
    notes: Vec<NoteId>,
    changes: Vec<ChangeId>,
}

/// Makes the city and writes its year. Returns what to print.
pub(crate) async fn write(
    store: &Store,
    people: usize,
    seed: u64,
    zone: &TimeZone,
    progress: &Progress,
) -> Result<Made> {
    let city = made_up::city(people, seed);
    progress.step(format!("Writing {people} people and their city"));
    import_files(store, &city).await?;
    let days = Days { today: now().to_zoned_datetime(zone.clone()).date(), zone };
    let mut codes = Codes(seed);
    let mut past = store.past().await?;
    let mut ids = known(&mut past, &city).await?;
    progress.step("Writing questions, invitations and outings");
    standing(&mut past, &city, &ids, &days).await?;
    challenges(&mut past, &city, &mut ids, &days).await?;
    let invitation_code = invitations(&mut past, &city, &mut ids, &days, &mut codes).await?;
    outings(&mut past, &city, &mut ids, &days).await?;
    progress.step("Writing who went");
    placements(&mut past, &city, &mut ids, &days).await?;
    progress.step("Writing what was heard");
    let resident_code = notes(&mut past, &city, &mut ids, &days, &mut codes).await?;
    reflections(&mut past, &city, &ids, &days).await?;
    progress.step("Writing what changed");
    changes(&mut past, &city, &mut ids, &days).await?;
    practices(&mut past, &city, &ids, &days).await?;
    past.commit().await?;
    progress.step("Making the accounts");
    board::boards(store, (days.today, now())).await?;
    let sign_in = accounts(store, &city, &ids).await?;
    private_reflection(store, &city, &ids, &days).await?;
    circle::begin(store, &city, &days).await?;
    progress.step("Matching a season");
    season::open(store, &city, &ids, &days).await?;
    swap(store, &city, &ids, &days).await?;
    let community_code = community::enter(store, &city, &ids, &days, zone).await?.grouped();
    Ok(Made { people, seed, sign_in, resident_code, invitation_code, community_code })
}

/// The same way in as for real files.
async fn import_files(store: &Store, city: &made_up::City) -> Result<()> {
    let told = |errors: Vec<freerange_intake::RowError>| anyhow::anyhow!("{}", errors[0]);
    let rows = read_people(city.people_csv().as_bytes()).map_err(told)?;
    let rows: Vec<_> = rows.into_iter().map(import::staff).collect();
    store.import_people(&Actor::Program, &rows, now()).await?;
    let mapping = |level, parent| PlaceMapping {
        level: LevelRule::All(level),
        code_property: "code".into(),
        name_property: "name".into(),
        name_local_property: None,
        parent,
        above: Vec::new(),
    };
    let districts =
        read_places(city.places_geojson.districts.as_bytes(), &mapping(places::Level::District, ParentRule::None));
    let within = ParentRule::Property("district".into());
    let quarters =
        read_places(city.places_geojson.neighbourhoods.as_bytes(), &mapping(places::Level::Neighbourhood, within));
    import::places::write(store, &[districts.map_err(told)?, quarters.map_err(told)?].concat()).await?;
    Ok(())
}

async fn known(past: &mut Past, city: &made_up::City) -> Result<Ids> {
    let by_email = past.people().await?;
    let by_code = past.places(Level::Neighbourhood).await?;
    let people = city.people.iter().map(|p| by_email.get(&p.email).copied().context("a person was not imported"));
    let places = city.neighbourhoods.iter().map(|n| by_code.get(&n.code).copied().context("a place was not imported"));
    Ok(Ids {
        people: people.collect::<Result<_>>()?,
        places: places.collect::<Result<_>>()?,
        challenges: Vec::new(),
        invitations: HashMap::new(),
        outings: Vec::new(),
        placements: Vec::new(),
        notes: Vec::new(),
        changes: Vec::new(),
    })
}

/// A third of the staff, and those of the story, may go out half-days without asking each time.
async fn standing(past: &mut Past, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let granted = days.at(-200, 600)?;
    for (at, person) in city.people.iter().enumerate() {
        let chosen = at % 3 == 1 && at != city.roles.staff;
        if let (true, Some(manager)) = (chosen, person.manager) {
            past.standing_yes(ids.people[at], ids.people[manager], 4, days.date(200), granted).await?;
        }
    }
    Ok(())
}

async fn challenges(past: &mut Past, city: &made_up::City, ids: &mut Ids, days: &Days<'_>) -> Result<()> {
    for c in &city.challenges {
        let ask = Ask {
            title: line(&c.title)?,
            question: prose(&c.question)?,
            why: prose(&c.why)?,
            decision: line(&c.decision)?,
            decision_on: days.date(c.decision_day),
        };
        let asked = days.at(-360, 540)?;
        let id = past.challenge(ids.people[c.owner], &ask, c.place.map(|p| ids.places[p]), asked).await?;
        let outcome = match &c.status {
            made_up::ChallengeStatus::Open => None,
            made_up::ChallengeStatus::Decided { what, why } => {
                Some(Outcome::Decided { what: prose(what)?, why: reason(why)? })
            }
            made_up::ChallengeStatus::Ended { why } => Some(Outcome::Ended { why: reason(why)? }),
        };
        if let Some(outcome) = outcome {
            past.close_challenge(id, &outcome, days.at(c.decision_day.min(-1), 660)?).await?;
        }
        ids.challenges.push(id);
    }
    Ok(())
}

async fn invitations(
    past: &mut Past,
    city: &made_up::City,
    ids: &mut Ids,
    days: &Days<'_>,
    codes: &mut Codes,
) -> Result<String> {
    // The code that is printed shows a visit that was told back and has something to show, where there is one.
    let quoted = |o: usize| city.notes.iter().any(|n| n.quote_consent && city.placements[n.placement].outing == o);
    let told = |o: usize| city.outings[o].told_back.is_some();
    let find = |fits: &dyn Fn(usize) -> bool| city.invitations.iter().position(|i| i.outing.is_some_and(fits));
    let shown = find(&|o| told(o) && quoted(o)).or_else(|| find(&told)).unwrap_or_default();
    let mut printed = None;
    for (at_index, i) in city.invitations.iter().enumerate() {
        let group = &city.groups[i.group];
        let invite = Invite {
            group_name: line(&group.name)?,
            contact_name: line(&group.contact)?,
            contact_email: group.email.clone(),
            contact_phone: String::new(),
            topic: line(&i.topic)?,
            message: prose(&i.message)?,
            place: Some(ids.places[group.neighbourhood]),
            meeting_point: String::new(),
            wished_at: days.at(i.wished_day, i.outing.map_or(14 * 60, |o| city.outings[o].start_minute))?,
            people: i64::try_from(i.people)?,
            language: "en".into(),
            notes_allowed: true,
            photos: i.outing.map_or(Ok(Photos::None), |o| word(city.outings[o].photos))?,
            publicity: i.outing.map_or(Ok(Publicity::None), |o| word(city.outings[o].publicity))?,
            host_wants: i.wants.clone(),
            host_gets: i.gets.clone(),
            access_notes: i.outing.map(|o| city.outings[o].access_notes.clone()).unwrap_or_default(),
            step_free: i.outing.is_some_and(|o| city.outings[o].access.contains(&"step-free")),
            guests: word(i.guests)?,
            received_via: match i.via {
                made_up::Via::Page => "page",
                made_up::Via::Paper => "paper",
                made_up::Via::Phone => "phone",
            },
        };
        let by = ids.people[city.roles.programme_lead];
        let at = days.at(i.received_day, 600)?;
        let reply = |accepted, text: &str| Reply { accepted, text: text.to_owned(), by, at };
        let reply = match &i.status {
            made_up::InvitationStatus::Received => None,
            made_up::InvitationStatus::Accepted => Some(reply(true, "Yes, gladly. We will come with two people.")),
            made_up::InvitationStatus::Declined { why } => Some(reply(false, why)),
        };
        let code = codes.next();
        let clerk = (invite.received_via != "page").then(|| ids.people[city.roles.clerk]);
        let due = days.date(i.received_day).saturating_add(ANSWER_DAYS.days());
        let id = past.invitation(&invite, &code, clerk, reply.as_ref(), due, at).await?;
        if let Some(outing) = i.outing {
            ids.invitations.insert(outing, (id, invite.guests));
        }
        if at_index == shown {
            printed = Some(code.grouped());
        }
    }
    printed.context("no invitation was invented")
}

fn span(o: &made_up::DemoOuting, kind: Kind, days: &Days<'_>) -> Result<Span> {
    let starts = days.at(o.day, o.start_minute)?;
    let ends = match o.length {
        made_up::Length::Minutes(minutes) => days.at(o.day, o.start_minute + minutes)?,
        made_up::Length::Days(n) => days.at(o.day + n - 1, (o.start_minute + 60).max(17 * 60))?,
    };
    Span::new(kind, starts, ends).with_context(|| o.title.clone())
}

/// An outing as it was offered.
fn offer(
    city: &made_up::City,
    ids: &Ids,
    o: &made_up::DemoOuting,
    span: Span,
    invited: Option<(InvitationId, Guests)>,
) -> Result<Offer> {
    let kind: Kind = word(o.kind)?;
    let hosted = o.group.map(|g| &city.groups[g]);
    let parties = kind.template().agrees.iter().filter(|p| p.is_named());
    let parties = parties
        .map(|party| match hosted {
            Some(group) => (*party, group.contact.clone(), group.email.clone()),
            None => (*party, o.host_name.clone(), format!("{party}@partner.example")),
        })
        .collect();
    Ok(Offer {
        kind,
        title: line(&o.title)?,
        description: prose(&o.description)?,
        challenge: o.challenge.map(|c| ids.challenges[c]),
        invitation: invited.map(|(id, _)| id),
        place: Some(ids.places[o.neighbourhood]),
        meeting_point: o.meeting_point.clone(),
        host_name: o.host_name.clone(),
        host_wants: o.host_wants.clone(),
        host_gets: o.host_gets.clone(),
        safety_plan: o.safety_plan.clone(),
        access_notes: o.access_notes.clone(),
        access: o.access.iter().map(|w| word(w)).collect::<anyhow::Result<_>>()?,
        language: o.language.to_owned(),
        span,
        seats: i64::try_from(o.seats)?,
        photos: word(o.photos)?,
        notes_allowed: true,
        publicity: word(o.publicity)?,
        guests: invited.map_or(Guests::Anyone, |(_, guests)| guests),
        parties,
    })
}

async fn outings(past: &mut Past, city: &made_up::City, ids: &mut Ids, days: &Days<'_>) -> Result<()> {
    for (at, o) in city.outings.iter().enumerate() {
        let kind: Kind = word(o.kind)?;
        let span = span(o, kind, days)?;
        let invited = ids.invitations.get(&at).copied();
        let offer = offer(city, ids, o, span, invited)?;
        let offer = match o.challenge {
            Some(c) if city.challenges[c].status != made_up::ChallengeStatus::Open => {
                past.outing_of_then(ids.people[o.organiser], &offer, days.at(o.day - 30, 600)?).await?
            }
            _ => past.outing(ids.people[o.organiser], &offer, days.at(o.day - 30, 600)?).await?,
        };
        if let Some((day, text)) = &o.told_back {
            past.told_back(offer, &prose(text)?, ids.people[o.organiser], days.at(*day, 900)?).await?;
        }
        ids.outings.push((offer, span));
    }
    Ok(())
}

fn ending(e: &made_up::DemoEnding) -> Result<Ending> {
    let kind = match e.kind {
        made_up::EndingKind::Changed => EndingKind::ChangedSomething,
        made_up::EndingKind::ChangedNothing => EndingKind::ChangedNothing,
        made_up::EndingKind::CutShort => EndingKind::CutShort,
        made_up::EndingKind::CancelledByPerson => EndingKind::CancelledByPerson,
        made_up::EndingKind::CancelledByManager => EndingKind::CancelledByManager,
        made_up::EndingKind::CancelledByHost => EndingKind::CancelledByHost,
        made_up::EndingKind::CancelledByResidents => EndingKind::CancelledByResidents,
    };
    Ok(Ending { kind, why: reason(&e.why)? })
}

fn state(p: &made_up::DemoPlacement, kind: Kind, span: Span, days: &Days<'_>) -> Result<State> {
    let at = |m: &made_up::Moment| days.at(m.day, m.minute);
    let dates = match (&p.reflection, &p.return_talk) {
        (Some(r), Some(t)) => Some(ReturnDates::after(span.ends(), at(r)?.max(span.ends()), at(t)?.max(span.ends()))?),
        _ => None,
    };
    let must = || dates.context("a placement from agreed on has its return dates");
    Ok(match p.stage_reached {
        made_up::Stage::Wished => State::Wished { dates },
        made_up::Stage::Offered => {
            let answer = |party| if party == Party::Inviter { Answer::Yes } else { Answer::Open };
            let open = |party: &Party| Approval { party: *party, answer: answer(*party) };
            State::Offered { dates, approvals: kind.template().agrees.iter().map(open).collect() }
        }
        made_up::Stage::Agreed => State::Agreed(must()?),
        made_up::Stage::Preparing => State::Preparing(must()?),
        made_up::Stage::Out => State::Out(must()?),
        made_up::Stage::Debriefing => State::Debriefing(must()?),
        made_up::Stage::Embedding => State::Embedding(must()?),
        made_up::Stage::Closed => {
            let Some(e) = &p.ending else { bail!("a closed placement has an ending") };
            State::Closed { ending: ending(e)?, dates }
        }
    })
}

async fn placements(past: &mut Past, city: &made_up::City, ids: &mut Ids, days: &Days<'_>) -> Result<()> {
    for p in &city.placements {
        let o = &city.outings[p.outing];
        let (outing, span) = ids.outings[p.outing];
        let kind: Kind = word(o.kind)?;
        let state = state(p, kind, span, days)?;
        let went = p.came_back() || matches!(p.stage_reached, made_up::Stage::Out);
        let person = &city.people[p.person];
        let stay = Stay {
            outing,
            title: o.title.clone(),
            starts_at: span.starts(),
            person: ids.people[p.person],
            name: person.name.clone(),
            answers: answers(p, kind),
            done: if went { kind.template().preparation.to_vec() } else { Vec::new() },
            checkin: if went && !p.came_back() { "With a colleague, back by five.".to_owned() } else { String::new() },
            approvals: approvals(city, p, kind, days)?,
            events: events(city, p, &state, span, days)?,
            state,
        };
        ids.placements.push(past.placement(&stay).await?);
    }
    Ok(())
}

fn answers(p: &made_up::DemoPlacement, kind: Kind) -> BTreeMap<String, String> {
    [("learn", &p.want), ("theme", &p.want), ("job-link", &p.job_link), ("cover", &p.cover)]
        .into_iter()
        .filter(|(key, text)| kind.template().questions.contains(key) && !text.is_empty())
        .map(|(key, text)| (key.to_owned(), text.clone()))
        .collect()
}

fn approvals(city: &made_up::City, p: &made_up::DemoPlacement, kind: Kind, days: &Days<'_>) -> Result<Vec<Answered>> {
    if p.stage_reached == made_up::Stage::Wished {
        return Ok(Vec::new());
    }
    let o = &city.outings[p.outing];
    let asked = days.at((o.day - 20).min(-2), 600)?;
    let open = p.stage_reached == made_up::Stage::Offered;
    let manager = city.people[p.person].manager.map(|m| &city.people[m]);
    let mut all = Vec::new();
    for party in kind.template().agrees {
        let (name, email) = match (party, manager, o.group) {
            (Party::Manager, Some(m), _) => (m.name.clone(), m.email.clone()),
            (Party::Manager, None, _) => (city.people[p.person].name.clone(), city.people[p.person].email.clone()),
            (Party::CityOwner, _, _) => {
                let owner = &city.people[o.challenge.map_or(o.organiser, |c| city.challenges[c].owner)];
                (owner.name.clone(), owner.email.clone())
            }
            (_, _, Some(g)) => (city.groups[g].contact.clone(), city.groups[g].email.clone()),
            _ => (o.host_name.clone(), format!("{party}@partner.example")),
        };
        // While it is open the manager is asked first, the others after that yes.
        let asked_at = (!open || *party == Party::Manager).then_some(asked);
        // Inviting is the inviter's yes.
        let yes = !open || *party == Party::Inviter;
        let answer = if yes { Answer::Yes } else { Answer::Open };
        all.push(Answered { party: *party, name, email, answer, asked_at, answered_at: yes.then_some(asked) });
    }
    Ok(all)
}

fn events(
    city: &made_up::City,
    p: &made_up::DemoPlacement,
    state: &State,
    span: Span,
    days: &Days<'_>,
) -> Result<Vec<Event>> {
    let o = &city.outings[p.outing];
    let name = &city.people[p.person].name;
    let wished = days.at((o.day - 21).min(-3), 600)?;
    let event = |at: Timestamp, what: &'static str, why: Option<String>| Event { at, what, by: name.clone(), why };
    let mut all = vec![event(wished, "wished", None)];
    let stage = state.stage();
    if stage >= S::Offered {
        all.push(event(wished, "offered", None));
    }
    if state.dates().is_some() && stage >= S::Agreed {
        all.push(event(days.at((o.day - 20).min(-2), 600)?, "agreed", None));
    }
    if p.came_back() || stage == S::Out {
        all.push(event(days.of(span.starts())?, "out", None));
    }
    if p.came_back() {
        all.push(event(days.of(span.ends())?, "back", None));
    }
    if let State::Closed { ending, dates } = state {
        let at = match dates {
            Some(d) if p.came_back() => d.talk(),
            _ => wished,
        };
        let what = match ending.kind {
            EndingKind::ChangedSomething | EndingKind::ChangedNothing => "closed",
            EndingKind::CutShort => "cut-short",
            _ => "cancelled",
        };
        let at = if what == "cut-short" { days.of(span.ends())? } else { at.min(now()) };
        all.push(event(at, what, Some(ending.why.as_str().to_owned())));
    }
    Ok(all)
}

async fn notes(
    past: &mut Past,
    city: &made_up::City,
    ids: &mut Ids,
    days: &Days<'_>,
    codes: &mut Codes,
) -> Result<String> {
    let mut printed = None;
    for n in &city.notes {
        let p = &city.placements[n.placement];
        let at = days.at(n.day, n.minute)?.min(now());
        let consent = if n.quote_consent {
            let uses = Uses { use_it: true, quote: true, picture: false, contact: false };
            let code = codes.next();
            let (outing, _) = ids.outings[p.outing];
            printed.get_or_insert_with(|| code.grouped());
            Some(past.consent(outing, ids.people[p.person], uses, &code, at, None).await?)
        } else {
            None
        };
        let kind = match (n.kind, consent) {
            (made_up::NoteKind::Said, Some(_)) => note::Kind::Said,
            // What somebody said without a card is kept as something noticed, in the writer's words.
            (made_up::NoteKind::Saw | made_up::NoteKind::Said, _) => note::Kind::Saw,
            (made_up::NoteKind::Wonder, _) => note::Kind::Wonder,
        };
        let draft = Draft {
            id: NoteId::new(),
            kind,
            seen: prose(&n.seen)?,
            meaning: n.meaning.clone(),
            place: None,
            point: None,
            consent,
            picture: None,
            happened_at: at,
        };
        ids.notes.push(past.note(ids.placements[n.placement], &draft, at).await?);
    }
    printed.context("no quote was invented")
}

async fn reflections(past: &mut Past, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for r in city.reflections.iter().filter(|r| r.shared) {
        if !seen.insert((r.placement, r.kind)) {
            continue;
        }
        let person = ids.people[city.placements[r.placement].person];
        let answers = r.answers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let at = days.at(r.day, 1_000)?.min(now());
        let moment = Moment::of(word(r.kind)?, days.date(r.day));
        past.shared_reflection(ids.placements[r.placement], person, moment, &answers, at).await?;
    }
    Ok(())
}

fn course(c: &made_up::DemoChange, days: &Days<'_>) -> Result<(change::Status, Course)> {
    let (status, why) = match &c.status {
        made_up::ChangeStatus::Running => (change::Status::Running, None),
        made_up::ChangeStatus::Done => (change::Status::Done, None),
        made_up::ChangeStatus::Dropped { why } => (change::Status::Dropped, Some(why.clone())),
    };
    let mut answers = Vec::new();
    for f in &c.follow_ups {
        let kept = match f.answer {
            made_up::Answer::Kept => change::Kept::Kept,
            made_up::Answer::Partly => change::Kept::Partly,
            made_up::Answer::Not => change::Kept::NotKept,
            made_up::Answer::Silent => continue,
        };
        answers.push((word(f.interval)?, kept, days.at(f.day, 600)?.min(now())));
    }
    let tested = match c.trial.as_ref().and_then(|t| t.verdict.as_ref()) {
        Some((verdict, result)) if status == change::Status::Done => {
            let finding = match *verdict {
                "stop" => change::experiment::Finding::NotSupported,
                "adapt" => change::experiment::Finding::Unclear,
                _ => change::experiment::Finding::Supported,
            };
            Some((finding, word(verdict)?, result.clone()))
        }
        _ => None,
    };
    // A test that is done has a result; one without is still running.
    let status = if c.trial.is_some() && status == change::Status::Done && tested.is_none() {
        change::Status::Running
    } else {
        status
    };
    Ok((status, Course { status, why, tested, answers }))
}

async fn changes(past: &mut Past, city: &made_up::City, ids: &mut Ids, days: &Days<'_>) -> Result<()> {
    for c in &city.changes {
        let kind = match c.kind {
            made_up::ChangeKind::Start => change::Kind::Start,
            made_up::ChangeKind::Adapt => change::Kind::Adapt,
            made_up::ChangeKind::Test => change::Kind::Test,
            made_up::ChangeKind::Stop => change::Kind::Stop,
        };
        let test = match &c.trial {
            Some(t) => Some(Trial {
                belief: prose(&t.belief)?,
                smallest_test: prose(&t.smallest)?,
                change_mind: prose(&t.change_mind)?,
                baseline: prose(made_up::BASELINE)?,
                cost: prose(made_up::COST)?,
                could_harm: prose(made_up::COULD_HARM)?,
                who_asked: prose(made_up::WHO_ASKED)?,
                sureness: if t.ends_day % 2 == 0 {
                    change::experiment::Sureness::Hunch
                } else {
                    change::experiment::Sureness::Open
                },
                learn_next: Some(line(made_up::LEARN_NEXT)?),
                ends_on: days.date(t.ends_day),
            }),
            None => None,
        };
        let commitment = Commitment {
            challenge: Some(ids.challenges[c.challenge]),
            placement: Some(ids.placements[c.placement]),
            kind,
            title: line(&c.title)?,
            what: prose(&c.what)?,
            when_x: line(&c.when_x)?,
            will_y: line(&c.will_y)?,
            makes_room: c.makes_room.clone(),
            hours_freed: i64::from(c.hours_freed),
            committed_on: days.date(c.committed_day),
            test,
            evidence: c.evidence.iter().map(|n| ids.notes[*n]).collect(),
            insights: Vec::new(),
        };
        let (_, course) = course(c, days)?;
        let at = days.at(c.committed_day, 900)?.min(now());
        ids.changes.push(past.change(ids.people[c.owner], &commitment, &course, days.today, at).await?);
    }
    Ok(())
}

async fn practices(past: &mut Past, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    for p in &city.practices {
        let change = &city.changes[p.change];
        // Only words that may be quoted stand in public.
        let quotes = change.evidence.iter().filter(|n| city.notes[**n].quote_consent).map(|n| ids.notes[*n]);
        let telling = Telling {
            change: Some(ids.changes[p.change]),
            title: line(&p.title)?,
            problem: prose(&p.problem)?,
            what: prose(&p.what_we_did)?,
            how: prose(&p.how)?,
            needed: prose(&p.needed)?,
            result: prose(&p.result)?,
            careful: prose(&p.careful)?,
            language: "en".into(),
            origin: None,
            quotes: quotes.collect(),
        };
        past.practice(ids.people[change.owner], &telling, days.at(p.published_day, 800)?.min(now())).await?;
    }
    Ok(())
}

/// Passwords and roles for those who sign in. Argon2 is slow on purpose, so nobody else gets one.
async fn accounts(store: &Store, city: &made_up::City, ids: &Ids) -> Result<Vec<(String, String)>> {
    let r = &city.roles;
    let mut sign_in = Vec::new();
    let mut roles: HashMap<usize, Vec<Role>> = HashMap::new();
    for (name, at, role) in [
        ("mayor", r.mayor, Some(Role::Mayor)),
        ("programme-lead", r.programme_lead, Some(Role::ProgrammeLead)),
        ("auditor", r.auditor, Some(Role::Auditor)),
        ("admin", r.admin, Some(Role::Admin)),
        ("clerk", r.clerk, Some(Role::Clerk)),
        ("challenge-owner", r.challenge_owner, None),
        ("manager", r.manager, None),
        ("staff", r.staff, None),
    ] {
        store.first_password(ids.people[at], &password(name), now()).await?;
        if let Some(role) = role {
            let all = roles.entry(at).or_default();
            all.push(role);
            store.set_roles(&Actor::Program, ids.people[at], all, now()).await?;
        }
        sign_in.push((name.to_owned(), city.people[at].email.clone()));
    }
    Ok(sign_in)
}

/// An exchange with three other cities that waits for everybody's yes.
async fn swap(store: &Store, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let open = city.challenges.iter().position(|c| matches!(c.status, made_up::ChallengeStatus::Open));
    let person = |at: usize| &city.people[at];
    let story = crate::swap::Story {
        city: &city.name,
        lead: &person(city.roles.programme_lead).email,
        staff: (&person(city.roles.staff).name, &person(city.roles.staff).email),
        challenge: open.map(|at| ids.challenges[at]),
        today: days.today,
        now: now(),
    };
    crate::swap::write(store, &story).await
}

/// One private reflection, sealed by its writer's own session like any other.
async fn private_reflection(store: &Store, city: &made_up::City, ids: &Ids, days: &Days<'_>) -> Result<()> {
    let email = Email::parse(&city.people[city.roles.staff].email).context("the story's address")?;
    let secret = password("staff");
    let attempt = Attempt { email: email.as_str(), password: &secret, from: "127.0.0.1", agent: "demo" };
    let token = store.sign_in(&attempt, now()).await?;
    let actor = store.session_actor(&token, now()).await?;
    let mine = city
        .placements
        .iter()
        .position(|p| p.person == city.roles.staff && p.stage_reached == made_up::Stage::Debriefing);
    if let Some(at) = mine {
        let moment = Moment::Evening(days.date(city.outings[city.placements[at].outing].day));
        let words = [
            ("struck", "How long they had rehearsed what to say to us."),
            ("not-understood", "Why nobody ever answered the first letter."),
        ];
        let answers = words.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        store.write_reflection(&actor, ids.placements[at], moment, &answers, now()).await?;
    }
    store.sign_out(&token).await?;
    Ok(())
}
