//! `GET /notebook/places`: the boundaries of all neighbourhoods, drawn coarsely, so that the phone finds the one it stands in
//! without telling anybody.

use axum::{
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use freerange_domain::notebook::coarser;
use freerange_notebook::PackedPlace;

use super::{marked, signed_in};
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

/// How far a boundary may be off, in degrees: about ten metres, less than a phone knows where it is.
const OFF: f64 = 0.000_1;

pub(super) fn routes() -> Vec<Route> {
    vec![routes::page::<Vec<PackedPlace>>("/notebook/places", get(places))]
}

/// To a metre: more digits only weigh.
fn rounded(ring: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let metre = |degrees: f64| (degrees * 100_000.0).round() / 100_000.0;
    ring.into_iter().map(|(x, y)| (metre(x), metre(y))).collect()
}

async fn places(ctx: Ctx, headers: HeaderMap) -> Answer {
    signed_in(&ctx)?;
    let shapes = ctx.app.store.neighbourhood_shapes(&ctx.actor).await?;
    let places: Vec<PackedPlace> = shapes
        .into_iter()
        .map(|shape| PackedPlace {
            id: shape.id.0,
            name: shape.name,
            rings: shape.polygons.iter().flatten().map(|ring| rounded(coarser(ring, OFF))).collect(),
        })
        .collect();
    let json = serde_json::to_vec(&places).map_err(|error| {
        tracing::error!(%error, "places cannot be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")
    })?;
    let covered = json.clone();
    Ok(marked(&headers, &covered, ([(header::CONTENT_TYPE, "application/json")], json)))
}
