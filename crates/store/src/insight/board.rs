//! The board of a challenge: what is done on it, by several people at once. Each act is small and has its own id: sent twice it
//! is done once. Of two who move one note the last wins and both see it; of two who name one theme both names stay.

use freerange_domain::{
    challenge::Status,
    id::{ActId, ChallengeId, NoteId, PersonId, ThemeId, VersionId},
    insight::{Act as Doing, Done, NOTES_AT_ONCE},
};
use jiff::{Timestamp, civil::Date};

use super::{
    feed::{self, Thing},
    wording::{self, Of, Wording, Wordings},
};
use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask as _, Tx, vals},
    may, withdrawn,
};

/// Something to be done, under the id that makes it the same when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub id: ActId,
    /// What.
    pub what: Doing,
}

/// What became of an act.
#[derive(Debug)]
pub enum Became {
    /// It is done.
    Done,
    /// It was done before.
    Known,
    /// It is not done, and why; nothing of it is.
    Refused(StoreError),
}

/// Something that was done on a board.
#[derive(Debug, Clone)]
pub struct Past {
    /// What.
    pub what: Done,
    /// By whom, as long as that is kept.
    pub by: Option<String>,
    /// On which day. The time of day is nobody's business.
    pub on: Date,
    /// The theme, as it is called now.
    pub theme: Option<(ThemeId, String)>,
    /// How many notes were moved.
    pub notes: i64,
}

/// A board can be read as long as there is its challenge, and arranged as long as that is open.
async fn must_be_open(tx: &mut Tx, board: ChallengeId) -> Result<()> {
    let row = tx.one("SELECT status FROM challenge WHERE id = $1", vals![board]).await?;
    Ok(row.get::<Status>("status")?.must_be_open()?)
}

/// On which board a theme lies.
async fn board_of(tx: &mut Tx, theme: ThemeId) -> Result<Option<(ChallengeId, i64, bool)>> {
    let row = tx.maybe("SELECT challenge_id, position, gone FROM theme WHERE id = $1", vals![theme]).await?;
    row.map(|r| Ok((r.get("challenge_id")?, r.get("position")?, r.get("gone")?))).transpose()
}

/// A theme of this board, back again when it was dissolved: somebody still wants it.
async fn wanted(tx: &mut Tx, board: ChallengeId, theme: ThemeId) -> Result<()> {
    match board_of(tx, theme).await? {
        Some((on, _, gone)) if on == board => {
            if gone {
                tx.run("UPDATE theme SET gone = FALSE WHERE id = $1", vals![theme]).await?;
                feed::touch(tx, board, Thing::Theme, theme.0).await?;
            }
            Ok(())
        }
        _ => Err(StoreError::rule("theme", "theme-not-here")),
    }
}

/// Puts notes where they shall lie. One that was taken back meanwhile is passed over. Returns where each was.
async fn place(
    tx: &mut Tx,
    board: ChallengeId,
    notes: &[NoteId],
    theme: Option<ThemeId>,
) -> Result<Vec<(NoteId, Option<ThemeId>)>> {
    if notes.is_empty() || notes.len() > NOTES_AT_ONCE {
        return Err(StoreError::rule("notes", "notes-at-once"));
    }
    if let Some(theme) = theme {
        wanted(tx, board, theme).await?;
    }
    let mut moved = Vec::new();
    for note in notes {
        let sql = "SELECT b.theme_id FROM note n LEFT JOIN board_note b ON b.note_id = n.id WHERE n.id = $1 AND n.challenge_id = $2";
        let Some(row) = tx.maybe(sql, vals![*note, board]).await? else { continue };
        let from: Option<ThemeId> = row.get("theme_id")?;
        if from == theme {
            continue;
        }
        match theme {
            Some(theme) => {
                tx.run(
                    "INSERT INTO board_note (note_id, theme_id) VALUES ($1, $2) ON CONFLICT (note_id) DO UPDATE SET theme_id = excluded.theme_id",
                    vals![*note, theme],
                )
                .await?
            }
            None => tx.run("DELETE FROM board_note WHERE note_id = $1", vals![*note]).await?,
        };
        feed::touch(tx, board, Thing::Note, note.0).await?;
        moved.push((*note, from));
    }
    Ok(moved)
}

