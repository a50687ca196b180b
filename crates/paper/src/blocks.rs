//! Blocks made into rows, each with what it means. Promises that whatever is said is in the tree of meanings once, in
//! reading order, and that what is only there for the eye is not.

use std::{num::NonZeroU16, rc::Rc};

use krilla::tagging::{ListNumbering, Tag, TagKind};

use crate::{
    Block, Qr, Refusal, Sheet, Text,
    code::{self, Code},
    look::{self, Ink, Look, Style},
    rows::{Item, Row, Tree, What},
    setting::{Set, Setter, Side},
};

/// Languages written from right to left.
const FROM_THE_RIGHT: [&str; 10] = ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

/// Rows of one sheet, in the making.
pub(crate) struct Composer<'a> {
    pub(crate) setter: &'a mut Setter,
    pub(crate) look: Look,
    pub(crate) rows: Vec<Row>,
    pub(crate) tree: Tree,
    /// Whether the sheet is read from right to left.
    pub(crate) mirrored: bool,
}

/// Whether a language is written from right to left.
pub(crate) fn from_the_right(lang: &str) -> bool {
    let first = lang.split('-').next().unwrap_or_default().to_ascii_lowercase();
    FROM_THE_RIGHT.contains(&first.as_str())
}

/// Lines to come: where, how wide, and what they mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) means: usize,
    pub(crate) side: Side,
}

impl Column {
    pub(crate) const fn new(x: f32, width: f32, means: usize) -> Self {
        Self { x, width, means, side: Side::Start }
    }
}

impl<'a> Composer<'a> {
    pub(crate) fn new(sheet: &Sheet, setter: &'a mut Setter, look: Look) -> Self {
        Self { setter, look, rows: Vec::new(), tree: Tree::default(), mirrored: from_the_right(&sheet.lang) }
    }

    /// The whole sheet, but for its footer.
    pub(crate) fn sheet(&mut self, sheet: &Sheet) -> Result<(), Refusal> {
        self.title(sheet)?;
        let notes = sheet.blocks.iter().rev().take_while(|block| matches!(block, Block::Note { .. })).count();
        let body = sheet.blocks.len() - notes;
        let mut after_note = false;
        for (at, block) in sheet.blocks.iter().enumerate() {
            let from = self.rows.len();
            self.block(block, after_note)?;
            after_note = matches!(block, Block::Note { .. });
            for row in &mut self.rows[from..] {
                row.sinks = at >= body;
            }
        }
        sheet.qr.as_ref().map_or(Ok(()), |qr| self.qr(qr))
    }

    /// Where something lies that begins at `x` from where lines begin.
    pub(crate) fn place(&self, x: f32, width: f32) -> f32 {
        if self.mirrored { self.look.column() - x - width } else { x }
    }

    /// The side at which lines of the sheet begin, whatever they are written in.
    pub(crate) fn start(&self) -> Side {
        if self.mirrored { Side::Right } else { Side::Left }
    }

    /// The side at which numbers end.
    pub(crate) fn end(&self) -> Side {
        if self.mirrored { Side::Left } else { Side::Right }
    }

    pub(crate) fn node(&mut self, within: Option<usize>, tag: impl Into<TagKind>, text: &Text) -> usize {
        self.tree.node(within, tag.into().with_lang(text.lang.clone()))
    }

    pub(crate) fn set(&mut self, text: &Text, style: Style, width: f32, side: Side) -> Result<Vec<Rc<Set>>, Refusal> {
        self.setter.set(text, style, self.look.letter, width, side)
    }

    /// An area that is only there for the eye.
    pub(crate) fn area(&self, x: f32, y: f32, width: f32, height: f32, ink: Ink) -> Item {
        Item { x: self.place(x, width), y, means: None, what: What::Area { width, height, ink } }
    }

