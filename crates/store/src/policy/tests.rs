use freerange_domain::id::PlacementId;

use super::*;
use crate::actor::Staff;

fn staff(id: PersonId, roles: &[Role]) -> Actor {
    Actor::Staff(Staff { id, name: String::new(), roles: roles.to_vec(), manages: false, lang: None, diary: None })
}

#[test]
fn every_act_is_allowed_to_somebody_and_only_few_to_anyone() {
    for act in Act::ALL {
        assert!(!act.allowed().is_empty(), "{act}");
    }
    let open: Vec<&str> =
        Act::ALL.iter().filter(|a| may(&Actor::Anybody, **a, &About::nothing()).is_ok()).map(|a| a.key()).collect();
    assert_eq!(open, ["invite", "see-withdrawals", "see-practices", "see-figures"]);
}

#[test]
fn no_role_opens_somebody_elses_private_reflection() {
    let writer = PersonId::new();
    let about = About { person: Some(writer), manager: Some(PersonId::new()), ..About::default() };
    for act in [Act::SeePrivateReflection, Act::SeeOwnAccount, Act::MovePlacement, Act::WriteNote] {
        assert!(may(&staff(writer, &[]), act, &about).is_ok());
        let everything = staff(PersonId::new(), Role::ALL);
        assert!(may(&everything, act, &about).is_err(), "{act}");
        let boss = staff(about.manager.expect("set"), Role::ALL);
        assert!(may(&boss, act, &about).is_err(), "{act}");
    }
}

#[test]
fn whoever_may_not_whatever_else_they_are_is_not_helped_by_another_role() {
    let as_roles = |roles| may(&staff(PersonId::new(), roles), Act::TakeRoundProof, &About::nothing());
    assert!(as_roles(&[Role::Auditor]).is_ok());
    assert!(as_roles(&[Role::Auditor, Role::ProgrammeLead]).is_err());
    assert!(as_roles(Role::ALL).is_err());
}

#[test]
fn a_link_opens_only_its_own_placement() {
    let mine = PlacementId::new();
    let link = Actor::Link { placement: mine, party: freerange_domain::outing::Party::Host, name: String::new() };
    let about = |p| About { placement: Some(p), ..About::default() };
    assert!(may(&link, Act::AnswerPlacement, &about(mine)).is_ok());
    assert!(may(&link, Act::AnswerPlacement, &about(PlacementId::new())).is_err());
    assert!(may(&link, Act::AnswerPlacement, &About::nothing()).is_err());
}

#[test]
fn nothing_matches_by_absence() {
    // Nobody's id is equal to nobody's id: an unowned thing is not owned by whoever is not signed in.
    for act in Act::ALL.iter().filter(|a| !a.allowed().contains(&Who::Anyone)) {
        assert!(may(&Actor::Anybody, *act, &About::nothing()).is_err(), "{act}");
    }
}
