//! Who may do what, as a table that anybody can read; and that no role opens somebody else's diary.

use std::collections::BTreeSet;

use freerange_domain::{
    id::{
        CommunityId, ConsentId, ExchangeId, FollowUpId, GoerId, InvitationId, MemberId, OutId, OutingId, PersonId,
        PlacementId, RoundId,
    },
    outing::{Kind, Party},
    people::Role,
    reflection,
};
use freerange_store::{About, Act, Actor, StoreError, may};
use freerange_testkit::{House, answers, both, city, sign_in_as};

/// The whole policy once more, written down by hand: each act and who may. `staff` is everybody who is signed in,
/// `anyone` everybody at all. The program may everything that its jobs need and is left out.
const TABLE: &str = "
see-staff-list: programme-lead admin
grant-role: admin
import:
see-own-account: oneself
see-challenges: staff
ask-challenge: staff
close-challenge: owner programme-lead
see-outings: staff
offer-outing: staff
edit-outing: organiser programme-lead
cancel-outing: organiser programme-lead host inviter
see-visit: host inviter
invite: anyone
see-invitation: staff inviter
see-invitations: staff
see-invitation-contact: organiser programme-lead clerk inviter
take-down-invitation: programme-lead clerk
answer-invitation: staff
enter-community: programme-lead clerk
see-community: neighbours programme-lead clerk
say-welcome: neighbours clerk
wish: staff
see-placement: oneself manager organiser link
move-placement: oneself
answer-placement: manager link
cancel-placement: oneself manager organiser link
see-team-away: manager link
give-standing-yes: manager link
see-standing-yes: oneself manager
go-out: oneself
answer-overdue: buddy watcher
see-rounds: staff
run-round: programme-lead
state-round-wishes: oneself
say-round-cover: manager team-link
see-round-team: manager
see-round-proof: programme-lead auditor
take-round-proof: auditor
see-exchanges: staff partner goer
run-exchange: programme-lead
see-exchange-people: partner programme-lead
enter-exchange: partner programme-lead
take-part: staff
change-own-part: oneself goer
answer-leg: oneself goer partner
answer-leg-for-city: programme-lead
write-note: oneself
see-notes: staff
export-notes: owner programme-lead
see-withdrawals: anyone
edit-note: oneself
remove-note: oneself owner
withdraw-consent: resident
see-told-back: resident
see-consent-record: resident auditor
keep-notebook: oneself
keep-diary: oneself
see-private-reflection: oneself
see-shared-reflection: staff
see-board: staff
arrange-board: staff
write-insight: staff
see-return-talk: oneself manager
join-debrief: peer
start-circle: staff
see-circle: peer
keep-circle-action: oneself
count-circles: programme-lead
commit-change: staff
see-changes: staff
answer-follow-up: owner asked
publish-experiment: owner programme-lead
tell-back: oneself organiser owner programme-lead
tell-practice: staff
edit-practice: oneself
publish-practice: oneself programme-lead
see-practices: anyone
see-figures: anyone
publish-figures: programme-lead
hand-over: owner organiser programme-lead
see-overview: staff
see-exceptions: programme-lead
see-what-is-kept: staff
see-audit: auditor
see-outbox: admin
";

