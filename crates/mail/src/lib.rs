//! Sends letters by SMTP. It knows nothing of the rest of the house: whom to write to and what is the store's, when
//! and how often is the program's. Promises that a letter without an error was taken by the mail server.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::authentication::Credentials,
};

/// How to reach the city's mail server.
#[derive(Clone, PartialEq, Eq)]
pub enum Route {
    /// `smtp://HOST:25`, `smtp://USER:PASSWORD@HOST:587?tls=required` or `smtps://USER:PASSWORD@HOST:465`.
    Url(String),
    /// In parts, so that the password can stand in a file of its own.
    Parts {
        /// Name of the server.
        host: String,
        /// 465 speaks TLS from the first byte, any other port starts it when asked (and must).
        port: u16,
        /// For servers that want to know who sends.
        login: Option<(String, String)>,
    },
}

impl std::fmt::Debug for Route {
    // The address may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Route(…)")
    }
}

/// Why no letter can be, or was, sent.
#[derive(Debug, thiserror::Error)]
pub enum MailProblem {
    /// The server's address cannot be used. Its text is not repeated: it may hold a password.
    #[error("the mail server's address is not like smtp://HOST:25 or smtps://USER:PASSWORD@HOST:465")]
    BadRoute,
    /// The sender's address cannot be used.
    #[error("the sender is not an address like Freerange <freerange@city.example>")]
    BadSender,
    /// The reader's address or the text cannot be put into a letter. Trying again will not help.
    #[error("the letter cannot be written: {0}")]
    BadLetter(String),
    /// The server refused it for good, for instance because there is no such mailbox.
    #[error("the mail server refused it: {0}")]
    Refused(String),
    /// The server could not be reached or asked to try again.
    #[error("the mail server could not be reached or asks to wait: {0}")]
    Away(String),
}

impl MailProblem {
    /// One word for the log, which holds no addresses and no texts.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::BadRoute => "bad-route",
            Self::BadSender => "bad-sender",
            Self::BadLetter(_) => "bad-letter",
            Self::Refused(_) => "refused",
            Self::Away(_) => "away",
        }
    }
}

/// A letter to send.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Unique and the same at every try, so that a letter sent twice by mishap is one for the reader.
    pub id: &'a str,
    /// Name of the reader.
    pub to_name: &'a str,
    /// Address of the reader.
    pub to_email: &'a str,
    /// Subject line.
    pub subject: &'a str,
    /// Plain text.
    pub body: &'a str,
    /// A file for the reader's calendar.
    pub calendar: Option<&'a str>,
}

/// The city's mail server.
#[derive(Debug, Clone)]
pub struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Tells other programs not to answer with "out of office".
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Server {
    /// Prepares to send from this address. Nothing is connected yet.
    pub fn new(route: &Route, from: &str) -> Result<Self, MailProblem> {
        let from = from.parse().map_err(|_| MailProblem::BadSender)?;
        let builder = match route {
            Route::Url(url) => {
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| MailProblem::BadRoute)?
            }
            Route::Parts { host, port, login } => {
                let secured = if *port == 465 {
                    AsyncSmtpTransport::<Tokio1Executor>::relay(host)
                } else {
                    AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)
                };
                let builder = secured.map_err(|_| MailProblem::BadRoute)?.port(*port);
                match login {
                    Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
                    None => builder,
                }
            }
        };
        Ok(Self { transport: builder.timeout(Some(Duration::from_secs(30))).build(), from })
    }

    fn write(&self, letter: Letter<'_>) -> Result<Message, MailProblem> {
        let bad = |e: &dyn std::fmt::Display| MailProblem::BadLetter(e.to_string());
        let address = letter.to_email.parse().map_err(|e: lettre::address::AddressError| bad(&e))?;
        let name = Some(letter.to_name.trim().to_owned()).filter(|n| !n.is_empty());
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(letter.subject.replace(['\r', '\n'], " "))
            .message_id(Some(format!("<{}@{host}>", letter.id)))
            .header(AutoSubmitted);
        let text = letter.body.to_owned();
        let Some(calendar) = letter.calendar else {
            return message.header(ContentType::TEXT_PLAIN).body(text).map_err(|e| bad(&e));
        };
        let kind = ContentType::parse("text/calendar; charset=utf-8").map_err(|e| bad(&e))?;
        let file = Attachment::new("freerange.ics".to_owned()).body(calendar.to_owned(), kind);
        let parts = MultiPart::mixed().singlepart(SinglePart::plain(text)).singlepart(file);
        message.multipart(parts).map_err(|e| bad(&e))
    }

    /// Sends one letter. Without an error, the mail server has taken it.
    pub async fn send(&self, letter: Letter<'_>) -> Result<(), MailProblem> {
        let message = self.write(letter)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailProblem::Refused(error.to_string())),
            Err(error) => Err(MailProblem::Away(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests;
