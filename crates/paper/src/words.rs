//! Texts as they can be set: signs that only steer machines are gone, every kind of line break is one, limits are kept.
//! Promises that nobody can turn a page's reading order round with an invisible sign, and that no visible one is lost.

use crate::{
    Bar, Block, Limit, MOST_BESIDE, MOST_CHARACTERS, MOST_COLUMNS, MOST_IN_ONE, MOST_PIECES, Qr, Refusal, Sheet, Text,
};

/// The sheet with its texts cleaned, or why it is refused.
pub(crate) fn ready(sheet: &Sheet) -> Result<Sheet, Refusal> {
    let mut sheet = sheet.clone();
    let lang = sheet.lang.clone();
    language(&lang)?;
    let mut counted = 0;
    each(&mut sheet, &mut |text| {
        text.words = clean(&text.words);
        let one = text.words.chars().count();
        within(Limit::InOne, one, MOST_IN_ONE)?;
        counted += one;
        if let Some(lang) = &text.lang {
            language(lang)?;
        }
        within(Limit::Characters, counted, MOST_CHARACTERS)
    })?;
    let pieces = sheet.blocks.iter().map(pieces).sum();
    within(Limit::Pieces, pieces, MOST_PIECES)?;
    for block in &sheet.blocks {
        if let Block::Figures { head, rows, .. } = block {
            let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
            within(Limit::Columns, columns, MOST_COLUMNS)?;
        }
    }
    within(Limit::Beside, sheet.footer.words.chars().count(), MOST_BESIDE)?;
    if let Some(Qr { address, says }) = &mut sheet.qr {
        *address = clean(address).replace('\n', " ");
        within(Limit::Beside, address.chars().count(), MOST_BESIDE)?;
        within(Limit::Beside, says.words.chars().count(), MOST_BESIDE)?;
    }
    if sheet.title.words.is_empty() { Err(Refusal::NoTitle) } else { Ok(sheet) }
}

fn within(what: Limit, is: usize, most: usize) -> Result<(), Refusal> {
    if is <= most { Ok(()) } else { Err(Refusal::TooMany { what, is, most }) }
}

fn language(tag: &str) -> Result<(), Refusal> {
    let mut parts = tag.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest && tag.len() <= 35 { Ok(()) } else { Err(Refusal::NoLanguage(tag.chars().take(40).collect())) }
}

fn pieces(block: &Block) -> usize {
    match block {
        Block::List { items, .. } => items.len().max(1),
        Block::Figures { head, rows, .. } => 1 + head.len() + rows.iter().map(|row| row.len().max(1)).sum::<usize>(),
        Block::Bars { rows, .. } => 1 + rows.len(),
        _ => 1,
    }
}

/// Every text of a sheet, in reading order.
pub(crate) fn each(sheet: &mut Sheet, to: &mut dyn FnMut(&mut Text) -> Result<(), Refusal>) -> Result<(), Refusal> {
    to(&mut sheet.above)?;
    to(&mut sheet.title)?;
    for block in &mut sheet.blocks {
        match block {
            Block::Heading(text) | Block::Subheading(text) | Block::Paragraph(text) => to(text)?,
            Block::List { items, .. } => items.iter_mut().try_for_each(&mut *to)?,
            Block::Quote { words, who } => [words, who].into_iter().try_for_each(&mut *to)?,
            Block::Figures { caption, head, rows } => {
                to(caption)?;
                head.iter_mut().chain(rows.iter_mut().flatten()).try_for_each(&mut *to)?;
            }
            Block::Bars { caption, share, reference, rows } => {
                [caption, share, reference].into_iter().try_for_each(&mut *to)?;
                for Bar { label, share_says, reference, .. } in rows {
                    to(label)?;
                    to(share_says)?;
                    if let Some((_, says)) = reference {
                        to(says)?;
                    }
                }
            }
            Block::Note { mark, text } => [mark, text].into_iter().try_for_each(&mut *to)?,
        }
    }
    to(&mut sheet.footer)?;
    sheet.qr.as_mut().map_or(Ok(()), |qr| to(&mut qr.says))
}

/// A text without what only steers machines, without space at its ends, with `\n` as its only break.
pub(crate) fn clean(words: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let whole = words.replace("\r\n", "\n");
    for line in whole.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let line: String = line.chars().filter(|c| !steers(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let line = line.trim();
        // What is left of a line may be signs that nobody sees, such as joiners.
        if line.chars().any(|c| !joins(c) && !c.is_whitespace()) {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n")
}

/// Signs that have no shape of their own but belong to the words: joiners and marks of direction.
pub(crate) fn joins(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{61c}')
}

/// Signs that are taken out: controls, embeddings and overrides of direction, soft hyphens, variation selectors, tags,
/// noncharacters.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        )
        || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || matches!(c, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}
