//! Practices: a change told so that another city can understand, adapt and re-use it, with where it comes from.

use freerange_domain::{
    id::{ChangeId, NoteId, PersonId, PracticeId},
    practice::{Status, slug},
    text::{Line, Prose, Reason},
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Page, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    may, withdrawn,
};

/// A practice as it is told.
#[derive(Debug, Clone)]
pub struct Telling {
    /// The change it tells of.
    pub change: Option<ChangeId>,
    /// In a few words.
    pub title: Line,
    /// What was wrong.
    pub problem: Prose,
    /// What was done.
    pub what: Prose,
    /// How, step by step.
    pub how: Prose,
    /// What it needs: people, money, rules.
    pub needed: Prose,
    /// What came of it, also what did not.
    pub result: Prose,
    /// What to be careful about.
    pub careful: Prose,
    /// Language it is written in.
    pub language: String,
    /// What it adapts.
    pub origin: Option<Origin>,
    /// Quotes to show, by note.
    pub quotes: Vec<NoteId>,
}

/// Where an adapted practice comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// One of ours.
    pub id: Option<PracticeId>,
    /// Another city's, by address.
    pub url: Option<String>,
    /// What is different here: law, money, size, politics, history.
    pub differs: Prose,
}

/// A practice as it is read.
#[derive(Debug, Clone)]
pub struct Practice {
    /// Which.
    pub id: PracticeId,
    /// The last part of its public address.
    pub slug: String,
    /// In a few words.
    pub title: String,
    /// What was wrong.
    pub problem: String,
    /// What was done.
    pub what: String,
    /// How.
    pub how: String,
    /// What it needs.
    pub needed: String,
    /// What came of it.
    pub result: String,
    /// What to be careful about.
    pub careful: String,
    /// Language.
    pub language: String,
    /// Who told it.
    pub author_id: PersonId,
    /// The change it tells of.
    pub change: Option<ChangeId>,
    /// The address of what it adapts, in another city.
    pub origin_url: Option<String>,
    /// What it adapts here: slug and title.
    pub origin: Option<(String, String)>,
    /// What is different here.
    pub differs: Option<String>,
    /// Draft, published or withdrawn.
    pub status: Status,
    /// Since when it is public.
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Residents' words.
    pub quotes: Vec<String>,
    /// What adapts it: slug and title.
    pub adaptations: Vec<(String, String)>,
}

/// The columns of a practice, with where it comes from; what follows says which ones.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, o.slug AS origin_slug, o.title AS origin_title FROM practice p
             LEFT JOIN practice o ON o.id = p.origin_id AND o.status = 'published' ",
            $rest
        )
    };
}

fn read(r: &Row) -> Result<Practice> {
    let origin: Option<String> = r.get("origin_slug")?;
    Ok(Practice {
        id: r.get("id")?,
        slug: r.get("slug")?,
        title: r.get("title")?,
        problem: r.get("problem")?,
        what: r.get("what")?,
        how: r.get("how")?,
        needed: r.get("needed")?,
        result: r.get("result")?,
        careful: r.get("careful")?,
        language: r.get("language")?,
        author_id: r.get("author_id")?,
        change: r.get("change_id")?,
        origin_url: r.get("origin_url")?,
        origin: origin.zip(r.get("origin_title")?),
        differs: r.get("differs")?,
        status: r.get("status")?,
        published_at: r.get("published_at")?,
        updated_at: r.get("updated_at")?,
        quotes: Vec::new(),
        adaptations: Vec::new(),
    })
}

/// Words that were taken back do not return in a practice.
async fn refuse_withdrawn(tx: &mut Tx, told: &Telling) -> Result<()> {
    let texts = [
        ("title", told.title.as_str()),
        ("problem", told.problem.as_str()),
        ("what", told.what.as_str()),
        ("how", told.how.as_str()),
        ("needed", told.needed.as_str()),
        ("result", told.result.as_str()),
        ("careful", told.careful.as_str()),
        ("differs", told.origin.as_ref().map_or("", |o| o.differs.as_str())),
    ];
    withdrawn::refuse(tx, &texts).await
}

