//! Outings: where to go. Search by kind, place, date, language, access and challenge, as list and map;
//! what the host wants and gets; "I want to go"; telling back.

use std::{collections::BTreeMap, sync::LazyLock};

use askama::Template;
use axum::{
    extract::{Path, Query, RawQuery},
    routing::{get, post},
};
pub(crate) use freerange_domain::outing::Status;
use freerange_domain::{
    id::{ChallengeId, OutingId, PlaceId, PlacementId, RoundId},
    language::{self, LANGUAGES},
    outing::{
        Access, Guests, Kind as OutingKind, Party, Photos, Publicity, Span, SpanProblem, TEMPLATES,
        Template as OutingTemplate,
    },
    overview::{Been, Load},
    place::Level,
    placement::Canceller,
    time,
};
use freerange_store::outing::{Listed, Offer, Search as StoreSearch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    map::{self, Area},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

mod edit;

const KINDS: &[&str] = &[
    "immersion",
    "shadowing",
    "community-visit",
    "university-project",
    "learning-visit",
    "secondment",
    "exchange-ring",
];
pub(crate) const GUESTS: &[&str] = &["anyone", "decide", "do"];
pub(crate) const PHOTOS: &[&str] = &["none", "ask", "yes"];
pub(crate) const PUBLICITY: &[&str] = &["none", "after", "open"];

/// Everything an offer can say; whom to ask is what the templates of all kinds ask for, each once.
static OFFER: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = SAID.to_vec();
    for party in Party::ALL.iter().filter(|p| TEMPLATES.iter().any(|t| t.agrees.contains(p))) {
        for field in
            asked(*party).into_iter().flat_map(|(name, email)| [may(name, Kind::Line), may(email, Kind::Email)])
        {
            if !fields.iter().any(|f| f.name == field.name) {
                fields.push(field);
            }
        }
    }
    fields
});

/// The fields in which a party's name and address are given, for those who must be named.
const fn asked(party: Party) -> Option<(&'static str, &'static str)> {
    match party {
        Party::Person | Party::Manager | Party::CityOwner | Party::Inviter => None,
        Party::Host => Some(("host_name", "host_email")),
        Party::ResidentsBody => Some(("residents_body_name", "residents_body_email")),
        Party::Shadowed => Some(("shadowed_name", "shadowed_email")),
        Party::Faculty => Some(("faculty_name", "faculty_email")),
        Party::LegalEthics => Some(("legal_ethics_name", "legal_ethics_email")),
        Party::PeerCity => Some(("peer_city_name", "peer_city_email")),
        Party::HomeOrganisation => Some(("home_organisation_name", "home_organisation_email")),
        Party::EveryLeg => Some(("every_leg_name", "every_leg_email")),
    }
}

const SAID: &[Field] = &[
    must("kind", Kind::Word(KINDS)),
    must("title", Kind::Line),
    must("description", Kind::Prose),
    must("challenge", Kind::Id),
    may("place", Kind::Id),
    must("meeting_point", Kind::Line),
    must("host_name", Kind::Line),
    may("host_wants", Kind::Prose),
    may("host_gets", Kind::Prose),
    must("safety_plan", Kind::Prose),
    may("access_notes", Kind::Prose),
    may("access", Kind::Many),
    must("language", Kind::Line),
    must("starts_date", Kind::Date),
    must("starts_time", Kind::Time),
    must("ends_date", Kind::Date),
    must("ends_time", Kind::Time),
    must("seats", Kind::Number),
    must("photos", Kind::Word(PHOTOS)),
    may("notes_allowed", Kind::Flag),
    must("publicity", Kind::Word(PUBLICITY)),
    may("guests", Kind::Word(GUESTS)),
];

