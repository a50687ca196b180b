//! The staff of the invented city: departments, divisions and teams of log-normal size, a pyramid of grades, and the
//! persons of the storyline whose sign-in lines the demo prints. Uses names and the generator; the mayor has no manager.

use crate::names::{self, DOMAIN, PersonName};
use crate::rng::{Rng, count};
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

/// A department: its name, its share of the staff in thousandths, its divisions, and what its teams are called.
#[derive(Debug)]
pub(crate) struct Department {
    pub(crate) name: &'static str,
    share: usize,
    divisions: &'static [&'static str],
    teams: &'static [&'static str],
    /// How many in a hundred work shifts or nights.
    shifts: usize,
}

const fn department(
    name: &'static str,
    share: usize,
    divisions: &'static [&'static str],
    teams: &'static [&'static str],
    shifts: usize,
) -> Department {
    Department { name, share, divisions, teams, shifts }
}

/// Departments of the city; the first two have the storyline in them.
pub(crate) const DEPARTMENTS: &[Department] = &[
    department(
        "Mayor's Office",
        20,
        &["Cabinet", "Works Council and Privacy"],
        &["Free-range Programme", "Council Papers", "Press Desk", "Protocol"],
        0,
    ),
    department(
        "Housing",
        90,
        &["Rent Support", "Homes and Repairs", "Allocation"],
        &["Applications", "Decisions", "Home Visits", "Repairs Line", "Waiting List", "Tenancy Advice"],
        5,
    ),
    department(
        "Social Affairs",
        130,
        &["Neighbourhood Teams", "Income", "Youth and Family", "Older People"],
        &["Intake", "Debt Advice", "Home Care", "Family Support", "Benefits", "Outreach"],
        15,
    ),
    department(
        "Mobility",
        95,
        &["Trams and Buses", "Streets and Signals", "Cycling and Walking"],
        &["Night Lines", "Timetable", "Signals", "Crossings", "Depot", "Travel Cards"],
        45,
    ),
    department(
        "Public Works",
        150,
        &["Cleansing", "Lighting", "Sewers and Water", "Roads"],
        &["Crew", "Night Crew", "Planning Desk", "Stores", "Inspections"],
        40,
    ),
    department(
        "Civic Desk",
        65,
        &["Counters", "Telephone", "Online Services"],
        &["Counter", "Forms", "Registry", "Line 14", "Letters"],
        15,
    ),
    department(
        "Health",
        105,
        &["Public Health", "Youth Health", "Care Access"],
        &["Heat and Cold", "Vaccination", "School Nurses", "Home Nursing", "Prevention"],
        25,
    ),
    department(
        "Education",
        100,
        &["Schools", "Early Years", "Adult Learning"],
        &["School Buildings", "Attendance", "Playgroups", "Language Courses", "Meals"],
        5,
    ),
    department(
        "Planning",
        45,
        &["City Plan", "Permits", "Heritage"],
        &["Permits", "Public Space", "Surveys", "Appeals"],
        0,
    ),
    department(
        "Parks and Climate",
        60,
        &["Parks", "Climate", "Food and Markets"],
        &["Gardeners", "Trees", "Markets", "Cool Places", "Energy Advice"],
        10,
    ),
    department(
        "Culture and Sport",
        45,
        &["Libraries", "Sport Halls", "Museums"],
        &["Branch", "Pools", "Events", "Halls"],
        25,
    ),
    department(
        "Finance",
        45,
        &["Budget", "Taxes", "Purchasing"],
        &["Budget Desk", "Invoices", "Assessments", "Contracts"],
        0,
    ),
    department(
        "IT",
        35,
        &["Workplace", "Systems", "Data"],
        &["Service Desk", "Platforms", "Forms and Sign-in", "Maps"],
        10,
    ),
    department("HR", 25, &["Staffing", "Learning", "Health at Work"], &["Recruitment", "Payroll", "Development"], 0),
];

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

/// Names for teams, each used once within a department: the kinds first, then by district, then by number.
struct TeamNames<'a> {
    department: &'static Department,
    districts: &'a [String],
    given: usize,
}

