//! A small city hall to walk through: one person for each role, and one thing of each kind.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use freerange_domain::{
    challenge::Ask,
    consent::Uses,
    id::{ChallengeId, NoteId, OutingId, PlacementId, ReflectionId},
    outing::{Guests, Kind, Party, Photos, Publicity, Span},
    people::{Email, Role},
    place::Level,
    text::{Line, Prose},
};
use freerange_i18n::Lang;
use freerange_store::{
    Actor, Store, Token,
    invitation::Invite,
    note::{Draft, Picture},
    outing::Offer,
    people::StaffRow,
    place::PlaceRow,
    placement::{Say, Step},
    practice::Telling,
    session::Attempt,
};
use freerange_web::letters::Letters;
use http_body_util::BodyExt;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use tower::ServiceExt;

mod change;
mod circle;
mod community;
mod exchange;
mod insight;
pub(crate) mod safety;

pub(crate) const NOW: &str = "2026-11-24T09:00:00Z";
pub(crate) const PASSWORD: &str = "four walls and a roof";
/// Everybody who walks: name of the walker, e-mail.
pub(crate) const WALKERS: &[&str] =
    &["nobody", "mira", "other", "boss", "owner", "lead", "mayor", "auditor", "admin", "clerk"];

/// The house, its door, and the ids of what is in it.
pub(crate) struct House {
    pub store: Store,
    pub router: Router,
    pub tokens: BTreeMap<&'static str, Token>,
    pub ids: BTreeMap<&'static str, String>,
    folder: tempfile::TempDir,
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().expect("a moment")
}

fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).expect("prose")
}

fn staff(name: &str, manager: Option<&str>) -> StaffRow {
    StaffRow {
        staff_no: format!("S-{name}"),
        name: format!("Person {name}"),
        email: format!("{name}@city.example"),
        team: vec!["Housing".into(), "Permits".into()],
        manager_email: manager.map(|m| format!("{m}@city.example")),
        grade: "8".into(),
        languages: vec!["en".into()],
        working_pattern: "Mon-Fri".into(),
    }
}

async fn people(store: &Store) -> BTreeMap<&'static str, Token> {
    let rows: Vec<StaffRow> = WALKERS
        .iter()
        .skip(1)
        .map(|w| staff(w, if matches!(*w, "mira" | "other") { Some("boss") } else { None }))
        .collect();
    store.import_people(&Actor::Program, &rows, now()).await.expect("imported");
    let mut tokens = BTreeMap::new();
    for walker in WALKERS.iter().skip(1) {
        let email = Email::parse(&format!("{walker}@city.example")).expect("an address");
        let id = store.person_by_email(&email).await.expect("there");
        store.first_password(id, PASSWORD, now()).await.expect("set");
        let role = match *walker {
            "lead" => Some(Role::ProgrammeLead),
            "mayor" => Some(Role::Mayor),
            "auditor" => Some(Role::Auditor),
            "admin" => Some(Role::Admin),
            "clerk" => Some(Role::Clerk),
            _ => None,
        };
        if let Some(role) = role {
            store.set_roles(&Actor::Program, id, &[role], now()).await.expect("granted");
        }
        let attempt = Attempt { email: email.as_str(), password: PASSWORD, from: "127.0.0.1", agent: "test" };
        tokens.insert(*walker, store.sign_in(&attempt, now()).await.expect("signed in"));
    }
    tokens
}

/// The person behind a session.
pub(crate) async fn actor(store: &Store, token: &Token) -> Actor {
    store.session_actor(token, now()).await.expect("a session")
}

fn offer(challenge: ChallengeId, starts: Timestamp) -> Offer {
    Offer {
        kind: Kind::CommunityVisit,
        title: line("Tea in the stairwell"),
        description: prose("We sit on the stairs and listen."),
        challenge: Some(challenge),
        invitation: None,
        place: None,
        meeting_point: "Stairs".into(),
        host_name: "Stair club".into(),
        host_wants: String::new(),
        host_gets: String::new(),
        safety_plan: "Ring the desk.".into(),
        access_notes: String::new(),
        access: vec![freerange_domain::outing::Access::StepFree],
        language: "en".into(),
        span: Span::new(Kind::CommunityVisit, starts, starts.checked_add(2.hours()).expect("soon")).expect("a span"),
        seats: 3,
        photos: Photos::Ask,
        notes_allowed: true,
        publicity: Publicity::None,
        guests: Guests::Anyone,
        parties: Vec::new(),
    }
}

