//! Consents recorded on a phone, with the code that the resident took home already.

use freerange_domain::{code::Code, id::PersonId};
use freerange_notebook::ConsentGiven;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Became,
    feed::{self, Thing},
    on_placement, own_placement,
};
use crate::{
    Result, StoreError,
    db::{Ask as _, Row, Tx, vals},
};

/// The longest name of a language.
const LANGUAGE: usize = 160;

fn same(r: &Row, me: PersonId, outing: Uuid, code: &Code, given: &ConsentGiven) -> Result<bool> {
    Ok(r.get::<PersonId>("recorded_by")? == me
        && r.get::<Uuid>("outing_id")? == outing
        && r.get::<String>("code")? == code.as_str()
        && r.get::<bool>("use_it")? == given.use_it
        && r.get::<bool>("quote")? == given.quote
        && r.get::<bool>("picture")? == given.picture
        && r.get::<bool>("contact")? == given.contact)
}

/// Keeps a consent. One that was taken back meanwhile is known: the feed says that it was.
pub(super) async fn keep(tx: &mut Tx, me: PersonId, given: &ConsentGiven, at: Timestamp) -> Result<Became> {
    if !given.adult {
        return Err(StoreError::rule("adult", "adult"));
    }
    let code: Code =
        given.code.parse().map_err(|p: freerange_domain::code::CodeProblem| StoreError::rule("code", p.as_str()))?;
    let language = given.language.trim();
    if language.is_empty() || language.chars().count() > LANGUAGE || language.chars().any(char::is_control) {
        return Err(StoreError::rule("language", "empty"));
    }
    let p = own_placement(tx, me, given.placement).await?;
    let found = "SELECT recorded_by, outing_id, code, use_it, quote, picture, contact FROM consent WHERE id = $1";
    if let Some(r) = tx.maybe(found, vals![given.consent]).await? {
        return match (r.get::<PersonId>("recorded_by")? == me, same(&r, me, p.outing_id.0, &code, given)?) {
            (true, true) => Ok(Became::Known),
            (true, false) => Err(StoreError::rule("id", "other-content")),
            (false, _) => Err(StoreError::NotFound),
        };
    }
    if let Some(waits) = on_placement(tx, &p, at).await? {
        return Ok(waits);
    }
    let kept = tx
        .run(
            "INSERT INTO consent (id, code, outing_id, recorded_by, use_it, quote, picture, contact, language, basis, purpose, given_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'public-task', 'learn-and-decide', $10) ON CONFLICT DO NOTHING",
            vals![
                given.consent, code.as_str(), p.outing_id, me, given.use_it, given.quote, given.picture, given.contact, language, at
            ],
        )
        .await?;
    if kept == 0 {
        // Two cards with one code would open each other's words.
        return Err(StoreError::rule("code", "code-taken"));
    }
    feed::touch(tx, me, Thing::Consent, given.consent).await?;
    Ok(Became::Kept)
}
