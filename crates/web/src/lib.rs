//! The pages and the API. A handler turns a request into typed input, makes one call of the store, and returns
//! a page struct; the same struct is the page (HTML) and the answer of the API (JSON). It knows no SQL and
//! decides nothing about who may: that is the store's.

pub mod calendar;
pub mod chrome;
pub mod field;
pub mod form;
pub mod letters;
pub mod openapi;
pub mod problem;
pub mod request;
pub mod routes;
pub mod upload;
pub mod values;

mod assets;
mod map;

pub mod home;
pub mod people;

pub mod community;

pub mod challenge;
pub mod invitation;
pub mod outing;
pub mod placement;
pub mod round;
pub mod safety;
pub mod visit;

pub mod exchange;
pub mod experiment;

pub mod consent;
pub mod note;
pub mod notebook;
pub mod reflection;
pub mod returning;

pub mod circle;

pub mod insight;

pub mod change;
pub mod practice;

pub mod handover;
pub mod overview;

pub mod figures;

use std::sync::Arc;

use freerange_store::Store;
use jiff::{Timestamp, tz::TimeZone};

pub use routes::router;

/// What the server is set up with. Shared by all requests.
#[derive(Clone)]
pub struct App {
    /// All that is kept.
    pub store: Store,
    /// The moment. Tests move it.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The city's time zone.
    pub zone: TimeZone,
    /// The city's name.
    pub city: String,
    /// The address under which people reach the server, without a slash at the end: for links in letters.
    pub base_url: String,
    /// Whether this is the demo: shows the outbox page to everybody who may run the program.
    pub demo: bool,
    /// Whether `X-Forwarded-For` is set by a proxy of the city's own.
    pub behind_proxy: bool,
    /// The numbers that whoever is out, or asked about somebody, can call.
    pub numbers: freerange_domain::safety::Numbers,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("city", &self.city).field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