async fn challenge(store: &Store, owner: &Actor) -> ChallengeId {
    let ask = Ask {
        title: line("Why page four?"),
        question: prose("Why do people stop at page four?"),
        why: prose("They lose their rent support."),
        decision: line("New form"),
        decision_on: jiff::civil::date(2027, 3, 1),
    };
    store.ask_challenge(owner, &ask, None, now()).await.expect("asked")
}

/// A placement of mira that is out, with a consent and a note on it.
async fn placement_out(store: &Store, mira: &Actor, boss: &Actor, outing: OutingId) -> (PlacementId, String, NoteId) {
    let later = |days: i64| now().checked_add((days * 24).hours()).expect("soon");
    let answers = BTreeMap::from([("learn".to_owned(), "How it feels".to_owned())]);
    let id = store.wish(mira, outing, &answers, Some((later(3), later(9))), now()).await.expect("wished");
    store.answer_placement(boss, id, Say::Yes, now()).await.expect("yes");
    store
        .step(mira, id, Step::Depart { checkin: line("with Jo, until four"), zone: TimeZone::UTC }, now())
        .await
        .expect("out");
    let all = Uses { use_it: true, quote: true, picture: true, contact: true };
    let code = store.record_consent(mira, id, all, "en", now()).await.expect("recorded");
    let consent = store.my_consents(mira, outing).await.expect("listed")[0].id;
    let draft = Draft {
        id: NoteId::new(),
        kind: freerange_domain::note::Kind::Said,
        seen: prose("Nobody told me that page five is the easy one"),
        meaning: "Say so on page four.".into(),
        place: None,
        point: None,
        consent: Some(consent),
        picture: None,
        happened_at: now(),
    };
    let note = store.write_note(mira, id, &draft, now()).await.expect("kept");
    (id, code.grouped(), note)
}

async fn reflection(store: &Store, mira: &Actor, placement: PlacementId) -> ReflectionId {
    let answers = BTreeMap::from([("struck".to_owned(), "How patient they are".to_owned())]);
    let kind = freerange_domain::reflection::Moment::Evening(jiff::civil::date(2026, 11, 24));
    store.write_reflection(mira, placement, kind, &answers, now()).await.expect("kept")
}

fn invite() -> Invite {
    Invite {
        group_name: line("Stair club"),
        contact_name: line("Jo"),
        contact_email: "jo@stairs.example".into(),
        contact_phone: String::new(),
        topic: line("Come and see the stairs"),
        message: prose("They are steep."),
        place: None,
        meeting_point: String::new(),
        wished_at: now().checked_add(72.hours()).expect("soon"),
        people: 3,
        language: "en".into(),
        notes_allowed: true,
        photos: Photos::None,
        publicity: Publicity::None,
        host_wants: "Come without a plan.".into(),
        host_gets: "An answer.".into(),
        access_notes: String::new(),
        step_free: false,
        guests: Guests::Decide,
        received_via: "page",
    }
}

/// A visit that was invited to, and the code with which its inviter follows it.
async fn visit(store: &Store, owner: &Actor, offer: &Offer) -> (OutingId, String) {
    let code = store.invite(&Actor::Anybody, &invite(), &TimeZone::UTC, now()).await.expect("invited");
    let inviter = store.inviter(&code, "127.0.0.1", now()).await.expect("known");
    let Actor::Inviter(id) = inviter else { panic!("an inviter") };
    let outing = store.accept_invitation(owner, id, offer, &prose("Gladly."), now()).await.expect("accepted");
    (outing, code.grouped())
}

fn telling() -> Telling {
    let words = || prose("In a few words.");
    Telling {
        change: None,
        title: line("Ring the same day"),
        problem: words(),
        what: words(),
        how: words(),
        needed: words(),
        result: words(),
        careful: words(),
        language: "en".into(),
        origin: None,
        quotes: Vec::new(),
    }
}

/// The city's zone, where the clocks jump.
pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("known")
}

