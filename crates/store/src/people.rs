//! People and teams: the staff list, roles, and the import that keeps both in step with the city's own records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use freerange_domain::{
    id::{PersonId, TeamId},
    people::{Email, Role},
};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    About, Act, Actor, Engine, Page, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    may,
};

/// A line of the staff list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Who.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Path of the team, parts joined by " / ".
    pub team: String,
    /// Grade as the city names it.
    pub grade: String,
    /// Whether they still work here.
    pub active: bool,
    /// Roles beside the job.
    pub roles: Vec<Role>,
}

/// A person of a staff file, already checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffRow {
    /// The city's own number.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// Address, lower case.
    pub email: String,
    /// From the top of the organisation down.
    pub team: Vec<String>,
    /// The manager's address, which is in the same file.
    pub manager_email: Option<String>,
    /// Grade.
    pub grade: String,
    /// Languages, as codes.
    pub languages: Vec<String>,
    /// Working pattern, in the city's words.
    pub working_pattern: String,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// New rows.
    pub added: usize,
    /// Rows that were different.
    pub updated: usize,
    /// Rows that were the same.
    pub unchanged: usize,
    /// Rows no longer in the file: kept, but no longer active.
    pub deactivated: usize,
}

impl Imported {
    /// For the audit log.
    pub(crate) fn told(&self, what: &str) -> String {
        let Self { added, updated, unchanged, deactivated } = self;
        format!("{what}: {added} added, {updated} updated, {unchanged} unchanged, {deactivated} no longer there")
    }
}

/// A row as it goes to the database, keyed for JSON.
#[derive(Debug, Serialize)]
struct Upsert<'a> {
    id: String,
    staff_no: &'a str,
    name: &'a str,
    email: &'a str,
    team: String,
    grade: &'a str,
    languages: String,
    pattern: &'a str,
}

const UPSERT_SQLITE: &str = "INSERT INTO person (id, staff_no, name, email, team_id, grade, languages, working_pattern, active, created_at, updated_at)
    SELECT unhex(value ->> 'id'), value ->> 'staff_no', value ->> 'name', value ->> 'email', unhex(value ->> 'team'), value ->> 'grade',
           value ->> 'languages', value ->> 'pattern', TRUE, $2, $2
    FROM json_each($1) WHERE TRUE
    ON CONFLICT (staff_no) DO UPDATE SET name = excluded.name, email = excluded.email, team_id = excluded.team_id, grade = excluded.grade,
        languages = excluded.languages, working_pattern = excluded.working_pattern, active = TRUE, updated_at = excluded.updated_at";
const UPSERT_POSTGRES: &str = "INSERT INTO person (id, staff_no, name, email, team_id, grade, languages, working_pattern, active, created_at, updated_at)
    SELECT r.id::uuid, r.staff_no, r.name, r.email, r.team::uuid, r.grade, r.languages, r.pattern, TRUE, $2, $2
    FROM json_to_recordset($1::json) AS r(id TEXT, staff_no TEXT, name TEXT, email TEXT, team TEXT, grade TEXT, languages TEXT, pattern TEXT)
    ON CONFLICT (staff_no) DO UPDATE SET name = excluded.name, email = excluded.email, team_id = excluded.team_id, grade = excluded.grade,
        languages = excluded.languages, working_pattern = excluded.working_pattern, active = TRUE, updated_at = excluded.updated_at";
const MANAGERS_SQLITE: &str = "UPDATE person SET manager_id = m.id
    FROM json_each($1) AS j LEFT JOIN person m ON m.email = j.value ->> 1
    WHERE person.staff_no = j.value ->> 0";
const MANAGERS_POSTGRES: &str = "UPDATE person SET manager_id = m.id
    FROM json_array_elements($1::json) AS j(value) LEFT JOIN person m ON m.email = j.value ->> 1
    WHERE person.staff_no = j.value ->> 0";
const PARK_SQLITE: &str =
    "UPDATE person SET email = staff_no || '@moving.invalid' WHERE staff_no IN (SELECT value FROM json_each($1))";
const PARK_POSTGRES: &str = "UPDATE person SET email = staff_no || '@moving.invalid' WHERE staff_no IN (SELECT json_array_elements_text($1::json))";

