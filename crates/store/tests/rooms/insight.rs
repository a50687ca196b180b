//! From notes to sense: the board that several people arrange at once, insights and what they rest on, and what is left of
//! both when a resident takes their words back.

use std::collections::{BTreeMap, BTreeSet};

use freerange_domain::{
    challenge::Outcome,
    consent::Uses,
    id::{ActId, ChallengeId, InsightId, NoteId, PlacementId, ThemeId, VersionId},
    insight::{Act, Side, Sure},
    outing::Kind,
};
use freerange_store::{
    Actor, StoreError,
    insight::{Asked, Became, Saying, Where},
    outing::Offer,
};
use freerange_testkit::{House, both, city, draft, line, prose, reason, said, sign_in_as, uses};
use jiff::ToSpan as _;
use uuid::Uuid;

fn asked(what: Act) -> Asked {
    Asked { id: ActId::new(), what }
}

fn naming(theme: ThemeId, follows: &[VersionId], name: &str) -> Act {
    Act::Name { theme, wording: VersionId::new(), follows: follows.to_vec(), name: line(name) }
}

fn placing(notes: &[NoteId], theme: Option<ThemeId>) -> Act {
    Act::Place { notes: notes.to_vec(), theme }
}

async fn arrange(house: &House, who: &Actor, board: ChallengeId, all: &[Asked]) -> Vec<bool> {
    let became = house.store.arrange(who, board, all, (house.clock.today(), house.now())).await.expect("is taken in");
    became.iter().map(|b| !matches!(b, Became::Refused(_))).collect()
}

async fn theme(house: &House, who: &Actor, board: ChallengeId, name: &str) -> ThemeId {
    let id = ThemeId::new();
    assert_eq!(arrange(house, who, board, &[asked(naming(id, &[], name))]).await, [true]);
    id
}

/// Somebody out for a challenge of their own.
struct Out {
    board: ChallengeId,
    placement: PlacementId,
}

async fn out(house: &House, who: &Actor, manager: &Actor) -> Out {
    let (outing, placement) = house.out(who, manager, house.in_a_week(Kind::CommunityVisit)).await;
    let board = house.store.outing(who, outing, house.now()).await.expect("reads").challenge.expect("serves one").0;
    Out { board, placement }
}

async fn note(house: &House, who: &Actor, placement: PlacementId, text: &str) -> NoteId {
    house.store.write_note(who, placement, &draft(text, house.now()), house.now()).await.expect("is kept")
}

fn saying(says: &str, follows: &[VersionId]) -> Saying {
    Saying {
        id: VersionId::new(),
        says: line(says),
        why: prose("Everybody named it."),
        against: String::new(),
        sure: Sure::Hunch,
        follows: follows.to_vec(),
    }
}

#[test]
fn an_act_that_is_sent_twice_is_done_once_also_when_somebody_did_something_else_meanwhile() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let Out { board, placement } = out(house, &ann, &bo).await;
        let seen = note(house, &ann, placement, "The stair is dark").await;
        let (one, two) = (theme(house, &ann, board, "Stairs").await, theme(house, &ann, board, "Light").await);
        let first = asked(placing(&[seen], Some(one)));
        arrange(house, &ann, board, std::slice::from_ref(&first)).await;
        arrange(house, &bo, board, &[asked(placing(&[seen], Some(two)))]).await;
        // The answer was lost, so it is sent again: the last one who moved it still wins.
        assert_eq!(arrange(house, &ann, board, &[first]).await, [true]);
        let there = house.store.board(&ann, board, None).await.expect("reads");
        assert_eq!(there.notes.iter().map(|n| n.theme).collect::<Vec<_>>(), [Some(two)]);
        let past = house.store.board_history(&bo, board, Some(seen)).await.expect("reads");
        let said: Vec<_> = past.iter().map(|p| (p.by.as_deref(), p.theme.as_ref().map(|t| t.1.as_str()))).collect();
        assert_eq!(said, [(Some("Bo Berg"), Some("Light")), (Some("Ann Berg"), Some("Stairs"))]);
    });
}

