//! What changed on a board, counted without gaps: each thing once, under the number of its last change. Whoever names the last
//! number they have misses nothing. Notes that phones bring only leave a mark, so that nobody who writes a note waits for a
//! board; whoever looks at the board next gives those their numbers.

use freerange_domain::id::ChallengeId;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Ask as _, Tx, vals},
};

/// What lies on a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Note,
    Theme,
    Insight,
}

impl Thing {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Theme => "theme",
            Self::Insight => "insight",
        }
    }
}

/// A note came, changed or went: its board hears of it. Nobody is held up.
pub(crate) async fn note(tx: &mut Tx, id: Uuid) -> Result<()> {
    let sql =
        "INSERT INTO board_touched (id, challenge_id, what, thing_id) SELECT $1, x.challenge_id, 'note', $2 FROM (
            SELECT challenge_id FROM note WHERE id = $2 UNION ALL SELECT challenge_id FROM tombstone WHERE id = $2) AS x
         WHERE x.challenge_id IS NOT NULL LIMIT 1";
    tx.run(sql, vals![Uuid::now_v7(), id]).await?;
    Ok(())
}

/// Words are about to be taken out of names of themes and insights, found by a pattern: their boards hear of it.
pub(crate) async fn saying(tx: &mut Tx, pattern: &str) -> Result<()> {
    let said = "SELECT id FROM board_wording WHERE says LIKE $1 ESCAPE '\\' OR why LIKE $1 ESCAPE '\\' OR against LIKE $1 ESCAPE '\\' ORDER BY id";
    let touched = "INSERT INTO board_touched (id, challenge_id, what, thing_id)
         SELECT $1, COALESCE(t.challenge_id, i.challenge_id), CASE WHEN t.id IS NULL THEN 'insight' ELSE 'theme' END, COALESCE(t.id, i.id)
         FROM board_wording w LEFT JOIN theme t ON t.id = w.theme_id LEFT JOIN insight i ON i.id = w.insight_id WHERE w.id = $2";
    for row in tx.rows(said, vals![pattern]).await? {
        tx.run(touched, vals![Uuid::now_v7(), row.get::<Uuid>("id")?]).await?;
    }
    Ok(())
}

/// Those who change one board take turns.
pub(super) async fn take_turn(tx: &mut Tx, board: ChallengeId) -> Result<()> {
    let sql = "INSERT INTO board (challenge_id, line, last) VALUES ($1, $2, 0) ON CONFLICT (challenge_id) DO NOTHING";
    tx.run(sql, vals![board, Uuid::new_v4()]).await?;
    tx.hold("SELECT last FROM board WHERE challenge_id = $1 FOR NO KEY UPDATE", vals![board]).await?;
    number_touched(tx, board).await
}

/// Gives a thing the next number. Only in one's turn.
pub(super) async fn touch(tx: &mut Tx, board: ChallengeId, what: Thing, id: Uuid) -> Result<()> {
    count(tx, board, what.as_str(), id).await
}

async fn count(tx: &mut Tx, board: ChallengeId, what: &str, id: Uuid) -> Result<()> {
    tx.run("UPDATE board SET last = last + 1 WHERE challenge_id = $1", vals![board]).await?;
    let last: i64 = tx.one("SELECT last FROM board WHERE challenge_id = $1", vals![board]).await?.get("last")?;
    tx.run(
        "INSERT INTO board_feed (challenge_id, what, id, number) VALUES ($1, $2, $3, $4)
         ON CONFLICT (challenge_id, what, id) DO UPDATE SET number = excluded.number",
        vals![board, what, id, last],
    )
    .await?;
    Ok(())
}

async fn number_touched(tx: &mut Tx, board: ChallengeId) -> Result<()> {
    let sql = "SELECT id, what, thing_id FROM board_touched WHERE challenge_id = $1 ORDER BY id";
    for mark in tx.rows(sql, vals![board]).await? {
        count(tx, board, &mark.get::<String>("what")?, mark.get("thing_id")?).await?;
        tx.run("DELETE FROM board_touched WHERE id = $1", vals![mark.get::<Uuid>("id")?]).await?;
    }
    Ok(())
}

impl Store {
    /// The line of a board and its last number, with everything counted that came in by other ways. Only when there is such a
    /// thing is anything written.
    pub(super) async fn counted(&self, board: ChallengeId) -> Result<(Uuid, i64)> {
        let mut db = &self.db;
        let there = db.maybe("SELECT line, last FROM board WHERE challenge_id = $1", vals![board]).await?;
        let touched = db.count("SELECT COUNT(*) FROM board_touched WHERE challenge_id = $1", vals![board]).await?;
        if let (Some(row), 0) = (there, touched) {
            return Ok((row.get("line")?, row.get("last")?));
        }
        let mut tx = self.db.begin().await?;
        take_turn(&mut tx, board).await?;
        let row = tx.one("SELECT line, last FROM board WHERE challenge_id = $1", vals![board]).await?;
        tx.commit().await?;
        Ok((row.get("line")?, row.get("last")?))
    }
}
