//! The steps that most stories take before they come to their own: a challenge, an outing, a wish, on the way.

use std::collections::BTreeMap;

use freerange_domain::{
    code::Code,
    consent::Uses,
    id::{ChallengeId, ConsentId, OutingId, PlacementId},
    outing::Kind,
    placement::Stage,
};
use freerange_store::{
    Actor,
    invitation::Invite,
    outing::Offer,
    placement::{Say, Step},
};
use jiff::ToSpan as _;

use crate::{House, build, zone};

impl House {
    /// Asks a challenge.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn ask(&self, who: &Actor, title: &str) -> ChallengeId {
        self.store.ask_challenge(who, &build::challenge(title), None, self.now()).await.expect("is asked")
    }

    /// An outing of a kind in a week, serving no challenge yet; see [`House::offer`].
    pub fn in_a_week(&self, kind: Kind) -> Offer {
        build::outing(kind, self.now() + (7 * 24).hours())
    }

    /// Offers an outing. One that must serve a challenge and names none gets a new one of the organiser.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn offer(&self, who: &Actor, offer: Offer) -> OutingId {
        let challenge = match offer.challenge {
            None if offer.kind.template().needs_challenge => Some(self.ask(who, "What is it like there?").await),
            given => given,
        };
        if offer.kind.template().by_invitation() {
            return self.invited(who, Offer { challenge, ..offer }).await;
        }
        self.store
            .offer_outing(who, &Offer { challenge, ..offer }, &crate::zone(), self.now())
            .await
            .expect("is offered")
    }

    /// A community visit, as it comes about: somebody invites, and the organiser accepts. A host named in the offer is
    /// the one who invites.
    async fn invited(&self, who: &Actor, offer: Offer) -> OutingId {
        let asked = build::invite("Come and see for yourselves", offer.span.starts());
        let asked = match offer.parties.first() {
            Some((_, name, email)) => Invite { contact_name: build::line(name), contact_email: email.clone(), ..asked },
            None => asked,
        };
        let code = self.store.invite(&Actor::Anybody, &asked, &zone(), self.now()).await.expect("is taken");
        let inviter = self.store.inviter(&code, "192.0.2.50", self.now()).await.expect("the code is known");
        let Actor::Inviter(id) = inviter else { panic!("a code opens as its inviter, not as {inviter:?}") };
        let yes = build::prose("We come gladly.");
        self.store.accept_invitation(who, id, &offer, &yes, self.now()).await.expect("is accepted")
    }

    /// Wishes to go, with time to think the day after and the return talk a day later.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn wish(&self, who: &Actor, outing: OutingId) -> PlacementId {
        self.try_wish(who, outing).await.expect("may wish")
    }

    /// The same, when a story wants to see the refusal.
    ///
    /// # Errors
    /// What the store answers.
    ///
    /// # Panics
    /// When there is no such outing.
    pub async fn try_wish(&self, who: &Actor, outing: OutingId) -> freerange_store::Result<PlacementId> {
        let ends = self.store.outing(who, outing, self.now()).await.expect("is there").listed.ends_at;
        let dates = Some((ends + 24.hours(), ends + 48.hours()));
        self.store.wish(who, outing, &BTreeMap::new(), dates, self.now()).await
    }

    /// Where a placement is.
    ///
    /// # Panics
    /// When the asker may not see it.
    pub async fn stage(&self, who: &Actor, id: PlacementId) -> Stage {
        self.store.placement(who, id).await.expect("is visible").0.state.stage()
    }

    /// Says yes by the link in the last letter to an address.
    ///
    /// # Panics
    /// When the link does not open or the yes is refused.
    pub async fn yes_by_link(&self, email: &str, id: PlacementId) {
        let actor = self.by_link(email).await;
        self.store.answer_placement(&actor, id, Say::Yes, self.now()).await.expect("yes is taken");
    }

    /// On the ground: a community visit with a seat, the manager's yes, and off. The clock moves to its start.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn out(&self, who: &Actor, manager: &Actor, offer: Offer) -> (OutingId, PlacementId) {
        let starts = offer.span.starts();
        let outing = self.offer(who, offer).await;
        let id = self.wish(who, outing).await;
        self.store.answer_placement(manager, id, Say::Yes, self.now()).await.expect("yes is taken");
        self.clock.set(&starts.to_string());
        let gone = Step::Depart { checkin: build::line("On my way"), zone: zone() };
        self.store.step(who, id, gone, self.now()).await.expect("may leave");
        (outing, id)
    }

    /// Records a consent; returns its id and the code on the card.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn consent(&self, who: &Actor, placement: PlacementId, uses: Uses) -> (ConsentId, Code) {
        let code = self.store.record_consent(who, placement, uses, "nl", self.now()).await.expect("is recorded");
        let resident = self.store.resident(&code, "192.0.2.9", self.now()).await.expect("the code is known");
        let Actor::Resident(id) = resident else { panic!("a code opens as its resident, not as {resident:?}") };
        (id, code)
    }

    /// Everything to the end of embedding: back, debriefed, at work.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn home_again(&self, who: &Actor, id: PlacementId) {
        self.clock.advance(4.hours());
        for step in [Step::ComeBack { zone: zone() }, Step::Embed] {
            self.store.step(who, id, step, self.now()).await.expect("may come back");
        }
    }
}