async fn name(
    tx: &mut Tx,
    board: ChallengeId,
    (theme, wording, follows): (ThemeId, VersionId, &[VersionId]),
    name: &str,
    now: Timestamp,
) -> Result<Done> {
    let there = board_of(tx, theme).await?;
    match there {
        None => {
            tx.run(
                "INSERT INTO theme (id, challenge_id, position, gone)
                 SELECT $1, $2, COALESCE(MAX(t.position), 0) + 1024, FALSE FROM theme t WHERE t.challenge_id = $2",
                vals![theme, board],
            )
            .await?;
        }
        Some(_) => wanted(tx, board, theme).await?,
    }
    let says = name.to_owned();
    let (why, against) = (String::new(), String::new());
    let w = Wording { id: wording, says, why, against, sure: None, made_at: now };
    wording::add(tx, Of::Theme(theme), &w, follows).await?;
    feed::touch(tx, board, Thing::Theme, theme.0).await?;
    Ok(if there.is_some() { Done::Renamed } else { Done::Named })
}

/// All themes of a board get places with room between them, in their order, and one goes before another.
async fn order(tx: &mut Tx, board: ChallengeId, theme: ThemeId, before: Option<ThemeId>) -> Result<()> {
    wanted(tx, board, theme).await?;
    let rows =
        tx.rows("SELECT id, position FROM theme WHERE challenge_id = $1 ORDER BY position, id", vals![board]).await?;
    let was: Vec<(ThemeId, i64)> =
        rows.iter().map(|r| Ok((r.get("id")?, r.get("position")?))).collect::<Result<_>>()?;
    let mut order: Vec<ThemeId> = was.iter().map(|(id, _)| *id).filter(|id| *id != theme).collect();
    let at = before.and_then(|b| order.iter().position(|id| *id == b)).unwrap_or(order.len());
    order.insert(at, theme);
    for (position, id) in (1_i64..).map(|n| n * 1024).zip(order) {
        if !was.contains(&(id, position)) {
            tx.run("UPDATE theme SET position = $2 WHERE id = $1", vals![id, position]).await?;
            feed::touch(tx, board, Thing::Theme, id.0).await?;
        }
    }
    Ok(())
}

/// Dissolves a theme, unless it has a name that whoever does it did not see.
async fn drop_theme(
    tx: &mut Tx,
    board: ChallengeId,
    theme: ThemeId,
    seen: &[VersionId],
) -> Result<Vec<(NoteId, Option<ThemeId>)>> {
    match board_of(tx, theme).await? {
        Some((on, _, false)) if on == board => {}
        Some((on, _, true)) if on == board => return Ok(Vec::new()),
        _ => return Err(StoreError::rule("theme", "theme-not-here")),
    }
    let (heads, _) = Wordings::of(tx, Of::Theme(theme)).await?.take(Of::Theme(theme));
    if heads.iter().any(|w| !seen.contains(&w.id)) {
        return Err(StoreError::rule("theme", "theme-has-other-name"));
    }
    let rows = tx.rows("SELECT note_id FROM board_note WHERE theme_id = $1 ORDER BY note_id", vals![theme]).await?;
    let notes: Vec<NoteId> = rows.iter().map(|r| r.get("note_id")).collect::<Result<_>>()?;
    let mut moved = Vec::new();
    for some in notes.chunks(NOTES_AT_ONCE) {
        moved.extend(place(tx, board, some, None).await?);
    }
    for sql in ["UPDATE theme SET gone = TRUE WHERE id = $1", "DELETE FROM insight_theme WHERE theme_id = $1"] {
        tx.run(sql, vals![theme]).await?;
    }
    feed::touch(tx, board, Thing::Theme, theme.0).await?;
    Ok(moved)
}

async fn carry_out(
    tx: &mut Tx,
    board: ChallengeId,
    by: Option<PersonId>,
    asked: &Asked,
    (today, now): (Date, Timestamp),
) -> Result<Became> {
    if tx.maybe("SELECT id FROM board_act WHERE id = $1", vals![asked.id]).await?.is_some() {
        return Ok(Became::Known);
    }
    let mut moved = Vec::new();
    let done = match &asked.what {
        Doing::Name { theme, wording, follows, name: says } => {
            name(tx, board, (*theme, *wording, follows), says.as_str(), now).await?
        }
        Doing::Order { theme, before } => {
            order(tx, board, *theme, *before).await?;
            Done::Ordered
        }
        Doing::Drop { theme, seen } => {
            moved = drop_theme(tx, board, *theme, seen).await?;
            Done::Dropped
        }
        Doing::Place { notes, theme } => {
            moved = place(tx, board, notes, *theme).await?;
            Done::Placed
        }
    };
    let last: i64 = tx.one("SELECT last FROM board WHERE challenge_id = $1", vals![board]).await?.get("last")?;
    tx.run(
        "INSERT INTO board_act (id, challenge_id, number, what, theme_id, by_id, on_day) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![asked.id, board, last, done, asked.what.theme(), by, today],
    )
    .await?;
    for (note, from) in moved {
        let sql = "INSERT INTO board_act_note (act_id, note_id, from_id) VALUES ($1, $2, $3)";
        tx.run(sql, vals![asked.id, note, from]).await?;
    }
    Ok(Became::Done)
}

