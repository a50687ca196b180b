//! The staff of the invented city: departments, divisions and teams of log-normal size, a pyramid of grades, and the
//! persons of the storyline whose sign-in lines the demo prints. Uses names and the generator; the mayor has no manager.

mod departments;

use crate::names::{self, DOMAIN, PersonName};
use crate::rng::{Rng, count};
use departments::{DEPARTMENTS, Department, TeamNames};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// Staff number, such as `S000123`.
    pub staff_no: String,
    /// The name as the person writes it.
    pub name: String,
    /// E-mail address, unique in the city.
    pub email: String,
    /// Department, division, team: one to three steps.
    pub team: Vec<String>,
    /// Index of the manager; `None` only for the mayor.
    pub manager: Option<usize>,
    /// Pay grade, `G4` to `G15`; `elected` for the mayor.
    pub grade: String,
    /// Languages spoken, as BCP 47 tags, the mother tongue first.
    pub languages: Vec<String>,
    /// `full-time`, `part-time-80`, `part-time-60`, `shifts` or `nights`.
    pub working_pattern: String,
}

/// Who plays which part in the demo. Each is an index into the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// The mayor.
    pub mayor: usize,
    /// Runs the programme.
    pub programme_lead: usize,
    /// Data protection officer who also sits in the works council.
    pub auditor: usize,
    /// IT administrator.
    pub admin: usize,
    /// Civic desk clerk who takes down invitations on paper and by phone.
    pub clerk: usize,
    /// Owns the first challenge.
    pub challenge_owner: usize,
    /// Manager of the person who goes out.
    pub manager: usize,
    /// The person of the storyline, who goes out.
    pub staff: usize,
}

/// Fewer people than this do not fill the departments.
pub(crate) const FEWEST: usize = 60;

/// The staff and the parts they play.
#[derive(Debug)]
pub(crate) struct Staff {
    pub(crate) people: Vec<DemoPerson>,
    pub(crate) roles: Roles,
    /// People who are not the mayor, by department name.
    pub(crate) by_department: BTreeMap<&'static str, Vec<usize>>,
}

struct Hiring {
    rng: Rng,
    people: Vec<DemoPerson>,
    addresses: BTreeMap<String, usize>,
    by_department: BTreeMap<&'static str, Vec<usize>>,
}

impl Hiring {
    fn add(&mut self, name: &PersonName, team: &[&str], manager: Option<usize>, grade: &str, shifts: usize) -> usize {
        let at = self.people.len();
        let same = self.addresses.entry(name.address.clone()).or_default();
        *same += 1;
        let number = if *same == 1 { String::new() } else { same.to_string() };
        let person = DemoPerson {
            staff_no: format!("S{:06}", 1_001 + at),
            name: name.written.clone(),
            email: format!("{}{number}@{DOMAIN}", name.address),
            team: team.iter().map(|t| (*t).to_owned()).collect(),
            manager,
            grade: grade.to_owned(),
            languages: self.languages(name.language),
            working_pattern: self.pattern(shifts).to_owned(),
        };
        self.people.push(person);
        at
    }

    fn hire(&mut self, team: &[&str], manager: usize, grades: (i32, i32), department: &'static Department) -> usize {
        let name = names::person(&mut self.rng);
        // The lower grade is the more frequent: two draws, the smaller counts.
        let grade = self.rng.between(grades.0, grades.1).min(self.rng.between(grades.0, grades.1));
        let at = self.add(&name, team, Some(manager), &format!("G{grade}"), department.shifts);
        self.by_department.entry(department.name).or_default().push(at);
        at
    }

    fn languages(&mut self, mother: &str) -> Vec<String> {
        let mut spoken = vec![mother.to_owned()];
        for (tag, chance) in [("nl", 62), ("ko", 38), ("en", 66), ("es", 14)] {
            if tag != mother && self.rng.percent(chance) {
                spoken.push(tag.to_owned());
            }
        }
        if spoken.len() == 1 && mother != "nl" {
            spoken.push("nl".to_owned());
        }
        spoken
    }

    fn pattern(&mut self, shifts: usize) -> &'static str {
        if self.rng.percent(shifts) {
            return if self.rng.percent(25) { "nights" } else { "shifts" };
        }
        ["full-time", "part-time-80", "part-time-60"][self.rng.weighted(&[68, 22, 10])]
    }
}

/// Hires so many people (at least [`FEWEST`]).
pub(crate) fn hire(people: usize, districts: &[String], seed: u64) -> Staff {
    let mut hiring = Hiring {
        rng: Rng::for_room(seed, "people"),
        people: Vec::with_capacity(people),
        addresses: BTreeMap::new(),
        by_department: BTreeMap::new(),
    };
    let mayor = hiring.add(&names::named("Hae-rin Yoon", "ko"), &["Mayor's Office"], None, "elected", 0);
    let secretary = hiring.hire(&["Mayor's Office"], mayor, (15, 15), &DEPARTMENTS[0]);
    let quotas = quotas(people.max(FEWEST) - 2);
    for (department, quota) in DEPARTMENTS.iter().zip(quotas) {
        fill(&mut hiring, department, quota, secretary, districts);
    }
    let roles = cast(&mut hiring, mayor);
    Staff { people: hiring.people, roles, by_department: hiring.by_department }
}

