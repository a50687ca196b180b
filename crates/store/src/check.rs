//! Verifies everything about stored data that can be verified without knowing what it says: the database's own
//! integrity, references, every state of every placement, words of closed sets, codes, pictures, and that no quote
//! stands without its consent. Changes nothing; names ids, never texts.

use std::{collections::BTreeSet, str::FromStr};

use freerange_domain as domain;
use freerange_domain::{code::Code, id::PlacementId};
use uuid::Uuid;

mod counts;

use counts::COUNTS;

use crate::{
    Engine, Result, Store,
    db::{Ask as _, Tx, vals},
    media::sum,
};

/// What was found.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many rows were looked at, by what they are.
    pub counts: Vec<(&'static str, i64)>,
    /// What is wrong, in a sentence each.
    pub problems: Vec<String>,
}

/// What must not be there: the sentence, and the rows that would prove it.
const NEVER: &[(&str, &str)] = &[
    (
        "more than seven are in a circle",
        "SELECT m.circle_id AS raw FROM circle_member m WHERE m.joined GROUP BY m.circle_id HAVING COUNT(*) > 7",
    ),
    (
        "nobody is in a circle",
        "SELECT c.id AS raw FROM circle c WHERE NOT EXISTS (SELECT 1 FROM circle_member m WHERE m.circle_id = c.id AND m.joined)",
    ),
    (
        "somebody's action in a circle is too short to be sealed",
        "SELECT m.id AS raw FROM circle_member m WHERE LENGTH(m.sealed) < 40",
    ),
    (
        "a return date was dropped before anybody was back",
        "SELECT d.placement_id AS raw FROM return_date d JOIN placement p ON p.id = d.placement_id
         WHERE d.dropped_at IS NOT NULL AND p.stage NOT IN ('debriefing', 'embedding', 'closed')",
    ),
    (
        "a note rests on a consent that was taken back",
        "SELECT n.id AS raw FROM note n JOIN consent k ON k.id = n.consent_id WHERE k.withdrawn_at IS NOT NULL",
    ),
    (
        "a note rests on a consent on which nothing may be used",
        "SELECT n.id AS raw FROM note n JOIN consent k ON k.id = n.consent_id WHERE NOT k.use_it",
    ),
    (
        "somebody's words are kept without a consent that allows quoting",
        "SELECT n.id AS raw FROM note n LEFT JOIN consent k ON k.id = n.consent_id WHERE n.kind = 'said' AND NOT COALESCE(k.quote, FALSE)",
    ),
    (
        "a note rests on a consent of another outing",
        "SELECT n.id AS raw FROM note n JOIN consent k ON k.id = n.consent_id WHERE k.outing_id <> n.outing_id",
    ),
    (
        "a practice quotes words that may not be quoted",
        "SELECT q.practice_id AS raw FROM practice_quote q LEFT JOIN note n ON n.id = q.note_id
         LEFT JOIN consent k ON k.id = n.consent_id WHERE NOT COALESCE(k.quote, FALSE) OR k.withdrawn_at IS NOT NULL",
    ),
    (
        "a change rests on a note that is not there",
        "SELECT e.change_id AS raw FROM change_evidence e LEFT JOIN note n ON n.id = e.note_id WHERE n.id IS NULL",
    ),
    (
        "a note lies in a theme of another challenge, or in one that was dissolved",
        "SELECT b.note_id AS raw FROM board_note b JOIN note n ON n.id = b.note_id JOIN theme t ON t.id = b.theme_id
         WHERE t.gone OR n.challenge_id IS NULL OR n.challenge_id <> t.challenge_id",
    ),
    (
        "an insight rests on a note or a theme of another challenge",
        "SELECT i.id AS raw FROM insight i WHERE EXISTS (SELECT 1 FROM insight_note x JOIN note n ON n.id = x.note_id
                WHERE x.insight_id = i.id AND (n.challenge_id IS NULL OR n.challenge_id <> i.challenge_id))
            OR EXISTS (SELECT 1 FROM insight_theme x JOIN theme t ON t.id = x.theme_id
                WHERE x.insight_id = i.id AND (t.gone OR t.challenge_id <> i.challenge_id))",
    ),
    (
        "a theme has no name",
        "SELECT t.id AS raw FROM theme t WHERE NOT EXISTS (SELECT 1 FROM board_wording w WHERE w.theme_id = t.id)",
    ),
    (
        "an insight says nothing",
        "SELECT i.id AS raw FROM insight i WHERE NOT EXISTS (SELECT 1 FROM board_wording w WHERE w.insight_id = i.id AND w.sure <> '')",
    ),
    (
        "a picture or sound belongs to a note that is not there",
        "SELECT m.id AS raw FROM media m LEFT JOIN note n ON n.id = m.note_id WHERE n.id IS NULL",
    ),
    (
        "a note has no wording, or says none of them",
        "SELECT n.id AS raw FROM note n WHERE NOT EXISTS (
            SELECT 1 FROM note_version v WHERE v.note_id = n.id AND v.kind = n.kind AND v.seen = n.seen AND v.meaning = n.meaning)",
    ),
    (
        "a phone's feed counts further than it was counted, or two things have one number",
        "SELECT f.id AS raw FROM notebook_feed f LEFT JOIN notebook b ON b.person_id = f.person_id WHERE f.number > COALESCE(b.last, 0)
            OR EXISTS (SELECT 1 FROM notebook_feed o WHERE o.person_id = f.person_id AND o.number = f.number AND (o.id <> f.id OR o.what <> f.what))",
    ),
    (
        "a phone never hears of a note",
        "SELECT n.id AS raw FROM note n WHERE NOT EXISTS (
            SELECT 1 FROM notebook_feed f WHERE f.person_id = n.author_id AND f.what = 'note' AND f.id = n.id)",
    ),
    (
        "a diary entry that was taken away is still there",
        "SELECT e.id AS raw FROM diary_entry e JOIN diary_version v ON v.entry_id = e.id WHERE e.gone_at IS NOT NULL",
    ),
    (
        "a picture or sound rests on a consent that does not allow it",
        "SELECT m.id AS raw FROM media m JOIN note n ON n.id = m.note_id JOIN consent k ON k.id = n.consent_id
         WHERE (m.mime LIKE 'audio/%' AND NOT k.quote) OR (m.mime NOT LIKE 'audio/%' AND NOT k.picture)",
    ),
    (
        "a change does not have its four follow-ups",
        "SELECT c.id AS raw FROM change c WHERE (SELECT COUNT(*) FROM follow_up f WHERE f.change_id = c.id) <> 4",
    ),
    (
        "an outing serves no challenge",
        "SELECT o.id AS raw FROM outing o WHERE o.challenge_id IS NULL AND o.kind <> 'free-range-day'",
    ),
    ("an outing ends before it starts", "SELECT o.id AS raw FROM outing o WHERE o.ends_at <= o.starts_at"),
    (
        "a placement has a seat and nobody is asked",
        "SELECT p.id AS raw FROM placement p WHERE p.stage = 'offered' AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.placement_id = p.id)",
    ),
    (
        "an evening stop has no day, or another reflection has one",
        "SELECT r.id AS raw FROM reflection r WHERE (r.kind = 'evening') <> (r.day <> '')",
    ),
    (
        "somebody has a reason in a round and did not wish",
        "SELECT s.run_id AS raw FROM round_reason s JOIN round_run n ON n.id = s.run_id WHERE n.published
            AND NOT EXISTS (SELECT 1 FROM round_person x WHERE x.round_id = n.round_id AND x.person_id = s.person_id)",
    ),
    (
        "a round was published without a run, or a run without its round",
        "SELECT r.id AS raw FROM round r WHERE (r.stage = 'published')
            <> EXISTS (SELECT 1 FROM round_run n WHERE n.round_id = r.id AND n.published)",
    ),
    (
        "a leg of an exchange is final without all three voices",
        "SELECT l.id AS raw FROM exchange_leg l WHERE l.state = 'final'
            AND (SELECT COUNT(*) FROM exchange_consent k WHERE k.leg_id = l.id AND k.answer = 'yes') <> 3",
    ),
    (
        "a ring is final in part",
        "SELECT l.id AS raw FROM exchange_leg l JOIN exchange_leg o ON o.proposal_id = l.proposal_id AND o.ring = l.ring
         WHERE l.state = 'final' AND o.state <> 'final'",
    ),
    (
        "a yes counts for a leg that said something else",
        "SELECT l.id AS raw FROM exchange_consent k JOIN exchange_leg l ON l.id = k.leg_id JOIN exchange_proposal r ON r.id = l.proposal_id
         WHERE k.answer = 'yes' AND k.version <> r.version AND NOT EXISTS (
            SELECT 1 FROM exchange_leg e JOIN exchange_proposal f ON f.id = e.proposal_id
            WHERE f.exchange_id = r.exchange_id AND f.version = k.version AND e.content = l.content)",
    ),
    (
        "a leg leads from a city of one exchange to a city of another",
        "SELECT l.id AS raw FROM exchange_leg l JOIN exchange_proposal r ON r.id = l.proposal_id
         JOIN exchange_member f ON f.id = l.from_id JOIN exchange_member t ON t.id = l.to_id
         WHERE f.exchange_id <> r.exchange_id OR t.exchange_id <> r.exchange_id",
    ),
    (
        "somebody is out who named themselves as buddy",
        "SELECT g.id AS raw FROM going_out g WHERE g.buddy_id = g.person_id",
    ),
    (
        "somebody is out on a placement of somebody else",
        "SELECT g.id AS raw FROM going_out g JOIN placement p ON p.id = g.placement_id WHERE p.person_id <> g.person_id",
    ),
    (
        "nobody will be asked about somebody who is out",
        "SELECT g.id AS raw FROM going_out g WHERE g.asks_at IS NULL AND g.stage IN ('out', 'later', 'asked-buddy')",
    ),
    (
        "a figure says less than it may, or no multiple of it",
        "SELECT f.edition_id AS raw FROM figure_cell f JOIN figure_edition e ON e.id = f.edition_id
         WHERE f.at_least < e.k OR f.at_least % e.k <> 0",
    ),
    (
        "an edition of figures that was taken down still has some",
        "SELECT f.edition_id AS raw FROM figure_cell f JOIN figure_edition e ON e.id = f.edition_id WHERE e.down_at IS NOT NULL",
    ),
    (
        "a month is told in two editions of figures",
        "SELECT a.id AS raw FROM figure_edition a JOIN figure_edition b ON a.id <> b.id AND a.from_on < b.until_on AND b.from_on < a.until_on",
    ),
    (
        "an experiment is public that showed nothing yet",
        "SELECT c.id AS raw FROM change c WHERE c.published_at IS NOT NULL AND c.finding IS NULL",
    ),
    (
        "what an experiment showed is said in one word or in words alone",
        "SELECT c.id AS raw FROM change c WHERE c.finding IS NOT NULL AND c.result IS NULL",
    ),
    (
        "a change that is no test has the card of one",
        "SELECT c.id AS raw FROM change c WHERE c.kind <> 'test' AND (c.finding IS NOT NULL OR c.sureness IS NOT NULL OR c.published_at IS NOT NULL)",
    ),
    (
        "a reflection is neither sealed nor shared, or both",
        "SELECT r.id AS raw FROM reflection r WHERE (r.sealed IS NULL) = (r.shared IS NULL)",
    ),
];