#[test]
fn two_names_given_at_once_both_stay_until_somebody_brings_them_together() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let board = house.ask(&ann, "Why does nobody use the stair?").await;
        let id = theme(house, &ann, board, "Stairs").await;
        let names = async || {
            let themes = house.store.themes(&ann, board).await.expect("reads");
            themes.into_iter().find(|t| t.id == id).expect("is there").names
        };
        let first = names().await[0].id;
        arrange(house, &ann, board, &[asked(naming(id, &[first], "Dark stairs"))]).await;
        arrange(house, &bo, board, &[asked(naming(id, &[first], "Stairs that smell"))]).await;
        let both_names = names().await;
        let says: BTreeSet<&str> = both_names.iter().map(|n| n.says.as_str()).collect();
        assert_eq!(says, BTreeSet::from(["Dark stairs", "Stairs that smell"]));
        // Whoever has seen only one of them does not throw the other away.
        assert_eq!(arrange(house, &ann, board, &[asked(Act::Drop { theme: id, seen: vec![first] })]).await, [false]);
        let seen: Vec<VersionId> = both_names.iter().map(|n| n.id).collect();
        arrange(house, &ann, board, &[asked(naming(id, &seen, "Dark stairs that smell"))]).await;
        assert_eq!(names().await.iter().map(|n| n.says.as_str()).collect::<Vec<_>>(), ["Dark stairs that smell"]);
    });
}

#[test]
fn a_name_that_comes_after_a_theme_was_dissolved_brings_it_back_and_its_notes_are_not_placed() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let Out { board, placement } = out(house, &ann, &bo).await;
        let seen = note(house, &ann, placement, "The stair is dark").await;
        let id = theme(house, &ann, board, "Stairs").await;
        let first = house.store.themes(&ann, board).await.expect("reads")[0].names[0].id;
        arrange(house, &ann, board, &[asked(placing(&[seen], Some(id)))]).await;
        assert_eq!(arrange(house, &bo, board, &[asked(Act::Drop { theme: id, seen: vec![first] })]).await, [true]);
        assert_eq!(house.store.not_placed(&ann, board).await.expect("counts"), 1);
        assert!(house.store.themes(&ann, board).await.expect("reads").is_empty());
        arrange(house, &ann, board, &[asked(naming(id, &[first], "Dark stairs"))]).await;
        let back = house.store.themes(&ann, board).await.expect("reads");
        assert_eq!((back.len(), back[0].names[0].says.as_str(), back[0].weight.notes), (1, "Dark stairs", 0));
        assert_eq!(house.store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn a_board_hears_of_notes_that_come_change_and_go_by_other_ways() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let Out { board, placement } = out(house, &ann, &bo).await;
        let whole = house.store.board(&bo, board, None).await.expect("reads");
        assert!(whole.whole && whole.notes.is_empty());
        let seen = note(house, &ann, placement, "The stair is dark").await;
        let came = house.store.board(&bo, board, Some((whole.line, whole.last))).await.expect("reads");
        assert_eq!((came.whole, came.notes.len()), (false, 1));
        let again = house.store.board(&bo, board, Some((came.line, came.last))).await.expect("reads");
        assert!(again.last == came.last && again.notes.is_empty() && again.gone.is_empty());
        house.store.remove_note(&ann, seen, house.now()).await.expect("is removed");
        let went = house.store.board(&bo, board, Some((came.line, came.last))).await.expect("reads");
        assert_eq!((went.notes.len(), went.gone), (0, vec![seen]));
        // Of another line everything is told.
        assert!(house.store.board(&bo, board, Some((Uuid::new_v4(), 0))).await.expect("reads").whole);
    });
}

