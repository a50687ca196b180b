//! No words make the setting of sheets fall over: there is a PDF, or it is said why there is none.
#![no_main]

use std::sync::LazyLock;

use freerange_paper::{Bar, Block, Fonts, Qr, Refusal, Sheet, Size, Text, pdf};
use libfuzzer_sys::fuzz_target;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::in_folders(&Fonts::system_folders()));

fn sheet(bytes: &[u8]) -> Sheet {
    let (head, rest) = bytes.split_at(bytes.len().min(2));
    let at = |index: usize| usize::from(head.get(index).copied().unwrap_or(0));
    let mut sheet = Sheet {
        size: Size::ALL[at(0) % 4],
        lang: ["en", "ko", "ar", "zh-Hant"][at(1) % 4].to_owned(),
        above: Text::default(),
        title: "Title".into(),
        blocks: Vec::new(),
        footer: Text::default(),
        qr: None,
    };
    for line in rest.split(|byte| *byte == b'\n').take(40) {
        let (kind, words) = line.split_at(line.len().min(1));
        let words = String::from_utf8_lossy(words);
        // A bar begins another text of the same block.
        let texts: Vec<Text> = words.split('|').map(Text::from).collect();
        let text = |index: usize| texts.get(index).cloned().unwrap_or_default();
        sheet.blocks.push(match kind.first().copied().unwrap_or(0) {
            b'#' => Block::Heading(text(0)),
            b'=' => Block::Subheading(text(0)),
            b'-' => Block::List { counted: false, items: texts },
            b'1' => Block::List { counted: true, items: texts },
            b'>' => Block::Quote { words: text(0), who: text(1) },
            b'^' => Block::Note { mark: text(0), text: text(1) },
            b't' => Block::Figures {
                caption: text(0),
                head: texts.iter().skip(1).take(3).cloned().collect(),
                rows: texts.chunks(3).map(<[Text]>::to_vec).collect(),
            },
            b'b' => Block::Bars {
                caption: text(0),
                share: text(1),
                reference: text(2),
                rows: texts
                    .chunks(3)
                    .map(|t| Bar {
                        label: t[0].clone(),
                        share: t[0].words.parse().unwrap_or(0.4),
                        share_says: t.get(1).cloned().unwrap_or_default(),
                        reference: t.get(2).map(|says| (says.words.parse().unwrap_or(0.5), says.clone())),
                    })
                    .collect(),
            },
            b'a' => {
                sheet.above = text(0);
                continue;
            }
            b'T' => {
                sheet.title = text(0);
                continue;
            }
            b'f' => {
                sheet.footer = text(0);
                continue;
            }
            b'q' => {
                sheet.qr = Some(Qr { address: text(0).words, says: text(1) });
                continue;
            }
            _ => Block::Paragraph(text(0)),
        });
    }
    sheet
}

fuzz_target!(|bytes: &[u8]| {
    match pdf(&sheet(bytes), &FONTS) {
        Ok(file) => assert!(file.starts_with(b"%PDF-") && file.ends_with(b"%%EOF")),
        Err(Refusal::NotWritten(why)) => panic!("{why}"),
        Err(_) => {}
    }
});
