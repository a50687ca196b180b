//! Cheapest circulations by cost scaling. May use nothing; promises an exact optimum in whole numbers and node potentials
//! that prove it, and a quick answer when only costs have changed since the last one.
//!
//! Method: Goldberg and Tarjan 1990, "Finding minimum-cost circulations by successive approximation"; paths of a few arcs
//! before each push (partial augment-relabel, Goldberg 2008) and global updates of potentials (Goldberg 1997), following
//! the comparison in Kovacs 2015 (arXiv 1207.6381).

use std::collections::VecDeque;

use crate::number::{id, signed};

/// How much smaller the error gets from one phase to the next.
const SHRINK: i64 = 12;
/// Arcs of a path before flow is pushed along it.
const PATH: usize = 4;
/// No arc.
const NONE: u32 = u32::MAX;

/// An arc as it is handed in: from, to, how much it can carry. Costs come separately, since they change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) cap: i32,
}

/// Half an arc: one direction in which flow can still be increased.
#[derive(Clone, Copy, Debug)]
struct Half {
    to: u32,
    /// The other half.
    back: u32,
    /// How much more can be sent this way.
    room: i32,
    /// What one unit costs, scaled.
    cost: i64,
}

/// The network with its flow. It begins with none, which is always possible in a circulation.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    /// Where each node's halves start; one more entry than there are nodes.
    first: Vec<u32>,
    halves: Vec<Half>,
    /// Where each arc's forward half lies.
    place: Vec<u32>,
    /// Scaled.
    potential: Vec<i64>,
    excess: Vec<i32>,
    current: Vec<u32>,
    active: VecDeque<u32>,
    queued: Vec<bool>,
    relabels: usize,
}

