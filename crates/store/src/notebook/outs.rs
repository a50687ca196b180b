//! Going out, later, back. The room that asks whether somebody is back takes them from here; until there is one, they wait on
//! the phone, which keeps them and sends them again.

use freerange_domain::id::PersonId;
use freerange_notebook::What;
use jiff::Timestamp;

use super::Became;
use crate::{Result, db::Tx};

/// The one place where they come in.
#[expect(clippy::unused_async, reason = "it will ask the database as soon as there is something to ask")]
pub(super) async fn take(_: &mut Tx, _: PersonId, _: &What, _: Timestamp) -> Result<Became> {
    Ok(Became::Waits("waits-for-server"))
}
