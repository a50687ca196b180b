//! From a relaxation to seats: what is nearly decided is decided, who nearly sits is seated, and the relaxation of the rest is
//! solved again, until everything is whole. May use the tree; promises to take its decisions back.

use super::super::groups::Fate;
use super::super::search;
use super::super::seating::Seating;
use super::{BETTER, Tree, WHOLE, real};
use crate::limits::Pace;
use crate::linear::{Basis, End};

/// Seats taken to this part are all taken at once.
const SURE: f64 = 0.75;
/// A decision that costs more than this share of the points is dear: the other way is looked at.
const DEAR: f64 = 0.0005;
/// Most relaxations solved in the search for seats when every outing is decided.
const MOST_SEATINGS: usize = 60;

impl Tree<'_> {
    /// One descent from these decisions. False when time is over.
    pub(super) fn descend(&mut self, fates: &[Fate], basis: &Basis, pace: &mut Pace<'_>) -> bool {
        for (outing, &fate) in fates.iter().enumerate() {
            self.relaxation.decide(outing, fate);
        }
        self.relaxation.program.restore(basis);
        let mut end = self.settle(self.beyond(), pace);
        while end == End::Best
            && let Some((outing, fate)) = self.clearest()
        {
            end = self.decide_well(outing, fate, pace);
        }
        let mut taken = Vec::new();
        while end == End::Best {
            let surest = self.surest(SURE);
            if surest.is_empty() {
                break;
            }
            for &pair in &surest {
                self.relaxation.take(pair, Some(true));
            }
            taken.extend(surest);
            end = self.settle(self.beyond(), pace);
        }
        for pair in taken {
            self.relaxation.take(pair, None);
        }
        if end != End::Below {
            self.seat(pace);
        }
        end != End::Stopped
    }

    /// What seats must be worth to be better than the best.
    fn beyond(&self) -> f64 {
        real(self.points()) + BETTER
    }

    /// Decides about an outing, or the other way when the first way costs much more than it seemed to.
    fn decide_well(&mut self, outing: usize, fate: Fate, pace: &mut Pace<'_>) -> End {
        let (before, basis) = (self.relaxation.program.worth(), self.relaxation.program.basis());
        let mut decide = |tree: &mut Self, fate: Fate| {
            tree.relaxation.decide(outing, fate);
            let end = tree.settle(tree.beyond(), pace);
            (end, tree.relaxation.program.worth())
        };
        let (end, worth) = decide(self, fate);
        if end == End::Stopped || before - worth <= before * DEAR {
            return end;
        }
        let other = if fate == Fate::Runs { Fate::Closed } else { Fate::Runs };
        self.relaxation.program.restore(&basis);
        let (end, others) = decide(self, other);
        if end == End::Stopped || others >= worth {
            return end;
        }
        self.relaxation.program.restore(&basis);
        decide(self, fate).0
    }

    /// Every outing is decided as it stands: branches on seats, nearest to taken first, for the best seats. They are for the
    /// answer alone; the proof does without them. False when time is over.
    pub(super) fn search_seats(&mut self, basis: Basis, pace: &mut Pace<'_>) -> bool {
        let mut open: Vec<(Vec<(u32, bool)>, Basis)> = vec![(Vec::new(), basis)];
        for _ in 0..MOST_SEATINGS {
            let Some((taken, basis)) = open.pop() else { return true };
            for &(pair, way) in &taken {
                self.relaxation.take(pair, Some(way));
            }
            self.relaxation.program.restore(&basis);
            let end = self.settle(self.beyond(), pace);
            if end == End::Best {
                if let Some(pair) = self.surest(1.0).into_iter().next() {
                    let basis = self.relaxation.program.basis();
                    let way = |way: bool| ([taken.as_slice(), &[(pair, way)]].concat(), basis.clone());
                    open.extend([way(false), way(true)]);
                } else {
                    self.seat(pace);
                }
            }
            for (pair, _) in taken {
                self.relaxation.take(pair, None);
            }
            if end == End::Stopped {
                return false;
            }
        }
        true
    }

    /// Of the outings of which a part runs the one that is clearest, and what is clear about it.
    fn clearest(&self) -> Option<(usize, Fate)> {
        let doubt = |it: &(usize, f64)| it.1.min(1.0 - it.1);
        let clearest = self.parts().into_iter().min_by(|a, b| doubt(a).total_cmp(&doubt(b)))?;
        Some((clearest.0, if clearest.1 < 0.5 { Fate::Closed } else { Fate::Runs }))
    }

    /// Seats that are not wholly taken but at least to this part, the surest first; at least the surest of all.
    fn surest(&self, sure: f64) -> Vec<u32> {
        let parts = self.relaxation.seats().filter(|it| it.2 > WHOLE && it.2 < 1.0 - WHOLE);
        let mut parts: Vec<(u32, f64)> = parts.map(|(_, pair, part)| (pair, part)).collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let many = parts.iter().take_while(|it| it.1 >= sure).count().max(1);
        parts.into_iter().take(many).map(|it| it.0).collect()
    }

    /// Seats people as the relaxation says, where the rules allow it.
    pub(super) fn seat(&mut self, pace: &mut Pace<'_>) {
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
