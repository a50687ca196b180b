//! Placements: who goes and when. One's own way along the spine; the one page that a manager or host reaches
//! from a letter; the team's page; the free-range day; the calendar.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use freerange_domain::{
    id::{NoteId, OutingId, PersonId, PlaceId, PlacementId},
    note::Kind as NoteKind,
    outing::{Kind as OutingKind, Party, Span},
    place::Level,
    placement::{Answer as Said, EndingKind, Stage, State},
    reflection::Kind as ReflectionKind,
    text::Reason,
};
use freerange_store::{
    Actor, Token,
    note::Draft,
    placement::{Listed, Placement, Say, Step},
    returning::Move,
    standing::Walk,
};
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::proposed_return,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

mod asking;

const DATES: &[Field] = &[
    must("reflection_date", Kind::Date),
    must("reflection_time", Kind::Time),
    must("talk_date", Kind::Date),
    must("talk_time", Kind::Time),
    may("move_why", Kind::Reason),
];
const TICKS: &[Field] = &[may("done", Kind::Many)];
const DEPART: &[Field] = &[must("checkin", Kind::Line)];
const CLOSE: &[Field] = &[must("changed", Kind::Word(&["yes", "no"])), must("why", Kind::Reason)];
/// Only asked where the outing closes on return.
const HOME: &[Field] =
    &[may("seen", Kind::Prose), may("changed", Kind::Word(&["yes", "no"])), may("why", Kind::Reason)];
const WHY: &[Field] = &[must("why", Kind::Reason)];
const ANSWER: &[Field] =
    &[must("answer", Kind::Word(&["yes", "no"])), may("why", Kind::Reason), may("half_days", Kind::Number)];
const STANDING: &[Field] = &[must("half_days", Kind::Number), may("until", Kind::Date)];
const WALK: &[Field] = &[
    must("plan", Kind::Line),
    may("place", Kind::Id),
    must("starts_date", Kind::Date),
    must("starts_time", Kind::Time),
    must("ends_time", Kind::Time),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<List>("/placements", get(list)),
        routes::page::<Show>("/placements/{id}", get(show)),
        routes::act("/placements/{id}/return-dates", DATES, post(book)),
        routes::act("/placements/{id}/preparation", TICKS, post(tick)),
        routes::act("/placements/{id}/departure", DEPART, post(depart)),
        routes::act("/placements/{id}/homecoming", HOME, post(come_back)),
        routes::act("/placements/{id}/embedding", &[], post(embed)),
        routes::act("/placements/{id}/ending", CLOSE, post(close)),
        routes::act("/placements/{id}/asking", asking::ASKING, post(asking::let_ask)),
        routes::act("/placements/{id}/interruption", WHY, post(cut_short)),
        routes::act("/placements/{id}/cancellation", WHY, post(cancel)),
        routes::act("/placements/{id}/answer", ANSWER, post(answer_signed_in)),
        routes::page::<Decide>("/answer/{token}", get(decide)),
        routes::act("/answer/{token}", ANSWER, post(answer)),
        routes::page::<Team>("/team", get(team)),
        routes::act("/team/{person}/standing-yes", STANDING, post(standing)),
        routes::page::<FreeRange>("/free-range", get(free_range)),
        routes::act("/free-range", WALK, post(walk)),
        routes::file("/calendar/{file}", get(crate::calendar::show)),
    ]
}

/// A placement in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: PlacementId,
    pub(crate) outing: String,
    pub(crate) kind: OutingKind,
    pub(crate) starts_at: When,
    pub(crate) person: String,
    pub(crate) stage: Stage,
    pub(crate) ending: Option<String>,
    pub(crate) reflection_at: Option<When>,
    pub(crate) talk_at: Option<When>,
    /// Who covers meanwhile, for those who decide.
    pub(crate) cover: Option<String>,
}

impl From<Listed> for Row {
    fn from(p: Listed) -> Self {
        Self {
            id: p.id,
            outing: p.outing,
            kind: p.kind,
            starts_at: When(p.starts_at),
            person: p.person,
            stage: p.stage,
            ending: p.ending.map(|e| e.as_str().to_owned()),
            reflection_at: p.reflection_at.map(When),
            talk_at: p.talk_at.map(When),
            cover: p.cover,
        }
    }
}

