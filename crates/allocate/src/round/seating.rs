//! Who sits where, with every capacity kept at every moment. May use instance and rows; promises constant-time seating
//! and leaving, and that only group minimums can be broken (the search repairs those before it accepts anything).

use super::instance::{Instance, SEATS_EACH};
use super::rows::Rows;
use crate::number::id;

/// No pair: an empty seat.
pub(super) const EMPTY: u32 = u32::MAX;

/// One row's state. `limit` is the capacity, or the number of pairs that touch the row when that is smaller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) used: u32,
    pub(super) limit: u32,
    start: u32,
    /// What a place in this row is thought to be worth, in price units.
    pub(super) price: i32,
}

/// The seats. A seat is `person * 3 + (0..3)`; it holds an index into the instance's pairs, or `EMPTY`.
pub(super) struct Seating<'a> {
    pub(super) instance: &'a Instance,
    rows: Rows,
    pub(super) row: Vec<Row>,
    pub(super) seat: Vec<u32>,
    place: Vec<[u32; 4]>,
    list: Vec<u32>,
    pub(super) count: Vec<u8>,
    /// Points so far.
    pub(super) objective: i64,
}

impl<'a> Seating<'a> {
    pub(super) fn new(instance: &'a Instance, rows: Rows, price: &[i32]) -> Self {
        let mut touched = vec![0_u32; rows.len];
        for person in 0..instance.people() {
            for pair in &instance.edges[instance.span(person)] {
                for row in rows.of_seat(instance, instance.persons[person].team, pair.outing) {
                    touched[row] += 1;
                }
            }
        }
        let mut start = 0;
        let mut state = Vec::with_capacity(rows.len);
        for ((cap, touched), &price) in rows.capacities(instance).into_iter().zip(touched).zip(price) {
            let limit = cap.min(touched);
            state.push(Row { used: 0, limit, start, price });
            start += limit;
        }
        let seats = instance.people() * SEATS_EACH;
        Self {
            instance,
            rows,
            row: state,
            seat: vec![EMPTY; seats],
            place: vec![[0; 4]; seats],
            list: vec![0; start as usize],
            count: vec![0; instance.people()],
            objective: 0,
        }
    }

    pub(super) fn rows_of(&self, person: usize, pair: u32) -> [usize; 4] {
        let outing = self.instance.edges[pair as usize].outing;
        self.rows.of_seat(self.instance, self.instance.persons[person].team, outing)
    }

    /// The rows of an outing's seats; the team's is meaningless.
    pub(super) fn rows_of_outing(&self, outing: usize) -> [usize; 4] {
        self.rows.of_seat(self.instance, 0, id(outing))
    }

    pub(super) fn full(&self, row: usize) -> bool {
        self.row[row].used >= self.row[row].limit
    }

    /// The seats in a row.
    pub(super) fn in_row(&self, row: usize) -> &[u32] {
        let Row { start, used, .. } = self.row[row];
        &self.list[start as usize..(start + used) as usize]
    }

    pub(super) fn week_of(&self, pair: u32) -> u32 {
        self.instance.outings[self.instance.edges[pair as usize].outing as usize].week
    }

    /// The person's seat in this week, if any.
    pub(super) fn seat_in_week(&self, person: usize, week: u32) -> Option<usize> {
        let start = person * SEATS_EACH;
        (start..start + SEATS_EACH).find(|&seat| self.seat[seat] != EMPTY && self.week_of(self.seat[seat]) == week)
    }

    pub(super) fn has_room(&self, person: usize) -> bool {
        self.count[person] < self.instance.persons[person].k
    }

    /// Points the person's next outing would add besides its score.
    pub(super) fn next_bonus(&self, person: usize) -> i32 {
        self.instance.persons[person].bonus.get(usize::from(self.count[person])).copied().unwrap_or(0)
    }

    /// Points the person loses with one outing, besides its score.
    pub(super) fn last_bonus(&self, person: usize) -> i32 {
        let place = usize::from(self.count[person]).saturating_sub(1);
        self.instance.persons[person].bonus.get(place).copied().unwrap_or(0)
    }

    /// Seats a person who has room, in rows that all have room and in a week without a seat: the caller has checked.
    pub(super) fn sit(&mut self, person: usize, pair: u32) {
        let start = person * SEATS_EACH;
        let seat = (start..start + SEATS_EACH).find(|&seat| self.seat[seat] == EMPTY).unwrap_or(start);
        debug_assert!(self.has_room(person) && self.seat[seat] == EMPTY);
        self.objective += i64::from(self.instance.edges[pair as usize].score + self.next_bonus(person));
        self.count[person] += 1;
        self.seat[seat] = pair;
        for (kind, row) in self.rows_of(person, pair).into_iter().enumerate() {
            debug_assert!(!self.full(row));
            let state = &mut self.row[row];
            self.list[(state.start + state.used) as usize] = id(seat);
            self.place[seat][kind] = state.used;
            state.used += 1;
        }
    }

    /// Empties a seat that is taken.
    pub(super) fn leave(&mut self, seat: usize) -> u32 {
        let (person, pair) = (seat / SEATS_EACH, self.seat[seat]);
        debug_assert!(pair != EMPTY);
        self.objective -= i64::from(self.instance.edges[pair as usize].score + self.last_bonus(person));
        self.count[person] -= 1;
        self.seat[seat] = EMPTY;
        for (kind, row) in self.rows_of(person, pair).into_iter().enumerate() {
            let place = self.place[seat][kind];
            let state = &mut self.row[row];
            state.used -= 1;
            let last = self.list[(state.start + state.used) as usize];
            self.list[(state.start + place) as usize] = last;
            self.place[last as usize][kind] = place;
        }
        pair
    }

    /// The seat in which the person holds this pair.
    pub(super) fn seat_of(&self, person: usize, pair: u32) -> Option<usize> {
        let start = person * SEATS_EACH;
        (start..start + SEATS_EACH).find(|&seat| self.seat[seat] == pair)
    }

    /// Score of a pair less the prices of its rows: what it is worth beyond the places it takes, in price units.
    pub(super) fn reduced(&self, person: usize, pair: u32) -> i32 {
        let rent: i32 = self.rows_of(person, pair).into_iter().map(|row| self.row[row].price).sum();
        self.instance.edges[pair as usize].score * 1024 - rent
    }
}
