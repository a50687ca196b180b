//! Invitations: residents invite without an account; staff answer within the promised time.

use askama::Template;
use axum::{
    extract::{Path, Query},
    routing::{get, post},
};
use freerange_domain::{
    code::Code,
    id::{ChallengeId, InvitationId, OutingId, PlaceId},
    outing::{Access, Guests, Kind as OutingKind, Photos, Publicity, Span},
    people::Email,
    place::Level,
};
use freerange_store::{
    Act,
    invitation::{ANSWER_DAYS, Invitation, Invite},
    outing::Offer,
};
use serde::{Deserialize, Serialize};

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    outing::{GUESTS, PHOTOS, PUBLICITY, languages, text},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
    visit::Visit,
};

const INVITE: &[Field] = &[
    must("group_name", Kind::Line),
    must("contact_name", Kind::Line),
    may("contact_email", Kind::Email),
    may("contact_phone", Kind::Line),
    must("topic", Kind::Line),
    must("message", Kind::Prose),
    may("place", Kind::Id),
    may("meeting_point", Kind::Line),
    must("wished_date", Kind::Date),
    must("wished_time", Kind::Time),
    must("people", Kind::Number),
    must("language", Kind::Line),
    may("notes_allowed", Kind::Flag),
    must("photos", Kind::Word(PHOTOS)),
    must("publicity", Kind::Word(PUBLICITY)),
    may("host_wants", Kind::Prose),
    may("host_gets", Kind::Prose),
    may("step_free", Kind::Flag),
    may("access_notes", Kind::Prose),
    may("guests", Kind::Word(GUESTS)),
    may("via", Kind::Word(&["page", "paper", "phone"])),
];

const ACCEPT: &[Field] = &[
    must("challenge", Kind::Id),
    must("date", Kind::Date),
    must("time", Kind::Time),
    must("hours", Kind::Number),
    must("safety_plan", Kind::Prose),
    may("step_free", Kind::Flag),
    must("answer", Kind::Prose),
];
const DECLINE: &[Field] = &[must("why", Kind::Reason)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::asked::<Inbox, _>("/invitations", inbox),
        routes::act("/invitations", INVITE, post(invite)),
        routes::page::<New>("/invitations/new", get(new)),
        routes::asked::<Show, _>("/invitations/{id}", show),
        routes::act("/invitations/{id}/acceptance", ACCEPT, post(accept)),
        routes::act("/invitations/{id}/refusal", DECLINE, post(decline)),
        routes::page::<Follow>("/invited/{code}", get(follow)),
    ]
}

/// `/invitations/new`: for everybody.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "invitation/new.html")]
pub struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    places: Vec<(PlaceId, String)>,
    #[serde(skip)]
    languages: Vec<(&'static str, &'static str)>,
    /// Whether the writer types in what came on paper or by phone.
    clerk: bool,
    /// Days within which an answer is promised.
    answer_days: i64,
}

async fn new(ctx: Ctx) -> Answer {
    let form = Form::empty(ctx.t)
        .with("language", ctx.t.lang().tag())
        .with("people", 3)
        .with("photos", "none")
        .with("publicity", "none")
        .with("guests", "anyone")
        .with("via", "page")
        .with("wished_time", "14:00");
    new_page(&ctx, form).await
}

pub(crate) fn is_clerk(ctx: &Ctx) -> bool {
    freerange_store::may(&ctx.actor, Act::TakeDownInvitation, &freerange_store::About::nothing()).is_ok()
}

async fn new_page(ctx: &Ctx, form: Form) -> Answer {
    let places = ctx.app.store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let page = New {
        page: ctx.chrome(),
        form,
        places,
        languages: languages(),
        clerk: is_clerk(ctx),
        answer_days: ANSWER_DAYS,
    };
    ctx.form_page(&page.form, &page)
}