impl Scaling {
    pub(super) fn new(nodes: usize, arcs: &[Arc]) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for arc in arcs {
            first[arc.from as usize + 1] += 1;
            first[arc.to as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let blank = Half { to: 0, back: 0, room: 0, cost: 0 };
        let mut halves = vec![blank; 2 * arcs.len()];
        let mut place = Vec::with_capacity(arcs.len());
        for arc in arcs {
            let (there, back) = (next[arc.from as usize], next[arc.to as usize]);
            next[arc.from as usize] += 1;
            next[arc.to as usize] += 1;
            halves[there as usize] = Half { to: arc.to, back, room: arc.cap, cost: 0 };
            halves[back as usize] = Half { to: arc.from, back: there, room: 0, cost: 0 };
            place.push(there);
        }
        Self {
            current: first[..nodes].to_vec(),
            first,
            halves,
            place,
            potential: vec![0; nodes],
            excess: vec![0; nodes],
            active: VecDeque::new(),
            queued: vec![false; nodes],
            relabels: 0,
        }
    }

    fn nodes(&self) -> usize {
        self.excess.len()
    }

    /// How much costs and potentials are scaled by, so that an error of one unit proves an optimum.
    fn scale(&self) -> i64 {
        signed(self.nodes()) + 1
    }

    /// What one unit of flow on this arc costs, in whole points.
    pub(super) fn set_cost(&mut self, arc: usize, points: i64) {
        let cost = points * self.scale();
        let there = self.place[arc] as usize;
        let back = self.halves[there].back as usize;
        self.halves[there].cost = cost;
        self.halves[back].cost = -cost;
    }

    /// Lets the arc carry so much from now on. Flow beyond that is taken off; the next run finds another way for it.
    pub(super) fn set_cap(&mut self, arc: usize, cap: i32) {
        let there = self.place[arc] as usize;
        let Half { to, back, .. } = self.halves[there];
        let over = self.halves[back as usize].room - cap;
        if over > 0 {
            let from = self.halves[back as usize].to as usize;
            self.halves[back as usize].room -= over;
            self.excess[from] += over;
            self.excess[to as usize] -= over;
        }
        self.halves[there].room = cap - self.halves[back as usize].room;
    }

    /// Where the search begins: a potential in parts of a point, `unit` parts each.
    pub(super) fn set_potential(&mut self, node: usize, parts: i64, unit: i64) {
        let parts = i128::from(parts) * i128::from(self.scale());
        self.potential[node] = i64::try_from(parts / i128::from(unit)).unwrap_or(0);
    }

    /// In whole points; a proof of the optimum after [`Self::run`] said that it came to the end.
    pub(super) fn potential(&self, node: usize) -> i64 {
        self.potential[node].div_euclid(self.scale())
    }

    pub(super) fn flow(&self, arc: usize) -> i32 {
        self.halves[self.halves[self.place[arc] as usize].back as usize].room
    }

    fn span(&self, node: usize) -> std::ops::Range<usize> {
        self.first[node] as usize..self.first[node + 1] as usize
    }

    /// Finds a cheapest circulation; the flow and the potentials there are may be off by `error` points for a start
    /// without being wrong. False when `go_on` said stop; then the flow is not a circulation.
    pub(super) fn run(&mut self, error: i64, go_on: &mut dyn FnMut() -> bool) -> bool {
        let mut error = error.max(1) * self.scale();
        while error > 1 {
            error = (error / SHRINK).max(1);
            if !self.refine(error, go_on) {
                return false;
            }
        }
        self.round();
        true
    }

    fn refine(&mut self, error: i64, go_on: &mut dyn FnMut() -> bool) -> bool {
        self.saturate();
        self.update(error);
        let limit = self.nodes();
        while let Some(node) = self.active.pop_front() {
            self.queued[node as usize] = false;
            if self.excess[node as usize] > 0 {
                self.discharge(node, error);
            }
            if self.relabels > limit {
                self.update(error);
                if !go_on() {
                    return false;
                }
            }
        }
        true
    }

    /// Turns potentials that are right within one scaled unit into whole points that are right: shortest paths from where
    /// rounding left an arc too cheap. There is no cheaper circulation, so they end.
    fn round(&mut self) {
        let scale = self.scale();
        let nodes = id(self.nodes());
        let mut waiting: Vec<u32> = (0..nodes).collect();
        for node in 0..self.nodes() {
            self.potential[node] = self.potential[node].div_euclid(scale) * scale;
        }
        while let Some(node) = waiting.pop() {
            let at = self.potential[node as usize];
            for half in self.span(node as usize) {
                let Half { to, room, cost, .. } = self.halves[half];
                if room > 0 && at + cost < self.potential[to as usize] {
                    self.potential[to as usize] = at + cost;
                    waiting.push(to);
                }
            }
        }
    }

    /// Fills every arc that would be cheaper full, and notes where too much arrives.
    fn saturate(&mut self) {
        for node in 0..self.nodes() {
            let at = self.potential[node];
            for half in self.span(node) {
                let Half { to, back, room, cost } = self.halves[half];
                if room > 0 && cost + at - self.potential[to as usize] < 0 {
                    self.halves[half].room = 0;
                    self.halves[back as usize].room += room;
                    self.excess[node] -= room;
                    self.excess[to as usize] += room;
                }
            }
            self.current[node] = self.first[node];
        }
        for node in 0..self.nodes() {
            self.wake(id(node));
        }
    }

    fn wake(&mut self, node: u32) {
        if self.excess[node as usize] > 0 && !self.queued[node as usize] {
            self.queued[node as usize] = true;
            self.active.push_back(node);
        }
    }

    /// Pushes what is too much at `start` along short paths until it is not.
    fn discharge(&mut self, start: u32, error: i64) {
        let mut path = [NONE; PATH];
        let mut length = 0;
        let mut tip = start;
        loop {
            if length > 0 && (length == PATH || self.excess[tip as usize] < 0) {
                self.augment(start, &path[..length]);
                self.wake(tip);
                if self.excess[start as usize] <= 0 {
                    return;
                }
                (length, tip) = (0, start);
                continue;
            }
            if let Some(half) = self.admissible(tip) {
                path[length] = half;
                length += 1;
                tip = self.halves[half as usize].to;
                continue;
            }
            self.relabel(tip, error);
            if length > 0 {
                length -= 1;
                tip = self.halves[self.halves[path[length] as usize].back as usize].to;
            }
        }
    }

    fn admissible(&mut self, node: u32) -> Option<u32> {
        let at = self.potential[node as usize];
        let end = self.first[node as usize + 1];
        let mut half = self.current[node as usize];
        while half < end {
            let Half { to, room, cost, .. } = self.halves[half as usize];
            if room > 0 && cost + at - self.potential[to as usize] < 0 {
                self.current[node as usize] = half;
                return Some(half);
            }
            half += 1;
        }
        None
    }

    fn augment(&mut self, start: u32, path: &[u32]) {
        let mut from = start;
        for &half in path {
            // As much as is there and as the arc takes; what cannot go on stays where it is and is woken.
            let Half { to, back, room, .. } = self.halves[half as usize];
            let push = self.excess[from as usize].min(room);
            if push <= 0 {
                self.wake(from);
                return;
            }
            self.halves[half as usize].room -= push;
            self.halves[back as usize].room += push;
            self.excess[from as usize] -= push;
            self.excess[to as usize] += push;
            if from != start {
                self.wake(from);
            }
            from = to;
        }
        self.wake(from);
    }

    fn relabel(&mut self, node: u32, error: i64) {
        let mut lowest = i64::MAX;
        let span = self.span(node as usize);
        for half in &self.halves[span] {
            if half.room > 0 {
                lowest = lowest.min(half.cost - self.potential[half.to as usize]);
            }
        }
        // The best way on is then just good enough; where there is none, nothing comes here any more.
        let far = self.potential[node as usize] - signed(self.nodes()) * error;
        self.potential[node as usize] = if lowest < i64::MAX { -lowest - error } else { far };
        self.current[node as usize] = self.first[node as usize];
        self.relabels += 1;
    }

    /// Lowers potentials so that from every node with too much, flow can go towards where it is missing, nearest first.
    fn update(&mut self, error: i64) {
        self.relabels = 0;
        let (rank, top) = self.ranks(error);
        for (node, rank) in rank.into_iter().enumerate() {
            let drop = rank.min(top);
            if drop > 0 {
                self.potential[node] -= signed(drop) * error;
                self.current[node] = self.first[node];
            }
        }
    }

    /// How far each node is from where flow is missing, in units of the error, as far as anybody with too much is: Dial's
    /// shortest paths against the direction of the arcs. The second number is where it ended.
    fn ranks(&self, error: i64) -> (Vec<usize>, usize) {
        let nodes = self.nodes();
        let most = 4 * nodes;
        let mut rank = vec![usize::MAX; nodes];
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new()];
        let mut waiting = self.excess.iter().filter(|excess| **excess > 0).count();
        for node in (0..nodes).filter(|&node| self.excess[node] < 0) {
            rank[node] = 0;
            buckets[0].push(id(node));
        }
        let mut level = 0;
        while level < buckets.len() && waiting > 0 {
            while let Some(node) = buckets[level].pop() {
                let node = node as usize;
                if rank[node] != level {
                    continue;
                }
                waiting -= usize::from(self.excess[node] > 0);
                for half in self.span(node) {
                    let Half { to, back, cost, .. } = self.halves[half];
                    let before = to as usize;
                    if rank[before] <= level || self.halves[back as usize].room <= 0 {
                        continue;
                    }
                    let reduced = self.potential[before] - self.potential[node] - cost;
                    let step = if reduced < 0 { 0 } else { usize::try_from(reduced / error).unwrap_or(most) + 1 };
                    let new = level.saturating_add(step);
                    if new < rank[before] && new < most {
                        rank[before] = new;
                        if new >= buckets.len() {
                            buckets.resize_with(new + 1, Vec::new);
                        }
                        buckets[new].push(to);
                    }
                }
            }
            level += 1;
        }
        (rank, level)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Scaling};

    #[test]
    fn a_ring_is_filled_and_a_losing_one_left_alone() {
        let arcs = [(0, 1, 3, -5), (1, 2, 2, 1), (2, 0, 9, 1), (1, 0, 9, 4), (0, 2, 1, 7)];
        let network: Vec<Arc> = arcs.iter().map(|&(from, to, cap, _)| Arc { from, to, cap }).collect();
        let mut scaling = Scaling::new(3, &network);
        for (number, &(.., cost)) in arcs.iter().enumerate() {
            scaling.set_cost(number, cost);
        }
        assert!(scaling.run(7, &mut || true));
        let flow = |scaling: &Scaling| (0..5).map(|arc| scaling.flow(arc)).collect::<Vec<_>>();
        assert_eq!(flow(&scaling), [3, 2, 2, 1, 0]);
        // With less room on the way the ring gives way, and what was too much is taken off.
        scaling.set_cap(0, 1);
        assert!(scaling.run(7, &mut || true));
        assert_eq!(flow(&scaling), [1, 1, 1, 0, 0]);
    }
}
