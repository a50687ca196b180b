//! How a board is read: whole, what changed since a number, or a page of it for those without script.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{
    id::{ChallengeId, ConsentId, InsightId, NoteId, OutingId, PlaceId, ThemeId},
    insight::{Ground, Weight, weigh},
    note::Kind,
};
use uuid::Uuid;

use super::{
    Insight,
    wording::{Of, Wording, Wordings},
};
use crate::{
    About, Act, Actor, Page, Result, Store,
    db::{Ask as _, Row, vals},
    may,
};

/// A note as it lies on a board.
#[derive(Debug, Clone)]
pub struct Lying {
    /// Which.
    pub id: NoteId,
    /// Seen, said or wondered.
    pub kind: Kind,
    /// Its words.
    pub seen: String,
    /// The neighbourhood.
    pub place: Option<(PlaceId, String)>,
    /// The outing.
    pub outing: OutingId,
    /// In a few words.
    pub outing_title: String,
    /// The consent it rests on.
    pub voice: Option<ConsentId>,
    /// The theme it lies in; nothing when it is not placed yet.
    pub theme: Option<ThemeId>,
    /// Who moved it last, as long as that is kept.
    pub moved_by: Option<String>,
}

impl Lying {
    /// Where it comes from.
    pub fn ground(&self) -> Ground {
        Ground { outing: self.outing, place: self.place.as_ref().map(|p| p.0), voice: self.voice }
    }
}

/// A theme on a board.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Which.
    pub id: ThemeId,
    /// Its name, and those that stand beside it because two people named it at once.
    pub names: Vec<Wording>,
    /// Where it stands among the others.
    pub position: i64,
    /// On how much it rests.
    pub weight: Weight,
}

/// A board, or what changed on it.
#[derive(Debug, Clone)]
pub struct Board {
    /// The line in which its changes are counted.
    pub line: Uuid,
    /// The number of the last change.
    pub last: i64,
    /// Whether this is everything, and not what changed.
    pub whole: bool,
    /// Notes that are there.
    pub notes: Vec<Lying>,
    /// All themes that are there, in their order; none when nothing changed.
    pub themes: Vec<Theme>,
    /// All insights that are there; none when nothing changed.
    pub insights: Vec<Insight>,
    /// Notes that are not there any more.
    pub gone: Vec<NoteId>,
}

const LYING: &str = "SELECT n.id, n.kind, n.seen, n.place_id, pl.name AS place, n.outing_id, o.title AS outing, n.consent_id, b.theme_id,
        (SELECT p.name FROM board_act_note x JOIN board_act a ON a.id = x.act_id JOIN person p ON p.id = a.by_id
            WHERE x.note_id = n.id ORDER BY a.number DESC LIMIT 1) AS moved_by
     FROM note n JOIN outing o ON o.id = n.outing_id LEFT JOIN place pl ON pl.id = n.place_id LEFT JOIN board_note b ON b.note_id = n.id
     WHERE n.challenge_id = $1 AND ($2 IS NULL OR n.id IN (
            SELECT f.id FROM board_feed f WHERE f.challenge_id = $1 AND f.what = 'note' AND f.number > $2))
       AND ($3 IS NULL OR b.theme_id = $3) AND (NOT $4 OR b.theme_id IS NULL)
     ORDER BY n.created_at, n.id LIMIT $5 OFFSET $6";

pub(super) fn lying(r: &Row) -> Result<Lying> {
    let place: Option<PlaceId> = r.get("place_id")?;
    Ok(Lying {
        id: r.get("id")?,
        kind: r.get("kind")?,
        seen: r.get("seen")?,
        place: place.zip(r.get("place")?),
        outing: r.get("outing_id")?,
        outing_title: r.get("outing")?,
        voice: r.get("consent_id")?,
        theme: r.get("theme_id")?,
        moved_by: r.get("moved_by")?,
    })
}

/// Which notes of a board a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Those that are not placed yet.
    NotPlaced,
    /// Those of a theme.
    Theme(ThemeId),
}

