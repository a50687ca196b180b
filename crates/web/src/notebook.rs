//! The notebook on the phone: the app itself, and what it says to the server.

mod app;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    app::routes()
}