fn is<T: FromStr>(word: &str) -> bool {
    word.parse::<T>().is_ok()
}

/// What a column says, how to read its values, and what they must be.
type Words = (&'static str, &'static str, fn(&str) -> bool);

const WORDS: &[Words] = &[
    ("a role", "SELECT DISTINCT role AS w FROM role_grant", is::<domain::people::Role>),
    ("a level of places", "SELECT DISTINCT level AS w FROM place", is::<domain::place::Level>),
    ("the status of a challenge", "SELECT DISTINCT status AS w FROM challenge", is::<domain::challenge::Status>),
    ("the day of a decision", "SELECT DISTINCT decision_on AS w FROM challenge", is::<jiff::civil::Date>),
    ("the kind of an outing", "SELECT DISTINCT kind AS w FROM outing", is::<domain::outing::Kind>),
    ("the status of an outing", "SELECT DISTINCT status AS w FROM outing", is::<domain::outing::Status>),
    ("what is said about pictures", "SELECT DISTINCT photos AS w FROM outing", is::<domain::outing::Photos>),
    ("what is said about the public", "SELECT DISTINCT publicity AS w FROM outing", is::<domain::outing::Publicity>),
    ("which guests are welcome", "SELECT DISTINCT guests AS w FROM outing", is::<domain::outing::Guests>),
    ("which guests an inviter welcomes", "SELECT DISTINCT guests AS w FROM invitation", is::<domain::outing::Guests>),
    ("a party", "SELECT DISTINCT party AS w FROM approval", is::<domain::outing::Party>),
    ("the stage of a round", "SELECT DISTINCT stage AS w FROM round", is::<domain::round::Stage>),
    ("a day of a round", "SELECT DISTINCT wishes_until AS w FROM round", is::<jiff::civil::Date>),
    ("what was decided by hand", "SELECT DISTINCT what AS w FROM round_edit", is::<domain::round::Edit>),
    ("the stage of a run", "SELECT DISTINCT stage AS w FROM round_run", is::<domain::round::RunStage>),
    ("the effort of a run", "SELECT DISTINCT effort AS w FROM round_run", is::<domain::round::Effort>),
    ("a reason of a round", "SELECT DISTINCT kind AS w FROM round_reason", is::<domain::round::Because>),
    ("what was booked for coming back", "SELECT DISTINCT what AS w FROM return_date", is::<domain::returning::What>),
    ("where a going out stands", "SELECT DISTINCT stage AS w FROM going_out", is::<domain::safety::Stage>),
    (
        "the kind of a figure",
        "SELECT DISTINCT kind AS w FROM figure_cell WHERE kind IS NOT NULL",
        is::<domain::note::Kind>,
    ),
    ("the kind of a note", "SELECT DISTINCT kind AS w FROM note", is::<domain::note::Kind>),
    ("the kind of a wording", "SELECT DISTINCT kind AS w FROM note_version", is::<domain::note::Kind>),
    ("the kind of a reflection", "SELECT DISTINCT kind AS w FROM reflection", is::<domain::reflection::Kind>),
    (
        "how sure an insight is",
        "SELECT DISTINCT sure AS w FROM board_wording WHERE insight_id IS NOT NULL",
        is::<domain::insight::Sure>,
    ),
    ("the kind of a change", "SELECT DISTINCT kind AS w FROM change", is::<domain::change::Kind>),
    ("the status of a change", "SELECT DISTINCT status AS w FROM change", is::<domain::change::Status>),
    ("the day of a change", "SELECT DISTINCT committed_on AS w FROM change", is::<jiff::civil::Date>),
    (
        "what an experiment showed",
        "SELECT DISTINCT finding AS w FROM change WHERE finding IS NOT NULL",
        is::<domain::change::experiment::Finding>,
    ),
    (
        "how sure somebody is",
        "SELECT DISTINCT sureness AS w FROM change WHERE sureness IS NOT NULL",
        is::<domain::change::experiment::Sureness>,
    ),
    (
        "what follows from an experiment",
        "SELECT DISTINCT verdict AS w FROM change WHERE verdict IS NOT NULL",
        is::<domain::change::Verdict>,
    ),
    ("the time of a follow-up", "SELECT DISTINCT due_in AS w FROM follow_up", is::<domain::change::Interval>),
    ("the day of a follow-up", "SELECT DISTINCT due_on AS w FROM follow_up", is::<jiff::civil::Date>),
    ("the status of a practice", "SELECT DISTINCT status AS w FROM practice", is::<domain::practice::Status>),
    ("the stage of an exchange", "SELECT DISTINCT stage AS w FROM exchange", is::<domain::exchange::Stage>),
    ("how an exchange is matched", "SELECT DISTINCT matching AS w FROM exchange", is::<domain::exchange::By>),
    ("when rings are final", "SELECT DISTINCT together AS w FROM exchange", is::<domain::exchange::Together>),
    ("a voice of a leg", "SELECT DISTINCT voice AS w FROM exchange_consent", is::<domain::exchange::Voice>),
    ("a grade in an exchange", "SELECT DISTINCT grade AS w FROM exchange_goer", is::<domain::exchange::Grade>),
    ("the code of a consent", "SELECT code AS w FROM consent", is::<Code>),
    ("the code of an invitation", "SELECT code AS w FROM invitation", is::<Code>),
];

