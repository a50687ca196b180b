//! Forms, the same whether they come from a page or as JSON: a declared list of fields, read into typed values,
//! with every error collected beside its field. Nothing a person wrote is lost: it is shown again with the error.

use std::{collections::BTreeMap, str::FromStr};

use axum::{
    Json,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
};
use freerange_domain::{
    people::Email,
    text::{Line, Prose, Reason, TextProblem},
    time,
};
use freerange_i18n::Text;
use freerange_store::StoreError;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;

use crate::problem::Problem;

/// What a field holds. Also what the API description says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line, at most 160 characters.
    Line,
    /// Text of several lines.
    Prose,
    /// A sentence that says why.
    Reason,
    /// `2027-03-28`
    Date,
    /// `09:30`
    Time,
    /// One word of a closed set; several when the form allows.
    Word(&'static [&'static str]),
    /// Several values.
    Many,
    /// Yes when present.
    Flag,
    /// A whole number.
    Number,
    /// An id.
    Id,
    /// An e-mail address.
    Email,
    /// A password. Never shown again.
    Password,
    /// A picture, in `multipart/form-data`.
    File,
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be filled in.
    pub required: bool,
}

/// A field that must be filled in.
pub const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

/// A field that may be empty.
pub const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
}

/// What the API answers when a form is not accepted.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Report<'a> {
    /// Everything that is wrong, in the order of the fields.
    pub errors: &'a [FieldError],
}

/// An uploaded file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The field.
    pub field: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A form as filled in.
#[derive(Debug, Clone)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    files: Vec<Upload>,
    errors: Vec<FieldError>,
    t: Text,
}

/// The most a form may weigh, without files, and with one.
pub const FORM_LIMIT: usize = 256 * 1024;
/// The most a form with a picture may weigh.
pub const UPLOAD_LIMIT: usize = 13 * 1024 * 1024;
/// The most fields.
const FIELDS: usize = 300;

impl Form {
    /// An empty form, to be shown for the first time.
    pub fn empty(t: Text) -> Self {
        Self { values: BTreeMap::new(), files: Vec::new(), errors: Vec::new(), t }
    }

    /// Fills in a value before showing.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.values.entry(name.to_owned()).or_default().push(format!("{value}"));
        self
    }

    /// What was written.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// All that was chosen, as it was written.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Whether a choice was made.
    pub fn checked(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|all| all.iter().any(|v| v == value))
    }

    /// The first thing wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == name).map(|e| e.message.as_str())
    }

    /// Everything wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// What the API answers.
    pub fn report(&self) -> Report<'_> {
        Report { errors: &self.errors }
    }

    /// Adds an error, by the key of its sentence.
    pub fn wrong(&mut self, name: &str, key: &str) {
        self.wrong_saying(name, self.t.of("error", key));
    }

    /// Adds an error that already has its words.
    pub fn wrong_saying(&mut self, name: &str, message: String) {
        self.errors.push(FieldError { field: name.to_owned(), message });
    }

    /// A rule of the store that is about a field goes beside it; anything else is a problem of its own.
    pub fn refuse(&mut self, error: StoreError) -> Result<(), Problem> {
        match error {
            StoreError::Rule { field, key } => {
                self.wrong(field, key);
                Ok(())
            }
            StoreError::Placement(e) => {
                self.wrong("form", e.as_str());
                Ok(())
            }
            StoreError::Note(e) => {
                self.wrong("form", e.as_str());
                Ok(())
            }
            StoreError::Full => {
                self.wrong("form", "storage-full");
                Ok(())
            }
            StoreError::NotOpen(_) => {
                // It was closed while somebody wrote; what was written stays.
                let field = if self.values.contains_key("challenge") { "challenge" } else { "form" };
                self.wrong(field, "challenge-closed");
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    fn text<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, TextProblem>) -> Option<T> {
        match parse(self.value(name)) {
            Ok(text) => Some(text),
            Err(TextProblem::TooLong(max)) => {
                let message = self.t.error_too_long(i64::try_from(max).unwrap_or(i64::MAX));
                self.wrong_saying(name, message);
                None
            }
            Err(problem) => {
                self.wrong(name, problem.as_str());
                None
            }
        }
    }

    /// A text of a kind of its own.
    pub fn checked_text<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, TextProblem>) -> Option<T> {
        self.text(name, parse)
    }

    /// The same, or nothing written.
    pub fn maybe_text<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, TextProblem>) -> Option<T> {
        if self.value(name).trim().is_empty() { None } else { self.text(name, parse) }
    }

    /// One line.
    pub fn line(&mut self, name: &str) -> Option<Line> {
        self.text(name, Line::parse)
    }

    /// One line, or nothing written.
    pub fn maybe_line(&mut self, name: &str) -> Option<Line> {
        if self.value(name).trim().is_empty() { None } else { self.line(name) }
    }

    /// Several lines.
    pub fn prose(&mut self, name: &str) -> Option<Prose> {
        self.text(name, Prose::parse)
    }

    /// Several lines, or nothing written.
    pub fn maybe_prose(&mut self, name: &str) -> Option<Prose> {
        if self.value(name).trim().is_empty() { None } else { self.prose(name) }
    }

    /// Why.
    pub fn reason(&mut self, name: &str) -> Option<Reason> {
        self.text(name, Reason::parse)
    }

    /// An e-mail address.
    pub fn email(&mut self, name: &str) -> Option<Email> {
        let read = Email::parse(self.value(name));
        if read.is_err() {
            self.wrong(name, "email");
        }
        read.ok()
    }

    /// A date, at most ten years from today.
    pub fn date(&mut self, name: &str, today: Date) -> Option<Date> {
        match time::date(self.value(name), today) {
            Ok(date) => Some(date),
            Err(problem) => {
                self.wrong(name, problem.as_str());
                None
            }
        }
    }

    /// A moment from a date field and a time field, in the city's zone.
    pub fn moment(&mut self, date: &str, time_of_day: &str, today: Date, zone: &TimeZone) -> Option<Timestamp> {
        let day = self.date(date, today);
        let at = match time::time_of_day(self.value(time_of_day)) {
            Ok(at) => Some(at),
            Err(problem) => {
                self.wrong(time_of_day, problem.as_str());
                None
            }
        };
        match time::moment(day?, at?, zone) {
            Ok(moment) => Some(moment),
            Err(problem) => {
                self.wrong(time_of_day, problem.as_str());
                None
            }
        }
    }

    /// The beginning of a day in the city's zone.
    pub fn moment_at_midnight(&mut self, date: &str, today: Date, zone: &TimeZone) -> Option<Timestamp> {
        let day = self.date(date, today)?;
        day.to_zoned_datetime(zone.clone()).ok().map(|z| z.timestamp())
    }

    /// The end of a day in the city's zone.
    pub fn midnight_after(&mut self, date: &str, today: Date, zone: &TimeZone) -> Option<Timestamp> {
        let day = self.date(date, today)?.tomorrow().ok()?;
        day.to_zoned_datetime(zone.clone()).ok().map(|z| z.timestamp())
    }

    /// A word of a closed set, or an id.
    pub fn word<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let read = self.value(name).trim().parse().ok();
        if read.is_none() {
            self.wrong(name, "choose");
        }
        read
    }

    /// A word of a closed set or an id, or nothing chosen.
    pub fn maybe_word<T: FromStr>(&mut self, name: &str) -> Option<T> {
        if self.value(name).trim().is_empty() { None } else { self.word(name) }
    }

    /// All chosen values that can be read; one that cannot is an error.
    pub fn many<T: FromStr>(&mut self, name: &str) -> Vec<T> {
        let raw = self.values.get(name).cloned().unwrap_or_default();
        let read: Vec<T> = raw.iter().filter_map(|v| v.parse().ok()).collect();
        if read.len() != raw.len() {
            self.wrong(name, "choose");
        }
        read
    }

    /// Whether it is ticked.
    pub fn flag(&self, name: &str) -> bool {
        !matches!(self.value(name), "" | "false" | "no" | "0")
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, from: i64, to: i64) -> Option<i64> {
        match self.value(name).trim().parse::<i64>() {
            Ok(n) if (from..=to).contains(&n) => Some(n),
            _ => {
                let message = self.t.error_number(from, to);
                self.wrong_saying(name, message);
                None
            }
        }
    }

    /// An uploaded file, if one was chosen.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|f| f.field == name && !f.bytes.is_empty())
    }
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "problem-unreadable")
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "problem-too-large")
}

