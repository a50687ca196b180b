//! What the invented city wonders about: for each challenge, where people can go, what they see and hear there, and
//! what changes. Pure text, written so that every sentence fits its challenge. Slots: `{place}` the neighbourhood,
//! `{who}` a passer-by, `{n}` a small number, `{time}` a time of day, `{street}` a street.

mod care;
mod civic;
mod general;
mod housing;
mod peers;
mod streets;

use crate::map::Quarter;

pub(crate) use general::{GENERAL, OWN_WORK};
pub(crate) use peers::{ORGANISATIONS, PEERS, PRACTICES, UNIVERSITIES};

/// A way to go out for a challenge: title, who receives you, what it is about.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) title: &'static str,
    pub(crate) host: &'static str,
    pub(crate) about: &'static str,
    /// Start of the day in minutes after midnight.
    pub(crate) start: i32,
}

/// What became different.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) kind: crate::changes::ChangeKind,
    pub(crate) title: &'static str,
    pub(crate) what: &'static str,
    pub(crate) when: &'static str,
    pub(crate) will: &'static str,
    pub(crate) makes_room: &'static str,
    /// Told back to the residents.
    pub(crate) told: &'static str,
}

/// A test's belief, smallest trial, what would change our mind, and what came out.
#[derive(Debug)]
pub(crate) struct TrialText {
    pub(crate) belief: &'static str,
    pub(crate) smallest: &'static str,
    pub(crate) doubt: &'static str,
    pub(crate) result: &'static str,
}

/// How far the question has come.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standing {
    Open,
    Decided(&'static str, &'static str),
    Ended(&'static str),
}

/// Everything about one challenge.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) title: &'static str,
    pub(crate) question: &'static str,
    pub(crate) why: &'static str,
    pub(crate) decision: &'static str,
    /// The decision's day, counted from today.
    pub(crate) day: i32,
    pub(crate) department: &'static str,
    pub(crate) quarter: Option<Quarter>,
    pub(crate) standing: Standing,
    pub(crate) learn: &'static [&'static str],
    pub(crate) shadow: &'static [Way],
    pub(crate) visit: &'static [Way],
    pub(crate) saw: &'static [&'static str],
    pub(crate) said: &'static [&'static str],
    pub(crate) wonder: &'static [&'static str],
    pub(crate) meaning: &'static [&'static str],
    pub(crate) differences: &'static [Difference],
    pub(crate) trial: TrialText,
}

/// A practice worth copying. It tells of the first difference of its topic.
#[derive(Debug)]
pub(crate) struct PracticeText {
    pub(crate) topic: usize,
    pub(crate) title: &'static str,
    pub(crate) problem: &'static str,
    pub(crate) what_we_did: &'static str,
    pub(crate) how: &'static str,
    pub(crate) needed: &'static str,
    pub(crate) result: &'static str,
    pub(crate) careful: &'static str,
    pub(crate) published: i32,
}

/// The challenges; the first is the storyline's.
pub(crate) fn all() -> Vec<&'static Topic> {
    [housing::TOPICS, streets::TOPICS, care::TOPICS, civic::TOPICS].into_iter().flatten().collect()
}

const fn way(title: &'static str, host: &'static str, start: i32, about: &'static str) -> Way {
    Way { title, host, about, start }
}
