//! Which notes could belong together: a suggestion, never an act. Local and the same on every machine. Texts are compared by
//! pieces of their words, so that endings and particles make little difference, in Korean as in Dutch; a piece that many notes
//! have says little, one that few have says much.
//!
//! Promises that every suggestion names what its notes share, and that no note is in two suggestions.

use std::collections::{BTreeMap, HashMap};

/// Some notes that could belong together, by their places in what was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Which.
    pub notes: Vec<usize>,
    /// What they share, the most telling first.
    pub share: Vec<String>,
    /// Whether they say nearly the same.
    pub nearly_same: bool,
}

/// From this part of common pieces on, two texts say nearly the same.
const NEARLY_SAME: f32 = 0.7;
/// How alike two texts must be to be put together.
const ALIKE: f32 = 0.24;
/// Pieces of a text that are compared: its most telling ones.
const TELLING: usize = 24;
/// A piece that more notes have than this leads from none to another.
const COMMON: usize = 120;
/// The most notes of one suggestion: more are not looked at by anybody.
const MOST: usize = 12;

const fn by_syllables(c: char) -> bool {
    // Hangul, Han and Kana: a sign is a syllable or a word.
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}')
}

/// The words of a text, without what only writing adds.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    all.map(str::to_lowercase).collect()
}

/// FNV-1a: the same everywhere.
fn hash(chars: &[char]) -> u32 {
    let mut h = 0x811c_9dc5_u32;
    for c in chars {
        h = (h ^ u32::from(*c)).wrapping_mul(0x0100_0193);
    }
    h ^ (h >> 15)
}

