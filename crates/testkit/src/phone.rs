//! A model of the notebook on a phone: what was captured waits in an outbox until the server has said what became of it; what
//! the server says is how things are. It does what the protocol asks of a phone and nothing else.

use std::collections::BTreeMap;

use freerange_notebook::{
    Answered, Batch, ConsentGiven, ConsentNow, DiaryNow, DiaryVersion, NoteNow, NoteVersion, Outcome, PROTOCOL,
    RECORDS_AT_ONCE, Record, Synced, What,
};
use freerange_store::{Actor, Store};
use jiff::Timestamp;
use uuid::Uuid;

/// What a phone keeps on its own disk.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Its id.
    pub device: Uuid,
    /// Whose notebook it is.
    pub person: Uuid,
    /// How far its clock is ahead, in microseconds.
    pub skew: i64,
    /// The line of the server's data it knows.
    pub epoch: Option<Uuid>,
    /// The last number it has stored.
    pub cursor: i64,
    /// Whether the server has more for it.
    pub more: bool,
    /// Whether it was told to forget everything.
    pub locked: bool,
    /// What waits for an answer.
    pub outbox: Vec<Record>,
    /// What was refused, and its answer.
    pub refused: Vec<(Record, Answered)>,
    /// Notes as the server last said.
    pub notes: BTreeMap<Uuid, NoteNow>,
    /// Consents as the server last said.
    pub consents: BTreeMap<Uuid, ConsentNow>,
    /// The diary as the server last said.
    pub diary: BTreeMap<Uuid, DiaryNow>,
}

