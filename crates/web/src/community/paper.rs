//! The notice as a file to print: A4, or a poster with large letters. What it says is what the page says.

use axum::{
    extract::{Path, Query},
    http::header,
    response::{IntoResponse as _, Response},
};
use freerange_i18n::Lang;
use freerange_paper::{Block, Fonts, Qr, Refusal, Sheet, Size, Text};
use serde::Deserialize;
use std::sync::OnceLock;

use super::{Notice, VisitRow, notice_of};
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
};

/// On which paper.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Paper {
    /// `a4`, `a3` or `a2`; A4 when nothing is said.
    #[serde(default)]
    size: String,
    /// In which language; the reader's when nothing is said. What people wrote stays as they wrote it.
    #[serde(default)]
    lang: String,
}

impl Paper {
    fn size(&self) -> Result<Size, Problem> {
        match self.size.as_str() {
            "" | "a4" => Ok(Size::A4),
            "a3" => Ok(Size::A3Poster),
            "a2" => Ok(Size::A2Poster),
            _ => Err(Problem::not_found()),
        }
    }
}

/// The fonts of this machine, looked for once.
fn fonts() -> &'static Fonts {
    static FOUND: OnceLock<Fonts> = OnceLock::new();
    FOUND.get_or_init(|| Fonts::in_folders(&Fonts::system_folders()))
}

/// How much of it is on it: a poster has few words in large letters.
struct Much {
    visits: usize,
    quotes: usize,
}

impl Much {
    const fn on(size: Size) -> Self {
        match size {
            Size::A4 | Size::A4OnePage => Self { visits: super::ON_A_NOTICE, quotes: 3 },
            Size::A3Poster | Size::A2Poster => Self { visits: 3, quotes: 1 },
        }
    }
}

fn visit(page: &Notice, v: &VisitRow, quotes: usize) -> Vec<Block> {
    let t = page.page.t;
    let mut blocks = vec![
        Block::Subheading(v.title.as_str().into()),
        Block::Paragraph(format!("{} · {}", page.page.when(&v.starts_at), v.department).into()),
    ];
    let quote = |words: &String| Block::Quote { words: words.as_str().into(), who: Text::default() };
    blocks.extend(v.heard.iter().take(quotes).map(quote));
    blocks.extend(v.told_back.iter().map(|told| Block::Paragraph(format!("{}: {told}", t.told_became()).into())));
    blocks.extend(v.decided.iter().map(|what| Block::Paragraph(format!("{} {what}", t.community_decided()).into())));
    if !v.became.is_empty() {
        let item = |b: &super::BecameRow| {
            let stands = format!("{}: {}", b.title, t.of("change-status", b.status));
            let why = b.why_not.as_ref().map(|why| format!(". {} {why}", t.community_why_not()));
            Text::from(stands + &why.unwrap_or_default())
        };
        blocks.push(Block::List { counted: false, items: v.became.iter().map(item).collect() });
    }
    if v.told_back.is_none() && v.became.is_empty() && v.decided.is_none() {
        blocks.push(Block::Paragraph(t.notice_nothing_yet(page.page.when(&v.told_by)).into()));
    }
    blocks
}

fn sheet(page: &Notice, size: Size, address: String) -> Sheet {
    let t = page.page.t;
    let mut blocks = vec![Block::Paragraph(t.notice_lead().into())];
    let much = Much::on(size);
    for v in page.told.iter().take(much.visits) {
        blocks.extend(visit(page, v, much.quotes));
    }
    if page.told.is_empty() {
        blocks.push(Block::Paragraph(t.notice_nothing().into()));
    }
    if !page.planned.is_empty() {
        let item = |v: &VisitRow| format!("{}: {}, {}", v.title, page.page.when(&v.starts_at), v.department).into();
        let items = page.planned.iter().take(much.visits).map(item).collect();
        blocks.push(Block::Heading(t.community_planned().into()));
        blocks.push(Block::List { counted: false, items });
    }
    Sheet {
        size,
        lang: page.page.lang.to_owned(),
        above: page.page.city.as_str().into(),
        title: t.notice_title(&page.place_local).into(),
        blocks,
        footer: t.notice_foot(page.page.day(&page.today)).into(),
        qr: Some(Qr { address, says: t.notice_qr().into() }),
    }
}

/// Why there is no file, in a sentence that says what to do.
fn said(ctx: &Ctx, refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoFont(missing) => {
            let scripts: Vec<&str> = missing.iter().map(|m| m.script.as_str()).collect();
            ctx.t.notice_no_font(scripts.join(", "))
        }
        Refusal::TooMuch { .. } => ctx.t.notice_too_much().to_owned(),
        _ => ctx.t.notice_no_file().to_owned(),
    }
}

pub(super) async fn file(ctx: Ctx, Path(key): Path<String>, Query(paper): Query<Paper>) -> Answer {
    let size = paper.size()?;
    let mut page = notice_of(&ctx, &key).await?;
    if let Some(lang) = Lang::parse(&paper.lang) {
        page.page.t = freerange_i18n::Text::new(lang);
        page.page.lang = lang.tag();
    }
    let sheet = sheet(&page, size, ctx.link("/told"));
    let made = tokio::task::spawn_blocking(move || freerange_paper::pdf(&sheet, fonts())).await;
    let made = made.map_err(|_| Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "problem-inside"))?;
    match made {
        Ok(pdf) => Ok(attached(pdf)),
        Err(refusal) => {
            let problem = Some(said(&ctx, &refusal));
            ctx.page(&Notice { problem, page: ctx.chrome(), ..page })
        }
    }
}

fn attached(pdf: Vec<u8>) -> Response {
    let named = "inline; filename=\"notice.pdf\"";
    ([(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, named)], pdf).into_response()
}
