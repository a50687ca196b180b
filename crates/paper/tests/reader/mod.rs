//! Reads a PDF back with nothing of what wrote it: as much of the format as these files use. Other readers (`qpdf`, `mupdf`,
//! `pypdf`) are run by hand; this one is on every machine.

use std::{collections::BTreeMap, io::Read};

/// A file, its objects by number.
pub(crate) struct Pdf {
    objects: BTreeMap<u32, Vec<u8>>,
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|w| w == what).map(|at| at + from)
}

impl Pdf {
    /// Reads it; stops the test where it is none.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-1.7"), "not a PDF");
        assert!(bytes.trim_ascii_end().ends_with(b"%%EOF"), "cut off");
        let mut objects = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = find(bytes, b" 0 obj\n", at) {
            let begin = bytes[..found].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |p| p + 1);
            let number: u32 = std::str::from_utf8(&bytes[begin..found]).expect("number").parse().expect("number");
            let head_end = find(bytes, b"stream\n", found);
            let mut end = find(bytes, b"\nendobj", found).expect("an end");
            if let Some(stream) = head_end.filter(|s| *s < end) {
                // The length is said; what is in a stream may look like an end.
                let head = String::from_utf8_lossy(&bytes[found..stream]).into_owned();
                let length: usize = number_after(&head, "/Length ").expect("a length");
                end = find(bytes, b"\nendobj", stream + 7 + length).expect("an end");
            }
            objects.insert(number, bytes[found + 7..end].to_vec());
            at = end;
        }
        Self { objects }
    }

    fn head(&self, number: u32) -> String {
        let object = &self.objects[&number];
        let end = find(object, b"stream\n", 0).unwrap_or(object.len());
        String::from_utf8_lossy(&object[..end]).into_owned()
    }

    fn stream(&self, number: u32) -> Vec<u8> {
        let object = &self.objects[&number];
        let head = self.head(number);
        let begin = find(object, b"stream\n", 0).expect("a stream") + 7;
        let length: usize = number_after(&head, "/Length ").expect("a length");
        let raw = &object[begin..begin + length];
        if !head.contains("/FlateDecode") {
            return raw.to_vec();
        }
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(raw).read_to_end(&mut plain).expect("deflated");
        plain
    }

    fn of_type(&self, what: &str) -> Vec<u32> {
        let is = |head: &str| {
            head.match_indices(what).any(|(at, _)| !head[at + what.len()..].starts_with(|c: char| c.is_alphanumeric()))
        };
        self.objects.keys().copied().filter(|number| is(&self.head(*number))).collect()
    }

    /// Its pages, in order.
    fn pages(&self) -> Vec<u32> {
        let tree = self.head(self.of_type("/Type/Pages")[0]);
        let kids = tree.split_once("/Kids[").expect("pages").1.split(']').next().expect("pages").to_owned();
        kids.split(" 0 R").filter_map(|kid| kid.trim().parse().ok()).collect()
    }

    /// How many pages it has.
    pub(crate) fn len(&self) -> usize {
        self.pages().len()
    }

    /// All heads of objects, for looking at tags.
    pub(crate) fn heads(&self) -> String {
        self.objects.keys().map(|number| self.head(*number) + "\n").collect()
    }

    /// What it says about itself (XMP).
    pub(crate) fn about(&self) -> String {
        self.of_type("/Type/Metadata")
            .into_iter()
            .map(|number| String::from_utf8_lossy(&self.stream(number)).into_owned())
            .collect()
    }

    /// What is written on each page, in the order in which it is drawn; a break after each marked piece.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.pages().into_iter().map(|page| self.text(page)).collect()
    }

    fn text(&self, page: u32) -> String {
        let head = self.head(page);
        let resources = match number_after::<u32>(&head, "/Resources ") {
            Some(number) => self.head(number),
            None => head.clone(),
        };
        let fonts = resources.split_once("/Font<<").map_or("", |(_, rest)| rest.split(">>").next().unwrap_or(""));
        let maps: BTreeMap<String, BTreeMap<u16, String>> = fonts
            .split('/')
            .filter_map(|entry| entry.split_once(' '))
            .map(|(name, rest)| {
                let font: u32 = rest.split(' ').next().expect("a font").parse().expect("a font");
                let map = number_after(&self.head(font), "/ToUnicode ").expect("ToUnicode");
                (name.to_owned(), unicode(&String::from_utf8_lossy(&self.stream(map))))
            })
            .collect();
        let contents = number_after(&head, "/Contents ").expect("contents");
        shown(&self.stream(contents), &maps)
    }
}

