//! Prices of an earlier plan as a start for a new one. May use certificates; promises that what no longer exists is left
//! out, and that whatever is taken over still proves a bound.

use super::super::certificate::Prices;
use super::Groups;
use crate::number::points;

impl Groups<'_> {
    /// Takes over the prices of a certificate as far as the same rows are there.
    pub(in super::super) fn adopt(&mut self, prices: &Prices) {
        let rows = self.rows;
        let (people, twins) = (rows.len, rows.len + self.instance.people());
        let size = |from: usize, to: usize| (to - from) / rows.weeks.max(1);
        self.whole.fill(0);
        self.lay(&prices.people, people, twins);
        self.lay(&prices.hosts, rows.hosts, rows.len);
        let by_week = [
            (&prices.team_weeks, rows.team_weeks, size(rows.team_weeks, rows.nbhd_weeks)),
            (&prices.nbhd_weeks, rows.nbhd_weeks, size(rows.nbhd_weeks, rows.hosts)),
        ];
        for (list, start, many) in by_week {
            for &[which, week, price] in list {
                let (which, week) = (usize::try_from(which), usize::try_from(week));
                if let (Ok(which), Ok(week)) = (which, week)
                    && which < many
                    && week < rows.weeks
                {
                    self.whole[start + which * rows.weeks + week] = small(price).max(0);
                }
            }
        }
        for &[person, week, price] in &prices.person_weeks {
            let twin = self.twins.binary_search(&(count(person), count(week)));
            if let Ok(place) = twin {
                self.whole[twins + place] = small(price).max(0);
            }
        }
        for (price, &whole) in self.price.iter_mut().zip(&self.whole) {
            *price = points(whole);
        }
    }

    fn lay(&mut self, list: &[i64], from: usize, to: usize) {
        for (row, &price) in self.whole[from..to].iter_mut().zip(list) {
            *row = small(price);
        }
    }
}

/// Prices beyond what a solver ever sets are somebody's mistake; such a start is only a worse one.
fn small(price: i64) -> i32 {
    i32::try_from(price).unwrap_or(0)
}

fn count(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}
