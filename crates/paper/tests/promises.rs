//! What the sheets promise, read back by a reader that is not the writer's.

mod reader;

use std::path::Path;

use freerange_paper::{
    Bar, Block, Fonts, Limit, MOST_BESIDE, MOST_CHARACTERS, MOST_COLUMNS, MOST_IN_ONE, MOST_PIECES, Qr, Refusal, Sheet,
    Size, Text, pdf,
};
use proptest::prelude::*;
use reader::Pdf;

fn sheet(size: Size, blocks: Vec<Block>) -> Sheet {
    Sheet {
        size,
        lang: "en".to_owned(),
        above: "Lombok".into(),
        title: "What we heard".into(),
        blocks,
        footer: "City of Utrecht".into(),
        qr: Some(Qr { address: "https://example.org/told-back/K7QF-2M9X".to_owned(), says: "Read on".into() }),
    }
}

/// What is on the pages, without white.
fn squeezed(texts: &[String]) -> String {
    texts.concat().chars().filter(|c| !c.is_whitespace()).collect()
}

fn installed() -> Option<Fonts> {
    let fonts = Fonts::in_folders(&Fonts::system_folders());
    fonts.families().iter().any(|name| name.contains("KR")).then_some(fonts)
}

fn bar(label: &str, share: f32, reference: Option<f32>) -> Bar {
    Bar {
        label: label.into(),
        share,
        share_says: format!("{:.0} %", share * 100.0).into(),
        reference: reference.map(|r| (r, format!("{:.0} %", r * 100.0).into())),
    }
}

#[test]
fn a_long_sheet_breaks_pages_and_loses_no_word() {
    let mut blocks = Vec::new();
    let mut written = Vec::new();
    for n in 0..40 {
        let heading = format!("Heading{n}");
        let words: Vec<String> = (0..40 + n).map(|w| format!("word{n}x{w}")).collect();
        written.push(heading.clone());
        written.extend(words.iter().cloned());
        blocks.push(Block::Heading(heading.into()));
        blocks.push(Block::Paragraph(words.join(" ").into()));
        blocks.push(Block::List { counted: n % 2 == 0, items: vec![format!("item{n}").into()] });
        written.push(format!("item{n}"));
    }
    let read = Pdf::new(&pdf(&sheet(Size::A4, blocks), &Fonts::built_in()).expect("a PDF"));
    assert!(read.len() > 3, "{} pages", read.len());
    let texts = read.texts();
    let all: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
    let mut at = 0;
    for word in written {
        let found = all[at..].iter().position(|w| *w == word);
        at += 1 + found.unwrap_or_else(|| panic!("{word} is not there, or not in its order"));
    }
}

#[test]
fn no_heading_stands_alone_at_the_foot_of_a_page() {
    for lines in 0..40 {
        let mut blocks: Vec<Block> = (0..lines).map(|n| Block::Paragraph(format!("Line {n}.").into())).collect();
        for _ in 0..4 {
            blocks.push(Block::Heading("A heading".into()));
            blocks.push(Block::Paragraph("What it begins.".into()));
        }
        let texts = Pdf::new(&pdf(&sheet(Size::A4, blocks), &Fonts::built_in()).expect("a PDF")).texts();
        for text in &texts[..texts.len() - 1] {
            let body: Vec<&str> =
                text.lines().filter(|l| !l.is_empty() && !l.contains('/') && *l != "City of Utrecht").collect();
            assert_ne!(body.last(), Some(&"A heading"), "after {lines} lines");
        }
    }
}

#[test]
fn a_poster_is_one_page_or_says_what_does_not_fit() {
    let words = |n: usize| vec![Block::Paragraph("A bench at the stop, and light. ".repeat(n).into())];
    for size in [Size::A3Poster, Size::A2Poster, Size::A4OnePage] {
        for n in [1, 8, 20] {
            assert_eq!(Pdf::new(&pdf(&sheet(size, words(n)), &Fonts::built_in()).expect("a PDF")).len(), 1);
        }
        match pdf(&sheet(size, words(240)), &Fonts::built_in()) {
            Err(Refusal::TooMuch { over, of, from }) => {
                assert!(over > 1_000 && over < of, "{over} of {of}");
                assert!("A bench at the stop, and light. ".repeat(4).contains(&from), "{from}");
            }
            other => panic!("{:?}", other.map(|bytes| bytes.len())),
        }
    }
}

