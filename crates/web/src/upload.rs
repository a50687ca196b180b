//! Pictures on their way in: cleaned by the media crate before anything else sees them.

use freerange_media::{Limits, clean};
use freerange_store::note::Picture;

use crate::{form::Form, problem::Problem};

/// The cleaned picture of a form field, if one was chosen. What cannot be taken is an error beside the field.
pub(crate) async fn picture(
    form: &mut Form,
    field: &'static str,
    description: &str,
) -> Result<Option<Picture>, Problem> {
    let Some(file) = form.file(field) else { return Ok(None) };
    let bytes = file.bytes.clone();
    // Decoding takes tens of milliseconds and must not hold up others.
    let cleaned = tokio::task::spawn_blocking(move || clean(&bytes, &Limits::default()))
        .await
        .map_err(|_| Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "problem-inside"))?;
    match cleaned {
        Ok(cleaned) => Ok(Some(Picture {
            mime: cleaned.mime,
            width: cleaned.width,
            height: cleaned.height,
            description: description.to_owned(),
            bytes: cleaned.bytes,
        })),
        Err(refusal) => {
            form.wrong(field, refusal.code());
            Ok(None)
        }
    }
}
