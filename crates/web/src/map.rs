//! The city as a drawing: each area a link, with the same as a list for whoever does not see it.

use std::collections::HashMap;

use freerange_domain::{id::PlaceId, overview::Load};
use freerange_store::place::Place;

/// An area of the map.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Area {
    /// Which place.
    pub id: PlaceId,
    /// Its name.
    pub name: String,
    /// How it is shaded: 0 for none, 1 to 5 from little to much.
    pub shade: i64,
    /// What the number behind the shade is, in words.
    pub label: String,
    /// Whether it is the one that was chosen.
    pub chosen: bool,
    /// SVG path.
    #[serde(skip)]
    #[schemars(skip)]
    pub svg: String,
}

/// Shades places by a count each, from the largest down in five steps.
pub(crate) fn areas(
    places: Vec<Place>,
    counts: &HashMap<PlaceId, i64>,
    chosen: Option<PlaceId>,
    label: impl Fn(i64) -> String,
) -> Vec<Area> {
    let most = counts.values().copied().max().unwrap_or(0).max(1);
    places
        .into_iter()
        .map(|p| {
            let count = counts.get(&p.id).copied().unwrap_or(0);
            let shade = if count == 0 { 0 } else { 1 + (count - 1) * 5 / most };
            let chosen = chosen == Some(p.id);
            Area { id: p.id, name: p.name, shade: shade.clamp(0, 5), label: label(count), chosen, svg: p.svg }
        })
        .collect()
}

/// Shades places by how much they are visited. Says no number.
pub(crate) fn loads(places: Vec<Place>, loads: &HashMap<PlaceId, Load>, label: impl Fn(Load) -> String) -> Vec<Area> {
    places
        .into_iter()
        .map(|p| {
            let load = loads.get(&p.id).copied().unwrap_or(Load::Never);
            Area { id: p.id, name: p.name, shade: load.shade(), label: label(load), chosen: false, svg: p.svg }
        })
        .collect()
}
