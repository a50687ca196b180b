//! What areas promise: who lies where, where the middle is, and how they are drawn.

use freerange_intake::shape::{Bounds, Polygon, Projection, Shape};
use proptest::prelude::*;

fn ring(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    points.iter().chain(points.first()).copied().collect()
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Vec<[f64; 2]> {
    ring(&[[west, south], [east, south], [east, north], [west, north]])
}

fn shape(outer: Vec<[f64; 2]>, holes: Vec<Vec<[f64; 2]>>) -> Shape {
    Shape(vec![Polygon { outer, holes }])
}

fn near(a: [f64; 2], b: [f64; 2]) -> bool {
    (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9
}

/// The spots of a path, ring by ring, in points.
fn drawn(path: &str) -> Vec<Vec<[f64; 2]>> {
    path.split_terminator('z')
        .map(|ring| {
            let numbers = ring.replace(['M', 'l'], " ").replace('-', " -");
            let numbers: Vec<f64> = numbers.split_whitespace().map(|n| n.parse().expect("a number")).collect();
            let mut at = [0.0, 0.0];
            let step = |pair: &[f64]| {
                at = [at[0] + pair[0], at[1] + pair[1]];
                at
            };
            numbers.chunks(2).map(step).collect()
        })
        .collect()
}

#[test]
fn a_hole_is_outside_and_parts_are_inside() {
    let mut area = shape(rectangle(0.0, 0.0, 4.0, 4.0), vec![rectangle(1.0, 1.0, 2.0, 2.0)]);
    area.0.push(Polygon { outer: rectangle(10.0, 0.0, 11.0, 1.0), holes: vec![] });
    assert!(area.contains(3.0, 3.0) && area.contains(10.5, 0.5));
    assert!(!area.contains(1.5, 1.5) && !area.contains(7.0, 0.5) && !area.contains(-1.0, 1.5));
    assert_eq!(area.bounds(), Some(Bounds { west: 0.0, south: 0.0, east: 11.0, north: 4.0 }));
    assert_eq!(Shape(vec![]).bounds(), None);
}

#[test]
fn the_middle_is_weighed_by_area_without_holes() {
    let plain = shape(rectangle(126.0, 37.0, 128.0, 38.0), vec![]);
    assert!(near(plain.centre().expect("has one"), [127.0, 37.5]));
    // Of two equal squares side by side the eastern one is a hole, in the other direction.
    let mut hole = rectangle(2.0, 0.0, 4.0, 2.0);
    hole.reverse();
    let half = shape(rectangle(0.0, 0.0, 4.0, 2.0), vec![hole]);
    assert!(near(half.centre().expect("has one"), [1.0, 1.0]));
    // Three parts of the area lie in the west, one in the east.
    let mut parts = shape(rectangle(0.0, 0.0, 3.0, 1.0), vec![]);
    parts.0.push(Polygon { outer: rectangle(10.0, 0.0, 11.0, 1.0), holes: vec![] });
    assert!(near(parts.centre().expect("has one"), [(1.5 * 3.0 + 10.5) / 4.0, 0.5]));
    let line = shape(ring(&[[1.0, 1.0], [3.0, 1.0], [2.0, 1.0]]), vec![]);
    assert_eq!(line.centre(), Some([2.0, 1.0]));
    assert_eq!(Shape(vec![]).centre(), None);
}

#[test]
fn a_drawing_leaves_out_what_cannot_be_seen() {
    let fine: Vec<[f64; 2]> = (0..4000)
        .map(|i| std::f64::consts::TAU * f64::from(i) / 4000.0)
        .map(|angle| [angle.cos(), angle.sin()])
        .collect();
    let speck = rectangle(0.0, 0.0, 0.00001, 0.00001);
    let disc = shape(ring(&fine), vec![speck]);
    let path = disc.svg_path(&Projection::fit_width(disc.bounds().expect("has some"), 1000.0));
    let rings = drawn(&path);
    assert_eq!(rings.len(), 1, "the hole is a speck");
    assert!((20..300).contains(&rings[0].len()), "{} corners", rings[0].len());
    for [x, y] in &rings[0] {
        assert!(((x - 500.0).hypot(y - 500.0) - 490.0).abs() < 0.2, "every corner kept lies on the circle");
    }
    let dot = shape(rectangle(0.5, 0.5, 0.500_000_1, 0.500_000_1), vec![]);
    assert_eq!(drawn(&dot.svg_path(&Projection::fit_width(disc.bounds().expect("has some"), 1000.0))).len(), 1);
}

#[test]
fn a_city_is_not_stretched() {
    // At 60 degrees north a degree of longitude is half as long as one of latitude.
    let square = shape(rectangle(24.0, 59.5, 26.0, 60.5), vec![]);
    let frame = Projection::fit_width(square.bounds().expect("has some"), 1000.0);
    let rings = drawn(&square.svg_path(&frame));
    assert!((frame.height() - 1000.0).abs() < 1.0);
    assert_eq!(rings[0].len(), 4);
    assert!(rings[0].iter().all(|[x, y]| [x, y].iter().all(|v| (**v - 10.0).abs() < 0.2 || (**v - 990.0).abs() < 0.6)));
}

#[test]
fn neighbours_draw_their_common_border_alike() {
    let border: Vec<[f64; 2]> =
        (0..=400).map(|i| f64::from(i) / 400.0).map(|t| [0.5 + 0.1 * (9.0 * t).sin(), t]).collect();
    let west = shape(ring(&[&[[0.0, 1.0], [0.0, 0.0]][..], &border].concat()), vec![]);
    let back: Vec<[f64; 2]> = border.iter().rev().copied().collect();
    let east = shape(ring(&[&back[..], &[[1.0, 0.0], [1.0, 1.0]]].concat()), vec![]);
    let frame = Projection::fit(Bounds { west: 0.0, south: 0.0, east: 1.0, north: 1.0 }, 1000.0, 1000.0);
    let corners = |shape: &Shape| {
        let mut inner: Vec<String> = drawn(&shape.svg_path(&frame))[0]
            .iter()
            .filter(|[x, y]| (15.0..985.0).contains(x) && (10.5..989.5).contains(y))
            .map(|[x, y]| format!("{x:.1} {y:.1}"))
            .collect();
        inner.sort();
        inner
    };
    assert!(corners(&west).len() > 10);
    assert_eq!(corners(&west), corners(&east));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_rectangle_holds_what_lies_within(w in 0.01f64..5.0, h in 0.01f64..5.0, x in 0.01f64..0.99, y in 0.01f64..0.99) {
        let area = shape(rectangle(0.0, 0.0, w, h), vec![]);
        prop_assert!(area.contains(x * w, y * h));
        prop_assert!(!area.contains(w + x, y * h) && !area.contains(x * w, -y));
    }

    /// A rectangle cut in two along any line from bottom to top: no point is lost, none lies in both.
    #[test]
    fn every_point_lies_in_exactly_one_of_two_neighbours(
        cut in prop::collection::vec((0.1f64..0.9, 1u32..100), 1..12),
        points in prop::collection::vec((0.0f64..1.0, 0.0f64..1.0), 40),
    ) {
        let total: u32 = cut.iter().map(|(_, rise)| rise).sum::<u32>() + 1;
        let mut height = 0;
        let mut border = vec![[0.5, 0.0]];
        for (x, rise) in &cut {
            height += rise;
            border.push([*x, f64::from(height) / f64::from(total)]);
        }
        border.push([0.5, 1.0]);
        let west = shape(ring(&[&[[0.0, 1.0], [0.0, 0.0]][..], &border].concat()), vec![]);
        let back: Vec<[f64; 2]> = border.iter().rev().copied().collect();
        let east = shape(ring(&[&back[..], &[[1.0, 0.0], [1.0, 1.0]]].concat()), vec![]);
        let on_border = border[1..border.len() - 1].iter().map(|[x, y]| (*x, *y));
        for (x, y) in points.into_iter().chain(on_border) {
            prop_assert!(west.contains(x, y) ^ east.contains(x, y), "{x} {y}");
        }
    }

    #[test]
    fn whatever_the_ring_the_drawing_is_short_stays_in_its_frame_and_the_middle_in_its_bounds(
        points in prop::collection::vec((-180.0f64..180.0, -90.0f64..90.0), 3..60),
    ) {
        let area = shape(ring(&points.iter().map(|(x, y)| [*x, *y]).collect::<Vec<_>>()), vec![]);
        let bounds = area.bounds().expect("has some");
        let [x, y] = area.centre().expect("has one");
        prop_assert!((bounds.west..=bounds.east).contains(&x) && (bounds.south..=bounds.north).contains(&y));
        let rings = drawn(&area.svg_path(&Projection::fit(bounds, 1000.0, 760.0)));
        prop_assert!(rings[0].len() <= points.len());
        for [x, y] in &rings[0] {
            prop_assert!((0.0..=1000.0).contains(x) && (0.0..=760.0).contains(y), "{x} {y}");
        }
    }

    #[test]
    fn a_shape_of_any_numbers_is_drawn_without_falling_over(points in prop::collection::vec(any::<(f64, f64)>(), 0..20)) {
        let area = shape(points.iter().map(|(x, y)| [*x, *y]).collect(), vec![]);
        let _ = (area.centre(), area.contains(1.0, 1.0), area.to_json());
        if let Some(bounds) = area.bounds() {
            let _ = area.svg_path(&Projection::fit(bounds, 1000.0, 760.0));
        }
    }
}
