//! Markdown for people: one heading for each outing, one paragraph for each note, in the language of the reader.

use std::fmt::Write as _;

use crate::{Collection, Kind, Note, Words};

/// A text that is text: whatever Markdown would make something of is escaped, and so is HTML.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ';' | ':' | '?' | '\'' | '"' | '/' | '%' | '(' | ')') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One line of text.
fn line(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lines of text, each under the mark of a quotation. A number at the beginning makes no list.
fn quoted(out: &mut String, text: &str) {
    for l in text.lines() {
        let l = plain(l.trim());
        let digits = l.chars().take_while(char::is_ascii_digit).count();
        let mark = l[digits..].starts_with('.') || l[digits..].starts_with(')');
        if digits > 0 && mark {
            let _ = writeln!(out, "> {}\\{}", &l[..digits], &l[digits..]);
        } else {
            let _ = writeln!(out, "> {l}");
        }
    }
    out.push('\n');
}

fn note(out: &mut String, words: &Words, note: &Note) {
    let place = note.place.as_deref().map(|p| format!(" · {}", line(p))).unwrap_or_default();
    let _ = writeln!(out, "### {} · {}{place}\n", words.kind(note.kind), note.day);
    quoted(out, &note.seen);
    if !note.meaning.is_empty() {
        let _ = writeln!(out, "{}:\n", line(&words.meaning));
        quoted(out, &note.meaning);
    }
    for m in &note.media {
        let _ = writeln!(out, "- `{}` {}", m.file(), line(&m.description));
    }
    if !note.media.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{}: {} · {}: {} · `{}`\n",
        line(&words.author),
        line(&note.author),
        line(&words.consent),
        line(words.rests(note.rests)),
        note.id
    );
}

/// The notes as a text to read.
pub fn markdown(all: &Collection, words: &Words) -> Vec<u8> {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n\n{}\n", line(&all.title), line(&all.question));
    let _ =
        writeln!(out, "{} · {}\n\n{} <{}>\n", line(&words.challenge), all.made_at, line(&words.duty), all.withdrawals);
    let counts: Vec<String> = Kind::ALL
        .iter()
        .map(|k| format!("{}: {}", words.kind(*k), all.notes.iter().filter(|n| n.kind == *k).count()))
        .collect();
    let _ = writeln!(out, "{}\n", counts.join(" · "));
    let mut outings: Vec<&str> = Vec::new();
    for n in &all.notes {
        if !outings.contains(&n.outing.as_str()) {
            outings.push(&n.outing);
        }
    }
    for outing in outings {
        let _ = writeln!(out, "## {}: {}\n", line(&words.outing), line(outing));
        for n in all.notes.iter().filter(|n| n.outing == outing) {
            note(&mut out, words, n);
        }
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_stays_text() {
        assert_eq!(line("<b> *so* [a](http://x)\n# no"), "\\<b\\> \\*so\\* \\[a\\](http://x) \\# no");
        let mut out = String::new();
        quoted(&mut out, "1. one\n- two");
        assert_eq!(out, "> 1\\. one\n> \\- two\n\n");
    }
}