/// The pieces of a text: pairs of syllables, or four letters, with the beginning of a word marked.
fn pieces(text: &str) -> Vec<u32> {
    let mut all = Vec::new();
    for word in words(text) {
        let chars: Vec<char> = std::iter::once('^').chain(word.chars()).collect();
        let long = if word.chars().any(by_syllables) { 2 } else { 4 };
        if chars.len() <= long {
            all.push(hash(&chars));
        } else {
            all.extend(chars.windows(long).map(hash));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Length 1, most telling pieces only, sorted by piece.
type Vector = Vec<(u32, f32)>;

#[expect(clippy::cast_precision_loss, reason = "counts of notes and pieces are small")]
fn vectors(pieces: &[Vec<u32>]) -> (Vec<Vector>, HashMap<u32, usize>) {
    let mut many: HashMap<u32, usize> = HashMap::new();
    for piece in pieces.iter().flatten() {
        *many.entry(*piece).or_default() += 1;
    }
    let all = pieces.len() as f32;
    let vector = |own: &Vec<u32>| {
        let mut v: Vector =
            own.iter().filter(|p| many[*p] > 1).map(|p| (*p, (all / many[p] as f32).ln().max(0.05))).collect();
        v.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        v.truncate(TELLING);
        // Pieces that nobody else has make a text longer, so that a long one is not like everything.
        let alone = own.iter().filter(|p| many[*p] == 1).count().min(TELLING) as f32;
        let length = (v.iter().map(|(_, w)| w * w).sum::<f32>() + alone * 0.25 * all.ln().max(1.0)).sqrt();
        for (_, w) in &mut v {
            *w /= length.max(f32::EPSILON);
        }
        v.sort_by_key(|(p, _)| *p);
        v
    };
    (pieces.iter().map(vector).collect(), many)
}

/// The part of pieces that two texts have in common.
#[expect(clippy::cast_precision_loss, reason = "counts of pieces are small")]
fn in_common(a: &[u32], b: &[u32]) -> f32 {
    let (mut i, mut j, mut both) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    both as f32 / (a.len() + b.len() - both).max(1) as f32
}

/// How alike each two are that share a telling piece, the most alike first.
fn pairs(vectors: &[Vector], many: &HashMap<u32, usize>) -> Vec<(f32, usize, usize)> {
    let mut having: HashMap<u32, Vec<(usize, f32)>> = HashMap::new();
    for (at, v) in vectors.iter().enumerate() {
        for (piece, weight) in v.iter().filter(|(p, _)| many[p] <= COMMON) {
            having.entry(*piece).or_default().push((at, *weight));
        }
    }
    let mut found = Vec::new();
    let (mut sums, mut touched) = (vec![0.0_f32; vectors.len()], Vec::new());
    for (at, v) in vectors.iter().enumerate() {
        for (piece, weight) in v {
            for (other, theirs) in having.get(piece).into_iter().flatten().filter(|(other, _)| *other > at) {
                let Some(sum) = sums.get_mut(*other) else { continue };
                if *sum == 0.0 {
                    touched.push(*other);
                }
                *sum += weight * theirs;
            }
        }
        for other in touched.drain(..) {
            if let Some(sum) = sums.get_mut(other) {
                if *sum >= ALIKE {
                    found.push((*sum, at, other));
                }
                *sum = 0.0;
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    found
}

/// Groups that grow from the most alike: two are joined when as many of their notes are alike as are not.
fn groups(count: usize, pairs: &[(f32, usize, usize)]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..count).collect();
    let mut groups: Vec<Vec<usize>> = (0..count).map(|n| vec![n]).collect();
    let mut alike: HashMap<(usize, usize), usize> = HashMap::new();
    for (_, a, b) in pairs {
        let (x, y) = (of[*a], of[*b]);
        if x == y {
            continue;
        }
        let key = (x.min(y), x.max(y));
        let links = alike.entry(key).or_default();
        *links += 1;
        let (sx, sy) = (groups[x].len(), groups[y].len());
        if sx + sy > MOST || *links * 2 < sx * sy {
            continue;
        }
        let moved = std::mem::take(&mut groups[y]);
        for note in &moved {
            of[*note] = x;
        }
        groups[x].extend(moved);
        // What was counted for either counts for both together.
        let others: Vec<((usize, usize), usize)> =
            alike.iter().filter(|((p, q), _)| *p == y || *q == y).map(|(k, n)| (*k, *n)).collect();
        for ((p, q), n) in others {
            alike.remove(&(p, q));
            let other = if p == y { q } else { p };
            if other != x {
                *alike.entry((x.min(other), x.max(other))).or_default() += n;
            }
        }
    }
    groups.into_iter().filter(|g| g.len() > 1).collect()
}

/// The words that most notes of a group have and few others: of words with endings, the beginning that they share.
fn shared(texts: &[&str], group: &[usize], elsewhere: &HashMap<String, usize>) -> Vec<String> {
    let mut having: BTreeMap<String, usize> = BTreeMap::new();
    for at in group {
        let own: std::collections::BTreeSet<String> = words(texts[*at]).iter().filter_map(|w| stem(w)).collect();
        for word in own {
            *having.entry(word).or_default() += 1;
        }
    }
    let need = group.len().div_ceil(2).max(2);
    let mut best: Vec<(usize, usize, String)> = having
        .into_iter()
        .filter(|(_, n)| *n >= need)
        .map(|(w, n)| (n * 1000 / elsewhere.get(&w).copied().unwrap_or(1).max(1), n, w))
        .collect();
    best.sort_by(|a, b| b.cmp(a));
    best.into_iter().take(4).map(|(_, _, w)| w).collect()
}

/// The part of a word that stays when its ending changes. Nothing for words too short to say anything.
fn stem(word: &str) -> Option<String> {
    let count = word.chars().count();
    let (least, most) = if word.chars().any(by_syllables) { (2, 2) } else { (4, 7) };
    (count >= least).then(|| word.chars().take(most).collect())
}

/// Which of these texts could belong together, those that are most and most alike first.
pub fn suggest(texts: &[&str]) -> Vec<Suggestion> {
    let pieces: Vec<Vec<u32>> = texts.iter().map(|t| pieces(t)).collect();
    let (vectors, many) = vectors(&pieces);
    let pairs = pairs(&vectors, &many);
    let mut elsewhere: HashMap<String, usize> = HashMap::new();
    for text in texts {
        let own: std::collections::BTreeSet<String> = words(text).iter().filter_map(|w| stem(w)).collect();
        for word in own {
            *elsewhere.entry(word).or_default() += 1;
        }
    }
    let mut found: Vec<Suggestion> = groups(texts.len(), &pairs)
        .into_iter()
        .filter_map(|mut notes| {
            notes.sort_unstable();
            let first = *notes.first()?;
            let nearly_same = notes.iter().all(|n| in_common(&pieces[first], &pieces[*n]) >= NEARLY_SAME);
            let share = shared(texts, &notes, &elsewhere);
            (!share.is_empty() || nearly_same).then_some(Suggestion { notes, share, nearly_same })
        })
        .collect();
    found.sort_by_key(|s| (!s.nearly_same, std::cmp::Reverse(s.notes.len()), s.notes.first().copied()));
    found
}

#[cfg(test)]
#[path = "likeness_tests.rs"]
mod tests;
