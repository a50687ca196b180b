//! What the notebook on a telephone asks of the server.

mod files;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    files::routes()
}
