//! Checks a solution and its certificate against the files alone: every rule, the objective, the bound, the gap. May use
//! nothing of the solver, not even its reader; promises a plain sentence for everything that is false.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{verify_cases, verify_fairness};
use crate::claim::Verdict;
use crate::json::Value;
use crate::recheck::{Failures, Sheet, json};

/// The tables of a round.
pub(super) struct Tables {
    people: Sheet,
    teams: Sheet,
    outings: Sheet,
    nbhds: Sheet,
    hosts: Sheet,
    edges: Sheet,
}

/// Checks the solution file and the certificate file against the instance in `dir`.
pub fn verify(dir: &Path, solution: &Path, certificate: &Path) -> Verdict {
    check(dir, solution, certificate)
        .unwrap_or_else(|failure| Verdict { failures: vec![failure], ..Verdict::default() })
}

fn check(dir: &Path, solution: &Path, certificate: &Path) -> Result<Verdict, String> {
    let meta = json(&dir.join("meta.json"))?;
    let tables = Tables::read(dir)?;
    let seats = Sheet::read(solution, "person,outing")?;
    let claims = json(certificate)?;
    let mut failures = Failures::default();
    for (form, what) in [(meta.text("form"), "The instance"), (claims.text("form"), "The certificate")] {
        if form != Some("round") {
            failures.add(format!("{what} does not say that it is about a round."));
        }
    }
    failures.compare("the version", claims.integer("version"), crate::VERSION);
    let seats: Vec<(i64, i64)> = seats.column(0).iter().copied().zip(seats.column(1).iter().copied()).collect();
    let used = tables.check_rules(&seats, &mut failures);
    let objective = tables.objective(&seats);
    failures.compare("the objective", claims.integer("objective"), objective);
    let bound = tables.check_bound(&claims, objective, &mut failures);
    tables.check_binding(&claims, &used, &mut failures);
    verify_fairness::check(&tables, &claims, &seats, &mut failures);
    Ok(Verdict { failures: failures.all(), objective: Some(objective), bound, seats: seats.len() })
}

/// What a seat uses up: so many places of each kind there are.
pub(super) struct Caps {
    pub(super) outing: i64,
    pub(super) team: i64,
    pub(super) nbhd: i64,
    pub(super) host: i64,
}

/// Seats used in each outing, team-week, neighbourhood-week and host.
#[derive(Default)]
struct Used {
    person: HashMap<i64, i64>,
    person_week: HashMap<(i64, i64), i64>,
    outing: BTreeMap<i64, i64>,
    team_week: BTreeMap<(i64, i64), i64>,
    nbhd_week: BTreeMap<(i64, i64), i64>,
    host: BTreeMap<i64, i64>,
}

impl Tables {
    pub(super) fn read(dir: &Path) -> Result<Self, String> {
        let tables = Self {
            people: Sheet::dense(&dir.join("people.csv"), "person,team,dept,grade,k,weeks_since_out,b1,b2,b3")?,
            teams: Sheet::dense(&dir.join("teams.csv"), "team,dept,size,cap")?,
            outings: Sheet::dense(&dir.join("outings.csv"), "outing,week,nbhd,host,min,max,topic,accessible")?,
            nbhds: Sheet::dense(&dir.join("nbhds.csv"), "nbhd,district,cap")?,
            hosts: Sheet::dense(&dir.join("hosts.csv"), "host,cap")?,
            edges: Sheet::read(&dir.join("edges.csv"), "person,outing,score,rank")?,
        };
        let known = |sheet: &Sheet, column: usize, other: &Sheet| {
            sheet.column(column).iter().all(|id| usize::try_from(*id).is_ok_and(|id| id < other.len()))
        };
        let sound = known(&tables.people, 1, &tables.teams)
            && known(&tables.outings, 2, &tables.nbhds)
            && known(&tables.outings, 3, &tables.hosts)
            && known(&tables.edges, 0, &tables.people)
            && known(&tables.edges, 1, &tables.outings);
        let falling = (0_i64..)
            .take(tables.people.len())
            .all(|p| tables.bonus(p, 0) >= tables.bonus(p, 1) && tables.bonus(p, 1) >= tables.bonus(p, 2));
        let distinct: BTreeSet<_> = tables.edges.column(0).iter().zip(tables.edges.column(1)).collect();
        match (sound, falling, distinct.len() == tables.edges.len()) {
            (false, _, _) => {
                Err("The instance points at a team, outing, neighbourhood, host or person that does not exist."
                    .to_owned())
            }
            (_, false, _) => {
                Err("The instance has a person whose later outing counts more than an earlier one.".to_owned())
            }
            (_, _, false) => Err("The instance has the same pair of person and outing twice.".to_owned()),
            _ => Ok(tables),
        }
    }

