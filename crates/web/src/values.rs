//! Moments and days as pages and the API carry them: ISO 8601 in JSON, the reader's own way on the page.

use freerange_domain::round::Because;
use freerange_i18n::Text;
use freerange_store::mail::Told;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A moment. JSON: `2027-03-28T09:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(pub Timestamp);

/// A calendar day. JSON: `2027-03-28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

macro_rules! iso {
    ($name:ident, $format:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}
iso!(When, "date-time");
iso!(Day, "date");

/// A day as people of a language write it: `28 March 2027`, `2027년 3월 28일`.
pub fn day(t: Text, date: Date) -> String {
    let month = t.of("month", &date.month().to_string());
    t.date_long(date.day().to_string(), month, date.year().to_string())
}

/// Day of the week, day and time: `Sunday 28 March 2027, 09:30`.
pub fn when(t: Text, at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned_datetime(zone.clone());
    let weekday = t.of("weekday", &local.weekday().to_monday_one_offset().to_string());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    t.date_time(weekday, day(t, local.date()), time)
}

/// A share in whole per cent, with the sign where the language puts it: `85%`, `85 %`.
pub fn percent(t: Text, share: i64) -> String {
    t.percent(share.to_string())
}

/// A share in hundredths of a per cent, as the language writes fractions: `0.29%`, `0,29 %`.
pub fn exact_percent(t: Text, hundredths: i64) -> String {
    t.percent(t.decimal(format!("{:02}", hundredths % 100), (hundredths / 100).to_string()))
}

/// Why somebody got what they got in a round, in one sentence.
pub fn told(t: Text, told: &Told) -> String {
    let outing = told.outing.as_deref().unwrap_or("–");
    let week = told.week.map(|w| day(t, w.monday())).unwrap_or_default();
    let sentence = match (told.kind, told.rank) {
        (Because::Got, Some(1)) => t.because_got_first().to_owned(),
        (Because::Got, Some(rank)) => t.because_got(rank),
        (Because::Got, None) => t.because_got_serves().to_owned(),
        (Because::Full, _) if told.outing.is_none() => t.because_all_full().to_owned(),
        (Because::Full, _) => t.because_full(outing),
        (Because::Group, _) => t.because_group(outing),
        (Because::Team, _) => t.because_team(outing, week),
        (Because::Place, _) => t.because_place(outing, week),
        (Because::Host, _) => t.because_host(outing),
        (Because::Hand, _) => t.because_hand(outing),
        (Because::Plan, _) => t.because_plan(outing),
        (Because::Nothing, _) => t.because_nothing().to_owned(),
    };
    if told.alone { format!("{sentence} {}", t.because_alone()) } else { sentence }
}
