//! What the mayor and the programme lead may see: counts, never about fewer than five people.

/// The smallest group that anything is said about.
pub const SMALLEST_GROUP: i64 = 5;

/// A count of people that is shown only when it is about nobody or about at least five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "shown", content = "count")]
pub enum Count {
    /// The number.
    Exactly(i64),
    /// One to four: not said.
    FewerThanFive,
}

impl Count {
    /// Hides one to four.
    pub const fn of(people: i64) -> Self {
        if people == 0 || people >= SMALLEST_GROUP { Self::Exactly(people) } else { Self::FewerThanFive }
    }
}

/// Hides small counts in a list whose total is also shown, so that none can be found by subtraction: when
/// exactly one entry would be hidden, the smallest shown entry above zero is hidden with it.
pub fn suppress(counts: &[i64]) -> Vec<Count> {
    let mut shown: Vec<Count> = counts.iter().map(|c| Count::of(*c)).collect();
    let hidden = shown.iter().filter(|c| **c == Count::FewerThanFive).count();
    if hidden == 1
        && let Some((at, _)) = counts.iter().enumerate().filter(|(_, c)| **c >= SMALLEST_GROUP).min_by_key(|(_, c)| **c)
    {
        shown[at] = Count::FewerThanFive;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_said_about_one_to_four_people(counts in proptest::collection::vec(0i64..50, 0..20)) {
            let shown = suppress(&counts);
            for (count, shown) in counts.iter().zip(&shown) {
                if (1..SMALLEST_GROUP).contains(count) {
                    prop_assert_eq!(*shown, Count::FewerThanFive);
                }
            }
            let hidden: Vec<i64> = counts.iter().zip(&shown).filter(|(_, s)| **s == Count::FewerThanFive).map(|(c, _)| *c).collect();
            // A lone hidden number would follow from the total, unless there is nothing to hide it behind.
            let others = counts.iter().any(|c| *c >= SMALLEST_GROUP);
            prop_assert!(hidden.len() != 1 || !others);
        }
    }
}
