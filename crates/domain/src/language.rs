//! Languages that are spoken in a city, each by its own name, so that whoever speaks it recognises it. Codes of ISO
//! 639-1. Which of them the pages speak is another matter.

/// Code and own name, in the order in which the names are looked up: Latin letters first.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("gn", "Avañeʼẽ"),
    ("ay", "Aymar aru"),
    ("az", "Azərbaycanca"),
    ("id", "Bahasa Indonesia"),
    ("ms", "Bahasa Melayu"),
    ("bs", "Bosanski"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("et", "Eesti"),
    ("en", "English"),
    ("es", "Español"),
    ("eu", "Euskara"),
    ("fr", "Français"),
    ("fy", "Frysk"),
    ("ga", "Gaeilge"),
    ("gl", "Galego"),
    ("ha", "Hausa"),
    ("hr", "Hrvatski"),
    ("ig", "Igbo"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("rw", "Kinyarwanda"),
    ("sw", "Kiswahili"),
    ("ht", "Kreyòl ayisyen"),
    ("ku", "Kurdî"),
    ("lv", "Latviešu"),
    ("lt", "Lietuvių"),
    ("ln", "Lingála"),
    ("hu", "Magyar"),
    ("mt", "Malti"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("uz", "Oʻzbekcha"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("qu", "Runasimi"),
    ("sq", "Shqip"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("so", "Soomaali"),
    ("fi", "Suomi"),
    ("sv", "Svenska"),
    ("tl", "Tagalog"),
    ("vi", "Tiếng Việt"),
    ("tr", "Türkçe"),
    ("wo", "Wolof"),
    ("yo", "Yorùbá"),
    ("zu", "isiZulu"),
    ("el", "Ελληνικά"),
    ("bg", "Български"),
    ("kk", "Қазақша"),
    ("mk", "Македонски"),
    ("mn", "Монгол"),
    ("ru", "Русский"),
    ("sr", "Српски"),
    ("uk", "Українська"),
    ("ka", "ქართული"),
    ("hy", "Հայերեն"),
    ("he", "עברית"),
    ("ur", "اردو"),
    ("ar", "العربية"),
    ("ps", "پښتو"),
    ("fa", "فارسی"),
    ("ti", "ትግርኛ"),
    ("am", "አማርኛ"),
    ("ne", "नेपाली"),
    ("mr", "मराठी"),
    ("hi", "हिन्दी"),
    ("bn", "বাংলা"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("gu", "ગુજરાતી"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("ml", "മലയാളം"),
    ("si", "සිංහල"),
    ("th", "ไทย"),
    ("lo", "ລາວ"),
    ("my", "မြန်မာ"),
    ("km", "ខ្មែរ"),
    ("zh", "中文"),
    ("ja", "日本語"),
    ("ko", "한국어"),
];

/// A language by its own name; the code itself when it is not one of ours.
pub fn name(code: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// Whether it is one of the list.
pub fn is_known(code: &str) -> bool {
    LANGUAGES.iter().any(|(known, _)| *known == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_language_is_there_once_under_a_code_of_two_letters_and_its_own_name() {
        let codes: BTreeSet<&str> = LANGUAGES.iter().map(|l| l.0).collect();
        let names: BTreeSet<&str> = LANGUAGES.iter().map(|l| l.1).collect();
        assert_eq!((codes.len(), names.len()), (LANGUAGES.len(), LANGUAGES.len()));
        assert!(codes.iter().all(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_lowercase())));
        for spoken in ["ar", "tr", "zh", "vi", "qu", "en", "ko", "nl", "es"] {
            assert!(is_known(spoken), "{spoken}");
        }
        assert_eq!((name("tr"), name("xx")), ("Türkçe", "xx"));
    }
}