fn read_invite(form: &mut Form, ctx: &Ctx) -> Option<Invite> {
    let (group, contact) = (form.line("group_name"), form.line("contact_name"));
    let email = if form.value("contact_email").trim().is_empty() { None } else { form.email("contact_email") };
    let phone = form.maybe_line("contact_phone");
    if email.is_none() && phone.is_none() && form.error("contact_email").is_none() {
        form.wrong("contact_email", "email-or-phone");
    }
    let (topic, message) = (form.line("topic"), form.prose("message"));
    let (place, meeting) = (form.maybe_word("place"), form.maybe_line("meeting_point"));
    let wished = form.moment("wished_date", "wished_time", ctx.today(), &ctx.app.zone);
    if wished.is_some_and(|at| at < ctx.now) {
        form.wrong("wished_date", "date-past");
    }
    let (people, language) = (form.number("people", 1, 30), form.line("language"));
    let (photos, publicity) = (form.word::<Photos>("photos"), form.word::<Publicity>("publicity"));
    // Who is welcome is everybody, unless they say otherwise.
    let guests = form.maybe_word::<Guests>("guests").unwrap_or(Guests::Anyone);
    let (wants, gets, access) = (text(form, "host_wants"), text(form, "host_gets"), text(form, "access_notes"));
    if form.has_errors() {
        return None;
    }
    let received_via = match form.value("via") {
        "paper" => "paper",
        "phone" => "phone",
        _ => "page",
    };
    Some(Invite {
        group_name: group?,
        contact_name: contact?,
        contact_email: email.as_ref().map(Email::as_str).unwrap_or_default().to_owned(),
        contact_phone: phone.map(freerange_domain::text::Line::into_string).unwrap_or_default(),
        topic: topic?,
        message: message?,
        place,
        meeting_point: meeting.map(freerange_domain::text::Line::into_string).unwrap_or_default(),
        wished_at: wished?,
        people: people?,
        language: language?.into_string(),
        notes_allowed: form.flag("notes_allowed"),
        photos: photos?,
        publicity: publicity?,
        host_wants: wants,
        host_gets: gets,
        access_notes: access,
        step_free: form.flag("step_free"),
        guests,
        received_via,
    })
}

async fn invite(ctx: Ctx, mut form: Form) -> Answer {
    let Some(invite) = read_invite(&mut form, &ctx) else { return new_page(&ctx, form).await };
    let code = ctx.app.store.invite(&ctx.actor, &invite, &ctx.app.zone, ctx.now).await?;
    ctx.done(&format!("/invited/{}", code.grouped()), "invited")
}

/// An invitation on a page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Row {
    pub(crate) id: InvitationId,
    pub(crate) group_name: String,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    pub(crate) topic: String,
    message: String,
    place: Option<String>,
    meeting_point: String,
    wished_at: When,
    people: i64,
    language: String,
    notes_allowed: bool,
    photos: Photos,
    publicity: Publicity,
    host_wants: String,
    host_gets: String,
    access_notes: String,
    step_free: bool,
    guests: Guests,
    received_via: String,
    status: String,
    answer: Option<String>,
    pub(crate) answer_due: Day,
    outing: Option<OutingId>,
    told_back: Option<String>,
}

impl From<Invitation> for Row {
    fn from(i: Invitation) -> Self {
        Self {
            id: i.id,
            group_name: i.group_name,
            contact_name: i.contact_name,
            contact_email: i.contact_email,
            contact_phone: i.contact_phone,
            topic: i.topic,
            message: i.message,
            place: i.place,
            meeting_point: i.meeting_point,
            wished_at: When(i.wished_at),
            people: i.people,
            language: i.language,
            notes_allowed: i.notes_allowed,
            photos: i.photos,
            publicity: i.publicity,
            host_wants: i.host_wants,
            host_gets: i.host_gets,
            access_notes: i.access_notes,
            step_free: i.step_free,
            guests: i.guests,
            received_via: i.received_via,
            status: i.status,
            answer: i.answer,
            answer_due: Day(i.answer_due),
            outing: i.outing,
            told_back: i.told_back,
        }
    }
}

/// `/invitations`: the inbox.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "invitation/inbox.html")]
pub struct Inbox {
    #[serde(skip)]
    page: Chrome,
    invitations: Vec<Row>,
    today: Day,
    /// The challenge for which somebody looks, if any.
    challenge: Option<ChallengeId>,
    #[serde(skip)]
    clerk: bool,
}

async fn inbox(ctx: Ctx, Query(link): Query<Link>) -> Answer {
    let all = ctx.app.store.invitations(&ctx.actor).await?;
    ctx.page(&Inbox {
        page: ctx.chrome(),
        invitations: all.into_iter().map(Row::from).collect(),
        today: Day(ctx.today()),
        challenge: link.challenge.parse().ok(),
        clerk: is_clerk(&ctx),
    })
}

/// `/invitations/{id}`: for whoever answers it.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "invitation/show.html")]
pub struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    invitation: Row,
    #[serde(skip)]
    challenges: Vec<(ChallengeId, String)>,
}

/// A challenge to link it to.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
struct Link {
    /// The challenge.
    #[serde(default)]
    #[schemars(with = "ChallengeId")]
    challenge: String,
}