fn number_after<T: std::str::FromStr>(text: &str, what: &str) -> Option<T> {
    let rest = text.split_once(what)?.1;
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

fn glyph(hex: &str) -> u16 {
    u16::from_str_radix(hex, 16).expect("four digits")
}

fn utf16(hex: &str) -> String {
    let units: Vec<u16> = hex.as_bytes().chunks(4).map(|c| glyph(&String::from_utf8_lossy(c))).collect();
    String::from_utf16(&units).expect("UTF-16")
}

fn unicode(map: &str) -> BTreeMap<u16, String> {
    let mut all = BTreeMap::new();
    for part in map.split("beginbfchar").skip(1) {
        for line in part.split("endbfchar").next().unwrap_or("").lines() {
            let hex: Vec<&str> = line.split(['<', '>', ' ']).filter(|word| !word.is_empty()).collect();
            if let [glyph, characters] = hex[..] {
                all.insert(self::glyph(glyph), utf16(characters));
            }
        }
    }
    for part in map.split("beginbfrange").skip(1) {
        for line in part.split("endbfrange").next().unwrap_or("").lines() {
            let hex: Vec<&str> = line.split(['<', '>', ' ']).filter(|word| !word.is_empty()).collect();
            if let [from, to, first] = hex[..] {
                let (from, to) = (glyph(from), glyph(to));
                for glyph in from..=to {
                    let mut characters: Vec<char> = utf16(first).chars().collect();
                    if let Some(last) = characters.last_mut() {
                        *last = char::from_u32(*last as u32 + u32::from(glyph - from)).expect("a character");
                    }
                    all.insert(glyph, characters.into_iter().collect());
                }
            }
        }
    }
    all
}

/// Goes through a content stream: fonts, strings, marked pieces, and the characters that stand for a piece.
fn shown(content: &[u8], fonts: &BTreeMap<String, BTreeMap<u16, String>>) -> String {
    let mut out = String::new();
    let mut font: Option<&BTreeMap<u16, String>> = None;
    let mut instead: Vec<bool> = Vec::new();
    let mut pending: Option<String> = None;
    let mut name = String::new();
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'/' => {
                let end = content[at + 1..]
                    .iter()
                    .position(|b| !b.is_ascii_alphanumeric())
                    .map_or(content.len(), |p| at + 1 + p);
                name = String::from_utf8_lossy(&content[at + 1..end]).into_owned();
                if name == "ActualText" {
                    let close = find(content, b">", end).expect("an end");
                    let hex = String::from_utf8_lossy(&content[end..close]).into_owned();
                    if let Some(hex) = hex.strip_prefix('<') {
                        pending = Some(utf16(hex.trim_start_matches("FEFF")));
                        at = close + 1;
                        continue;
                    }
                    let (bytes, next) = string(content, end);
                    pending = Some(match bytes.strip_prefix(&[0xfe, 0xff]) {
                        Some(units) => {
                            let units: Vec<u16> = units.chunks(2).map(|u| u16::from_be_bytes([u[0], u[1]])).collect();
                            String::from_utf16(&units).expect("UTF-16")
                        }
                        None => String::from_utf8_lossy(&bytes).into_owned(),
                    });
                    at = next;
                    continue;
                }
                at = end;
            }
            b'(' => {
                let (bytes, next) = string(content, at);
                if !instead.contains(&true) {
                    for pair in bytes.chunks(2) {
                        let glyph = u16::from_be_bytes([pair[0], *pair.get(1).expect("two bytes")]);
                        out.push_str(&font.expect("a font")[&glyph]);
                    }
                }
                at = next;
            }
            byte if byte.is_ascii_alphabetic() => {
                let end =
                    content[at..].iter().position(|b| !b.is_ascii_alphanumeric()).map_or(content.len(), |p| at + p);
                match &content[at..end] {
                    b"Tf" => font = Some(&fonts[&name]),
                    b"BDC" | b"BMC" => {
                        let text = pending.take();
                        instead.push(text.is_some());
                        out.push_str(&text.unwrap_or_default());
                    }
                    b"EMC" => {
                        instead.pop();
                        if instead.is_empty() {
                            out.push('\n');
                        }
                    }
                    _ => {}
                }
                // The name of a font comes before its size.
                at = end;
            }
            _ => at += 1,
        }
    }
    out
}

/// A string in brackets, with its escapes. Where it ends.
fn string(content: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut bytes, mut at, mut deep) = (Vec::new(), from + 1, 1);
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                match content[at] {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    digit @ b'0'..=b'7' => {
                        let mut value = u32::from(digit - b'0');
                        for _ in 0..2 {
                            if let next @ b'0'..=b'7' = content[at + 1] {
                                value = value * 8 + u32::from(next - b'0');
                                at += 1;
                            }
                        }
                        bytes.push(u8::try_from(value).expect("a byte"));
                    }
                    other => bytes.push(other),
                }
            }
            b'(' => {
                deep += 1;
                bytes.push(b'(');
            }
            b')' => {
                deep -= 1;
                if deep == 0 {
                    return (bytes, at + 1);
                }
                bytes.push(b')');
            }
            other => bytes.push(other),
        }
        at += 1;
    }
}
