//! Many rows at once, as JSON: one statement for five thousand of them, where one each would take minutes.

use serde::Serialize;

use super::written;
use crate::{
    Engine, Result,
    db::{Tx, vals},
};

const AT_ONCE: usize = 5_000;

/// The statement that writes rows of a JSON list, for both databases: columns with `id`, `int`, `text` or `flag` and their
/// place in a row.
macro_rules! bulk {
    (@sqlite id $n:literal) => { concat!("unhex(j.value ->> ", $n, ")") };
    (@sqlite int $n:literal) => { concat!("CAST(j.value ->> ", $n, " AS INTEGER)") };
    (@sqlite flag $n:literal) => { concat!("j.value ->> ", $n) };
    (@sqlite text $n:literal) => { concat!("j.value ->> ", $n) };
    (@postgres id $n:literal) => { concat!("(j.value ->> ", $n, ")::uuid") };
    (@postgres int $n:literal) => { concat!("(j.value ->> ", $n, ")::bigint") };
    (@postgres flag $n:literal) => { concat!("(j.value ->> ", $n, ")::boolean") };
    (@postgres text $n:literal) => { concat!("j.value ->> ", $n) };
    ($into:literal, $k0:ident $n0:literal $(, $k:ident $n:literal)*) => {
        (
            concat!("INSERT INTO ", $into, " SELECT ", $crate::round::bulk::bulk!(@sqlite $k0 $n0)
                $(, ", ", $crate::round::bulk::bulk!(@sqlite $k $n))*, " FROM json_each($1) AS j"),
            concat!("INSERT INTO ", $into, " SELECT ", $crate::round::bulk::bulk!(@postgres $k0 $n0)
                $(, ", ", $crate::round::bulk::bulk!(@postgres $k $n))*, " FROM json_array_elements($1::json) AS j(value)"),
        )
    };
}
pub(super) use bulk;

/// Writes rows with a statement that [`bulk!`] made.
pub(super) async fn write<T: Serialize>(
    tx: &mut Tx,
    engine: Engine,
    (sqlite, postgres): (&'static str, &'static str),
    rows: &[T],
) -> Result<()> {
    let sql = match engine {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    };
    for part in rows.chunks(AT_ONCE) {
        tx.run(sql, vals![written(&part)?]).await?;
    }
    Ok(())
}

/// An id as both databases read it from JSON.
pub(super) fn hex(id: uuid::Uuid) -> String {
    id.simple().to_string()
}
