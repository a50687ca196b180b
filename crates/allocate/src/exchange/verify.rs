//! Checks a solution and its certificate against the files alone: every rule, the objective, the bound, the gap. May use
//! nothing of the solver, not even its reader; promises a plain sentence for everything that is false.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::verify_rings;
use crate::claim::Verdict;
use crate::json::Value;
use crate::recheck::{Failures, Sheet, json};

/// The tables of an exchange.
pub(super) struct Tables {
    cities: Sheet,
    posts: Sheet,
    staff: Sheet,
    edges: Sheet,
    pairs: Sheet,
    /// What arrivals minus departures of a city may be; nothing for those that balance.
    ledger: BTreeMap<i64, (i64, i64)>,
}

/// Places taken at each post, from each city, into each city, and from one city to another.
#[derive(Default)]
struct Used {
    post: BTreeMap<i64, i64>,
    out: BTreeMap<i64, i64>,
    inward: BTreeMap<i64, i64>,
    pair: BTreeMap<(i64, i64), i64>,
}

/// Checks the solution file and the certificate file against the instance in `dir`.
pub fn verify(dir: &Path, solution: &Path, certificate: &Path) -> Verdict {
    check(dir, solution, certificate)
        .unwrap_or_else(|failure| Verdict { failures: vec![failure], ..Verdict::default() })
}

fn check(dir: &Path, solution: &Path, certificate: &Path) -> Result<Verdict, String> {
    let meta = json(&dir.join("meta.json"))?;
    let tables = Tables::read(dir)?;
    let sheet = Sheet::read(solution, "staff,post")?;
    let claims = json(certificate)?;
    let mut failures = Failures::default();
    for (form, what) in [(meta.text("form"), "The instance"), (claims.text("form"), "The certificate")] {
        if form != Some("exchange") {
            failures.add(format!("{what} does not say that it is about an exchange."));
        }
    }
    failures.compare("the version", claims.integer("version"), crate::VERSION);
    let placed: Vec<(i64, i64)> = sheet.column(0).iter().copied().zip(sheet.column(1).iter().copied()).collect();
    let (used, objective) = tables.check_rules(&placed, &mut failures);
    failures.compare("the objective", claims.integer("objective"), objective);
    let bound = tables.check_bound(&claims, objective, &mut failures);
    tables.check_binding(&claims, &used, &mut failures);
    verify_rings::check(&tables, &claims, &placed, &mut failures);
    Ok(Verdict { failures: failures.all(), objective: Some(objective), bound, seats: placed.len() })
}

impl Tables {
    fn read(dir: &Path) -> Result<Self, String> {
        let tables = Self {
            cities: Sheet::dense(&dir.join("cities.csv"), "city,max_out")?,
            posts: Sheet::dense(&dir.join("posts.csv"), "post,city,cap")?,
            staff: Sheet::dense(&dir.join("staff.csv"), "staff,city,weeks_since_out,bonus")?,
            edges: Sheet::read(&dir.join("edges.csv"), "staff,post,score")?,
            pairs: Sheet::read(&dir.join("pairs.csv"), "from,to,cap")?,
            ledger: read_ledger(&dir.join("ledger.csv"))?,
        };
        let known = |sheet: &Sheet, column: usize, other: &Sheet| {
            sheet.column(column).iter().all(|id| usize::try_from(*id).is_ok_and(|id| id < other.len()))
        };
        let sound = known(&tables.posts, 1, &tables.cities)
            && known(&tables.staff, 1, &tables.cities)
            && known(&tables.edges, 0, &tables.staff)
            && known(&tables.edges, 1, &tables.posts)
            && known(&tables.pairs, 0, &tables.cities)
            && known(&tables.pairs, 1, &tables.cities)
            && tables.ledger.keys().all(|city| usize::try_from(*city).is_ok_and(|city| city < tables.cities.len()));
        let distinct =
            |sheet: &Sheet| sheet.column(0).iter().zip(sheet.column(1)).collect::<BTreeSet<_>>().len() == sheet.len();
        match (sound, distinct(&tables.edges) && distinct(&tables.pairs)) {
            (false, _) => Err("The instance points at a city, post or person that does not exist.".to_owned()),
            (_, false) => Err("The instance has the same pair twice.".to_owned()),
            _ => Ok(tables),
        }
    }

    /// The instance was checked when read, so a missing cell cannot occur; 0 stands in for it.
    pub(super) fn home(&self, staff: i64) -> i64 {
        self.staff.at(1, staff).unwrap_or(0)
    }

    pub(super) fn goal(&self, post: i64) -> i64 {
        self.posts.at(1, post).unwrap_or(0)
    }

