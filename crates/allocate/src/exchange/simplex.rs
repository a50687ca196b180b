//! A primal network simplex for cheapest circulations. May use nothing; promises an exact optimum in whole numbers and
//! node potentials that prove it, and a quick answer when only costs have changed since the last one.
//!
//! Method: Dantzig 1951; strongly feasible trees (Cunningham 1976) so that it cannot cycle; block search for the entering
//! arc (Grigoriadis 1986), following the comparison in Kovacs 2015 (arXiv 1207.6381).

/// Where an arc is: at no flow, in the tree, or at its capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Empty,
    Tree,
    Full,
}

const NONE: u32 = u32::MAX;

/// An arc of the circulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) cap: i64,
    pub(super) cost: i64,
    pub(super) flow: i64,
    state: State,
}

impl Arc {
    pub(super) const fn new(from: u32, to: u32, cap: i64, cost: i64) -> Self {
        Self { from, to, cap, cost, flow: 0, state: State::Empty }
    }
}

/// A tree node: its parent, the arc to it, and its children as a list of siblings.
#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    arc: u32,
    depth: u32,
    child: u32,
    next: u32,
    before: u32,
}

/// The network. Start with no flow, which is always possible in a circulation.
#[derive(Clone, Debug)]
pub(super) struct Simplex {
    pub(super) arcs: Vec<Arc>,
    real: usize,
    pub(super) potential: Vec<i64>,
    nodes: Vec<Node>,
    root: u32,
    block: usize,
    next: usize,
}

/// Where flow can be increased by `delta` at most, and which tree arc then leaves.
struct Cycle {
    entering: usize,
    first: u32,
    second: u32,
    join: u32,
    delta: i64,
    /// Node below the leaving arc and the end of the entering arc on its side; `None` when the entering arc itself blocks.
    out: Option<(u32, u32, u32)>,
}

impl Simplex {
    /// `arcs` join nodes below `nodes`.
    pub(super) fn new(nodes: usize, mut arcs: Vec<Arc>) -> Self {
        let real = arcs.len();
        let root = crate::number::id(nodes);
        let empty = Node { parent: NONE, arc: NONE, depth: 0, child: NONE, next: NONE, before: NONE };
        let mut tree = vec![empty; nodes + 1];
        for node in 0..root {
            // Artificial arcs only hold the first tree together; nothing comes back from the root, so they stay empty.
            tree[node as usize] = Node { parent: root, arc: crate::number::id(arcs.len()), depth: 1, ..empty };
            let mut arc = Arc::new(node, root, i64::MAX, 0);
            arc.state = State::Tree;
            arcs.push(arc);
        }
        let block = real.isqrt().max(10);
        let mut simplex = Self { arcs, real, potential: vec![0; nodes + 1], nodes: tree, root, block, next: 0 };
        for node in 0..root {
            simplex.adopt(root, node);
        }
        simplex
    }

    /// Pivots until the flow is cheapest, or `go_on`, asked now and then, says no. True when it is cheapest.
    pub(super) fn run(&mut self, go_on: &mut dyn FnMut() -> bool) -> bool {
        self.reprice(self.root, 0);
        let mut pivots = 0_u32;
        while let Some(entering) = self.entering() {
            let cycle = self.cycle(entering);
            self.push(&cycle);
            pivots = pivots.wrapping_add(1);
            if pivots.is_multiple_of(2048) && !go_on() {
                return false;
            }
        }
        true
    }

    fn reduced(&self, arc: &Arc) -> i64 {
        arc.cost + self.potential[arc.from as usize] - self.potential[arc.to as usize]
    }

    /// The worst arc of the first block that has a bad one.
    fn entering(&mut self) -> Option<usize> {
        let mut best = (0, None);
        let mut left = self.block;
        for step in 0..self.real {
            let place = if self.next + step < self.real { self.next + step } else { self.next + step - self.real };
            let arc = &self.arcs[place];
            let gain = match arc.state {
                State::Tree => 0,
                State::Empty => self.reduced(arc),
                State::Full => -self.reduced(arc),
            };
            if gain < best.0 {
                best = (gain, Some(place));
            }
            left -= 1;
            if left == 0 {
                if best.1.is_some() {
                    self.next = place;
                    return best.1;
                }
                left = self.block;
            }
        }
        best.1
    }

    fn join(&self, mut a: u32, mut b: u32) -> u32 {
        while a != b {
            let (x, y) = (&self.nodes[a as usize], &self.nodes[b as usize]);
            if x.depth >= y.depth {
                a = x.parent;
            } else {
                b = y.parent;
            }
        }
        a
    }

    /// Room on the tree arc above `node` for flow that goes up, or down.
    fn room(&self, node: u32, up: bool) -> i64 {
        let arc = &self.arcs[self.nodes[node as usize].arc as usize];
        if (arc.from == node) == up { arc.cap.saturating_sub(arc.flow) } else { arc.flow }
    }

