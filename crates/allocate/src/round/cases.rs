//! A proof by cases: some outings decided, and prices for what is left. May use the certificate's prices and JSON; promises
//! that what is written reads back the same. That the cases leave nothing out is for `verify` to say.

use super::certificate::Prices;
use crate::json::Value;
use crate::number::signed;

/// One case. Together the cases of a proof are the leaves of a tree: at each place of `decided` cases that agree so far
/// decide the same outing, and both ways occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// `[outing, 1]` for an outing that runs, `[outing, 0]` for one that does not, the first decision first.
    pub decided: Vec<[i64; 2]>,
    /// Prices that prove a bound of all plans in which the outings are decided so.
    pub prices: Prices,
}

impl Case {
    pub(super) fn value(&self) -> Value {
        let decided = Value::List(self.decided.iter().map(|pair| Value::numbers_of(*pair)).collect());
        Value::Object(vec![("decided".to_owned(), decided), ("prices".to_owned(), self.prices.value())])
    }

    pub(super) fn from(value: &Value) -> Option<Self> {
        Some(Self { decided: value.get("decided")?.tuples()?, prices: Prices::from(value.get("prices")?)? })
    }
}

/// Prices in the numbering of `Groups` as a case.
pub(super) fn case(decided: &[(u32, bool)], prices: Prices) -> Case {
    let pair = |&(outing, runs): &(u32, bool)| [signed(outing as usize), i64::from(runs)];
    Case { decided: decided.iter().map(pair).collect(), prices }
}
