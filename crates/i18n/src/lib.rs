//! Every text a person reads, in their language. A message of `lang/en.ftl` is a method of [`Text`]; the build
//! stops when a language lacks one. It knows nothing of the rest of the house.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Texts in one language. Copied freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    lang: Lang,
}

/// A number or a text put into a message.
pub trait IntoValue {
    /// As Fluent takes it.
    fn into_value(self) -> FluentValue<'static>;
}

impl IntoValue for &str {
    fn into_value(self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}
impl<T: IntoValue + Clone> IntoValue for &T {
    fn into_value(self) -> FluentValue<'static> {
        self.clone().into_value()
    }
}
impl IntoValue for String {
    fn into_value(self) -> FluentValue<'static> {
        FluentValue::from(self)
    }
}
impl IntoValue for i64 {
    fn into_value(self) -> FluentValue<'static> {
        FluentValue::from(self)
    }
}
impl IntoValue for usize {
    fn into_value(self) -> FluentValue<'static> {
        FluentValue::from(i64::try_from(self).unwrap_or(i64::MAX))
    }
}

impl Lang {
    /// Reads a language tag; `ko-KR` is `ko`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_lowercase();
        Self::ALL.iter().copied().find(|l| l.tag() == primary)
    }

    /// The best of an `Accept-Language` header, by its q values; English when none fits.
    #[must_use]
    pub fn accept(header: &str) -> Self {
        let mut best = (0.0_f32, Self::En);
        for part in header.split(',').take(20) {
            let mut fields = part.split(';');
            let Some(lang) = fields.next().and_then(Self::parse) else { continue };
            let q = fields.find_map(|f| f.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if q > best.0 {
                best = (q, lang);
            }
        }
        best.1
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: OnceLock<Vec<FluentBundle<FluentResource>>> = OnceLock::new();
        let bundles = BUNDLES.get_or_init(|| Self::ALL.iter().map(|l| bundle(*l)).collect());
        let at = Self::ALL.iter().position(|l| *l == self).unwrap_or_default();
        &bundles[at]
    }
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let tag = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Pages mark direction themselves; invisible isolation characters would end up in forms and mails.
    bundle.set_use_isolating(false);
    // The build has parsed the file already; whatever parses is kept.
    let resource = FluentResource::try_new(lang.source().to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Text {
    /// Texts in a language.
    #[must_use]
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// Which language.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// A message without variables by its key, for words of closed sets. The key itself when there is none.
    #[must_use]
    pub fn by_key(&self, key: &str) -> String {
        plain(self.lang, key).map_or_else(|| key.to_owned(), str::to_owned)
    }

    /// Whether a message without variables has this key.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        plain(self.lang, key).is_some()
    }

    /// The word of a closed set: `of("kind", "immersion")` is the message `kind-immersion`.
    #[must_use]
    pub fn of(&self, set: &str, word: &str) -> String {
        self.by_key(&format!("{set}-{word}"))
    }

    fn format<const N: usize>(self, key: &str, values: [(&'static str, FluentValue<'static>); N]) -> String {
        let args: FluentArgs<'static> = values.into_iter().collect();
        for lang in [self.lang, Lang::En] {
            let bundle = lang.bundle();
            if let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) {
                return bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
            }
        }
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_best_language_is_chosen() {
        assert_eq!(Lang::accept("ko-KR,ko;q=0.9,en-US;q=0.8"), Lang::Ko);
        assert_eq!(Lang::accept("fr-FR, nl;q=0.4, es;q=0.6"), Lang::Es);
        assert_eq!(Lang::accept("fr, de;q=nonsense"), Lang::En);
        assert_eq!(Lang::accept(""), Lang::En);
    }

    #[test]
    fn a_key_that_is_not_there_shows_itself() {
        assert_eq!(Text::new(Lang::Nl).by_key("no-such-key"), "no-such-key");
    }
}