#[test]
fn ten_notes_of_one_walk_are_one_outing_and_ten_sentences_of_one_resident_one_voice() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let ben = sign_in_as(house, "ben").await;
        let Out { board, placement } = out(house, &ann, &bo).await;
        let (voice, _) = house.consent(&ann, placement, uses("use quote")).await;
        let mut notes = Vec::new();
        for n in 0..10 {
            let words = format!("I stumble on step number {n}");
            let kept =
                house.store.write_note(&ann, placement, &said(&words, Some(voice), house.now()), house.now()).await;
            notes.push(kept.expect("is kept"));
        }
        let offer = Offer { challenge: Some(board), ..house.in_a_week(Kind::CommunityVisit) };
        let (_, second) = house.out(&ben, &bo, offer).await;
        notes.push(note(house, &ben, second, "A lamp is out").await);
        let against = note(house, &ben, second, "Children play there").await;
        notes.push(against);
        let id = theme(house, &ann, board, "Stairs").await;
        arrange(house, &ann, board, &[asked(placing(&notes, Some(id)))]).await;
        let insight = InsightId::new();
        let store = &house.store;
        let dark = saying("The stair keeps people in", &[]);
        for _ in 0..2 {
            store.write_insight(&ann, board, (insight, &dark), &[id], house.now()).await.expect("is kept once");
        }
        store.rest_insight(&bo, insight, &[against], Some(Side::Against)).await.expect("is named");
        let whole = store.insight(&bo, insight).await.expect("reads").insight;
        let w = whole.weight;
        assert_eq!((w.notes, w.outings, w.voices, w.own), (11, 2, 1, 1));
        assert_eq!((whole.against.notes, whole.against.outings), (1, 1));
        assert_eq!(store.insights(&bo, board).await.expect("lists").len(), 1);
    });
}

#[test]
fn an_insight_that_two_people_change_at_once_keeps_the_words_and_themes_of_both() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let board = house.ask(&ann, "Why does nobody use the stair?").await;
        let (one, two) = (theme(house, &ann, board, "Stairs").await, theme(house, &ann, board, "Light").await);
        let (store, insight, first) = (&house.store, InsightId::new(), saying("It is the stair", &[]));
        store.write_insight(&ann, board, (insight, &first), &[], house.now()).await.expect("is kept");
        let anns = saying("It is the dark", &[first.id]);
        let bos = saying("It is the smell", &[first.id]);
        // Sent twice, it is there once.
        for _ in 0..2 {
            store.word_insight(&ann, insight, &anns, (&[], &[one]), house.now()).await.expect("is kept");
        }
        store.word_insight(&bo, insight, &bos, (&[], &[two]), house.now()).await.expect("is kept");
        let whole = store.insight(&ann, insight).await.expect("reads");
        let says: BTreeSet<&str> = whole.insight.wordings.iter().map(|w| w.says.as_str()).collect();
        assert_eq!(says, BTreeSet::from(["It is the dark", "It is the smell"]));
        assert_eq!(whole.themes.len(), 2, "what both added stays");
        assert!(matches!(store.drop_insight(&ann, insight, &[anns.id]).await, Err(StoreError::Rule { .. })));
        let seen = [anns.id, bos.id];
        let together = saying("It is dark and smells", &seen);
        store.word_insight(&ann, insight, &together, (&[], &[]), house.now()).await.expect("is kept");
        store.drop_insight(&bo, insight, &[together.id]).await.expect("is put aside");
        assert!(store.insights(&ann, board).await.expect("lists").is_empty());
    });
}

const WORDS: &str = "the lift has been broken since the third of May";