const CANCEL: &[Field] = &[must("by", Kind::Word(&["host", "residents", "manager"])), must("why", Kind::Reason)];
const TELL: &[Field] = &[must("told", Kind::Prose)];
const RETURN: &[Field] = &[
    must("reflection_date", Kind::Date),
    must("reflection_time", Kind::Time),
    must("talk_date", Kind::Date),
    must("talk_time", Kind::Time),
];
/// The questions of all templates, of which a kind asks its own, and the dates of coming back.
static WISH: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let questions = OutingTemplate::all_questions().into_iter().map(|q| may(q, Kind::Prose));
    questions.chain(RETURN.iter().copied()).collect()
});

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<List, _>("/outings", list),
        routes::act("/outings", &OFFER, post(offer)),
        routes::asked::<New, _>("/outings/new", new),
        routes::page::<Show>("/outings/{id}", get(show)),
        routes::act("/outings/{id}", edit::EDIT, post(edit::save)),
        routes::page::<edit::EditOuting>("/outings/{id}/edit", get(edit::show)),
        routes::page::<Wish>("/outings/{id}/wish", get(wish)),
        routes::act("/outings/{id}/wishes", &WISH, post(make_wish)),
        routes::page::<Aftermath>("/outings/{id}/aftermath", get(aftermath)),
        routes::act("/outings/{id}/cancellation", CANCEL, post(cancel)),
        routes::act("/outings/{id}/told-back", TELL, post(tell)),
    ]
}

/// What is searched for, as typed.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Search {
    /// Words to search for.
    #[serde(default)]
    q: String,
    /// Only of this kind.
    #[serde(default)]
    #[schemars(with = "OutingKind")]
    kind: String,
    /// Only in this neighbourhood.
    #[serde(default)]
    #[schemars(with = "PlaceId")]
    place: String,
    /// Only for this challenge.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    challenge: String,
    /// Only in this language.
    #[serde(default)]
    language: String,
    /// Only with all of these; may stand several times, so the handler reads it by itself.
    #[serde(skip_deserializing)]
    #[schemars(!skip_deserializing, default, with = "Vec<Access>")]
    #[expect(dead_code, reason = "described here, read from the raw query")]
    access: (),
    /// Only from this day on.
    #[serde(default)]
    #[schemars(with = "crate::values::Day")]
    from: String,
    /// Only until this day.
    #[serde(default)]
    #[schemars(with = "crate::values::Day")]
    until: String,
    /// From 1.
    #[serde(default)]
    page: i64,
}

/// An outing in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: OutingId,
    pub(crate) kind: OutingKind,
    pub(crate) title: String,
    pub(crate) place: Option<String>,
    pub(crate) host_name: String,
    pub(crate) starts_at: When,
    pub(crate) ends_at: When,
    pub(crate) seats: i64,
    pub(crate) taken: i64,
    pub(crate) language: String,
    pub(crate) access: Vec<Access>,
    pub(crate) status: Status,
}

impl Row {
    /// Seats that are free.
    pub(crate) fn left(&self) -> i64 {
        (self.seats - self.taken).max(0)
    }
}

impl From<Listed> for Row {
    fn from(o: Listed) -> Self {
        Self {
            id: o.id,
            kind: o.kind,
            title: o.title,
            place: o.place,
            host_name: o.host_name,
            starts_at: When(o.starts_at),
            ends_at: When(o.ends_at),
            seats: o.seats,
            taken: o.taken,
            language: o.language,
            access: o.access,
            status: o.status,
        }
    }
}

/// `/outings`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    outings: Vec<Row>,
    /// How many there are in each neighbourhood.
    areas: Vec<Area>,
    #[serde(skip)]
    challenges: Vec<(ChallengeId, String)>,
    #[serde(skip)]
    kinds: Vec<(&'static str, String)>,
    /// Languages in which outings to come are.
    #[serde(skip)]
    languages: Vec<(String, String)>,
    #[serde(skip)]
    access: Vec<(Access, String)>,
    /// The chosen neighbourhood.
    place: Option<PlaceId>,
    #[serde(skip)]
    query: String,
    number: i64,
    more: bool,
}

/// Access needs to choose from.
fn access_words(ctx: &Ctx) -> Vec<(Access, String)> {
    Access::ALL.iter().map(|a| (*a, ctx.t.of("access", a.as_str()))).collect()
}

/// Languages to choose from, each by its own name.
pub(crate) fn languages() -> Vec<(&'static str, &'static str)> {
    LANGUAGES.to_vec()
}

/// Access needs of a query, of which there may be several.
fn wanted_access(query: Option<&str>) -> Vec<Access> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name == "access")
        .filter_map(|(_, word)| word.parse().ok())
        .collect()
}