    /// The instance was checked when read, so a missing cell cannot occur; 0 stands in for it.
    pub(super) fn team(&self, person: i64) -> i64 {
        self.people.at(1, person).unwrap_or(0)
    }

    /// Bonus of the person's outing number `nth`, counted from 0; none beyond the third.
    fn bonus(&self, person: i64, nth: usize) -> i64 {
        if nth < 3 { self.people.at(6 + nth, person).unwrap_or(0) } else { 0 }
    }

    /// Week, neighbourhood and host of an outing.
    pub(super) fn place(&self, outing: i64) -> (i64, i64, i64) {
        let cell = |column| self.outings.at(column, outing).unwrap_or(0);
        (cell(1), cell(2), cell(3))
    }

    /// How many people there are.
    pub(super) fn everybody(&self) -> usize {
        self.people.len()
    }

    /// Team, department, grade and weeks of waiting.
    pub(super) fn groups(&self, person: i64) -> [i64; 4] {
        [1, 2, 3, 5].map(|column| self.people.at(column, person).unwrap_or(0))
    }

    /// How many outings the person wants.
    pub(super) fn wanted(&self, person: i64) -> i64 {
        self.people.at(4, person).unwrap_or(0)
    }

    /// The smallest group of an outing.
    pub(super) fn least(&self, outing: i64) -> i64 {
        self.outings.at(4, outing).unwrap_or(0)
    }

