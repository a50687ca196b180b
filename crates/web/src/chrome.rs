//! What is around every page: language, navigation, who is signed in.

use freerange_domain::{
    language,
    overview::{Count, Exception},
};
use freerange_i18n::{Lang, Text};
use freerange_store::Actor;
use jiff::tz::TimeZone;

use crate::{
    assets,
    values::{self, Day, When},
};

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub label: &'static str,
    /// Whether this is where the reader is.
    pub current: bool,
}

/// A language to choose.
#[derive(Debug, Clone)]
pub struct LangItem {
    /// The tag.
    pub tag: &'static str,
    /// Its own name for itself.
    pub name: &'static str,
    /// Whether the page is in it.
    pub current: bool,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// Texts in the reader's language.
    pub t: Text,
    /// Language tag for `<html lang>`.
    pub lang: &'static str,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// Their name.
    pub name: String,
    /// The loop, as navigation.
    pub nav: Vec<NavItem>,
    /// Languages to choose from.
    pub langs: Vec<LangItem>,
    /// What was just done.
    pub flash: Option<String>,
    /// The city.
    pub city: String,
    /// Where the reader is.
    pub path: String,
    /// Address of the style sheet.
    pub css_href: &'static str,
    /// Address of the script.
    pub js_href: &'static str,
    /// Whether this is the demo.
    pub demo: bool,
    /// Links beside the loop for roles that have them.
    pub more: Vec<NavItem>,
    zone: TimeZone,
}

impl Chrome {
    pub(crate) fn new(t: Text, actor: &Actor, path: &str, app: &crate::App, done: Option<&str>) -> Self {
        let flash = done.map(|key| format!("done-{key}")).filter(|key| t.knows(key)).map(|key| t.by_key(&key));
        let item = |href: &'static str, label: &'static str| NavItem {
            href,
            label,
            current: path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
        };
        let nav = if actor.staff().is_some() {
            vec![
                item("/challenges", t.nav_challenges()),
                item("/outings", t.nav_outings()),
                item("/placements", t.nav_placements()),
                item("/notes", t.nav_notes()),
                item("/reflections", t.nav_reflections()),
                item("/changes", t.nav_changes()),
                item("/practices", t.nav_practices()),
                item("/overview", t.nav_overview()),
            ]
        } else {
            vec![
                item("/practices", t.nav_practices()),
                item("/invitations/new", t.nav_invite()),
                item("/told", t.nav_told()),
            ]
        };
        let langs = Lang::ALL
            .iter()
            .map(|l| LangItem { tag: l.tag(), name: Text::new(*l).language_name(), current: *l == t.lang() })
            .collect();
        Self {
            t,
            lang: t.lang().tag(),
            signed_in: actor.staff().is_some(),
            name: actor.staff().map(|s| s.name.clone()).unwrap_or_default(),
            nav,
            langs,
            flash,
            city: app.city.clone(),
            path: path.to_owned(),
            css_href: assets::css_href(),
            js_href: assets::js_href(),
            demo: app.demo,
            more: more(t, actor, &item),
            zone: app.zone.clone(),
        }
    }

    /// A calendar day in words.
    pub fn day(&self, day: &Day) -> String {
        values::day(self.t, day.0)
    }

    /// A moment in words, in the city's time.
    pub fn when(&self, when: &When) -> String {
        values::when(self.t, when.0, &self.zone)
    }

    /// A calendar day for a `datetime` attribute or a date field.
    pub fn iso_day(&self, when: &When) -> String {
        when.0.to_zoned_datetime(self.zone.clone()).date().to_string()
    }

    /// The time of day for a time field.
    pub fn iso_time(&self, when: &When) -> String {
        let local = when.0.to_zoned_datetime(self.zone.clone());
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// A search text as the beginning of a query, for links to other pages of the result.
    pub fn query(&self, q: &str) -> String {
        if q.is_empty() {
            String::new()
        } else {
            form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish() + "&"
        }
    }

    /// A language by its own name; the code itself when it is not one of ours.
    pub fn language(&self, code: &str) -> String {
        language::name(code).to_owned()
    }

    /// How many things need the programme lead's eye, in a sentence.
    pub fn exceptions(&self, what: &Exception, n: &usize) -> String {
        let n = i64::try_from(*n).unwrap_or(i64::MAX);
        match what {
            Exception::SlowAnswers => self.t.exception_slow(n),
            Exception::SilentChanges => self.t.exception_silent(n),
            Exception::OpenTests => self.t.exception_open_tests(n),
            Exception::Crowded => self.t.exception_crowded(n),
            Exception::Orphans => self.t.exception_orphans(n),
        }
    }

    /// A count, as far as it may be said.
    pub fn counted(&self, count: &Count) -> String {
        count.said().map_or_else(|| self.t.overview_not_said().to_owned(), |n| n.to_string())
    }

    /// A share in per cent.
    pub fn percent(&self, share: &i64) -> String {
        values::percent(self.t, *share)
    }

    /// A share in per cent, as far as it may be said.
    pub fn share(&self, share: &Option<i64>) -> String {
        share.map_or_else(|| self.t.overview_not_said().to_owned(), |n| values::percent(self.t, n))
    }

    /// What a city owes or is owed, in person-days.
    pub fn balance(&self, days: &i64) -> String {
        match *days {
            0 => self.t.exchange_even().to_owned(),
            days if days > 0 => self.t.exchange_owes(days),
            days => self.t.exchange_owed(-days),
        }
    }

    /// A number as a telephone dials it.
    pub fn dial(&self, number: &str) -> String {
        number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*' | '#')).collect()
    }

    /// Languages that pages can be in: tag and name.
    pub fn tongues(&self) -> Vec<(&'static str, &'static str)> {
        self.langs.iter().map(|lang| (lang.tag, lang.name)).collect()
    }

    /// The word of a closed set.
    pub fn word(&self, set: &str, word: &str) -> String {
        self.t.of(set, word)
    }
}

fn more(t: Text, actor: &Actor, item: &dyn Fn(&'static str, &'static str) -> NavItem) -> Vec<NavItem> {
    use freerange_domain::people::Role;
    let mut more = Vec::new();
    if actor.staff().is_none() {
        return more;
    }
    more.push(item("/rounds", t.nav_rounds()));
    more.push(item("/free-range", t.nav_free_range()));
    more.push(item("/safe", t.nav_safe()));
    more.push(item("/circles", t.nav_circles()));
    if actor.staff().is_some_and(|s| s.manages) {
        more.push(item("/team", t.nav_team()));
    }
    more.push(item("/invitations", t.nav_invitations()));
    more.push(item("/exchanges", t.nav_exchanges()));
    if actor.has(Role::ProgrammeLead) || actor.has(Role::Clerk) {
        more.push(item("/communities", t.communities_title()));
    }
    if actor.has(Role::ProgrammeLead) || actor.has(Role::Admin) {
        more.push(item("/people", t.nav_people()));
    }
    if actor.has(Role::Admin) {
        more.push(item("/outbox", t.nav_outbox()));
    }
    if actor.has(Role::Auditor) {
        more.push(item("/audit", t.nav_audit()));
    }
    more.push(item("/works-council", t.nav_works_council()));
    more
}