fn as_query(search: &Search, access: &[Access]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("q", &search.q),
        ("kind", &search.kind),
        ("challenge", &search.challenge),
        ("language", &search.language),
        ("from", &search.from),
        ("until", &search.until),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    for word in access {
        query.append_pair("access", word.as_str());
    }
    let query = query.finish();
    if query.is_empty() { query } else { query + "&" }
}

async fn list(ctx: Ctx, Query(search): Query<Search>, RawQuery(raw): RawQuery) -> Answer {
    let access = wanted_access(raw.as_deref());
    let mut form = Form::empty(ctx.t)
        .with("q", &search.q)
        .with("kind", &search.kind)
        .with("challenge", &search.challenge)
        .with("language", &search.language)
        .with("from", &search.from)
        .with("until", &search.until);
    for word in &access {
        form = form.with("access", word);
    }
    let (today, zone) = (ctx.today(), &ctx.app.zone);
    let from = if search.from.is_empty() { None } else { form.moment_at_midnight("from", today, zone) };
    // To the end of that day.
    let until = if search.until.is_empty() { None } else { form.midnight_after("until", today, zone) };
    if until.is_some_and(|until| until <= from.unwrap_or(ctx.now)) {
        form.wrong("until", "date-too-early");
    }
    let wanted = StoreSearch {
        kind: search.kind.parse().ok(),
        place: search.place.parse().ok(),
        challenge: search.challenge.parse().ok(),
        language: search.language.clone(),
        access,
        text: search.q.clone(),
        from: from.unwrap_or(ctx.now),
        until,
    };
    let store = &ctx.app.store;
    let found = store.outings(&ctx.actor, &wanted, search.page).await?;
    let counts = store.outings_by_place(&ctx.actor, &wanted).await?;
    let places = store.places(Level::Neighbourhood).await?;
    let query = as_query(&search, &wanted.access);
    let spoken = store.outing_languages(&ctx.actor, ctx.now).await?;
    let page = List {
        page: ctx.chrome(),
        outings: found.items.into_iter().map(Row::from).collect(),
        areas: map::areas(places, &counts, wanted.place, |n| ctx.t.count_outings(n)),
        challenges: store.open_challenges(&ctx.actor).await?,
        kinds: KINDS.iter().map(|k| (*k, ctx.t.of("kind", k))).collect(),
        languages: spoken
            .into_iter()
            .map(|code| (language::name(&code).to_owned(), code))
            .map(|(n, c)| (c, n))
            .collect(),
        access: access_words(&ctx),
        place: wanted.place,
        query,
        number: found.number,
        more: found.more,
        form,
    };
    ctx.form_page(&page.form, &page)
}

/// `/outings/new`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Open challenges to serve.
    challenges: Vec<(ChallengeId, String)>,
    /// Neighbourhoods to choose from.
    places: Vec<(PlaceId, String)>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    #[serde(skip)]
    access: Vec<(Access, String)>,
    #[serde(skip)]
    kinds: Vec<(&'static str, String)>,
    /// The kind that was chosen; each asks for other things.
    kind: Option<OutingKind>,
    /// Who must agree and is to be named: the party and the fields for name and address.
    parties: Vec<(Party, &'static str, &'static str)>,
    /// Whether the reader may type in an invitation.
    #[serde(skip)]
    clerk: bool,
}

/// What a new outing may start from.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct From_ {
    /// The challenge it serves.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    challenge: String,
    /// Its kind.
    #[serde(default)]
    #[schemars(with = "OutingKind")]
    kind: String,
}

async fn new(ctx: Ctx, Query(from): Query<From_>) -> Answer {
    let form = Form::empty(ctx.t)
        .with("challenge", from.challenge)
        .with("kind", from.kind)
        .with("guests", "anyone")
        .with("language", ctx.t.lang().tag())
        .with("seats", 2)
        .with("photos", "none")
        .with("publicity", "none")
        .with("notes_allowed", "yes")
        .with("starts_time", "09:00")
        .with("ends_time", "17:00");
    new_page(&ctx, form).await
}

