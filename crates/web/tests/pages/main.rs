//! Every page, form, link and file of the site, asked for over HTTP as the people it is for.

mod house;

mod calendar;
mod change;
mod description;
mod every_route_as_every_role;
mod links_and_codes;
mod matching;
mod notebook;
mod notebook_app;
mod notebook_files;
mod safety;
mod taken_along;
mod who_sees_what;
mod wrong_input;
