//! Signing in and out. A session is a secret in a cookie; the store keeps its hash. Guessing is slow for
//! whoever guesses and does not lock out the one who is guessed at: the limit is per account *and* address.

use freerange_domain::{
    id::PersonId,
    people::{Email, Role},
};
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use crate::{
    About, Act, Actor, Result, Staff, Store, StoreError, Token,
    db::{Ask as _, Tx, vals},
    link::{self, Invitee, Purpose},
    may,
    policy::SESSION_DAYS,
    secret::{self, DiaryKey},
};

/// Failed tries in a quarter of an hour before the next is refused, for one account from one address.
const TRIES: i64 = 10;
/// The same for one address over all accounts.
const TRIES_FROM_ADDRESS: i64 = 100;

/// A session, as its owner sees it.
#[derive(Debug, Clone)]
pub struct Session {
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
    /// The browser, as it names itself.
    pub agent: String,
}

/// What is typed at the door, and from where.
pub struct Attempt<'a> {
    /// As typed.
    pub email: &'a str,
    /// As typed.
    pub password: &'a str,
    /// The network address it came from.
    pub from: &'a str,
    /// The browser, as it names itself.
    pub agent: &'a str,
}

impl std::fmt::Debug for Attempt<'_> {
    // A password does not belong in a log, nor does the address of whoever tries.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempt(…)")
    }
}

/// An old password, a new one, and from where.
pub struct PasswordChange<'a> {
    /// As typed.
    pub old: &'a str,
    /// As typed, and acceptable.
    pub new: &'a str,
    /// The network address it came from.
    pub from: &'a str,
}

impl std::fmt::Debug for PasswordChange<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordChange(…)")
    }
}

impl Store {
    /// Counts failed tries of a subject in the last quarter of an hour and refuses when there are too many.
    pub(crate) async fn not_too_often(&self, subject: &str, most: i64, now: Timestamp) -> Result<()> {
        let since = now.checked_sub(15.minutes()).unwrap_or(Timestamp::MIN);
        let tries = (&self.db)
            .count("SELECT COUNT(*) FROM attempt WHERE subject = $1 AND at > $2", vals![subject, since])
            .await?;
        if tries >= most { Err(StoreError::TooManyTries) } else { Ok(()) }
    }

    /// Remembers a failed try.
    pub(crate) async fn failed_try(&self, subjects: &[&str], now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        for subject in subjects {
            tx.run("INSERT INTO attempt (id, subject, at) VALUES ($1, $2, $3)", vals![Uuid::now_v7(), *subject, now])
                .await?;
        }
        tx.commit().await
    }

    /// Signs in with e-mail and password.
    pub async fn sign_in(&self, attempt: &Attempt<'_>, now: Timestamp) -> Result<Token> {
        let email = Email::parse(attempt.email).map_err(|_| StoreError::WrongPassword)?;
        let account = format!("sign-in {} from {}", hashed(email.as_str()), attempt.from);
        let address = format!("sign-in from {}", attempt.from);
        self.not_too_often(&account, TRIES, now).await?;
        self.not_too_often(&address, TRIES_FROM_ADDRESS, now).await?;
        let row = (&self.db)
            .maybe(
                "SELECT id, password_hash, diary_salt, diary_wrapped FROM person WHERE email = $1 AND active",
                vals![email.as_str()],
            )
            .await?;
        let stored: Option<String> = row.as_ref().map(|r| r.get("password_hash")).transpose()?.flatten();
        let password = attempt.password.to_owned();
        let fits = off_thread(move || Ok(secret::password_fits(&password, stored.as_deref()))).await?;
        let (true, Some(row)) = (fits, row) else {
            self.failed_try(&[&account, &address], now).await?;
            return Err(StoreError::WrongPassword);
        };
        let id: PersonId = row.get("id")?;
        let (salt, wrapped): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get("diary_salt")?, row.get("diary_wrapped")?);
        let password = attempt.password.to_owned();
        let diary = match (salt, wrapped) {
            (Some(salt), Some(wrapped)) => {
                Some(off_thread(move || DiaryKey::from_password(&wrapped, &password, &salt)).await?)
            }
            _ => None,
        };
        let mut tx = self.db.begin().await?;
        let token = open_session(&mut tx, id, diary.as_ref(), attempt.agent, now).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Who holds this session, with what they may be. Renews the "last used" once an hour.
    pub async fn session_actor(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let row = (&self.db)
            .maybe(
                "SELECT p.id, p.name, p.lang, s.seen_at, s.diary_wrapped,
                    (SELECT COUNT(*) FROM person m WHERE m.manager_id = p.id AND m.active) AS reports
                 FROM session s JOIN person p ON p.id = s.person_id
                 WHERE s.token_hash = $1 AND s.expires_at > $2 AND p.active",
                vals![token.hash(), now],
            )
            .await?
            .ok_or(StoreError::NotFound)?;
        let id: PersonId = row.get("id")?;
        let roles = (&self.db)
            .rows("SELECT role FROM role_grant WHERE person_id = $1 ORDER BY role", vals![id])
            .await?
            .iter()
            .map(|r| r.get("role"))
            .collect::<Result<Vec<Role>>>()?;
        let wrapped: Option<Vec<u8>> = row.get("diary_wrapped")?;
        let diary = wrapped.map(|w| DiaryKey::from_session(&w, token)).transpose()?;
        let seen: Timestamp = row.get("seen_at")?;
        if now.as_second() - seen.as_second() > 3_600 {
            let mut tx = self.db.begin().await?;
            tx.run("UPDATE session SET seen_at = $2 WHERE token_hash = $1", vals![token.hash(), now]).await?;
            tx.commit().await?;
        }
        let manages = row.get::<i64>("reports")? > 0;
        Ok(Actor::Staff(Staff { id, name: row.get("name")?, roles, manages, lang: row.get("lang")?, diary }))
    }

