//! Letters, in the reader's language: short, with one link, and saying what happens when nothing is done.

use freerange_domain::{change::Kept, placement::Missing};
use freerange_i18n::{Lang, Text};
use freerange_store::{
    Door, ExchangeDoor, News, Occasion, Token, Writer,
    handover::Handed,
    mail::{Asking, MovedFor, Reader, Told},
    safety::Relief,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::values;

mod coming_back;

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
    /// Numbers to call, for letters about somebody who is overdue.
    pub numbers: freerange_domain::safety::Numbers,
}

/// Where those who receive a visit follow it.
fn path(door: &Door) -> String {
    match door {
        Door::Link(token) => format!("/visits/{}", token.expose()),
        Door::Code(code) => format!("/invited/{}", code.grouped()),
    }
}

/// What happened in an exchange.
fn news_of(t: Text, news: &News) -> String {
    match news {
        News::Invited { until } => t.letter_exchange_invited(values::day(t, *until)),
        News::PutForward { city } => t.letter_exchange_forward(city),
        News::Asked => t.letter_exchange_asked().to_owned(),
        News::NotPlaced => t.letter_exchange_not_placed().to_owned(),
        News::AskedAgain => t.letter_exchange_again().to_owned(),
        News::LegOff { leg, why } if why.is_empty() => t.letter_exchange_off(leg),
        News::LegOff { leg, why } => t.letter_exchange_off_why(leg, why),
        News::Final => t.letter_exchange_final().to_owned(),
        News::Ended { why } => t.letter_exchange_ended(why),
    }
}

impl Letters {
    /// What somebody got in a round, why or why not, and what they can do next.
    fn round_result(&self, t: Text, seats: &[(String, Timestamp)], told: &Told) -> String {
        let mut parts = vec![values::told(t, told)];
        for (outing, at) in seats {
            parts.push(format!("– {outing}, {}", values::when(t, *at, &self.zone)));
        }
        let next = if seats.is_empty() { t.letter_round_nothing_next() } else { t.letter_round_got_next() };
        parts.push(String::new());
        parts.push(next.to_owned());
        parts.join("\n")
    }

    /// What is known about somebody who is overdue, and which numbers to call.
    fn overdue(&self, t: Text, (area, with): (&str, Option<&str>), buddy: Option<&str>) -> String {
        let mut parts = vec![format!("{}: {area}", t.safe_area())];
        parts.extend(with.map(|with| format!("{}: {with}", t.safe_with())));
        parts.extend(buddy.map(|buddy| t.letter_overdue_after(buddy)));
        parts.extend(self.numbers.0.iter().map(|n| format!("{}: {}", n.label, n.number)));
        parts.join("\n")
    }

    /// A line for each answer, with the address that begins with it.
    fn answers(&self, t: Text, token: &Token) -> String {
        let line = |kept: &Kept| {
            let address = format!("{}/follow-ups/{}?kept={kept}", self.base_url, token.expose());
            format!("{}:\n{address}", t.of("kept", kept.as_str()))
        };
        Kept::ALL.iter().map(line).collect::<Vec<_>>().join("\n\n")
    }

    /// Texts in the reader's language, or the city's.
    fn text(&self, to: &Reader) -> Text {
        Text::new(to.lang.as_deref().and_then(Lang::parse).unwrap_or(self.default))
    }
}

impl Writer for Letters {
    fn missing(&self, to: &Reader, missing: &Missing) -> String {
        let t = self.text(to);
        match missing {
            Missing::Seat => t.missing_seat().to_owned(),
            Missing::Answers(parties) => {
                let who: Vec<String> = parties.iter().map(|p| t.of("party", p.as_str())).collect();
                t.missing_answers(who.join(", "))
            }
            Missing::ReturnDates => t.missing_dates().to_owned(),
            Missing::Leg => t.missing_leg().to_owned(),
        }
    }

