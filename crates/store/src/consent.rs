//! Consents: what a resident allowed, and taking it back. Taking back cascades: the note, its pictures, its
//! place as evidence, and its words wherever they were quoted. What stays is a tombstone.

use std::collections::BTreeMap;

use freerange_domain::{
    code::Code,
    consent::{Standing, Uses},
    id::{ChangeId, ConsentId, NoteId, OutingId, PersonId, PlacementId},
    note::Kind,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    insight, may, media,
    notebook::feed::{self, Thing},
    secret, withdrawn,
};

mod record;

pub use record::Record;

/// What a resident sees at their code.
#[derive(Debug, Clone)]
pub struct ToldBack {
    /// The visit.
    pub outing: String,
    /// When it was.
    pub outing_at: Timestamp,
    /// What was allowed.
    pub uses: Uses,
    /// When.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// Why the city may keep it.
    pub basis: String,
    /// What for.
    pub purpose: String,
    /// What was noted.
    pub notes: Vec<Noted>,
    /// What became of it.
    pub changes: Vec<(ChangeId, String, String)>,
    /// What the city said about the visit.
    pub told_back: Option<String>,
}

/// A note that rests on the consent.
#[derive(Debug, Clone)]
pub struct Noted {
    /// Which.
    pub id: NoteId,
    /// Seen or said.
    pub kind: Kind,
    /// The words.
    pub seen: String,
    /// Pictures that are kept.
    pub pictures: i64,
    /// Sounds that are kept.
    pub sounds: i64,
    /// Public practices that quote it, by title.
    pub practices: Vec<String>,
}