    /// Ends this session.
    pub async fn sign_out(&self, token: &Token) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.run("DELETE FROM session WHERE token_hash = $1", vals![token.hash()]).await?;
        tx.commit().await
    }

    /// Ends all sessions of the person, on every device.
    pub async fn sign_out_everywhere(&self, who: &Actor) -> Result<u64> {
        let id = who.person().ok_or(StoreError::Refused(Act::SeeOwnAccount))?;
        let mut tx = self.db.begin().await?;
        let ended = tx.run("DELETE FROM session WHERE person_id = $1", vals![id]).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The person's own sessions, newest first.
    pub async fn sessions(&self, who: &Actor, now: Timestamp) -> Result<Vec<Session>> {
        let id = who.person().ok_or(StoreError::Refused(Act::SeeOwnAccount))?;
        may(who, Act::SeeOwnAccount, &About::person(id))?;
        (&self.db)
            .rows(
                "SELECT created_at, seen_at, agent FROM session WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC",
                vals![id, now],
            )
            .await?
            .iter()
            .map(|r| Ok(Session { created_at: r.get("created_at")?, seen_at: r.get("seen_at")?, agent: r.get("agent")? }))
            .collect()
    }

    /// Makes a link with which a person sets a password, and ends earlier ones. For the command line and mail.
    pub async fn password_link(&self, email: &Email, now: Timestamp) -> Result<Option<(String, Token)>> {
        let mut tx = self.db.begin().await?;
        let Some(row) =
            tx.maybe("SELECT id, name FROM person WHERE email = $1 AND active", vals![email.as_str()]).await?
        else {
            return Ok(None);
        };
        let (id, name): (PersonId, String) = (row.get("id")?, row.get("name")?);
        link::end_all(&mut tx, Purpose::SetPassword, id.0, now).await?;
        let to =
            Invitee { purpose: Purpose::SetPassword, subject: id.0, party: None, name: &name, email: email.as_str() };
        let token = link::issue(&mut tx, &to, now).await?;
        tx.commit().await?;
        Ok(Some((name, token)))
    }

    /// Sends somebody a link to set a password, if there is such a person. Limited by address, so that nobody's
    /// mailbox can be flooded.
    pub async fn send_password_link(&self, email: &Email, from: &str, now: Timestamp) -> Result<()> {
        let subject = format!("password link from {from}");
        self.not_too_often(&subject, TRIES, now).await?;
        self.failed_try(&[&subject], now).await?;
        let Some((name, token)) = self.password_link(email, now).await? else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        let to = crate::mail::Reader { name, email: email.as_str().to_owned(), lang: None };
        crate::mail::send(&mut tx, &*self.writer, to, &crate::Occasion::SetPassword { token }, now).await?;
        tx.commit().await
    }

    /// Whether a link to set a password still opens.
    pub async fn password_link_opens(&self, token: &Token, now: Timestamp) -> Result<()> {
        link::open(&mut &self.db, Purpose::SetPassword, token, now).await.map(|_| ())
    }

    /// Sets a password by a link, once. Private reflections written under a forgotten password stay sealed for
    /// good: they are deleted, because nobody can ever open them. All sessions end.
    pub async fn set_password(&self, token: &Token, password: &str, now: Timestamp) -> Result<()> {
        let opened = link::open(&mut &self.db, Purpose::SetPassword, token, now).await?;
        let secrets = new_secrets(password).await?;
        let mut tx = self.db.begin().await?;
        // Inside the transaction: the link works once, also when it is clicked twice at the same moment.
        link::use_up(&mut tx, Purpose::SetPassword, token, now).await?;
        link::end_all(&mut tx, Purpose::SetPassword, opened.subject, now).await?;
        tx.run("DELETE FROM reflection WHERE author_id = $1 AND sealed IS NOT NULL", vals![opened.subject]).await?;
        tx.run("UPDATE circle_member SET sealed = NULL WHERE person_id = $1", vals![opened.subject]).await?;
        tx.run("DELETE FROM session WHERE person_id = $1", vals![opened.subject]).await?;
        store_secrets(&mut tx, PersonId(opened.subject), secrets, now).await?;
        tx.commit().await
    }

    /// Changes one's own password while signed in. The diary's key stays the same and is wrapped anew, so nothing private
    /// is lost. All other sessions end.
    pub async fn change_password(
        &self,
        who: &Actor,
        token: &Token,
        change: &PasswordChange<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let id = who.person().ok_or(StoreError::Refused(Act::SeeOwnAccount))?;
        may(who, Act::SeeOwnAccount, &About::person(id))?;
        let account = format!("password of {id} from {}", change.from);
        self.not_too_often(&account, TRIES, now).await?;
        let row = (&self.db)
            .one("SELECT password_hash, diary_salt, diary_wrapped FROM person WHERE id = $1 AND active", vals![id])
            .await?;
        let stored: Option<String> = row.get("password_hash")?;
        let (old, was) = (change.old.to_owned(), stored.clone());
        if !off_thread(move || Ok(secret::password_fits(&old, was.as_deref()))).await? {
            self.failed_try(&[&account], now).await?;
            return Err(StoreError::rule("password", "wrong-old-password"));
        }
        let (salt, wrapped): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get("diary_salt")?, row.get("diary_wrapped")?);
        let (old, new) = (change.old.to_owned(), change.new.to_owned());
        let secrets = off_thread(move || {
            let key = match salt.zip(wrapped) {
                Some((salt, wrapped)) => DiaryKey::from_password(&wrapped, &old, &salt)?,
                None => DiaryKey::new()?,
            };
            wrapped_secrets(&key, &new)
        })
        .await?;
        let mut tx = self.db.begin().await?;
        // Not over one that was set by a link meanwhile: its diary has another key.
        let same = "SELECT id FROM person WHERE id = $1 AND password_hash = $2";
        tx.maybe(same, vals![id, stored]).await?.ok_or(StoreError::rule("password", "wrong-old-password"))?;
        store_secrets(&mut tx, id, secrets, now).await?;
        link::end_all(&mut tx, Purpose::SetPassword, id.0, now).await?;
        tx.run("DELETE FROM session WHERE person_id = $1 AND token_hash <> $2", vals![id, token.hash()]).await?;
        tx.commit().await
    }

    /// Sets the password of a person who has none yet. For the demo and the command line.
    pub async fn first_password(&self, id: PersonId, password: &str, now: Timestamp) -> Result<()> {
        let secrets = new_secrets(password).await?;
        let mut tx = self.db.begin().await?;
        let none = tx.maybe("SELECT id FROM person WHERE id = $1 AND password_hash IS NULL", vals![id]).await?;
        none.ok_or(StoreError::NotFound)?;
        store_secrets(&mut tx, id, secrets, now).await?;
        tx.commit().await
    }
}

