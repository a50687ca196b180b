//! What went wrong, as a page or as JSON: what, where and what to do, in the reader's language. A handler
//! returns a [`Problem`]; the outermost layer turns it into an answer, because it knows language and face.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freerange_domain::upload::UploadProblem;
use freerange_i18n::Text;
use freerange_store::{StoreError, VaultError};

/// Why a request was not carried out.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The key of the sentence that says what and what to do.
    pub key: &'static str,
    /// The act that was refused, by its key.
    pub act: Option<&'static str>,
    /// Whether signing in would help.
    pub sign_in: bool,
}

impl Problem {
    /// A problem with a status and a sentence.
    pub const fn new(status: StatusCode, key: &'static str) -> Self {
        Self { status, key, act: None, sign_in: false }
    }

    /// The sentence. A rule of the store has one beside a form's fields; where there is no form, it stands alone.
    pub(crate) fn says(&self, t: Text) -> String {
        if t.knows(self.key) { t.by_key(self.key) } else { t.of("error", self.key) }
    }

    /// The word by which programs know it.
    pub(crate) fn word(&self) -> &'static str {
        self.key.strip_prefix("problem-").unwrap_or(self.key)
    }

    /// There is no such page or thing.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "problem-not-found")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Refused(act) => {
                Self { act: Some(act.key()), sign_in: true, ..Self::new(StatusCode::FORBIDDEN, "problem-refused") }
            }
            StoreError::Placement(e) => Self::new(StatusCode::CONFLICT, placement_key(e)),
            StoreError::Note(e) => Self::new(StatusCode::CONFLICT, note_key(e)),
            StoreError::Upload(e) => Self::new(upload_status(e), e.as_str()),
            StoreError::Full => {
                tracing::error!("the disk is full: nothing more is kept until there is room");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage-full")
            }
            StoreError::Vault(VaultError::Busy) => Self::new(StatusCode::LOCKED, "upload-busy"),
            StoreError::Vault(error) => {
                tracing::error!(%error, "the place for files did not do what it was asked");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage")
            }
            StoreError::NotOpen(_) => Self::new(StatusCode::CONFLICT, "problem-challenge-closed"),
            StoreError::Rule { key, .. } => Self::new(StatusCode::CONFLICT, key),
            StoreError::WrongPassword => Self::new(StatusCode::UNAUTHORIZED, "problem-wrong-password"),
            StoreError::TooManyTries => Self::new(StatusCode::TOO_MANY_REQUESTS, "problem-too-many-tries"),
            StoreError::DiaryClosed | StoreError::Sealed => Self::new(StatusCode::FORBIDDEN, "problem-diary-closed"),
            other => {
                // The sentence carries no personal data; the person gets an apology, the log the cause.
                tracing::error!(error = %other, "a request failed inside");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")
            }
        }
    }
}

const fn placement_key(error: freerange_domain::placement::PlacementError) -> &'static str {
    use freerange_domain::placement::PlacementError as E;
    match error {
        E::NotFrom(_) => "problem-not-from",
        E::StillAsked(_) => "problem-still-asked",
        E::Declined(_) => "problem-declined",
        E::NotAParty(_) => "problem-not-a-party",
        E::NoReturnDates => "problem-no-return-dates",
        E::ReturnBeforeEnd => "problem-return-before-end",
        E::NotYet => "problem-not-yet",
    }
}

fn upload_status(error: UploadProblem) -> StatusCode {
    use UploadProblem as E;
    match error {
        E::Elsewhere | E::NoteNotHere | E::Kept | E::NotAtOffset => StatusCode::CONFLICT,
        E::TakenBack => StatusCode::GONE,
        E::TooBig => StatusCode::PAYLOAD_TOO_LARGE,
        E::TooMany => StatusCode::TOO_MANY_REQUESTS,
        // "Checksum Mismatch", as the checksum extension of tus names it.
        E::Mismatch => StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST),
    }
}

const fn note_key(error: freerange_domain::note::NoteProblem) -> &'static str {
    use freerange_domain::note::NoteProblem as E;
    match error {
        E::QuoteWithoutConsent => "problem-quote-without-consent",
        E::PictureWithoutConsent => "problem-picture-without-consent",
        E::SoundWithoutConsent => "problem-sound-without-consent",
        E::UseNotAllowed => "problem-use-not-allowed",
        E::ConsentWithdrawn => "problem-consent-withdrawn",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
