//! What a resident allowed, and how it is taken back. Every quote and picture of a person rests on a consent
//! with a short code; withdrawing it removes all that rests on it and leaves a tombstone that says only that.

use crate::{note, note::NoteProblem, outing::Photos};

/// The four choices on the card. Nothing is assumed: all start as no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, schemars::JsonSchema)]
pub struct Uses {
    /// What I say may be used, without my words or name.
    pub use_it: bool,
    /// My words may be quoted.
    pub quote: bool,
    /// A picture may be kept.
    pub picture: bool,
    /// You may contact me again.
    pub contact: bool,
}

/// A consent at the moment a note is written on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What was allowed.
    pub uses: Uses,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// May a note of this kind, with or without a picture, rest on this consent (or on none)?
pub fn allows(
    kind: note::Kind,
    with_picture: bool,
    photos: Photos,
    consent: Option<Standing>,
) -> Result<(), NoteProblem> {
    if consent.is_some_and(|c| c.withdrawn) {
        return Err(NoteProblem::ConsentWithdrawn);
    }
    // A card on which nothing may be used is a no that was written down: it carries nothing at all.
    if consent.is_some_and(|c| !c.uses.use_it) {
        return Err(NoteProblem::UseNotAllowed);
    }
    if kind == note::Kind::Said && !consent.is_some_and(|c| c.uses.quote) {
        return Err(NoteProblem::QuoteWithoutConsent);
    }
    // Where residents allow pictures openly, a street or a meter cupboard needs no card; a person always does.
    let picture_allowed = match photos {
        Photos::None => false,
        Photos::Ask => consent.is_some_and(|c| c.uses.picture),
        Photos::Yes => consent.is_none_or(|c| c.uses.picture),
    };
    if with_picture && !picture_allowed {
        return Err(NoteProblem::PictureWithoutConsent);
    }
    Ok(())
}

/// May a sound hang on a note of this kind that rests on this consent (or on none)? A voice says words, and whose it is can be
/// heard: it needs what a quote needs. What somebody wonders aloud is their own voice, unless the note rests on a card.
pub fn allows_sound(kind: note::Kind, consent: Option<Standing>) -> Result<(), NoteProblem> {
    match consent {
        Some(c) if c.withdrawn => Err(NoteProblem::ConsentWithdrawn),
        Some(c) if !c.uses.use_it => Err(NoteProblem::UseNotAllowed),
        Some(c) if c.uses.quote => Ok(()),
        None if kind == note::Kind::Wonder => Ok(()),
        _ => Err(NoteProblem::SoundWithoutConsent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn uses() -> impl Strategy<Value = Uses> {
        any::<(bool, bool, bool, bool)>().prop_map(|(use_it, quote, picture, contact)| Uses {
            use_it,
            quote,
            picture,
            contact,
        })
    }

    proptest! {
        #[test]
        fn nothing_rests_on_a_consent_that_was_taken_back(kind in proptest::sample::select(note::Kind::ALL), uses in uses(), picture: bool) {
            let taken_back = Some(Standing { uses, withdrawn: true });
            prop_assert_eq!(allows(kind, picture, Photos::Yes, taken_back), Err(NoteProblem::ConsentWithdrawn));
        }

        #[test]
        fn no_words_are_quoted_without_a_consent_that_says_so(uses in uses(), photos in proptest::sample::select(Photos::ALL)) {
            let answer = allows(note::Kind::Said, false, photos, Some(Standing { uses, withdrawn: false }));
            prop_assert_eq!(answer.is_ok(), uses.use_it && uses.quote);
            prop_assert!(allows(note::Kind::Said, false, photos, None).is_err());
        }

        #[test]
        fn a_card_that_says_no_carries_nothing(
            kind in proptest::sample::select(note::Kind::ALL),
            uses in uses(),
            picture: bool,
            photos in proptest::sample::select(Photos::ALL),
        ) {
            let no = Standing { uses: Uses { use_it: false, ..uses }, withdrawn: false };
            prop_assert_eq!(allows(kind, picture, photos, Some(no)), Err(NoteProblem::UseNotAllowed));
        }

        #[test]
        fn something_seen_rests_on_a_card_exactly_when_it_may_be_used(uses in uses()) {
            let answer = allows(note::Kind::Saw, false, Photos::None, Some(Standing { uses, withdrawn: false }));
            prop_assert_eq!(answer.is_ok(), uses.use_it);
        }

        #[test]
        fn no_voice_of_a_resident_is_kept_without_a_consent_that_allows_quoting(
            kind in proptest::sample::select(note::Kind::ALL),
            uses in uses(),
            withdrawn: bool,
        ) {
            let on_card = allows_sound(kind, Some(Standing { uses, withdrawn }));
            prop_assert_eq!(on_card.is_ok(), uses.use_it && uses.quote && !withdrawn);
            prop_assert_eq!(allows_sound(kind, None).is_ok(), kind == note::Kind::Wonder);
        }

        #[test]
        fn where_residents_said_no_pictures_there_are_none(uses in uses(), kind in proptest::sample::select(note::Kind::ALL)) {
            let all = Standing { uses: Uses { use_it: true, quote: true, picture: true, ..uses }, withdrawn: false };
            prop_assert_eq!(allows(kind, true, Photos::None, Some(all)), Err(NoteProblem::PictureWithoutConsent));
        }
    }
}
