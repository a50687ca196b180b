//! Groups that make up a whole, such as the departments of a city: what may be said of each beside what is said of all.

use super::{Count, SMALLEST_GROUP, few};

/// A group of known size, and how many of it something is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Group {
    /// People in it of whom it is not said already that it is true of none.
    pub people: i64,
    /// Of how many it is true.
    pub went: i64,
}

impl Group {
    /// Whether its number says something about one to four people: those who went, or those who did not.
    const fn says_too_much(self) -> bool {
        few(self.went) || few(self.people - self.went)
    }

    fn together(groups: impl Iterator<Item = Self>) -> Self {
        groups.fold(Self::default(), |sum, g| Self { people: sum.people + g.people, went: sum.went + g.went })
    }
}

/// What is said of a whole and of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Of all together.
    pub total: Count,
    /// Of each, in the order given.
    pub parts: Vec<Count>,
}

fn shown(hidden: bool, went: i64) -> Count {
    if hidden { Count::NotSaid } else { Count::Exactly(went) }
}

/// What may be said of groups that make up a whole, and of the whole. A number is not said when it is about one to
/// four people, or leaves out one to four; and further numbers are not said as long as those left out, which follow
/// together from the total, are a single group or are such a number themselves.
pub fn say(groups: &[Group]) -> Said {
    let all = Group::together(groups.iter().copied());
    let total = !all.says_too_much();
    let hidden = withhold(groups, total);
    let parts = groups.iter().zip(&hidden).map(|(g, hidden)| shown(*hidden, g.went)).collect();
    Said { total: shown(!total, all.went), parts }
}

/// What may be said of how those who went are divided: each is in exactly one class. When the total is not said, no
/// class is, because all of them would say it.
pub fn classes(total: Count, people: &[i64]) -> Vec<Count> {
    if total == Count::NotSaid {
        return vec![Count::NotSaid; people.len()];
    }
    let groups: Vec<Group> = people.iter().map(|n| Group { people: *n, went: *n }).collect();
    groups.iter().zip(withhold(&groups, true)).map(|(g, hidden)| shown(hidden, g.went)).collect()
}

fn withhold(groups: &[Group], total: bool) -> Vec<bool> {
    let mut hidden: Vec<bool> = groups.iter().map(|g| g.says_too_much()).collect();
    // Without a total nothing follows for what is left out, and something is: a whole that says too much has a part
    // that does.
    if !total {
        return hidden;
    }
    loop {
        let left_out = || groups.iter().zip(&hidden).filter(|(_, h)| **h).map(|(g, _)| *g);
        let together = Group::together(left_out());
        if left_out().count() == 0 || (left_out().count() > 1 && !together.says_too_much()) {
            return hidden;
        }
        // The smallest one that makes it safe at once, or the smallest. One of whom everything is known hides nothing.
        let next = groups.iter().enumerate().filter(|(at, g)| !hidden[*at] && g.people > 0).min_by_key(|(_, g)| {
            let with = Group { people: together.people + g.people, went: together.went + g.went };
            (with.says_too_much(), g.went == 0, g.people)
        });
        let Some((at, _)) = next else { return hidden };
        hidden[at] = true;
    }
}

/// Which departments are told of as one, so that each line is about at least five people: those with fewer, and as long
/// as these are fewer together, the smallest of the others.
pub fn joined(people: &[i64]) -> Vec<bool> {
    let mut joined: Vec<bool> = people.iter().map(|n| *n < SMALLEST_GROUP).collect();
    loop {
        let together: i64 = people.iter().zip(&joined).filter(|(_, j)| **j).map(|(n, _)| n).sum();
        let next = people.iter().enumerate().filter(|(at, _)| !joined[*at]).min_by_key(|(_, n)| **n);
        let Some((at, _)) = next.filter(|_| few(together)) else { return joined };
        joined[at] = true;
    }
}