    /// Person, outing and score of every eligible pair, in the order of the file.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (i64, i64, i64)> {
        let pairs = self.edges.column(0).iter().zip(self.edges.column(1));
        pairs.zip(self.edges.column(2)).map(|((person, outing), score)| (*person, *outing, *score))
    }

    /// The capacities that a seat of this person in this outing uses.
    pub(super) fn caps_of(&self, person: i64, outing: i64) -> Caps {
        let (_, nbhd, host) = self.place(outing);
        Caps {
            outing: self.outings.at(5, outing).unwrap_or(0),
            team: self.teams.at(3, self.team(person)).unwrap_or(0),
            nbhd: self.nbhds.at(2, nbhd).unwrap_or(0),
            host: self.hosts.at(1, host).unwrap_or(0),
        }
    }

    fn check_rules(&self, seats: &[(i64, i64)], failures: &mut Failures) -> Used {
        let pairs: BTreeSet<(i64, i64)> = seats.iter().copied().collect();
        let scores = self.scores_of(&pairs);
        if pairs.len() < seats.len() {
            failures.add(format!("{} seats stand in the solution twice.", seats.len() - pairs.len()));
        }
        let mut used = Used::default();
        for &(person, outing) in &pairs {
            if !scores.contains_key(&(person, outing)) {
                failures.add(format!("Person {person} may not go on outing {outing}: the pair is not eligible."));
                continue;
            }
            let (week, nbhd, host) = self.place(outing);
            *used.person.entry(person).or_default() += 1;
            *used.person_week.entry((person, week)).or_default() += 1;
            *used.outing.entry(outing).or_default() += 1;
            *used.team_week.entry((self.team(person), week)).or_default() += 1;
            *used.nbhd_week.entry((nbhd, week)).or_default() += 1;
            *used.host.entry(host).or_default() += 1;
        }
        self.check_capacities(&used, failures);
        used
    }

    fn check_capacities(&self, used: &Used, failures: &mut Failures) {
        for (&person, &n) in &used.person {
            let k = self.people.at(4, person).unwrap_or(0);
            if n > k {
                failures.add(format!("Person {person} has {n} seats and wants at most {k}."));
            }
        }
        for (&(person, week), &n) in &used.person_week {
            if n > 1 {
                failures.add(format!("Person {person} has {n} seats in week {week}; one is the most."));
            }
        }
        for (&outing, &n) in &used.outing {
            let (min, max) = (self.outings.at(4, outing).unwrap_or(0), self.outings.at(5, outing).unwrap_or(0));
            if n < min || n > max {
                failures.add(format!("Outing {outing} has {n} seats, neither 0 nor from {min} to {max}."));
            }
        }
        let limits = [(&used.team_week, &self.teams, 3, "Team"), (&used.nbhd_week, &self.nbhds, 2, "Neighbourhood")];
        for (counts, sheet, column, what) in limits {
            for (&(id, week), &n) in counts {
                let cap = sheet.at(column, id).unwrap_or(0);
                if n > cap {
                    failures.add(format!("{what} {id} has {n} seats in week {week}; {cap} is the most."));
                }
            }
        }
        for (&host, &n) in &used.host {
            let cap = self.hosts.at(1, host).unwrap_or(0);
            if n > cap {
                failures.add(format!("Host {host} has {n} seats; {cap} is the most."));
            }
        }
    }

    fn scores_of(&self, pairs: &BTreeSet<(i64, i64)>) -> HashMap<(i64, i64), i64> {
        let edges = self.edges.column(0).iter().zip(self.edges.column(1)).zip(self.edges.column(2));
        edges.filter(|((p, o), _)| pairs.contains(&(**p, **o))).map(|((p, o), s)| ((*p, *o), *s)).collect()
    }

    fn objective(&self, seats: &[(i64, i64)]) -> i64 {
        let pairs: BTreeSet<(i64, i64)> = seats.iter().copied().collect();
        let scores = self.scores_of(&pairs);
        let mut taken: HashMap<i64, usize> = HashMap::new();
        let mut points: i64 = scores.values().sum();
        for (person, _) in scores.into_keys() {
            let nth = taken.entry(person).or_default();
            points += self.bonus(person, *nth);
            *nth += 1;
        }
        points
    }

    fn check_bound(&self, claims: &Value, objective: i64, failures: &mut Failures) -> Option<i64> {
        failures.compare("the price unit", claims.integer("price_unit"), crate::PRICE_UNIT);
        let bound = match verify_cases::bound(self, claims) {
            Ok(bound) => bound,
            Err(failure) => {
                failures.add(failure);
                return None;
            }
        };
        failures.compare("the bound", claims.integer("bound"), bound);
        failures.compare("the gap", claims.integer("gap"), bound - objective);
        let millionth =
            |gap: i64| gap.saturating_mul(1_000_000).saturating_add(bound.max(1) - 1).div_euclid(bound.max(1));
        failures.compare("the gap in millionths", claims.integer("gap_ppm"), millionth(bound - objective));
        if bound < objective {
            failures.add(format!("The objective {objective} is above the bound {bound}, which cannot be."));
        }
        Some(bound)
    }

    /// What nobody can beat: the best group of every outing at the prices, what people's seats are worth at theirs, and
    /// the rent of every place. Of some outings it may be known whether they run.
    pub(super) fn bound(&self, prices: &Prices, runs: &HashMap<i64, bool>) -> i64 {
        let unit = i128::from(crate::PRICE_UNIT);
        let mut total = prices.rent;
        for (person, &price) in (0_i64..).zip(&prices.people) {
            let k = usize::try_from(self.people.at(4, person).unwrap_or(0)).unwrap_or(0);
            total += (0..k).map(|nth| (price + i128::from(self.bonus(person, nth)) * unit).max(0)).sum::<i128>();
        }
        let mut offers: Vec<Vec<i128>> = vec![Vec::new(); self.outings.len()];
        let edges = self.edges.column(0).iter().zip(self.edges.column(1)).zip(self.edges.column(2));
        for ((&person, &outing), &score) in edges {
            let (week, nbhd, host) = self.place(outing);
            let own = usize::try_from(person).ok().and_then(|p| prices.people.get(p)).copied().unwrap_or(0);
            let rent = own
                + prices.person_week.get(&(person, week)).copied().unwrap_or(0)
                + prices.team_week.get(&(self.team(person), week)).copied().unwrap_or(0)
                + prices.nbhd_week.get(&(nbhd, week)).copied().unwrap_or(0)
                + prices.host.get(host).copied().unwrap_or(0);
            if let Some(list) = usize::try_from(outing).ok().and_then(|o| offers.get_mut(o)) {
                list.push(i128::from(score) * unit - rent);
            }
        }
        for (outing, list) in (0_i64..).zip(offers) {
            total += self.best_group(outing, list, runs.get(&outing).copied());
        }
        i64::try_from(total.div_euclid(unit)).unwrap_or(i64::MAX)
    }

    /// The most that a group of this outing, neither smaller than its minimum nor larger than its maximum, is worth; no group
    /// is worth nothing, unless it is known that the outing runs.
    fn best_group(&self, outing: i64, mut offers: Vec<i128>, runs: Option<bool>) -> i128 {
        let size = |column| usize::try_from(self.outings.at(column, outing).unwrap_or(0)).unwrap_or(0);
        let (min, max) = (size(4), size(5));
        if runs == Some(false) || (runs.is_none() && offers.len() < min) {
            return 0;
        }
        offers.sort_unstable_by(|a, b| b.cmp(a));
        let taken = offers.iter().take(max).enumerate().take_while(|(place, worth)| *place < min || **worth > 0);
        let worth: i128 = taken.map(|(_, worth)| *worth).sum();
        if runs.is_some() { worth } else { worth.max(0) }
    }

    fn check_binding(&self, claims: &Value, used: &Used, failures: &mut Failures) {
        let binding = claims.get("binding");
        let full = |counts: &BTreeMap<i64, i64>, sheet: &Sheet, column| -> Vec<i64> {
            counts
                .iter()
                .filter(|(id, n)| sheet.at(column, **id).is_some_and(|cap| **n >= cap))
                .map(|(id, _)| *id)
                .collect()
        };
        let full_weeks = |counts: &BTreeMap<(i64, i64), i64>, sheet: &Sheet, column| -> Vec<[i64; 2]> {
            let full = counts.iter().filter(|((id, _), n)| sheet.at(column, *id).is_some_and(|cap| **n >= cap));
            full.map(|((id, week), _)| [*id, *week]).collect()
        };
        let field = |name: &str| binding.and_then(|value| value.get(name));
        let right = [
            ("outings", field("outings").and_then(Value::numbers) == Some(full(&used.outing, &self.outings, 5))),
            ("hosts", field("hosts").and_then(Value::numbers) == Some(full(&used.host, &self.hosts, 1))),
            (
                "team weeks",
                field("team_weeks").and_then(Value::tuples) == Some(full_weeks(&used.team_week, &self.teams, 3)),
            ),
            (
                "neighbourhood weeks",
                field("nbhd_weeks").and_then(Value::tuples) == Some(full_weeks(&used.nbhd_week, &self.nbhds, 2)),
            ),
        ];
        for (what, right) in right {
            if !right {
                failures.add(format!("The certificate does not list exactly the full {what}."));
            }
        }
    }
}