#[test]
fn words_taken_back_are_gone_from_the_board_its_themes_insights_and_counts() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let Out { board, placement } = out(house, &ann, &bo).await;
        let (voice, card) = house.consent(&ann, placement, Uses { use_it: true, quote: true, ..Uses::default() }).await;
        let (store, now) = (&house.store, house.now());
        let quote = store.write_note(&ann, placement, &said(WORDS, Some(voice), now), now).await.expect("is kept");
        let other = note(house, &ann, placement, "A lamp is out").await;
        let id = theme(house, &ann, board, &format!("They say {WORDS}, all of them")).await;
        arrange(house, &ann, board, &[asked(placing(&[quote, other], Some(id)))]).await;
        let with = |before: &str| format!("{before}: {WORDS}, she said");
        let said = Saying { why: prose(&with("Why")), against: with("Against"), ..saying(&with("Says"), &[]) };
        let insight = store.write_insight(&ann, board, (InsightId::new(), &said), &[id], now).await.expect("is kept");
        store.rest_insight(&bo, insight, &[quote], Some(Side::For)).await.expect("is named");
        let before = store.board(&bo, board, None).await.expect("reads");
        assert!(house.where_it_says("the third of May").await.len() > 4);
        let resident = store.resident(&card, "192.0.2.9", now).await.expect("the code is known");
        store.withdraw(&resident, None, now).await.expect("is taken back");
        assert_eq!(house.where_it_says("the third of May").await, [""; 0]);
        let after = store.board(&bo, board, Some((before.line, before.last))).await.expect("reads");
        assert_eq!(after.gone, [quote]);
        assert_eq!(after.themes[0].names[0].says, "They say […], all of them");
        let whole = store.insight(&bo, insight).await.expect("reads");
        assert_eq!((whole.insight.weight.notes, whole.insight.weight.voices, whole.notes.len()), (1, 0, 0));
        assert_eq!(whole.insight.wordings[0].says, "Says: […], she said");
        // And they do not come back.
        let again = asked(naming(ThemeId::new(), &[], &with("Again")));
        assert_eq!(arrange(house, &bo, board, &[again]).await, [false]);
        let again = store.word_insight(&bo, insight, &said, (&[], &[]), now).await;
        assert!(matches!(again, Err(StoreError::Rule { key: "words-withdrawn", .. })), "{again:?}");
        // Nor does a note that is gone come to lie anywhere.
        arrange(house, &bo, board, &[asked(placing(&[quote], Some(id)))]).await;
        assert_eq!(store.lying(&bo, board, Where::Theme(id), 1).await.expect("lists").items.len(), 1);
        assert_eq!(store.check().await.expect("looks").problems, [""; 0]);
    });
}

#[test]
fn who_moved_what_is_forgotten_after_two_weeks_and_when_the_challenge_is_closed() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let board = house.ask(&ann, "Why does nobody use the stair?").await;
        let name = asked(naming(ThemeId::new(), &[], "Stairs"));
        arrange(house, &bo, board, std::slice::from_ref(&name)).await;
        let history = async || house.store.board_history(&ann, board, None).await.expect("reads").len();
        house.clock.advance(13.days());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!((history().await, house.count("board_act", "by_id IS NOT NULL").await), (1, 1));
        house.clock.advance(3.days());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!((history().await, house.count("board_act", "by_id IS NOT NULL OR on_day <> ''").await), (0, 0));
        // That it was done is known still, so it is not done again.
        arrange(house, &bo, board, &[name]).await;
        assert_eq!(house.count("board_act", "1 = 1").await, 1);
        let ended = Outcome::Ended { why: reason("No money") };
        house.store.close_challenge(&ann, board, &ended, house.now()).await.expect("is closed");
        assert_eq!(house.count("board_act", "1 = 1").await, 0);
        let late = [asked(naming(ThemeId::new(), &[], "Late"))];
        let late = house.store.arrange(&bo, board, &late, (house.clock.today(), house.now())).await;
        assert!(matches!(late, Err(StoreError::NotOpen(_))));
        assert_eq!(house.store.themes(&bo, board).await.expect("reads").len(), 1, "it stays to be read");
    });
}

/// A small source of chance that is the same on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).expect("small")
    }
}

/// Somebody with the board open, as their browser has it: what they know, and what they did that is not acknowledged.
struct Editor {
    who: Actor,
    after: Option<(Uuid, i64)>,
    notes: BTreeMap<NoteId, Option<ThemeId>>,
    themes: BTreeMap<ThemeId, Vec<(VersionId, String)>>,
    waiting: Vec<Asked>,
}

impl Editor {
    async fn look(&mut self, house: &House, board: ChallengeId) {
        let told = house.store.board(&self.who, board, self.after).await.expect("reads");
        if self.after != Some((told.line, told.last)) {
            self.themes = told
                .themes
                .into_iter()
                .map(|t| (t.id, t.names.into_iter().map(|n| (n.id, n.says)).collect()))
                .collect();
        }
        self.notes.extend(told.notes.into_iter().map(|n| (n.id, n.theme)));
        self.notes.retain(|id, _| !told.gone.contains(id));
        self.after = Some((told.line, told.last));
    }

