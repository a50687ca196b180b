//! The program is killed in the middle of its work, again and again, and whatever it had answered `kept` is there afterwards,
//! once.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use freerange_testkit::{both, sign_in_as};
use uuid::Uuid;

use crate::running::{Ann, Server, ann, batch, post, real_now};

/// How often it is killed, for each database. `KILLS=` says otherwise.
const KILLS: usize = 60;
const CLIENTS: usize = 4;

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
