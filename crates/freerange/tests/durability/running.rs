//! The program as it runs in a city, and somebody who is out there with a session for it. May use what operators and phones
//! use; a program that was started here ends with the test.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use freerange_domain::outing::Kind;
use freerange_store::session::Attempt;
use freerange_testkit::{House, PASSWORD, city, sign_in_as};
use uuid::Uuid;

/// The program reads the real clock, so a session for it must begin by it.
#[expect(clippy::disallowed_methods, reason = "the program under test reads the same clock")]
pub(crate) fn real_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts the program and waits until it says that it is ready.
    pub(crate) fn start(database: &str) -> Self {
        // The port is free when it is looked for; should somebody else take it meanwhile, another is.
        for _ in 0..20 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = free.local_addr().expect("has one").port();
            drop(free);
            let mut child = Command::new(env!("CARGO_BIN_EXE_freerange"))
                .args(["serve", "--database", database, "--listen", &format!("127.0.0.1:{port}")])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts");
            let mut line = String::new();
            let said = child.stdout.take().expect("speaks");
            BufReader::new(said).read_line(&mut line).expect("reads");
            if line.contains("ready") {
                return Self { child, port };
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("the server does not start");
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("can be killed");
        self.child.wait().expect("ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body, or nothing when the connection broke.
pub(crate) fn post(port: u16, token: &str, body: &str) -> Option<(u16, String)> {
    let mut door = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "POST /notebook/sync HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    door.write_all(head.as_bytes()).ok()?;
    door.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    door.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some((status, body.to_owned()))
}

/// Ann, out there: her session, her id, her placement.
pub(crate) struct Ann {
    pub(crate) token: String,
    person: Uuid,
    placement: Uuid,
    now: i64,
}

pub(crate) async fn ann(house: &House) -> Ann {
    // The program reads the real clock, so the story happens in its past.
    house.clock.set("2026-01-05T09:00:00+01:00");
    city(house).await;
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    let (_, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
    let attempt = Attempt { email: "ann@city.example", password: PASSWORD, from: "192.0.2.1", agent: "a phone" };
    let real = real_now();
    let token = house.store.sign_in(&attempt, real).await.expect("signs in").expose().to_owned();
    Ann { token, person: ann.person().expect("signed in").0, placement: placement.0, now: real.as_microsecond() }
}

pub(crate) fn batch(ann: &Ann, device: Uuid, (record, note): (Uuid, Uuid), seen: &str) -> String {
    let (now, person, placement) = (ann.now, ann.person, ann.placement);
    format!(
        r#"{{"protocol":1,"device":"{device}","person":"{person}","clock":{now},"since":0,"records":[
        {{"id":"{record}","at":{now},"what":{{"kind":"note","note":"{note}","placement":"{placement}","sort":"saw",
        "seen":"{seen}","happened":{now}}}}}]}}"#
    )
}
