//! Everybody's own calendar as a feed: outings, time to think, return talks; a manager's also who of the team is away, and
//! return talks with them. Titles only, nothing that anybody thought. The address is the secret.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use freerange_domain::id::PersonId;
use freerange_store::Token;
use icalendar::{Calendar, Component, Event};
use jiff::Timestamp;

use crate::{
    problem::Problem,
    request::{Answer, Ctx},
};

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Minutes that are booked to think, for the return talk, and for a debrief together or a circle.
pub(crate) const THINK: i64 = 30;
pub(crate) const TALK: i64 = 45;
pub(crate) const TOGETHER: i64 = 90;

pub(crate) struct Entry<'a> {
    pub(crate) uid: String,
    pub(crate) title: String,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) url: &'a str,
    pub(crate) now: Timestamp,
    /// Grows whenever the entry changes.
    pub(crate) sequence: i64,
}

pub(crate) fn after(from: Timestamp, minutes: i64) -> Timestamp {
    from.checked_add(jiff::Span::new().minutes(minutes)).unwrap_or(from)
}

/// A file that puts one entry into the reader's calendar, moves it there, or takes it out.
pub(crate) fn update(entry: &Entry<'_>, cancelled: bool) -> String {
    let mut event = event(entry);
    if cancelled {
        event.status(icalendar::EventStatus::Cancelled);
    }
    let mut calendar = Calendar::new();
    calendar.append_property(icalendar::Property::new("METHOD", if cancelled { "CANCEL" } else { "PUBLISH" }));
    calendar.push(event);
    calendar.to_string()
}

fn event(entry: &Entry<'_>) -> Event {
    let mut event = Event::new();
    event
        .uid(&entry.uid)
        .add_property("SEQUENCE", entry.sequence.to_string())
        .summary(&entry.title)
        .add_property("DTSTAMP", utc(entry.now))
        .add_property("DTSTART", utc(entry.from))
        .add_property("DTEND", utc(entry.to))
        .add_property("URL", entry.url);
    event.done()
}

/// `GET /calendar/{token}.ics`
pub(crate) async fn show(ctx: Ctx, Path(file): Path<String>) -> Answer {
    let ended = || Problem::new(StatusCode::NOT_FOUND, "problem-link-ended");
    let token = file.strip_suffix(".ics").and_then(Token::parse).ok_or_else(ended)?;
    let owner = ctx.app.store.calendar_owner(&token, ctx.now).await.map_err(|_| ended())?;
    let mut calendar = Calendar::new();
    calendar.name(&format!("Freerange {}", ctx.app.city));
    own(&ctx, owner, &mut calendar).await?;
    together(&ctx, owner, &mut calendar).await?;
    team(&ctx, owner, &mut calendar).await?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar.to_string()).into_response())
}

/// Outings, and the times to come back that were not dropped.
async fn own(ctx: &Ctx, owner: PersonId, calendar: &mut Calendar) -> Result<(), Problem> {
    for p in ctx.app.store.calendar(owner).await? {
        let url = ctx.link(&format!("/placements/{}", p.id));
        let [thinking, talking] = ctx.app.store.return_sequences(p.id).await?;
        let mut add = |what: &str, title: String, from: Timestamp, to: Timestamp, sequence: i64| {
            let uid = format!("{what}-{}@freerange", p.id);
            calendar.push(event(&Entry { uid, title, from, to, url: &url, now: ctx.now, sequence }));
        };
        add("outing", p.outing.clone(), p.starts_at, p.ends_at, 0);
        if let (Some(at), Some(sequence)) = (p.reflection_at, thinking) {
            add("reflection", ctx.t.calendar_reflection(&p.outing), at, after(at, THINK), sequence);
        }
        if let (Some(at), Some(sequence)) = (p.talk_at, talking) {
            add("talk", ctx.t.calendar_talk(&p.outing), at, after(at, TALK), sequence);
        }
    }
    Ok(())
}

/// Debriefs together and circles.
async fn together(ctx: &Ctx, owner: PersonId, calendar: &mut Calendar) -> Result<(), Problem> {
    for (id, outing, at) in ctx.app.store.calendar_of_debriefs(owner).await? {
        let (uid, title) = (format!("debrief-{id}@freerange"), ctx.t.calendar_debrief(&outing));
        let url = ctx.link("/placements");
        let to = after(at, TOGETHER);
        calendar.push(event(&Entry { uid, title, from: at, to, url: &url, now: ctx.now, sequence: 0 }));
    }
    for (id, at, sequence) in ctx.app.store.calendar_of_circles(owner).await? {
        let (uid, title) = (format!("circle-{id}@freerange"), ctx.t.calendar_circle().to_owned());
        let url = ctx.link(&format!("/circles/{id}"));
        let to = after(at, TOGETHER);
        calendar.push(event(&Entry { uid, title, from: at, to, url: &url, now: ctx.now, sequence }));
    }
    Ok(())
}

/// For a manager: who is away, and return talks.
async fn team(ctx: &Ctx, owner: PersonId, calendar: &mut Calendar) -> Result<(), Problem> {
    for p in ctx.app.store.calendar_of_team(owner, ctx.now).await? {
        let url = ctx.link(&format!("/placements/{}", p.id));
        if p.ends_at >= ctx.now {
            let (uid, title) = (format!("away-{}@freerange", p.id), ctx.t.calendar_team_away(&p.person));
            let (from, to) = (p.starts_at, p.ends_at);
            calendar.push(event(&Entry { uid, title, from, to, url: &url, now: ctx.now, sequence: 0 }));
        }
        let [_, talking] = ctx.app.store.return_sequences(p.id).await?;
        if let (Some(at), Some(sequence)) = (p.talk_at.filter(|at| *at >= ctx.now), talking) {
            let (uid, title) = (format!("team-talk-{}@freerange", p.id), ctx.t.calendar_team_talk(&p.person));
            let to = after(at, TALK);
            calendar.push(event(&Entry { uid, title, from: at, to, url: &url, now: ctx.now, sequence }));
        }
    }
    Ok(())
}
