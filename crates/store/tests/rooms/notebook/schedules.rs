//! A thousand bad days for two phones of one person, a phone of another, and a page: requests are dropped, delayed, doubled and
//! overtaken, answers are lost, phones and the server go down, clocks are wrong by days, consents are taken back, a backup is
//! restored. In the end no capture that was saved is lost, none is doubled, and every phone says what the server says.
//!
//! The databases are in memory where the machine can: what is promised here does not depend on a disk, and another test pulls
//! the plug.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{code::Code, id::NoteId, outing::Kind};
use freerange_notebook::{Batch, ConsentGiven, DiaryVersion, NoteVersion, What};
use freerange_store::{Actor, Store, note::Edit};
use freerange_testkit::{House, Phone, both, city, prose, sign_in_as};
use jiff::ToSpan as _;
use uuid::Uuid;

const HOUSES: u64 = 10;
const SCHEDULES: u64 = 100;
const STEPS: usize = 32;
const DAY: i64 = 86_400_000_000;

/// Sixty-four bits that look random (Steele, Lea and Flood's `SplitMix64`), the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n.max(1) as u64).expect("small")
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).cloned()
    }
}

/// A request on its way: from which phone, the how-manieth of it, and what.
#[derive(Clone)]
struct Flying(usize, u64, Batch);

/// What was saved on phones, and what was meant to go.
#[derive(Default)]
struct Saved {
    /// Versions by note, and whose.
    notes: BTreeMap<Uuid, (usize, BTreeSet<Uuid>)>,
    diary: BTreeMap<Uuid, (usize, BTreeSet<Uuid>)>,
    /// Consents by code.
    consents: BTreeMap<Uuid, (usize, Code)>,
    rests_on: BTreeMap<Uuid, Uuid>,
    withdrawn: BTreeSet<Uuid>,
    removed: BTreeSet<Uuid>,
}

impl Saved {
    fn may_be_gone(&self, note: &Uuid) -> bool {
        self.removed.contains(note) || self.rests_on.get(note).is_some_and(|c| self.withdrawn.contains(c))
    }
}

struct World<'a> {
    house: &'a House,
    store: Store,
    dice: Dice,
    /// Ann, Ann again, Ben.
    people: [Actor; 3],
    placements: [Uuid; 3],
    phones: Vec<Phone>,
    asked: [u64; 3],
    flying: Vec<Flying>,
    saved: Saved,
    backup: Option<Vec<u8>>,
    restored: bool,
    words: usize,
}

