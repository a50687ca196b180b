//! The departments of the invented city, how large they are, and what their teams are called.

/// A department: its name, its share of the staff in thousandths, its divisions, and what its teams are called.
#[derive(Debug)]
pub(crate) struct Department {
    pub(crate) name: &'static str,
    pub(crate) share: usize,
    pub(crate) divisions: &'static [&'static str],
    teams: &'static [&'static str],
    /// How many in a hundred work shifts or nights.
    pub(crate) shifts: usize,
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

/// Names for teams, each used once within a department: the kinds first, then by district, then by number.
pub(crate) struct TeamNames<'a> {
    department: &'static Department,
    districts: &'a [String],
    given: usize,
}

impl<'a> TeamNames<'a> {
    pub(crate) const fn new(department: &'static Department, districts: &'a [String]) -> Self {
        Self { department, districts, given: 0 }
    }

    pub(crate) fn next(&mut self) -> String {
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
