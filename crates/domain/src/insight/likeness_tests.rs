//! What is put together, why, and that it is the same again.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const NOTES: &[&str] = &[
    "The lift in the north stairwell has been broken for six weeks, so she carries the shopping up.",
    "The lift in the north stairwell has been broken for six weeks, and she carries the shopping up!",
    "Page four of the rent form asks for the income that the tax office already knows.",
    "He stopped at page four of the rent form because it asks for his income again.",
    "The rent form: page four, nobody understands what income means there.",
    "Children play between the parked cars because the square is locked.",
    "승강기가 고장 나서 어르신이 계단으로 장을 보러 다니신다.",
    "승강기 고장이 두 달째라 어르신은 계단을 쓰신다.",
    "고장 난 승강기 때문에 계단을 오르신다고 어르신이 말했다.",
    "버스가 저녁에는 한 시간에 한 대뿐이다.",
];

fn together(all: &[Suggestion], a: usize, b: usize) -> bool {
    all.iter().any(|s| s.notes.contains(&a) && s.notes.contains(&b))
}

#[test]
fn notes_about_one_thing_are_put_together_and_it_is_said_what_they_share() {
    let all = suggest(NOTES);
    assert!(together(&all, 2, 3) && together(&all, 2, 4), "{all:?}");
    let form = all.iter().find(|s| s.notes.contains(&2)).expect("a suggestion");
    assert!(form.share.iter().any(|w| w == "rent" || w == "income"), "{form:?}");
    assert!(!together(&all, 2, 0) && !all.iter().any(|s| s.notes.contains(&5) && s.notes.contains(&2)));
}

#[test]
fn korean_notes_are_put_together_whatever_their_particles() {
    let all = suggest(NOTES);
    assert!(together(&all, 6, 7) && together(&all, 6, 8), "{all:?}");
    let lift = all.iter().find(|s| s.notes.contains(&6)).expect("a suggestion");
    assert!(lift.share.iter().any(|w| w == "승강" || w == "계단" || w == "고장"), "{lift:?}");
    assert!(!all.iter().any(|s| s.notes.contains(&9)), "{all:?}");
}

#[test]
fn what_says_nearly_the_same_is_said_to() {
    let all = suggest(NOTES);
    let same: Vec<&Suggestion> = all.iter().filter(|s| s.nearly_same).collect();
    assert_eq!(same.iter().map(|s| s.notes.as_slice()).collect::<Vec<_>>(), [[0, 1]]);
}

#[test]
fn nothing_is_suggested_of_nothing() {
    assert_eq!(suggest(&[]), []);
    assert_eq!(suggest(&["", "…", "!"]), []);
}

proptest! {
    #[test]
    fn no_note_is_in_two_suggestions_and_the_same_notes_are_suggested_again(
        picks in proptest::collection::vec(0_usize..10, 0..30)
    ) {
        let texts: Vec<&str> = picks.iter().map(|at| NOTES[*at]).collect();
        let all = suggest(&texts);
        let mut seen = BTreeSet::new();
        for suggestion in &all {
            prop_assert!(suggestion.notes.len() > 1 && suggestion.notes.len() <= MOST);
            for note in &suggestion.notes {
                prop_assert!(*note < texts.len() && seen.insert(*note));
            }
        }
        prop_assert_eq!(suggest(&texts), all);
    }
}
