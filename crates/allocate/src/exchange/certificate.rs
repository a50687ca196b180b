//! Solutions and certificates of exchanges, and their files. May use the file and JSON writers; promises that what is
//! written reads back the same and that files appear whole or not at all.

use std::fmt::Write;
use std::path::Path;

use super::Mode;
use super::instance::Instance;
use crate::claim::Claim;
use crate::file::{self, FileError, Shape, Table};
use crate::json::Value;

/// Who takes which post.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// Staff and post of every placement, in this order.
    pub placements: Vec<(u32, u32)>,
}

impl Solution {
    /// Reads a solution file. That the ids exist and the rules hold is for `verify` to say.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let any = (0, i64::from(u32::MAX));
        let shape = Shape { columns: ["staff", "post"], ranges: [any, any] };
        let mut table = Table::open(path, &shape)?;
        let mut placements = Vec::new();
        while let Some([staff, post]) = table.row()? {
            placements.push((u32::try_from(staff).unwrap_or(0), u32::try_from(post).unwrap_or(0)));
        }
        Ok(Self { placements })
    }

    /// Writes a solution file: the header `staff,post`, then a line a placement.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let mut text = String::from("staff,post\n");
        for (staff, post) in &self.placements {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{staff},{post}");
        }
        file::write_whole(path, text.as_bytes())
    }
}

/// Prices in 1/1024 point.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    /// By post: what a place there costs, never negative.
    pub posts: Vec<i64>,
    /// By city: what leaving it costs because so many want to, never negative.
    pub leaving: Vec<i64>,
    /// By city: what coming into it costs and leaving it earns, so that as many come as go. Of either sign.
    pub balance: Vec<i64>,
    /// By line of `pairs.csv`: what going from the one city to the other costs, never negative.
    pub pairs: Vec<i64>,
}

impl Prices {
    /// Nothing costs anything.
    pub(super) fn none(instance: &Instance) -> Self {
        let cities = instance.max_out.len();
        Self {
            posts: vec![0; instance.posts.len()],
            leaving: vec![0; cities],
            balance: vec![0; cities],
            pairs: vec![0; instance.pairs.len()],
        }
    }

    /// What is left for the person of this edge's worth after all prices, in price units.
    pub(super) fn surplus(&self, instance: &Instance, person: usize, edge: usize) -> i64 {
        let offer = instance.edges[edge];
        let (from, to) = (instance.staff[person].city as usize, instance.posts[offer.post as usize].city as usize);
        let toll = self.pairs.get(offer.pair as usize).copied().unwrap_or(0);
        instance.worth(person, edge) * crate::PRICE_UNIT - self.posts[offer.post as usize] - self.leaving[from]
            + self.balance[from]
            - self.balance[to]
            - toll
    }
}

/// The rows in which no place is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binding {
    /// Posts that are full.
    pub posts: Vec<i64>,
    /// Cities that nobody more may leave.
    pub cities: Vec<i64>,
    /// `[from, to]` that nobody more may go.
    pub pairs: Vec<[i64; 2]>,
}

/// The proof that goes with a solution: prices from which anybody can recompute the bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// What is claimed.
    pub claim: Claim,
    /// How people were matched.
    pub mode: Mode,
    /// The staff of each ring, in the order of the ring; by ranks in the order in which the rings formed. Empty when rings
    /// may be of any length, since they can then be put together in many ways.
    pub rings: Vec<Vec<i64>>,
    /// The prices that prove it.
    pub prices: Prices,
    /// Rows without a place left.
    pub binding: Binding,
}

impl Certificate {
    /// Reads a certificate file.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let value = file::read_certificate(path)?;
        Self::from(&value).ok_or_else(|| {
            let remedy = "Give the file that `exchange solve` wrote";
            FileError::whole(path, "this is not the certificate of an exchange", remedy)
        })
    }

    fn from(value: &Value) -> Option<Self> {
        if value.text("form") != Some("exchange") || value.integer("price_unit") != Some(crate::PRICE_UNIT) {
            return None;
        }
        let mode = match (value.text("mode")?, value.integer("longest")?) {
            ("weighted", _) => Mode::Weighted,
            ("ranked", _) => Mode::Ranked,
            ("short", longest) => Mode::Short(u32::try_from(longest).ok()?),
            _ => return None,
        };
        let (prices, binding) = (value.get("prices")?, value.get("binding")?);
        Some(Self {
            claim: Claim::from(value)?,
            mode,
            rings: value.get("rings")?.as_list()?.iter().map(Value::numbers).collect::<Option<_>>()?,
            prices: Prices {
                posts: prices.get("posts")?.numbers()?,
                leaving: prices.get("leaving")?.numbers()?,
                balance: prices.get("balance")?.numbers()?,
                pairs: prices.get("pairs")?.numbers()?,
            },
            binding: Binding {
                posts: binding.get("posts")?.numbers()?,
                cities: binding.get("cities")?.numbers()?,
                pairs: binding.get("pairs")?.tuples()?,
            },
        })
    }

    /// Writes a certificate file.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let list = |name: &str, numbers: &[i64]| (name.to_owned(), Value::numbers_of(numbers.iter().copied()));
        let (p, b) = (&self.prices, &self.binding);
        let pairs = Value::List(b.pairs.iter().map(|pair| Value::numbers_of(*pair)).collect());
        let prices = vec![
            list("posts", &p.posts),
            list("leaving", &p.leaving),
            list("balance", &p.balance),
            list("pairs", &p.pairs),
        ];
        let binding = vec![list("posts", &b.posts), list("cities", &b.cities), ("pairs".to_owned(), pairs)];
        let mut fields = self.claim.fields("exchange");
        let longest = if let Mode::Short(longest) = self.mode { i64::from(longest) } else { 0 };
        let rings = Value::List(self.rings.iter().map(|ring| Value::numbers_of(ring.iter().copied())).collect());
        fields.push(("mode".to_owned(), Value::Text(self.mode.word().to_owned())));
        fields.push(("longest".to_owned(), Value::Integer(longest)));
        fields.push(("rings".to_owned(), rings));
        fields.push(("prices".to_owned(), Value::Object(prices)));
        fields.push(("binding".to_owned(), Value::Object(binding)));
        file::write_whole(path, Value::Object(fields).write().as_bytes())
    }
}
