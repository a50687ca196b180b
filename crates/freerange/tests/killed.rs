//! Acknowledged means on disk: the real server is killed in the middle of its work, again and again, and whatever it had
//! answered `kept` is there afterwards, once. And a full disk is answered with what to do, and nothing is half written.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use freerange_domain::outing::Kind;
use freerange_store::{Engine, session::Attempt};
use freerange_testkit::{House, PASSWORD, both, city, sign_in_as};
use uuid::Uuid;

/// How often it is killed, for each database. `KILLS=` says otherwise.
const KILLS: usize = 60;
const CLIENTS: usize = 4;

/// The program reads the real clock, so a session for it must begin by it.
#[expect(clippy::disallowed_methods, reason = "the program under test reads the same clock")]
fn real_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts the program and waits until it says that it is ready.
    fn start(database: &str) -> Self {
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

    fn kill(&mut self) {
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
fn post(port: u16, token: &str, body: &str) -> Option<(u16, String)> {
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
struct Ann {
    token: String,
    person: Uuid,
    placement: Uuid,
    now: i64,
}

async fn ann(house: &House) -> Ann {
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

fn batch(ann: &Ann, device: Uuid, (record, note): (Uuid, Uuid), seen: &str) -> String {
    let (now, person, placement) = (ann.now, ann.person, ann.placement);
    format!(
        r#"{{"protocol":1,"device":"{device}","person":"{person}","clock":{now},"since":0,"records":[
        {{"id":"{record}","at":{now},"what":{{"kind":"note","note":"{note}","placement":"{placement}","sort":"saw",
        "seen":"{seen}","happened":{now}}}}}]}}"#
    )
}

/// Sends one note after the other until the server is gone, and remembers which were acknowledged.
fn load(ann: &Ann, device: Uuid, port: u16, acknowledged: &Mutex<Vec<Uuid>>, stop: &AtomicBool) {
    let mut again = None;
    while !stop.load(Ordering::SeqCst) {
        // Every now and then the same once more, as a phone does whose answer was lost.
        let ids = again.take().unwrap_or_else(|| (Uuid::now_v7(), Uuid::now_v7()));
        let Some((status, body)) = post(port, &ann.token, &batch(ann, device, ids, "under load")) else { return };
        if status == 200 && (body.contains(r#""outcome":"kept""#) || body.contains(r#""outcome":"known""#)) {
            let mut all = acknowledged.lock().expect("whole");
            if all.len().is_multiple_of(7) {
                again = Some(ids);
            }
            all.push(ids.1);
        }
    }
}

/// A moment that is different each time and depends on nothing.
fn patience(n: usize) -> std::time::Duration {
    std::time::Duration::from_millis(u64::try_from(n * 7_919 % 90).unwrap_or(0) + 5)
}

#[test]
fn whatever_was_acknowledged_is_there_once_however_often_the_server_is_killed() {
    let kills = std::env::var("KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(KILLS);
    both(async |house| {
        let ann = Arc::new(ann(house).await);
        let acknowledged: Arc<Mutex<Vec<Uuid>>> = Arc::default();
        // The same phones each time: nobody has as many as there are kills.
        let devices: Vec<Uuid> = (0..CLIENTS).map(|_| Uuid::now_v7()).collect();
        for n in 0..kills {
            let mut server = Server::start(&house.url());
            let stop = Arc::new(AtomicBool::new(false));
            let clients: Vec<_> = devices
                .iter()
                .copied()
                .map(|device| {
                    let (ann, acknowledged, stop) = (ann.clone(), acknowledged.clone(), stop.clone());
                    let port = server.port;
                    std::thread::spawn(move || load(&ann, device, port, &acknowledged, &stop))
                })
                .collect();
            // At least one more is acknowledged, then it is killed at some moment of the work.
            let before = acknowledged.lock().expect("whole").len();
            while acknowledged.lock().expect("whole").len() == before && clients.iter().any(|c| !c.is_finished()) {
                std::thread::park_timeout(std::time::Duration::from_millis(2));
            }
            std::thread::park_timeout(patience(n));
            server.kill();
            stop.store(true, Ordering::SeqCst);
            for client in clients {
                client.join().expect("does not panic");
            }
        }
        let mut all = acknowledged.lock().expect("whole").clone();
        all.sort_unstable();
        all.dedup();
        assert!(all.len() >= kills, "only {} were acknowledged", all.len());
        let mut kept: Vec<Uuid> = Vec::new();
        let who = sign_in_as(house, "ann").await;
        let mut phone = freerange_testkit::Phone::of(&who);
        phone.settle(&house.store, &who, real_now()).await;
        while phone.more {
            phone.settle(&house.store, &who, real_now()).await;
        }
        kept.extend(phone.notes.keys());
        let lost: Vec<&Uuid> = all.iter().filter(|id| !phone.notes.contains_key(id)).collect();
        assert!(lost.is_empty(), "of {} acknowledged {} are lost: {lost:?}", all.len(), lost.len());
        let count = house.count("note", "1 = 1").await;
        assert_eq!(i64::try_from(kept.len()).expect("small"), count, "none is there twice");
        assert_eq!(house.count("note_version", "1 = 1").await, count, "none is there in part");
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
        eprintln!("{:?}: killed {kills} times, {} acknowledged, {count} kept", house.store.engine(), all.len());
    });
}

/// A file system of a few megabytes in memory; taken down at the end.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written_and_with_room_it_goes_on() {
    let Some(small) = Small::mount() else {
        eprintln!(
            "skipped: only an administrator can mount a small disk; the store's own test limits the file instead"
        );
        return;
    };
    both(async |house| {
        if house.store.engine() == Engine::Postgres {
            return;
        }
        let ann = ann(house).await;
        house.store.close().await;
        let file = small.path().join("city.db");
        std::fs::copy(house.file().expect("a file"), &file).expect("fits");
        let database = format!("sqlite:{}", file.display());
        let server = Server::start(&database);
        let device = Uuid::now_v7();
        let ids = || (Uuid::now_v7(), Uuid::now_v7());
        let (first, _) = post(server.port, &ann.token, &batch(&ann, device, ids(), "with room")).expect("answers");
        assert_eq!(first, 200);
        // Something else fills the disk to the last byte.
        let ballast = small.path().join("ballast");
        let mut filler = std::fs::File::create(&ballast).expect("is made");
        while filler.write_all(&[0; 4_096]).is_ok() {}
        let text = "no room ".repeat(900);
        let mut last = (200, String::new());
        let mut kept = 1;
        for _ in 0..600 {
            last = post(server.port, &ann.token, &batch(&ann, device, ids(), &text)).expect("answers");
            if last.0 != 200 {
                break;
            }
            kept += 1;
        }
        assert_eq!(last.0, 507, "{}", last.1);
        assert!(last.1.contains("storage-full"), "{}", last.1);
        drop(filler);
        std::fs::remove_file(&ballast).expect("is gone");
        let (again, said) =
            post(server.port, &ann.token, &batch(&ann, device, ids(), "with room again")).expect("answers");
        assert_eq!(again, 200, "{said}");
        drop(server);
        let checked = Command::new(env!("CARGO_BIN_EXE_freerange"))
            .args(["check", "--database", &database])
            .output()
            .expect("runs");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let store = freerange_store::Store::open_existing(&database).await.expect("opens");
        let checked = store.check().await.expect("looks");
        let notes = checked.counts.iter().find(|(what, _)| *what == "notes").map(|(_, n)| *n);
        assert_eq!(notes, Some(kept + 1), "what was answered 200 and nothing else");
        store.close().await;
    });
}
