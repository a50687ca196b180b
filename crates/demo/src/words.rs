//! Fills the slots of prepared sentences, so that the same sentence heard twice is not the same sentence.

use crate::rng::Rng;

const WHO: &[&str] = &[
    "a woman in her seventies",
    "a man with a pushchair",
    "the caretaker",
    "a nurse on her way home",
    "the man from the kiosk",
    "a father with two bags",
    "a woman with a bicycle",
    "a young man in a kitchen apron",
    "the woman from the ground floor",
    "a neighbour in slippers",
];
const FEW: &[&str] = &["two", "three", "four", "five", "six", "seven", "eight"];
const MANY: &[&str] = &["nine", "ten", "eleven", "twelve", "fourteen", "seventeen", "twenty"];
const TIME: &[&str] =
    &["half past six", "ten past nine", "noon", "a quarter to three", "six", "half past nine", "eleven"];
const STREET: &[&str] = &[
    "Kersenstraat",
    "Mill Lane",
    "Calle de la Fuente",
    "Dalgol-gil",
    "Ropewalk",
    "Achterdijk",
    "Lantern Stairs",
    "Baram-gil",
    "Weir Street",
    "Nieuwe Steeg",
    "Well Court",
    "Vissersgang",
];
const WEEKDAY: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// The sentence with its slots filled; it begins with a capital.
pub(crate) fn fill(text: &str, place: &str, rng: &mut Rng) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let who = *rng.pick(WHO);
    let few = *rng.pick(FEW);
    text.replace("{Who}", &capital(who))
        .replace("{who}", who)
        .replace("{N}", &capital(few))
        .replace("{n}", few)
        .replace("{m}", rng.pick::<&str>(MANY))
        .replace("{time}", rng.pick::<&str>(TIME))
        .replace("{street}", rng.pick::<&str>(STREET))
        .replace("{weekday}", rng.pick::<&str>(WEEKDAY))
        .replace("{place}", place)
}

/// The text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