fn from_json(value: Value) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let Value::Object(fields) = value else { return Err(unreadable()) };
    let word = |v: &Value| match v {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    };
    let mut values = BTreeMap::new();
    for (name, value) in fields {
        let read = match &value {
            Value::Null => continue,
            Value::Array(items) => items.iter().map(word).collect::<Option<Vec<_>>>(),
            one => word(one).map(|w| vec![w]),
        };
        values.insert(name, read.ok_or_else(unreadable)?);
    }
    Ok(values)
}

async fn from_multipart(mut parts: Multipart) -> Result<(BTreeMap<String, Vec<String>>, Vec<Upload>), Problem> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut files = Vec::new();
    let mut fields = 0;
    let read = |e: axum::extract::multipart::MultipartError| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable() }
    };
    while let Some(part) = parts.next_field().await.map_err(read)? {
        fields += 1;
        if fields > FIELDS {
            return Err(too_large());
        }
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            files.push(Upload { field: name, bytes: part.bytes().await.map_err(read)?.to_vec() });
        } else {
            values.entry(name).or_default().push(part.text().await.map_err(read)?);
        }
    }
    Ok((values, files))
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let t = request.extensions().get::<crate::request::Ctx>().map(|c| c.t).ok_or_else(unreadable)?;
        let mime = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut form = Self::empty(t);
        if mime.starts_with("application/json") {
            let Json(value) = Json::<Value>::from_request(request, state).await.map_err(|r| match r.status() {
                StatusCode::PAYLOAD_TOO_LARGE => too_large(),
                _ => unreadable(),
            })?;
            form.values = from_json(value)?;
        } else if mime.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, state).await.map_err(|_| unreadable())?;
            (form.values, form.files) = from_multipart(parts).await?;
        } else if mime.starts_with("application/x-www-form-urlencoded") || mime.is_empty() {
            let axum::extract::RawForm(bytes) =
                axum::extract::RawForm::from_request(request, state).await.map_err(|_| too_large())?;
            for (name, value) in form_urlencoded::parse(&bytes) {
                form.values.entry(name.into_owned()).or_default().push(value.into_owned());
            }
        } else {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "problem-unreadable"));
        }
        if form.values.len() > FIELDS {
            return Err(too_large());
        }
        Ok(form)
    }
}

impl Form {
    /// The language of its errors.
    pub(crate) const fn t(&self) -> Text {
        self.t
    }
}
