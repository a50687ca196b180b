//! Wordings of a theme's name and of an insight, as notes have them: a new one names those it was made from, so two people who
//! wrote at once leave two that nothing follows. Both are shown until somebody brings them together; nobody's words are lost.

use freerange_domain::{
    id::{InsightId, ThemeId, VersionId},
    insight::Sure,
};
use jiff::Timestamp;

use crate::{
    Result, StoreError,
    db::{Ask, Row, Tx, vals},
};

/// The most wordings that one is made from.
const FOLLOWS: usize = 20;

/// Whose wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Theme(ThemeId),
    Insight(InsightId),
}

/// A theme's name or an insight, in one wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Which.
    pub id: VersionId,
    /// The name of a theme; of an insight what we think is going on.
    pub says: String,
    /// Why we think so. Empty for a theme.
    pub why: String,
    /// What speaks against it, in words. Empty for a theme.
    pub against: String,
    /// How sure we are. Nothing for a theme.
    pub sure: Option<Sure>,
    /// When it was put like this.
    pub made_at: Timestamp,
}

/// One that was sent before is known and not kept twice.
pub(crate) async fn add(tx: &mut Tx, of: Of, w: &Wording, follows: &[VersionId]) -> Result<()> {
    let (theme, insight) = match of {
        Of::Theme(id) => (Some(id), None),
        Of::Insight(id) => (None, Some(id)),
    };
    if follows.len() > FOLLOWS {
        return Err(StoreError::rule("follows", "too-many-records"));
    }
    let sure = w.sure.map_or("", Sure::as_str);
    let kept = tx
        .run(
            "INSERT INTO board_wording (id, theme_id, insight_id, says, why, against, sure, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
            vals![w.id, theme, insight, &w.says, &w.why, &w.against, sure, w.made_at],
        )
        .await?;
    if kept == 0 {
        return Ok(());
    }
    for before in follows.iter().filter(|before| **before != w.id) {
        let sql = "INSERT INTO board_wording_follows (wording_id, follows_id) VALUES ($1, $2)
             ON CONFLICT (wording_id, follows_id) DO NOTHING";
        tx.run(sql, vals![w.id, *before]).await?;
    }
    Ok(())
}

fn read(r: &Row) -> Result<Wording> {
    let sure: String = r.get("sure")?;
    Ok(Wording {
        id: r.get("id")?,
        says: r.get("says")?,
        why: r.get("why")?,
        against: r.get("against")?,
        sure: if sure.is_empty() { None } else { Some(r.get("sure")?) },
        made_at: r.get("made_at")?,
    })
}

/// Those that nothing follows yet, newest first, and those before them. Never nothing when there is any.
pub(crate) fn apart(newest_first: Vec<Wording>, follows: &[(VersionId, VersionId)]) -> (Vec<Wording>, Vec<Wording>) {
    let pairs: Vec<(VersionId, Vec<VersionId>)> = newest_first
        .iter()
        .map(|w| (w.id, follows.iter().filter(|(of, _)| *of == w.id).map(|(_, before)| *before).collect()))
        .collect();
    let mut heads = freerange_notebook::heads(&pairs);
    if heads.is_empty() {
        // They were said to follow each other in a circle: the newest stands for them.
        heads.extend(pairs.first().map(|(id, _)| *id));
    }
    newest_first.into_iter().partition(|w| heads.contains(&w.id))
}

const ALL: &str =
    "SELECT w.id, w.theme_id, w.insight_id, w.says, w.why, w.against, w.sure, w.made_at FROM board_wording w
     LEFT JOIN theme t ON t.id = w.theme_id LEFT JOIN insight i ON i.id = w.insight_id
     WHERE ($1 IS NULL OR w.theme_id = $1) AND ($2 IS NULL OR w.insight_id = $2)
       AND ($3 IS NULL OR t.challenge_id = $3 OR i.challenge_id = $3) ORDER BY w.made_at DESC, w.id DESC";
const FOLLOWED: &str =
    "SELECT f.wording_id, f.follows_id FROM board_wording_follows f JOIN board_wording w ON w.id = f.wording_id
     LEFT JOIN theme t ON t.id = w.theme_id LEFT JOIN insight i ON i.id = w.insight_id
     WHERE ($1 IS NULL OR w.theme_id = $1) AND ($2 IS NULL OR w.insight_id = $2)
       AND ($3 IS NULL OR t.challenge_id = $3 OR i.challenge_id = $3)";

/// Every wording on a board, with whose it is.
pub(crate) struct Wordings {
    all: Vec<(Of, Wording)>,
    follows: Vec<(VersionId, VersionId)>,
}

impl Wordings {
    async fn asked(
        ask: &mut impl Ask,
        theme: Option<ThemeId>,
        insight: Option<InsightId>,
        board: Option<freerange_domain::id::ChallengeId>,
    ) -> Result<Self> {
        let mut all = Vec::new();
        for r in ask.rows(ALL, vals![theme, insight, board]).await? {
            let of = match (r.get::<Option<ThemeId>>("theme_id")?, r.get::<Option<InsightId>>("insight_id")?) {
                (Some(id), _) => Of::Theme(id),
                (None, Some(id)) => Of::Insight(id),
                (None, None) => return Err(StoreError::Corrupt("a wording of nothing".to_owned())),
            };
            all.push((of, read(&r)?));
        }
        let rows = ask.rows(FOLLOWED, vals![theme, insight, board]).await?;
        let follows = rows.iter().map(|r| Ok((r.get("wording_id")?, r.get("follows_id")?))).collect::<Result<_>>()?;
        Ok(Self { all, follows })
    }

    pub(crate) async fn of_board(ask: &mut impl Ask, board: freerange_domain::id::ChallengeId) -> Result<Self> {
        Self::asked(ask, None, None, Some(board)).await
    }

    pub(crate) async fn of(ask: &mut impl Ask, of: Of) -> Result<Self> {
        match of {
            Of::Theme(id) => Self::asked(ask, Some(id), None, None).await,
            Of::Insight(id) => Self::asked(ask, None, Some(id), None).await,
        }
    }

    /// Those of one thing that stand beside each other, the one that is read first before the others; and those before.
    pub(crate) fn take(&mut self, of: Of) -> (Vec<Wording>, Vec<Wording>) {
        let (its, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.all).into_iter().partition(|(o, _)| *o == of);
        self.all = others;
        apart(its.into_iter().map(|(_, w)| w).collect(), &self.follows)
    }
}
