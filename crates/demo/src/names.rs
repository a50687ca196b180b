//! Names of people and places. The city is invented and speaks several languages, so names mix as they do in a port
//! city: Dutch, Korean (romanised or in Hangul), Spanish, English, Turkish, Arabic and a few more. Pools only.

mod persons;

use crate::map::Quarter;
use crate::rng::Rng;
use std::collections::BTreeSet;

pub(crate) use persons::{PersonName, named, person};

/// The invented city.
pub(crate) const CITY: &str = "Haneul-Maren";
/// Its part of every e-mail address; `.example` can never be a real domain (RFC 2606).
pub(crate) const DOMAIN: &str = "haneul-maren.example";

const DISTRICTS: &[(&str, &str)] = &[
    ("Old Maren", "옛마렌"),
    ("Haneulgol", "하늘골"),
    ("Veerkade", "나루터"),
    ("Bitgaram", "빛가람"),
    ("Zuiderhaven", "남항"),
    ("San Telmo Heights", "산텔모언덕"),
    ("Nieuwland", "새터"),
    ("Solbat", "솔밭"),
    ("Ropewalk", "밧줄거리"),
    ("Dalmaru", "달마루"),
    ("Molenpark", "풍차공원"),
    ("Kiln Fields", "가마터"),
    ("Byeolnae", "별내들"),
    ("Lindenhof", "보리수"),
    ("Puerto Chico", "작은항구"),
    ("Westerduin", "서모래"),
];

const HILLSIDE: &[&str] = &[
    "Kite Hill",
    "Hundred Steps",
    "Witte Trap",
    "Lantern Stairs",
    "Cuesta Alta",
    "Upper Kiln",
    "Goat Lane",
    "Bergzicht",
    "Cloud Gate",
    "Water Tower Rise",
    "Loma Verde",
    "Hoge Weg",
    "Quarry Edge",
    "Windmill Top",
    "Mirador",
];
const RIVERSIDE: &[&str] = &[
    "Willow Bank",
    "Ferry Landing",
    "Lage Oever",
    "Tanners' Reach",
    "Ribera Norte",
    "Weir Side",
    "Stone Ford",
    "Visserswal",
    "Heron Bank",
    "Washhouse Quay",
    "Rietkant",
    "Long Meadow",
    "Bridgefoot",
    "Molino Viejo",
];
const PORT: &[&str] = &[
    "Salt Quay",
    "Netmakers",
    "Pakhuis",
    "Dry Dock",
    "Muelle Chico",
    "Pilot's Row",
    "Cold Store",
    "Sailcloth",
    "Loodswezen",
    "Customs Yard",
    "Lighthouse Point",
    "Cable Street",
    "Oude Werf",
    "Faro",
];
const OLD_TOWN: &[&str] = &[
    "Market Cross",
    "Bell Court",
    "Vismarkt",
    "Scribes' Lane",
    "Plaza Honda",
    "Pepper Alley",
    "Grain Hall",
    "Kruittoren",
    "Mint Street",
    "Seven Wells",
    "Lacemakers",
    "Beguine Court",
    "Silversmiths",
    "Calle Angosta",
];
const WORKS: &[&str] = &[
    "Tramworks",
    "Gasfabriek",
    "Brickfield",
    "Depot Noord",
    "Foundry Road",
    "Talleres",
    "Sidings",
    "Glass House",
    "Zagerij",
    "Weaving Sheds",
    "Bottle Yard",
    "Coal Drops",
];
const NEW_TOWN: &[&str] = &[
    "Parkrand",
    "Garden Blocks",
    "Plan Zuid",
    "Elm Towers",
    "Barrio Nuevo",
    "Meadow Court",
    "Orchard East",
    "Zonnehof",
    "School Fields",
    "Ring North",
    "Las Acacias",
    "Tuindorp",
    "Larkspur",
    "Waterwijk",
    "Hazelgrove",
];
const PARK: &[&str] = &["King's Garden"];

