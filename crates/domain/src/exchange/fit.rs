//! Who suits which place, and how well: another city, a language in common, a grade that suits, dates that overlap long
//! enough, and a wish. Nobody is sent where they did not say they would go.

use super::{Grade, Topic, window::Stay, window::Window};
use crate::id::{GoerId, MemberId, PostId};

/// Where somebody would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Anywhere in this city.
    Member(MemberId),
    /// To this very place.
    Post(PostId),
}

impl std::fmt::Display for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Post(id) => write!(f, "post:{id}"),
        }
    }
}

impl std::str::FromStr for Wish {
    type Err = crate::Unknown;
    fn from_str(raw: &str) -> Result<Self, crate::Unknown> {
        let read = match raw.split_once(':') {
            Some(("member", id)) => id.parse().ok().map(Self::Member),
            Some(("post", id)) => id.parse().ok().map(Self::Post),
            _ => None,
        };
        read.ok_or_else(|| crate::Unknown { what: "Wish", word: raw.chars().take(40).collect() })
    }
}

/// Somebody who wants to take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goer {
    /// Who.
    pub id: GoerId,
    /// Of which city.
    pub member: MemberId,
    /// How far in the work.
    pub grade: Grade,
    /// Languages, by code.
    pub languages: Vec<String>,
    /// When they can.
    pub free: Window,
    /// What they want to learn.
    pub topics: Vec<Topic>,
    /// Best first.
    pub wishes: Vec<Wish>,
    /// Whether any other city would do too.
    pub anywhere: bool,
    /// How often they took part before without getting a place.
    pub missed: i64,
}

/// A place that receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// Of which city.
    pub member: MemberId,
    /// What it can show.
    pub topics: Vec<Topic>,
    /// Languages in which it can, by code.
    pub languages: Vec<String>,
    /// Whom it suits. None named: everybody.
    pub grades: Vec<Grade>,
    /// When it can receive.
    pub free: Window,
    /// How many.
    pub guests: i64,
}

/// Why somebody cannot take a place, the nearest miss last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfit {
    /// No other city has entered a place.
    NoPlace,
    /// It is in their own city.
    Home,
    /// They did not wish for it.
    NotWished,
    /// No language in common.
    Language,
    /// It suits other grades.
    Grade,
    /// The dates do not overlap long enough.
    Dates,
    /// It was proposed before and somebody said no.
    Refused,
}

impl Unfit {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPlace => "no-place",
            Self::Home => "home",
            Self::NotWished => "not-wished",
            Self::Language => "language",
            Self::Grade => "grade",
            Self::Dates => "dates",
            Self::Refused => "refused",
        }
    }
}

/// A place that suits: when, and how well in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// The earliest stay.
    pub stay: Stay,
    /// From 1 to 1,000.
    pub score: i64,
    /// The same by ranks alone: the order of the wishes first, then what there is to learn.
    pub order: i64,
}

/// Points for the first, second and third wish, and for "anywhere".
const BY_RANK: [i64; 3] = [600, 450, 300];
const ANYWHERE: i64 = 150;
/// So much a rank weighs beside topics where only ranks count.
const RANK_FIRST: i64 = 500;
/// Points when the place shows all that somebody wants to learn.
const BY_TOPIC: i64 = 400;
/// Points for each time somebody took part without getting a place, up to three times.
const BY_WAITING: i64 = 100;

impl Goer {
    /// What waiting adds, wherever they go.
    pub fn bonus(&self) -> i64 {
        self.missed.clamp(0, 3) * BY_WAITING
    }

    fn rank(&self, post: &Post) -> Option<i64> {
        let hit = |wish: &Wish| match wish {
            Wish::Member(member) => *member == post.member,
            Wish::Post(id) => *id == post.id,
        };
        let ranked = self.wishes.iter().position(hit).map(|at| BY_RANK.get(at).copied().unwrap_or(ANYWHERE));
        ranked.or(self.anywhere.then_some(ANYWHERE))
    }

    fn learns(&self, post: &Post) -> i64 {
        let all = i64::try_from(self.topics.len()).unwrap_or(1).max(1);
        let shown = self.topics.iter().filter(|t| post.topics.contains(t)).count();
        BY_TOPIC * i64::try_from(shown).unwrap_or(0) / all
    }

    /// Whether this place suits, and how well.
    pub fn fit(&self, post: &Post, season: Window, days: i64) -> Result<Fit, Unfit> {
        if self.member == post.member {
            return Err(Unfit::Home);
        }
        let rank = self.rank(post).ok_or(Unfit::NotWished)?;
        if !self.languages.iter().any(|l| post.languages.contains(l)) {
            return Err(Unfit::Language);
        }
        if !post.grades.is_empty() && !post.grades.contains(&self.grade) {
            return Err(Unfit::Grade);
        }
        let both = season.and(self.free).and_then(|w| w.and(post.free));
        let stay = both.and_then(|w| w.stay(days)).ok_or(Unfit::Dates)?;
        let learns = self.learns(post);
        Ok(Fit { stay, score: rank + learns, order: rank * RANK_FIRST + learns })
    }

    /// Why none of the places suits: what stood in the way at the one that came nearest. Nothing when one suits.
    pub fn why_none(&self, posts: &[Post], season: Window, days: i64) -> Option<Unfit> {
        let mut nearest = Unfit::NoPlace;
        for post in posts.iter().filter(|p| p.member != self.member) {
            match self.fit(post, season, days) {
                Ok(_) => return None,
                Err(why) => nearest = nearest.max(why),
            }
        }
        Some(nearest)
    }
}
