//! The demo's exchange: this city and three others, entered and matched the way a real one is, waiting for everybody's
//! yes, so that whoever runs it sees one at the first start.

use anyhow::Context;
use freerange_domain::{
    exchange::{Grade, Matching, Together, Topic, Window, Wish},
    id::{ChallengeId, ExchangeId, MemberId},
    people::Email,
    text::{Line, Prose},
};
use freerange_store::{
    Actor, Store,
    exchange::{GoerEntry, Joining, Opening, PostEntry},
    session::Attempt,
};
use freerange_web::exchange::matching::matched;
use jiff::{Timestamp, ToSpan, civil::Date};

use crate::demo::password;

type Result<T> = anyhow::Result<T>;

/// A city: its name, contact, language, the place it offers, its topic, and who would go.
struct Peer {
    city: &'static str,
    contact: &'static str,
    email: &'static str,
    language: &'static str,
    place: &'static str,
    shows: &'static str,
    topic: Topic,
    label: &'static str,
    learn: &'static str,
    wants: Topic,
}

const PEERS: &[Peer] = &[
    Peer {
        city: "Ghent",
        contact: "Lies Maes",
        email: "lies.maes@ghent.example",
        language: "nl",
        place: "Rent desk in the north quarter",
        shows: "A week beside the two colleagues who ring tenants before a letter goes out.",
        topic: Topic::Housing,
        label: "R-17",
        learn: "How a counter stays open for people who cannot read the form.",
        wants: Topic::Permits,
    },
    Peer {
        city: "Seoul, Eunpyeong",
        contact: "Kim Minji",
        email: "minji.kim@eunpyeong.example",
        language: "ko",
        place: "Visiting service of a dong office",
        shows: "Walk along with those who visit every household of older people once a season.",
        topic: Topic::Permits,
        label: "E-2",
        learn: "How residents decide about a street budget without the loudest winning.",
        wants: Topic::Participation,
    },
    Peer {
        city: "Montevideo",
        contact: "Ana Silva",
        email: "ana.silva@montevideo.example",
        language: "es",
        place: "Neighbourhood council, zone 8",
        shows: "Prepare, hold and follow up two evenings of the council with its secretary.",
        topic: Topic::Participation,
        label: "M-5",
        learn: "How a debt is noticed before it becomes an eviction.",
        wants: Topic::Income,
    },
];

fn line(text: &str) -> Result<Line> {
    Line::parse(text).with_context(|| text.to_owned())
}

fn prose(text: &str) -> Result<Prose> {
    Prose::parse(text).with_context(|| text.to_owned())
}

/// Somebody of the demo, signed in.
async fn enter(store: &Store, role: &str, email: &str, now: Timestamp) -> Result<Actor> {
    let secret = password(role);
    let token = store.sign_in(&Attempt { email, password: &secret, from: "127.0.0.1", agent: "demo" }, now).await?;
    Ok(store.session_actor(&token, now).await?)
}

fn goer(label: &str, learn: &str, topic: Topic, wishes: Vec<Wish>, season: Window) -> Result<GoerEntry> {
    Ok(GoerEntry {
        label: line(label)?,
        email: None,
        language: "en".to_owned(),
        grade: Grade::Experienced,
        languages: vec!["en".to_owned()],
        free: season,
        learn: prose(learn)?,
        topics: vec![topic],
        wishes,
        anywhere: false,
    })
}

fn place(title: &str, shows: &str, topic: Topic, season: Window) -> Result<PostEntry> {
    Ok(PostEntry {
        title: line(title)?,
        shows: prose(shows)?,
        topics: vec![topic],
        languages: vec!["en".to_owned()],
        grades: Vec::new(),
        free: season,
        guests: 1,
    })
}

/// What the exchange is told with.
pub(crate) struct Story<'a> {
    pub(crate) city: &'a str,
    pub(crate) lead: &'a str,
    pub(crate) staff: (&'a str, &'a str),
    pub(crate) challenge: Option<ChallengeId>,
    pub(crate) today: Date,
    pub(crate) now: Timestamp,
}

async fn opened(store: &Store, story: &Story<'_>, lead: &Actor, season: Window) -> Result<ExchangeId> {
    let opening = Opening {
        title: line("Spring exchange: before the letter goes out")?,
        challenge: story.challenge,
        season,
        days: 5,
        answers_until: story.today.saturating_add(14.days()),
        together: Together::Each,
        matching: Matching::default(),
        home: line(story.city)?,
        most_out: 2,
        tolerance: 0,
    };
    Ok(store.open_exchange(lead, &opening, story.now).await?)
}

/// Opens it, enters all cities' people and places, and puts the proposal out.
pub(crate) async fn write(store: &Store, story: &Story<'_>) -> Result<()> {
    let now = story.now;
    let lead = enter(store, "programme-lead", story.lead, now).await?;
    let season = Window::new(story.today.saturating_add(60.days()), story.today.saturating_add(150.days()));
    let season = season.context("the season is in order")?;
    let id = opened(store, story, &lead, season).await?;
    let mut members: Vec<MemberId> = Vec::new();
    for peer in PEERS {
        let joining = Joining {
            city: line(peer.city)?,
            contact_name: line(peer.contact)?,
            contact_email: Email::parse(peer.email).context("an address")?,
            language: peer.language.to_owned(),
            most_out: 2,
            tolerance: 0,
        };
        members.push(store.add_member(&lead, id, &joining, now).await?);
    }
    let home = store.exchange(&lead, id, now).await?.members.iter().find(|m| m.home).context("we take part")?.id;
    let desk = place(
        "Debt desk, two mornings on the road",
        "Ring and visit with the colleague who does it.",
        Topic::Income,
        season,
    )?;
    store.enter_post(&lead, (id, home), None, &desk, now).await?;
    for (at, peer) in PEERS.iter().enumerate() {
        store
            .enter_post(&lead, (id, members[at]), None, &place(peer.place, peer.shows, peer.topic, season)?, now)
            .await?;
    }
    for (at, peer) in PEERS.iter().enumerate() {
        let next = members.get(at + 1).copied().unwrap_or(home);
        // Should a leg drop out, another way round is possible.
        let wishes = if next == home { vec![Wish::Member(home)] } else { vec![Wish::Member(next), Wish::Member(home)] };
        store
            .enter_goer(&lead, (id, members[at]), &goer(peer.label, peer.learn, peer.wants, wishes, season)?, now)
            .await?;
    }
    let staff = enter(store, "staff", story.staff.1, now).await?;
    let learn = "How Ghent talks with tenants before the letter goes out.";
    let part = goer(story.staff.0, learn, Topic::Housing, vec![Wish::Member(members[0])], season)?;
    store.take_part(&staff, id, &part, now).await?;
    let answer = matched(&store.exchange_question(&lead, id).await?)?;
    store.propose(&lead, id, &answer.picks, answer.proof, None, now).await?;
    Ok(())
}