    /// Staff, post and score of every eligible pair.
    pub(super) fn offers(&self) -> impl Iterator<Item = (i64, i64, i64)> {
        let pairs = self.edges.column(0).iter().zip(self.edges.column(1));
        pairs.zip(self.edges.column(2)).map(|((staff, post), score)| (*staff, *post, *score))
    }

    /// Staff, home city and bonus of everybody.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (i64, i64, i64)> {
        let people = self.staff.column(0).iter().zip(self.staff.column(1));
        people.zip(self.staff.column(3)).map(|((staff, city), bonus)| (*staff, *city, *bonus))
    }

    /// How many may leave each city.
    pub(super) fn most_out(&self) -> BTreeMap<i64, i64> {
        self.cities.column(0).iter().copied().zip(self.cities.column(1).iter().copied()).collect()
    }

    /// How many may take each post.
    pub(super) fn places(&self) -> BTreeMap<i64, i64> {
        self.posts.column(0).iter().copied().zip(self.posts.column(2).iter().copied()).collect()
    }

    fn check_rules(&self, placed: &[(i64, i64)], failures: &mut Failures) -> (Used, i64) {
        let edges = self.edges.column(0).iter().zip(self.edges.column(1)).zip(self.edges.column(2));
        let scores: HashMap<(i64, i64), i64> = edges.map(|((s, p), score)| ((*s, *p), *score)).collect();
        let mut used = Used::default();
        let mut seen = BTreeSet::new();
        let mut objective = 0;
        for &(staff, post) in placed {
            if !seen.insert(staff) {
                failures.add(format!("Staff {staff} has two posts."));
            }
            let Some(score) = scores.get(&(staff, post)) else {
                failures.add(format!("Staff {staff} may not take post {post}: the pair is not eligible."));
                continue;
            };
            let (from, to) = (self.home(staff), self.goal(post));
            if from == to {
                failures.add(format!("Staff {staff} takes post {post} in the own city {from}."));
            }
            objective += score + self.staff.at(3, staff).unwrap_or(0);
            *used.post.entry(post).or_default() += 1;
            *used.out.entry(from).or_default() += 1;
            *used.inward.entry(to).or_default() += 1;
            *used.pair.entry((from, to)).or_default() += 1;
        }
        self.check_caps(&used, failures);
        (used, objective)
    }

    pub(super) fn pair_caps(&self) -> HashMap<(i64, i64), i64> {
        let rows = self.pairs.column(0).iter().zip(self.pairs.column(1)).zip(self.pairs.column(2));
        rows.map(|((from, to), cap)| ((*from, *to), *cap)).collect()
    }

    fn check_caps(&self, used: &Used, failures: &mut Failures) {
        for (&post, &n) in &used.post {
            let cap = self.posts.at(2, post).unwrap_or(0);
            if n > cap {
                failures.add(format!("Post {post} has {n} people; {cap} is the most."));
            }
        }
        let caps = self.pair_caps();
        for (&(from, to), &n) in &used.pair {
            if let Some(&cap) = caps.get(&(from, to)).filter(|cap| n > **cap) {
                failures.add(format!("{n} people go from city {from} to city {to}; {cap} is the most."));
            }
        }
        for city in (0_i64..).take(self.cities.len()) {
            let count = |map: &BTreeMap<i64, i64>| map.get(&city).copied().unwrap_or(0);
            let (out, inward, most) = (count(&used.out), count(&used.inward), self.cities.at(1, city).unwrap_or(0));
            if out > most {
                failures.add(format!("{out} people leave city {city}; {most} is the most."));
            }
            let (least, most) = self.ledger.get(&city).copied().unwrap_or_default();
            if !(least..=most).contains(&(inward - out)) {
                failures.add(format!("{out} people leave city {city}, but {inward} come."));
            }
        }
    }

    fn check_bound(&self, claims: &Value, objective: i64, failures: &mut Failures) -> Option<i64> {
        failures.compare("the price unit", claims.integer("price_unit"), crate::PRICE_UNIT);
        let bound = match self.bound(claims) {
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

    /// What nobody can beat: everybody's best post at the prices, plus the rent of every place. What balance prices
    /// take from those who come they give to those who go, so they cancel out where as many come as go; where a city may
    /// owe, they count as often as they can count.
    fn bound(&self, claims: &Value) -> Result<i64, String> {
        let list = |name: &str, length: usize, lowest: i64| {
            let numbers = claims.get("prices").and_then(|prices| prices.get(name)).and_then(Value::numbers);
            let right =
                |list: &Vec<i64>| list.len() == length && list.iter().all(|price| (lowest..=1 << 50).contains(price));
            numbers
                .filter(right)
                .ok_or_else(|| format!("The certificate's {name} prices are missing, too few, too many or impossible."))
        };
        let posts = list("posts", self.posts.len(), 0)?;
        let leaving = list("leaving", self.cities.len(), 0)?;
        let balance = list("balance", self.cities.len(), -(1 << 50))?;
        let pairs = list("pairs", self.pairs.len(), 0)?;
        let unit = i128::from(crate::PRICE_UNIT);
        let rents = [(&posts, self.posts.column(2)), (&leaving, self.cities.column(1)), (&pairs, self.pairs.column(2))];
        let mut total: i128 = 0;
        for (prices, caps) in rents {
            total += prices.iter().zip(caps).map(|(price, cap)| i128::from(*price) * i128::from(*cap)).sum::<i128>();
        }
        for (city, (least, most)) in &self.ledger {
            let price = usize::try_from(*city).ok().and_then(|city| balance.get(city)).copied().map_or(0, i128::from);
            total += (price * i128::from(*least)).max(price * i128::from(*most));
        }
        let rows = self.pairs.column(0).iter().zip(self.pairs.column(1)).zip(&pairs);
        let tolls: HashMap<(i64, i64), i64> = rows.map(|((from, to), price)| ((*from, *to), *price)).collect();
        let of =
            |list: &[i64], id: i64| usize::try_from(id).ok().and_then(|id| list.get(id)).copied().map_or(0, i128::from);
        let mut best = vec![0_i128; self.staff.len()];
        let edges = self.edges.column(0).iter().zip(self.edges.column(1)).zip(self.edges.column(2));
        for ((&staff, &post), &score) in edges {
            let (from, to) = (self.home(staff), self.goal(post));
            let points = i128::from(score) + i128::from(self.staff.at(3, staff).unwrap_or(0));
            let toll = tolls.get(&(from, to)).copied().map_or(0, i128::from);
            let worth =
                points * unit - of(&posts, post) - of(&leaving, from) - toll + of(&balance, from) - of(&balance, to);
            if let Some(best) = usize::try_from(staff).ok().and_then(|staff| best.get_mut(staff)) {
                *best = worth.max(*best);
            }
        }
        total += best.iter().sum::<i128>();
        Ok(i64::try_from(total.div_euclid(unit)).unwrap_or(i64::MAX))
    }

    fn check_binding(&self, claims: &Value, used: &Used, failures: &mut Failures) {
        let field = |name: &str| claims.get("binding").and_then(|value| value.get(name));
        let full = |counts: &BTreeMap<i64, i64>, sheet: &Sheet, column| -> Vec<i64> {
            counts
                .iter()
                .filter(|(id, n)| sheet.at(column, **id).is_some_and(|cap| **n >= cap))
                .map(|(id, _)| *id)
                .collect()
        };
        let caps = self.pair_caps();
        let order = self.pairs.column(0).iter().zip(self.pairs.column(1));
        let full_pair = |(from, to): &(&i64, &i64)| {
            let pair = (**from, **to);
            used.pair.get(&pair).is_some_and(|n| caps.get(&pair).is_some_and(|cap| n >= cap))
        };
        let pairs: Vec<[i64; 2]> = order.filter(full_pair).map(|(from, to)| [*from, *to]).collect();
        let right = [
            ("posts", field("posts").and_then(Value::numbers) == Some(full(&used.post, &self.posts, 2))),
            ("cities", field("cities").and_then(Value::numbers) == Some(full(&used.out, &self.cities, 1))),
            ("pairs", field("pairs").and_then(Value::tuples) == Some(pairs)),
        ];
        for (what, right) in right {
            if !right {
                failures.add(format!("The certificate does not list exactly the full {what}."));
            }
        }
    }
}

/// The ledger, where there is one: city,least,most.
fn read_ledger(path: &Path) -> Result<BTreeMap<i64, (i64, i64)>, String> {
    let name = path.display();
    let Ok(text) = std::fs::read_to_string(path) else {
        return if path.exists() { Err(format!("{name} cannot be read.")) } else { Ok(BTreeMap::new()) };
    };
    let mut lines = text.lines();
    if lines.next() != Some("city,least,most") {
        return Err(format!("{name} does not start with the header city,least,most."));
    }
    let mut ledger = BTreeMap::new();
    for (number, line) in lines.enumerate() {
        let fields: Option<Vec<i64>> = line.split(',').map(|field| field.parse().ok()).collect();
        let entry = match fields.as_deref() {
            Some(&[city, least, most]) if least <= 0 && most >= 0 => ledger.insert(city, (least, most)),
            _ => return Err(format!("{name}, line {}: “{line}” is not city,least,most.", number + 2)),
        };
        if entry.is_some() {
            return Err(format!("{name}, line {}: this city stands there twice.", number + 2));
        }
    }
    Ok(ledger)
}
