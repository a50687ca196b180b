//! Names of persons, as people write them and as an e-mail address wants them. Any likeness is chance: given and family
//! names are drawn apart from each other.

use crate::rng::Rng;

/// One person's name as written, and as it appears in an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonName {
    pub(crate) written: String,
    pub(crate) address: String,
    pub(crate) language: &'static str,
}

const DUTCH_GIVEN: &[&str] = &[
    "Anouk", "Bram", "Daan", "Femke", "Gijs", "Hanneke", "Ilse", "Jeroen", "Joris", "Lieke", "Lotte", "Maarten",
    "Marijke", "Niels", "Noor", "Pieter", "Roos", "Ruben", "Sanne", "Sjoerd", "Thijs", "Wietske", "Willem", "Yvonne",
];
const DUTCH_FAMILY: &[&str] = &[
    "de Vries",
    "van Dijk",
    "Bakker",
    "Visser",
    "Smit",
    "de Boer",
    "Mulder",
    "Bos",
    "Vos",
    "Hendriks",
    "van Leeuwen",
    "Dekker",
    "Brouwer",
    "Postma",
    "van den Berg",
    "Kuipers",
    "Huisman",
    "Schouten",
    "Terpstra",
    "Zijlstra",
];
const KOREAN_GIVEN: &[(&str, &str)] = &[
    ("Min-seo", "민서"),
    ("Ji-ho", "지호"),
    ("Seo-yeon", "서연"),
    ("Do-yun", "도윤"),
    ("Ha-eun", "하은"),
    ("Jun-seo", "준서"),
    ("Soo-jin", "수진"),
    ("Young-ho", "영호"),
    ("Mi-kyung", "미경"),
    ("Hyun-woo", "현우"),
    ("Eun-ji", "은지"),
    ("Sang-min", "상민"),
    ("Yu-na", "유나"),
    ("Kyung-soo", "경수"),
    ("Bo-ram", "보람"),
    ("Tae-yang", "태양"),
    ("Na-young", "나영"),
    ("Jae-won", "재원"),
    ("Hye-rin", "혜린"),
    ("Dong-hyun", "동현"),
];
const KOREAN_FAMILY: &[(&str, &str)] = &[
    ("Kim", "김"),
    ("Lee", "이"),
    ("Park", "박"),
    ("Choi", "최"),
    ("Jung", "정"),
    ("Kang", "강"),
    ("Cho", "조"),
    ("Yoon", "윤"),
    ("Jang", "장"),
    ("Lim", "임"),
    ("Han", "한"),
    ("Oh", "오"),
    ("Seo", "서"),
    ("Shin", "신"),
    ("Kwon", "권"),
    ("Hwang", "황"),
    ("Ahn", "안"),
    ("Song", "송"),
];
const SPANISH_GIVEN: &[&str] = &[
    "Alba", "Andrés", "Beatriz", "Camila", "Carlos", "Daniela", "Diego", "Elena", "Ignacio", "Inés", "Joaquín",
    "Julia", "Lucía", "Marcos", "Mateo", "Nuria", "Paloma", "Rafael", "Rocío", "Sergio", "Tomás", "Valeria", "Ximena",
];
const SPANISH_FAMILY: &[&str] = &[
    "Aguilar",
    "Benítez",
    "Cárdenas",
    "Domínguez",
    "Escobar",
    "Fuentes",
    "García",
    "Herrera",
    "Ibáñez",
    "Lozano",
    "Medina",
    "Navarro",
    "Ortega",
    "Peña",
    "Quiroga",
    "Rojas",
    "Salazar",
    "Torres",
    "Vargas",
    "Zamora",
];
const ENGLISH_GIVEN: &[&str] = &[
    "Alice", "Beth", "Callum", "Dorothy", "Edwin", "Fiona", "George", "Harriet", "Imogen", "Jack", "Kate", "Leonard",
    "Maud", "Nathan", "Olive", "Percy", "Rhys", "Sadie", "Toby", "Una", "Winifred",
];
const ENGLISH_FAMILY: &[&str] = &[
    "Ashdown",
    "Barrow",
    "Caldwell",
    "Draper",
    "Eccles",
    "Fenn",
    "Garside",
    "Hartley",
    "Ingram",
    "Kershaw",
    "Loxley",
    "Marsh",
    "Nightingale",
    "Oakes",
    "Pemberton",
    "Redfern",
    "Sutcliffe",
    "Thorne",
    "Underhill",
    "Whitlock",
];
const TURKISH_GIVEN: &[&str] = &[
    "Ayşe", "Baran", "Burak", "Cem", "Defne", "Elif", "Emre", "Fatma", "Gül", "Hakan", "İrem", "Kerem", "Leyla",
    "Mehmet", "Nazlı", "Ozan", "Selin", "Tuğba", "Umut", "Zeynep",
];
const TURKISH_FAMILY: &[&str] = &[
    "Aksoy", "Arslan", "Aydın", "Çelik", "Demir", "Doğan", "Erdem", "Güneş", "Kaya", "Kılıç", "Koç", "Özdemir",
    "Polat", "Şahin", "Tekin", "Yalçın", "Yıldız", "Yılmaz",
];
const ARABIC_GIVEN: &[&str] = &[
    "Aisha", "Bilal", "Dunya", "Farid", "Hanan", "Hassan", "Imane", "Jamila", "Karim", "Layla", "Mariam", "Nabil",
    "Omar", "Rania", "Salma", "Samir", "Tariq", "Yasmin", "Youssef", "Zahra",
];
const ARABIC_FAMILY: &[&str] = &[
    "el Amrani",
    "Bennani",
    "Haddad",
    "Mansour",
    "Nasser",
    "Ouazzani",
    "Qasim",
    "Rahmani",
    "Saleh",
    "Tahiri",
    "Younes",
    "Zaki",
    "Khoury",
    "Farouk",
    "Idrissi",
    "Boutaleb",
];
const OTHER_GIVEN: &[&str] = &[
    "Adaeze", "Amara", "Chidi", "Divya", "Gita", "Ivana", "Kofi", "Linh", "Mateusz", "Nkechi", "Olena", "Priya",
    "Quang", "Ravi", "Saskia", "Thuy", "Vikram", "Wanjiru", "Zofia",
];
const OTHER_FAMILY: &[&str] = &[
    "Adeyemi",
    "Banerjee",
    "Chukwu",
    "Diallo",
    "Kowalska",
    "Le",
    "Mensah",
    "Nguyen",
    "Nowak",
    "Okafor",
    "Patel",
    "Rao",
    "Sharma",
    "Tran",
    "Wiśniewska",
    "Otieno",
    "Horvat",
    "Bondarenko",
];

