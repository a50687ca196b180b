//! Letters that wait to be sent. They are written in the transaction that gives rise to them, so that a yes
//! and its letter are both there or neither; a job sends them and tries again when the mail server is away.

mod occasion;
mod outbox;

pub use occasion::{Asking, CircleNews, Door, ExchangeDoor, MovedFor, News, Occasion, Told};

use freerange_domain::{id::MailId, placement::Missing};
use jiff::Timestamp;

use crate::{
    Result,
    db::{Tx, vals},
};

/// A letter to write.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Name of the reader.
    pub to_name: String,
    /// Address of the reader.
    pub to_email: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// A file for the reader's calendar that goes with it.
    pub calendar: Option<String>,
}

/// To whom, in which language if they chose one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language tag.
    pub lang: Option<String>,
}

/// Puts an occasion into words.
pub trait Writer: std::fmt::Debug + Send + Sync {
    /// Subject and text.
    fn write(&self, to: &Reader, occasion: &Occasion) -> (String, String);

    /// The sentence that says what was missing when an outing passed; it is kept with the placement.
    fn missing(&self, to: &Reader, missing: &Missing) -> String;

    /// The file for the reader's calendar that goes with the letter, where one does.
    fn calendar(&self, _: &Reader, _: &Occasion, _now: Timestamp) -> Option<String> {
        None
    }
}

/// Writes only what it is about. For tests and tools.
#[derive(Debug)]
pub struct Terse;

impl Writer for Terse {
    fn write(&self, _: &Reader, occasion: &Occasion) -> (String, String) {
        let token = match occasion {
            Occasion::AskToAgree { token, .. }
            | Occasion::SetPassword { token }
            | Occasion::RoundCover { token, .. }
            | Occasion::FollowUp { token, .. }
            | Occasion::Overdue { token, .. } => token.expose(),
            _ => "",
        };
        (format!("{occasion:?}").chars().take(20).collect(), token.to_owned())
    }

    fn missing(&self, _: &Reader, missing: &Missing) -> String {
        format!("{missing:?}")
    }
}

/// A letter in the outbox.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id; also its Message-ID, so that a letter sent twice by mishap is one for the reader.
    pub id: MailId,
    /// The letter.
    pub letter: Letter,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Why the last try failed.
    pub problem: Option<String>,
    /// Whether it is about somebody who is out there: it goes before all others and is deleted a day after it was sent.
    pub brief: bool,
}

/// Writes a letter and puts it into the outbox, in the transaction that gave rise to it.
pub(crate) async fn send(
    tx: &mut Tx,
    writer: &dyn Writer,
    to: Reader,
    occasion: &Occasion,
    now: Timestamp,
) -> Result<()> {
    if to.email.is_empty() {
        return Ok(());
    }
    let how = How { brief: false, private: occasion.is_private() };
    post(tx, &letter(writer, to, occasion, now), how, now).await
}

/// The same for one that goes before all others and is deleted a day after it was sent.
pub(crate) async fn send_brief(
    tx: &mut Tx,
    writer: &dyn Writer,
    to: Reader,
    occasion: &Occasion,
    now: Timestamp,
) -> Result<()> {
    let how = How { brief: true, private: occasion.is_private() };
    post(tx, &letter(writer, to, occasion, now), how, now).await
}

fn letter(writer: &dyn Writer, to: Reader, occasion: &Occasion, now: Timestamp) -> Letter {
    let (subject, body) = writer.write(&to, occasion);
    let calendar = writer.calendar(&to, occasion, now);
    Letter { to_name: to.name, to_email: to.email, subject, body, calendar }
}

/// How a letter is kept.
#[derive(Clone, Copy)]
struct How {
    brief: bool,
    private: bool,
}

/// Puts a letter into the outbox.
async fn post(tx: &mut Tx, letter: &Letter, how: How, now: Timestamp) -> Result<()> {
    tx.run(
        "INSERT INTO mail (id, to_name, to_email, subject, body, created_at, next_try_at, tries, brief, private, calendar)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 0, $7, $8, $9)",
        vals![
            MailId::new(), &letter.to_name, &letter.to_email, &letter.subject, &letter.body, now, how.brief, how.private,
            letter.calendar.clone()
        ],
    )
    .await?;
    Ok(())
}
