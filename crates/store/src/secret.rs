//! Secrets: tokens that only their holder knows, password hashes, and the seal on private reflections.
//!
//! The diary: each person has a random key. It is stored only wrapped, under a key derived from the password
//! (Argon2id) and, while signed in, under a key derived from the session's token (HKDF-SHA-256), of which the
//! server keeps only a hash. So the database, its backups and whoever reads them hold ciphertext
//! (XChaCha20-Poly1305) that opens with the writer's password and with nothing else.

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::StoreError;

const NONCE: usize = 24;

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Randomness(e.to_string()))?;
    Ok(bytes)
}

/// A secret of 256 bits as 64 hexadecimal digits, for cookies and links. Only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub(crate) fn new() -> Result<Self, StoreError> {
        let bytes: [u8; 32] = random()?;
        Ok(Self(bytes.iter().fold(String::with_capacity(64), |mut text, b| {
            use std::fmt::Write as _;
            // Writing to a String cannot fail.
            let _ = write!(text, "{b:02x}");
            text
        })))
    }

    /// Reads one from a cookie or an address. Anything that is not 64 hexadecimal digits is none.
    pub fn parse(raw: &str) -> Option<Self> {
        (raw.len() == 64 && raw.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
            .then(|| Self(raw.to_owned()))
    }

    /// The text for the cookie or the address.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    fn wrapping_key(&self) -> Result<[u8; 32], StoreError> {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.0.as_bytes())
            .expand(b"freerange diary key in session", &mut key)
            .map_err(|_| StoreError::Sealed)?;
        Ok(key)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Opens one person's diary. Lives in memory for one request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DiaryKey([u8; 32]);

impl std::fmt::Debug for DiaryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DiaryKey(…)")
    }
}

fn seal_with(key: &[u8; 32], plain: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; NONCE] = random()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound_to }).map_err(|_| StoreError::Sealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open_with(key: &[u8; 32], sealed: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(StoreError::Sealed)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: bound_to }).map_err(|_| StoreError::Sealed)
}

impl DiaryKey {
    pub(crate) fn new() -> Result<Self, StoreError> {
        Ok(Self(random()?))
    }

    /// Seals a text, bound to the row it belongs to, so that ciphertexts cannot be swapped between rows.
    pub(crate) fn seal(&self, plain: &str, row: uuid::Uuid) -> Result<Vec<u8>, StoreError> {
        seal_with(&self.0, plain.as_bytes(), row.as_bytes())
    }

    pub(crate) fn open(&self, sealed: &[u8], row: uuid::Uuid) -> Result<String, StoreError> {
        String::from_utf8(open_with(&self.0, sealed, row.as_bytes())?).map_err(|_| StoreError::Sealed)
    }

    pub(crate) fn wrap_for_session(&self, token: &Token) -> Result<Vec<u8>, StoreError> {
        seal_with(&token.wrapping_key()?, &self.0, b"session")
    }

    pub(crate) fn from_session(wrapped: &[u8], token: &Token) -> Result<Self, StoreError> {
        let key = open_with(&token.wrapping_key()?, wrapped, b"session")?;
        Ok(Self(key.try_into().map_err(|_| StoreError::Sealed)?))
    }

    pub(crate) fn wrap_for_password(&self, password: &str, salt: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal_with(&stretched(password, salt)?, &self.0, b"password")
    }

    pub(crate) fn from_password(wrapped: &[u8], password: &str, salt: &[u8]) -> Result<Self, StoreError> {
        let key = open_with(&stretched(password, salt)?, wrapped, b"password")?;
        Ok(Self(key.try_into().map_err(|_| StoreError::Sealed)?))
    }
}

fn stretched(password: &str, salt: &[u8]) -> Result<[u8; 32], StoreError> {
    let mut key = [0; 32];
    Argon2::default().hash_password_into(password.as_bytes(), salt, &mut key).map_err(|_| StoreError::Sealed)?;
    Ok(key)
}

/// Hashes a password with Argon2id (19 MiB, 2 passes, 1 lane: the OWASP minimum, the crate's default).
pub(crate) fn hash_password(password: &str) -> Result<String, StoreError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| StoreError::Randomness(e.to_string()))
}

/// Whether the password fits. With no stored hash it works as long, so that time does not tell who exists.
pub(crate) fn password_fits(password: &str, stored: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_only_with_its_key_and_in_its_row() {
        let key = DiaryKey::new().expect("random");
        let (row, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let sealed = key.seal("I was afraid of the stairs", row).expect("sealed");
        assert!(!String::from_utf8_lossy(&sealed).contains("afraid"));
        assert_eq!(key.open(&sealed, row).expect("opens"), "I was afraid of the stairs");
        assert!(key.open(&sealed, other).is_err());
        assert!(DiaryKey::new().expect("random").open(&sealed, row).is_err());
        let mut bent = sealed.clone();
        bent[30] ^= 1;
        assert!(key.open(&bent, row).is_err());
        assert!(key.open(&sealed[..10], row).is_err());
    }

    #[test]
    fn the_diary_key_travels_from_password_to_session_and_back() {
        let key = DiaryKey::new().expect("random");
        let token = Token::new().expect("random");
        let salt = [9; 16];
        let by_password = key.wrap_for_password("four walls and a roof", &salt).expect("wrapped");
        let by_session = key.wrap_for_session(&token).expect("wrapped");
        assert_eq!(DiaryKey::from_password(&by_password, "four walls and a roof", &salt).expect("opens"), key);
        assert_eq!(DiaryKey::from_session(&by_session, &token).expect("opens"), key);
        assert!(DiaryKey::from_password(&by_password, "four walls and a door", &salt).is_err());
        assert!(DiaryKey::from_session(&by_session, &Token::new().expect("random")).is_err());
    }

    #[test]
    fn nobody_without_a_password_signs_in() {
        let hash = hash_password("four walls and a roof").expect("hash");
        assert!(hash.starts_with("$argon2id$"));
        assert!(password_fits("four walls and a roof", Some(&hash)));
        assert!(!password_fits("four walls and a door", Some(&hash)));
        assert!(!password_fits("", None));
    }
}