impl<'a> TeamNames<'a> {
    const fn new(department: &'static Department, districts: &'a [String]) -> Self {
        Self { department, districts, given: 0 }
    }

    fn next(&mut self) -> String {
        let (kinds, places) = (self.department.teams.len(), self.districts.len().max(1));
        let (kind, round) = (self.department.teams[self.given % kinds], self.given / kinds);
        self.given += 1;
        if round == 0 {
            return kind.to_owned();
        }
        let place = self.districts.get((round - 1) % places).map_or("City", String::as_str);
        match (round - 1) / places {
            0 => format!("{kind} {place}"),
            again => format!("{kind} {place} {}", again + 1),
        }
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

/// Median size of the teams, for those who describe the city.
#[cfg(test)]
fn team_sizes(people: &[DemoPerson]) -> Vec<usize> {
    let mut sizes: BTreeMap<&[String], usize> = BTreeMap::new();
    for p in people.iter().filter(|p| p.team.len() == 3) {
        *sizes.entry(&p.team).or_default() += 1;
    }
    let mut sizes: Vec<usize> = sizes.into_values().collect();
    sizes.sort_unstable();
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::float;
    use std::collections::BTreeSet;

    fn staff(people: usize, seed: u64) -> Staff {
        hire(people, &["Old Maren".to_owned(), "Solbat".to_owned()], seed)
    }

    #[test]
    fn a_city_has_as_many_people_as_asked_for() {
        for people in [60, 61, 99, 250, 2_000, 20_000] {
            assert_eq!(staff(people, 5).people.len(), people);
        }
        assert_eq!(staff(3, 5).people.len(), FEWEST);
    }

    #[test]
    fn emails_and_staff_numbers_are_unique_and_chains_of_managers_end_at_the_mayor() {
        for (people, seed) in [(60, 1), (400, 2), (5_000, 3)] {
            let staff = staff(people, seed);
            let emails: BTreeSet<&str> = staff.people.iter().map(|p| p.email.as_str()).collect();
            let numbers: BTreeSet<&str> = staff.people.iter().map(|p| p.staff_no.as_str()).collect();
            assert_eq!((emails.len(), numbers.len()), (people, people));
            for start in 0..people {
                let mut at = start;
                let mut steps = 0;
                while let Some(next) = staff.people[at].manager {
                    at = next;
                    steps += 1;
                    assert!(steps <= 6, "the chain above {start} does not end");
                }
                assert_eq!(at, staff.roles.mayor);
            }
        }
    }

    #[test]
    fn the_storyline_person_reports_to_the_storyline_manager_in_every_size() {
        for people in [60, 75, 300, 2_000, 10_000] {
            for seed in 0..5 {
                let Staff { people, roles, .. } = staff(people, seed);
                assert_eq!(people[roles.staff].manager, Some(roles.manager));
                assert_eq!(people[roles.staff].team[0], "Housing");
                let parts = [roles.mayor, roles.programme_lead, roles.auditor, roles.admin, roles.clerk];
                let others = [roles.challenge_owner, roles.manager, roles.staff];
                assert_eq!(parts.iter().chain(&others).collect::<BTreeSet<_>>().len(), 8, "one person has two parts");
            }
        }
    }

    #[test]
    fn teams_are_small_mostly_and_large_sometimes() {
        let sizes = team_sizes(&staff(5_000, 1).people);
        let median = sizes[sizes.len() / 2];
        assert!((6..=11).contains(&median), "median {median}");
        assert!(float(*sizes.last().expect("there are teams")) > 2.5 * float(median));
    }

    #[test]
    fn the_csv_has_one_line_a_person_and_names_every_manager() {
        let staff = staff(80, 9);
        let csv = csv(&staff.people);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 81);
        assert_eq!(lines[0], "id,name,email,team,manager_email,grade,languages,working_pattern");
        assert!(lines[2..].iter().all(|l| l.matches(DOMAIN).count() == 2));
    }
}
