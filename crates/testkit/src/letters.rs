//! The outbox as a test reads it: a writer that says everything an occasion knows, and what is found in a letter.

use freerange_domain::placement::{Missing, Stage};
use freerange_store::{
    Actor, ExchangeDoor, News, Occasion, Token, Writer,
    mail::{Door, MovedFor, Reader, Waiting},
};

use crate::House;

/// Writes letters that hide nothing: subject is the kind of occasion, the text all it knows, a link as `link: SECRET`.
#[derive(Debug)]
pub struct Letters;

impl Writer for Letters {
    fn write(&self, _: &Reader, occasion: &Occasion) -> (String, String) {
        let (subject, body) = match occasion {
            Occasion::AskToAgree { party, person, outing, starts_at, token } => {
                ("ask-to-agree", format!("{party}: {person}, {outing}, {starts_at}\nlink: {}", token.expose()))
            }
            Occasion::Agreed { outing, placement } => (Stage::Agreed.as_str(), format!("{outing} {placement}")),
            Occasion::CalledOff { outing, why } => ("called-off", format!("{outing}: {why}")),
            Occasion::NotPlaced { outing, why } => ("not-placed", format!("{outing}: {why}")),
            Occasion::Moved { outing, starts_at, ends_at, place, reader } => {
                let at = match reader {
                    MovedFor::Placement(id) => id.to_string(),
                    MovedFor::Host(door) => through(door),
                };
                ("moved", format!("{outing} {starts_at} {ends_at} {place} {at}"))
            }
            Occasion::HandedOver { title, what } => ("handed-over", format!("{title} {what}")),
            Occasion::SeatFree { outing, placement } => ("seat-free", format!("{outing} {placement}")),
            Occasion::RoundCover { round, team, usual, token } => {
                ("round-cover", format!("{round}: {team}, usually {usual}\nlink: {}", token.expose()))
            }
            Occasion::RoundResult { round, id, seats, told } => {
                ("round-result", format!("{round} {id}: {seats:?}, {told:?}"))
            }
            Occasion::RoundTeam { round, id, going } => ("round-team", format!("{round} {id}: {going}")),
            Occasion::RoundReserve { outing, starts_at, placement } => {
                ("round-reserve", format!("{outing} {starts_at} {placement}"))
            }
            Occasion::FollowUp { change, asked, token } => {
                ("follow-up", format!("{change} {asked:?}\nlink: {}", token.expose()))
            }
            Occasion::TestOver { change, id } => ("test-over", format!("{change} {id}")),
            Occasion::SetPassword { token } => ("set-password", format!("link: {}", token.expose())),
            Occasion::Invitation { code, answer } => {
                ("invitation", format!("{} {}", code.grouped(), answer.as_deref().unwrap_or_default()))
            }
            Occasion::Speaks { place, code } => ("speaks", format!("{place} code: {}", code.grouped())),
            Occasion::Unwelcome { outing, id, place } => ("unwelcome", format!("{outing} {id} {place}")),
            Occasion::Coming { outing, starts_at, door } => {
                ("coming", format!("{outing} {starts_at}\n{}", through(door)))
            }
            Occasion::VisitOff { outing, why, door } => ("called-off", format!("{outing}: {why}\n{}", through(door))),
            Occasion::Exchange { title, news, door } => {
                let at = match door {
                    ExchangeDoor::Member(token) | ExchangeDoor::Goer(token) => format!("link: {}", token.expose()),
                    ExchangeDoor::Colleague(id) | ExchangeDoor::Lead(id) => id.to_string(),
                };
                let kind = match news {
                    News::Invited { .. } => "exchange-invited",
                    News::PutForward { .. } => "exchange-put-forward",
                    News::Asked => "exchange-asked",
                    News::NotPlaced => "exchange-not-placed",
                    News::AskedAgain => "exchange-asked-again",
                    News::LegOff { .. } => "exchange-leg-off",
                    News::Final => "exchange-final",
                    News::Ended { .. } => "exchange-ended",
                };
                (kind, format!("{title}: {news:?}\n{at}"))
            }
            Occasion::Overdue { person, area, with, due, buddy, token } => {
                ("overdue", format!("{person}, {area}, {with:?}, {due}, after {buddy:?}\nlink: {}", token.expose()))
            }
            Occasion::AreYouBack { area, due } => ("are-you-back", format!("{area}, {due}")),
            Occasion::OverdueEnded { person, why } => ("overdue-ended", format!("{person}: {why:?}")),
            Occasion::ReturnMoved { what, placement, outing, person, at, dropped, why, sequence } => (
                if *dropped { "return-dropped" } else { "return-moved" },
                format!("{what} {placement} {outing:?} {person:?} {at} {why:?} {sequence}"),
            ),
            Occasion::HowWasIt { what, placement, outing } => ("how-was-it", format!("{what} {placement} {outing}")),
            Occasion::DebriefTogether { by, outing, placement, at } => {
                ("debrief-together", format!("{by} {outing} {placement} {at}"))
            }
            Occasion::Circle { id, news } => ("circle", format!("{id} {news:?}")),
            Occasion::ToldBack { outing, text, door } => ("told-back", format!("{outing}: {text}\n{}", through(door))),
        };
        (subject.to_owned(), body)
    }

    fn missing(&self, _: &Reader, missing: &Missing) -> String {
        format!("{missing:?}")
    }
}

fn through(door: &Door) -> String {
    match door {
        Door::Link(token) => format!("link: {}", token.expose()),
        Door::Code(code) => format!("code: {}", code.grouped()),
    }
}

/// The secret of a letter's link.
///
/// # Panics
/// When it has none.
pub fn token_in(body: &str) -> Token {
    let (_, secret) = body.split_once("link: ").expect("a letter with a link");
    Token::parse(secret.trim()).expect("a secret")
}

impl House {
    /// All letters to somebody, oldest first.
    ///
    /// # Panics
    /// When the outbox cannot be read.
    pub async fn letters_to(&self, email: &str) -> Vec<Waiting> {
        let mut letters = Vec::new();
        for number in 1.. {
            let page = self.store.outbox(&Actor::Program, number).await.expect("the outbox opens");
            letters.extend(page.items.into_iter().filter(|l| l.letter.to_email == email));
            if !page.more {
                break;
            }
        }
        letters.reverse();
        letters
    }

    /// Letters to somebody that no list of letters shows, as they wait to be sent, oldest first. For stories with few letters.
    ///
    /// # Panics
    /// When the outbox cannot be read.
    pub async fn due_to(&self, email: &str) -> Vec<(String, String)> {
        let due = self.store.mail_due(self.now()).await.expect("lists");
        due.into_iter().filter(|l| l.letter.to_email == email).map(|l| (l.letter.subject, l.letter.body)).collect()
    }

    /// What the letters to somebody were about, oldest first.
    pub async fn heard_by(&self, email: &str) -> Vec<String> {
        self.letters_to(email).await.into_iter().map(|l| l.letter.subject).collect()
    }

    /// The secret in the last letter to somebody.
    ///
    /// # Panics
    /// When there is none.
    pub async fn last_link(&self, email: &str) -> Token {
        let letters = self.letters_to(email).await;
        token_in(&letters.last().expect("a letter").letter.body)
    }

    /// Whoever follows the link in the last letter to an address.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn by_link(&self, email: &str) -> Actor {
        let token = self.last_link(email).await;
        self.store.link_actor(&token, self.now()).await.expect("the link opens")
    }
}