async fn new_page(ctx: &Ctx, form: Form) -> Answer {
    let store = &ctx.app.store;
    freerange_store::may(&ctx.actor, freerange_store::Act::OfferOuting, &freerange_store::About::nothing())?;
    let kind: Option<OutingKind> = form.value("kind").parse().ok().filter(|k| *k != OutingKind::FreeRangeDay);
    let agrees = kind.map_or(&[][..], |k| k.template().agrees);
    let page = New {
        page: ctx.chrome(),
        form,
        kind,
        parties: agrees.iter().filter_map(|p| asked(*p).map(|(name, email)| (*p, name, email))).collect(),
        clerk: crate::invitation::is_clerk(ctx),
        challenges: store.open_challenges(&ctx.actor).await?,
        places: store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect(),
        languages: languages(),
        access: access_words(ctx),
        kinds: KINDS.iter().map(|k| (*k, ctx.t.of("kind", k))).collect(),
    };
    ctx.form_page(&page.form, &page)
}

/// Who else must agree, as named in the form: each party that a template asks for needs an address.
fn parties(form: &mut Form, kind: OutingKind) -> Vec<(Party, String, String)> {
    let mut named = Vec::new();
    for party in kind.template().agrees {
        let Some((name, email)) = asked(*party) else { continue };
        let (line, email) = (form.line(name), form.email(email));
        if let (Some(line), Some(email)) = (line, email) {
            named.push((*party, line.into_string(), email.as_str().to_owned()));
        }
    }
    named
}

pub(crate) fn read_span(form: &mut Form, ctx: &Ctx, kind: OutingKind) -> Option<Span> {
    let (today, zone) = (ctx.today(), &ctx.app.zone);
    let starts = form.moment("starts_date", "starts_time", today, zone);
    let ends = form.moment("ends_date", "ends_time", today, zone);
    match Span::new(kind, starts?, ends?) {
        Ok(span) => Some(span),
        Err(SpanProblem::Backwards) => {
            form.wrong("ends_date", "date-too-early");
            None
        }
        Err(SpanProblem::TooLong(days)) => {
            let message = ctx.t.error_too_many_days(days);
            form.wrong_saying("ends_date", message);
            None
        }
    }
}

pub(crate) fn text(form: &mut Form, name: &str) -> String {
    form.maybe_prose(name).map(|p| p.as_str().to_owned()).unwrap_or_default()
}

fn read_offer(form: &mut Form, ctx: &Ctx) -> Option<Offer> {
    let kind: Option<OutingKind> = form.word("kind");
    let (title, description) = (form.line("title"), form.prose("description"));
    let (challenge, place) = (form.word::<ChallengeId>("challenge"), form.maybe_word::<PlaceId>("place"));
    let (meeting, host) = (form.line("meeting_point"), form.line("host_name"));
    let (wants, gets, notes) = (text(form, "host_wants"), text(form, "host_gets"), text(form, "access_notes"));
    let access: Vec<Access> = form.many("access");
    let (safety, language) = (form.prose("safety_plan"), form.line("language"));
    if language.as_ref().is_some_and(|l| !language::is_known(l.as_str())) {
        form.wrong("language", "choose");
    }
    let span = kind.and_then(|k| read_span(form, ctx, k));
    if span.is_some_and(|s| s.starts() < ctx.now) {
        form.wrong("starts_date", "date-past");
    }
    let seats = form.number("seats", 1, 500);
    let (photos, publicity) = (form.word::<Photos>("photos"), form.word::<Publicity>("publicity"));
    let parties = kind.map(|k| parties(form, k)).unwrap_or_default();
    let guests = form.maybe_word::<Guests>("guests").unwrap_or(Guests::Anyone);
    match kind {
        Some(OutingKind::FreeRangeDay) => form.wrong("kind", "choose"),
        Some(kind) if kind.template().by_invitation() => form.wrong("kind", "by-invitation"),
        _ => {}
    }
    if form.has_errors() {
        return None;
    }
    Some(Offer {
        kind: kind?,
        title: title?,
        description: description?,
        challenge,
        invitation: None,
        place,
        meeting_point: meeting?.into_string(),
        host_name: host?.into_string(),
        host_wants: wants,
        host_gets: gets,
        safety_plan: safety?.as_str().to_owned(),
        access_notes: notes,
        access,
        language: language?.into_string(),
        span: span?,
        seats: seats?,
        photos: photos?,
        notes_allowed: form.flag("notes_allowed"),
        publicity: publicity?,
        guests,
        parties,
    })
}