    async fn send(&mut self, house: &House, board: ChallengeId, answer_is_lost: bool) {
        arrange(house, &self.who, board, &self.waiting).await;
        if !answer_is_lost {
            self.waiting.clear();
        }
    }

    /// Does something, as far as they know the board. Returns the text they wrote.
    fn act(&mut self, chance: &mut Chance, number: usize) -> Option<String> {
        let themes: Vec<ThemeId> = self.themes.keys().copied().collect();
        let notes: Vec<NoteId> = self.notes.keys().copied().collect();
        let some = |chance: &mut Chance| themes[chance.below(themes.len())];
        let kind = if themes.is_empty() { 0 } else { chance.below(10) };
        let mut written = None;
        let what = match kind {
            0 => {
                let name = format!("Theme {number}");
                written = Some(name.clone());
                naming(ThemeId::new(), &[], &name)
            }
            1..=3 => {
                let theme = some(chance);
                let follows: Vec<VersionId> = self.themes[&theme].iter().map(|n| n.0).collect();
                let name = format!("Name {number}");
                written = Some(name.clone());
                naming(theme, &follows, &name)
            }
            4 => Act::Order { theme: some(chance), before: Some(some(chance)) },
            5 => {
                let theme = some(chance);
                Act::Drop { theme, seen: self.themes[&theme].iter().map(|n| n.0).collect() }
            }
            _ => {
                let count = 1 + chance.below(3);
                let moved: Vec<NoteId> = (0..count).map(|_| notes[chance.below(notes.len())]).collect();
                let to = if chance.below(4) == 0 { None } else { Some(some(chance)) };
                placing(&moved.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), to)
            }
        };
        self.waiting.push(asked(what));
        written
    }
}

#[test]
fn whatever_two_or_three_do_at_once_with_answers_lost_all_see_the_same_in_the_end_and_no_text_is_lost() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let ben = sign_in_as(house, "ben").await;
        let Out { board, placement } = out(house, &ann, &bo).await;
        for n in 0..8 {
            note(house, &ann, placement, &format!("Something seen, number {n}")).await;
        }
        for seed in 1..=12_u64 {
            let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let count = 2 + chance.below(2);
            let mut editors: Vec<Editor> = [&ann, &bo, &ben]
                .into_iter()
                .take(count)
                .map(|who| Editor {
                    who: who.clone(),
                    after: None,
                    notes: BTreeMap::new(),
                    themes: BTreeMap::new(),
                    waiting: Vec::new(),
                })
                .collect();
            for editor in &mut editors {
                editor.look(house, board).await;
            }
            let mut written = Vec::new();
            for step in 0..40 {
                let at = chance.below(count);
                let number = usize::try_from(seed).expect("small") * 1000 + step;
                match chance.below(4) {
                    0 | 1 => written.extend(editors[at].act(&mut chance, number)),
                    2 => {
                        let lost = chance.below(3) == 0;
                        editors[at].send(house, board, lost).await;
                    }
                    _ => editors[at].look(house, board).await,
                }
            }
            for editor in &mut editors {
                editor.send(house, board, false).await;
            }
            for editor in &mut editors {
                editor.look(house, board).await;
            }
            let whole = house.store.board(&ann, board, None).await.expect("reads");
            let notes: BTreeMap<NoteId, Option<ThemeId>> = whole.notes.iter().map(|n| (n.id, n.theme)).collect();
            for editor in &editors {
                assert_eq!(editor.notes, notes, "seed {seed}");
                let names: BTreeSet<&ThemeId> = editor.themes.keys().collect();
                assert_eq!(names, whole.themes.iter().map(|t| &t.id).collect(), "seed {seed}");
            }
            // Every text was kept: it is a name now, or somebody who had seen it put another in its place or dissolved it.
            for text in &written {
                assert_eq!(house.count("board_wording", &format!("says = '{text}'")).await, 1, "{text}, seed {seed}");
            }
            assert_eq!(house.store.check().await.expect("looks").problems, [""; 0], "seed {seed}");
        }
    });
}
