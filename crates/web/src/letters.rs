//! Letters, in the reader's language: short, with one link, and saying what happens when nothing is done.

use freerange_i18n::{Lang, Text};
use freerange_store::{Occasion, Writer, handover::Handed, mail::Reader};
use jiff::tz::TimeZone;

use crate::values;

/// Writes letters for a city.
#[derive(Debug, Clone)]
pub struct Letters {
    /// The city's name.
    pub city: String,
    /// The address of this server, without a slash at the end.
    pub base_url: String,
    /// The city's time zone.
    pub zone: TimeZone,
    /// The language for readers who chose none.
    pub default: Lang,
}

impl Writer for Letters {
    fn write(&self, to: &Reader, occasion: &Occasion) -> (String, String) {
        let t = Text::new(to.lang.as_deref().and_then(Lang::parse).unwrap_or(self.default));
        let link = |path: String| format!("{}{path}", self.base_url);
        let (subject, text, address) = match occasion {
            Occasion::AskToAgree { party, person, outing, starts_at, token } => (
                t.letter_ask_subject(person),
                t.letter_ask_text(
                    outing,
                    t.of("party", party.as_str()),
                    person,
                    values::when(t, *starts_at, &self.zone),
                ),
                link(format!("/answer/{}", token.expose())),
            ),
            Occasion::Agreed { outing, placement } => (
                t.letter_agreed_subject(outing),
                t.letter_agreed_text().to_owned(),
                link(format!("/placements/{placement}")),
            ),
            Occasion::CalledOff { outing, why } => {
                (t.letter_off_subject(outing), t.letter_off_text(why), link("/placements".to_owned()))
            }
            Occasion::Moved { outing, starts_at, ends_at, place, placement } => {
                let when = |at| values::when(t, at, &self.zone);
                let text = t.letter_moved_text(when(*ends_at), place, when(*starts_at));
                let kept = if placement.is_some() { t.letter_moved_dates() } else { t.letter_moved_host() };
                let path = placement.map_or_else(|| "/".to_owned(), |id| format!("/placements/{id}"));
                (t.letter_moved_subject(outing), format!("{text} {kept}"), link(path))
            }
            Occasion::HandedOver { title, what } => {
                let path = match what {
                    Handed::Challenge(id) => format!("/challenges/{id}"),
                    Handed::Change(id) => format!("/changes/{id}"),
                    Handed::Outing(id) => format!("/outings/{id}"),
                };
                (t.letter_handed_subject(title), t.letter_handed_text().to_owned(), link(path))
            }
            Occasion::SeatFree { outing, placement } => (
                t.letter_seat_subject(outing),
                t.letter_seat_text().to_owned(),
                link(format!("/placements/{placement}")),
            ),
            Occasion::FollowUp { change, id } => (
                t.letter_follow_up_subject(change),
                t.letter_follow_up_text().to_owned(),
                link(format!("/changes/{id}")),
            ),
            Occasion::SetPassword { token } => (
                t.letter_password_subject().to_owned(),
                t.letter_password_text().to_owned(),
                link(format!("/password/{}", token.expose())),
            ),
            Occasion::Invitation { code, answer } => (
                t.letter_invitation_subject(code.grouped()),
                answer.clone().unwrap_or_else(|| t.letter_invitation_text().to_owned()),
                link(format!("/invited/{}", code.grouped())),
            ),
            Occasion::ToldBack { outing, text } => {
                (t.letter_told_subject(outing), text.clone(), link("/told".to_owned()))
            }
        };
        let greeting = t.letter_greeting(&to.name);
        let closing = t.letter_closing(&self.city);
        (subject, format!("{greeting}\n\n{text}\n\n{address}\n\n{closing}\n"))
    }
}