fn numbers() -> freerange_domain::safety::Numbers {
    "Duty desk=+31 33 123 45 67".parse().expect("numbers")
}

fn letters() -> Letters {
    Letters {
        city: "Testham".into(),
        base_url: "http://city.example".into(),
        zone: zone(),
        default: Lang::En,
        numbers: numbers(),
    }
}

/// The secrets in the letters that ask somebody for a yes, newest first.
pub(crate) async fn secrets(store: &Store, email: &str) -> Vec<String> {
    let outbox = store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let to_them = outbox.into_iter().filter(|w| w.letter.to_email == email);
    to_them
        .filter_map(|w| Some(w.letter.body.split_once("/answer/")?.1.split_whitespace().next()?.to_owned()))
        .collect()
}

/// Mira and a colleague want to learn in another city. Her manager has not answered the letter yet; of the colleague's
/// two letters the manager's is answered, so the host there has one. Returns both open links.
async fn links(store: &Store, [owner, mira, other, boss]: [&Actor; 4], challenge: ChallengeId) -> [String; 2] {
    let later = |days: i64| now().checked_add((days * 24).hours()).expect("soon");
    let host = (Party::PeerCity, "Peer".to_owned(), "host@peer.example".to_owned());
    let span = Span::new(Kind::LearningVisit, later(40), later(42)).expect("a span");
    let visit = Offer { kind: Kind::LearningVisit, parties: vec![host], span, ..offer(challenge, later(40)) };
    let outing = store.offer_outing(owner, &visit, &jiff::tz::TimeZone::UTC, now()).await.expect("offered");
    let answers = BTreeMap::from([("learn".to_owned(), "How they do it".to_owned())]);
    let dates = Some((later(44), later(50)));
    store.wish(mira, outing, &answers, dates, now()).await.expect("wished");
    let manager = secrets(store, "boss@city.example").await.remove(0);
    let others = store.wish(other, outing, &answers, dates, now()).await.expect("wished");
    store.answer_placement(boss, others, Say::Yes, now()).await.expect("yes");
    [manager, secrets(store, "host@peer.example").await.remove(0)]
}

/// Mira's picture of a door.
async fn picture(store: &Store, mira: &Actor, outing: OutingId, placement: PlacementId) -> String {
    let consent = store.my_consents(mira, outing).await.expect("listed")[0].id;
    let jpeg = Picture {
        mime: "image/jpeg",
        width: 1,
        height: 1,
        description: "A door".into(),
        bytes: b"\xff\xd8\xff\xd9".to_vec(),
    };
    let draft = Draft {
        id: NoteId::new(),
        kind: freerange_domain::note::Kind::Saw,
        seen: prose("The door is heavy"),
        meaning: String::new(),
        place: None,
        point: None,
        consent: Some(consent),
        picture: Some(jpeg),
        happened_at: now(),
    };
    let note = store.write_note(mira, placement, &draft, now()).await.expect("kept");
    store.note(mira, note).await.expect("there").media[0].id.to_string()
}

/// A round with one outing, a run that is done, and the link by which a manager was asked.
async fn round(store: &Store, lead: &Actor, owner: &Actor, challenge: ChallengeId) -> [String; 3] {
    use freerange_domain::round::{Effort, Season};
    use freerange_store::round::{Finished, Opening};
    let day = |m, d| jiff::civil::date(2027, m, d);
    let season = Season { starts_on: day(1, 4), ends_on: day(4, 30), wishes_until: day(1, 1) };
    let opening = Opening { title: line("Spring"), season, place_cap: 12, host_cap: None };
    let id = store.open_round(lead, &opening, now()).await.expect("opened");
    let starts = now().checked_add((60 * 24).hours()).expect("soon");
    let (outing, _) = visit(store, owner, &offer(challenge, starts)).await;
    store.put_in_round(lead, id, &[outing], 1, &zone(), now()).await.expect("in");
    let wishes_on = now().to_zoned_datetime(zone()).date();
    store.add_round_wish(owner, id, outing, wishes_on, now()).await.expect("wished");
    store.ask_round_run(lead, id, Effort::Quick, now()).await.expect("asked for");
    let worker = uuid::Uuid::now_v7();
    let job = store.claim_round_run(worker, now()).await.expect("answers").expect("waits");
    let found = Finished { verified: true, proof: vec![1], ..Finished::default() };
    store.finish_round_run(job.id, worker, &found, now()).await.expect("kept");
    store.ask_round_cover(lead, id, now()).await.expect("asked");
    let outbox = store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let letter = outbox.into_iter().find(|w| w.letter.body.contains("/cover/")).expect("a letter").letter.body;
    let (_, secret) = letter.split_once("/cover/").expect("a link");
    [id.to_string(), outing.to_string(), secret.split_whitespace().next().expect("a secret").to_owned()]
}

