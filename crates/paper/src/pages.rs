//! Rows put on pages. Promises that headings stay with what they begin, that no paragraph leaves one line behind, that
//! every row is on a page, and that what has to be on one page is, or it is said how much is not.

use std::rc::Rc;

use krilla::tagging::Tag;

use crate::{
    Refusal, Sheet, Size,
    blocks::Composer,
    look::{self, Look},
    rows::{Row, Tree},
    setting::{Set, Setter, Side},
};

/// A sheet, laid out.
#[derive(Debug)]
pub(crate) struct Laid {
    pub(crate) look: Look,
    /// Rows of each page, with how far they are from its upper margin.
    pub(crate) pages: Vec<Vec<(f32, Row)>>,
    pub(crate) tree: Tree,
    pub(crate) footer: Vec<Rc<Set>>,
    /// What the footer means, on the last page. On the others it is a repetition.
    pub(crate) footer_means: Option<usize>,
    /// "1 / 3", where there is more than one page.
    pub(crate) numbers: Vec<Rc<Set>>,
    pub(crate) mirrored: bool,
}

/// The sheet on pages.
pub(crate) fn lay(sheet: &Sheet, setter: &mut Setter) -> Result<Laid, Refusal> {
    let looks = Look::of(sheet.size);
    let Some(smallest) = looks.last() else { return Err(Refusal::NotWritten("no look".to_owned())) };
    let mut best = with(sheet, setter, *smallest)?;
    if sheet.size == Size::A4 {
        return Ok(best);
    }
    if best.pages.len() > 1 {
        return Err(too_much(&best));
    }
    // The largest letters with which it is one page: those before `low` are too large, `high` is not.
    let (mut low, mut high) = (0, looks.len() - 1);
    while low < high {
        let middle = usize::midpoint(low, high);
        let laid = with(sheet, setter, looks[middle])?;
        if laid.pages.len() == 1 {
            best = laid;
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(best)
}

fn too_much(laid: &Laid) -> Refusal {
    let count = |pages: &[Vec<(f32, Row)>]| pages.iter().flatten().map(|(_, row)| row.characters()).sum();
    let over = &laid.pages[1..];
    let from = over.iter().flatten().flat_map(|(_, row)| row.lines()).find(|words| words.trim().chars().count() > 1);
    Refusal::TooMuch {
        over: count(over),
        of: count(&laid.pages),
        from: from.unwrap_or_default().trim().chars().take(60).collect(),
    }
}

fn with(sheet: &Sheet, setter: &mut Setter, look: Look) -> Result<Laid, Refusal> {
    let mut composer = Composer::new(sheet, setter, look);
    composer.sheet(sheet)?;
    let number = look.em(4.0);
    let footer = composer.set(&sheet.footer, look::FOOTER, look.column() - number, Side::Start)?;
    let footer_means = (!footer.is_empty())
        .then(|| composer.tree.node(None, krilla::tagging::TagKind::from(Tag::P).with_lang(sheet.footer.lang.clone())));
    let Composer { rows, tree, mirrored, .. } = composer;
    let foot: f32 = footer.iter().flat_map(|set| (0..set.layout.len()).map(|line| set.height(line))).sum();
    let foot = foot.max(look.em(look::FOOTER.size * look::FOOTER.line));
    let room = look.height - look.top - look.bottom - foot - look.em(1.2);
    let pages = broken(rows, room);
    let mut numbers = Vec::new();
    if pages.len() > 1 {
        let side = if mirrored { Side::Left } else { Side::Right };
        for page in 1..=pages.len() {
            let text = format!("{page} / {}", pages.len()).into();
            numbers.extend(setter.set(&text, look::FOOTER, look.letter, number, side)?);
        }
    }
    Ok(Laid { look, pages, tree, footer, footer_means, numbers, mirrored })
}

/// Rows on pages of this height.
fn broken(rows: Vec<Row>, room: f32) -> Vec<Vec<(f32, Row)>> {
    let mut pages: Vec<Vec<(f32, Row)>> = vec![Vec::new()];
    let mut filled = 0.0;
    let mut group: Vec<Row> = Vec::new();
    let place = |group: &mut Vec<Row>, pages: &mut Vec<Vec<(f32, Row)>>, filled: &mut f32| {
        let high = |first: bool| {
            group
                .iter()
                .enumerate()
                .map(|(at, row)| row.height + if first && at == 0 { 0.0 } else { row.before })
                .sum::<f32>()
        };
        let empty = pages.last().is_none_or(Vec::is_empty);
        if !empty && *filled + high(false) > room && high(true) <= room {
            pages.push(Vec::new());
            *filled = 0.0;
        }
        for row in group.drain(..) {
            let empty = pages.last().is_none_or(Vec::is_empty);
            let before = if empty { 0.0 } else { row.before };
            if !empty && *filled + before + row.height > room {
                pages.push(Vec::new());
                *filled = 0.0;
            } else {
                *filled += before;
            }
            let height = row.height;
            if let Some(page) = pages.last_mut() {
                page.push((*filled, row));
            }
            *filled += height;
        }
    };
    for row in rows {
        let on = row.keep;
        // White at the foot of a block is not worth a page.
        if row.items.is_empty() && !on && filled + row.height > room && group.is_empty() {
            continue;
        }
        group.push(row);
        if !on {
            place(&mut group, &mut pages, &mut filled);
        }
    }
    place(&mut group, &mut pages, &mut filled);
    if let Some(last) = pages.last_mut()
        && let Some(sinks) = last.iter().position(|(_, row)| row.sinks)
    {
        let end = last.last().map_or(room, |(y, row)| y + row.height);
        let down = (room - end).max(0.0);
        last[sinks..].iter_mut().for_each(|(y, _)| *y += down);
    }
    pages
}
