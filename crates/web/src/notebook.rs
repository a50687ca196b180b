//! The notebook on the phone: the app itself, and what it asks of the server.

mod app;
mod files;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    [app::routes(), files::routes()].concat()
}
