//! Solutions and certificates of exchanges, and their files. May use the file and JSON writers; promises that what is
//! written reads back the same and that files appear whole or not at all.

use std::fmt::Write;
use std::path::Path;

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
        let (prices, binding) = (value.get("prices")?, value.get("binding")?);
        Some(Self {
            claim: Claim::from(value)?,
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
        fields.push(("prices".to_owned(), Value::Object(prices)));
        fields.push(("binding".to_owned(), Value::Object(binding)));
        file::write_whole(path, Value::Object(fields).write().as_bytes())
    }
}
