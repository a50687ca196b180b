//! Pages written as a PDF by krilla: PDF/UA-1, so every piece is either part of the tree of meanings or marked as there for
//! the eye only. No date and no random id goes in: the same sheet is the same file.

use std::{collections::HashMap, sync::Arc};

use krilla::{
    Document, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::{Metadata, TextDirection},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{Artifact, ArtifactType, BBox, ContentTag, SpanTag, Tag},
    text::{Font, GlyphId, KrillaGlyph, Tag as Axis},
};
use parley::{Cluster, Run};

use crate::{
    Refusal, Sheet, blocks,
    code::Code,
    look::{self, Ink},
    pages::Laid,
    rows::{Item, What},
    setting::Set,
};

type Fonts = HashMap<(u64, u32, Vec<(u32, u32)>), Font>;

/// The PDF of what is laid out.
pub(crate) fn draw(sheet: &Sheet, laid: Laid) -> Result<Vec<u8>, Refusal> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| Refusal::NotWritten(format!("{e:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut drawing = Drawing { laid, fonts: Fonts::new() };
    let mut headings = Vec::new();
    for page in 0..drawing.laid.pages.len() {
        drawing.page(&mut document, page, &mut headings)?;
    }
    document.set_outline(outline(headings));
    document.set_tag_tree(drawing.laid.tree.tags(&sheet.lang));
    let direction = if drawing.laid.mirrored { TextDirection::RightToLeft } else { TextDirection::LeftToRight };
    document.set_metadata(
        Metadata::new()
            .title(blocks::one_line(&sheet.title))
            .language(sheet.lang.clone())
            .creator("Freerange".to_owned())
            .text_direction(direction),
    );
    document.finish().map_err(|e| Refusal::NotWritten(format!("{e:?}")))
}

/// Headings as an outline: the title holds the others, and each holds those below it.
fn outline(headings: Vec<(String, u8, XyzDestination)>) -> Outline {
    fn close(open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline, level: u8) {
        while open.last().is_some_and(|(deep, _)| *deep >= level) {
            let Some((_, node)) = open.pop() else { return };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    }
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    for (words, level, at) in headings {
        close(&mut open, &mut outline, level);
        open.push((level, OutlineNode::new(words, at).with_open(true)));
    }
    close(&mut open, &mut outline, 0);
    outline
}

struct Drawing {
    laid: Laid,
    fonts: Fonts,
}

fn wrong(what: &str) -> Refusal {
    Refusal::NotWritten(what.to_owned())
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: ink.colour().into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn for_the_eye(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

const SPAN: ContentTag<'static> =
    ContentTag::Span(SpanTag { lang: None, alt_text: None, expanded: None, actual_text: None });

impl Drawing {
    fn page(
        &mut self,
        document: &mut Document,
        number: usize,
        headings: &mut Vec<(String, u8, XyzDestination)>,
    ) -> Result<(), Refusal> {
        let look = self.laid.look;
        let settings = PageSettings::from_wh(look.width, look.height).ok_or_else(|| wrong("size"))?;
        let mut page = document.start_page_with(settings);
        let mut links = Vec::new();
        let mut surface = page.surface();
        for (y, row) in std::mem::take(&mut self.laid.pages[number]) {
            let y = look.top + y;
            if let Some((words, level)) = row.heading {
                headings.push((words, level, XyzDestination::new(number, Point::from_xy(look.side, y))));
            }
            for item in row.items {
                self.item(&mut surface, item, y, number, &mut links)?;
            }
        }
        self.foot(&mut surface, number)?;
        surface.finish();
        for (means, address, rect) in links {
            let link = LinkAnnotation::new(rect, Target::Action(Action::Link(LinkAction::new(address.clone()))));
            let drawn = page.add_tagged_annotation(Annotation::new_link(link, Some(address)));
            self.laid.tree.leaf(means, drawn);
        }
        page.finish();
        Ok(())
    }

    fn item(
        &mut self,
        surface: &mut Surface<'_>,
        item: Item,
        y: f32,
        page: usize,
        links: &mut Vec<(usize, String, Rect)>,
    ) -> Result<(), Refusal> {
        let (x, y) = (self.laid.look.side + item.x, y + item.y);
        let rect = |width, height| Rect::from_xywh(x, y, width, height).ok_or_else(|| wrong("an area"));
        let tag = match (item.means, &item.what) {
            (None, _) => for_the_eye(ArtifactType::Layout),
            (Some(_), What::Code { .. }) => ContentTag::Other,
            (Some(_), _) => SPAN,
        };
        if let (What::Link { address, width, height }, Some(means)) = (&item.what, item.means) {
            links.push((means, address.clone(), rect(*width, *height)?));
            return Ok(());
        }
        let drawn = surface.start_tagged(tag);
        let result = match item.what {
            What::Line(set, line) => self.line(surface, &set, line, x, y),
            What::Area { width, height, ink } => rect(width, height).and_then(|rect| {
                surface.set_fill(Some(fill(ink)));
                surface.draw_path(&area(rect).ok_or_else(|| wrong("an area"))?);
                Ok(())
            }),
            What::Code { code, side } => rect(side, side).and_then(|rect| {
                if let Some(means) = item.means {
                    let alt = self.laid.tree.alt(means);
                    self.laid.tree.retag(means, Tag::Figure(alt).with_bbox(Some(BBox::new(page, rect))));
                }
                squares(surface, &code, rect)
            }),
            What::Link { .. } => Ok(()),
        };
        surface.end_tagged();
        result?;
        if let Some(means) = item.means {
            self.laid.tree.leaf(means, drawn);
        }
        Ok(())
    }

    /// What stands below: a line, the words, the number of the page.
    fn foot(&mut self, surface: &mut Surface<'_>, page: usize) -> Result<(), Refusal> {
        let look = self.laid.look;
        let last = page + 1 == self.laid.pages.len();
        let footer = self.laid.footer.clone();
        let number = self.laid.numbers.get(page).cloned();
        if footer.is_empty() && number.is_none() {
            return Ok(());
        }
        let high: f32 = footer.iter().flat_map(|set| (0..set.layout.len()).map(|line| set.height(line))).sum();
        let high = high.max(look.em(look::FOOTER.size * look::FOOTER.line));
        let mut y = look.height - look.bottom - high;
        let rule = Rect::from_xywh(look.side, y - look.em(0.4), look.column(), look.em(0.05)).and_then(area);
        surface.start_tagged(for_the_eye(ArtifactType::Layout));
        surface.set_fill(Some(fill(Ink::Hair)));
        surface.draw_path(&rule.ok_or_else(|| wrong("a line"))?);
        surface.end_tagged();
        let wide = look.em(4.0);
        let (words_at, number_at) = if self.laid.mirrored {
            (look.side + wide, look.side)
        } else {
            (look.side, look.side + look.column() - wide)
        };
        if let Some(set) = number {
            surface.start_tagged(for_the_eye(ArtifactType::PageNumber));
            let result = self.line(surface, &set, 0, number_at, y);
            surface.end_tagged();
            result?;
        }
        for set in footer {
            for line in 0..set.layout.len() {
                let means = self.laid.footer_means.filter(|_| last);
                let tag = if means.is_some() { SPAN } else { for_the_eye(ArtifactType::Footer) };
                let drawn = surface.start_tagged(tag);
                let result = self.line(surface, &set, line, words_at, y);
                surface.end_tagged();
                result?;
                if let Some(means) = means {
                    self.laid.tree.leaf(means, drawn);
                }
                y += set.height(line);
            }
        }
        Ok(())
    }

    fn line(&mut self, surface: &mut Surface<'_>, set: &Set, line: usize, x: f32, y: f32) -> Result<(), Refusal> {
        let Some(line) = set.layout.get(line) else { return Ok(()) };
        let metrics = line.metrics();
        let y = y + metrics.baseline - metrics.block_min_coord;
        let mut x = x + metrics.offset + metrics.inline_min_coord;
        surface.set_fill(Some(fill(set.ink)));
        for run in line.runs() {
            let font = self.font(&run)?;
            let size = run.font_size();
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs(&run), font, &set.text, size, false);
            x += run.advance();
        }
        Ok(())
    }

    fn font(&mut self, run: &Run<'_, ()>) -> Result<Font, Refusal> {
        let font = run.font();
        let synthesis = run.synthesis();
        let axes = synthesis.variation_settings();
        let key = axes.iter().map(|(tag, value)| (u32::from_be_bytes(tag.into_bytes()), value.to_bits())).collect();
        let key = (font.data.id(), font.index, key);
        if let Some(known) = self.fonts.get(&key) {
            return Ok(known.clone());
        }
        let (data, _) = font.data.clone().into_raw_parts();
        let data: Arc<dyn AsRef<[u8]> + Send + Sync> = data;
        let axes: Vec<(Axis, f32)> = axes.iter().map(|(tag, value)| (Axis::new(&tag.into_bytes()), *value)).collect();
        let read = Font::new_variable(data.into(), font.index, &axes).ok_or_else(|| wrong("a font cannot be read"))?;
        self.fonts.insert(key, read.clone());
        Ok(read)
    }
}

/// The glyphs of a run in the order in which they are drawn, each with the characters it stands for.
fn glyphs(run: &Run<'_, ()>) -> Vec<KrillaGlyph> {
    let size = run.font_size().max(f32::MIN_POSITIVE);
    let mut all: Vec<KrillaGlyph> = Vec::new();
    // Where the glyphs of the last cluster begin.
    let mut last = 0;
    for cluster in run.visual_clusters() {
        let range = cluster.text_range();
        // The later parts of a ligature have no glyph: their characters belong to its first, whichever way it is read.
        if cluster.is_ligature_continuation() && last < all.len() {
            for glyph in &mut all[last..] {
                glyph.text_range.start = glyph.text_range.start.min(range.start);
                glyph.text_range.end = glyph.text_range.end.max(range.end);
            }
            continue;
        }
        let glyphs = of_cluster(&cluster, &range, size);
        if !glyphs.is_empty() {
            last = all.len();
            all.extend(glyphs);
        }
    }
    all
}

fn of_cluster(cluster: &Cluster<'_, ()>, range: &std::ops::Range<usize>, size: f32) -> Vec<KrillaGlyph> {
    cluster
        .glyphs()
        .map(|glyph| {
            let (advance, x, y) = (glyph.advance / size, glyph.x / size, glyph.y / size);
            KrillaGlyph::new(GlyphId::new(glyph.id), advance, x, y, 0.0, range.clone(), None)
        })
        .collect()
}

fn area(rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish()
}

/// A code: white, and its dark squares on it.
fn squares(surface: &mut Surface<'_>, code: &Code, place: Rect) -> Result<(), Refusal> {
    // Four squares of white around it belong to the code.
    let one = place.width() / f32::from(code.squares + 8);
    surface.set_fill(Some(fill(Ink::White)));
    surface.draw_path(&area(place).ok_or_else(|| wrong("a code"))?);
    let mut path = PathBuilder::new();
    for (row, from, long) in &code.runs {
        let x = place.left() + one * f32::from(from + 4);
        let y = place.top() + one * f32::from(row + 4);
        path.push_rect(Rect::from_xywh(x, y, one * f32::from(*long), one).ok_or_else(|| wrong("a code"))?);
    }
    surface.set_fill(Some(fill(Ink::Text)));
    surface.draw_path(&path.finish().ok_or_else(|| wrong("a code"))?);
    Ok(())
}