const DUTCH_FIRST: &[&str] = &[
    "Linden", "Wilgen", "Vogel", "Molen", "Zand", "Klaver", "Oever", "Linnen", "Haver", "Schapen", "Toren", "Iepen",
    "Spoor", "Kersen", "Noorder", "Ooster", "Duin", "Riet",
];
const DUTCH_LAST: &[&str] = &["hof", "veld", "kade", "wijk", "dijk", "gaarde", "horst", "akker"];
const KOREAN_FIRST: &[(&str, &str)] = &[
    ("Dal", "달"),
    ("Haet", "햇"),
    ("Byeol", "별"),
    ("Sol", "솔"),
    ("Mul", "물"),
    ("Bom", "봄"),
    ("Neul", "늘"),
    ("Garam", "가람"),
    ("Narae", "나래"),
    ("Sae", "새"),
    ("Cheong", "청"),
    ("Maehwa", "매화"),
    ("Eunhaeng", "은행"),
    ("Baram", "바람"),
    ("Dora", "도라"),
    ("Hwang", "황"),
    ("Ori", "오리"),
    ("Bam", "밤"),
];
const KOREAN_LAST: &[(&str, &str)] = &[
    ("dong", "동"),
    ("gol", "골"),
    ("maeul", "마을"),
    ("teo", "터"),
    ("nae", "내"),
    ("jae", "재"),
    ("deul", "들"),
    ("maru", "마루"),
];

/// Names of places, each given once.
#[derive(Debug)]
pub(crate) struct PlaceNames {
    rng: Rng,
    used: BTreeSet<String>,
}

impl PlaceNames {
    pub(crate) fn new(seed: u64) -> Self {
        let used = DISTRICTS.iter().map(|d| d.0.to_owned()).collect();
        Self { rng: Rng::for_room(seed, "place names"), used }
    }

    /// The name of the nth district and its local name.
    pub(crate) fn district(n: usize) -> (String, Option<String>) {
        let (name, local) = DISTRICTS[n % DISTRICTS.len()];
        (name.to_owned(), Some(local.to_owned()))
    }

    /// A name nobody else has, fitting such a quarter.
    pub(crate) fn neighbourhood(&mut self, quarter: Quarter) -> (String, Option<String>) {
        let own = match quarter {
            Quarter::Hillside => HILLSIDE,
            Quarter::Riverside => RIVERSIDE,
            Quarter::Port => PORT,
            Quarter::OldTown => OLD_TOWN,
            Quarter::Works => WORKS,
            Quarter::NewTown => NEW_TOWN,
            Quarter::Park => PARK,
        };
        let unused: Vec<&str> = own.iter().copied().filter(|n| !self.used.contains(*n)).collect();
        let (name, local) = if !unused.is_empty() && (quarter == Quarter::Park || self.rng.percent(55)) {
            ((*self.rng.pick(&unused)).to_owned(), None)
        } else {
            self.composed()
        };
        self.used.insert(name.clone());
        (name, local)
    }

    fn composed(&mut self) -> (String, Option<String>) {
        for _ in 0..200 {
            let made = if self.rng.percent(60) {
                let (a, b) = (*self.rng.pick(KOREAN_FIRST), *self.rng.pick(KOREAN_LAST));
                (format!("{}{}", a.0, b.0), Some(format!("{}{}", a.1, b.1)))
            } else {
                (format!("{}{}", self.rng.pick(DUTCH_FIRST), self.rng.pick(DUTCH_LAST)), None)
            };
            if !self.used.contains(&made.0) {
                return made;
            }
        }
        for n in 2.. {
            let (a, b) = (*self.rng.pick(KOREAN_FIRST), *self.rng.pick(KOREAN_LAST));
            let name = format!("{}{} {n}", a.0, b.0);
            if !self.used.contains(&name) {
                return (name, Some(format!("{}{} {n}", a.1, b.1)));
            }
        }
        (CITY.to_owned(), None)
    }
}
