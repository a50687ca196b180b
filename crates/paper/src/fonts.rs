//! Fonts: one is inside the program (Noto Sans: Latin, Greek, Cyrillic), the others lie in the folders of the machine.
//! For each text the fewest families that have all of its characters are chosen, in an order that does not depend on the
//! order of files on a disk. Knows nothing of layout.

use std::path::{Path, PathBuf};

use icu_properties::{CodePointMapData, PropertyNamesLong, props::Script};
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfo, FontInfoOverride, SourceCache};

use crate::{Missing, Refusal, words};

/// The name under which the built-in font goes, so that no installed one is taken for it.
pub(crate) const OURS: &str = "Freerange Sans";
/// How deep folders are searched.
const DEEPEST: usize = 6;
/// How many files at most: a machine for design work may have thousands.
const MOST_FILES: usize = 2_000;

/// The fonts a sheet can be set in. Cheap to clone; make it once.
#[derive(Clone)]
pub struct Fonts {
    pub(crate) collection: Collection,
    families: Vec<String>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("families", &self.families).finish_non_exhaustive()
    }
}

impl Fonts {
    /// Only the font inside the program.
    pub fn built_in() -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        for font in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
            let named = FontInfoOverride { family_name: Some(OURS), ..FontInfoOverride::default() };
            collection.register_fonts(Blob::new(std::sync::Arc::new(font)), Some(named));
        }
        Self { collection, families: Vec::new() }
    }

    /// The font inside the program, and those in these folders and the folders in them. What cannot be read is left out.
    pub fn in_folders<P: AsRef<Path>>(folders: &[P]) -> Self {
        let mut fonts = Self::built_in();
        let mut files = Vec::new();
        for folder in folders {
            search(folder.as_ref(), 0, &mut files);
        }
        files.sort();
        files.dedup();
        files.truncate(MOST_FILES);
        for file in files {
            fonts.collection.load_fonts_from_paths([file]);
        }
        fonts.families = fonts.collection.family_names().filter(|name| *name != OURS).map(str::to_owned).collect();
        fonts.families.sort();
        fonts.families.dedup();
        fonts
    }

    /// Where systems keep their fonts.
    pub fn system_folders() -> Vec<PathBuf> {
        ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:\\Windows\\Fonts"]
            .into_iter()
            .map(PathBuf::from)
            .filter(|path| path.is_dir())
            .collect()
    }

    /// The installed families that were found, in alphabetical order.
    pub fn families(&self) -> &[String] {
        &self.families
    }

    /// The families for these characters: ours first, then as few installed ones as needed.
    pub(crate) fn chosen(&mut self, characters: &[char], lang: &str) -> Result<Vec<String>, Refusal> {
        let mut cache = SourceCache::default();
        let mut wanted: Vec<char> = characters.iter().copied().filter(|c| !words::joins(*c) && *c != '\n').collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut chosen = vec![OURS.to_owned()];
        self.take(OURS, &mut wanted, &mut cache);
        if !wanted.is_empty() {
            let mut families = self.families.clone();
            families.sort_by_cached_key(|name| (rank(name, lang, &wanted), name.clone()));
            for family in families {
                if wanted.is_empty() {
                    break;
                }
                if self.take(&family, &mut wanted, &mut cache) {
                    chosen.push(family);
                }
            }
        }
        if wanted.is_empty() { Ok(chosen) } else { Err(Refusal::NoFont(missing(&wanted))) }
    }

    /// Strikes out what this family has. Whether it had any.
    fn take(&mut self, family: &str, wanted: &mut Vec<char>, cache: &mut SourceCache) -> bool {
        let Some(family) = self.collection.family_by_name(family) else { return false };
        let Some(font) = family.default_font() else { return false };
        let Some(data) = font.load(Some(cache)) else { return false };
        let before = wanted.len();
        if drawn(font, data.as_ref())
            && let Some(map) = font.charmap_index().charmap(data.as_ref())
        {
            wanted.retain(|c| map.map(*c).is_none_or(|glyph| glyph == 0));
        }
        wanted.len() < before
    }
}

/// Files of fonts in a folder and those in it. Links are followed no deeper than folders are.
fn search(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
        if path.is_dir() {
            if deep < DEEPEST {
                search(&path, deep + 1, files);
            }
        } else if matches!(end.as_str(), "ttf" | "otf" | "ttc" | "otc") {
            files.push(path);
        }
    }
}

/// What no font has, by script.
pub(crate) fn missing(characters: &[char]) -> Vec<Missing> {
    let scripts = CodePointMapData::<Script>::new();
    let names = PropertyNamesLong::<Script>::new();
    let mut by_script: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let mut sorted = characters.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for c in sorted {
        let script = names.get(scripts.get(c)).unwrap_or("Unknown").to_owned();
        let of = by_script.entry(script).or_default();
        if of.chars().count() < 20 {
            of.push(c);
        }
    }
    by_script.into_iter().map(|(script, characters)| Missing { script, characters }).collect()
}

/// Fonts whose glyphs are outlines. Those that are only pictures (emoji as bitmaps) cannot be put into the PDF.
fn drawn(font: &FontInfo, data: &[u8]) -> bool {
    let word = |at: usize| -> Option<u32> { data.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes) };
    let mut start = 0;
    if data.starts_with(b"ttcf") {
        let at = (font.index() as usize).checked_mul(4).and_then(|at| at.checked_add(12));
        let Some(found) = at.and_then(word) else { return false };
        start = found as usize;
    }
    let Some(tables) = word(start + 4).map(|w| (w >> 16) as usize) else { return false };
    (0..tables).any(|table| {
        let at = start + 12 + table * 16;
        matches!(data.get(at..at + 4), Some(b"glyf" | b"CFF " | b"CFF2"))
    })
}

/// In which order families are asked: the plain ones of the script's own language first.
fn rank(name: &str, lang: &str, wanted: &[char]) -> u8 {
    let kana = wanted.iter().any(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
    let hangul =
        wanted.iter().any(|c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}'));
    let region = match lang {
        l if l.starts_with("ko") => "KR",
        l if l.starts_with("ja") => "JP",
        "zh-HK" | "zh-Hant-HK" | "yue" => "HK",
        l if l.starts_with("zh-Hant") || l.starts_with("zh-TW") => "TC",
        l if l.starts_with("zh") => "SC",
        _ if kana => "JP",
        _ if hangul => "KR",
        _ => "SC",
    };
    if ["Mono", "Condensed", "Math", "Display", "Symbols2"].iter().any(|odd| name.contains(odd)) {
        return 8;
    }
    let serif = u8::from(name.contains("Serif") || name.contains("Batang") || name.contains("Myungjo"));
    let cjk = ["CJK", " JP", " KR", " SC", " TC", " HK"].iter().any(|word| name.contains(word));
    match (name.starts_with("Noto"), cjk) {
        (true, true) if name.ends_with(region) => serif,
        (true, false) => 2 + serif,
        (true, true) => 4 + serif,
        (false, _) => 6 + serif,
    }
}
