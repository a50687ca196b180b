//! What can only be seen over all rows: doubles, managers who are not there, managers in a circle.

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    Problem, RowError,
    error::{Errors, shown},
    sheet::Column as _,
};

use super::{Column, PersonRow};

pub(super) fn check(rows: &[PersonRow], errors: &mut Errors) {
    doubles(rows, Column::Id, |r| &r.staff_no, |first| Problem::SameId { first }, errors);
    let by_email = doubles(rows, Column::Email, |r| &r.email, |first| Problem::SameEmail { first }, errors);
    let mut above: Vec<Option<usize>> = Vec::with_capacity(rows.len());
    for row in rows {
        let manager = row.manager_email.as_deref().filter(|m| super::is_email(m));
        let known = manager.and_then(|m| by_email.get(m)).copied();
        let wrong = match manager {
            Some(m) if m == row.email => Some(Problem::OwnManager),
            Some(_) if known.is_none() => Some(Problem::UnknownManager),
            _ => None,
        };
        above.push(known.filter(|_| wrong.is_none()));
        if let Some(problem) = wrong {
            errors.push(at_manager(row, problem));
        }
    }
    circles(rows, &above, errors);
}

fn at_manager(row: &PersonRow, problem: Problem) -> RowError {
    let manager = row.manager_email.as_deref().unwrap_or_default();
    RowError::at(row.line, problem).column(Column::ManagerEmail.name()).value(manager)
}

/// Which row has a value first; each later one is an error that names the first.
fn doubles<'r>(
    rows: &'r [PersonRow],
    column: Column,
    value: impl Fn(&'r PersonRow) -> &'r str,
    problem: impl Fn(u64) -> Problem,
    errors: &mut Errors,
) -> HashMap<&'r str, usize> {
    let mut first = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !value(row).is_empty()) {
        match first.entry(value(row)) {
            Entry::Vacant(entry) => {
                entry.insert(at);
            }
            Entry::Occupied(entry) => {
                let problem = problem(rows[*entry.get()].line);
                errors.push(RowError::at(row.line, problem).column(column.name()).value(value(row)));
            }
        }
    }
    first
}

/// Follows each chain of managers once; one that comes back to itself is told once, with its members.
fn circles(rows: &[PersonRow], above: &[Option<usize>], errors: &mut Errors) {
    let mut seen_from: Vec<Option<usize>> = vec![None; rows.len()];
    for start in 0..rows.len() {
        let (mut chain, mut at) = (Vec::new(), Some(start));
        while let Some(person) = at.filter(|p| seen_from[*p].is_none()) {
            seen_from[person] = Some(start);
            chain.push(person);
            at = above[person];
        }
        // A chain that ends at somebody seen from an earlier start is no circle of its own.
        let Some(back) = at.filter(|p| seen_from[*p] == Some(start)) else { continue };
        let circle = chain.iter().skip_while(|p| **p != back).chain([&back]);
        let names = circle.map(|p| shown(&rows[*p].email, 80)).collect();
        errors.push(at_manager(&rows[back], Problem::ManagerCircle(names)));
    }
}