    /// A text as rows of its own. Gives the number of the first.
    pub(crate) fn lines(&mut self, text: &Text, style: Style, column: Column, before: f32) -> Result<usize, Refusal> {
        let first = self.rows.len();
        let x = self.place(column.x, column.width);
        let between = self.look.em(0.35);
        for (piece, set) in self.set(text, style, column.width, column.side)?.into_iter().enumerate() {
            let lines = set.layout.len();
            for line in 0..lines {
                let what = What::Line(Rc::clone(&set), line);
                self.rows.push(Row {
                    before: match (piece, line) {
                        (0, 0) => before,
                        (_, 0) => between,
                        _ => 0.0,
                    },
                    height: set.height(line),
                    // Neither the first nor the last line of a paragraph stands alone.
                    keep: lines > 1 && (line == 0 || line + 2 == lines),
                    items: vec![Item { x, y: 0.0, means: Some(column.means), what }],
                    ..Row::default()
                });
            }
        }
        Ok(first)
    }

    fn whole(&self, means: usize) -> Column {
        Column::new(0.0, self.look.column(), means)
    }

    /// No page ends between these rows and what comes next.
    fn hold(&mut self, from: usize) {
        for row in &mut self.rows[from..] {
            row.keep = true;
        }
    }

    fn title(&mut self, sheet: &Sheet) -> Result<(), Refusal> {
        let look = self.look;
        let poster = look.poster;
        let (above, mut title) =
            if poster { (look::ABOVE.ink(Ink::Leaf), look::TITLE.ink(Ink::White)) } else { (look::ABOVE, look::TITLE) };
        // A long title in the largest letters would be the whole poster.
        if sheet.title.words.chars().count() > 70 {
            title.size *= 0.8;
        }
        let mut before = 0.0;
        if !poster {
            let bar = self.area(0.0, 0.0, look.em(4.2), look.em(0.36), Ink::Sun);
            self.rows.push(Row { height: look.em(0.36), keep: true, items: vec![bar], ..Row::default() });
            before = look.em(1.0);
        }
        if !sheet.above.words.is_empty() {
            let node = self.node(None, Tag::P, &sheet.above);
            self.lines(&sheet.above, above, self.whole(node), before)?;
            before = look.em(0.3);
        }
        let node = self.node(None, Tag::Hn(NonZeroU16::MIN, Some(one_line(&sheet.title))), &sheet.title);
        let first = self.lines(&sheet.title, title, self.whole(node), before)?;
        self.mark(first, &sheet.title, 1);
        self.hold(0);
        if poster {
            self.band();
        } else {
            self.rows.push(Row { height: look.em(0.5), keep: true, ..Row::default() });
        }
        Ok(())
    }

    /// The head of a poster: white letters on green, to the edges of the paper.
    fn band(&mut self) {
        let look = self.look;
        let below = look.em(1.1);
        let high = look.top + self.rows.iter().map(|row| row.before + row.height).sum::<f32>() + below;
        let stripe = look.em(0.3);
        for (y, height, ink) in [(-look.top, high, Ink::Deep), (high - look.top, stripe, Ink::Sun)].into_iter().rev() {
            let what = What::Area { width: look.width, height, ink };
            if let Some(first) = self.rows.first_mut() {
                first.items.insert(0, Item { x: -look.side, y, means: None, what });
            }
        }
        self.rows.push(Row { height: below + stripe + look.em(0.4), keep: true, ..Row::default() });
    }

    fn mark(&mut self, row: usize, text: &Text, level: u8) {
        if let Some(row) = self.rows.get_mut(row) {
            row.heading = Some((one_line(text), level));
        }
    }

    fn heading(&mut self, text: &Text, style: Style, level: u8, before: f32) -> Result<(), Refusal> {
        let Some(deep) = NonZeroU16::new(u16::from(level)).filter(|_| !text.words.is_empty()) else { return Ok(()) };
        let node = self.node(None, Tag::Hn(deep, Some(one_line(text))), text);
        let first = self.lines(text, style, self.whole(node), self.look.em(before))?;
        self.mark(first, text, level);
        self.hold(first);
        Ok(())
    }

