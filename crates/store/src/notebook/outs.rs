//! Going out, later, back: said on the phone, asked after by the room that asks whether somebody is back.

use freerange_domain::{
    id::{OutId, PersonId, PlacementId},
    notebook::PhoneClock,
    text::{Area, TextProblem},
};
use freerange_notebook::{GoingOut, Record, What};
use jiff::Timestamp;

use super::{Asked, Became};
use crate::{
    Result, Store, StoreError,
    db::Tx,
    safety::{Arrived, GoOut},
};

fn area(field: &'static str, text: &str) -> Result<Area> {
    Area::parse(text).map_err(|problem| match problem {
        TextProblem::TooLong(_) => StoreError::rule(field, "area-too-long"),
        other => StoreError::rule(field, other.as_str()),
    })
}

fn read(said: &GoingOut, due: Timestamp, said_at: Timestamp) -> Result<GoOut> {
    let with = said.with.trim();
    Ok(GoOut {
        id: OutId(said.out),
        placement: PlacementId(said.placement),
        area: area("area", &said.area)?,
        with: if with.is_empty() { None } else { Some(area("with", with)?) },
        buddy: PersonId(said.buddy),
        due,
        said_at,
    })
}

/// The one place where they come in. A time by the phone's clock is as far from now as the phone says, whatever it shows.
pub(super) async fn take(
    store: &Store,
    tx: &mut Tx,
    asked: &Asked,
    record: &Record,
    clock: PhoneClock,
) -> Result<Became> {
    let (me, now) = (asked.me, asked.now);
    let arrived = match &record.what {
        What::Out(said) => {
            let go = read(said, clock.translated(said.due), clock.corrected(record.at))?;
            store.go_out_in(tx, me, &go, now).await?
        }
        What::Later { out, due } => store.later_in(tx, me, OutId(*out), clock.translated(*due), now).await?,
        What::Back { out } => store.back_in(tx, me, OutId(*out), now).await?,
        _ => return Err(StoreError::NotFound),
    };
    Ok(match arrived {
        Arrived::Kept => Became::Kept,
        Arrived::Known => Became::Known,
        Arrived::Waits => Became::Waits("waits-for-out"),
    })
}