/// `/placements`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "placement/list.html")]
pub struct List {
    #[serde(skip)]
    page: Chrome,
    placements: Vec<Row>,
}

async fn list(ctx: Ctx) -> Answer {
    let mine = ctx.app.store.my_placements(&ctx.actor).await?;
    ctx.page(&List { page: ctx.chrome(), placements: mine.into_iter().map(Row::from).collect() })
}

/// One party's answer.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ApprovalRow {
    party: Party,
    answer: &'static str,
}

/// A line of the history.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct EventRow {
    day: Day,
    /// None where only the day is kept: of leaving and coming back.
    at: Option<When>,
    what: String,
    by: String,
    why: Option<String>,
}

/// A step of the spine: `done`, `now` or `todo`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StepRow {
    stage: Stage,
    state: &'static str,
}

/// A line of a list to tick off.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TickRow {
    key: &'static str,
    done: bool,
    before: bool,
}

/// `/placements/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "placement/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    id: PlacementId,
    outing_id: OutingId,
    outing: String,
    kind: OutingKind,
    starts_at: When,
    ends_at: When,
    person: String,
    manager: Option<String>,
    stage: Stage,
    steps: Vec<StepRow>,
    approvals: Vec<ApprovalRow>,
    ending: Option<String>,
    ending_why: Option<String>,
    answers: Vec<(String, String)>,
    ticks: Vec<TickRow>,
    reflection_at: Option<When>,
    talk_at: Option<When>,
    checkin: String,
    history: Vec<EventRow>,
    notes: Vec<crate::note::Row>,
    reflections: Vec<String>,
    /// What there is to think over at this point, as the kind of outing asks.
    asked: Vec<ReflectionKind>,
    /// Whether the reader is the one who goes.
    mine: bool,
    /// Whether colleagues may ask the one who goes about it; nothing for everybody else.
    askable: Option<bool>,
    /// Whether the reader may call it off.
    can_cancel: bool,
    /// Whether the day has come.
    can_depart: bool,
    /// Whether coming back closes it.
    closes_on_return: bool,
    /// What became of the times to come back, as far as it is the reader's to know.
    return_dates: Vec<crate::returning::FateRow>,
    /// Whether the reader may drop one of them now.
    can_drop: bool,
    /// Whether the dates of the return were sent and are wrong.
    #[serde(skip)]
    dates_wrong: bool,
}