/// Whether the first bytes are those of a file of this type.
fn looks_like(mime: &str, bytes: &[u8]) -> bool {
    match mime {
        "image/jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()),
        "audio/wav" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE".as_slice()),
        _ => false,
    }
}

impl Store {
    /// Looks at everything, in one view that does not change meanwhile.
    pub async fn check(&self) -> Result<Checked> {
        let listed = self.places.vault.list().await?;
        let mut tx = self.db.snapshot().await?;
        let mut checked = Checked::default();
        for (what, sql) in COUNTS {
            checked.counts.push((what, tx.count(sql, Vec::new()).await?));
        }
        let problems = &mut checked.problems;
        if self.engine() == Engine::Sqlite {
            sqlite_itself(&mut tx, problems).await?;
        }
        for (what, sql) in NEVER {
            for row in tx.rows(sql, Vec::new()).await? {
                problems.push(format!("{what}: {}", row.get::<uuid::Uuid>("raw")?));
            }
        }
        for (what, sql, fits) in WORDS {
            for row in tx.rows(sql, Vec::new()).await? {
                if !row.get::<String>("w").is_ok_and(|w| fits(&w)) {
                    problems.push(format!("{what} cannot be read"));
                }
            }
        }
        placements(&mut tx, problems).await?;
        reflections(&mut tx, problems).await?;
        self.files(&mut tx, &listed, problems).await?;
        Ok(checked)
    }

