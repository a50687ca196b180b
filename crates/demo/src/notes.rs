//! What was seen, heard and wondered on each outing that happened. What somebody makes of it stands apart. Sentences
//! come from the outing's topic, never twice in one placement; names of persons never appear.

use crate::map::DemoNeighbourhood;
use crate::outings::Offered;
use crate::placements::{DemoPlacement, Stage};
use crate::rng::Rng;
use crate::topics::{GENERAL, Topic};
use crate::words::fill;

/// What kind of note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Something observed.
    Saw,
    /// Something somebody said.
    Said,
    /// A question that came up.
    Wonder,
}

impl NoteKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Saw => "saw",
            Self::Said => "said",
            Self::Wonder => "wonder",
        }
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoNote {
    /// Index of the placement.
    pub placement: usize,
    /// What kind.
    pub kind: NoteKind,
    /// What was seen or heard.
    pub seen: String,
    /// What the author makes of it; empty when nothing.
    pub meaning: String,
    /// Whether whoever is quoted agreed; only with [`NoteKind::Said`].
    pub quote_consent: bool,
    /// The day, counted from today.
    pub day: i32,
    /// Minutes after midnight.
    pub minute: i32,
}

struct Pools {
    saw: &'static [&'static str],
    said: &'static [&'static str],
    wonder: &'static [&'static str],
    meaning: &'static [&'static str],
}

fn pools(offer: &Offered, topics: &[&'static Topic]) -> Pools {
    let general = Pools { saw: GENERAL.saw, said: GENERAL.said, wonder: GENERAL.wonder, meaning: GENERAL.meaning };
    match (offer.topic, offer.here) {
        (Some(t), true) => {
            let topic = topics[t];
            Pools { saw: topic.saw, said: topic.said, wonder: topic.wonder, meaning: topic.meaning }
        }
        (Some(t), false) => Pools {
            saw: GENERAL.elsewhere_saw,
            wonder: topics[t].wonder,
            meaning: GENERAL.elsewhere_meaning,
            ..general
        },
        (None, _) => general,
    }
}

/// One to four notes for everybody who came back, fewer for those who are still out.
pub(crate) fn write(
    offered: &[Offered],
    placements: &[DemoPlacement],
    topics: &[&'static Topic],
    neighbourhoods: &[DemoNeighbourhood],
    seed: u64,
) -> Vec<DemoNote> {
    let mut rng = Rng::for_room(seed, "notes");
    let mut notes = Vec::new();
    for (at, placement) in placements.iter().enumerate() {
        let most = match placement.stage_reached {
            Stage::Out => rng.below(2),
            _ if placement.came_back() => 1 + rng.weighted(&[18, 34, 30, 18]),
            _ => 0,
        };
        let offer = &offered[placement.outing];
        let place = neighbourhoods[offer.outing.neighbourhood].name.as_str();
        let mut told: Vec<&str> = Vec::new();
        for _ in 0..most {
            let note = one(at, offer, &pools(offer, topics), place, &mut told, &mut rng);
            notes.extend(note);
        }
    }
    notes
}

fn one(
    placement: usize,
    offer: &Offered,
    pools: &Pools,
    place: &str,
    told: &mut Vec<&'static str>,
    rng: &mut Rng,
) -> Option<DemoNote> {
    // At a university or in another city there is nobody of ours to quote.
    let weights: &[usize] = if offer.here { &[46, 36, 18] } else { &[75, 0, 25] };
    let (kind, pool) = match rng.weighted(weights) {
        0 => (NoteKind::Saw, pools.saw),
        1 => (NoteKind::Said, pools.said),
        _ => (NoteKind::Wonder, pools.wonder),
    };
    let fresh: Vec<&'static str> = pool.iter().copied().filter(|s| !told.contains(s)).collect();
    if fresh.is_empty() {
        return None;
    }
    let sentence = *rng.pick(&fresh);
    told.push(sentence);
    let meaning = if kind != NoteKind::Wonder && rng.percent(60) {
        let heard = *rng.pick(pools.meaning);
        fill(heard, place, rng)
    } else {
        String::new()
    };
    let last = offer.outing.last_day().min(0);
    Some(DemoNote {
        placement,
        kind,
        seen: fill(sentence, place, rng),
        meaning,
        quote_consent: kind == NoteKind::Said && rng.percent(72),
        day: rng.between(offer.outing.day.min(last), last),
        minute: (offer.outing.start_minute + rng.between(10, 170)).min(1_435),
    })
}