/// How many each department gets; at least four each, six in Housing, and the largest takes what rounding leaves over.
fn quotas(people: usize) -> Vec<usize> {
    let total: usize = DEPARTMENTS.iter().map(|d| d.share).sum();
    let mut quotas: Vec<usize> = DEPARTMENTS.iter().map(|d| (people * d.share / total).max(4)).collect();
    quotas[1] = quotas[1].max(6);
    while quotas.iter().sum::<usize>() > people {
        let largest = (0..quotas.len()).max_by_key(|q| quotas[*q]).unwrap_or(0);
        quotas[largest] -= 1;
    }
    quotas[4] += people - quotas.iter().sum::<usize>();
    quotas
}

fn fill(hiring: &mut Hiring, department: &'static Department, quota: usize, secretary: usize, districts: &[String]) {
    let director = hiring.hire(&[department.name], secretary, (13, 14), department);
    let divisions = (quota / 40).clamp(1, department.divisions.len());
    let mut left = quota - 1;
    let mut heads = Vec::new();
    for division in &department.divisions[..divisions] {
        heads.push((*division, hiring.hire(&[department.name, division], director, (11, 12), department)));
        left -= 1;
    }
    let mut names = TeamNames::new(department, districts);
    let mut turn = 0;
    while left > 0 {
        let drawn = count(hiring.rng.log_normal(8.5, 0.55)).clamp(2, 60);
        let size = if left < drawn + 2 { left } else { drawn };
        let (division, head) = heads[turn % heads.len()];
        let name = names.next();
        let path = [department.name, division, name.as_str()];
        let lead = hiring.hire(&path, head, (9, 10), department);
        for _ in 1..size {
            hiring.hire(&path, lead, (4, 9), department);
        }
        left -= size;
        turn += 1;
    }
}

/// Gives the parts of the storyline to people who sit in the right place.
fn cast(hiring: &mut Hiring, mayor: usize) -> Roles {
    let office = hiring.by_department["Mayor's Office"].clone();
    let housing = hiring.by_department["Housing"].clone();
    let desk = hiring.by_department["Civic Desk"].clone();
    let it = hiring.by_department["IT"].clone();
    // Housing in order of hiring: director, heads of division, then the first team with its lead.
    let lead = housing.iter().copied().find(|p| hiring.people[*p].team.len() == 3).unwrap_or(housing[0]);
    let last = |list: &[usize], back: usize| list[list.len() - 1 - back.min(list.len() - 1)];
    let roles = Roles {
        mayor,
        programme_lead: last(&office, 0),
        auditor: last(&office, 1),
        admin: last(&it, 0),
        clerk: last(&desk, 0),
        challenge_owner: housing[1],
        manager: lead,
        staff: lead + 1,
    };
    rename(hiring, roles.programme_lead, &names::named("Saskia Okafor", "nl"), &["nl", "en", "ko"]);
    rename(hiring, roles.auditor, &names::named("Noor el Amrani", "ar"), &["ar", "nl", "en"]);
    rename(hiring, roles.admin, &names::named("Emre Yıldız", "tr"), &["tr", "nl", "en"]);
    rename(hiring, roles.clerk, &names::named("Lotte Baek", "ko"), &["ko", "nl", "es"]);
    rename(hiring, roles.challenge_owner, &names::named("Ji-won Han", "ko"), &["ko", "en"]);
    rename(hiring, roles.manager, &names::named("Tomás Aguilar", "es"), &["es", "nl", "en"]);
    rename(hiring, roles.staff, &names::named("Mira de Vries", "nl"), &["nl", "en", "ko"]);
    "part-time-80".clone_into(&mut hiring.people[roles.staff].working_pattern);
    roles
}

fn rename(hiring: &mut Hiring, at: usize, name: &PersonName, languages: &[&str]) {
    let same = hiring.addresses.entry(name.address.clone()).or_default();
    *same += 1;
    let number = if *same == 1 { String::new() } else { same.to_string() };
    let person = &mut hiring.people[at];
    person.name.clone_from(&name.written);
    person.email = format!("{}{number}@{DOMAIN}", name.address);
    person.languages = languages.iter().map(|l| (*l).to_owned()).collect();
}

/// The people as the CSV that the import reads: `id,name,email,team,manager_email,grade,languages,working_pattern`.
/// The steps of a team are parted by ` / `, languages by a semicolon.
pub(crate) fn csv(people: &[DemoPerson]) -> String {
    let mut out = String::from("id,name,email,team,manager_email,grade,languages,working_pattern\n");
    for p in people {
        let manager = p.manager.map_or("", |m| people[m].email.as_str());
        let (team, languages) = (p.team.join(" / "), p.languages.join(";"));
        let cells = [&p.staff_no, &p.name, &p.email, &team, manager, &p.grade, &languages, &p.working_pattern];
        let quoted: Vec<String> = cells.iter().map(|c| quote(c)).collect();
        let _ = writeln!(out, "{}", quoted.join(","));
    }
    out
}

fn quote(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests;