/// Everybody who can be at the other end, once as who it is about and once as a stranger.
async fn cast(house: &House) -> (Vec<(&'static str, Actor)>, About) {
    let about = About {
        person: Some(house.id_of("ann").await),
        manager: Some(house.id_of("bo").await),
        organiser: Some(house.id_of("ada").await),
        owner: Some(house.id_of("dee").await),
        placement: Some(PlacementId::new()),
        consent: Some(ConsentId::new()),
        invitation: Some(InvitationId::new()),
        community: Some(CommunityId::new()),
        outing: Some(OutingId::new()),
        round: Some(RoundId::new()),
        exchange: Some(ExchangeId::new()),
        members: vec![MemberId::new()],
        goer: Some(GoerId::new()),
        buddy: Some(house.id_of("eli").await),
        out: Some(OutId::new()),
        peers: vec![house.id_of("cas").await],
        follow_up: Some(FollowUpId::new()),
    };
    let exchange = about.exchange.expect("set");
    let elsewhere = ExchangeId::new();
    let link = |placement| Actor::Link { placement, party: Party::Host, name: "Noor".to_owned() };
    let host = |outing| Actor::Host { outing, party: Party::Host, name: "Noor".to_owned() };
    let manager = about.manager.expect("set");
    let team = |round| Actor::TeamLink { round, manager, name: "Bo".to_owned() };
    let mut cast = vec![
        ("nobody", Actor::Anybody),
        ("colleague", sign_in_as(house, "jan").await),
        ("oneself", sign_in_as(house, "ann").await),
        ("manager", sign_in_as(house, "bo").await),
        ("organiser", sign_in_as(house, "ada").await),
        ("owner", sign_in_as(house, "dee").await),
        ("buddy", sign_in_as(house, "eli").await),
        ("peer", sign_in_as(house, "cas").await),
        ("link", link(about.placement.expect("set"))),
        ("link of another", link(PlacementId::new())),
        ("host", host(about.outing.expect("set"))),
        ("host of another", host(OutingId::new())),
        ("team-link", team(about.round.expect("set"))),
        ("team link of another round", team(RoundId::new())),
        ("partner", Actor::Partner { exchange, member: about.members[0] }),
        ("partner of another", Actor::Partner { exchange: elsewhere, member: MemberId::new() }),
        ("goer", Actor::Goer { exchange, goer: about.goer.expect("set") }),
        ("goer of another", Actor::Goer { exchange: elsewhere, goer: GoerId::new() }),
        ("watcher", Actor::Watcher(about.out.expect("set"))),
        ("watcher of another", Actor::Watcher(OutId::new())),
        ("asked", Actor::Asked(about.follow_up.expect("set"))),
        ("asked about another", Actor::Asked(FollowUpId::new())),
        ("resident", Actor::Resident(about.consent.expect("set"))),
        ("resident of another", Actor::Resident(ConsentId::new())),
        ("neighbours", Actor::Neighbours(about.community.expect("set"))),
        ("neighbours of another", Actor::Neighbours(CommunityId::new())),
        ("inviter", Actor::Inviter(about.invitation.expect("set"))),
        ("inviter of another", Actor::Inviter(InvitationId::new())),
    ];
    for (name, role) in ["fay", "gus", "hal", "ida", "ben"].into_iter().zip(Role::ALL) {
        cast.push((role.as_str(), house.with_roles(name, &[*role]).await));
    }
    (cast, about)
}

#[test]
fn the_policy_is_this_table_and_nothing_else() {
    both(async |house| {
        city(house).await;
        let (cast, about) = cast(house).await;
        let everybody: BTreeSet<&str> = cast.iter().map(|(name, _)| *name).collect();
        let staff: BTreeSet<&str> = cast.iter().filter(|(_, a)| a.staff().is_some()).map(|(name, _)| *name).collect();
        assert_eq!(staff.len(), 12, "seven who stand in a relation to it, and one for each role");
        let mut table: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        for row in TABLE.trim().lines() {
            let (act, who) = row.split_once(':').expect("an act and who may");
            let who = who.split_whitespace().flat_map(|word| match word {
                "anyone" => everybody.iter().copied().collect(),
                "staff" => staff.iter().copied().collect(),
                one => vec![one],
            });
            table.push((act, who.collect()));
        }
        let said: Vec<&str> = table.iter().map(|(act, _)| *act).collect();
        let acts: Vec<&str> = Act::ALL.iter().map(|a| a.key()).collect();
        assert_eq!(said, acts, "the table has every act, in order");
        for ((_, expected), act) in table.iter().zip(Act::ALL) {
            let allowed: BTreeSet<&str> =
                cast.iter().filter(|(_, actor)| may(actor, *act, &about).is_ok()).map(|(name, _)| *name).collect();
            assert_eq!(&allowed, expected, "{act}");
            assert!(may(&Actor::Program, *act, &about).is_ok());
        }
    });
}

#[test]
fn without_a_relation_to_it_only_roles_and_the_signed_in_may() {
    both(async |house| {
        city(house).await;
        let (cast, _) = cast(house).await;
        let strange = About {
            person: Some(PersonId::new()),
            manager: Some(PersonId::new()),
            organiser: Some(PersonId::new()),
            owner: Some(PersonId::new()),
            buddy: Some(PersonId::new()),
            peers: vec![PersonId::new()],
            ..About::nothing()
        };
        let personal = ["oneself", "manager", "organiser", "owner", "buddy", "peer"];
        let colleague = cast.iter().find(|(name, _)| *name == "colleague").expect("is there").1.clone();
        for (name, actor) in cast.iter().filter(|(name, _)| personal.contains(name)) {
            for act in Act::ALL {
                let (one, other) = (may(actor, *act, &strange).is_ok(), may(&colleague, *act, &strange).is_ok());
                assert_eq!(one, other, "{name} may {act} about a stranger as little as any colleague");
            }
        }
    });
}

#[test]
fn nobody_opens_somebody_elses_diary_not_the_boss_with_all_roles_nor_the_program() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        let bo = house.with_roles("bo", Role::ALL).await;
        let (outing, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let given = answers(&[("struck", "I would not live there for a month.")]);
        let (evening, now) = (reflection::Moment::Evening(house.clock.today()), house.now());
        let text = house.store.write_reflection(&ann, id, evening, &given, now).await.expect("is kept");
        for who in [&bo, &Actor::Program, &Actor::Anybody] {
            assert!(house.store.write_reflection(who, id, evening, &answers(&[]), now).await.is_err(), "{who:?}");
            assert!(house.store.share_reflection(who, text, now).await.is_err(), "{who:?}");
        }
        assert!(matches!(house.store.unshare_reflection(&bo, text).await, Err(StoreError::NotFound)));
        assert!(matches!(house.store.share_reflection(&bo, text, now).await, Err(StoreError::NotFound)));
        assert!(house.store.my_reflections(&bo, Some(id)).await.expect("his own").is_empty());
        assert!(matches!(house.store.my_reflections(&Actor::Program, None).await, Err(StoreError::Refused(_))));
        let challenge = house.store.outing(&bo, outing, now).await.expect("reads").challenge.expect("has one").0;
        assert!(house.store.shared_reflections(&bo, challenge).await.expect("lists").is_empty());
        // She herself opens it, in this session and in the next.
        for me in [ann, house.enter("ann").await] {
            let mine = house.store.my_reflections(&me, Some(id)).await.expect("is hers");
            assert_eq!(mine[0].answers.as_ref(), Some(&given));
        }
    });
}