/// What a phone says that has nothing to say.
pub(crate) fn batch(who: &Actor, device: uuid::Uuid) -> freerange_notebook::Batch {
    freerange_notebook::Batch {
        protocol: freerange_notebook::PROTOCOL,
        device,
        device_name: "Pixel 7, Chrome".into(),
        person: who.person().expect("somebody").0,
        epoch: None,
        clock: now().as_microsecond(),
        since: 0,
        records: Vec::new(),
    }
}

/// Builds the house.
pub(crate) async fn house() -> House {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_file(&folder.path().join("house.sqlite")).await.expect("opened");
    let store = store.with_writer(Arc::new(letters()));
    let tokens = people(&store).await;
    let place = |code: &str, parent: Option<&str>| PlaceRow {
        code: code.into(),
        name: format!("Place {code}"),
        name_local: format!("Place {code}"),
        parent_code: parent.map(Into::into),
        shape: "[]".into(),
        svg: "M0 0h10v10z".into(),
    };
    for (level, row) in [(Level::District, place("1", None)), (Level::Neighbourhood, place("11", Some("1")))] {
        let row = if level == Level::District { PlaceRow { parent_code: None, ..row } } else { row };
        store.import_places(&Actor::Program, "[5,52,6,53]", &[(level, vec![row])], now()).await.expect("imported");
    }
    let owner = actor(&store, &tokens["owner"]).await;
    let mira = actor(&store, &tokens["mira"]).await;
    let boss = actor(&store, &tokens["boss"]).await;
    let asked = challenge(&store, &owner).await;
    let (outing, _) = visit(&store, &owner, &offer(asked, now())).await;
    let later = now().checked_add((20 * 24).hours()).expect("soon");
    let (coming, hosted) = visit(&store, &owner, &offer(asked, later)).await;
    let (placement, code, note) = placement_out(&store, &mira, &boss, outing).await;
    let changed = change::change(&store, &owner, asked, note).await;
    let follow_up =
        store.change(&owner, changed, jiff::civil::date(2026, 11, 24)).await.expect("there").follow_ups[0].id;
    let asked_link = change::asked_link(&store).await;
    let [running, shown] = change::experiments(&store, &owner).await;
    let reflected = reflection(&store, &mira, placement).await;
    let invited = store.invite(&Actor::Anybody, &invite(), &TimeZone::UTC, now()).await.expect("invited");
    let Actor::Inviter(invitation) = store.inviter(&invited, "127.0.0.1", now()).await.expect("known") else {
        panic!("an inviter")
    };
    let [place, community, spoken] = community::community(&store, &actor(&store, &tokens["clerk"]).await).await;
    let slug = store.tell_practice(&mira, &telling(), now()).await.expect("told");
    store.publish_practice(&mira, &slug, true, None, now()).await.expect("published");
    let colleague = actor(&store, &tokens["other"]).await;
    let [manager_link, host_link] = links(&store, [&owner, &mira, &colleague, &boss], asked).await;
    let picture = picture(&store, &mira, outing, placement).await;
    let calendar = store.new_calendar_link(&mira, now()).await.expect("made");
    let other = store.person_by_email(&Email::parse("other@city.example").expect("address")).await.expect("there");
    let lead = actor(&store, &tokens["lead"]).await;
    let [round, in_round, cover_link] = round(&store, &lead, &owner, asked).await;
    let exchanges = exchange::exchanges(&store, &lead, &mira).await;
    let device = uuid::Uuid::now_v7();
    store.sync(&mira, &batch(&mira, device), now()).await.expect("synced");
    let outs = safety::out(&store, &mira, &colleague, placement).await;
    let themes = insight::board(&store, &owner, asked).await;
    let circle = circle::circle(&store, [&owner, &mira, &colleague, &boss], asked).await;
    let mut ids = BTreeMap::from([
        ("device", device.to_string()),
        ("round", round),
        ("in_round", in_round),
        ("cover_link", cover_link),
        ("challenge", asked.to_string()),
        ("outing", outing.to_string()),
        ("coming", coming.to_string()),
        ("placement", placement.to_string()),
        ("note", note.to_string()),
        ("change", changed.to_string()),
        ("kept_link", asked_link),
        ("experiment", running),
        ("shown", shown),
        ("follow_up", follow_up.to_string()),
        ("reflection", reflected.to_string()),
        ("place", place),
        ("community", community),
        ("spoken", spoken),
        ("invitation", invitation.to_string()),
        ("invited", invited.grouped()),
        ("hosted", hosted),
        ("code", code),
        ("slug", slug),
        ("other", other.to_string()),
        ("manager_link", manager_link),
        ("host_link", host_link),
        ("picture", picture),
        ("calendar_file", format!("{}.ics", calendar.expose())),
    ]);
    ids.extend(themes);
    ids.extend(exchanges);
    ids.extend(outs);
    ids.extend([circle]);
    House { router: router(&store), store, tokens, ids, folder }
}

