//! Everybody's own calendar as a feed: outings, time to think, return talks; a manager's also who of the team is away, and
//! return talks with them. Titles only, nothing that anybody thought. The address is the secret.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
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

struct Entry<'a> {
    uid: String,
    title: String,
    from: Timestamp,
    to: Timestamp,
    url: &'a str,
    now: Timestamp,
}

fn event(entry: &Entry<'_>) -> Event {
    let mut event = Event::new();
    event
        .uid(&entry.uid)
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
    for p in ctx.app.store.calendar(owner).await? {
        let url = ctx.link(&format!("/placements/{}", p.id));
        let mut add = |what: &str, title: String, from: Timestamp, to: Timestamp| {
            let uid = format!("{what}-{}@freerange", p.id);
            calendar.push(event(&Entry { uid, title, from, to, url: &url, now: ctx.now }));
        };
        add("outing", p.outing.clone(), p.starts_at, p.ends_at);
        let hour = |from: Timestamp, minutes: i64| from.checked_add(jiff::Span::new().minutes(minutes)).unwrap_or(from);
        if let Some(at) = p.reflection_at {
            add("reflection", ctx.t.calendar_reflection(&p.outing), at, hour(at, 30));
        }
        if let Some(at) = p.talk_at {
            add("talk", ctx.t.calendar_talk(&p.outing), at, hour(at, 45));
        }
    }
    for p in ctx.app.store.calendar_of_team(owner, ctx.now).await? {
        let url = ctx.link(&format!("/placements/{}", p.id));
        if p.ends_at >= ctx.now {
            let (uid, title) = (format!("away-{}@freerange", p.id), ctx.t.calendar_team_away(&p.person));
            calendar.push(event(&Entry { uid, title, from: p.starts_at, to: p.ends_at, url: &url, now: ctx.now }));
        }
        if let Some(at) = p.talk_at.filter(|at| *at >= ctx.now) {
            let to = at.checked_add(jiff::Span::new().minutes(45)).unwrap_or(at);
            let (uid, title) = (format!("team-talk-{}@freerange", p.id), ctx.t.calendar_team_talk(&p.person));
            calendar.push(event(&Entry { uid, title, from: at, to, url: &url, now: ctx.now }));
        }
    }
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar.to_string()).into_response())
}