/// A consent on the list of an outing.
#[derive(Debug, Clone)]
pub struct Card {
    /// Which.
    pub id: ConsentId,
    /// The code on the card.
    pub code: Code,
    /// What was allowed.
    pub uses: Uses,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

fn uses(r: &crate::db::Row) -> Result<Uses> {
    Ok(Uses {
        use_it: r.get("use_it")?,
        quote: r.get("quote")?,
        picture: r.get("picture")?,
        contact: r.get("contact")?,
    })
}

fn code(r: &crate::db::Row) -> Result<Code> {
    r.get::<String>("code")?.parse().map_err(|_| StoreError::Corrupt("consent code".to_owned()))
}

/// Writing on a consent and taking it back take turns, so that nothing is written on one that is gone.
async fn hold(tx: &mut Tx, id: ConsentId) -> Result<()> {
    tx.hold("SELECT id FROM consent WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await
}

/// What a consent allows now, for writing a note on it. It must be of the same outing.
pub(crate) async fn standing(tx: &mut Tx, id: ConsentId, outing: OutingId) -> Result<Standing> {
    hold(tx, id).await?;
    let r = tx
        .one(
            "SELECT use_it, quote, picture, contact, withdrawn_at FROM consent WHERE id = $1 AND outing_id = $2",
            vals![id, outing],
        )
        .await?;
    Ok(Standing { uses: uses(&r)?, withdrawn: r.get::<Option<Timestamp>>("withdrawn_at")?.is_some() })
}

impl Store {
    /// Records a consent on one's own outing and returns the code for the card.
    pub async fn record_consent(
        &self,
        who: &Actor,
        placement: PlacementId,
        given: Uses,
        language: &str,
        now: Timestamp,
    ) -> Result<Code> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, placement).await?;
        may(who, Act::WriteNote, &About::person(p.person_id))?;
        crate::note::must_have_left(&p)?;
        let (id, code) = (ConsentId::new(), Code::from_random(secret::random()?));
        tx.run(
            "INSERT INTO consent (id, code, outing_id, recorded_by, use_it, quote, picture, contact, language, basis, purpose, given_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'public-task', 'learn-and-decide', $10)",
            vals![
                id, code.as_str(), p.outing_id, p.person_id, given.use_it, given.quote, given.picture, given.contact,
                language, now
            ],
        )
        .await?;
        feed::touch(&mut tx, p.person_id, Thing::Consent, id.0).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// The consents one recorded on an outing.
    pub async fn my_consents(&self, who: &Actor, outing: OutingId) -> Result<Vec<Card>> {
        let me = who.person().ok_or(StoreError::Refused(Act::WriteNote))?;
        (&self.db)
            .rows(
                "SELECT id, code, use_it, quote, picture, contact, withdrawn_at FROM consent
                 WHERE outing_id = $1 AND recorded_by = $2 ORDER BY given_at, id",
                vals![outing, me],
            )
            .await?
            .iter()
            .map(|r| {
                let withdrawn = r.get::<Option<Timestamp>>("withdrawn_at")?.is_some();
                Ok(Card { id: r.get("id")?, code: code(r)?, uses: uses(r)?, withdrawn })
            })
            .collect()
    }

    /// What came of what a resident said.
    pub async fn told_back(&self, who: &Actor) -> Result<ToldBack> {
        let Actor::Resident(id) = who else { return Err(StoreError::Refused(Act::SeeToldBack)) };
        may(who, Act::SeeToldBack, &About { consent: Some(*id), ..About::default() })?;
        let mut db = &self.db;
        let r = db
            .one(
                "SELECT c.*, o.title, o.starts_at, o.told_back FROM consent c JOIN outing o ON o.id = c.outing_id WHERE c.id = $1",
                vals![*id],
            )
            .await?;
        let mut notes = Vec::new();
        for n in db
            .rows(
                "SELECT n.id, n.kind, n.seen, (SELECT COUNT(*) FROM media m WHERE m.note_id = n.id AND m.mime NOT LIKE 'audio/%') AS pictures,
                    (SELECT COUNT(*) FROM media m WHERE m.note_id = n.id AND m.mime LIKE 'audio/%') AS sounds
                 FROM note n WHERE n.consent_id = $1 ORDER BY n.created_at, n.id",
                vals![*id],
            )
            .await?
        {
            let note: NoteId = n.get("id")?;
            let practices = db
                .rows(
                    "SELECT p.title FROM practice p JOIN practice_quote q ON q.practice_id = p.id
                     WHERE q.note_id = $1 AND p.status = 'published' ORDER BY p.title",
                    vals![note],
                )
                .await?
                .iter()
                .map(|r| r.get("title"))
                .collect::<Result<_>>()?;
            notes.push(Noted {
                id: note,
                kind: n.get("kind")?,
                seen: n.get("seen")?,
                pictures: n.get("pictures")?,
                sounds: n.get("sounds")?,
                practices,
            });
        }
        let changes = db
            .rows(insight::CHANGES_RESTING, vals![*id])
            .await?
            .iter()
            .map(|r| Ok((r.get("id")?, r.get("title")?, r.get("status")?)))
            .collect::<Result<_>>()?;
        Ok(ToldBack {
            outing: r.get("title")?,
            outing_at: r.get("starts_at")?,
            uses: uses(&r)?,
            given_at: r.get("given_at")?,
            withdrawn_at: r.get("withdrawn_at")?,
            basis: r.get("basis")?,
            purpose: r.get("purpose")?,
            notes,
            changes,
            told_back: r.get("told_back")?,
        })
    }

    /// Takes back one note, or everything and the consent itself.
    pub async fn withdraw(&self, who: &Actor, note: Option<NoteId>, now: Timestamp) -> Result<()> {
        let Actor::Resident(id) = who else { return Err(StoreError::Refused(Act::WithdrawConsent)) };
        may(who, Act::WithdrawConsent, &About { consent: Some(*id), ..About::default() })?;
        let mut tx = self.db.begin().await?;
        hold(&mut tx, *id).await?;
        let rows = tx.rows("SELECT id FROM note WHERE consent_id = $1", vals![*id]).await?;
        let all = rows.iter().map(|r| r.get("id")).collect::<Result<Vec<NoteId>>>()?;
        let gone: Vec<NoteId> = match note {
            Some(one) if all.contains(&one) => vec![one],
            Some(_) => return Err(StoreError::NotFound),
            None => {
                tx.run("UPDATE consent SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL", vals![*id, now])
                    .await?;
                let recorder = tx.one("SELECT recorded_by FROM consent WHERE id = $1", vals![*id]).await?;
                feed::touch(&mut tx, recorder.get("recorded_by")?, Thing::Consent, id.0).await?;
                all
            }
        };
        for note in gone {
            erase_note(&mut tx, note, now).await?;
        }
        audit::record(&mut tx, who, Act::WithdrawConsent, &format!("consent {id}"), now).await?;
        tx.commit().await?;
        self.leave_nothing_behind().await;
        Ok(())
    }
}

macro_rules! replacing {
    ($($table:ident: $($column:ident),+;)+) => {
        &[$($(concat!(
            "UPDATE ", stringify!($table), " SET ", stringify!($column), " = replace(", stringify!($column), ", $1, '[…]') WHERE ",
            stringify!($column), " LIKE $2 ESCAPE '\\'"
        )),+),+]
    };
}

/// Where a note's words may stand as part of another text: every text that can be written after it was noted.
const QUOTING: &[&str] = replacing! {
    challenge: title, question, why, decision, outcome, outcome_why;
    outing: title, description, meeting_point, host_wants, host_gets, safety_plan, access_notes, status_why, told_back;
    invitation: answer;
    community: stance_why;
    community_days: why;
    placement: ending_why, checkin;
    placement_event: why;
    approval: why;
    return_date: why;
    note: seen, meaning;
    media: description;
    upload: description;
    board_wording: says, why, against;
    change: title, what, when_x, will_y, makes_room, status_why, belief, smallest_test, change_mind, result,
        baseline, cost, could_harm, who_asked, learn_next;
    follow_up: said;
    practice: title, problem, what, how, needed, result, careful, differs, status_why;
    mail: subject, body;
};

/// Practices in which the words stand: they change, and the feed says so.
const PRACTICES_SAYING: &str =
    "UPDATE practice SET updated_at = $1 WHERE title LIKE $2 ESCAPE '\\' OR problem LIKE $2 ESCAPE '\\'
    OR what LIKE $2 ESCAPE '\\' OR how LIKE $2 ESCAPE '\\' OR needed LIKE $2 ESCAPE '\\' OR result LIKE $2 ESCAPE '\\'
    OR careful LIKE $2 ESCAPE '\\' OR differs LIKE $2 ESCAPE '\\'";

/// The same where texts are kept as JSON: how to find those in which words may stand, and how to write one back.
const QUOTING_JSON: &[(&str, &str)] = &[
    (
        "SELECT id, shared AS texts FROM reflection WHERE shared LIKE $1 ESCAPE '\\'",
        "UPDATE reflection SET shared = $2 WHERE id = $1",
    ),
    (
        "SELECT id, answers AS texts FROM placement WHERE answers LIKE $1 ESCAPE '\\'",
        "UPDATE placement SET answers = $2 WHERE id = $1",
    ),
];

/// Words shorter than this may stand in other texts by accident and are not hunted down there.
const SHORTEST_QUOTE: usize = 12;

/// Words without the marks around them.
fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’«»「」".contains(c))
}