    /// Each row has its file, whole; each file its row. `listed` was read before the view of the database, so that every
    /// file in it was known to the database then: as a note's, or as one that goes.
    async fn files(&self, tx: &mut Tx, listed: &BTreeSet<Uuid>, problems: &mut Vec<String>) -> Result<()> {
        let mut known: BTreeSet<Uuid> = BTreeSet::new();
        for row in tx.rows("SELECT id FROM media_trash WHERE what = 'file'", Vec::new()).await? {
            known.insert(row.get("id")?);
        }
        for row in tx.rows("SELECT id, mime, size, sha256 FROM media ORDER BY id", Vec::new()).await? {
            let id: Uuid = row.get("id")?;
            known.insert(id);
            let Some(bytes) = self.places.vault.get(id).await? else {
                // It may have been taken back since.
                if (&self.db).count("SELECT COUNT(*) FROM media WHERE id = $1", vals![id]).await? > 0 {
                    problems.push(format!("the file of {id} is missing"));
                }
                continue;
            };
            let same = sum(&bytes) == row.get::<String>("sha256")?
                && i64::try_from(bytes.len()) == Ok(row.get::<i64>("size")?);
            if !same || !looks_like(&row.get::<String>("mime")?, &bytes) {
                problems.push(format!("the file of {id} is damaged, or not of its type"));
            }
        }
        for id in listed.difference(&known) {
            if self.places.vault.get(*id).await?.is_some() {
                problems.push(format!("a file belongs to no note: {id}"));
            }
        }
        Ok(())
    }
}

