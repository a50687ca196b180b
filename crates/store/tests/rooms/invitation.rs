//! Invitations: read by everybody who could answer one, while whom to ring stays with those who deal with it.

use freerange_domain::{id::InvitationId, outing::Kind, people::Role};
use freerange_store::{Actor, StoreError, invitation::Invite, outing::Offer};
use freerange_testkit::{House, both, city, invite, line, prose, reason, sign_in_as, zone};
use jiff::ToSpan as _;

const SECRETS: [&str; 3] = ["Noor de Wit", "noor@mill.example", "0612345678"];

async fn invited(house: &House) -> InvitationId {
    let asked =
        Invite { contact_phone: "0612345678".to_owned(), ..invite("Come and see the mill", house.now() + 72.hours()) };
    let code = house.store.invite(&Actor::Anybody, &asked, &zone(), house.now()).await.expect("is taken");
    let inviter = house.store.inviter(&code, "192.0.2.7", house.now()).await.expect("the code is known");
    let Actor::Inviter(id) = inviter else { panic!("an inviter") };
    id
}

/// What of the secrets somebody reads, in the inbox and on the page.
async fn reads(house: &House, who: &Actor, id: InvitationId) -> usize {
    let one = house.store.invitation(who, id).await.expect("may read it");
    let inbox = house.store.invitations(who).await.expect("may read the inbox");
    let listed = inbox.iter().find(|i| i.id == id).expect("is in the inbox");
    let count = |i: &freerange_store::invitation::Invitation| {
        let all = format!("{i:?}");
        assert_eq!(i.code.is_empty(), i.contact_name.is_empty(), "the code goes with the contact");
        SECRETS.iter().filter(|s| all.contains(**s)).count()
    };
    assert_eq!(count(&one), count(listed), "page and inbox say the same");
    count(&one)
}

#[test]
fn everybody_reads_invitations_and_only_those_who_deal_with_them_see_whom_to_ring() {
    both(async |house| {
        city(house).await;
        let id = invited(house).await;
        let (ann, dee) = (sign_in_as(house, "ann").await, sign_in_as(house, "dee").await);
        assert_eq!(reads(house, &ann, id).await, 0);
        for (name, role, seen) in
            [("fay", Role::ProgrammeLead, 3), ("gus", Role::Clerk, 3), ("hal", Role::Mayor, 0), ("ida", Role::Admin, 0)]
        {
            assert_eq!(reads(house, &house.with_roles(name, &[role]).await, id).await, seen, "{role:?}");
        }
        assert!(matches!(house.store.invitations(&Actor::Anybody).await, Err(StoreError::Refused(_))));
        assert_eq!(reads(house, &dee, id).await, 0);
        house.store.decline_invitation(&dee, id, &reason("You had three visits."), house.now()).await.expect("answers");
        assert_eq!(reads(house, &dee, id).await, 3, "whoever answers it speaks with them");
        assert_eq!(reads(house, &ann, id).await, 0);
    });
}

#[test]
fn owners_of_open_challenges_are_shown_what_waits_for_an_answer() {
    both(async |house| {
        city(house).await;
        let id = invited(house).await;
        let (ann, dee) = (sign_in_as(house, "ann").await, sign_in_as(house, "dee").await);
        assert!(house.store.invitations_for_owner(&dee).await.expect("reads").is_empty(), "she owns no challenge");
        let challenge = house.ask(&dee, "Why is the mill empty?").await;
        let shown = house.store.invitations_for_owner(&dee).await.expect("reads");
        assert_eq!(shown.iter().map(|i| i.id).collect::<Vec<_>>(), [id]);
        assert!(house.store.invitations_for_owner(&ann).await.expect("reads").is_empty());
        let offer = Offer { challenge: Some(challenge), ..house.in_a_week(Kind::CommunityVisit) };
        let yes = prose("Gladly.");
        house.store.accept_invitation(&dee, id, &offer, &yes, house.now()).await.expect("is accepted");
        assert!(house.store.invitations_for_owner(&dee).await.expect("reads").is_empty(), "it is answered");
    });
}

#[test]
fn only_the_desk_types_in_what_came_by_telephone() {
    both(async |house| {
        city(house).await;
        let call = Invite {
            received_via: "phone",
            group_name: line("A caller"),
            ..invite("The ramp", house.now() + 72.hours())
        };
        let ann = sign_in_as(house, "ann").await;
        let refused = house.store.invite(&ann, &call, &zone(), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        let gus = house.with_roles("gus", &[Role::Clerk]).await;
        house.store.invite(&gus, &call, &zone(), house.now()).await.expect("is typed in");
    });
}
