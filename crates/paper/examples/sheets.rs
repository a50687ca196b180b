//! Writes sheets as an engineer or a translator wants to look at them: `cargo run -p freerange-paper --example sheets DIR`.

use freerange_paper::{Bar, Block, Fonts, Qr, Sheet, Size, Text, pdf};

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let fonts = Fonts::in_folders(&Fonts::system_folders());
    for (name, sheet) in [
        ("notice-nl", notice(Size::A4)),
        ("notice-nl-a3", notice(Size::A3Poster)),
        ("notice-ko", korean(Size::A4)),
        ("notice-ko-a2", korean(Size::A2Poster)),
        ("notice-ar", arabic(Size::A4)),
        ("report-en", report()),
        ("long", long()),
    ] {
        match pdf(&sheet, &fonts) {
            Ok(bytes) => {
                println!("{name}: {} bytes", bytes.len());
                if let Err(why) = std::fs::write(format!("{dir}/{name}.pdf"), bytes) {
                    eprintln!("{name}: {why}");
                }
            }
            Err(why) => eprintln!("{name}: {why}"),
        }
    }
}

fn qr(says: &str) -> Qr {
    Qr { address: "https://buiten.voorbeeld.nl/told-back/K7QF-2M9X".to_owned(), says: says.into() }
}

fn notice(size: Size) -> Sheet {
    Sheet {
        size,
        lang: "nl".to_owned(),
        above: "Lombok-Oost · wat wij hoorden en deden".into(),
        title: "De stoep is weer van wie loopt".into(),
        blocks: vec![
            Block::Paragraph("In maart en april liepen negen mensen van het stadhuis mee met bewoners van de Kanaalstraat, het Bankaplein en de Laan van Nieuw-Guinea. Zij luisterden vooral.".into()),
            Block::Heading("Wat wij hoorden".into()),
            Block::Quote { words: "Met de rollator moet ik drie keer de rijbaan op om bij de bakker te komen.".into(), who: "mevrouw Yıldız, Kanaalstraat".into() },
            Block::Quote { words: Text::in_lang("Tôi không biết phải gọi cho ai khi đèn đường hỏng.", "vi"), who: "een bewoner (“Ik weet niet wie ik moet bellen als de straatlantaarn stuk is”)".into() },
            Block::Quote { words: Text::in_lang("لا أعرف بمن أتصل عندما ينطفئ مصباح الشارع.", "ar"), who: "een buurman".into() },
            Block::Heading("Wat wij deden".into()),
            Block::List { counted: false, items: vec![
                "Vijf fietsenrekken van de stoep naar de parkeervakken verplaatst.".into(),
                "De oversteek bij het Bankaplein verlaagd; klaar op 12 mei.".into(),
                "Eén telefoonnummer voor lantaarns, in vier talen op elke mast.".into(),
            ] },
            Block::Heading("Wat wij niet deden, en waarom".into()),
            Block::Paragraph("De bus gaat niet terug naar de Kanaalstraat. De straat is te smal voor bus en fiets naast elkaar; wij zoeken met de vervoerder naar een halte om de hoek en zeggen in september wat eruit komt.".into()),
        ],
        footer: "Gemeente Voorbeeldstad, wijkbureau West · 20 mei 2026".into(),
        qr: Some(qr("Lees verder, antwoord, of neem uw woorden terug")),
    }
}

fn korean(size: Size) -> Sheet {
    Sheet {
        size,
        lang: "ko".to_owned(),
        above: "은평구 · 우리가 들은 것과 한 일".into(),
        title: "밤길이 조금 더 밝아졌습니다".into(),
        blocks: vec![
            Block::Paragraph("지난 3월과 4월, 구청 직원 아홉 명이 골목 주민들과 함께 걸었습니다. 주로 들었습니다.".into()),
            Block::Heading("우리가 들은 것".into()),
            Block::Quote { words: "퇴근길 계단에 불이 꺼진 지 두 달이 됐어요. 어디에 전화해야 할지 몰랐습니다.".into(), who: "불광동 주민".into() },
            Block::Quote { words: Text::in_lang("这条路上没有椅子，老人走不远。", "zh-Hans"), who: "한 어르신 (“이 길에는 의자가 없어서 노인은 멀리 못 걸어요”)".into() },
            Block::Heading("우리가 한 일".into()),
            Block::List { counted: true, items: vec![
                "계단 가로등 열두 개를 고쳤습니다.".into(),
                "버스 정류장과 시장 사이에 긴 의자 네 개를 놓았습니다.".into(),
                "고장 신고 번호를 하나로 모아 기둥마다 붙였습니다.".into(),
            ] },
            Block::Heading("하지 못한 일과 그 까닭".into()),
            Block::Paragraph("시장 앞 주차 단속은 아직 늘리지 못했습니다. 상인들과 배송 시간을 먼저 정해야 합니다. 9월에 결과를 이 자리에 알리겠습니다.".into()),
        ],
        footer: "은평구청 주민참여과 · 2026년 5월 20일".into(),
        qr: Some(qr("더 읽고, 답하고, 내 말을 거둘 수 있습니다")),
    }
}

