//! The phone notebook: nothing acknowledged is lost, nothing is doubled, and all agree in the end.

mod schedules;
mod stories;
