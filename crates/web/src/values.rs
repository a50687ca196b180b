//! Moments and days as pages and the API carry them: ISO 8601 in JSON, the reader's own way on the page.

use freerange_i18n::Text;
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