#[test]
fn a_poster_with_fewer_words_has_larger_letters() {
    let large = |n: usize| {
        let blocks = vec![Block::Paragraph("A bench at the stop, and light. ".repeat(n).into())];
        pdf(&sheet(Size::A3Poster, blocks), &Fonts::built_in()).is_ok()
    };
    let most = (1..400).step_by(20).take_while(|n| large(*n)).last();
    // About what can be read from two metres: more than a few words, and no book.
    assert!(most.is_some_and(|most| (40..200).contains(&most)), "{most:?}");
}

#[test]
fn the_same_sheet_is_the_same_file() {
    let blocks = || {
        vec![
            Block::Heading("Ügyfél".into()),
            Block::Bars {
                caption: "Who".into(),
                share: "Notes".into(),
                reference: "Residents".into(),
                rows: vec![bar("Young", 0.1, Some(0.3))],
            },
        ]
    };
    for size in Size::ALL {
        let once = pdf(&sheet(size, blocks()), &Fonts::built_in());
        assert_eq!(once, pdf(&sheet(size, blocks()), &Fonts::built_in()));
        assert!(once.is_ok());
    }
}

#[test]
fn a_character_without_a_font_is_named_and_never_a_box() {
    let korean = sheet(Size::A4, vec![Block::Paragraph("우리가 들은 것 ⠿".into())]);
    let Err(Refusal::NoFont(missing)) = pdf(&korean, &Fonts::built_in()) else { panic!("there is no Hangul inside") };
    let scripts: Vec<&str> = missing.iter().map(|m| m.script.as_str()).collect();
    assert_eq!(scripts, ["Braille", "Hangul"]);
    assert_eq!(missing[1].characters, "가것들리우은");
    let none = Fonts::in_folders(&[Path::new("/nowhere/at/all")]);
    assert!(none.families().is_empty());
}

#[test]
fn korean_and_chinese_are_set_where_a_font_is_installed() {
    let blocks = vec![
        Block::Paragraph("우리가 들은 것: 계단에 불이 꺼진 지 두 달이 됐어요.".into()),
        Block::Quote {
            words: Text::in_lang("这条路上没有椅子，老人走不远。", "zh-Hans"), who: "주민".into()
        },
    ];
    let korean = Sheet { lang: "ko".to_owned(), ..sheet(Size::A4, blocks) };
    match installed() {
        Some(fonts) => {
            let read = Pdf::new(&pdf(&korean, &fonts).expect("a PDF"));
            let text = squeezed(&read.texts());
            assert!(text.contains("계단에불이꺼진지두달이됐어요."), "{text}");
            assert!(text.contains("这条路上没有椅子，老人走不远。"), "{text}");
            assert!(read.heads().contains("/Lang(zh-Hans)"));
        }
        None => assert!(matches!(pdf(&korean, &Fonts::built_in()), Err(Refusal::NoFont(_)))),
    }
}

