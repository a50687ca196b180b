//! `GET /told/{code}/record.json` and `GET /consents.json`: records of consent with the sections and names of ISO/IEC TS
//! 27560:2023 (header, processing, parties, events), so that a data protection officer's programs read them. What a program
//! cannot know stays out; there is no principal's id because nobody is identified.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use freerange_domain::consent::Uses;
use freerange_i18n::{Lang, Text};
use freerange_store::consent::Record;
use serde::Serialize;

use crate::{
    request::{Answer, Ctx},
    values::When,
};

/// The layout of our records: their names are the standard's, which of them there are is ours.
const VERSION: &str = "freerange-consent-record-1 (ISO/IEC TS 27560:2023)";

#[derive(Serialize)]
struct ConsentRecord {
    schema_version: &'static str,
    record_id: String,
    /// Nobody is identified.
    pii_principal_id: Option<String>,
    pii_processing: Processing,
    party_identification: [Party; 1],
    event: Vec<Event>,
}

#[derive(Serialize)]
struct Processing {
    /// The words on the card, where it was in a language of ours.
    privacy_notice: Option<String>,
    language: String,
    /// What was allowed.
    purposes: Vec<Purpose>,
    /// What was asked and not allowed, in the words of the card.
    not_allowed: Vec<String>,
}

#[derive(Serialize)]
struct Purpose {
    purpose: String,
    /// In the words of the card.
    purpose_description: String,
    lawful_basis: String,
    pii_information: Vec<&'static str>,
    collection_method: &'static str,
    retention_period: &'static str,
    withdrawal_method: String,
    pii_controllers: [&'static str; 1],
}

#[derive(Serialize)]
struct Party {
    party_id: &'static str,
    party_name: String,
    party_role: &'static str,
    party_url: String,
}

#[derive(Serialize)]
struct Event {
    event_time: When,
    event_type: &'static str,
    event_state: &'static str,
    entity_id: &'static str,
}

/// The four choices in the words of the card: whether it was chosen, and what is kept then.
fn choices(t: Text, uses: Uses) -> [(bool, &'static str, &'static [&'static str]); 4] {
    [
        (uses.use_it, t.consent_use(), &["what was said, without words or name"]),
        (uses.quote, t.consent_quote(), &["words", "voice, where a sound was recorded"]),
        (uses.picture, t.consent_picture(), &["picture"]),
        (uses.contact, t.consent_contact(), &[]),
    ]
}

fn told(ctx: &Ctx, r: Record) -> ConsentRecord {
    let lang = Lang::parse(&r.language);
    let t = Text::new(lang.unwrap_or(Lang::En));
    let choices = choices(t, r.uses);
    let purpose = |(_, words, kept): &(bool, &'static str, &'static [&'static str])| Purpose {
        purpose: r.purpose.clone(),
        purpose_description: (*words).to_owned(),
        lawful_basis: r.basis.clone(),
        pii_information: kept.to_vec(),
        collection_method: "in person, read out or handed over on a card",
        retention_period: "until it is taken back",
        withdrawal_method: ctx.link("/told"),
        pii_controllers: ["controller"],
    };
    let event = |at, state| Event {
        event_time: When(at),
        event_type: "explicit",
        event_state: state,
        entity_id: "pii-principal",
    };
    ConsentRecord {
        schema_version: VERSION,
        record_id: r.id.to_string(),
        pii_principal_id: None,
        pii_processing: Processing {
            privacy_notice: lang.map(|_| t.consent_read_out().to_owned()),
            purposes: choices.iter().filter(|c| c.0).map(purpose).collect(),
            not_allowed: choices.iter().filter(|c| !c.0).map(|c| c.1.to_owned()).collect(),
            language: r.language,
        },
        party_identification: [Party {
            party_id: "controller",
            party_name: ctx.app.city.clone(),
            party_role: "PII controller",
            party_url: ctx.app.base_url.clone(),
        }],
        event: std::iter::once(event(r.given_at, "given"))
            .chain(r.withdrawn_at.map(|at| event(at, "withdrawn")))
            .collect(),
    }
}

fn sent(name: &str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
}

/// The record of the consent with this code.
pub(super) async fn of_resident(ctx: Ctx, Path(raw): Path<String>) -> Answer {
    let (_, actor) = super::resident(&ctx, &raw).await?;
    let record = told(&ctx, ctx.app.store.consent_record(&actor).await?);
    // Texts and lists: there is nothing in it that JSON cannot say.
    Ok(sent("consent-record.json", serde_json::to_vec_pretty(&record).unwrap_or_default()))
}

/// All records.
pub(super) async fn all(ctx: Ctx) -> Answer {
    let records = ctx.app.store.consent_records(&ctx.actor, ctx.now).await?;
    let records: Vec<ConsentRecord> = records.into_iter().map(|r| told(&ctx, r)).collect();
    Ok(sent("consent-records.json", serde_json::to_vec(&records).unwrap_or_default()))
}