/// The wordings of other notes in which the words stand.
const WORDINGS_SAYING: &str = "SELECT DISTINCT n.id, n.author_id FROM note_version v JOIN note n ON n.id = v.note_id
     WHERE (v.seen LIKE $1 ESCAPE '\\' OR v.meaning LIKE $1 ESCAPE '\\') AND n.id <> $2 ORDER BY n.id";
const WORDINGS: &[&str] = &[
    "UPDATE note_version SET seen = replace(seen, $1, '[…]') WHERE note_id <> $3 AND seen LIKE $2 ESCAPE '\\'",
    "UPDATE note_version SET meaning = replace(meaning, $1, '[…]') WHERE note_id <> $3 AND meaning LIKE $2 ESCAPE '\\'",
];

/// Takes a note's words out of every other text in which they stand. Its own wordings are not touched here.
pub(crate) async fn replace_words(tx: &mut Tx, own: NoteId, seen: &str, now: Timestamp) -> Result<()> {
    let words = bare(seen);
    if words.chars().count() < SHORTEST_QUOTE {
        return Ok(());
    }
    for sql in [PRACTICES_SAYING, crate::change::experiment::SAYING] {
        tx.run(sql, vals![now, crate::people::like(words)]).await?;
    }
    insight::feed::saying(tx, &crate::people::like(words)).await?;
    for sql in QUOTING {
        tx.run(sql, vals![words, crate::people::like(words)]).await?;
    }
    let others = tx.rows(WORDINGS_SAYING, vals![crate::people::like(words), own]).await?;
    for sql in WORDINGS {
        tx.run(sql, vals![words, crate::people::like(words), own]).await?;
    }
    for row in others {
        feed::touch(tx, row.get("author_id")?, Thing::Note, row.get("id")?).await?;
    }
    replace_in_json(tx, words).await
}

