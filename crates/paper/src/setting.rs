//! Texts set into lines: direction, breaking and shapes of letters are parley's. Promises that every character of a text
//! is a glyph of a font, or it is refused; and that lines are never wider than asked for, unless one letter is.

use std::{collections::BTreeMap, rc::Rc};

use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, FontWeight, Language, Layout, LayoutContext,
    LineHeight, OverflowWrap, StyleProperty, WordBreak,
};

use crate::{Fonts, Refusal, Sheet, Text, fonts, look::Ink, look::Style, words};

/// A text without breaks, set to a width.
pub(crate) struct Set {
    pub(crate) text: String,
    pub(crate) layout: Layout<()>,
    pub(crate) ink: Ink,
}

impl std::fmt::Debug for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Set({:?})", self.text)
    }
}

impl Set {
    /// The words of a line.
    pub(crate) fn line(&self, line: usize) -> &str {
        self.layout.get(line).and_then(|line| self.text.get(line.text_range())).unwrap_or_default()
    }

    /// How high a line is.
    pub(crate) fn height(&self, line: usize) -> f32 {
        self.layout.get(line).map_or(0.0, |line| line.metrics().line_height)
    }

    /// How wide it is, without the space at the ends of lines.
    pub(crate) fn width(&self) -> f32 {
        self.layout.width()
    }
}

/// At which side lines begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Where the text's own writing begins.
    Start,
    Left,
    Right,
}

/// Sets texts.
pub(crate) struct Setter {
    fonts: FontContext,
    context: LayoutContext<()>,
    lang: String,
    families: BTreeMap<String, Vec<String>>,
}

impl Setter {
    /// For one sheet: chooses the fonts for all of its texts.
    pub(crate) fn new(sheet: &Sheet, fonts: &Fonts) -> Result<Self, Refusal> {
        let mut fonts = fonts.clone();
        let mut by_lang: BTreeMap<String, Vec<char>> = BTreeMap::new();
        // Signs that are drawn although nobody wrote them: points, numbers of lists and pages.
        by_lang.entry(sheet.lang.clone()).or_default().extend("•.0123456789/ –".chars());
        if let Some(qr) = &sheet.qr {
            by_lang.entry(sheet.lang.clone()).or_default().extend(qr.address.chars());
        }
        words::each(&mut sheet.clone(), &mut |text| {
            let lang = text.lang.clone().unwrap_or_else(|| sheet.lang.clone());
            by_lang.entry(lang).or_default().extend(text.words.chars());
            Ok(())
        })?;
        let mut families = BTreeMap::new();
        let mut missing = Vec::new();
        for (lang, characters) in by_lang {
            match fonts.chosen(&characters, &lang) {
                Ok(chosen) => drop(families.insert(lang, chosen)),
                Err(Refusal::NoFont(these)) => missing.extend(these.iter().flat_map(|m| m.characters.chars())),
                Err(other) => return Err(other),
            }
        }
        if !missing.is_empty() {
            return Err(Refusal::NoFont(fonts::missing(&missing)));
        }
        Ok(Self {
            fonts: FontContext { collection: fonts.collection, source_cache: parley::fontique::SourceCache::default() },
            context: LayoutContext::new(),
            lang: sheet.lang.clone(),
            families,
        })
    }

    /// The language of a text.
    pub(crate) fn lang<'a>(&'a self, text: &'a Text) -> &'a str {
        text.lang.as_deref().unwrap_or(&self.lang)
    }

    /// A text set to a width, a piece for each of its paragraphs.
    pub(crate) fn set(
        &mut self,
        text: &Text,
        style: Style,
        letter: f32,
        width: f32,
        side: Side,
    ) -> Result<Vec<Rc<Set>>, Refusal> {
        let lang = self.lang(text).to_owned();
        let mut all = Vec::new();
        for words in text.words.split('\n').filter(|words| !words.is_empty()) {
            let layout = self.layout(words, &lang, style, letter, width, side);
            let set = Set { text: words.to_owned(), layout, ink: style.ink };
            whole(&set)?;
            all.push(Rc::new(set));
        }
        Ok(all)
    }

    fn layout(&mut self, words: &str, lang: &str, style: Style, letter: f32, width: f32, side: Side) -> Layout<()> {
        let families: Vec<FontFamilyName<'_>> = self
            .families
            .get(lang)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .map(|name| FontFamilyName::Named(name.as_str().into()))
            .collect();
        let mut builder = self.context.ranged_builder(&mut self.fonts, words, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(families.into())));
        builder.push_default(StyleProperty::FontSize(style.size * letter));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(style.line)));
        builder.push_default(StyleProperty::FontWeight(if style.bold { FontWeight::BOLD } else { FontWeight::NORMAL }));
        builder.push_default(StyleProperty::Locale(Language::parse(lang).ok()));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if words.chars().any(|c| matches!(c, '\u{ac00}'..='\u{d7a3}')) {
            // Korean breaks between words, where there are any.
            builder.push_default(StyleProperty::WordBreak(WordBreak::KeepAll));
        }
        let mut layout = builder.build(words);
        broken(&mut layout, width.max(1.0), side);
        let alignment = match side {
            Side::Start => Alignment::Start,
            Side::Left => Alignment::Left,
            Side::Right => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        layout
    }
}

/// Lines no wider than this; a little narrower, where otherwise the last would be one short word.
fn broken(layout: &mut Layout<()>, width: f32, side: Side) {
    let last = |layout: &Layout<()>| layout.lines().next_back().map_or(0.0, |line| line.metrics().advance);
    layout.break_all_lines(Some(width));
    let lines = layout.len();
    // Lines that end at the right edge would end before it.
    if !(2..=12).contains(&lines) || last(layout) > width * 0.16 || layout.is_rtl() || side == Side::Right {
        return;
    }
    for narrower in [0.97, 0.94, 0.91, 0.88, 0.85] {
        layout.break_all_lines(Some(width * narrower));
        if layout.len() == lines && last(layout) > width * 0.22 {
            return;
        }
    }
    layout.break_all_lines(Some(width));
}

/// Whether every character became a glyph.
fn whole(set: &Set) -> Result<(), Refusal> {
    let mut lost = Vec::new();
    let mut at = 0;
    for line in set.layout.lines() {
        let mut ranges = Vec::new();
        for run in line.runs() {
            for cluster in run.clusters() {
                let range = cluster.text_range();
                if cluster.glyphs().any(|glyph| glyph.id == 0) {
                    lost.extend(set.text.get(range.clone()).unwrap_or_default().chars());
                }
                ranges.push(range);
            }
        }
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        for range in ranges {
            if range.start > at {
                lost.extend(set.text.get(at..range.start).unwrap_or_default().chars());
            }
            at = at.max(range.end);
        }
    }
    lost.extend(set.text.get(at..).unwrap_or_default().chars());
    lost.retain(|c| !words::joins(*c) && !c.is_whitespace());
    if lost.is_empty() { Ok(()) } else { Err(Refusal::NoFont(fonts::missing(&lost))) }
}