    fn block(&mut self, block: &Block, after_note: bool) -> Result<(), Refusal> {
        match block {
            Block::Heading(text) => self.heading(text, look::HEADING, 2, 1.5),
            Block::Subheading(text) => self.heading(text, look::SUBHEADING, 3, 1.0),
            Block::Paragraph(text) => self.paragraphs(text),
            Block::List { counted, items } => self.list(*counted, items),
            Block::Quote { words, who } => self.quote(words, who),
            Block::Figures { caption, head, rows } => self.figures(caption, head, rows),
            Block::Bars { caption, share, reference, rows } => self.bars(caption, share, reference, rows),
            Block::Note { mark, text } => self.note(mark, text, after_note),
        }
    }

    fn paragraphs(&mut self, text: &Text) -> Result<(), Refusal> {
        for words in text.words.split('\n').filter(|words| !words.is_empty()) {
            let text = Text { words: words.to_owned(), lang: text.lang.clone() };
            let node = self.node(None, Tag::P, &text);
            self.lines(&text, look::BODY, self.whole(node), self.look.em(0.55))?;
        }
        Ok(())
    }

    fn list(&mut self, counted: bool, items: &[Text]) -> Result<(), Refusal> {
        let items: Vec<&Text> = items.iter().filter(|item| !item.words.is_empty()).collect();
        if items.is_empty() {
            return Ok(());
        }
        let look = self.look;
        let numbering = if counted { ListNumbering::Decimal } else { ListNumbering::Disc };
        let list = self.tree.node(None, Tag::L(numbering));
        let labels: Vec<Text> =
            (1..=items.len()).map(|n| if counted { format!("{n}.").into() } else { "•".into() }).collect();
        let inset = match (counted, items.len()) {
            (false, _) => look.em(1.15),
            (true, 0..10) => look.em(1.7),
            (true, 10..100) => look.em(2.3),
            (true, _) => look.em(3.5),
        };
        let ink = look::BODY.ink(Ink::Green);
        for (at, (item, label)) in items.into_iter().zip(&labels).enumerate() {
            let entry = self.tree.node(Some(list), Tag::LI);
            let lbl = self.tree.node(Some(entry), Tag::Lbl);
            let means = self.node(Some(entry), Tag::LBody, item);
            let column = Column::new(inset, look.column() - inset, means);
            let first = self.lines(item, look::BODY, column, look.em(if at == 0 { 0.55 } else { 0.32 }))?;
            let mark = self.set(label, ink, inset, self.start())?;
            self.beside(first, mark, 0.0, inset, lbl);
        }
        Ok(())
    }

    /// Puts a mark beside the first line of what it belongs to.
    fn beside(&mut self, row: usize, mark: Vec<Rc<Set>>, x: f32, width: f32, means: usize) {
        let x = self.place(x, width);
        if let (Some(row), Some(set)) = (self.rows.get_mut(row), mark.into_iter().next()) {
            row.items.insert(0, Item { x, y: 0.0, means: Some(means), what: What::Line(set, 0) });
        }
    }

    fn quote(&mut self, words: &Text, who: &Text) -> Result<(), Refusal> {
        if words.words.is_empty() {
            return Ok(());
        }
        let look = self.look;
        let first = self.rows.len();
        let quote = self.tree.node(None, Tag::BlockQuote);
        let (inset, thick) = (look.em(1.2), look.em(0.24));
        let width = look.column() - inset;
        // Words written the other way round than the sheet have their stroke, and their speaker, at their own side.
        let set = self.set(words, look::QUOTE, width, Side::Start)?;
        let turned = set.first().is_some_and(|set| set.layout.is_rtl()) != self.mirrored;
        let (x, stroke, side) =
            if turned { (0.0, look.column() - thick, self.end()) } else { (inset, 0.0, self.start()) };
        let means = self.node(Some(quote), Tag::P, words);
        self.lines(words, look::QUOTE, Column::new(x, width, means), look.em(0.8))?;
        if !who.words.is_empty() {
            let means = self.node(Some(quote), Tag::P, who);
            if let Some(last) = self.rows.last_mut() {
                last.keep = true;
            }
            self.lines(who, look::WHO, Column { x, width, means, side }, look.em(0.1))?;
        }
        for at in first..self.rows.len() {
            let up = if at == first { 0.0 } else { self.rows[at].before };
            // A little longer than the line, so that no seam shows between two of them.
            let over = if at + 1 < self.rows.len() { thick } else { 0.0 };
            let bar = self.area(stroke, -up, thick, self.rows[at].height + up + over, Ink::Sun);
            self.rows[at].items.insert(0, bar);
        }
        self.rows.push(Row { height: look.em(0.25), ..Row::default() });
        Ok(())
    }

