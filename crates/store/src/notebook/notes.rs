//! Notes from a phone: the rules of the page, for something that was written days ago and arrives in pieces.

use freerange_domain::{
    id::{ConsentId, NoteId, PersonId, PlaceId, VersionId},
    note::Kind,
    notebook::PhoneClock,
    text::{Prose, TextProblem},
};
use freerange_notebook::{NoteVersion, Record};
use jiff::Timestamp;

use super::{
    Asked, Became,
    feed::{self, Thing},
    on_placement, own_placement,
};
use crate::{
    About, Act, Result, StoreError, audit,
    consent::erase_note,
    db::{Ask as _, Tx, vals},
    may,
    note::{Draft, Ground, Wording, author, insert, version},
    placement::Placement,
    withdrawn,
};

/// The most wordings that one is made from. A phone brings together what it shows.
const FOLLOWS: usize = 20;

/// What is left of an erased text that somebody quotes.
const ERASED: &str = "[…]";

/// The texts and words of a version, read as a form's would be.
struct Said {
    kind: Kind,
    seen: Prose,
    meaning: String,
    point: Option<(f64, f64)>,
    follows: Vec<VersionId>,
}

const fn wrong(field: &'static str, problem: TextProblem) -> StoreError {
    match problem {
        TextProblem::TooLong(_) => StoreError::rule(field, "note-too-long"),
        other => StoreError::rule(field, other.as_str()),
    }
}

fn read(says: &NoteVersion) -> Result<Said> {
    let kind = says.sort.parse().map_err(|_| StoreError::rule("kind", "choose"))?;
    let seen = Prose::parse(&says.seen).map_err(|p| wrong("seen", p))?;
    let meaning = match says.meaning.trim() {
        "" => String::new(),
        text => Prose::parse(text).map_err(|p| wrong("meaning", p))?.into_string(),
    };
    let on_the_globe = |(x, y): &(f64, f64)| (-180.0..=180.0).contains(x) && (-90.0..=90.0).contains(y);
    if says.point.as_ref().is_some_and(|p| !on_the_globe(p)) {
        return Err(StoreError::rule("point", "not-a-point"));
    }
    if says.follows.len() > FOLLOWS {
        return Err(StoreError::rule("follows", "too-many-records"));
    }
    let follows = says.follows.iter().map(|id| VersionId(*id)).collect();
    Ok(Said { kind, seen, meaning, point: says.point, follows })
}

/// A neighbourhood that is there; a phone may name one that was on an older map.
async fn place(tx: &mut Tx, given: Option<uuid::Uuid>, ground: &Ground) -> Result<Option<PlaceId>> {
    let Some(id) = given else { return Ok(ground.place) };
    let row = tx.maybe("SELECT id FROM place WHERE id = $1", vals![id]).await?;
    Ok(row.map(|r| r.get("id")).transpose()?.or(ground.place))
}

/// A version that is there already: the same again, or something else under its id.
async fn known(tx: &mut Tx, me: PersonId, wording: &Wording, note: NoteId) -> Result<Option<Became>> {
    let Some((of, whose)) = version::whose(tx, wording.id.0).await? else { return Ok(None) };
    if whose != me {
        return Err(StoreError::NotFound);
    }
    let all = version::all(tx, of).await?;
    let Some(kept) = all.iter().map(|l| &l.wording).find(|w| w.id == wording.id) else {
        return Err(StoreError::NotFound);
    };
    // Words of somebody else that were taken back are no longer in it; it is the same record nevertheless.
    let text = |kept: &str, sent: &str| kept == sent || kept.contains(ERASED);
    let same = of == note
        && kept.kind == wording.kind
        && text(&kept.seen, &wording.seen)
        && text(&kept.meaning, &wording.meaning)
        && (&kept.lon, &kept.lat) == (&wording.lon, &wording.lat);
    if same { Ok(Some(Became::Known)) } else { Err(StoreError::rule("id", "other-content")) }
}

/// The note as it is, when there is one.
struct Standing {
    placement: uuid::Uuid,
    rests_on: Option<ConsentId>,
    /// Pictures, and sounds.
    files: (bool, bool),
}

async fn standing(tx: &mut Tx, me: PersonId, note: NoteId) -> Result<Option<Standing>> {
    if tx.maybe("SELECT id FROM tombstone WHERE id = $1", vals![note]).await?.is_some() {
        return Err(StoreError::rule("note", "note-taken-back"));
    }
    tx.hold("SELECT id FROM note WHERE id = $1 FOR NO KEY UPDATE", vals![note]).await?;
    let row =
        tx.maybe("SELECT n.author_id, n.placement_id, n.consent_id FROM note n WHERE n.id = $1", vals![note]).await?;
    let Some(r) = row else { return Ok(None) };
    if r.get::<PersonId>("author_id")? != me {
        return Err(StoreError::NotFound);
    }
    Ok(Some(Standing {
        placement: r.get("placement_id")?,
        rests_on: r.get("consent_id")?,
        files: crate::media::sorts(tx, note).await?,
    }))
}