struct Secrets {
    hash: String,
    salt: Vec<u8>,
    wrapped: Vec<u8>,
}

async fn new_secrets(password: &str) -> Result<Secrets> {
    let password = password.to_owned();
    off_thread(move || wrapped_secrets(&DiaryKey::new()?, &password)).await
}

fn wrapped_secrets(key: &DiaryKey, password: &str) -> Result<Secrets> {
    let salt: [u8; 16] = secret::random()?;
    let wrapped = key.wrap_for_password(password, &salt)?;
    Ok(Secrets { hash: secret::hash_password(password)?, salt: salt.to_vec(), wrapped })
}

async fn store_secrets(tx: &mut Tx, id: PersonId, secrets: Secrets, now: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE person SET password_hash = $2, diary_salt = $3, diary_wrapped = $4, updated_at = $5 WHERE id = $1",
        vals![id, secrets.hash, secrets.salt, secrets.wrapped, now],
    )
    .await?;
    Ok(())
}

async fn open_session(
    tx: &mut Tx,
    id: PersonId,
    diary: Option<&DiaryKey>,
    agent: &str,
    now: Timestamp,
) -> Result<Token> {
    let token = Token::new()?;
    let wrapped = diary.map(|key| key.wrap_for_session(&token)).transpose()?;
    let expires = now.checked_add((SESSION_DAYS * 24).hours()).unwrap_or(Timestamp::MAX);
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(160).collect();
    tx.run(
        "INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at, agent, diary_wrapped)
         VALUES ($1, $2, $3, $3, $4, $5, $6)",
        vals![token.hash(), id, now, expires, agent, wrapped],
    )
    .await?;
    Ok(token)
}

/// The table of tries holds no addresses of persons, only something that is equal for the same one.
fn hashed(text: &str) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    uuid::Uuid::from_slice(&digest[..16]).unwrap_or_default().simple().to_string()
}

/// Argon2 takes tens of milliseconds on purpose; it must not hold up other requests meanwhile.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| StoreError::Corrupt(e.to_string()))?
}
