//! XML 1.0 as text: elements are opened and closed in order, and whatever somebody wrote cannot become markup.

use std::fmt::Write as _;

/// What XML 1.0 can say at all.
fn can_stand(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// A document that is being written.
#[derive(Debug)]
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub(crate) fn new() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n".to_owned(), open: Vec::new() }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.text, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"");
            for c in value.chars().filter(|c| can_stand(*c)) {
                match c {
                    // Otherwise a reader makes a space of it.
                    '\t' | '\n' | '\r' => {
                        let _ = write!(self.text, "&#{};", u32::from(c));
                    }
                    other => self.escaped(other),
                }
            }
            self.text.push('"');
        }
    }

    fn escaped(&mut self, c: char) {
        match c {
            '&' => self.text.push_str("&amp;"),
            '<' => self.text.push_str("&lt;"),
            '>' => self.text.push_str("&gt;"),
            '"' => self.text.push_str("&quot;"),
            '\r' => self.text.push_str("&#13;"),
            other => self.text.push(other),
        }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push('>');
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element with nothing but text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let _ = write!(self.text, "<{name}>");
        for c in text.chars().filter(|c| can_stand(*c)) {
            self.escaped(c);
        }
        let _ = writeln!(self.text, "</{name}>");
    }

    /// The whole document, with everything closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_that_somebody_wrote_becomes_markup(value in any::<String>(), text in any::<String>()) {
            let mut xml = Xml::new();
            xml.open("A", &[("b", &value)]);
            xml.text("C", &text);
            let all = xml.finish();
            let body = all.split_once("?>\n").map(|(_, rest)| rest).unwrap_or_default();
            prop_assert_eq!(body.matches('<').count(), 4);
            prop_assert_eq!(body.matches('>').count(), 4);
            prop_assert_eq!(body.matches('"').count(), 2);
            prop_assert!(body.chars().all(can_stand));
        }
    }
}
