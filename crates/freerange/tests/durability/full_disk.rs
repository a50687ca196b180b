//! A full disk is answered with what to do, nothing is half written, and with room it goes on: under `SQLite`'s file, under
//! the tables of `PostgreSQL`, and under its log.

use std::{
    fs::File,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use freerange_store::{Engine, Store};
use freerange_testkit::{both, on_server};
use uuid::Uuid;

use crate::running::{Ann, Server, ann, batch, post};

/// A file system of a few megabytes in memory; taken down at the end.
struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where only an administrator could.
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success());
        if !mounted {
            eprintln!(
                "skipped: only an administrator can mount a small disk; the store's own test limits the file instead"
            );
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Something else fills the disk to the last byte. The file is what it is filled with.
    fn fill(&self) -> PathBuf {
        let ballast = self.path().join("ballast");
        let mut filler = File::create(&ballast).expect("is made");
        while filler.write_all(&[0; 4_096]).is_ok() {}
        while filler.write_all(&[0]).is_ok() {}
        ballast
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// A long text that no database can make shorter.
fn long(pieces: usize) -> String {
    (0..pieces).map(|_| Uuid::new_v4().to_string()).collect::<Vec<_>>().join(" ")
}

/// Writes until the answer is another than yes; that answer, and how many were kept before it.
fn write_until_no(server: &Server, ann: &Ann, device: Uuid) -> ((u16, String), i64) {
    for kept in 0..2_000 {
        let text = long(200);
        let answer = post(server.port, &ann.token, &batch(ann, device, (Uuid::now_v7(), Uuid::now_v7()), &text));
        let answer = answer.expect("answers");
        if answer.0 != 200 {
            return (answer, kept);
        }
    }
    panic!("the disk is never full");
}

fn write(server: &Server, ann: &Ann, device: Uuid, text: &str) -> (u16, String) {
    post(server.port, &ann.token, &batch(ann, device, (Uuid::now_v7(), Uuid::now_v7()), text)).expect("answers")
}

/// `freerange check` finds nothing, and there are as many notes as were answered with yes.
async fn holds(database: &str, notes: i64) {
    let checked =
        Command::new(env!("CARGO_BIN_EXE_freerange")).args(["check", "--database", database]).output().expect("runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let store = Store::open_existing(database).await.expect("opens");
    let checked = store.check().await.expect("looks");
    let there = checked.counts.iter().find(|(what, _)| *what == "notes").map(|(_, n)| *n);
    assert_eq!(there, Some(notes), "what was answered 200 and nothing else");
    store.close().await;
}

/// The whole story of a disk on which the database lies.
async fn full_and_with_room_again(small: &Small, ann: &Ann, database: &str) {
    let server = Server::start(database);
    let device = Uuid::now_v7();
    assert_eq!(write(&server, ann, device, "with room").0, 200);
    let ballast = small.fill();
    let ((status, said), kept) = write_until_no(&server, ann, device);
    assert_eq!(status, 507, "{said}");
    assert!(said.contains("storage-full"), "{said}");
    // It stays full: every further one is told the same, and none is kept in part.
    for _ in 0..20 {
        let (status, said) = write(&server, ann, device, &long(200));
        assert_eq!(status, 507, "{said}");
    }
    std::fs::remove_file(&ballast).expect("is gone");
    let (again, said) = write(&server, ann, device, "with room again");
    assert_eq!(again, 200, "{said}");
    drop(server);
    holds(database, kept + 2).await;
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written_and_with_room_it_goes_on() {
    let Some(small) = Small::mount(6) else { return };
    both(async |house| {
        if house.store.engine() == Engine::Postgres {
            return;
        }
        let ann = ann(house).await;
        house.store.close().await;
        let file = small.path().join("city.db");
        std::fs::copy(house.file().expect("a file"), &file).expect("fits");
        full_and_with_room_again(&small, &ann, &format!("sqlite:{}", file.display())).await;
    });
}

/// A `PostgreSQL` of one's own; ended with the test.
struct Cluster {
    /// Its log, its socket, and whatever does not lie on the small disk.
    folder: tempfile::TempDir,
    data: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes one with its tables at `data` and its log at `log`, below folders that are there. Nothing where this machine has
    /// no `PostgreSQL`, or where no test runs on one.
    fn start(data: &Path, log: &Path, folder: tempfile::TempDir) -> Option<Self> {
        if std::env::var_os("FREERANGE_TEST_POSTGRES").is_none() {
            assert!(std::env::var_os("CI").is_none(), "half of the tests would not run");
            eprintln!("PostgreSQL was skipped: run this by scripts/with-postgres");
            return None;
        }
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let Some(programs) = versions.map(|v| v.path().join("bin")).filter(|p| p.join("initdb").exists()).max() else {
            eprintln!("PostgreSQL was skipped: its programs are not below /usr/lib/postgresql");
            return None;
        };
        for place in [data, log, folder.path()] {
            let owner = Command::new("chown").arg("postgres").arg(place).status().expect("runs");
            assert!(owner.success(), "{}", place.display());
            std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o755)).expect("opens it");
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("has one").port();
        drop(free);
        let cluster = Self { data: data.join("data"), programs, port, folder };
        // Segments of one megabyte, so that a small disk is full soon.
        let wal = format!("--waldir={}", log.join("log").display());
        let made = cluster.run(
            "initdb",
            &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=1", &wal],
        );
        assert!(made, "initdb");
        assert!(cluster.begin(), "it starts");
        Some(cluster)
    }

    /// Runs one of its programs as the user it must be run as.
    fn run(&self, program: &str, words: &[&str]) -> bool {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        command.arg(self.programs.join(program)).arg("-D").arg(&self.data).args(words);
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    }

    /// Starts it, as whoever looks after it would.
    fn begin(&self) -> bool {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=60",
            self.port
        );
        let said = format!("{folder}/said");
        self.run("pg_ctl", &["-w", "-l", &said, "-o", &options, "start"])
    }

    fn running(&self) -> bool {
        self.run("pg_ctl", &["status"])
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }
}

#[test]
fn a_full_disk_under_the_tables_of_postgresql_is_said_and_with_room_it_goes_on() {
    let Some(small) = Small::mount(160) else { return };
    let elsewhere = tempfile::tempdir().expect("a folder");
    let Some(cluster) = Cluster::start(small.path(), elsewhere.path(), tempfile::tempdir().expect("a folder")) else {
        return;
    };
    on_server(&cluster.url(), async |house| {
        let ann = ann(house).await;
        full_and_with_room_again(&small, &ann, &house.url()).await;
    });
}

#[test]
fn postgresql_that_stops_for_want_of_room_for_its_log_loses_nothing_that_was_answered_with_yes() {
    let Some(small) = Small::mount(64) else { return };
    let elsewhere = tempfile::tempdir().expect("a folder");
    let Some(cluster) = Cluster::start(elsewhere.path(), small.path(), tempfile::tempdir().expect("a folder")) else {
        return;
    };
    on_server(&cluster.url(), async |house| {
        let ann = ann(house).await;
        let server = Server::start(&house.url());
        let device = Uuid::now_v7();
        assert_eq!(write(&server, &ann, device, "with room").0, 200);
        let ballast = small.fill();
        let ((status, said), kept) = write_until_no(&server, &ann, device);
        // PostgreSQL says that there is no room before it stops; whoever asks while it is away is told that something failed.
        assert!(matches!(status, 500 | 507), "{status} {said}");
        assert!(cluster.said().contains("PANIC"), "it never stopped: {}", cluster.said());
        std::fs::remove_file(&ballast).expect("is gone");
        assert!(cluster.running() || cluster.begin(), "{}", cluster.said());
        let (again, said) = write(&server, &ann, device, "with room again");
        assert_eq!(again, 200, "{said}");
        drop(server);
        holds(&house.url(), kept + 2).await;
    });
}
