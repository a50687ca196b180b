//! The rows that have a capacity and therefore a price: outings, team-weeks, neighbourhood-weeks, hosts, numbered in one
//! line. May use the instance only; promises one numbering for prices, counts and seats.

use super::instance::Instance;

/// Where each kind of row starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) team_weeks: usize,
    pub(super) nbhd_weeks: usize,
    pub(super) hosts: usize,
    pub(super) len: usize,
    pub(super) weeks: usize,
}

impl Rows {
    pub(super) fn of(instance: &Instance) -> Self {
        let team_weeks = instance.outings.len();
        let nbhd_weeks = team_weeks + instance.team_caps.len() * instance.weeks;
        let hosts = nbhd_weeks + instance.nbhd_caps.len() * instance.weeks;
        let len = hosts + instance.host_caps.len();
        Self { team_weeks, nbhd_weeks, hosts, len, weeks: instance.weeks }
    }

    /// The four rows that a seat of someone of `team` in `outing` uses.
    pub(super) fn of_seat(&self, instance: &Instance, team: u32, outing: u32) -> [usize; 4] {
        let o = &instance.outings[outing as usize];
        [
            outing as usize,
            self.team_weeks + team as usize * self.weeks + o.week as usize,
            self.nbhd_weeks + o.nbhd as usize * self.weeks + o.week as usize,
            self.hosts + o.host as usize,
        ]
    }

    /// The capacity of every row.
    pub(super) fn capacities(&self, instance: &Instance) -> Vec<u32> {
        let mut caps = Vec::with_capacity(self.len);
        caps.extend(instance.outings.iter().map(|outing| outing.max));
        for cap in instance.team_caps.iter().chain(&instance.nbhd_caps) {
            caps.extend(std::iter::repeat_n(*cap, self.weeks));
        }
        caps.extend(&instance.host_caps);
        caps
    }
}
