//! The map of the invented city: outline, river, coast, islands, districts and neighbourhoods. A fine honeycomb is
//! coloured and the borders of the colours are traced, so shared borders are the same points by construction, no two
//! areas overlap, and only three borders ever meet in a point. Uses the generator alone; promises valid `GeoJSON`.

mod grow;
mod honeycomb;
mod rings;
mod terrain;

use crate::names::PlaceNames;
use crate::rng::{Rng, count, float};
use honeycomb::{Honeycomb, WATER};
use serde_json::{Map, Value, json};

/// What a quarter is like. Texts about a quarter are chosen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quarter {
    /// Steep streets, stairs, rooftop rooms.
    Hillside,
    /// Along the water of the river.
    Riverside,
    /// Quays, sheds, workers' streets by the sea.
    Port,
    /// The oldest streets.
    OldTown,
    /// Workshops, depots, big roads.
    Works,
    /// Blocks and gardens of the last fifty years.
    NewTown,
    /// A park with a few hundred households in or around it.
    Park,
}

/// A district of the invented city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoDistrict {
    /// Its code, such as `D03`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name in the city's other script, where it has one.
    pub name_local: Option<String>,
}

/// A neighbourhood of the invented city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoNeighbourhood {
    /// Its code, such as `D03-07`: the district's code, a dash, a number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name in the city's other script, where it has one.
    pub name_local: Option<String>,
    /// Index of its district.
    pub district: usize,
    /// What it is like.
    pub quarter: Quarter,
    /// How many people live there.
    pub residents: usize,
}

/// The two layers as `GeoJSON` text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacesGeojson {
    /// A `FeatureCollection` (WGS 84); properties `code`, `name`, `name_local` where there is one.
    pub districts: String,
    /// The same for neighbourhoods, and `district` (code) and `residents`.
    pub neighbourhoods: String,
}

/// Everything the map room makes.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) districts: Vec<DemoDistrict>,
    pub(crate) neighbourhoods: Vec<DemoNeighbourhood>,
    pub(crate) geojson: PlacesGeojson,
}

/// Cells of the honeycomb for one neighbourhood on average: enough for a natural outline.
const CELLS_PER_NEIGHBOURHOOD: usize = 46;

/// How many neighbourhoods a city with this many staff has: 90 for 2,000, never more than 420.
pub(crate) fn neighbourhoods_for(people: usize) -> usize {
    (60 + people / 66).clamp(48, 420)
}

/// Draws the map.
pub(crate) fn draw(people: usize, seed: u64) -> Drawn {
    let wanted = neighbourhoods_for(people);
    let mut rng = Rng::for_room(seed, "map");
    let mut comb = Honeycomb::covering(wanted * CELLS_PER_NEIGHBOURHOOD);
    let terrain = terrain::Terrain::new(mix_terrain(seed), comb.side());
    terrain.colour(&mut comb);
    let mut areas = grow::neighbourhoods(&mut comb, &terrain, wanted, &mut rng);
    let districts = grow::districts(&comb, &mut areas, (4 + wanted / 11).clamp(6, 16), &mut rng);
    let order = grow::number(&areas, districts);
    let labels: Vec<usize> = comb.labels().iter().map(|l| if *l == WATER { WATER } else { order.rank[*l] }).collect();
    comb.relabel(labels);
    let (districts, neighbourhoods) = name(&areas, &order, districts, seed);
    let geojson = write(&comb, &terrain, &districts, &neighbourhoods);
    Drawn { districts, neighbourhoods, geojson }
}

const fn mix_terrain(seed: u64) -> u64 {
    crate::rng::mix(seed ^ 0x7465_7272)
}

fn name(
    areas: &[grow::Area],
    order: &grow::Order,
    districts: usize,
    seed: u64,
) -> (Vec<DemoDistrict>, Vec<DemoNeighbourhood>) {
    let mut names = PlaceNames::new(seed);
    let mut rng = Rng::for_room(seed, "residents");
    let named_districts: Vec<DemoDistrict> = (0..districts)
        .map(|d| {
            let (name, name_local) = PlaceNames::district(d);
            DemoDistrict { code: format!("D{:02}", d + 1), name, name_local }
        })
        .collect();
    let mut numbered = vec![0_usize; districts];
    let mut out = Vec::with_capacity(areas.len());
    for at in &order.areas {
        let area = &areas[*at];
        numbered[area.district] += 1;
        let (name, name_local) = names.neighbourhood(area.quarter);
        out.push(DemoNeighbourhood {
            code: format!("{}-{:02}", named_districts[area.district].code, numbered[area.district]),
            name,
            name_local,
            district: area.district,
            quarter: area.quarter,
            residents: residents(area.quarter, &mut rng),
        });
    }
    (named_districts, out)
}

fn residents(quarter: Quarter, rng: &mut Rng) -> usize {
    let median = match quarter {
        Quarter::Hillside => 7_400.0,
        Quarter::NewTown => 9_800.0,
        Quarter::OldTown | Quarter::Riverside => 6_100.0,
        Quarter::Port => 4_200.0,
        Quarter::Works => 1_900.0,
        Quarter::Park => 420.0,
    };
    (count(rng.log_normal(median, 0.35)) / 10 + 1) * 10
}

fn write(
    comb: &Honeycomb,
    terrain: &terrain::Terrain,
    districts: &[DemoDistrict],
    neighbourhoods: &[DemoNeighbourhood],
) -> PlacesGeojson {
    let points = rings::Points::smoothed(comb, terrain);
    let of_neighbourhoods = rings::trace(comb, &points, comb.labels(), neighbourhoods.len());
    let by_district: Vec<usize> =
        comb.labels().iter().map(|l| if *l == WATER { WATER } else { neighbourhoods[*l].district }).collect();
    let of_districts = rings::trace(comb, &points, &by_district, districts.len());
    let district_features = districts.iter().zip(&of_districts).map(|(d, shape)| {
        let mut properties = labels(&d.code, &d.name, d.name_local.as_deref());
        properties.insert("kind".into(), json!("district"));
        feature(&properties, shape)
    });
    let neighbourhood_features = neighbourhoods.iter().zip(&of_neighbourhoods).map(|(n, shape)| {
        let mut properties = labels(&n.code, &n.name, n.name_local.as_deref());
        properties.insert("kind".into(), json!("neighbourhood"));
        properties.insert("district".into(), json!(districts[n.district].code));
        properties.insert("residents".into(), json!(n.residents));
        feature(&properties, shape)
    });
    PlacesGeojson {
        districts: collection(&district_features.collect::<Vec<_>>()),
        neighbourhoods: collection(&neighbourhood_features.collect::<Vec<_>>()),
    }
}

fn labels(code: &str, name: &str, local: Option<&str>) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("code".into(), json!(code));
    properties.insert("name".into(), json!(name));
    if let Some(local) = local {
        properties.insert("name_local".into(), json!(local));
    }
    properties
}

fn feature(properties: &Map<String, Value>, shape: &rings::Shape) -> Value {
    let polygons: Vec<Value> = shape.polygons.iter().map(|p| json!(p.degrees())).collect();
    let geometry = match polygons.as_slice() {
        [one] => json!({"type": "Polygon", "coordinates": one}),
        many => json!({"type": "MultiPolygon", "coordinates": many}),
    };
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Metres between two points.
pub(crate) fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt()
}

/// The mean of some points.
pub(crate) fn middle(points: &[(f64, f64)]) -> (f64, f64) {
    let n = float(points.len().max(1));
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
    (x / n, y / n)
}

#[cfg(test)]
mod tests;
