//! From a relaxation to seats: what is nearly decided is decided, who nearly sits is seated, and the relaxation of the rest is
//! solved again, until everything is whole. May use the tree; promises to take its decisions back.

use super::super::groups::Fate;
use super::super::search;
use super::super::seating::Seating;
use super::{Tree, WHOLE, real};
use crate::limits::Pace;
use crate::linear::{Basis, End};

/// Seats taken to this part are all taken at once.
const NEARLY: f64 = 0.9;

impl Tree<'_> {
    /// One descent from these decisions. False when time is over.
    pub(super) fn descend(&mut self, fates: &[Fate], basis: &Basis, pace: &mut Pace<'_>) -> bool {
        let mut fates = fates.to_vec();
        let mut taken = Vec::new();
        for (outing, &fate) in fates.iter().enumerate() {
            self.relaxation.decide(outing, fate);
        }
        self.relaxation.program.restore(basis);
        let end = loop {
            let end = self.settle(real(self.points()), pace);
            if end != End::Best {
                break end;
            }
            if let Some((outing, fate)) = self.clearest() {
                fates[outing] = fate;
                self.relaxation.decide(outing, fate);
                continue;
            }
            let surest = self.surest();
            if surest.is_empty() {
                self.seat(pace);
                break end;
            }
            for &pair in &surest {
                self.relaxation.take(pair, true);
            }
            taken.extend(surest);
        };
        for pair in taken {
            self.relaxation.take(pair, false);
        }
        end != End::Stopped
    }

    /// Of the outings of which a part runs the one that is clearest, and what is clear about it.
    fn clearest(&self) -> Option<(usize, Fate)> {
        let doubt = |it: &(usize, f64)| it.1.min(1.0 - it.1);
        let clearest = self.parts().into_iter().min_by(|a, b| doubt(a).total_cmp(&doubt(b)))?;
        Some((clearest.0, if clearest.1 < 0.5 { Fate::Closed } else { Fate::Runs }))
    }

    /// Seats that are taken for the most part but not wholly; at least the one that is nearest to it.
    fn surest(&self) -> Vec<u32> {
        let parts = self.relaxation.seats().filter(|it| it.2 > WHOLE && it.2 < 1.0 - WHOLE);
        let parts: Vec<(u32, f64)> = parts.map(|(_, pair, part)| (pair, part)).collect();
        let most = parts.iter().map(|it| it.1).fold(0.0, f64::max);
        parts.iter().filter(|it| it.1 >= NEARLY.min(most)).map(|it| it.0).collect()
    }

    /// Seats people as the relaxation says, where the rules allow it.
    fn seat(&mut self, pace: &mut Pace<'_>) {
        let prices = self.relaxation.prices();
        let mut seating = Seating::new(self.groups.instance(), self.rows, &prices[..self.rows.len]);
        for (person, pair, part) in self.relaxation.seats() {
            let person = person as usize;
            let free = seating.rows_of(person, pair).into_iter().all(|row| !seating.full(row));
            let week = seating.week_of(pair);
            if part > 0.5 && free && seating.has_room(person) && seating.seat_in_week(person, week).is_none() {
                seating.sit(person, pair);
            }
        }
        let found = search::mend(seating, pace.seed());
        if self.best.as_ref().is_none_or(|best| found.objective > best.objective) {
            pace.objective = Some(found.objective);
            self.best = Some(found);
        }
    }
}