async fn show(ctx: Ctx, Path(id): Path<InvitationId>, Query(link): Query<Link>) -> Answer {
    let i = ctx.app.store.invitation(&ctx.actor, id).await?;
    let wished = i.wished_at.to_zoned_datetime(ctx.app.zone.clone());
    let form = Form::empty(ctx.t)
        .with("challenge", link.challenge)
        .with("date", wished.date())
        .with("time", format!("{:02}:{:02}", wished.hour(), wished.minute()))
        .with("hours", 2);
    let form = if i.step_free { form.with("step_free", "yes") } else { form };
    show_page(&ctx, id, form).await
}

async fn show_page(ctx: &Ctx, id: InvitationId, form: Form) -> Answer {
    let i = ctx.app.store.invitation(&ctx.actor, id).await?;
    let challenges = ctx.app.store.open_challenges(&ctx.actor).await?;
    let page = Show { page: ctx.chrome(), form, invitation: Row::from(i), challenges };
    ctx.form_page(&page.form, &page)
}

async fn accept(ctx: Ctx, Path(id): Path<InvitationId>, mut form: Form) -> Answer {
    let i = ctx.app.store.invitation(&ctx.actor, id).await?;
    let challenge: Option<ChallengeId> = form.word("challenge");
    let starts = form.moment("date", "time", ctx.today(), &ctx.app.zone);
    let (hours, safety, answer) = (form.number("hours", 1, 12), form.prose("safety_plan"), form.prose("answer"));
    if starts.is_some_and(|s| s.as_second() < ctx.now.as_second() - 86_400) {
        form.wrong("date", "date-past");
    }
    let span = starts.zip(hours).and_then(|(from, hours)| {
        let to = from.checked_add(jiff::Span::new().hours(hours)).ok()?;
        Span::new(OutingKind::CommunityVisit, from, to).ok()
    });
    let (false, Some(span), Some(safety), Some(answer)) = (form.has_errors(), span, safety, answer) else {
        return show_page(&ctx, id, form).await;
    };
    let title = freerange_domain::text::Line::parse(&i.topic).map_err(|_| crate::problem::Problem::not_found())?;
    let offer = Offer {
        kind: OutingKind::CommunityVisit,
        title,
        description: freerange_domain::text::Prose::parse(&i.message)
            .map_err(|_| crate::problem::Problem::not_found())?,
        challenge,
        invitation: Some(id),
        place: i.place_id,
        meeting_point: i.meeting_point.clone(),
        host_name: i.group_name.clone(),
        host_wants: i.host_wants.clone(),
        host_gets: i.host_gets.clone(),
        safety_plan: safety.as_str().to_owned(),
        access_notes: i.access_notes.clone(),
        access: if form.flag("step_free") { vec![Access::StepFree] } else { Vec::new() },
        language: i.language.clone(),
        span,
        seats: i.people,
        photos: i.photos,
        notes_allowed: i.notes_allowed,
        publicity: i.publicity,
        guests: i.guests,
        parties: Vec::new(),
    };
    match ctx.app.store.accept_invitation(&ctx.actor, id, &offer, &answer, ctx.now).await {
        Ok(outing) => ctx.done(&format!("/outings/{outing}"), "invitation-accepted"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

async fn decline(ctx: Ctx, Path(id): Path<InvitationId>, mut form: Form) -> Answer {
    let Some(why) = form.reason("why") else { return show_page(&ctx, id, form).await };
    match ctx.app.store.decline_invitation(&ctx.actor, id, &why, ctx.now).await {
        Ok(()) => ctx.done(&format!("/invitations/{id}"), "invitation-declined"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

/// `/invited/{code}`: what becomes of it, for the inviter.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "invitation/follow.html")]
pub struct Follow {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    code: String,
    invitation: Row,
    /// The visit it became.
    visit: Option<Visit>,
}

async fn follow(ctx: Ctx, Path(code): Path<String>) -> Answer {
    let code: Code = code.parse().map_err(|_| crate::problem::Problem::not_found())?;
    let inviter = ctx.app.store.inviter(&code, &ctx.from, ctx.now).await?;
    let freerange_store::Actor::Inviter(id) = inviter else { return Err(crate::problem::Problem::not_found()) };
    let i = ctx.app.store.invitation(&inviter, id).await?;
    let key = code.grouped();
    let visit = match i.outing {
        Some(_) => Some(Visit::new(ctx.app.store.visit(&inviter).await?, key.clone(), ctx.now)),
        None => None,
    };
    ctx.page(&Follow { page: ctx.chrome(), form: Form::empty(ctx.t), code: key, invitation: Row::from(i), visit })
}