async fn offer(ctx: Ctx, mut form: Form) -> Answer {
    let Some(offer) = read_offer(&mut form, &ctx) else { return new_page(&ctx, form).await };
    match ctx.app.store.offer_outing(&ctx.actor, &offer, &ctx.app.zone, ctx.now).await {
        Ok(id) => ctx.done(&format!("/outings/{id}"), "outing-offered"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, form).await
        }
    }
}

/// `/outings/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    outing: Row,
    description: String,
    challenge: Option<(ChallengeId, String)>,
    organiser: String,
    meeting_point: String,
    host_wants: String,
    host_gets: String,
    safety_plan: String,
    access_notes: String,
    photos: Photos,
    notes_allowed: bool,
    publicity: Publicity,
    guests: Guests,
    status_why: Option<String>,
    told_back: Option<String>,
    told_back_at: Option<When>,
    /// Who must agree, beside the person.
    agrees: Vec<Party>,
    /// What is prepared before leaving.
    preparation: Vec<&'static str>,
    /// What is asked on return.
    returning: Vec<&'static str>,
    mine: Option<PlacementId>,
    /// The open round that takes its wishes: which, its name, until when.
    round: Option<(RoundId, String, Day)>,
    /// Whether that is still under way.
    going: bool,
    /// How much the neighbourhood was visited in the 90 days before.
    load: Load,
    /// Who has been with this host.
    been: Been,
    /// Colleagues who have been there and may be asked.
    askable: Vec<String>,
    /// What they shared of their thinking.
    shared: Vec<crate::reflection::SharedRow>,
    is_over: bool,
    can_cancel: bool,
    /// Whether the reader may change it.
    can_edit: bool,
    /// Whether the reader may hand it over.
    can_hand_over: bool,
}

async fn show(ctx: Ctx, Path(id): Path<OutingId>) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let about = freerange_store::About { organiser: Some(o.organiser_id), ..freerange_store::About::default() };
    let template = o.listed.kind.template();
    let voices = ctx.app.store.voices(&ctx.actor, id).await?;
    ctx.page(&Show {
        page: ctx.chrome(),
        is_over: o.listed.ends_at < ctx.now,
        can_cancel: o.listed.status == Status::Open
            && freerange_store::may(&ctx.actor, freerange_store::Act::CancelOuting, &about).is_ok(),
        can_edit: o.listed.status == Status::Open
            && o.listed.ends_at > ctx.now
            && freerange_store::may(&ctx.actor, freerange_store::Act::EditOuting, &about).is_ok(),
        can_hand_over: o.listed.kind != OutingKind::FreeRangeDay
            && freerange_store::may(&ctx.actor, freerange_store::Act::HandOver, &about).is_ok(),
        outing: Row::from(o.listed),
        description: o.description,
        challenge: o.challenge,
        organiser: o.organiser,
        meeting_point: o.meeting_point,
        host_wants: o.host_wants,
        host_gets: o.host_gets,
        safety_plan: o.safety_plan,
        access_notes: o.access_notes,
        photos: o.photos,
        notes_allowed: o.notes_allowed,
        publicity: o.publicity,
        guests: o.guests,
        status_why: o.status_why,
        told_back: o.told_back,
        told_back_at: o.told_back_at.map(When),
        agrees: template.agrees.to_vec(),
        preparation: template.preparation.to_vec(),
        returning: template.returning.to_vec(),
        mine: o.mine,
        round: ctx.app.store.round_of_outing(&ctx.actor, id).await?.map(|(id, title, day)| (id, title, Day(day))),
        going: o.going,
        askable: voices.askable,
        shared: voices.shared.into_iter().map(crate::reflection::SharedRow::from).collect(),
        load: o.load,
        been: o.been,
    })
}

/// `/outings/{id}/wish`: "I want to go".
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/wish.html")]
pub struct Wish {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    outing: Row,
    /// The template's questions, by key.
    questions: Vec<&'static str>,
    /// Those that cannot be left out.
    required: Vec<&'static str>,
}

