//! Dense numbers for things that have ids: the matcher knows nothing else.

use std::collections::HashMap;

/// Numbers things in the order in which they are first met.
#[derive(Debug)]
pub(super) struct Numbers<K> {
    known: HashMap<K, usize>,
    pub(super) all: Vec<K>,
}

impl<K: std::hash::Hash + Eq + Clone> Numbers<K> {
    pub(super) fn new() -> Self {
        Self { known: HashMap::new(), all: Vec::new() }
    }

    pub(super) fn of(&mut self, key: &K) -> usize {
        if let Some(at) = self.known.get(key) {
            return *at;
        }
        self.all.push(key.clone());
        self.known.insert(key.clone(), self.all.len() - 1);
        self.all.len() - 1
    }
}