impl Store {
    /// The board of a challenge: all of it, or what changed after a number of its line. Of another line it is all.
    pub async fn board(&self, who: &Actor, board: ChallengeId, after: Option<(Uuid, i64)>) -> Result<Board> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let mut db = &self.db;
        db.one("SELECT id FROM challenge WHERE id = $1", vals![board]).await?;
        // First the number, then the things: what comes in between is told once more with the next number.
        let (line, last) = self.counted(board).await?;
        let after = after.filter(|(of, number)| *of == line && *number <= last).map(|(_, number)| number);
        if after == Some(last) {
            let (notes, themes, insights, gone) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            return Ok(Board { line, last, whole: false, notes, themes, insights, gone });
        }
        let none = None::<ThemeId>;
        let rows = db.rows(LYING, vals![board, after, none, false, i64::MAX, 0]).await?;
        let notes: Vec<Lying> = rows.iter().map(lying).collect::<Result<_>>()?;
        // Themes and insights are few: they are told whole, with what they rest on now.
        let (themes, insights) = (self.themes(who, board).await?, self.insights(who, board).await?);
        let mut gone = Vec::new();
        if let Some(after) = after {
            let there: BTreeSet<NoteId> = notes.iter().map(|n| n.id).collect();
            let sql =
                "SELECT id FROM board_feed WHERE challenge_id = $1 AND what = 'note' AND number > $2 ORDER BY number";
            for r in db.rows(sql, vals![board, after]).await? {
                let id: NoteId = r.get("id")?;
                if !there.contains(&id) {
                    gone.push(id);
                }
            }
        }
        Ok(Board { line, last, whole: after.is_none(), notes, themes, insights, gone })
    }

    /// The themes of a board, in their order.
    pub async fn themes(&self, who: &Actor, board: ChallengeId) -> Result<Vec<Theme>> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let mut db = &self.db;
        let mut grounds: BTreeMap<ThemeId, Vec<Ground>> = BTreeMap::new();
        let sql =
            "SELECT b.theme_id, n.outing_id, n.place_id, n.consent_id FROM board_note b JOIN note n ON n.id = b.note_id
             JOIN theme t ON t.id = b.theme_id WHERE t.challenge_id = $1";
        for r in db.rows(sql, vals![board]).await? {
            let ground = Ground { outing: r.get("outing_id")?, place: r.get("place_id")?, voice: r.get("consent_id")? };
            grounds.entry(r.get("theme_id")?).or_default().push(ground);
        }
        let mut wordings = Wordings::of_board(&mut db, board).await?;
        let sql = "SELECT id, position FROM theme WHERE challenge_id = $1 AND NOT gone ORDER BY position, id";
        let rows = db.rows(sql, vals![board]).await?;
        rows.iter()
            .map(|r| {
                let id: ThemeId = r.get("id")?;
                let (names, _) = wordings.take(Of::Theme(id));
                let weight = weigh(grounds.remove(&id).unwrap_or_default());
                Ok(Theme { id, names, position: r.get("position")?, weight })
            })
            .collect()
    }

    /// How many notes of a challenge are not placed yet.
    pub async fn not_placed(&self, who: &Actor, board: ChallengeId) -> Result<i64> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let sql = "SELECT COUNT(*) FROM note n WHERE n.challenge_id = $1
             AND NOT EXISTS (SELECT 1 FROM board_note b WHERE b.note_id = n.id)";
        (&self.db).count(sql, vals![board]).await
    }

    /// A page of the notes on a board.
    pub async fn lying(&self, who: &Actor, board: ChallengeId, at: Where, page: i64) -> Result<Page<Lying>> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let (limit, offset) = Page::<Lying>::window(page);
        let (theme, loose) = match at {
            Where::NotPlaced => (None, true),
            Where::Theme(id) => (Some(id), false),
        };
        let all = None::<i64>;
        let rows = (&self.db).rows(LYING, vals![board, all, theme, loose, limit, offset]).await?;
        Ok(Page::cut(rows.iter().map(lying).collect::<Result<_>>()?, page))
    }

    /// All notes that are not placed yet.
    pub async fn all_not_placed(&self, who: &Actor, board: ChallengeId) -> Result<Vec<Lying>> {
        may(who, Act::SeeBoard, &About::nothing())?;
        let (all, theme) = (None::<i64>, None::<ThemeId>);
        let rows = (&self.db).rows(LYING, vals![board, all, theme, true, i64::MAX, 0]).await?;
        rows.iter().map(lying).collect()
    }

    /// On which challenge's board a theme lies.
    pub async fn board_of_theme(&self, who: &Actor, theme: ThemeId) -> Result<ChallengeId> {
        may(who, Act::SeeBoard, &About::nothing())?;
        (&self.db).one("SELECT challenge_id FROM theme WHERE id = $1", vals![theme]).await?.get("challenge_id")
    }

    /// On which challenge's board an insight lies.
    pub async fn board_of_insight(&self, who: &Actor, insight: InsightId) -> Result<ChallengeId> {
        may(who, Act::SeeBoard, &About::nothing())?;
        (&self.db).one("SELECT challenge_id FROM insight WHERE id = $1", vals![insight]).await?.get("challenge_id")
    }
}