/// A name by chance.
pub(crate) fn person(rng: &mut Rng) -> PersonName {
    let (given, family, language) = match rng.weighted(&[27, 27, 14, 10, 8, 8, 6]) {
        0 => (*rng.pick(DUTCH_GIVEN), *rng.pick(DUTCH_FAMILY), "nl"),
        1 => return korean(rng),
        2 => (*rng.pick(SPANISH_GIVEN), *rng.pick(SPANISH_FAMILY), "es"),
        3 => (*rng.pick(ENGLISH_GIVEN), *rng.pick(ENGLISH_FAMILY), "en"),
        4 => (*rng.pick(TURKISH_GIVEN), *rng.pick(TURKISH_FAMILY), "tr"),
        5 => (*rng.pick(ARABIC_GIVEN), *rng.pick(ARABIC_FAMILY), "ar"),
        _ => (*rng.pick(OTHER_GIVEN), *rng.pick(OTHER_FAMILY), "en"),
    };
    named(&format!("{given} {family}"), language)
}

/// A name that is written in Latin letters, given name first.
pub(crate) fn named(written: &str, language: &'static str) -> PersonName {
    let (given, family) = written.split_once(' ').unwrap_or((written, ""));
    let address = format!("{}.{}", plain(given), plain(family));
    PersonName { written: written.to_owned(), address, language }
}

fn korean(rng: &mut Rng) -> PersonName {
    let (given, family) = (*rng.pick(KOREAN_GIVEN), *rng.pick(KOREAN_FAMILY));
    let written = match rng.below(3) {
        0 => format!("{}{}", family.1, given.1),
        1 => format!("{} {}", family.0, given.0),
        _ => format!("{} {} ({}{})", family.0, given.0, family.1, given.1),
    };
    PersonName { written, address: format!("{}.{}", plain(given.0), plain(family.0)), language: "ko" }
}

/// Small Latin letters without marks, as an e-mail address wants them.
fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|c| match c {
            'á' | 'à' | 'â' | 'ä' => Some('a'),
            'é' | 'è' | 'ë' => Some('e'),
            'í' | 'ı' | 'İ' => Some('i'),
            'ó' | 'ö' | 'Ö' => Some('o'),
            'ú' | 'ü' => Some('u'),
            'ñ' => Some('n'),
            'ç' | 'Ç' => Some('c'),
            'ş' | 'Ş' | 'ś' => Some('s'),
            'ğ' => Some('g'),
            _ if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_gives_a_plain_address() {
        let mut rng = Rng::for_room(3, "names");
        for _ in 0..5_000 {
            let name = person(&mut rng);
            let letters = name.address.chars().all(|c| c.is_ascii_lowercase() || c == '.');
            assert!(letters && name.address.len() > 4, "{} became {}", name.written, name.address);
            assert!(!name.address.starts_with('.') && !name.address.ends_with('.'));
        }
        assert_eq!(named("Tomás Peña", "es").address, "tomas.pena");
        assert_eq!(named("Çiğdem Özdemir Şahin", "tr").address, "cigdem.ozdemirsahin");
    }
}
