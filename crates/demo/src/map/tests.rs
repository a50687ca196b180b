//! What the map promises to whoever imports it.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

type Ring = Vec<(i64, i64)>;

struct Read {
    code: String,
    district: Option<String>,
    polygons: Vec<Vec<Ring>>,
}

fn read(text: &str) -> Vec<Read> {
    let value: Value = serde_json::from_str(text).expect("the layer is JSON");
    let features = value["features"].as_array().expect("a FeatureCollection has features");
    features.iter().map(read_feature).collect()
}

fn read_feature(feature: &Value) -> Read {
    let coordinates = &feature["geometry"]["coordinates"];
    let many: Vec<&Value> = match feature["geometry"]["type"].as_str() {
        Some("Polygon") => vec![coordinates],
        _ => coordinates.as_array().expect("a MultiPolygon is a list").iter().collect(),
    };
    let ring = |r: &Value| r.as_array().expect("a ring is a list").iter().map(point).collect();
    let rings = |p: &Value| p.as_array().expect("a polygon is a list").iter().map(ring).collect();
    Read {
        code: feature["properties"]["code"].as_str().expect("every feature has a code").into(),
        district: feature["properties"]["district"].as_str().map(String::from),
        polygons: many.into_iter().map(rings).collect(),
    }
}

fn point(p: &Value) -> (i64, i64) {
    let part = |i: usize| crate::rng::whole(p[i].as_f64().expect("a coordinate is a number") * 1_000_000.0);
    (part(0), part(1))
}

fn holds(area: &Read, p: (i64, i64)) -> bool {
    let within =
        |polygon: &Vec<Ring>| rings::inside(p, &polygon[0]) && !polygon[1..].iter().any(|hole| rings::inside(p, hole));
    area.polygons.iter().any(within)
}

const CITIES: [(usize, u64); 5] = [(60, 1), (500, 7), (2_000, 1), (2_000, 42), (9_000, 3)];

#[test]
fn every_ring_is_closed_turns_the_right_way_and_has_an_area() {
    for (people, seed) in CITIES {
        let map = draw(people, seed).geojson;
        for area in read(&map.districts).iter().chain(&read(&map.neighbourhoods)) {
            assert!(!area.polygons.is_empty(), "{} has no area", area.code);
            for polygon in &area.polygons {
                for (i, ring) in polygon.iter().enumerate() {
                    assert!(ring.len() >= 4 && ring.first() == ring.last(), "{} is not closed", area.code);
                    assert_eq!(rings::doubled_area(ring) > 0, i == 0, "{} turns the wrong way", area.code);
                    let distinct: BTreeSet<_> = ring[1..].iter().collect();
                    assert_eq!(distinct.len(), ring.len() - 1, "{} passes a point twice", area.code);
                }
            }
        }
    }
}

fn crosses(a: &[(i64, i64)], b: &[(i64, i64)]) -> bool {
    let side =
        |p: (i64, i64), q: (i64, i64), r: (i64, i64)| ((q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)).signum();
    side(a[0], a[1], b[0]) * side(a[0], a[1], b[1]) < 0 && side(b[0], b[1], a[0]) * side(b[0], b[1], a[1]) < 0
}

#[test]
fn no_border_crosses_another() {
    for (people, seed) in CITIES {
        let mut lines: BTreeSet<[(i64, i64); 2]> = BTreeSet::new();
        for area in read(&draw(people, seed).geojson.neighbourhoods) {
            for pair in area.polygons.iter().flatten().flat_map(|ring| ring.windows(2)) {
                lines.insert(if pair[0] < pair[1] { [pair[0], pair[1]] } else { [pair[1], pair[0]] });
            }
        }
        let lines: Vec<_> = lines.into_iter().collect();
        for (i, a) in lines.iter().enumerate() {
            for b in lines[i + 1..].iter().take_while(|b| b[0].0 <= a[1].0) {
                assert!(!crosses(a, b), "borders cross at {a:?} in the city of {people} with seed {seed}");
            }
        }
    }
}

#[test]
fn a_point_lies_in_one_neighbourhood_and_in_its_district_or_in_neither() {
    for (people, seed) in CITIES {
        let map = draw(people, seed).geojson;
        let (districts, neighbourhoods) = (read(&map.districts), read(&map.neighbourhoods));
        let mut rng = Rng::for_room(seed, "sampled points");
        let mut on_land = 0;
        for _ in 0..1_500 {
            let at = (i64::from(rng.between(-21_600_000, -21_400_000)), i64::from(rng.between(43_125_000, 43_275_000)));
            let found: Vec<&Read> = neighbourhoods.iter().filter(|n| holds(n, at)).collect();
            let over: Vec<&Read> = districts.iter().filter(|d| holds(d, at)).collect();
            assert!(found.len() <= 1, "{at:?} lies in two neighbourhoods");
            let inside: Vec<Option<&str>> = found.iter().map(|n| n.district.as_deref()).collect();
            let around: Vec<Option<&str>> = over.iter().map(|d| Some(d.code.as_str())).collect();
            assert_eq!(inside, around, "districts and neighbourhoods disagree at {at:?}");
            on_land += found.len();
        }
        assert!(on_land > 600, "only {on_land} of 1,500 points are on land");
    }
}

/// A border inside the city belongs to two areas, once in each direction, point for point.
#[test]
fn shared_borders_are_the_same_points_on_both_sides() {
    let map = draw(2_000, 1).geojson;
    let mut sides: BTreeMap<[(i64, i64); 2], usize> = BTreeMap::new();
    for area in read(&map.neighbourhoods) {
        for pair in area.polygons.iter().flatten().flat_map(|ring| ring.windows(2)) {
            let passed = sides.entry([pair[0], pair[1]]).or_default();
            *passed += 1;
            assert_eq!(*passed, 1, "{} passes a border another has passed in the same direction", area.code);
        }
    }
    let shared = sides.keys().filter(|[a, b]| sides.contains_key(&[*b, *a])).count();
    assert!(shared * 100 > sides.len() * 60, "only {shared} of {} border lines are shared", sides.len());
}

#[test]
fn the_map_has_islands_an_enclave_and_codes_that_nest() {
    for (people, seed) in CITIES {
        let drawn = draw(people, seed);
        let areas = read(&drawn.geojson.neighbourhoods);
        assert!(areas.iter().any(|a| a.polygons.len() > 1), "seed {seed} has no islands");
        assert!(areas.iter().flat_map(|a| &a.polygons).any(|p| p.len() > 1), "seed {seed} has no enclave");
        assert!(drawn.neighbourhoods.iter().any(|n| n.quarter == Quarter::Park));
        let names: BTreeSet<&str> = drawn.neighbourhoods.iter().map(|n| n.name.as_str()).collect();
        let codes: BTreeSet<&str> = drawn.neighbourhoods.iter().map(|n| n.code.as_str()).collect();
        assert_eq!((names.len(), codes.len()), (areas.len(), areas.len()), "a name or code is used twice");
        for n in &drawn.neighbourhoods {
            assert!(n.code.starts_with(&drawn.districts[n.district].code));
        }
        for d in 0..drawn.districts.len() {
            assert!(drawn.neighbourhoods.iter().any(|n| n.district == d), "district {d} is empty");
        }
    }
}
