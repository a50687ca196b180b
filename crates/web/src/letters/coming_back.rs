//! Letters about coming back: times that move, one kind question, debriefs together and circles. They go with a file for the
//! calendar where a time changes; its entry has the id of the feed's, so that it moves and is not doubled. No words of an
//! outing's title are in that file: it could not be taken back.

use freerange_domain::returning::What;
use freerange_i18n::Text;
use freerange_store::{CircleNews, Occasion};
use jiff::Timestamp;

use super::Letters;
use crate::{
    calendar::{self, Entry, TALK, THINK, TOGETHER, after},
    values,
};

impl Letters {
    /// Subject, text and address.
    pub(super) fn coming_back(&self, t: Text, occasion: &Occasion) -> (String, String, String) {
        let link = |path: String| format!("{}{path}", self.base_url);
        let when = |at: Timestamp| values::when(t, at, &self.zone);
        match occasion {
            Occasion::ReturnMoved { what, placement, outing, person, at, dropped, why, .. } => {
                let subject = match (person, what) {
                    (Some(person), _) => t.calendar_team_talk(person),
                    (None, What::Talk) => t.return_talk().to_owned(),
                    (None, What::Reflection) => t.return_reflection().to_owned(),
                };
                let text = if *dropped { t.letter_return_dropped(when(*at)) } else { t.letter_return_moved(when(*at)) };
                let mut parts = vec![outing.clone().map_or(text.clone(), |outing| format!("{outing}. {text}"))];
                parts.extend(why.as_ref().map(|why| format!("{}: {why}", t.form_why())));
                (subject, parts.join("\n\n"), link(format!("/placements/{placement}")))
            }
            Occasion::HowWasIt { what, placement, outing } => (
                t.letter_how_was_it_subject(outing),
                match what {
                    What::Reflection => t.letter_how_was_it_reflection().to_owned(),
                    What::Talk => t.letter_how_was_it_talk().to_owned(),
                },
                link(format!("/placements/{placement}")),
            ),
            Occasion::DebriefTogether { by, outing, placement, at } => (
                t.letter_debrief_subject(outing),
                t.letter_debrief_text(by, when(*at)),
                link(format!("/placements/{placement}/debrief")),
            ),
            Occasion::Circle { id, news } => {
                let text = match news {
                    CircleNews::Asked { by } => t.letter_circle_asked(by),
                    CircleNews::Meets { at, .. } => t.letter_circle_meets(when(*at)),
                    CircleNews::Soon { at, action: true } => t.letter_circle_soon_action(when(*at)),
                    CircleNews::Soon { at, action: false } => t.letter_circle_soon(when(*at)),
                    CircleNews::Pauses => t.letter_circle_pauses().to_owned(),
                };
                (t.circle_title().to_owned(), text, link(format!("/circles/{id}")))
            }
            _ => Default::default(),
        }
    }

    /// The file for the calendar.
    pub(super) fn entry(&self, t: Text, occasion: &Occasion, now: Timestamp) -> Option<String> {
        match occasion {
            Occasion::ReturnMoved { what, placement, person, at, dropped, sequence, .. } => {
                let (uid, title, minutes) = match (person, what) {
                    (Some(person), _) => ("team-talk", t.calendar_team_talk(person), TALK),
                    (None, What::Talk) => ("talk", t.return_talk().to_owned(), TALK),
                    (None, What::Reflection) => ("reflection", t.return_reflection().to_owned(), THINK),
                };
                let url = format!("{}/placements/{placement}", self.base_url);
                let uid = format!("{uid}-{placement}@freerange");
                let (to, sequence) = (after(*at, minutes), *sequence);
                Some(calendar::update(&Entry { uid, title, from: *at, to, url: &url, now, sequence }, *dropped))
            }
            Occasion::Circle { id, news: CircleNews::Meets { at, sequence } } => {
                let url = format!("{}/circles/{id}", self.base_url);
                let (uid, title) = (format!("circle-{id}@freerange"), t.calendar_circle().to_owned());
                let (to, sequence) = (after(*at, TOGETHER), *sequence);
                Some(calendar::update(&Entry { uid, title, from: *at, to, url: &url, now, sequence }, false))
            }
            _ => None,
        }
    }
}