    fn note(&mut self, mark: &Text, text: &Text, after_note: bool) -> Result<(), Refusal> {
        if text.words.is_empty() {
            return Ok(());
        }
        let look = self.look;
        if !after_note {
            let rule = self.area(0.0, 0.0, look.em(5.0), look.em(0.06), Ink::Hair);
            let row =
                Row { before: look.em(0.9), height: look.em(0.3), keep: true, items: vec![rule], ..Row::default() };
            self.rows.push(row);
        }
        let note = self.node(None, Tag::Note, text);
        let marks = self.set(mark, look::NOTE, look.em(6.0), self.start())?;
        let inset = marks.first().map_or(0.0, |set| (set.width() + look.em(0.45)).clamp(look.em(1.0), look.em(6.0)));
        let lbl = (!marks.is_empty()).then(|| self.node(Some(note), Tag::Lbl, mark));
        let means = self.tree.node(Some(note), Tag::P);
        let first = self.lines(text, look::NOTE, Column::new(inset, look.column() - inset, means), look.em(0.2))?;
        if let Some(lbl) = lbl {
            self.beside(first, marks, 0.0, look.em(6.0), lbl);
        }
        Ok(())
    }

    /// The card with the code: one row, so that nothing of it goes to another page.
    fn qr(&mut self, qr: &Qr) -> Result<(), Refusal> {
        let look = self.look;
        let pad = look.em(0.9);
        let side = look.em(6.4).max(62.0);
        let code: Code = code::code(&qr.address)?;
        let x = 2.0 * pad + side;
        let width = look.column() - x - pad;
        let mut texts = Vec::new();
        let mut high = 0.0;
        let paragraph = self.node(None, Tag::P, &qr.says);
        for set in self.set(&qr.says, look::SAYS, width, Side::Start)? {
            texts.push((paragraph, set));
        }
        let alt = if qr.says.words.is_empty() {
            qr.address.clone()
        } else {
            format!("{}: {}", one_line(&qr.says), qr.address)
        };
        let figure = self.tree.node(None, Tag::Figure(Some(alt)));
        let paragraph = self.tree.node(None, Tag::P);
        let followed = qr.address.starts_with("https://") || qr.address.starts_with("http://");
        let link = if followed { self.tree.node(Some(paragraph), Tag::Link) } else { paragraph };
        for set in self.set(&Text::from(qr.address.as_str()), look::ADDRESS, width, self.start())? {
            texts.push((link, set));
        }
        let mut items = Vec::new();
        for (means, set) in texts {
            for line in 0..set.layout.len() {
                let height = set.height(line);
                let x = self.place(x, width);
                items.push(Item { x, y: high, means: Some(means), what: What::Line(Rc::clone(&set), line) });
                if followed && means == link {
                    let what = What::Link { address: qr.address.clone(), width, height };
                    items.push(Item { x, y: high, means: Some(link), what });
                }
                high += height;
            }
        }
        let inner = side.max(high);
        for item in &mut items {
            item.y += pad + (inner - high) / 2.0;
        }
        let height = inner + 2.0 * pad;
        let at = Item { x: self.place(pad, side), y: pad, means: Some(figure), what: What::Code { code, side } };
        let mut all = vec![self.area(0.0, 0.0, look.column(), height, Ink::Pale), at];
        all.append(&mut items);
        self.rows.push(Row { before: look.em(1.4), height, sinks: true, items: all, ..Row::default() });
        Ok(())
    }
}

/// A text as one line, for names of headings.
pub(crate) fn one_line(text: &Text) -> String {
    text.words.replace('\n', " ")
}