/// What is compared to know whether a row changed. The manager by staff number: two managers may swap addresses.
type Known = (String, String, String, String, String, String, Option<String>, bool);

impl Store {
    /// Brings the staff in step with a file: new people are added, known ones updated (by staff number), people
    /// no longer in the file deactivated and signed out. All or nothing.
    pub async fn import_people(&self, who: &Actor, rows: &[StaffRow], now: Timestamp) -> Result<Imported> {
        may(who, Act::Import, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let teams = import_teams(&mut tx, rows).await?;
        let known = known_people(&mut tx).await?;
        let numbers: HashMap<&str, &str> = rows.iter().map(|r| (r.email.as_str(), r.staff_no.as_str())).collect();
        let mut outcome = Imported::default();
        let mut changed: Vec<&StaffRow> = Vec::new();
        for row in rows {
            let wanted = comparable(row, &numbers)?;
            match known.get(&row.staff_no) {
                None => {
                    outcome.added += 1;
                    changed.push(row);
                }
                Some(was) if *was != wanted => {
                    outcome.updated += 1;
                    changed.push(row);
                }
                Some(_) => outcome.unchanged += 1,
            }
        }
        self.make_way(&mut tx, rows, &changed, &known).await?;
        self.write_people(&mut tx, &changed, &teams, now).await?;
        outcome.deactivated = deactivate_missing(&mut tx, rows, &known, now).await?;
        self.ask_new_managers(&mut tx, now).await?;
        audit::record(&mut tx, who, Act::Import, &outcome.told("people"), now).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Addresses are unique, and two people may have swapped theirs, or somebody new has that of somebody who left. So
    /// those who move or are no longer here step aside first.
    async fn make_way(
        &self,
        tx: &mut Tx,
        rows: &[StaffRow],
        changed: &[&StaffRow],
        known: &HashMap<String, Known>,
    ) -> Result<()> {
        let park = match self.engine() {
            Engine::Sqlite => PARK_SQLITE,
            Engine::Postgres => PARK_POSTGRES,
        };
        let here: BTreeSet<&str> = rows.iter().map(|r| r.staff_no.as_str()).collect();
        let holders: HashMap<&str, &str> = known.iter().map(|(number, k)| (k.1.as_str(), number.as_str())).collect();
        let moving = changed.iter().filter(|r| known.get(&r.staff_no).is_some_and(|k| k.1 != r.email));
        let gone =
            changed.iter().filter_map(|r| holders.get(r.email.as_str())).filter(|number| !here.contains(*number));
        let aside: BTreeSet<&str> = moving.map(|r| r.staff_no.as_str()).chain(gone.copied()).collect();
        if !aside.is_empty() {
            tx.run(park, vals![json(&aside)?]).await?;
        }
        Ok(())
    }

    async fn write_people(
        &self,
        tx: &mut Tx,
        changed: &[&StaffRow],
        teams: &BTreeMap<String, TeamId>,
        now: Timestamp,
    ) -> Result<()> {
        let (upsert, managers) = match self.engine() {
            Engine::Sqlite => (UPSERT_SQLITE, MANAGERS_SQLITE),
            Engine::Postgres => (UPSERT_POSTGRES, MANAGERS_POSTGRES),
        };
        for part in changed.chunks(5_000) {
            let rows = part.iter().map(|r| upsert_row(r, teams)).collect::<Result<Vec<_>>>()?;
            tx.run(upsert, vals![json(&rows)?, now]).await?;
        }
        for part in changed.chunks(5_000) {
            let pairs: Vec<(&str, Option<&str>)> =
                part.iter().map(|r| (r.staff_no.as_str(), r.manager_email.as_deref())).collect();
            tx.run(managers, vals![json(&pairs)?]).await?;
        }
        Ok(())
    }

    /// The staff list by name, all or those whose name, address or team has the text.
    pub async fn staff_list(&self, who: &Actor, text: &str, page: i64) -> Result<Page<Listed>> {
        may(who, Act::SeeStaffList, &About::nothing())?;
        let (limit, offset) = Page::<Listed>::window(page);
        let text = text.trim().to_lowercase();
        let sql = if text.is_empty() {
            "SELECT p.id, p.name, p.email, p.grade, p.active, t.path FROM person p JOIN team t ON t.id = p.team_id
             WHERE $1 = '' ORDER BY p.name, p.id LIMIT $2 OFFSET $3"
        } else {
            "SELECT p.id, p.name, p.email, p.grade, p.active, t.path FROM person p JOIN team t ON t.id = p.team_id
             WHERE lower(p.name) LIKE $1 ESCAPE '\\' OR p.email LIKE $1 ESCAPE '\\' OR lower(t.path) LIKE $1 ESCAPE '\\'
             ORDER BY p.name, p.id LIMIT $2 OFFSET $3"
        };
        let pattern = if text.is_empty() { String::new() } else { like(&text) };
        let rows = (&self.db).rows(sql, vals![pattern, limit, offset]).await?;
        self.staff_page(&rows, page).await
    }

    /// Those who work here and have nobody above them, by name.
    pub async fn staff_without_manager(&self, who: &Actor, page: i64) -> Result<Page<Listed>> {
        may(who, Act::SeeStaffList, &About::nothing())?;
        let (limit, offset) = Page::<Listed>::window(page);
        let rows = (&self.db)
            .rows(
                "SELECT p.id, p.name, p.email, p.grade, p.active, t.path FROM person p JOIN team t ON t.id = p.team_id
                 WHERE p.active AND p.manager_id IS NULL ORDER BY p.name, p.id LIMIT $1 OFFSET $2",
                vals![limit, offset],
            )
            .await?;
        self.staff_page(&rows, page).await
    }

    async fn staff_page(&self, rows: &[Row], page: i64) -> Result<Page<Listed>> {
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let id: PersonId = row.get("id")?;
            items.push(Listed {
                id,
                name: row.get("name")?,
                email: row.get("email")?,
                team: row.get::<String>("path")?.replace('\u{1f}', " / "),
                grade: row.get("grade")?,
                active: row.get("active")?,
                roles: Vec::new(),
            });
        }
        let grants = self.role_grants().await?;
        for item in &mut items {
            item.roles = grants.get(&item.id).cloned().unwrap_or_default();
        }
        Ok(Page::cut(items, page))
    }

    /// All granted roles. There are few of them in any city.
    async fn role_grants(&self) -> Result<HashMap<PersonId, Vec<Role>>> {
        let mut grants: HashMap<PersonId, Vec<Role>> = HashMap::new();
        for row in (&self.db).rows("SELECT person_id, role FROM role_grant ORDER BY role", Vec::new()).await? {
            grants.entry(row.get("person_id")?).or_default().push(row.get("role")?);
        }
        Ok(grants)
    }

    /// Gives exactly these roles to a person.
    pub async fn set_roles(&self, who: &Actor, person: PersonId, roles: &[Role], now: Timestamp) -> Result<()> {
        may(who, Act::GrantRole, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        tx.one("SELECT id FROM person WHERE id = $1", vals![person]).await?;
        tx.run("DELETE FROM role_grant WHERE person_id = $1", vals![person]).await?;
        for role in roles.iter().collect::<BTreeSet<_>>() {
            tx.run(
                "INSERT INTO role_grant (person_id, role, granted_at) VALUES ($1, $2, $3)",
                vals![person, *role, now],
            )
            .await?;
        }
        audit::record(&mut tx, who, Act::GrantRole, &format!("person {person}"), now).await?;
        tx.commit().await
    }

    /// Remembers in which language a person reads.
    pub async fn set_language(&self, who: &Actor, lang: &str) -> Result<()> {
        let Some(id) = who.person() else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        tx.run("UPDATE person SET lang = $2 WHERE id = $1", vals![id, lang]).await?;
        tx.commit().await
    }

    /// Finds an active person by address. For the command line.
    pub async fn person_by_email(&self, email: &Email) -> Result<PersonId> {
        (&self.db).one("SELECT id FROM person WHERE email = $1 AND active", vals![email.as_str()]).await?.get("id")
    }

    /// How many people work here.
    pub async fn people_count(&self) -> Result<i64> {
        (&self.db).count("SELECT COUNT(*) FROM person WHERE active", Vec::new()).await
    }
}

/// A `LIKE` pattern for "contains", with the text's own wildcards taken literally.
pub(crate) fn like(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn upsert_row<'a>(row: &'a StaffRow, teams: &BTreeMap<String, TeamId>) -> Result<Upsert<'a>> {
    let team = teams.get(&path_key(&row.team)).ok_or(StoreError::rule("team", "import-no-team"))?;
    Ok(Upsert {
        id: PersonId::new().0.simple().to_string(),
        staff_no: &row.staff_no,
        name: &row.name,
        email: &row.email,
        team: team.0.simple().to_string(),
        grade: &row.grade,
        languages: row.languages.join(" "),
        pattern: &row.working_pattern,
    })
}

/// Team paths are stored with a separator that no team name has.
fn path_key(team: &[String]) -> String {
    team.join("\u{1f}")
}

/// The first part of a team's path.
pub(crate) fn department(path: &str) -> &str {
    path.split('\u{1f}').next().unwrap_or_default()
}

async fn import_teams(tx: &mut Tx, rows: &[StaffRow]) -> Result<BTreeMap<String, TeamId>> {
    let mut teams = BTreeMap::new();
    for row in tx.rows("SELECT id, path FROM team", Vec::new()).await? {
        teams.insert(row.get::<String>("path")?, row.get("id")?);
    }
    let wanted: BTreeSet<&[String]> = rows.iter().flat_map(|r| (1..=r.team.len()).map(|n| &r.team[..n])).collect();
    // Sorted, so a parent comes before its children.
    for path in wanted {
        let key = path_key(path);
        let Some((name, above)) = path.split_last() else { continue };
        if teams.contains_key(&key) {
            continue;
        }
        let id = TeamId::new();
        let parent = teams.get(&path_key(above)).copied();
        tx.run("INSERT INTO team (id, path, name, parent_id) VALUES ($1, $2, $3, $4)", vals![id, &key, name, parent])
            .await?;
        teams.insert(key, id);
    }
    Ok(teams)
}

async fn known_people(tx: &mut Tx) -> Result<HashMap<String, Known>> {
    let rows = tx
        .rows(
            "SELECT p.staff_no, p.name, p.email, t.path, p.grade, p.languages, p.working_pattern, m.staff_no AS manager, p.active
             FROM person p JOIN team t ON t.id = p.team_id LEFT JOIN person m ON m.id = p.manager_id",
            Vec::new(),
        )
        .await?;
    rows.iter()
        .map(|r| {
            let known = (
                r.get("name")?,
                r.get("email")?,
                r.get("path")?,
                r.get("grade")?,
                r.get("languages")?,
                r.get("working_pattern")?,
                r.get("manager")?,
                r.get("active")?,
            );
            Ok((r.get("staff_no")?, known))
        })
        .collect()
}

/// `numbers`: staff numbers of the file by address. A manager must be in the same file.
fn comparable(row: &StaffRow, numbers: &HashMap<&str, &str>) -> Result<Known> {
    let unknown = StoreError::rule("manager_email", "import-unknown-manager");
    let manager = match row.manager_email.as_deref() {
        Some(email) => Some((*numbers.get(email).ok_or(unknown)?).to_owned()),
        None => None,
    };
    Ok((
        row.name.clone(),
        row.email.clone(),
        path_key(&row.team),
        row.grade.clone(),
        row.languages.join(" "),
        row.working_pattern.clone(),
        manager,
        true,
    ))
}

async fn deactivate_missing(
    tx: &mut Tx,
    rows: &[StaffRow],
    known: &HashMap<String, Known>,
    now: Timestamp,
) -> Result<usize> {
    let here: BTreeSet<&str> = rows.iter().map(|r| r.staff_no.as_str()).collect();
    let mut left = 0;
    for (staff_no, was) in known {
        if was.7 && !here.contains(staff_no.as_str()) {
            left += 1;
            tx.run(
                "DELETE FROM session WHERE person_id IN (SELECT id FROM person WHERE staff_no = $1)",
                vals![staff_no],
            )
            .await?;
            tx.run(
                "UPDATE person SET active = FALSE, manager_id = NULL, updated_at = $2 WHERE staff_no = $1",
                vals![staff_no, now],
            )
            .await?;
        }
    }
    Ok(left)
}