    fn cycle(&self, entering: usize) -> Cycle {
        let arc = &self.arcs[entering];
        let (first, second) = if arc.state == State::Empty { (arc.from, arc.to) } else { (arc.to, arc.from) };
        let join = self.join(first, second);
        let mut delta = if arc.state == State::Empty { arc.cap - arc.flow } else { arc.flow };
        let mut out = None;
        let mut node = first;
        while node != join {
            let room = self.room(node, false);
            if room < delta {
                (delta, out) = (room, Some((node, first, second)));
            }
            node = self.nodes[node as usize].parent;
        }
        let mut node = second;
        while node != join {
            let room = self.room(node, true);
            // The last blocking arc in the direction of the cycle leaves: that keeps the tree strongly feasible.
            if room <= delta {
                (delta, out) = (room, Some((node, second, first)));
            }
            node = self.nodes[node as usize].parent;
        }
        Cycle { entering, first, second, join, delta, out }
    }

    fn push(&mut self, cycle: &Cycle) {
        let forward = self.arcs[cycle.entering].state == State::Empty;
        if cycle.delta > 0 {
            self.arcs[cycle.entering].flow += if forward { cycle.delta } else { -cycle.delta };
            for (start, up) in [(cycle.first, false), (cycle.second, true)] {
                let mut node = start;
                while node != cycle.join {
                    let Node { parent, arc, .. } = self.nodes[node as usize];
                    let arc = &mut self.arcs[arc as usize];
                    arc.flow += if (arc.from == node) == up { cycle.delta } else { -cycle.delta };
                    node = parent;
                }
            }
        }
        let Some((out, inside, outside)) = cycle.out else {
            self.arcs[cycle.entering].state = if forward { State::Full } else { State::Empty };
            return;
        };
        let leaving = &mut self.arcs[self.nodes[out as usize].arc as usize];
        leaving.state = if leaving.flow == 0 { State::Empty } else { State::Full };
        let change = self.reduced(&self.arcs[cycle.entering]);
        let change = if self.arcs[cycle.entering].to == inside { change } else { -change };
        self.arcs[cycle.entering].state = State::Tree;
        self.rehang(out, inside, outside, crate::number::id(cycle.entering));
        self.reprice(inside, change);
    }

    /// Cuts the subtree at `out` off, turns it over so that `inside` is its top, and hangs it under `outside`.
    fn rehang(&mut self, out: u32, inside: u32, outside: u32, entering: u32) {
        let (mut node, mut above, mut arc) = (inside, outside, entering);
        loop {
            let Node { parent, arc: old, .. } = self.nodes[node as usize];
            self.disown(node);
            self.nodes[node as usize].arc = arc;
            self.adopt(above, node);
            if node == out {
                return;
            }
            (above, node, arc) = (node, parent, old);
        }
    }

    fn adopt(&mut self, parent: u32, node: u32) {
        let sibling = std::mem::replace(&mut self.nodes[parent as usize].child, node);
        if sibling != NONE {
            self.nodes[sibling as usize].before = node;
        }
        let this = &mut self.nodes[node as usize];
        (this.parent, this.next, this.before) = (parent, sibling, NONE);
    }

    fn disown(&mut self, node: u32) {
        let Node { parent, next, before, .. } = self.nodes[node as usize];
        if before == NONE {
            self.nodes[parent as usize].child = next;
        } else {
            self.nodes[before as usize].next = next;
        }
        if next != NONE {
            self.nodes[next as usize].before = before;
        }
    }

    /// Walks the subtree under `top` and brings potentials and depths up to date. From the root the potentials are
    /// computed anew from the costs; elsewhere they all move by `change`.
    fn reprice(&mut self, top: u32, change: i64) {
        let anew = top == self.root;
        let mut node = top;
        loop {
            let Node { parent, arc, .. } = self.nodes[node as usize];
            if parent == NONE {
                self.potential[node as usize] = 0;
            } else {
                self.nodes[node as usize].depth = self.nodes[parent as usize].depth + 1;
                if anew {
                    let arc = &self.arcs[arc as usize];
                    let above = self.potential[parent as usize];
                    self.potential[node as usize] = if arc.from == node { above - arc.cost } else { above + arc.cost };
                } else {
                    self.potential[node as usize] += change;
                }
            }
            let mut next = self.nodes[node as usize].child;
            while next == NONE {
                if node == top {
                    return;
                }
                next = self.nodes[node as usize].next;
                node = self.nodes[node as usize].parent;
                if next == NONE && node == top {
                    return;
                }
            }
            node = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Simplex};

    #[test]
    fn a_ring_is_filled_and_a_losing_one_left_alone() {
        let arcs = vec![
            Arc::new(0, 1, 3, -5),
            Arc::new(1, 2, 2, 1),
            Arc::new(2, 0, 9, 1),
            Arc::new(1, 0, 9, 4),
            Arc::new(0, 2, 1, 7),
        ];
        let mut simplex = Simplex::new(3, arcs);
        assert!(simplex.run(&mut || true));
        let flow: Vec<i64> = simplex.arcs.iter().take(5).map(|arc| arc.flow).collect();
        assert_eq!(flow, [3, 2, 2, 1, 0]);
    }
}