impl World<'_> {
    fn says(&mut self) -> String {
        self.words += 1;
        format!("w{}", self.words)
    }

    fn capture(&mut self, p: usize, with_consent: bool) {
        let now = self.house.now();
        let words = self.says();
        let mut says = self.phones[p].note(self.placements[p], &words, now);
        if with_consent {
            let consent = Uuid::now_v7();
            let code = Code::from_random(self.dice.roll().to_le_bytes());
            let given = ConsentGiven {
                consent,
                placement: self.placements[p],
                code: code.grouped(),
                use_it: true,
                quote: true,
                picture: false,
                contact: false,
                language: "nl".to_owned(),
                adult: true,
            };
            says = NoteVersion { consent: Some(consent), sort: "said".to_owned(), ..says };
            self.saved.consents.insert(consent, (p, code));
            self.saved.rests_on.insert(says.note, consent);
            self.phones[p].capture(What::Consent(given), now);
        }
        let note = says.note;
        let version = self.phones[p].capture(What::Note(says), now);
        self.saved.notes.insert(note, (p, BTreeSet::from([version])));
    }

    /// A note that this phone shows.
    fn shown(&mut self, p: usize) -> Option<Uuid> {
        let mut ids: Vec<Uuid> = self.phones[p].notes.keys().copied().collect();
        ids.extend(self.phones[p].outbox.iter().filter_map(|r| match &r.what {
            What::Note(says) => Some(says.note),
            _ => None,
        }));
        ids.retain(|id| self.saved.notes.contains_key(id));
        self.dice.one(&ids)
    }

    fn edit(&mut self, p: usize) {
        let (words, now) = (self.says(), self.house.now());
        let Some(note) = self.shown(p) else { return };
        if let Some(version) = self.phones[p].edit(note, &words, now)
            && let Some((_, versions)) = self.saved.notes.get_mut(&note)
        {
            versions.insert(version);
        }
    }

    fn remove(&mut self, p: usize) {
        let now = self.house.now();
        if let Some(note) = self.shown(p) {
            self.phones[p].capture(What::NoteGone { note }, now);
            self.saved.removed.insert(note);
        }
    }

    fn write_diary(&mut self, p: usize) {
        let now = self.house.now();
        let known: Vec<(Uuid, Vec<Uuid>)> =
            self.phones[p].diary.values().map(|d| (d.entry, d.heads.iter().map(|h| h.0).collect())).collect();
        let fresh = (Uuid::now_v7(), Vec::new());
        let (entry, follows) = self.dice.one(&known).filter(|_| self.words.is_multiple_of(2)).unwrap_or(fresh);
        self.words += 1;
        let sealed = format!("{}AAAA", "c2Vh".repeat(10 + self.words % 7));
        let version = self.phones[p].capture(What::Diary(DiaryVersion { entry, follows, sealed }), now);
        self.saved.diary.entry(entry).or_insert((p, BTreeSet::new())).1.insert(version);
    }

    fn send(&mut self, p: usize) {
        let count = self.phones[p].outbox.len();
        // Some of it, in any order, as an impatient phone would.
        let which: Vec<usize> = (0..count).filter(|_| self.dice.below(3) > 0).collect();
        let mut which = which;
        if which.len() > 1 {
            let turn = self.dice.below(which.len());
            which.rotate_left(turn);
        }
        self.asked[p] += 1;
        let batch = self.phones[p].batch(&which, self.house.now());
        self.flying.push(Flying(p, self.asked[p], batch));
    }

    async fn deliver(&mut self, again: bool, answer_lost: bool) {
        if self.flying.is_empty() {
            return;
        }
        let at = self.dice.below(self.flying.len());
        let Flying(p, number, batch) = if again { self.flying[at].clone() } else { self.flying.remove(at) };
        let report = self.store.sync(&self.people[p], &batch, self.house.now()).await.expect("answers");
        // A phone hears only the answer to what it asked last; and it may go down while it writes it down.
        if !answer_lost && self.asked[p] == number {
            self.phones[p].hear(&report.synced);
            self.asked[p] += 1;
        }
    }

    async fn edit_on_page(&mut self) {
        let ids: Vec<Uuid> = self.saved.notes.iter().filter(|(_, (p, _))| *p < 2).map(|(id, _)| *id).collect();
        let Some(note) = self.dice.one(&ids) else { return };
        let who = self.people[0].clone();
        let Ok((_, edit)) = self.store.note_to_edit(&who, NoteId(note)).await else { return };
        let edit = Edit { seen: prose(&self.says()), ..edit };
        self.store.edit_note(&who, NoteId(note), &edit, self.house.now()).await.expect("is hers");
    }

    async fn withdraw(&mut self) {
        let known: Vec<(Uuid, Code)> = self.saved.consents.iter().map(|(id, (_, code))| (*id, code.clone())).collect();
        let Some((id, code)) = self.dice.one(&known) else { return };
        let Ok(resident) = self.store.resident(&code, &format!("192.0.2.{}", self.words % 250), self.house.now()).await
        else {
            return;
        };
        self.store.withdraw(&resident, None, self.house.now()).await.expect("is theirs");
        self.saved.withdrawn.insert(id);
    }

    /// Ben says that a note of Ann's is his.
    async fn meddle(&mut self) {
        let (words, now) = (self.says(), self.house.now());
        let ids: Vec<Uuid> = self.phones[0].notes.keys().copied().collect();
        let Some(note) = self.dice.one(&ids) else { return };
        let mut other = self.phones[2].clone();
        other.outbox.clear();
        let says = NoteVersion { note, ..other.note(self.placements[2], &words, now) };
        other.capture(What::Note(says), now);
        other.capture(What::NoteGone { note }, now);
        let report = self.store.sync(&self.people[2], &other.batch(&[], now), now).await.expect("answers");
        let gone = self.saved.may_be_gone(&note) || self.restored;
        for answer in report.synced.answers {
            let refused = answer.outcome == freerange_notebook::Outcome::Refused;
            assert!(refused || gone, "somebody else's note was touched: {answer:?}");
        }
    }

    async fn restart(&mut self) {
        self.store.close().await;
        self.store = Store::open(&self.house.url()).await.expect("opens again");
    }

    async fn back_up(&mut self) {
        let mut file = Vec::new();
        self.store.backup(&mut file, self.house.now()).await.expect("is backed up");
        self.backup = Some(file);
    }

    async fn restore(&mut self) {
        let Some(file) = self.backup.take() else { return };
        self.flying.clear();
        self.house.empty().await;
        self.store.restore(&mut file.as_slice(), None, self.house.now()).await.expect("is restored");
        self.restored = true;
    }

    async fn step(&mut self) {
        let p = self.dice.below(3);
        match self.dice.below(40) {
            0..=5 => self.capture(p, false),
            6..=8 => self.capture(p, true),
            9..=12 => self.edit(p),
            13 => self.remove(p),
            14..=15 => self.write_diary(p),
            16..=22 => self.send(p),
            23..=28 => self.deliver(false, false).await,
            29 => self.deliver(true, true).await,
            30 => self.deliver(true, false).await,
            31..=32 => self.deliver(false, true).await,
            33 => drop((!self.flying.is_empty()).then(|| self.flying.remove(0))),
            34 => self.edit_on_page().await,
            35 => self.withdraw().await,
            36 => self.phones[p].skew = i64::try_from(self.dice.below(800)).expect("small") * DAY - 400 * DAY,
            37 => self.meddle().await,
            38 if self.dice.below(4) == 0 => self.restart().await,
            39 if self.dice.below(12) == 0 => self.back_up().await,
            39 => self.restore().await,
            _ => self.house.clock.advance(7.minutes()),
        }
    }

    /// Everybody comes home: the phones sync in peace.
    async fn come_home(&mut self) {
        // Once for each to say what they have, once to hear what the others had.
        for _ in 0..2 {
            for p in 0..3 {
                let now = self.house.now();
                self.phones[p].settle(&self.store, &self.people[p], now).await;
            }
        }
    }

    /// What a phone would see that has nothing but where the schedule began.
    async fn as_new(&self, p: usize, began: &Phone) -> Phone {
        let mut fresh = began.clone();
        fresh.device = Uuid::now_v7();
        fresh.settle(&self.store, &self.people[p], self.house.now()).await;
        fresh
    }

    async fn judge(&self, began: &[Phone], seed: u64) {
        for (p, phone) in self.phones.iter().enumerate() {
            assert!(phone.outbox.is_empty(), "seed {seed}: phone {p} still holds {:?}", phone.outbox);
            let fresh = self.as_new(p, &began[p]).await;
            if !self.restored {
                assert_eq!(phone.notes, fresh.notes, "seed {seed}: phone {p} and the server say different things");
                assert_eq!(phone.diary, fresh.diary, "seed {seed}: phone {p} and the server's diary differ");
                assert_eq!(phone.consents, fresh.consents, "seed {seed}: phone {p} and the server's consents differ");
            }
            for (record, answer) in &phone.refused {
                let excused = match &record.what {
                    What::Note(says) => self.saved.may_be_gone(&says.note),
                    What::NoteGone { .. } | What::Consent(_) => true,
                    _ => false,
                };
                assert!(excused || self.restored, "seed {seed}: {record:?} was refused: {answer:?}");
            }
        }
        assert_eq!(self.phones[0].notes, self.phones[1].notes, "seed {seed}: two phones of one person differ");
        assert_eq!(self.phones[0].diary, self.phones[1].diary, "seed {seed}: two phones of one person differ");
        for (note, (p, versions)) in &self.saved.notes {
            if self.saved.may_be_gone(note) {
                assert!(self.restored || !self.phones[*p].notes.contains_key(note), "seed {seed}: {note} came back");
                continue;
            }
            let there = self.store.wordings(&self.people[*p], NoteId(*note)).await;
            let there = there.unwrap_or_else(|e| panic!("seed {seed}: note {note} is lost: {e}"));
            let mut ids: Vec<Uuid> = there.heads.iter().chain(&there.earlier).map(|w| w.id.0).collect();
            let count = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), count, "seed {seed}: a wording of {note} is there twice");
            // After a restore a phone sends the wordings that it still shows; those before them are part of the past.
            let lost: Vec<&Uuid> = versions.iter().filter(|v| !ids.contains(v)).collect();
            assert!(lost.is_empty() || self.restored, "seed {seed}: wordings {lost:?} of {note} are lost");
        }
        for (entry, (p, _)) in &self.saved.diary {
            assert!(self.phones[*p].diary.contains_key(entry), "seed {seed}: diary entry {entry} is lost");
        }
    }
}