impl Phone {
    /// A new phone of somebody.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub fn of(who: &Actor) -> Self {
        Self {
            device: Uuid::now_v7(),
            person: who.person().expect("somebody").0,
            skew: 0,
            epoch: None,
            cursor: 0,
            more: false,
            locked: false,
            outbox: Vec::new(),
            refused: Vec::new(),
            notes: BTreeMap::new(),
            consents: BTreeMap::new(),
            diary: BTreeMap::new(),
        }
    }

    /// What its clock says.
    pub fn clock(&self, now: Timestamp) -> i64 {
        now.as_microsecond() + self.skew
    }

    /// Saves something; returns the record's id.
    pub fn capture(&mut self, what: What, now: Timestamp) -> Uuid {
        let id = Uuid::now_v7();
        self.outbox.push(Record { id, at: self.clock(now), what });
        id
    }

    /// Something seen, by the phone's clock now.
    pub fn note(&self, placement: Uuid, seen: &str, now: Timestamp) -> NoteVersion {
        NoteVersion {
            note: Uuid::now_v7(),
            placement,
            follows: Vec::new(),
            sort: "saw".to_owned(),
            seen: seen.to_owned(),
            meaning: String::new(),
            place: None,
            point: None,
            consent: None,
            happened: self.clock(now),
        }
    }

    /// The wordings of a note that nothing follows, as far as this phone knows, what waits included.
    pub fn heads(&self, note: Uuid) -> Vec<(Uuid, NoteVersion)> {
        let mut all: Vec<(Uuid, NoteVersion)> = self
            .notes
            .get(&note)
            .map_or_else(Vec::new, |n| n.heads.iter().map(|h| (h.version, h.says.clone())).collect());
        for record in &self.outbox {
            if let What::Note(says) = &record.what
                && says.note == note
                && all.iter().all(|(id, _)| *id != record.id)
            {
                all.push((record.id, says.clone()));
            }
        }
        let pairs: Vec<(Uuid, Vec<Uuid>)> = all.iter().map(|(id, says)| (*id, says.follows.clone())).collect();
        let heads = freerange_notebook::heads(&pairs);
        all.retain(|(id, _)| heads.contains(id));
        all
    }

    /// Another wording, made from all that this phone shows; `None` when it does not know the note.
    pub fn edit(&mut self, note: Uuid, seen: &str, now: Timestamp) -> Option<Uuid> {
        let heads = self.heads(note);
        let (_, last) = heads.last()?.clone();
        let follows = heads.iter().map(|(id, _)| *id).collect();
        let says = NoteVersion { follows, seen: seen.to_owned(), ..last };
        Some(self.capture(What::Note(says), now))
    }

    /// The next request: the records at these places of the outbox, or the first ones.
    pub fn batch(&self, which: &[usize], now: Timestamp) -> Batch {
        let records: Vec<Record> = if which.is_empty() {
            self.outbox.iter().take(RECORDS_AT_ONCE).cloned().collect()
        } else {
            which.iter().filter_map(|at| self.outbox.get(*at)).cloned().collect()
        };
        Batch {
            protocol: PROTOCOL,
            device: self.device,
            device_name: "A phone".to_owned(),
            person: self.person,
            epoch: self.epoch,
            clock: self.clock(now),
            since: self.cursor,
            records,
        }
    }

    /// Takes in an answer.
    pub fn hear(&mut self, synced: &Synced) {
        if synced.locked {
            *self = Self { device: self.device, locked: true, person: self.person, ..Self::empty(self) };
            return;
        }
        if self.epoch.is_some_and(|known| known != synced.epoch) {
            self.send_all_again(synced.now);
        }
        self.epoch = Some(synced.epoch);
        for answer in &synced.answers {
            let Some(at) = self.outbox.iter().position(|r| r.id == answer.id) else { continue };
            match answer.outcome {
                Outcome::Waits => {}
                Outcome::Kept | Outcome::Known => drop(self.outbox.remove(at)),
                Outcome::Refused => {
                    let record = self.outbox.remove(at);
                    self.refused.push((record, answer.clone()));
                }
            }
        }
        for note in &synced.notes {
            self.notes.insert(note.note, note.clone());
        }
        for consent in &synced.consents {
            if consent.withdrawn {
                self.forget_consent(consent.given.consent);
            } else {
                self.consents.insert(consent.given.consent, consent.clone());
            }
        }
        for entry in &synced.diary {
            self.diary.insert(entry.entry, entry.clone());
        }
        for gone in &synced.gone {
            self.forget(*gone);
        }
        (self.cursor, self.more) = (synced.cursor, synced.more);
    }

    fn empty(&self) -> Self {
        Self {
            skew: self.skew,
            epoch: None,
            cursor: 0,
            more: false,
            outbox: Vec::new(),
            refused: Vec::new(),
            notes: BTreeMap::new(),
            consents: BTreeMap::new(),
            diary: BTreeMap::new(),
            ..*self
        }
    }

    fn forget_consent(&mut self, id: Uuid) {
        self.consents.remove(&id);
        let resting = |says: &NoteVersion| says.consent == Some(id);
        self.notes.retain(|_, n| !n.heads.iter().any(|h| resting(&h.says)));
        self.outbox.retain(|r| match &r.what {
            What::Note(says) => !resting(says),
            What::Consent(given) => given.consent != id,
            _ => true,
        });
    }

    fn forget(&mut self, id: Uuid) {
        self.notes.remove(&id);
        self.diary.remove(&id);
        self.consents.remove(&id);
        self.outbox.retain(|r| match &r.what {
            What::Note(says) => says.note != id,
            What::Diary(says) => says.entry != id,
            What::Consent(given) => given.consent != id,
            What::NoteGone { note } => *note != id,
            What::DiaryGone { entry } => *entry != id,
            _ => true,
        });
    }

    /// The server's data is another line: everything held goes up once more, under the ids it has. What the server dated is
    /// dated by this phone's clock again.
    fn send_all_again(&mut self, server: i64) {
        let ahead = self.skew;
        let mut again: Vec<(Uuid, i64, What)> = Vec::new();
        for c in self.consents.values() {
            again.push((Uuid::now_v7(), server + ahead, What::Consent(ConsentGiven { ..c.given.clone() })));
        }
        for head in self.notes.values().flat_map(|n| &n.heads) {
            let happened = head.says.happened + ahead;
            again.push((head.version, happened, What::Note(NoteVersion { happened, ..head.says.clone() })));
        }
        for (entry, heads) in self.diary.values().map(|d| (d.entry, &d.heads)) {
            for (version, sealed) in heads {
                let says = DiaryVersion { entry, follows: Vec::new(), sealed: sealed.clone() };
                again.push((*version, server + ahead, What::Diary(says)));
            }
        }
        for (id, at, what) in again {
            if self.outbox.iter().all(|r| r.id != id) {
                self.outbox.push(Record { id, at, what });
            }
        }
        self.notes.clear();
        self.consents.clear();
        self.diary.clear();
    }

    /// Sends and hears until nothing is left to say on either side; at most so many times.
    ///
    /// # Panics
    /// When the server fails.
    pub async fn settle(&mut self, store: &Store, who: &Actor, now: Timestamp) {
        for _ in 0..40 {
            let (left, epoch) = (self.outbox.len(), self.epoch);
            let report = store.sync(who, &self.batch(&[], now), now).await.expect("answers");
            self.hear(&report.synced);
            if !self.more && epoch == self.epoch && (self.outbox.is_empty() || self.outbox.len() == left) {
                return;
            }
        }
    }
}
