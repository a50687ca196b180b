//! What the simplex method finds cannot be beaten, however the program came to be what it is.

use super::{End, Sense, Simplex};
use crate::number::id;
use crate::random::Random;

/// Rows of small whole numbers that a point keeps, so that there is always a solution.
struct Drawn {
    rows: Vec<(Sense, f64)>,
    columns: Vec<Column>,
}

/// Worth, upper bound, and entries.
type Column = (f64, f64, Vec<(usize, f64)>);

fn small(random: &mut Random, end: u32) -> f64 {
    f64::from(id(random.below(end)))
}

fn draw(random: &mut Random) -> Drawn {
    let (rows, columns) = (1 + random.below(6), 1 + random.below(8));
    let mut sums = vec![0.0; rows];
    let mut column = || {
        let (upper, worth) = (1.0 + small(random, 3), small(random, 21) - 8.0);
        let point = (upper * random.unit()).floor();
        let rows = (0..rows).filter(|_| random.once_in(2)).collect::<Vec<_>>();
        let entries: Vec<_> =
            rows.into_iter().map(|row| (row, 1.0 + small(random, 3) - 4.0 * small(random, 2))).collect();
        for &(row, value) in &entries {
            sums[row] += value * point;
        }
        (worth, upper, entries.into_iter().filter(|entry| entry.1 != 0.0).collect())
    };
    let columns: Vec<_> = (0..columns).map(|_| column()).collect();
    let kinds = [Sense::AtMost, Sense::AtMost, Sense::AtLeast, Sense::Exactly];
    let rows = sums.into_iter().map(|sum| (kinds[random.below(4)], sum)).collect();
    Drawn { rows, columns }
}

/// The values are within bounds and rows, and the prices prove that nothing is worth more (weak duality).
fn check(program: &Simplex, drawn: &Drawn, bounds: &[(f64, f64)]) {
    let mut sums = vec![0.0; drawn.rows.len()];
    let (mut worth, mut proven) = (0.0, 0.0);
    for (number, (gain, _, entries)) in drawn.columns.iter().enumerate() {
        let (value, (low, high)) = (program.value(number), bounds[number]);
        assert!(value >= low - 1e-6 && value <= high + 1e-6, "{value} is not from {low} to {high}");
        worth += gain * value;
        for &(row, entry) in entries {
            sums[row] += entry * value;
        }
        let left = gain - entries.iter().map(|&(row, entry)| entry * program.price(row)).sum::<f64>();
        proven += (left * low).max(left * high);
    }
    for (row, &(kind, limit)) in drawn.rows.iter().enumerate() {
        let (sum, price) = (sums[row], program.price(row));
        assert!(kind == Sense::AtLeast || sum <= limit + 1e-6, "{sum} is above {limit}");
        assert!(kind == Sense::AtMost || sum >= limit - 1e-6, "{sum} is below {limit}");
        assert!(kind != Sense::AtMost || price >= -1e-6);
        assert!(kind != Sense::AtLeast || price <= 1e-6);
        proven += price * limit;
    }
    assert!((worth - proven).abs() < 1e-5, "{worth} and {proven} differ");
    assert!((worth - program.worth()).abs() < 1e-5);
}

#[test]
fn nothing_is_worth_more_than_what_is_found_whatever_changes_on_the_way() {
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let drawn = draw(&mut random);
        let mut program = Simplex::default();
        for &(kind, limit) in &drawn.rows[..drawn.rows.len() / 2] {
            program.add_row(kind, limit);
        }
        let early = drawn.columns.len() / 2;
        let entries = |of: &[(usize, f64)], rows: std::ops::Range<usize>| -> Vec<(usize, f64)> {
            of.iter().copied().filter(|entry| rows.contains(&entry.0)).collect()
        };
        for (worth, upper, of) in &drawn.columns[..early] {
            program.add_variable(*worth, (0.0, *upper), &entries(of, 0..drawn.rows.len() / 2));
        }
        // Not all rows are there yet and not all columns, so that there may be no solution.
        let first = program.run(f64::NEG_INFINITY, &mut || true);
        assert!(first == End::Best || first == End::Infeasible);
        let basis = program.basis();
        for &(kind, limit) in &drawn.rows[drawn.rows.len() / 2..] {
            program.add_row(kind, limit);
        }
        for (number, (_, _, of)) in drawn.columns[..early].iter().enumerate() {
            for (row, value) in entries(of, drawn.rows.len() / 2..drawn.rows.len()) {
                program.add_entry(row, number, value);
            }
        }
        for (worth, upper, of) in &drawn.columns[early..] {
            program.add_variable(*worth, (0.0, *upper), of);
        }
        let mut bounds: Vec<(f64, f64)> = drawn.columns.iter().map(|column| (0.0, column.1)).collect();
        assert_eq!(program.run(f64::NEG_INFINITY, &mut || true), End::Best, "seed {seed}");
        check(&program, &drawn, &bounds);
        // One variable is held where it is rounded to; there may be no solution then. Afterwards all is as before.
        let held = random.below(id(bounds.len()));
        let (worth, value) = (program.worth(), program.value(held).round());
        bounds[held] = (value, value);
        program.bound(held, value, value);
        if program.run(f64::NEG_INFINITY, &mut || true) == End::Best {
            check(&program, &drawn, &bounds);
            assert!(program.worth() <= worth + 1e-6);
        }
        bounds[held] = (0.0, drawn.columns[held].1);
        program.bound(held, 0.0, drawn.columns[held].1);
        program.restore(&basis);
        assert_eq!(program.run(f64::NEG_INFINITY, &mut || true), End::Best, "seed {seed}");
        check(&program, &drawn, &bounds);
    }
}
