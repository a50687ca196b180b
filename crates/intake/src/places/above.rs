//! Larger places that a file names on each of its places without drawing them: a district is made of its
//! neighbourhoods. Promises one place for each code, with one name, in one larger place, or an error.

use std::collections::HashMap;

use super::{Level, PlaceRow};
use crate::{Problem, RowError, error::Errors, shape::Shape};

/// A larger place as one of its parts names it.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) level: Level,
    pub(super) code: String,
    pub(super) name: String,
    /// The property with the name.
    pub(super) column: String,
}

/// The larger places named so far, in the order in which they were first named.
#[derive(Debug, Default)]
pub(super) struct Larger {
    rows: Vec<(PlaceRow, u64)>,
    known: HashMap<(Level, String), usize>,
}

impl Larger {
    /// Adds the part with this number to what it lies in; `chain` is what it names, the smaller first.
    pub(super) fn add(&mut self, chain: &[Named], feature: u64, part: &Shape, errors: &mut Errors) {
        for (at, named) in chain.iter().enumerate() {
            let parent = chain.get(at + 1).map(|n| n.code.clone());
            let Some(index) = self.known.get(&(named.level, named.code.clone())) else {
                self.known.insert((named.level, named.code.clone()), self.rows.len());
                self.rows.push((named.begin(parent, part), feature));
                continue;
            };
            let (row, first) = &mut self.rows[*index];
            let first = *first;
            let mut wrong = |value: &str, problem| {
                errors.push(
                    RowError::feature(feature, problem).column(&format!("properties.{}", named.column)).value(value),
                );
            };
            if row.name != named.name {
                wrong(&named.name, Problem::OtherName { first, name: row.name.clone() });
            }
            if row.parent_code != parent {
                let was = row.parent_code.clone().unwrap_or_default();
                wrong(&named.code, Problem::OtherParent { first, parent: was });
            }
            row.shape.0.extend(part.0.iter().cloned());
        }
    }

    pub(super) fn places(self) -> impl Iterator<Item = PlaceRow> {
        self.rows.into_iter().map(|(row, _)| row)
    }
}

impl Named {
    fn begin(&self, parent_code: Option<String>, part: &Shape) -> PlaceRow {
        PlaceRow {
            code: self.code.clone(),
            name: self.name.clone(),
            name_local: None,
            parent_code,
            level: self.level,
            shape: part.clone(),
        }
    }
}