async fn out(house: &House, who: &Actor, boss: &Actor) -> Uuid {
    house.out(who, boss, house.in_a_week(Kind::CommunityVisit)).await.1.0
}

#[test]
fn after_a_thousand_bad_days_nothing_is_lost_nothing_is_doubled_and_all_agree() {
    for n in 0..HOUSES {
        both(async |house| {
            city(house).await;
            let (ann, ben, bo) =
                (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
            let (hers, his) = (out(house, &ann, &bo).await, out(house, &ben, &bo).await);
            let mut store = Store::open(&house.url()).await.expect("opens");
            for schedule in 0..SCHEDULES {
                let seed = n * SCHEDULES + schedule;
                let mut began = vec![Phone::of(&ann), Phone::of(&ann), Phone::of(&ben)];
                for (p, phone) in began.iter_mut().enumerate() {
                    phone.settle(&store, if p < 2 { &ann } else { &ben }, house.now()).await;
                    (phone.notes, phone.consents, phone.diary) = Default::default();
                }
                let mut world = World {
                    house,
                    store,
                    dice: Dice(seed),
                    people: [ann.clone(), ann.clone(), ben.clone()],
                    placements: [hers, hers, his],
                    phones: began.clone(),
                    asked: [0; 3],
                    flying: Vec::new(),
                    saved: Saved::default(),
                    backup: None,
                    restored: false,
                    words: usize::try_from(schedule).expect("small") * 1_000,
                };
                for _ in 0..STEPS {
                    world.step().await;
                }
                world.come_home().await;
                world.judge(&began, seed).await;
                store = world.store;
                house.tamper("DELETE FROM device").await;
                if schedule % 20 == 19 {
                    let checked = store.check().await.expect("looks");
                    assert_eq!(checked.problems, [""; 0], "seed {seed}");
                }
            }
            store.close().await;
        });
    }
}