/// A server over a store, at a fixed moment.
pub(crate) fn router(store: &Store) -> Router {
    freerange_web::router(app(store))
}

/// The same for a city that is none of the demo's.
pub(crate) fn real_city(store: &Store) -> Router {
    freerange_web::router(freerange_web::App { demo: false, ..app(store) })
}

fn app(store: &Store) -> freerange_web::App {
    freerange_web::App {
        store: store.clone(),
        clock: Arc::new(now),
        zone: zone(),
        city: "Testham".into(),
        base_url: "http://city.example".into(),
        demo: true,
        behind_proxy: false,
        numbers: numbers(),
    }
}

/// What came back.
pub(crate) struct Got {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl House {
    /// Where its data are.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Sends a request as one of the walkers. A body makes it a POST.
    pub(crate) async fn send(&self, walker: &str, path: &str, body: Option<&str>) -> Got {
        self.send_with(walker, path, body, "application/x-www-form-urlencoded", &[]).await
    }

    pub(crate) async fn send_with(
        &self,
        walker: &str,
        path: &str,
        body: Option<&str>,
        mime: &str,
        extra: &[(&str, &str)],
    ) -> Got {
        self.send_bytes(walker, path, body.map(str::as_bytes), mime, extra).await
    }

    pub(crate) async fn send_bytes(
        &self,
        walker: &str,
        path: &str,
        body: Option<&[u8]>,
        mime: &str,
        extra: &[(&str, &str)],
    ) -> Got {
        self.send_as(if body.is_some() { "POST" } else { "GET" }, walker, path, body, mime, extra).await
    }

    pub(crate) async fn send_as(
        &self,
        method: &str,
        walker: &str,
        path: &str,
        body: Option<&[u8]>,
        mime: &str,
        extra: &[(&str, &str)],
    ) -> Got {
        let mut request = Request::builder().uri(path).method(method);
        if let Some(token) = self.tokens.get(walker) {
            request = request.header(header::COOKIE, format!("session={}", token.expose()));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, mime);
        }
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.unwrap_or_default().to_vec())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Got { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends a request by any method, with headers and a body of bytes.
    pub(crate) async fn ask(&self, method: &str, walker: &str, path: &str, body: &[u8], extra: &[(&str, &str)]) -> Got {
        let mut request = Request::builder().uri(path).method(method);
        if let Some(token) = self.tokens.get(walker) {
            request = request.header(header::COOKIE, format!("session={}", token.expose()));
        }
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Got { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A path with the house's ids filled in: `/challenges/:challenge`.
    pub(crate) fn path(&self, pattern: &str) -> String {
        pattern
            .split('/')
            .map(|part| part.strip_prefix(':').map_or(part, |name| self.ids[name].as_str()))
            .collect::<Vec<_>>()
            .join("/")
    }
}