async fn sqlite_itself(tx: &mut Tx, problems: &mut Vec<String>) -> Result<()> {
    for row in tx.rows("PRAGMA integrity_check", Vec::new()).await? {
        let said: String = row.only()?;
        if said != "ok" {
            problems.push(format!("the database file is damaged: {said}"));
        }
    }
    for row in tx.rows("PRAGMA foreign_key_check", Vec::new()).await? {
        problems.push(format!("a row of {} points to one that is not there", row.only::<String>()?));
    }
    Ok(())
}

async fn placements(tx: &mut Tx, problems: &mut Vec<String>) -> Result<()> {
    for row in tx.rows("SELECT id FROM placement ORDER BY id", Vec::new()).await? {
        let id: PlacementId = row.get("id")?;
        if let Err(why) = crate::placement::load(tx, id).await {
            problems.push(format!("placement {id}: {why}"));
        }
    }
    Ok(())
}

/// Sealed texts cannot be opened here, nor should they; that they are long enough to be one can be seen.
async fn reflections(tx: &mut Tx, problems: &mut Vec<String>) -> Result<()> {
    const SHORTEST: usize = 24 + 16;
    for row in tx.rows("SELECT id, sealed, shared FROM reflection ORDER BY id", Vec::new()).await? {
        let id: uuid::Uuid = row.get("id")?;
        let shared: Option<String> = row.get("shared")?;
        let readable = shared.is_none_or(|s| serde_json::from_str::<crate::reflection::Answers>(&s).is_ok());
        let sealed: Option<Vec<u8>> = row.get("sealed")?;
        if !readable || sealed.is_some_and(|s| s.len() < SHORTEST) {
            problems.push(format!("reflection {id} cannot be read"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert!(looks_like("image/webp", b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(looks_like("image/jpeg", &[0xff, 0xd8, 0xff, 0xe0]));
        assert!(!looks_like("image/png", b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(!looks_like("image/webp", b"RIFF"));
        assert!(!looks_like("text/html", b"<script>"));
    }
}
