//! Who went, by department, to see who cannot get away. A department is the first part of the team path.

use std::collections::BTreeMap;

use freerange_domain::overview::{Count, Group, classes, joined, nameable, say};
use jiff::Timestamp;

use crate::{
    Result, Store,
    db::{Ask as _, vals},
    people::department,
    placement::went,
};

/// A department and how many of its people went.
#[derive(Debug, Clone)]
pub struct Department {
    /// Its name; nothing for those told of together, because they are too small alone.
    pub name: Option<String>,
    /// People in it.
    pub people: i64,
    /// How many went at least once.
    pub went: Count,
    /// Teams of at least five in it from which nobody went, as far as that says nothing about fewer than five.
    pub never: Vec<String>,
}

/// Who went, all together and by department.
#[derive(Debug)]
pub(super) struct Went {
    pub people: i64,
    pub people_out: Count,
    pub departments: Vec<Department>,
    /// People for whom something changed, and for whom nothing did.
    pub endings: (Count, Count),
}

/// A team: what it is called within its department, and its numbers.
type Team = (String, Group);

impl Store {
    /// Counts people, each once, who work here now.
    pub(super) async fn who_went(&self, since: Timestamp) -> Result<Went> {
        let rows = (&self.db)
            .rows(
                concat!(
                    "SELECT t.path, COUNT(*) AS people, COUNT(g.person_id) AS went,
                    COUNT(CASE WHEN g.ended = 2 THEN 1 END) AS changed, COUNT(CASE WHEN g.ended = 1 THEN 1 END) AS unchanged
                 FROM person p JOIN team t ON t.id = p.team_id
                 LEFT JOIN (SELECT x.person_id, MAX(CASE x.ending WHEN 'changed-something' THEN 2 WHEN 'changed-nothing' THEN 1 ELSE 0 END) AS ended
                    FROM placement x JOIN outing o ON o.id = x.outing_id WHERE o.starts_at >= $1 AND ",
                    went!("x"),
                    " GROUP BY x.person_id) g ON g.person_id = p.id WHERE p.active GROUP BY t.path"
                ),
                vals![since],
            )
            .await?;
        let (mut went, mut changed, mut unchanged) = (0, 0, 0);
        let mut found: BTreeMap<String, Vec<Team>> = BTreeMap::new();
        for r in &rows {
            let path: String = r.get("path")?;
            let group = Group { people: r.get("people")?, went: r.get("went")? };
            went += group.went;
            changed += r.get::<i64>("changed")?;
            unchanged += r.get::<i64>("unchanged")?;
            let department = department(&path).to_owned();
            found.entry(department).or_default().push((path.replace('\u{1f}', " / "), group));
        }
        let told = told(found);
        let never: Vec<Vec<bool>> =
            told.iter().map(|(_, teams)| nameable(&teams.iter().map(|t| t.1).collect::<Vec<_>>())).collect();
        // Who is named is known, so only the others can hide anybody.
        let others = |teams: &[Team], named: &[bool]| {
            let rest = teams.iter().zip(named).filter(|(_, named)| !**named).map(|(t, _)| t.1);
            rest.fold(Group::default(), |s, g| Group { people: s.people + g.people, went: s.went + g.went })
        };
        let groups: Vec<Group> = told.iter().zip(&never).map(|((_, teams), named)| others(teams, named)).collect();
        let said = say(&groups);
        let ended = classes(said.total, &[changed, unchanged, went - changed - unchanged]);
        let departments: Vec<Department> = told
            .into_iter()
            .zip(never)
            .zip(said.parts)
            .map(|(((name, teams), named), went)| Department {
                name,
                people: teams.iter().map(|t| t.1.people).sum(),
                went,
                never: teams.into_iter().zip(named).filter(|(_, n)| *n).map(|(t, _)| t.0).collect(),
            })
            .collect();
        Ok(Went {
            people: departments.iter().map(|d| d.people).sum(),
            people_out: said.total,
            departments,
            endings: (ended[0], ended[1]),
        })
    }
}

/// Departments by name, and at the end those that are told of together.
fn told(found: BTreeMap<String, Vec<Team>>) -> Vec<(Option<String>, Vec<Team>)> {
    let sizes: Vec<i64> = found.values().map(|teams| teams.iter().map(|t| t.1.people).sum()).collect();
    let mut told = Vec::new();
    let mut together = Vec::new();
    for ((name, teams), joined) in found.into_iter().zip(joined(&sizes)) {
        if joined {
            together.extend(teams);
        } else {
            told.push((Some(name), teams));
        }
    }
    if !together.is_empty() {
        told.push((None, together));
    }
    told
}
