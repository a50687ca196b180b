//! What others can use: a change told so that another city can understand, adapt and re-use it.

use crate::words;

words! {
    /// Who can see a practice.
    Status {
        /// Being written.
        Draft = "draft",
        /// On the public page and in the feed.
        Published = "published",
        /// Taken down, with a reason.
        Withdrawn = "withdrawn",
    }
}

/// The last part of a practice's public address: letters and digits of any script, joined by dashes, at most
/// 60 characters, with a short suffix from its id so that two practices of one name do not collide.
pub fn slug(title: &str, id: crate::id::PracticeId) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let name: String = slug.chars().take(60).collect();
    let tail = id.0.simple().to_string();
    let name = name.trim_matches('-');
    if name.is_empty() { tail[20..].to_owned() } else { format!("{name}-{}", &tail[26..]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_address_has_no_slash_space_or_dot(title in any::<String>()) {
            let slug = slug(&title, crate::id::PracticeId::new());
            prop_assert!(!slug.is_empty());
            prop_assert!(slug.chars().all(|c| c.is_alphanumeric() || c == '-'));
        }
    }
}