#[test]
fn a_sealed_text_put_into_somebody_elses_row_does_not_open() {
    both(async |house| {
        city(house).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        for who in [&ann, &ben] {
            let (_, id) = house.out(who, &bo, house.in_a_week(Kind::CommunityVisit)).await;
            let given = answers(&[("struck", "for me alone")]);
            house
                .store
                .write_reflection(who, id, reflection::Moment::Evening(house.clock.today()), &given, house.now())
                .await
                .expect("is kept");
        }
        // Whoever holds the database makes ann's text look like ben's.
        house
            .tamper("UPDATE reflection SET sealed = (SELECT r.sealed FROM reflection r JOIN person p ON p.id = r.author_id WHERE p.staff_no = 'S-ann')")
            .await;
        assert!(house.store.my_reflections(&ann, None).await.is_ok());
        assert!(matches!(house.store.my_reflections(&ben, None).await, Err(StoreError::Sealed)));
    });
}

#[test]
fn what_is_private_never_stands_in_the_file_nor_in_its_log() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let (evening, now) = (reflection::Moment::Evening(house.clock.today()), house.now());
        for n in 0..20 {
            let given = answers(&[("struck", &format!("quiet thought number {n}"))]);
            house.store.write_reflection(&ann, id, evening, &given, now).await.expect("is kept");
        }
        assert!(house.on_disk("Ann Berg").await, "what is not private is found, so this test can fail");
        assert!(!house.on_disk("quiet thought").await);
        assert_eq!(house.where_it_says("quiet thought").await, [""; 0]);
        // Sharing is an act, and taking it back seals the text again.
        let text = house.store.my_reflections(&ann, None).await.expect("is hers")[0].id;
        house.store.share_reflection(&ann, text, now).await.expect("is shared");
        assert_eq!(house.where_it_says("quiet thought").await, ["reflection.shared"]);
        house.store.unshare_reflection(&ann, text).await.expect("is sealed");
        assert_eq!(house.where_it_says("quiet thought").await, [""; 0]);
        let mine = house.store.my_reflections(&ann, None).await.expect("is hers");
        assert_eq!(mine[0].answers, Some(answers(&[("struck", "quiet thought number 19")])));
        assert!(mine[0].shared_at.is_none());
    });
}

#[test]
fn two_devices_that_write_the_first_text_at_once_leave_one_that_opens() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        for kind in reflection::Kind::ALL {
            let moment = reflection::Moment::of(*kind, house.clock.today());
            let write = |text: &'static str| {
                let (store, ann, now) = (house.store.clone(), ann.clone(), house.now());
                tokio::spawn(async move {
                    store.write_reflection(&ann, id, moment, &answers(&[("struck", text)]), now).await
                })
            };
            let (one, other) = (write("from the telephone"), write("from the desk"));
            one.await.expect("does not panic").expect("is kept");
            other.await.expect("does not panic").expect("is kept");
        }
        let mine = house.store.my_reflections(&ann, Some(id)).await.expect("all of them open");
        assert_eq!(mine.len(), reflection::Kind::ALL.len());
        assert!(mine.iter().all(|r| r.answers.is_some()));
    });
}

#[test]
fn the_log_names_acts_and_ids_and_no_persons() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let auditor = house.with_roles("cas", &[Role::Auditor]).await;
        assert!(matches!(house.store.audit_log(&bo, 1).await, Err(StoreError::Refused(Act::SeeAudit))));
        let log = house.store.audit_log(&auditor, 1).await.expect("is for the auditor").items;
        assert!(log.iter().any(|e| e.act == "answer-placement") && log.iter().any(|e| e.act == "grant-role"));
        for entry in &log {
            let text = format!("{} {} {}", entry.actor, entry.act, entry.subject);
            assert!(!text.contains("Berg") && !text.contains('@'), "{text}");
        }
    });
}