/// Which teams of a department may be named as those from which nobody went, given people and those who went of each:
/// teams of at least five, as long as what is left of the department is nobody or at least five people, of whom again
/// nobody or at least five did not go.
pub fn nameable(teams: &[Group]) -> Vec<bool> {
    let mut named: Vec<bool> = teams.iter().map(|t| t.went == 0 && t.people >= SMALLEST_GROUP).collect();
    loop {
        let rest = Group::together(teams.iter().zip(&named).filter(|(_, n)| !**n).map(|(t, _)| *t));
        if !few(rest.people) && !few(rest.people - rest.went) {
            return named;
        }
        let smallest = teams.iter().enumerate().filter(|(at, _)| named[*at]).min_by_key(|(_, t)| t.people);
        let Some((at, _)) = smallest else { return named };
        named[at] = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a reader knows: sums over cells of people, as rows of a matrix brought to triangular form.
    #[derive(Default)]
    struct Reader {
        rows: Vec<Vec<f64>>,
    }

    impl Reader {
        fn rest(&self, mut sum: Vec<f64>) -> Vec<f64> {
            for row in &self.rows {
                let lead = row.iter().position(|x| x.abs() > 1e-9).expect("no row is empty");
                let times = sum[lead] / row[lead];
                for (x, r) in sum.iter_mut().zip(row) {
                    *x -= times * r;
                }
            }
            sum
        }

        fn learns(&mut self, sum: &[bool]) {
            let rest = self.rest(sum.iter().map(|in_it| f64::from(u8::from(*in_it))).collect());
            if rest.iter().any(|x| x.abs() > 1e-9) {
                self.rows.push(rest);
            }
        }

        fn can_work_out(&self, sum: &[bool]) -> bool {
            self.rest(sum.iter().map(|in_it| f64::from(u8::from(*in_it))).collect()).iter().all(|x| x.abs() < 1e-9)
        }

        /// Every group whose number follows from what is known, by any adding and subtracting at all.
        fn small_groups(&self, cells: &[i64]) -> Vec<Vec<usize>> {
            let mut found = Vec::new();
            for mask in 1_u32..1 << cells.len() {
                let group: Vec<bool> = (0..cells.len()).map(|c| mask & (1 << c) != 0).collect();
                let people: i64 = cells.iter().zip(&group).filter(|(_, g)| **g).map(|(n, _)| n).sum();
                if few(people) && self.can_work_out(&group) {
                    found.push((0..cells.len()).filter(|c| group[*c]).collect());
                }
            }
            found
        }
    }

    fn cells_where(count: usize, which: impl Fn(usize) -> bool) -> Vec<bool> {
        (0..count).map(which).collect()
    }

    /// Of each team: people, and how many went.
    fn team() -> impl Strategy<Value = Group> {
        (0_i64..14)
            .prop_flat_map(|people| (Just(people), 0..=people, any::<bool>()))
            .prop_map(|(people, went, none)| Group { people, went: if none { 0 } else { went } })
    }

    fn departments() -> impl Strategy<Value = Vec<[Group; 2]>> {
        let department =
            [team(), team()].prop_filter("of five at least", |d| d[0].people + d[1].people >= SMALLEST_GROUP);
        proptest::collection::vec(department, 1..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_group_of_one_to_four_follows_from_the_numbers_of_departments_and_the_names_of_teams(all in departments()) {
            let named: Vec<Vec<bool>> = all.iter().map(|d| nameable(d)).collect();
            let groups: Vec<Group> = all.iter().zip(&named).map(|(d, named)| {
                Group::together(d.iter().zip(named).filter(|(_, n)| !**n).map(|(t, _)| *t))
            }).collect();
            let said = say(&groups);
            // Cells: of each team first those who went, then those who did not.
            let cells: Vec<i64> = all.iter().flatten().flat_map(|t| [t.went, t.people - t.went]).collect();
            let cell = |which: &dyn Fn(usize, usize, bool) -> bool| {
                cells_where(cells.len(), |c| which(c / 4, c % 4 / 2, c % 2 == 0))
            };
            let mut reader = Reader::default();
            for (d, department) in all.iter().enumerate() {
                reader.learns(&cell(&|of, _, _| of == d));
                for (t, team) in department.iter().enumerate() {
                    if named[d][t] {
                        prop_assert!(team.went == 0 && team.people >= SMALLEST_GROUP);
                        // The size of a team is no secret, and that none of it went was said.
                        reader.learns(&cell(&|of, team, _| of == d && team == t));
                        reader.learns(&cell(&|of, team, went| of == d && team == t && went));
                    }
                }
                if let Count::Exactly(n) = said.parts[d] {
                    prop_assert_eq!(n, department.iter().map(|t| t.went).sum::<i64>());
                    reader.learns(&cell(&|of, _, went| of == d && went));
                }
            }
            if said.total != Count::NotSaid {
                reader.learns(&cell(&|_, _, went| went));
            }
            let small = reader.small_groups(&cells);
            prop_assert!(small.is_empty(), "{:?} of {:?} in {:?}", small, cells, said);
        }

        #[test]
        fn nor_from_the_numbers_of_how_it_ended(
            all in proptest::collection::vec([0_i64..9, 0_i64..9, 0_i64..9, 0_i64..9], 1..4)
        ) {
            // Of each department: not gone, something changed, nothing changed, not over.
            let all: Vec<[i64; 4]> = all.into_iter().map(|mut d| {
                d[0] += (SMALLEST_GROUP - d.iter().sum::<i64>()).max(0);
                d
            }).collect();
            let groups: Vec<Group> = all.iter().map(|d| Group { people: d.iter().sum(), went: d[1..].iter().sum() }).collect();
            let said = say(&groups);
            let class = |c: usize| all.iter().map(|d| d[c]).sum::<i64>();
            let ended = classes(said.total, &[class(1), class(2), class(3)]);
            let cells: Vec<i64> = all.iter().flatten().copied().collect();
            let mut reader = Reader::default();
            for (d, part) in said.parts.iter().enumerate() {
                reader.learns(&cells_where(cells.len(), |c| c / 4 == d));
                if *part != Count::NotSaid {
                    reader.learns(&cells_where(cells.len(), |c| c / 4 == d && c % 4 > 0));
                }
            }
            if said.total != Count::NotSaid {
                reader.learns(&cells_where(cells.len(), |c| c % 4 > 0));
            }
            for (c, count) in ended.iter().enumerate() {
                if *count != Count::NotSaid {
                    reader.learns(&cells_where(cells.len(), |cell| cell % 4 == c + 1));
                }
            }
            let small = reader.small_groups(&cells);
            prop_assert!(small.is_empty(), "{:?} of {:?} in {:?} {:?}", small, cells, said, ended);
        }

        #[test]
        fn what_says_nothing_about_one_to_four_is_said(all in proptest::collection::vec((5_i64..50, 5_i64..50), 1..20)) {
            let groups: Vec<Group> = all.iter().map(|(went, not)| Group { people: went + not, went: *went }).collect();
            let said = say(&groups);
            prop_assert!(said.parts.iter().chain([&said.total]).all(|c| c.said().is_some()));
        }
    }

    #[test]
    fn eight_of_nine_is_not_said_and_does_not_follow() {
        let groups = [(21, 15), (9, 8), (8, 8), (12, 5)].map(|(people, went)| Group { people, went });
        let said = say(&groups);
        assert_eq!(said.total, Count::Exactly(36));
        assert_eq!(said.parts, [Count::Exactly(15), Count::NotSaid, Count::Exactly(8), Count::NotSaid]);
    }

    #[test]
    fn small_departments_are_told_of_together() {
        assert_eq!(joined(&[9, 3, 20, 2]), [false, true, false, true]);
        assert_eq!(joined(&[9, 3, 20]), [true, true, false]);
        assert_eq!(joined(&[9, 20]), [false, false]);
        assert_eq!(joined(&[3]), [true]);
    }

    #[test]
    fn a_team_is_named_only_where_the_others_stay_many() {
        let teams = |all: &[(i64, i64)]| {
            nameable(&all.iter().map(|(people, went)| Group { people: *people, went: *went }).collect::<Vec<_>>())
        };
        assert_eq!(teams(&[(6, 0), (12, 6)]), [true, false]);
        assert_eq!(teams(&[(6, 0), (4, 2)]), [false, false], "the few who went would be of four people");
        assert_eq!(teams(&[(6, 0), (9, 7)]), [false, false], "two of nine did not go");
        assert_eq!(teams(&[(6, 0), (7, 0)]), [true, true]);
        assert_eq!(teams(&[(4, 0)]), [false]);
    }
}
