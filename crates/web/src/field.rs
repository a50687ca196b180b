//! The fields of a form as they are drawn: label, hint, error and control tied together for every reader,
//! after the patterns public servants and citizens already know from GOV.UK forms.

use std::fmt::{self, Display};

use askama::{FastWritable, Template, Values, filters::HtmlSafe};

use crate::form::Form;

/// HTML that a component made: written into the page as it is.
#[derive(Debug)]
pub struct Markup(String);

impl Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl FastWritable for Markup {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}
impl HtmlSafe for Markup {}

/// What all controls have.
#[derive(Debug)]
struct Frame<'a> {
    name: &'a str,
    label: String,
    hint: String,
    error: Option<&'a str>,
    optional: Option<&'static str>,
}

impl Frame<'_> {
    /// What describes the control: the ids of hint and error.
    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.name));
        }
        ids.join(" ")
    }
}

#[derive(Debug, Template)]
#[template(path = "field/input.html")]
struct Input<'a> {
    f: Frame<'a>,
    kind: &'a str,
    value: &'a str,
    autocomplete: &'a str,
}

#[derive(Debug, Template)]
#[template(path = "field/area.html")]
struct Area<'a> {
    f: Frame<'a>,
    value: &'a str,
    rows: u8,
}

/// One of the things to choose from.
#[derive(Debug)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Template)]
#[template(path = "field/select.html")]
struct Select<'a> {
    f: Frame<'a>,
    choices: Vec<Choice>,
    none: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "field/choices.html")]
struct Choices<'a> {
    f: Frame<'a>,
    choices: Vec<Choice>,
    kind: &'a str,
}

#[derive(Debug, Template)]
#[template(path = "field/checkbox.html")]
struct Checkbox<'a> {
    f: Frame<'a>,
    checked: bool,
}

#[derive(Debug, Template)]
#[template(path = "field/summary.html")]
struct Summary<'a> {
    title: &'static str,
    form: &'a Form,
}

fn drawn(template: &impl Template) -> Markup {
    Markup(template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a field could not be drawn");
        String::new()
    }))
}

impl Form {
    fn frame<'a>(&'a self, name: &'a str, label: &dyn Display, hint: &dyn Display) -> Frame<'a> {
        Frame { name, label: label.to_string(), hint: hint.to_string(), error: self.error(name), optional: None }
    }

    /// Everything that is wrong, at the top, each a link to its field. Nothing when nothing is.
    pub fn summary(&self) -> Markup {
        if self.has_errors() {
            drawn(&Summary { title: self.t().error_summary(), form: self })
        } else {
            Markup(String::new())
        }
    }

    /// One line: `kind` is the HTML input type.
    pub fn input(&self, kind: &str, name: &str, label: impl Display, hint: impl Display) -> Markup {
        let autocomplete = match (kind, name) {
            ("email", "email") => "username",
            ("password", "password") => "current-password",
            ("password", _) => "new-password",
            _ => "off",
        };
        let value = if kind == "password" { "" } else { self.value(name) };
        drawn(&Input { f: self.frame(name, &label, &hint), kind, value, autocomplete })
    }

    /// One line that may stay empty.
    pub fn maybe_input(&self, kind: &str, name: &str, label: impl Display, hint: impl Display) -> Markup {
        let mut f = self.frame(name, &label, &hint);
        f.optional = Some(self.t().form_optional());
        drawn(&Input { f, kind, value: self.value(name), autocomplete: "off" })
    }

    /// Several lines.
    pub fn area(&self, name: &str, label: impl Display, hint: impl Display) -> Markup {
        drawn(&Area { f: self.frame(name, &label, &hint), value: self.value(name), rows: 4 })
    }

    /// Several lines that may stay empty.
    pub fn maybe_area(&self, name: &str, label: impl Display, hint: impl Display) -> Markup {
        let mut f = self.frame(name, &label, &hint);
        f.optional = Some(self.t().form_optional());
        drawn(&Area { f, value: self.value(name), rows: 3 })
    }

    fn listed(&self, name: &str, options: &[(impl ToString, impl ToString)]) -> Vec<Choice> {
        options
            .iter()
            .map(|(value, label)| {
                let value = value.to_string();
                Choice { chosen: self.checked(name, &value), label: label.to_string(), value }
            })
            .collect()
    }

    /// One of many.
    pub fn select(
        &self,
        name: &str,
        label: impl Display,
        hint: impl Display,
        options: &[(impl ToString, impl ToString)],
    ) -> Markup {
        drawn(&Select { f: self.frame(name, &label, &hint), choices: self.listed(name, options), none: None })
    }

    /// One of many or none, with what none means.
    pub fn maybe_select(
        &self,
        name: &str,
        label: impl Display,
        hint: impl Display,
        none: impl Display,
        options: &[(impl ToString, impl ToString)],
    ) -> Markup {
        let choices = self.listed(name, options);
        drawn(&Select { f: self.frame(name, &label, &hint), choices, none: Some(none.to_string()) })
    }

    /// One of few.
    pub fn radios(
        &self,
        name: &str,
        label: impl Display,
        hint: impl Display,
        options: &[(impl ToString, impl ToString)],
    ) -> Markup {
        drawn(&Choices { f: self.frame(name, &label, &hint), choices: self.listed(name, options), kind: "radio" })
    }

    /// Any of several.
    pub fn boxes(
        &self,
        name: &str,
        label: impl Display,
        hint: impl Display,
        options: &[(impl ToString, impl ToString)],
    ) -> Markup {
        drawn(&Choices { f: self.frame(name, &label, &hint), choices: self.listed(name, options), kind: "checkbox" })
    }

    /// Yes when ticked.
    pub fn tick(&self, name: &str, label: impl Display, hint: impl Display) -> Markup {
        drawn(&Checkbox { f: self.frame(name, &label, &hint), checked: self.flag(name) })
    }
}