/// The prices of a certificate, and what all places cost together.
pub(super) struct Prices {
    people: Vec<i128>,
    person_week: HashMap<(i64, i64), i128>,
    team_week: HashMap<(i64, i64), i128>,
    nbhd_week: HashMap<(i64, i64), i128>,
    host: Hosts,
    rent: i128,
}

/// By number of the host.
struct Hosts(Vec<i128>);

impl Hosts {
    fn get(&self, host: i64) -> Option<&i128> {
        usize::try_from(host).ok().and_then(|host| self.0.get(host))
    }
}

/// Larger prices mean nothing and would only invite overflow.
const LARGEST_PRICE: i64 = 1 << 40;

impl Prices {
    /// Reads the field `prices` of a certificate or of one of its cases.
    pub(super) fn read(tables: &Tables, claims: &Value) -> Result<Self, String> {
        let missing = || "The certificate's prices are missing or not whole numbers.".to_owned();
        let prices = claims.get("prices").ok_or_else(missing)?;
        let list = |name: &str| prices.get(name).and_then(Value::numbers).ok_or_else(missing);
        let triples = |name: &str| prices.get(name).and_then(Value::tuples::<3>).ok_or_else(missing);
        let (people, hosts) = (list("people")?, list("hosts")?);
        if people.len() != tables.people.len() || hosts.len() != tables.hosts.len() {
            return Err("The certificate has prices for other people or hosts than the instance.".to_owned());
        }
        if let Some(price) = people.iter().find(|price| !(-LARGEST_PRICE..=LARGEST_PRICE).contains(*price)) {
            return Err(format!("The certificate has the impossible price {price}."));
        }
        let mut rent = 0_i128;
        for (host, &price) in (0_i64..).zip(&hosts) {
            rent += rent_of(price, tables.hosts.at(1, host))?;
        }
        let mut weekly = |name: &str, cap: &dyn Fn(i64) -> Option<i64>| {
            let mut map = HashMap::new();
            for [id, week, price] in triples(name)? {
                rent += rent_of(price, cap(id))?;
                if map.insert((id, week), i128::from(price)).is_some() {
                    return Err(format!("The certificate has two prices for {id} in week {week}."));
                }
            }
            Ok(map)
        };
        // A person goes on at most one outing a week.
        let person_week = weekly("person_weeks", &|person| tables.people.at(0, person).map(|_| 1))?;
        let team_week = weekly("team_weeks", &|team| tables.teams.at(3, team))?;
        let nbhd_week = weekly("nbhd_weeks", &|nbhd| tables.nbhds.at(2, nbhd))?;
        let wide = |list: Vec<i64>| list.into_iter().map(i128::from).collect();
        Ok(Self { people: wide(people), person_week, team_week, nbhd_week, host: Hosts(wide(hosts)), rent })
    }
}

/// What all places of a row cost together.
fn rent_of(price: i64, cap: Option<i64>) -> Result<i128, String> {
    if !(0..=LARGEST_PRICE).contains(&price) {
        return Err(format!("The certificate has the impossible price {price}."));
    }
    let cap = cap.ok_or("The certificate has a price for something that does not exist.")?;
    Ok(i128::from(price) * i128::from(cap))
}