fn arabic(size: Size) -> Sheet {
    Sheet {
        size,
        lang: "ar".to_owned(),
        above: "حي لومبوك الشرقي".into(),
        title: "ما سمعناه وما فعلناه".into(),
        blocks: vec![
            Block::Paragraph(
                "مشى تسعة موظفين من البلدية مع السكان في شارع Kanaalstraat خلال شهري 3 و4 من عام 2026.".into(),
            ),
            Block::Heading("ما فعلناه".into()),
            Block::List {
                counted: false,
                items: vec!["نقلنا خمسة مواقف للدراجات.".into(), "رقم هاتف واحد لأعطال الإنارة.".into()],
            },
            Block::Quote {
                words: "لا أعرف بمن أتصل عندما ينطفئ مصباح الشارع.".into(), who: "أحد السكان".into()
            },
            Block::Bars {
                caption: "من سمعناهم".into(),
                share: "ملاحظات".into(),
                reference: "سكان".into(),
                rows: vec![Bar {
                    label: "أقل من 25".into(),
                    share: 0.12,
                    share_says: "12 %".into(),
                    reference: Some((0.27, "27 %".into())),
                }],
            },
        ],
        footer: "بلدية المدينة".into(),
        qr: Some(qr("اقرأ المزيد")),
    }
}

fn bar(label: &str, share: f32, says: &str, reference: f32, reference_says: &str) -> Bar {
    Bar { label: label.into(), share, share_says: says.into(), reference: Some((reference, reference_says.into())) }
}

fn report() -> Sheet {
    Sheet {
        size: Size::A4OnePage,
        lang: "en".to_owned(),
        above: "For the mayor · first quarter 2026".into(),
        title: "Out of the office: what it changed".into(),
        blocks: vec![
            Block::Paragraph("64 colleagues spent a day or more in neighbourhoods this quarter. What they heard led to eleven changes that are done and five that are under way; four were refused, and residents were told why.¹".into()),
            Block::Heading("Who we heard, and whom we did not".into()),
            Block::Bars { caption: "Notes by age of who spoke, beside the city’s residents".into(), share: "Notes".into(), reference: "Residents".into(), rows: vec![
                bar("Under 25", 0.09, "9 %", 0.27, "27 %"),
                bar("25 to 44", 0.31, "31 %", 0.30, "30 %"),
                bar("45 to 64", 0.35, "35 %", 0.24, "24 %"),
                bar("65 and over", 0.25, "25 %", 0.19, "19 %"),
            ] },
            Block::Paragraph("Young people are heard a third as often as they live here. From April, three outings a month begin at schools and sports grounds after four o’clock.".into()),
            Block::Heading("What came of it".into()),
            Block::Figures { caption: "Changes by department".into(), head: vec!["Department".into(), "Done".into(), "Under way".into(), "Refused".into(), "Median days".into()], rows: vec![
                vec!["Streets and parks".into(), "6".into(), "2".into(), "1".into(), "34".into()],
                vec!["Social work".into(), "3".into(), "1".into(), "0".into(), "21".into()],
                vec!["Permits and inspections".into(), "2".into(), "2".into(), "3".into(), "58".into()],
            ] },
            Block::Heading("What we ask of you".into()),
            Block::List { counted: true, items: vec![
                "Decide by 1 May whether permits get the two seats that were promised.²".into(),
                "Come along for one morning: 16 April, Bankaplein, from eight to noon.".into(),
            ] },
            Block::Note { mark: "1".into(), text: "Counts of fewer than five people are not shown and not contained in others.".into() },
            Block::Note { mark: "2".into(), text: "Council decision 2025/118. Without them the refusals above take 58 days instead of the 30 the law allows.".into() },
        ],
        footer: "Freerange, city of Voorbeeldstad · 2 April 2026".into(),
        qr: None,
    }
}

fn long() -> Sheet {
    let mut sheet = notice(Size::A4);
    let blocks = sheet.blocks.clone();
    for _ in 0..3 {
        sheet.blocks.extend(blocks.clone());
    }
    sheet
}