impl Store {
    /// Tells a practice, as a draft.
    pub async fn tell_practice(&self, who: &Actor, told: &Telling, now: Timestamp) -> Result<String> {
        may(who, Act::TellPractice, &About::nothing())?;
        let author = who.person().ok_or(StoreError::Refused(Act::TellPractice))?;
        let id = PracticeId::new();
        let slug = slug(told.title.as_str(), id);
        let origin = told.origin.as_ref();
        let mut tx = self.db.begin().await?;
        refuse_withdrawn(&mut tx, told).await?;
        tx.run(
            "INSERT INTO practice (id, slug, change_id, author_id, title, problem, what, how, needed, result, careful, language, origin_id,
                origin_url, differs, status, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)",
            vals![
                id, &slug, told.change, author, &told.title, &told.problem, &told.what, &told.how, &told.needed, &told.result,
                &told.careful, &told.language, origin.and_then(|o| o.id), origin.and_then(|o| o.url.clone()),
                origin.map(|o| o.differs.as_str()), Status::Draft, now
            ],
        )
        .await?;
        quote(&mut tx, id, &told.quotes).await?;
        tx.commit().await?;
        Ok(slug)
    }

    /// Changes one's own practice as long as it is not public. Where it comes from stays.
    pub async fn edit_practice(&self, who: &Actor, slug: &str, told: &Telling, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT id, author_id, status FROM practice WHERE slug = $1", vals![slug]).await?;
        may(who, Act::EditPractice, &About::person(row.get("author_id")?))?;
        if row.get::<Status>("status")? == Status::Published {
            return Err(StoreError::rule("form", "practice-public"));
        }
        let id: PracticeId = row.get("id")?;
        let origin = told.origin.as_ref();
        refuse_withdrawn(&mut tx, told).await?;
        tx.run(
            "UPDATE practice SET title = $2, problem = $3, what = $4, how = $5, needed = $6, result = $7, careful = $8, language = $9,
                differs = CASE WHEN origin_id IS NULL THEN $10 ELSE COALESCE($10, differs) END,
                origin_url = CASE WHEN origin_id IS NULL THEN $11 ELSE origin_url END, updated_at = $12 WHERE id = $1",
            vals![
                id, &told.title, &told.problem, &told.what, &told.how, &told.needed, &told.result, &told.careful, &told.language,
                origin.map(|o| o.differs.as_str()), origin.and_then(|o| o.url.clone()), now
            ],
        )
        .await?;
        tx.run("DELETE FROM practice_quote WHERE practice_id = $1", vals![id]).await?;
        quote(&mut tx, id, &told.quotes).await?;
        tx.commit().await
    }

    /// Notes that one's own practice quotes.
    pub async fn quoted_notes(&self, who: &Actor, slug: &str) -> Result<Vec<NoteId>> {
        let row = (&self.db).one("SELECT id, author_id FROM practice WHERE slug = $1", vals![slug]).await?;
        may(who, Act::EditPractice, &About::person(row.get("author_id")?))?;
        (&self.db)
            .rows("SELECT note_id FROM practice_quote WHERE practice_id = $1", vals![row.get::<PracticeId>("id")?])
            .await?
            .iter()
            .map(|r| r.get("note_id"))
            .collect()
    }

    /// Publishes a draft or takes a practice down, with a reason.
    pub async fn publish_practice(
        &self,
        who: &Actor,
        slug: &str,
        publish: bool,
        why: Option<&Reason>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT id, author_id FROM practice WHERE slug = $1", vals![slug]).await?;
        may(who, Act::PublishPractice, &About::person(row.get("author_id")?))?;
        let id: PracticeId = row.get("id")?;
        withdrawn::refuse(&mut tx, &[("why", why.map_or("", Reason::as_str))]).await?;
        let status = if publish { Status::Published } else { Status::Withdrawn };
        tx.run(
            "UPDATE practice SET status = $2, status_why = $3, updated_at = $4,
                published_at = CASE WHEN $5 THEN COALESCE(published_at, $4) ELSE published_at END WHERE id = $1",
            vals![id, status, why.map(Reason::as_str), now, publish],
        )
        .await?;
        audit::record(&mut tx, who, Act::PublishPractice, &format!("practice {id}"), now).await?;
        tx.commit().await
    }

    /// Published practices, newest first; with a text, those that have it. For everybody.
    pub async fn practices(&self, who: &Actor, text: &str, page: i64) -> Result<Page<Practice>> {
        may(who, Act::SeePractices, &About::nothing())?;
        let (limit, offset) = Page::<Practice>::window(page);
        let pattern = crate::people::like(&text.trim().to_lowercase());
        let sql = select!(
            "WHERE p.status = 'published' AND (lower(p.title) LIKE $1 ESCAPE '\\' OR lower(p.problem) LIKE $1 ESCAPE '\\'
                OR lower(p.what) LIKE $1 ESCAPE '\\') ORDER BY p.published_at DESC, p.id LIMIT $2 OFFSET $3"
        );
        let rows = (&self.db).rows(sql, vals![pattern, limit, offset]).await?;
        Ok(Page::cut(rows.iter().map(read).collect::<Result<_>>()?, page))
    }

    /// One's own drafts and taken-down practices.
    pub async fn my_drafts(&self, who: &Actor) -> Result<Vec<Practice>> {
        let me = who.person().ok_or(StoreError::Refused(Act::TellPractice))?;
        let sql =
            select!("WHERE p.author_id = $1 AND p.status <> 'published' ORDER BY p.updated_at DESC, p.id LIMIT 100");
        (&self.db).rows(sql, vals![me]).await?.iter().map(read).collect()
    }

    /// One practice: published for everybody; a draft for its author and the programme lead.
    pub async fn practice(&self, who: &Actor, slug: &str) -> Result<Practice> {
        let mut db = &self.db;
        let sql = select!("WHERE p.slug = $1");
        let mut p = read(&db.one(sql, vals![slug]).await?)?;
        if p.status != Status::Published {
            may(who, Act::PublishPractice, &About::person(p.author_id)).map_err(|_| StoreError::NotFound)?;
        }
        p.quotes = db
            .rows(
                "SELECT n.seen FROM practice_quote q JOIN note n ON n.id = q.note_id JOIN consent k ON k.id = n.consent_id
                 WHERE q.practice_id = $1 AND k.quote AND k.withdrawn_at IS NULL ORDER BY n.created_at, n.id",
                vals![p.id],
            )
            .await?
            .iter()
            .map(|r| r.get("seen"))
            .collect::<Result<_>>()?;
        p.adaptations = db
            .rows("SELECT slug, title FROM practice WHERE origin_id = $1 AND status = 'published' ORDER BY published_at, id", vals![p.id])
            .await?
            .iter()
            .map(|r| Ok((r.get("slug")?, r.get("title")?)))
            .collect::<Result<_>>()?;
        Ok(p)
    }
}

async fn quote(tx: &mut Tx, id: PracticeId, notes: &[NoteId]) -> Result<()> {
    for note in notes.iter().collect::<std::collections::BTreeSet<_>>() {
        let row = tx
            .one(
                "SELECT COALESCE(k.quote, FALSE) AS quotable FROM note n LEFT JOIN consent k ON k.id = n.consent_id AND k.withdrawn_at IS NULL
                 WHERE n.id = $1",
                vals![*note],
            )
            .await?;
        if !row.get::<bool>("quotable")? {
            return Err(freerange_domain::note::NoteProblem::QuoteWithoutConsent.into());
        }
        tx.run("INSERT INTO practice_quote (practice_id, note_id) VALUES ($1, $2)", vals![id, *note]).await?;
    }
    Ok(())
}
