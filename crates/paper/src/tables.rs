//! Tables and bars: cells side by side. A bar is a row of a table that is also drawn, so that whoever listens hears the
//! same as whoever looks.

use std::rc::Rc;

use krilla::tagging::{TableHeaderScope, Tag};

use crate::{
    Bar, Refusal, Text,
    blocks::{Column, Composer},
    look::{self, Ink, Style},
    rows::{Item, Row, What},
    setting::{Set, Side},
};

/// Wide enough for every text on one line.
const ENDLESS: f32 = 100_000.0;
/// A row of a table with more lines than this may be cut between pages.
const LONG: usize = 12;

/// A cell, set.
struct Cell {
    column: Column,
    sets: Vec<Rc<Set>>,
}

impl Cell {
    /// Its lines, of all its paragraphs.
    fn lines(&self) -> Vec<(&Rc<Set>, usize)> {
        self.sets.iter().flat_map(|set| (0..set.layout.len()).map(move |line| (set, line))).collect()
    }
}

impl Composer<'_> {
    pub(crate) fn figures(&mut self, caption: &Text, head: &[Text], rows: &[Vec<Text>]) -> Result<(), Refusal> {
        let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
        if columns == 0 || (rows.is_empty() && head.is_empty()) {
            return Ok(());
        }
        let table = self.tree.node(None, Tag::Table);
        if !caption.words.is_empty() {
            let means = self.node(Some(table), Tag::Caption, caption);
            let whole = Column::new(0.0, self.look.column(), means);
            let first = self.lines(caption, look::CAPTION, whole, self.look.em(0.9))?;
            self.rows[first..].iter_mut().for_each(|row| row.keep = true);
        }
        let widths = self.widths(columns, head, rows)?;
        let mut before = self.look.em(0.5);
        if !head.is_empty() {
            let group = self.tree.node(Some(table), Tag::THead);
            let from = self.row(group, head, &widths, true, before)?;
            self.rows[from..].iter_mut().for_each(|row| row.keep = true);
            before = self.look.em(0.25);
        }
        if !rows.is_empty() {
            let group = self.tree.node(Some(table), Tag::TBody);
            for row in rows {
                self.row(group, row, &widths, false, before)?;
                before = self.look.em(0.25);
            }
        }
        self.rows.push(Row { height: self.look.em(0.5), ..Row::default() });
        Ok(())
    }

    /// How wide columns are: as wide as they want, if that fits; what is left goes to the first.
    fn widths(&mut self, columns: usize, head: &[Text], rows: &[Vec<Text>]) -> Result<Vec<f32>, Refusal> {
        let gap = self.look.em(1.2);
        let mut want = vec![0.0_f32; columns];
        for (style, row) in
            std::iter::once((look::CELL_HEAD, head)).chain(rows.iter().map(|row| (look::CELL, &row[..])))
        {
            for (at, text) in row.iter().enumerate() {
                for set in self.set(text, style, ENDLESS, Side::Left)? {
                    want[at] = want[at].max(set.width() + 1.0);
                }
            }
        }
        let columns = f32::from(u8::try_from(columns).unwrap_or(u8::MAX));
        let room = self.look.column() - gap * (columns - 1.0);
        let fair = room / columns;
        let all: f32 = want.iter().sum();
        if all <= room {
            want[0] += room - all;
            return Ok(want);
        }
        let small: f32 = want.iter().filter(|w| **w <= fair).sum();
        let large: f32 = want.iter().filter(|w| **w > fair).sum();
        Ok(want.into_iter().map(|w| if w <= fair { w } else { (room - small) * w / large }).collect())
    }

    fn row(&mut self, group: usize, texts: &[Text], widths: &[f32], head: bool, before: f32) -> Result<usize, Refusal> {
        let gap = self.look.em(1.2);
        let tr = self.tree.node(Some(group), Tag::TR);
        let nothing = Text::from("–");
        let mut x = 0.0;
        let mut cells = Vec::new();
        for (at, width) in widths.iter().enumerate() {
            let text = texts.get(at).filter(|text| !text.words.is_empty()).unwrap_or(&nothing);
            let means = match (head, at) {
                (true, _) => self.node(Some(tr), Tag::TH(TableHeaderScope::Column), text),
                (false, 0) => self.node(Some(tr), Tag::TH(TableHeaderScope::Row), text),
                (false, _) => self.node(Some(tr), Tag::TD, text),
            };
            let side = if at == 0 { Side::Start } else { self.end() };
            let style = if head { look::CELL_HEAD } else { look::CELL };
            cells.push(Cell { column: Column::new(x, *width, means), sets: self.set(text, style, *width, side)? });
            x += width + gap;
        }
        let from = self.cells(&cells, before);
        let (thick, ink) = if head { (0.1, Ink::Green) } else { (0.05, Ink::Hair) };
        self.rule(thick, ink);
        Ok(from)
    }

    /// A line under the last row.
    fn rule(&mut self, thick: f32, ink: Ink) {
        let (down, thick) = (self.look.em(0.25), self.look.em(thick));
        let Some(last) = self.rows.last() else { return };
        let rule = self.area(0.0, last.height + down, self.look.column(), thick, ink);
        if let Some(last) = self.rows.last_mut() {
            last.height += down + thick;
            last.items.push(rule);
        }
    }

    /// Cells side by side, line by line. Gives the number of the first row.
    fn cells(&mut self, cells: &[Cell], before: f32) -> usize {
        let first = self.rows.len();
        let cells: Vec<_> = cells.iter().map(|cell| (cell.column, cell.lines())).collect();
        let lines = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        for line in 0..lines {
            let before = if line == 0 { before } else { 0.0 };
            let mut row = Row { before, keep: line + 1 < lines && lines <= LONG, ..Row::default() };
            for (column, lines) in &cells {
                if let Some((set, at)) = lines.get(line) {
                    row.height = row.height.max(set.height(*at));
                    let x = self.place(column.x, column.width);
                    let what = What::Line(Rc::clone(set), *at);
                    row.items.push(Item { x, y: 0.0, means: Some(column.means), what });
                }
            }
            self.rows.push(row);
        }
        first
    }

    pub(crate) fn bars(&mut self, caption: &Text, share: &Text, reference: &Text, bars: &[Bar]) -> Result<(), Refusal> {
        if bars.is_empty() {
            return Ok(());
        }
        let look = self.look;
        let compared = bars.iter().any(|bar| bar.reference.is_some());
        let table = self.tree.node(None, Tag::Table);
        let group = self.tree.node(Some(table), Tag::THead);
        let tr = self.tree.node(Some(group), Tag::TR);
        let nothing = Text::from("–");
        let or_nothing = |text: &Text| if text.words.is_empty() { nothing.clone() } else { text.clone() };
        let caption = or_nothing(caption);
        let means = self.node(Some(tr), Tag::TH(TableHeaderScope::Column), &caption);
        let first = self.lines(&caption, look::CAPTION, Column::new(0.0, look.column(), means), look.em(0.9))?;
        let mut legend = vec![(or_nothing(share), Ink::Bar, 0.9)];
        if compared {
            legend.push((or_nothing(reference), Ink::Text, 0.16));
        }
        let mut cells = Vec::new();
        let mut marks = Vec::new();
        let half = look.column() / if compared { 2.0 } else { 1.0 };
        let mut x = 0.0;
        for (text, ink, wide) in legend {
            let means = self.node(Some(tr), Tag::TH(TableHeaderScope::Column), &text);
            let (inset, most) = (look.em(wide + 0.45), half - look.em(2.5));
            let sets = self.set(&text, look::CELL_HEAD, most, self.start())?;
            let wide_as = sets.iter().map(|set| set.width()).fold(0.0, f32::max);
            marks.push(self.area(x, look.em(0.2), look.em(wide), look.em(0.75), ink));
            cells.push(Cell { column: Column::new(x + inset, most, means), sets });
            x += inset + wide_as + look.em(1.6);
        }
        let row = self.cells(&cells, look.em(0.2));
        if let Some(row) = self.rows.get_mut(row) {
            marks.append(&mut row.items);
            row.items = marks;
        }
        self.rows[first..].iter_mut().for_each(|row| row.keep = true);
        let group = self.tree.node(Some(table), Tag::TBody);
        let mut widest = 0.0_f32;
        for bar in bars {
            for set in self.set(&bar.label, look::CELL, ENDLESS, Side::Left)? {
                widest = widest.max(set.width() + 1.0);
            }
        }
        for (at, bar) in bars.iter().enumerate() {
            self.bar(group, bar, compared, widest, look.em(if at == 0 { 0.45 } else { 0.3 }))?;
        }
        self.rows.push(Row { height: look.em(0.5), ..Row::default() });
        Ok(())
    }

    fn bar(&mut self, group: usize, bar: &Bar, compared: bool, widest: f32, before: f32) -> Result<(), Refusal> {
        let look = self.look;
        let all = look.column();
        let tr = self.tree.node(Some(group), Tag::TR);
        let nothing = Text::from("–");
        let gap = look.em(0.9);
        let number = look.em(if compared { 4.0 } else { 4.6 });
        let numbers = if compared { 2.0 * number + gap } else { number };
        let label = widest.min((all - numbers) * 0.42);
        let (from, room) = (label + gap, all - numbers - label - 2.0 * gap);
        let reference = bar.reference.as_ref();
        let mut texts: Vec<(&Text, Style, f32, f32)> =
            vec![(&bar.label, look::CELL, 0.0, label), (&bar.share_says, look::CELL_STRONG, all - numbers, number)];
        if compared {
            texts.push((reference.map_or(&nothing, |(_, says)| says), look::CELL_SOFT, all - number, number));
        }
        let mut cells = Vec::new();
        for (at, (text, style, x, width)) in texts.into_iter().enumerate() {
            let text = if text.words.is_empty() { &nothing } else { text };
            let means = match at {
                0 => self.node(Some(tr), Tag::TH(TableHeaderScope::Row), text),
                _ => self.node(Some(tr), Tag::TD, text),
            };
            let side = if at == 0 { self.start() } else { self.end() };
            cells.push(Cell { column: Column::new(x, width, means), sets: self.set(text, style, width, side)? });
        }
        let row = self.cells(&cells, before);
        let high = look.em(0.78);
        let Some(height) = self.rows.get(row).map(|row| row.height) else { return Ok(()) };
        let y = (height - high) / 2.0;
        let mut drawn = vec![self.area(from, y, room, high, Ink::Leaf)];
        let share = part(bar.share) * room;
        if share > 0.0 {
            drawn.push(self.area(from, y, share, high, Ink::Bar));
        }
        if let Some((reference, _)) = reference {
            let (thick, over) = (look.em(0.16), look.em(0.2));
            let x = from + (part(*reference) * room - thick / 2.0).clamp(0.0, room - thick);
            drawn.push(self.area(x, y - over, thick, high + 2.0 * over, Ink::Text));
        }
        if let Some(row) = self.rows.get_mut(row) {
            drawn.append(&mut row.items);
            row.items = drawn;
        }
        Ok(())
    }
}

/// A share as it can be drawn.
fn part(share: f32) -> f32 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}
