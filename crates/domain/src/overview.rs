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

/// Hides small counts in a list whose total is also shown, so that nothing about fewer than five people can be found by
/// subtraction: while only one entry is hidden, or those hidden are fewer than five people together, the smallest
/// shown entry above zero is hidden with them. Two hidden ones and a rest of two would say that both are one.
pub fn suppress(counts: &[i64]) -> Vec<Count> {
    let mut shown: Vec<Count> = counts.iter().map(|c| Count::of(*c)).collect();
    loop {
        let hidden = || counts.iter().zip(&shown).filter(|(_, s)| **s == Count::FewerThanFive).map(|(c, _)| *c);
        let safe = hidden().count() == 0 || (hidden().count() > 1 && hidden().sum::<i64>() >= SMALLEST_GROUP);
        let next = counts.iter().enumerate().filter(|(at, c)| shown[*at] != Count::FewerThanFive && **c > 0);
        let Some((at, _)) = next.min_by_key(|(_, c)| **c).filter(|_| !safe) else { return shown };
        shown[at] = Count::FewerThanFive;
    }
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
            let others = shown.iter().any(|s| matches!(s, Count::Exactly(1..)));
            prop_assert!(hidden.len() != 1 || !others);
            // Nor may the rest of the total be about one to four.
            prop_assert!(hidden.is_empty() || hidden.iter().sum::<i64>() >= SMALLEST_GROUP || !others);
        }

        #[test]
        fn what_is_about_five_or_more_is_shown_where_nothing_must_be_hidden(counts in proptest::collection::vec(5i64..50, 0..20)) {
            prop_assert!(suppress(&counts).iter().all(|s| matches!(s, Count::Exactly(_))));
        }
    }
}