/// Return dates that suit most: two days after, and a week after, in the morning.
pub(crate) fn proposed_return(form: Form, ctx: &Ctx, ends_at: Timestamp) -> Form {
    let day = time::day_of(ends_at, &ctx.app.zone);
    let after = |days: i64| day.saturating_add(jiff::Span::new().days(days)).to_string();
    form.with("reflection_date", after(1))
        .with("reflection_time", "16:00")
        .with("talk_date", after(7))
        .with("talk_time", "10:00")
}

async fn wish(ctx: Ctx, Path(id): Path<OutingId>) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let form = proposed_return(Form::empty(ctx.t), &ctx, o.listed.ends_at);
    wish_page(&ctx, id, form).await
}

async fn wish_page(ctx: &Ctx, id: OutingId, form: Form) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let template = o.listed.kind.template();
    let (questions, required) = (template.questions.to_vec(), template.must_answer().collect());
    let page = Wish { page: ctx.chrome(), form, outing: Row::from(o.listed), questions, required };
    ctx.form_page(&page.form, &page)
}

async fn make_wish(ctx: Ctx, Path(id): Path<OutingId>, mut form: Form) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let mut answers = BTreeMap::new();
    for question in o.listed.kind.template().questions {
        if let Some(answer) = form.maybe_prose(question) {
            answers.insert((*question).to_owned(), answer.as_str().to_owned());
        }
    }
    for question in o.listed.kind.template().must_answer() {
        if !answers.contains_key(question) && form.error(question).is_none() {
            form.wrong(question, "empty");
        }
    }
    let (today, zone) = (ctx.today(), &ctx.app.zone);
    let reflection = form.moment("reflection_date", "reflection_time", today, zone);
    let talk = form.moment("talk_date", "talk_time", today, zone);
    let (false, Some(reflection), Some(talk)) = (form.has_errors(), reflection, talk) else {
        return wish_page(&ctx, id, form).await;
    };
    match ctx.app.store.wish(&ctx.actor, id, &answers, Some((reflection, talk)), ctx.now).await {
        Ok(placement) => ctx.done(&format!("/placements/{placement}"), "wished"),
        Err(error) => {
            form.refuse(error)?;
            wish_page(&ctx, id, form).await
        }
    }
}

/// `/outings/{id}/aftermath`: calling it off, or telling back.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "outing/aftermath.html")]
pub struct Aftermath {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    outing: Row,
    told_back: Option<String>,
    is_over: bool,
}

async fn aftermath(ctx: Ctx, Path(id): Path<OutingId>) -> Answer {
    aftermath_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn aftermath_page(ctx: &Ctx, id: OutingId, form: Form) -> Answer {
    let o = ctx.app.store.outing(&ctx.actor, id, ctx.now).await?;
    let form =
        if form.value("told").is_empty() { form.with("told", o.told_back.clone().unwrap_or_default()) } else { form };
    let is_over = o.listed.starts_at < ctx.now;
    let page = Aftermath { page: ctx.chrome(), form, outing: Row::from(o.listed), told_back: o.told_back, is_over };
    ctx.form_page(&page.form, &page)
}

async fn cancel(ctx: Ctx, Path(id): Path<OutingId>, mut form: Form) -> Answer {
    let (by, why) = (form.word::<Canceller>("by"), form.reason("why"));
    let (Some(by), Some(why)) = (by, why) else { return aftermath_page(&ctx, id, form).await };
    match ctx.app.store.cancel_outing(&ctx.actor, id, by, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/outings/{id}"), "outing-cancelled"),
        Err(error) => {
            form.refuse(error)?;
            aftermath_page(&ctx, id, form).await
        }
    }
}

async fn tell(ctx: Ctx, Path(id): Path<OutingId>, mut form: Form) -> Result<axum::response::Response, Problem> {
    let Some(told) = form.prose("told") else { return aftermath_page(&ctx, id, form).await };
    match ctx.app.store.tell_back(&ctx.actor, id, &told, ctx.now).await {
        Ok(()) => ctx.done(&format!("/outings/{id}"), "told-back"),
        Err(error) => {
            form.refuse(error)?;
            aftermath_page(&ctx, id, form).await
        }
    }
}