#[test]
fn arabic_keeps_its_letters_and_its_ligatures() {
    let blocks = vec![Block::Paragraph("ملاحظات السكان لا تضيع".into())];
    let arabic = Sheet { lang: "ar".to_owned(), ..sheet(Size::A4, blocks) };
    let fonts = Fonts::in_folders(&Fonts::system_folders());
    match pdf(&arabic, &fonts) {
        Ok(bytes) => {
            // Drawn from left to right, so the letters come in another order; none is lost.
            let sorted = |text: &str| {
                let mut all: Vec<char> = text.chars().filter(|c| matches!(c, '\u{600}'..='\u{6ff}')).collect();
                all.sort_unstable();
                all
            };
            assert_eq!(sorted(&Pdf::new(&bytes).texts().concat()), sorted("ملاحظات السكان لا تضيع"));
        }
        Err(Refusal::NoFont(missing)) => assert_eq!(missing[0].script, "Arabic"),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn fonts_are_found_once_and_shared_by_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(&Fonts::built_in());
}

#[test]
fn vietnamese_needs_no_installed_font() {
    for words in [
        "Tôi không biết phải gọi cho ai khi đèn đường hỏng.",
        "To\u{302}i kho\u{302}ng bie\u{302}\u{301}t pha\u{309}i go\u{323}i",
    ] {
        let bytes = pdf(&sheet(Size::A4, vec![Block::Paragraph(words.into())]), &Fonts::built_in()).expect("a PDF");
        let want: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(squeezed(&Pdf::new(&bytes).texts()).contains(&want), "{words}");
    }
}

#[test]
fn whoever_listens_hears_headings_lists_tables_and_languages() {
    let blocks = vec![
        Block::Heading("Done".into()),
        Block::Subheading("Here".into()),
        Block::List { counted: true, items: vec!["One".into()] },
        Block::Quote { words: Text::in_lang("Eén bank", "nl"), who: "a resident".into() },
        Block::Figures {
            caption: "Figures".into(),
            head: vec!["What".into(), "How many".into()],
            rows: vec![vec!["Benches".into(), "4".into()]],
        },
        Block::Bars {
            caption: "Who".into(),
            share: "Notes".into(),
            reference: "Residents".into(),
            rows: vec![bar("Young", 0.1, None), bar("Old", 2.0, Some(f32::NAN))],
        },
        Block::Note { mark: "1".into(), text: "A note".into() },
    ];
    let read = Pdf::new(&pdf(&sheet(Size::A4, blocks), &Fonts::built_in()).expect("a PDF"));
    let heads = read.heads();
    for tag in [
        "H1",
        "H2",
        "H3",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "BlockQuote",
        "Table",
        "Caption",
        "THead",
        "TH",
        "TD",
        "Note",
        "Figure",
        "Link",
    ] {
        assert!(heads.contains(&format!("/S/{tag}/")), "{tag}");
    }
    for said in [
        "/Lang(en)",
        "/Lang(nl)",
        "/Marked true",
        "/Title(What we heard)",
        "Read on: https://example.org",
        "DisplayDocTitle true",
    ] {
        assert!(heads.contains(said), "{said}");
    }
    let about = read.about();
    assert!(
        about.contains("pdfuaid:part") && about.contains("What we heard") && !about.contains("CreateDate"),
        "{about}"
    );
}

#[test]
fn limits_are_said_and_not_felt() {
    let of = |blocks| pdf(&sheet(Size::A4, blocks), &Fonts::built_in());
    let many = |result, limit| matches!(result, Err(Refusal::TooMany { what, .. }) if what == limit);
    let filled = Text::from("x".repeat(MOST_IN_ONE));
    assert!(of(vec![Block::Paragraph(filled.clone())]).is_ok());
    assert!(many(of(vec![Block::Paragraph(format!("{}x", filled.words).into())]), Limit::InOne));
    assert!(many(of(vec![Block::Paragraph(filled); MOST_CHARACTERS / MOST_IN_ONE + 1]), Limit::Characters));
    assert!(many(of(vec![Block::Paragraph("".into()); MOST_PIECES + 1]), Limit::Pieces));
    let wide = vec![Text::from("x"); MOST_COLUMNS + 1];
    assert!(many(of(vec![Block::Figures { caption: "".into(), head: wide, rows: vec![] }]), Limit::Columns));
    let long = Sheet { footer: "x".repeat(MOST_BESIDE + 1).into(), ..sheet(Size::A4, vec![]) };
    assert!(many(pdf(&long, &Fonts::built_in()), Limit::Beside));
    let untitled = Sheet { title: " \u{200b}\n".into(), ..sheet(Size::A4, vec![]) };
    assert_eq!(pdf(&untitled, &Fonts::built_in()), Err(Refusal::NoTitle));
    let nowhere = Sheet { lang: "no language".to_owned(), ..sheet(Size::A4, vec![]) };
    assert!(matches!(pdf(&nowhere, &Fonts::built_in()), Err(Refusal::NoLanguage(_))));
}

#[test]
fn an_invisible_sign_does_not_turn_a_page_round() {
    let bytes = pdf(
        &sheet(Size::A4, vec![Block::Paragraph("pay \u{202e}001\u{202c} euro\u{0}\u{feff}".into())]),
        &Fonts::built_in(),
    );
    assert!(squeezed(&Pdf::new(&bytes.expect("a PDF")).texts()).contains("pay001euro"));
}

#[test]
fn a_letter_and_its_mark_from_two_fonts_are_set_or_named() {
    let fonts = Fonts::in_folders(&Fonts::system_folders());
    for base in ["e", "가", "椅", "ا", "ж", "क", "א", "🙂", "℃", "\u{1100}"] {
        for mark in
            ["\u{301}", "\u{5b0}", "\u{64e}", "\u{3099}", "\u{20e3}", "\u{94d}", "\u{1f3fd}", "\u{200d}", "\u{11a8}"]
        {
            let words = format!("{base}{mark} {mark}{base}");
            match pdf(&sheet(Size::A4, vec![Block::Paragraph(words.clone().into())]), &fonts) {
                Ok(bytes) => assert!(squeezed(&Pdf::new(&bytes).texts()).contains(base), "{words}"),
                Err(why) => assert!(matches!(why, Refusal::NoFont(_)), "{words}: {why}"),
            }
        }
    }
}

/// Texts; wild ones have characters that no machine has all fonts for, so that most sheets of them are refused.
fn text(wild: u32) -> impl Strategy<Value = Text> + Clone {
    let words = prop_oneof![
        6 => "[a-zA-Zàéñß .,–]{0,60}",
        1 => "[x]{300}",
        1 => "[e\u{300}-\u{303}\u{200b}-\u{200f}\u{202a}-\u{202e}\n\t]{0,20}",
        wild => any::<String>(),
        wild => "[가-힣 ]{0,20}",
        wild => "[\u{621}-\u{64a} a-z0-9()]{0,30}",
    ];
    (words, prop_oneof![8 => Just(None), 1 => Just(Some("ar".to_owned())), 1 => Just(Some("zh-Hant".to_owned()))])
        .prop_map(|(words, lang)| Text { words, lang })
}

fn block(wild: u32) -> impl Strategy<Value = Block> {
    let text = || text(wild);
    let texts = || prop::collection::vec(text(), 0..5);
    prop_oneof![
        text().prop_map(Block::Heading),
        text().prop_map(Block::Subheading),
        text().prop_map(Block::Paragraph),
        (any::<bool>(), texts()).prop_map(|(counted, items)| Block::List { counted, items }),
        (text(), text()).prop_map(|(words, who)| Block::Quote { words, who }),
        (text(), texts(), prop::collection::vec(texts(), 0..4)).prop_map(|(caption, head, rows)| Block::Figures {
            caption,
            head,
            rows
        }),
        (text(), text(), text(), prop::collection::vec((text(), any::<f32>(), any::<Option<f32>>()), 0..4)).prop_map(
            |(caption, share, reference, rows)| {
                let rows = rows.into_iter().map(|(label, share, compared)| Bar {
                    share_says: label.clone(),
                    reference: compared.map(|c| (c, label.clone())),
                    label,
                    share,
                });
                Block::Bars { caption, share, reference, rows: rows.collect() }
            }
        ),
        (text(), text()).prop_map(|(mark, text)| Block::Note { mark, text }),
    ]
}

fn sheets() -> impl Strategy<Value = Sheet> {
    prop::sample::select(vec![0, 0, 0, 1]).prop_flat_map(|wild| {
        let qr = prop::option::of(("[a-z:/.]{0,310}", text(wild)));
        let size = prop::sample::select(&Size::ALL[..]);
        let lang = prop::sample::select(vec!["en", "ko", "ar", "nl"]);
        (size, lang, text(wild), text(wild), text(wild), prop::collection::vec(block(wild), 0..6), qr).prop_map(
            |(size, lang, above, title, footer, blocks, qr)| Sheet {
                size,
                lang: lang.to_owned(),
                above,
                title: format!("T{}", title.words).into(),
                blocks,
                footer,
                qr: qr.map(|(address, says)| Qr { address, says }),
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_a_pdf_or_a_clear_refusal(
        sheet in sheets(),
        with_fonts in any::<bool>(),
    ) {
        let of = |block: &Block| if let Block::Paragraph(text) = block { text.words.clone() } else { String::new() };
        let words = sheet.blocks.iter().map(of).collect::<String>() + &sheet.title.words;
        // Fillers of Hangul have no shape and are taken out.
        let fills = |c: char| matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}');
        let letters: String = words.chars().filter(|c| c.is_alphanumeric() && !fills(*c)).collect();
        let fonts = if with_fonts { installed().unwrap_or_else(Fonts::built_in) } else { Fonts::built_in() };
        match pdf(&sheet, &fonts) {
            Ok(bytes) => {
                let read = Pdf::new(&bytes);
                prop_assert!(read.len() > 0 && (sheet.size == Size::A4 || read.len() == 1));
                let drawn = read.texts().concat();
                for c in letters.chars() {
                    let count = |text: &str| text.chars().filter(|d| *d == c).count();
                    prop_assert!(count(&drawn) >= count(&letters), "{c:?} is lost in {drawn:?}");
                }
            }
            Err(Refusal::NotWritten(why)) => prop_assert!(false, "{why}"),
            Err(_) => {}
        }
    }
}