/// Keeps a version of a note; the first to arrive makes the note, whichever it is.
pub(super) async fn keep(
    tx: &mut Tx,
    asked: &Asked,
    record: &Record,
    says: &NoteVersion,
    clock: PhoneClock,
) -> Result<Became> {
    let (me, now, note) = (asked.me, asked.now, NoteId(says.note));
    let said = read(says)?;
    let p = own_placement(tx, me, says.placement).await?;
    may(&asked.who, Act::WriteNote, &About::person(p.person_id))?;
    let ground = Ground::of(tx, p.outing_id).await?;
    let (lon, lat) = version::point(said.point);
    let wording = Wording {
        id: VersionId(record.id),
        kind: said.kind,
        seen: said.seen.as_str().to_owned(),
        meaning: said.meaning.clone(),
        place: place(tx, says.place, &ground).await?,
        lon,
        lat,
        happened_at: clock.happened(says.happened, p.starts_at),
        made_at: clock.corrected(record.at),
    };
    if let Some(known) = known(tx, me, &wording, note).await? {
        return Ok(known);
    }
    let there = standing(tx, me, note).await?;
    if there.as_ref().is_some_and(|n| n.placement != says.placement) {
        return Err(StoreError::rule("placement", "other-content"));
    }
    if there.is_none()
        && let Some(waits) = new_on(tx, &p, &ground, &said, wording.made_at).await?
    {
        return Ok(waits);
    }
    let rests_on = match (there.as_ref().and_then(|n| n.rests_on), says.consent.map(ConsentId)) {
        (Some(was), Some(other)) if was != other => return Err(StoreError::rule("consent", "consent-stays")),
        (was, given) => was.or(given),
    };
    if let Some(consent) = rests_on
        && tx.maybe("SELECT id FROM consent WHERE id = $1", vals![consent]).await?.is_none()
    {
        return Ok(Became::Waits("waits-for-consent"));
    }
    ground.allows(tx, said.kind, rests_on, there.as_ref().map_or((false, false), |n| n.files)).await?;
    withdrawn::refuse(tx, &[("seen", said.seen.as_str()), ("meaning", &said.meaning)]).await?;
    write(tx, &p, &ground, (note, &said, &wording, rests_on), there.as_ref(), now).await?;
    feed::touch(tx, me, Thing::Note, note.0).await?;
    Ok(Became::Kept)
}

/// Whether a note may be begun here. An edit whose first version is still on its way waits for it instead of being refused.
async fn new_on(tx: &mut Tx, p: &Placement, ground: &Ground, said: &Said, made: Timestamp) -> Result<Option<Became>> {
    let begun = async {
        ground.allows_notes()?;
        on_placement(tx, p, made).await
    };
    match begun.await {
        Err(error) if error.is_refusal() && !said.follows.is_empty() => Ok(Some(Became::Waits("waits-for-first"))),
        other => other,
    }
}

async fn write(
    tx: &mut Tx,
    p: &Placement,
    ground: &Ground,
    (note, said, wording, rests_on): (NoteId, &Said, &Wording, Option<ConsentId>),
    there: Option<&Standing>,
    now: Timestamp,
) -> Result<()> {
    if there.is_none() {
        let draft = Draft {
            id: note,
            kind: said.kind,
            seen: said.seen.clone(),
            meaning: said.meaning.clone(),
            place: wording.place,
            point: said.point,
            consent: rests_on,
            picture: None,
            happened_at: wording.happened_at,
        };
        if !insert(tx, p, &draft, ground, now).await? {
            return Err(StoreError::NotFound);
        }
    } else {
        tx.run("UPDATE note SET consent_id = COALESCE(consent_id, $2) WHERE id = $1", vals![note, rests_on]).await?;
    }
    version::add(tx, note, wording, &said.follows).await?;
    version::settle(tx, note, there.is_some_and(|n| n.rests_on.is_some()), now).await
}

/// The author takes a note away. One that has not arrived yet leaves a mark, so that it does not come after its removal.
pub(super) async fn take_away(tx: &mut Tx, asked: &Asked, note: freerange_domain::id::NoteId) -> Result<Became> {
    if tx.maybe("SELECT id FROM tombstone WHERE id = $1", vals![note]).await?.is_some() {
        return Ok(Became::Known);
    }
    if let Some(author) = author(tx, note).await? {
        // Whoever owns the challenge may take it away too, on its page; from a phone only one's own go.
        if author != asked.me {
            return Err(StoreError::NotFound);
        }
        may(&asked.who, Act::RemoveNote, &About::person(author))?;
        erase_note(tx, note, asked.now).await?;
        audit::record(tx, &asked.who, Act::RemoveNote, &format!("note {note}"), asked.now).await?;
    } else {
        tx.run(
            "INSERT INTO tombstone (id, what, outing_id, challenge_id, withdrawn_at) VALUES ($1, $2, NULL, NULL, $3)",
            vals![note, Kind::Saw, asked.now],
        )
        .await?;
        feed::touch(tx, asked.me, Thing::Note, note.0).await?;
    }
    Ok(Became::Kept)
}