    fn calendar(&self, to: &Reader, occasion: &Occasion, now: Timestamp) -> Option<String> {
        self.entry(self.text(to), occasion, now)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each occasion, read as a list")]
    fn write(&self, to: &Reader, occasion: &Occasion) -> (String, String) {
        let t = self.text(to);
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
            Occasion::NotPlaced { outing, why } => {
                (t.letter_not_placed_subject(outing), t.letter_not_placed_text(why), link("/outings".to_owned()))
            }
            Occasion::Moved { outing, starts_at, ends_at, place, reader } => {
                let when = |at| values::when(t, at, &self.zone);
                let text = t.letter_moved_text(when(*ends_at), place, when(*starts_at));
                let (kept, address) = match reader {
                    MovedFor::Placement(id) => (t.letter_moved_dates(), format!("/placements/{id}")),
                    MovedFor::Host(door) => (t.letter_moved_host(), path(door)),
                };
                (t.letter_moved_subject(outing), format!("{text} {kept}"), link(address))
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
            Occasion::RoundCover { round, team, usual, token } => (
                t.letter_cover_subject(round),
                t.letter_cover_text(round, *team, *usual),
                link(format!("/cover/{}", token.expose())),
            ),
            Occasion::RoundResult { round, id, seats, told } => (
                if seats.is_empty() {
                    t.letter_round_nothing_subject(round)
                } else {
                    t.letter_round_got_subject(round)
                },
                self.round_result(t, seats, told),
                link(format!("/rounds/{id}")),
            ),
            Occasion::RoundTeam { round, id, going } => (
                t.letter_round_team_subject(round),
                t.letter_round_team_text(*going),
                link(format!("/rounds/{id}/team")),
            ),
            Occasion::RoundReserve { outing, starts_at, placement } => (
                t.letter_seat_subject(outing),
                t.letter_reserve_text(values::when(t, *starts_at, &self.zone)),
                link(format!("/placements/{placement}")),
            ),
            Occasion::FollowUp { change, asked, token } => (
                t.letter_follow_up_subject(change),
                match asked {
                    Asking::First => t.letter_follow_up_text().to_owned(),
                    Asking::Again => t.letter_follow_up_again().to_owned(),
                    Asking::Last => t.letter_follow_up_last().to_owned(),
                },
                self.answers(t, token),
            ),
            Occasion::TestOver { change, id } => (
                t.letter_test_over_subject(change),
                t.letter_test_over_text().to_owned(),
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
            Occasion::Speaks { place, code } => (
                t.letter_speaks_subject(place),
                t.letter_speaks_text(code.grouped()),
                link(format!("/communities/{}", code.grouped())),
            ),
            Occasion::Unwelcome { outing, id, place } => {
                (t.letter_unwelcome_subject(outing), t.letter_unwelcome_text(place), link(format!("/outings/{id}")))
            }
            Occasion::Coming { outing, starts_at, door } => (
                t.letter_coming_subject(outing),
                t.letter_coming_text(values::when(t, *starts_at, &self.zone)),
                link(path(door)),
            ),
            Occasion::VisitOff { outing, why, door } => {
                (t.letter_off_subject(outing), t.letter_off_text(why), link(path(door)))
            }
            Occasion::Exchange { title, news, door } => {
                let path = match door {
                    ExchangeDoor::Member(token) | ExchangeDoor::Goer(token) => format!("/rings/{}", token.expose()),
                    ExchangeDoor::Colleague(id) => format!("/exchanges/{id}/part"),
                    ExchangeDoor::Lead(id) => format!("/exchanges/{id}/proposal"),
                };
                (t.letter_exchange_subject(title), news_of(t, news), link(path))
            }
            Occasion::Overdue { person, area, with, due, buddy, token } => {
                let about = self.overdue(t, (area, with.as_deref()), buddy.as_deref());
                let text = t.letter_overdue_text(values::when(t, *due, &self.zone), person);
                (
                    t.letter_overdue_subject(person),
                    format!("{text}\n\n{about}\n\n{}", t.letter_overdue_what()),
                    link(format!("/watch/{}", token.expose())),
                )
            }
            Occasion::AreYouBack { area, due } => (
                t.letter_are_you_back_subject().to_owned(),
                t.letter_are_you_back_text(area, values::when(t, *due, &self.zone)),
                link("/safe".to_owned()),
            ),
            Occasion::OverdueEnded { person, why } => (
                t.letter_overdue_ended_subject(person),
                match why {
                    Relief::Back => t.letter_overdue_back(person),
                    Relief::Later(due) => t.letter_overdue_later(values::when(t, *due, &self.zone), person),
                    Relief::Heard => t.letter_overdue_heard(person),
                },
                String::new(),
            ),
            Occasion::ReturnMoved { .. }
            | Occasion::HowWasIt { .. }
            | Occasion::DebriefTogether { .. }
            | Occasion::Circle { .. } => self.coming_back(t, occasion),
            Occasion::ToldBack { outing, text, door } => {
                (t.letter_told_subject(outing), text.clone(), link(path(door)))
            }
        };
        let greeting = t.letter_greeting(&to.name);
        let closing = t.letter_closing(&self.city);
        // A letter that says that nothing is left to do leads nowhere.
        let address = if address.is_empty() { address } else { format!("{address}\n\n") };
        (subject, format!("{greeting}\n\n{text}\n\n{address}{closing}\n"))
    }
}
