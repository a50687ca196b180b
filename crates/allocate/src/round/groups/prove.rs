//! What given prices prove when some outings are decided. May use the groups; promises the same whole number as anybody else
//! who recomputes it.

use super::{Fate, Groups};

impl Groups<'_> {
    /// No plan in which every outing meets its fate has more points than this.
    pub(in super::super) fn prove(&mut self, prices: &[i32], fates: &[Fate]) -> i64 {
        self.whole.copy_from_slice(prices);
        self.fate.copy_from_slice(fates);
        let mut picked = vec![0.0; self.members.len()];
        let picks = self.pick(0..self.order.len(), &mut picked);
        self.value(picks.value)
    }
}