impl Store {
    /// Does what is asked on a board, in this order. Each act is done whole or not at all, and says which.
    pub async fn arrange(
        &self,
        who: &Actor,
        board: ChallengeId,
        all: &[Asked],
        (today, now): (Date, Timestamp),
    ) -> Result<Vec<Became>> {
        may(who, Act::ArrangeBoard, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        must_be_open(&mut tx, board).await?;
        // Words that were taken back do not return as a name; and while notes are placed, none of them is taken back.
        let mut gone = Vec::with_capacity(all.len());
        for asked in all {
            let name = if let Doing::Name { name, .. } = &asked.what { name.as_str() } else { "" };
            match withdrawn::refuse(&mut tx, &[("name", name)]).await {
                Ok(()) => gone.push(None),
                Err(why) if why.is_refusal() => gone.push(Some(why)),
                Err(other) => return Err(other),
            }
        }
        feed::take_turn(&mut tx, board).await?;
        let mut became = Vec::with_capacity(all.len());
        for (asked, refused) in all.iter().zip(gone) {
            became.push(match refused {
                Some(why) => Became::Refused(why),
                None => match carry_out(&mut tx, board, who.person(), asked, (today, now)).await {
                    Ok(done) => done,
                    Err(why) if why.is_refusal() => Became::Refused(why),
                    Err(other) => return Err(other),
                },
            });
        }
        tx.commit().await?;
        Ok(became)
    }

    /// What was done on an open board in the last two weeks, newest first: by whom and on which day, for those who arrange it.
    pub async fn board_history(&self, who: &Actor, board: ChallengeId, note: Option<NoteId>) -> Result<Vec<Past>> {
        may(who, Act::ArrangeBoard, &About::nothing())?;
        let mut db = &self.db;
        let rows = db
            .rows(
                "SELECT a.what, a.theme_id, p.name AS by_name, a.on_day, (SELECT COUNT(*) FROM board_act_note x WHERE x.act_id = a.id) AS notes
                 FROM board_act a LEFT JOIN person p ON p.id = a.by_id WHERE a.challenge_id = $1 AND a.by_id IS NOT NULL
                   AND ($2 IS NULL OR EXISTS (SELECT 1 FROM board_act_note x WHERE x.act_id = a.id AND x.note_id = $2))
                 ORDER BY a.number DESC, a.id DESC LIMIT 100",
                vals![board, note],
            )
            .await?;
        let mut names = Wordings::of_board(&mut db, board).await?;
        let mut known: std::collections::BTreeMap<ThemeId, String> = std::collections::BTreeMap::new();
        let mut past = Vec::with_capacity(rows.len());
        for r in &rows {
            let theme: Option<ThemeId> = r.get("theme_id")?;
            let theme = theme.map(|id| {
                let name = known.entry(id).or_insert_with(|| {
                    names.take(Of::Theme(id)).0.into_iter().next().map(|w| w.says).unwrap_or_default()
                });
                (id, name.clone())
            });
            past.push(Past {
                what: r.get("what")?,
                by: r.get("by_name")?,
                on: r.get("on_day")?,
                theme,
                notes: r.get("notes")?,
            });
        }
        Ok(past)
    }
}

/// A challenge is closed: who did what on its board is nobody's business any more.
pub(crate) async fn forget_history(tx: &mut Tx, board: ChallengeId) -> Result<()> {
    for sql in [
        "DELETE FROM board_act_note WHERE act_id IN (SELECT a.id FROM board_act a WHERE a.challenge_id = $1)",
        "DELETE FROM board_act WHERE challenge_id = $1",
    ] {
        tx.run(sql, vals![board]).await?;
    }
    Ok(())
}