async fn show(ctx: Ctx, Path(id): Path<PlacementId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

/// The spine, with what was reached: a placement that ended early did not pass what it never came to.
fn steps(state: &State) -> Vec<StepRow> {
    let now = state.stage();
    let reached = match state {
        State::Closed { ending, .. } => match ending.kind {
            EndingKind::ChangedSomething | EndingKind::ChangedNothing => Stage::Embedding,
            EndingKind::CutShort => Stage::Out,
            _ => Stage::Wished,
        },
        _ => now,
    };
    Stage::ALL
        .iter()
        .map(|s| StepRow {
            stage: *s,
            state: match s.cmp(&now) {
                std::cmp::Ordering::Less if *s > reached => "todo",
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "todo",
            },
        })
        .collect()
}

fn approvals(state: &State) -> Vec<ApprovalRow> {
    let State::Offered { approvals, .. } = state else { return Vec::new() };
    approvals
        .iter()
        .map(|a| ApprovalRow {
            party: a.party,
            answer: match a.answer {
                Said::Open => "open",
                Said::Yes => "yes",
                Said::No(_) => "no",
            },
        })
        .collect()
}

fn ticks(p: &Placement) -> Vec<TickRow> {
    let template = p.kind.template();
    let row = |key: &'static str, before| TickRow { key, done: p.done.iter().any(|d| d == key), before };
    template.preparation.iter().map(|k| row(k, true)).chain(template.returning.iter().map(|k| row(k, false))).collect()
}

pub(crate) async fn show_page(ctx: &Ctx, id: PlacementId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let (p, events) = store.placement(&ctx.actor, id).await?;
    let mine = ctx.actor.person() == Some(p.person_id);
    let stage = p.state.stage();
    let notes = if mine { store.notes_of_outing(&ctx.actor, p.outing_id).await?.items } else { Vec::new() };
    let reflections = if mine { store.my_reflections(&ctx.actor, Some(id)).await? } else { Vec::new() };
    let dates = ["reflection_date", "reflection_time", "talk_date", "talk_time", "move_why"];
    let dates_wrong = dates.iter().any(|field| form.error(field).is_some());
    let form = match p.state.dates() {
        Some(dates) if form.value("talk_date").is_empty() => {
            let local = |at: jiff::Timestamp| at.to_zoned_datetime(ctx.app.zone.clone());
            let (r, t) = (local(dates.reflection()), local(dates.talk()));
            form.with("reflection_date", r.date())
                .with("reflection_time", format!("{:02}:{:02}", r.hour(), r.minute()))
                .with("talk_date", t.date())
                .with("talk_time", format!("{:02}:{:02}", t.hour(), t.minute()))
        }
        None if form.value("talk_date").is_empty() => proposed_return(form, ctx, p.ends_at),
        _ => form,
    };
    let (ending, ending_why) = match &p.state {
        State::Closed { ending, .. } => (Some(ending.kind.as_str().to_owned()), Some(ending.why.as_str().to_owned())),
        _ => (None, None),
    };
    let first_day = freerange_domain::time::day_of(p.starts_at, &ctx.app.zone);
    let page = Show {
        page: ctx.chrome(),
        form,
        id,
        askable: if mine && stage > Stage::Out { Some(ctx.app.store.is_askable(&ctx.actor, id).await?) } else { None },
        outing_id: p.outing_id,
        kind: p.kind,
        starts_at: When(p.starts_at),
        ends_at: When(p.ends_at),
        stage,
        steps: steps(&p.state),
        approvals: approvals(&p.state),
        ending,
        ending_why,
        ticks: ticks(&p),
        answers: p.answers,
        reflection_at: p.state.dates().map(|d| When(d.reflection())),
        talk_at: p.state.dates().map(|d| When(d.talk())),
        checkin: p.checkin,
        history: events
            .into_iter()
            .map(|e| EventRow {
                day: Day(freerange_domain::time::day_of(e.at, &ctx.app.zone)),
                at: (!e.by_the_day).then_some(When(e.at)),
                what: ctx.t.of("event", &e.what),
                by: e.by,
                why: e.why,
            })
            .collect(),
        notes: notes
            .into_iter()
            .map(crate::note::Row::from)
            .filter(|n| Some(n.author_id) == ctx.actor.person())
            .collect(),
        reflections: reflections.iter().map(|r| r.kind.as_str().to_owned()).collect(),
        mine,
        can_cancel: stage < Stage::Out,
        return_dates: store.return_dates(&ctx.actor, id).await?.into_iter().map(Into::into).collect(),
        can_drop: mine && matches!(stage, Stage::Debriefing | Stage::Embedding),
        dates_wrong,
        can_depart: matches!(stage, Stage::Agreed | Stage::Preparing) && ctx.today() >= first_day,
        asked: ReflectionKind::asked_by(p.kind.template()).into_iter().filter(|k| k.stage() == stage).collect(),
        closes_on_return: p.kind.template().closes_on_return,
        outing: p.outing,
        person: p.person,
        manager: p.manager,
    };
    ctx.form_page(&page.form, &page)
}

async fn book(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let (today, zone) = (ctx.today(), &ctx.app.zone);
    let reflection = form.moment("reflection_date", "reflection_time", today, zone);
    let talk = form.moment("talk_date", "talk_time", today, zone);
    let why = form.maybe_text("move_why", Reason::parse);
    let (Some(reflection), Some(talk), false) = (reflection, talk, form.has_errors()) else {
        return show_page(&ctx, id, form).await;
    };
    let to = Move { reflection, talk, why };
    match ctx.app.store.move_return(&ctx.actor, id, &to, ctx.now).await {
        Ok(()) => ctx.done(&format!("/placements/{id}"), "return-booked"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn step(ctx: &Ctx, id: PlacementId, step: Step, key: &str) -> Answer {
    ctx.app.store.step(&ctx.actor, id, step, ctx.now).await?;
    ctx.done(&format!("/placements/{id}"), key)
}

async fn tick(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let done: Vec<String> = form.many("done");
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    if p.state.stage() == Stage::Agreed {
        ctx.app.store.step(&ctx.actor, id, Step::Prepare, ctx.now).await?;
    }
    step(&ctx, id, Step::Tick(done), "ticked").await
}

async fn depart(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let Some(line) = form.line("checkin") else { return show_page(&ctx, id, form).await };
    let zone = ctx.app.zone.clone();
    match ctx.app.store.step(&ctx.actor, id, Step::Depart { checkin: line, zone }, ctx.now).await {
        Ok(()) => ctx.done(&format!("/placements/{id}"), "departed"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn come_back(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let (p, _) = ctx.app.store.placement(&ctx.actor, id).await?;
    if !p.kind.template().closes_on_return {
        return step(&ctx, id, Step::ComeBack { zone: ctx.app.zone.clone() }, "came-back").await;
    }
    let (seen, changed, why) = (form.prose("seen"), read_changed(&mut form), form.reason("why"));
    let (Some(seen), Some(changed), Some(why)) = (seen, changed, why) else { return show_page(&ctx, id, form).await };
    let note = Draft {
        id: NoteId::new(),
        kind: NoteKind::Saw,
        seen,
        meaning: String::new(),
        place: None,
        point: None,
        consent: None,
        picture: None,
        // Of the walk, which is known: the note shall not tell when its writer came back.
        happened_at: p.starts_at.min(ctx.now),
    };
    match ctx.app.store.come_home(&ctx.actor, id, &note, (changed, &why), &ctx.app.zone, ctx.now).await {
        Ok(_) => ctx.done(&format!("/placements/{id}"), "came-home"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

/// Whether something changes.
fn read_changed(form: &mut Form) -> Option<bool> {
    match form.value("changed") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            form.wrong("changed", "choose");
            None
        }
    }
}

async fn embed(ctx: Ctx, Path(id): Path<PlacementId>) -> Answer {
    step(&ctx, id, Step::Embed, "embedding").await
}

async fn close(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let why = form.reason("why");
    let changed = read_changed(&mut form);
    let (Some(why), Some(changed)) = (why, changed) else { return show_page(&ctx, id, form).await };
    step(&ctx, id, Step::Close { changed, why }, "closed").await
}

async fn cut_short(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let Some(why) = form.reason("why") else { return show_page(&ctx, id, form).await };
    let zone = ctx.app.zone.clone();
    step(&ctx, id, Step::CutShort { why, zone }, "cut-short").await
}

async fn cancel(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let Some(why) = form.reason("why") else { return show_page(&ctx, id, form).await };
    ctx.app.store.cancel_placement(&ctx.actor, id, &why, ctx.now).await?;
    ctx.done(&format!("/placements/{id}"), "cancelled")
}

/// Somebody of the team who is away.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct AwayRow {
    person: String,
    starts_at: When,
    ends_at: When,
    stage: Stage,
}

impl From<freerange_store::placement::Away> for AwayRow {
    fn from(a: freerange_store::placement::Away) -> Self {
        Self { person: a.person, starts_at: When(a.starts_at), ends_at: When(a.ends_at), stage: a.stage }
    }
}

/// `/answer/{token}`: yes or no, for whoever was asked by letter. Opening it decides nothing.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "placement/answer.html")]
pub struct Decide {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    party: Party,
    person: String,
    outing: String,
    kind: OutingKind,
    starts_at: When,
    ends_at: When,
    /// What the person wrote when wishing.
    answers: Vec<(String, String)>,
    /// Who covers meanwhile, beside the decision of the manager.
    cover: Option<String>,
    reflection_at: Option<When>,
    talk_at: Option<When>,
    /// Who else of the team is away at that time. For the manager only.
    away: Vec<AwayRow>,
    stage: Stage,
    /// Whether this party's answer is still open.
    open: bool,
    /// Whether a standing yes can be given along with it.
    standing: bool,
    /// Where those who receive guests follow the visit.
    visit: Option<String>,
}

fn link_ended() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "problem-link-ended")
}

async fn linked(ctx: &Ctx, raw: &str) -> Result<(Actor, PlacementId, Party), Problem> {
    let token = Token::parse(raw).ok_or_else(link_ended)?;
    let actor = ctx.app.store.link_actor(&token, ctx.now).await.map_err(|_| link_ended())?;
    let Actor::Link { placement, party, .. } = &actor else { return Err(link_ended()) };
    let (placement, party) = (*placement, *party);
    Ok((actor, placement, party))
}

async fn decide(ctx: Ctx, Path(raw): Path<String>) -> Answer {
    decide_page(&ctx, &raw, Form::empty(ctx.t)).await
}

async fn decide_page(ctx: &Ctx, raw: &str, form: Form) -> Answer {
    let (actor, id, party) = linked(ctx, raw).await?;
    let (p, _) = ctx.app.store.placement(&actor, id).await?;
    let away = ctx.app.store.team_away(&actor, id).await?;
    let open = match &p.state {
        State::Offered { approvals, .. } => approvals.iter().any(|a| a.party == party && a.answer == Said::Open),
        _ => false,
    };
    let page = Decide {
        page: ctx.chrome(),
        form,
        party,
        kind: p.kind,
        starts_at: When(p.starts_at),
        ends_at: When(p.ends_at),
        reflection_at: p.state.dates().map(|d| When(d.reflection())),
        talk_at: p.state.dates().map(|d| When(d.talk())),
        away: away.into_iter().map(AwayRow::from).collect(),
        stage: p.state.stage(),
        open,
        visit: party.hosts().then(|| format!("/visits/{raw}")),
        standing: party == Party::Manager && p.kind.template().standing,
        cover: p.answers.iter().find(|(q, _)| party == Party::Manager && q == "cover").map(|(_, a)| a.clone()),
        person: p.person,
        outing: p.outing,
        answers: p.answers.into_iter().filter(|(q, _)| party != Party::Manager || q != "cover").collect(),
    };
    ctx.form_page(&page.form, &page)
}

fn read_answer(form: &mut Form) -> Option<Say> {
    match form.value("answer") {
        "yes" => Some(Say::Yes),
        "no" => form.reason("why").map(Say::No),
        _ => {
            form.wrong("answer", "choose");
            None
        }
    }
}

async fn answer(ctx: Ctx, Path(raw): Path<String>, mut form: Form) -> Answer {
    let (actor, id, party) = linked(&ctx, &raw).await?;
    let half_days = if form.value("half_days").is_empty() { Some(0) } else { form.number("half_days", 0, 20) };
    let (Some(say), Some(half_days)) = (read_answer(&mut form), half_days) else {
        return decide_page(&ctx, &raw, form).await;
    };
    let yes = matches!(say, Say::Yes);
    ctx.app.store.answer_placement(&actor, id, say, ctx.now).await?;
    if yes && half_days > 0 && party == Party::Manager {
        let until = ctx.today().saturating_add(1.year());
        ctx.app.store.give_standing_yes_by_link(&actor, id, half_days, until, ctx.now).await?;
    }
    // A no ends the link, so the sentence is shown on the first page.
    ctx.done(&if yes { format!("/answer/{raw}") } else { "/".to_owned() }, if yes { "said-yes" } else { "said-no" })
}

async fn answer_signed_in(ctx: Ctx, Path(id): Path<PlacementId>, mut form: Form) -> Answer {
    let Some(say) = read_answer(&mut form) else {
        // Whoever may not see it is told so, whatever they sent.
        ctx.app.store.placement(&ctx.actor, id).await?;
        return team_page(&ctx, form, Some(id), None).await;
    };
    let key = if matches!(say, Say::Yes) { "said-yes" } else { "said-no" };
    ctx.app.store.answer_placement(&ctx.actor, id, say, ctx.now).await?;
    ctx.done("/team", key)
}

/// One's report and their standing yes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct MemberRow {
    id: PersonId,
    name: String,
    half_days: Option<i64>,
    until: Option<Day>,
    used: i64,
}

/// `/team`: the manager's page.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "placement/team.html")]
pub struct Team {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Whose form came back with errors.
    #[serde(skip)]
    answering: Option<PlacementId>,
    #[serde(skip)]
    giving: Option<PersonId>,
    waiting: Vec<Row>,
    away: Vec<AwayRow>,
    members: Vec<MemberRow>,
}

async fn team(ctx: Ctx) -> Answer {
    team_page(&ctx, Form::empty(ctx.t), None, None).await
}

async fn team_page(ctx: &Ctx, form: Form, answering: Option<PlacementId>, giving: Option<PersonId>) -> Answer {
    let store = &ctx.app.store;
    let until = ctx.now.checked_add((8 * 7 * 24).hours()).unwrap_or(ctx.now);
    let away = store.my_team_away(&ctx.actor, ctx.now, until).await?;
    let members = store.team_allowances(&ctx.actor, ctx.now, &ctx.app.zone).await?;
    let page = Team {
        page: ctx.chrome(),
        form,
        answering,
        giving,
        waiting: store.waiting_for_me(&ctx.actor).await?.into_iter().map(Row::from).collect(),
        away: away.into_iter().map(AwayRow::from).collect(),
        members: members
            .into_iter()
            .map(|m| MemberRow {
                id: m.person_id,
                name: m.person,
                half_days: m.half_days,
                until: m.until.map(Day),
                used: m.used,
            })
            .collect(),
    };
    ctx.form_page(&page.form, &page)
}

async fn standing(ctx: Ctx, Path(person): Path<PersonId>, mut form: Form) -> Answer {
    let half_days = form.number("half_days", 0, 20);
    let until = if form.value("until").is_empty() {
        Some(ctx.today().saturating_add(1.year()))
    } else {
        form.date("until", ctx.today())
    };
    let (Some(half_days), Some(until)) = (half_days, until) else {
        return team_page(&ctx, form, None, Some(person)).await;
    };
    ctx.app.store.give_standing_yes(&ctx.actor, person, half_days, until, ctx.now).await?;
    ctx.done("/team", "standing-given")
}

/// `/free-range`: a day on the ground under one's standing yes.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "placement/free-range.html")]
pub struct FreeRange {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// Half-days a month; none without a standing yes.
    half_days: Option<i64>,
    used: i64,
    until: Option<Day>,
    #[serde(skip)]
    places: Vec<(PlaceId, String)>,
}

async fn free_range(ctx: Ctx) -> Answer {
    let form =
        Form::empty(ctx.t).with("starts_date", ctx.today()).with("starts_time", "13:00").with("ends_time", "17:00");
    free_range_page(&ctx, form).await
}

async fn free_range_page(ctx: &Ctx, form: Form) -> Answer {
    let allowance = ctx.app.store.my_allowance(&ctx.actor, ctx.now, &ctx.app.zone).await?;
    let places = ctx.app.store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let page = FreeRange {
        page: ctx.chrome(),
        form,
        half_days: allowance.half_days,
        used: allowance.used,
        until: allowance.until.map(Day),
        places,
    };
    ctx.form_page(&page.form, &page)
}

fn read_walk(form: &mut Form, ctx: &Ctx) -> Option<Walk> {
    let (today, zone) = (ctx.today(), &ctx.app.zone);
    let (plan, place) = (form.line("plan"), form.maybe_word("place"));
    let starts = form.moment("starts_date", "starts_time", today, zone);
    let ends = form.moment("starts_date", "ends_time", today, zone);
    if ends.is_some_and(|e| e < ctx.now) {
        form.wrong("starts_date", "date-past");
    }
    let span = Span::new(OutingKind::FreeRangeDay, starts?, ends?);
    if span.is_err() {
        form.wrong("ends_time", "date-too-early");
    }
    if form.has_errors() {
        return None;
    }
    let span = span.ok()?;
    // Two minutes to think right after, and the next talk with the manager within the month.
    let talk = span.ends().checked_add((14 * 24).hours()).ok()?;
    Some(Walk { plan: plan?, place, span, reflection: span.ends(), talk, language: ctx.t.lang().tag().to_owned() })
}

async fn walk(ctx: Ctx, mut form: Form) -> Answer {
    let Some(walk) = read_walk(&mut form, &ctx) else { return free_range_page(&ctx, form).await };
    match ctx.app.store.plan_walk(&ctx.actor, &walk, &ctx.app.zone, ctx.now).await {
        Ok((_, placement)) => ctx.done(&format!("/placements/{placement}"), "walk-planned"),
        Err(error) => {
            form.refuse(error)?;
            free_range_page(&ctx, form).await
        }
    }
}