/// Inside the texts of a JSON object and nowhere else: what looks like the words may begin with half an escape.
async fn replace_in_json(tx: &mut Tx, words: &str) -> Result<()> {
    let corrupt = |e: serde_json::Error| StoreError::Corrupt(e.to_string());
    let inside = serde_json::to_string(words).map_err(corrupt)?;
    let inside = inside.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(&inside).to_owned();
    for (find, write) in QUOTING_JSON {
        for row in tx.rows(find, vals![crate::people::like(&inside)]).await? {
            let mut texts: BTreeMap<String, String> =
                serde_json::from_str(&row.get::<String>("texts")?).map_err(corrupt)?;
            for text in texts.values_mut() {
                *text = text.replace(words, "[…]");
            }
            let written = serde_json::to_string(&texts).map_err(corrupt)?;
            tx.run(write, vals![row.get::<uuid::Uuid>("id")?, written]).await?;
        }
    }
    Ok(())
}

/// Removes a note, its pictures and sounds, its place as evidence and its words elsewhere; leaves a tombstone. Its files are
/// deleted after the transaction: call [`Store::leave_nothing_behind`].
pub(crate) async fn erase_note(tx: &mut Tx, id: NoteId, now: Timestamp) -> Result<()> {
    withdrawn::take_turn(tx).await?;
    let row = tx
        .one("SELECT author_id, seen, outing_id, challenge_id, kind, consent_id FROM note WHERE id = $1", vals![id])
        .await?;
    let author: PersonId = row.get("author_id")?;
    feed::take_turn(tx, author).await?;
    // Every wording it ever had: each may have been quoted.
    let mut said = vec![row.get::<String>("seen")?];
    for wording in tx.rows("SELECT DISTINCT seen FROM note_version WHERE note_id = $1 ORDER BY seen", vals![id]).await?
    {
        let seen: String = wording.get("seen")?;
        if !said.contains(&seen) {
            said.push(seen);
        }
    }
    // Whoever follows the feed of practices notices that one has lost a quote.
    let quoting =
        "UPDATE practice SET updated_at = $2 WHERE id IN (SELECT practice_id FROM practice_quote WHERE note_id = $1)";
    tx.run(quoting, vals![id, now]).await?;
    media::erase_of_note(tx, id, now).await?;
    for sql in [
        "DELETE FROM change_evidence WHERE note_id = $1",
        "DELETE FROM practice_quote WHERE note_id = $1",
        "DELETE FROM insight_note WHERE note_id = $1",
        "DELETE FROM board_act_note WHERE note_id = $1",
        "DELETE FROM board_note WHERE note_id = $1",
        "DELETE FROM note_follows WHERE version_id IN (SELECT v.id FROM note_version v WHERE v.note_id = $1)",
        "DELETE FROM note_version WHERE note_id = $1",
        "DELETE FROM note WHERE id = $1",
    ] {
        tx.run(sql, vals![id]).await?;
    }
    // Somebody's words. What a colleague saw is the colleague's to remove, but reaches into nobody else's text.
    if row.get::<Option<ConsentId>>("consent_id")?.is_some() {
        for seen in &said {
            withdrawn::remember(tx, bare(seen)).await?;
            replace_words(tx, id, seen, now).await?;
        }
    }
    let kind: Kind = row.get("kind")?;
    // Under the note's own id, so that a telephone which sends the note again does not bring it back.
    tx.run(
        "INSERT INTO tombstone (id, what, outing_id, challenge_id, withdrawn_at) VALUES ($1, $2, $3, $4, $5)",
        vals![
            id,
            kind.as_str(),
            row.get::<Option<OutingId>>("outing_id")?,
            row.get::<Option<freerange_domain::id::ChallengeId>>("challenge_id")?,
            now
        ],
    )
    .await?;
    feed::touch(tx, author, Thing::Note, id.0).await
}
