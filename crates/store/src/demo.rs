//! Writes a past into the store: what happened in a demo city before today. The ordinary verbs take the moment of
//! acting; here whole rows with dates of their own are added, in one transaction, through the same domain types, so
//! that no state can be written that the verbs could not reach. Used by the command line's demo and by tests.

use std::collections::HashMap;

use freerange_domain::{
    challenge::{Ask, Outcome, Status},
    change::{
        self, Interval, Kept, Verdict,
        asking::{REMIND_AFTER, days_after},
        experiment::Finding,
    },
    code::Code,
    consent::Uses,
    id::{
        ChallengeId, ChangeId, ConsentId, FollowUpId, InvitationId, NoteId, OutingId, PersonId, PlaceId, PlacementId,
        PracticeId, ReflectionId, RoundId,
    },
    note,
    outing::Party,
    place::Level,
    placement::{Answer, ReturnDates, State},
    practice, reflection,
    text::Prose,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Occasion, Result, Store, StoreError,
    change::Commitment,
    db::{Ask as _, Tx, vals},
    invitation::Invite,
    link::{self, Invitee, Purpose},
    mail::{self, Reader},
    note::Draft,
    outing::{Offer, insert_outing},
    practice::Telling,
    reflection::Answers,
};

const MARK: &str = "demo";
const BEGUN: &str = "begun";

/// What a finished demo remembers about itself, so that it can be served again without being made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// How many people were asked for.
    pub people: usize,
    /// The seed.
    pub seed: u64,
    /// Role and e-mail address, in the order in which they are printed.
    pub sign_in: Vec<(String, String)>,
    /// A resident's code, as printed on a card.
    pub resident_code: String,
    /// An inviter's code.
    pub invitation_code: String,
    /// The code of a group that speaks for a neighbourhood; a demo city of an older program has none.
    #[serde(default)]
    pub community_code: String,
}

/// What a database holds, seen from the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    Empty,
    /// A demo that was interrupted while it was made.
    HalfMade,
    /// A whole demo.
    Made(Made),
    /// Something that is not a demo and must not be touched.
    NotADemo,
}

/// Somebody's yes or no, or that they were asked.
#[derive(Debug, Clone)]
pub struct Answered {
    /// As whom.
    pub party: Party,
    /// Their name.
    pub name: String,
    /// Where they are reached.
    pub email: String,
    /// What they said.
    pub answer: Answer,
    /// When they were asked; not yet when `None`.
    pub asked_at: Option<Timestamp>,
    /// When they answered.
    pub answered_at: Option<Timestamp>,
}

/// A line of history.
#[derive(Debug, Clone)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, as a word of the language files.
    pub what: &'static str,
    /// Who.
    pub by: String,
    /// Why.
    pub why: Option<String>,
}

/// A placement as it stands, with how it came there.
#[derive(Debug, Clone)]
pub struct Stay {
    /// Where to.
    pub outing: OutingId,
    /// The outing in a few words, for letters.
    pub title: String,
    /// When it starts, for letters.
    pub starts_at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where it is on the spine.
    pub state: State,
    /// Answers to the template's questions.
    pub answers: crate::placement::Answers,
    /// What of preparation and return is done.
    pub done: Vec<&'static str>,
    /// The one-line check-in, for who is out.
    pub checkin: String,
    /// Those who were to agree.
    pub approvals: Vec<Answered>,
    /// How it came here, oldest first and not empty.
    pub events: Vec<Event>,
}

/// How an invitation was answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Whether somebody comes.
    pub accepted: bool,
    /// In words.
    pub text: String,
    /// Who answered.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Where a change stands and what was answered about it.
#[derive(Debug, Clone)]
pub struct Course {
    /// Where it stands.
    pub status: change::Status,
    /// Why it was dropped.
    pub why: Option<String>,
    /// How a test ended.
    pub tested: Option<(Finding, Verdict, String)>,
    /// Answers so far; those that are due and missing here were asked and not answered.
    pub answers: Vec<(Interval, Kept, Timestamp)>,
}

/// A past being written. Nothing of it is there until [`Past::commit`].
#[derive(Debug)]
pub struct Past {
    store: Store,
    tx: Tx,
}

/// Children before parents, so that each table can be emptied.
const EMPTY: &[&str] = &[
    "DELETE FROM withdrawn_words",
    "DELETE FROM setting",
    "DELETE FROM audit",
    "DELETE FROM mail",
    "DELETE FROM community_told",
    "DELETE FROM community_days",
    "DELETE FROM community",
    "DELETE FROM practice_quote",
    "DELETE FROM practice",
    "DELETE FROM follow_up",
    "DELETE FROM change_evidence",
    "DELETE FROM change_insight",
    "DELETE FROM change",
    "DELETE FROM reflection",
    "DELETE FROM tombstone",
    "INSERT INTO media_trash (id, what, due_at) SELECT id, 'file', 0 FROM media WHERE TRUE ON CONFLICT (id, what) DO UPDATE SET due_at = 0",
    "INSERT INTO media_trash (id, what, due_at) SELECT id, 'pieces', 0 FROM upload WHERE TRUE ON CONFLICT (id, what) DO UPDATE SET due_at = 0",
    "DELETE FROM upload",
    "DELETE FROM media",
    "DELETE FROM device",
    "DELETE FROM diary_follows",
    "DELETE FROM diary_version",
    "DELETE FROM diary_entry",
    "DELETE FROM diary_key",
    "DELETE FROM notebook_epoch",
    "DELETE FROM notebook_feed",
    "DELETE FROM notebook",
    "DELETE FROM board_act_note",
    "DELETE FROM board_act",
    "DELETE FROM board_touched",
    "DELETE FROM board_feed",
    "DELETE FROM board",
    "DELETE FROM insight_theme",
    "DELETE FROM insight_note",
    "DELETE FROM board_note",
    "DELETE FROM board_wording_follows",
    "DELETE FROM board_wording",
    "DELETE FROM insight",
    "DELETE FROM theme",
    "DELETE FROM note_follows",
    "DELETE FROM note_version",
    "DELETE FROM note",
    "DELETE FROM consent",
    "DELETE FROM round_proof",
    "DELETE FROM round_reserve",
    "DELETE FROM round_reason",
    "DELETE FROM round_run_edit",
    "DELETE FROM round_seat",
    "DELETE FROM round_run",
    "DELETE FROM round_edit",
    "DELETE FROM round_host",
    "DELETE FROM round_place",
    "DELETE FROM round_cover",
    "DELETE FROM round_serves",
    "DELETE FROM round_wish",
    "DELETE FROM round_person",
    "DELETE FROM round_outing",
    "DELETE FROM round",
    "DELETE FROM going_out",
    "DELETE FROM circle_seeker",
    "DELETE FROM circle_member",
    "DELETE FROM circle",
    "DELETE FROM debrief_member",
    "DELETE FROM debrief",
    "DELETE FROM return_date",
    "DELETE FROM placement_event",
    "DELETE FROM approval",
    "DELETE FROM placement",
    "DELETE FROM standing_yes",
    "DELETE FROM outing_party",
    "DELETE FROM outing",
    "DELETE FROM invitation",
    "DELETE FROM challenge",
    "DELETE FROM place",
    "DELETE FROM link",
    "DELETE FROM attempt",
    "DELETE FROM session",
    "DELETE FROM role_grant",
    "DELETE FROM person",
    "DELETE FROM team",
];

impl Store {
    /// What this database holds, seen from the demo.
    pub async fn demo_standing(&self) -> Result<Standing> {
        match self.setting(MARK).await?.as_deref() {
            Some(BEGUN) => Ok(Standing::HalfMade),
            Some(made) => {
                serde_json::from_str(made).map(Standing::Made).map_err(|e| StoreError::Corrupt(e.to_string()))
            }
            None if crate::backup::is_empty(&mut &self.db).await? => Ok(Standing::Empty),
            None => Ok(Standing::NotADemo),
        }
    }

    /// Marks an empty database as a demo that is being made. Until [`Store::end_demo`] it counts as half made.
    pub async fn begin_demo(&self) -> Result<()> {
        self.set_setting(MARK, BEGUN).await
    }

    /// Marks the demo as whole and remembers what to print.
    pub async fn end_demo(&self, made: &Made) -> Result<()> {
        let text = serde_json::to_string(made).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        self.set_setting(MARK, &text).await
    }

    /// Empties a demo, whole or half made. Anything that is not a demo is refused and stays.
    pub async fn empty_demo(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.one("SELECT name FROM setting WHERE name = $1", vals![MARK]).await?;
        for sql in EMPTY {
            tx.run(sql, Vec::new()).await?;
        }
        tx.commit().await?;
        self.empty_trash_now().await;
        Ok(())
    }

    /// Begins to write a past.
    pub async fn past(&self) -> Result<Past> {
        Ok(Past { store: self.clone(), tx: self.db.begin().await? })
    }
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

impl Past {
    /// Makes it all true, or none of it.
    pub async fn commit(mut self) -> Result<()> {
        crate::notebook::feed::catch_up(&mut self.tx).await?;
        self.tx.commit().await
    }

    /// Everybody who works here, by address.
    pub async fn people(&mut self) -> Result<HashMap<String, PersonId>> {
        let rows = self.tx.rows("SELECT id, email FROM person WHERE active", Vec::new()).await?;
        rows.iter().map(|r| Ok((r.get("email")?, r.get("id")?))).collect()
    }

    /// Places of a level, by the city's own code.
    pub async fn places(&mut self, level: Level) -> Result<HashMap<String, PlaceId>> {
        let rows = self.tx.rows("SELECT id, code FROM place WHERE level = $1 AND active", vals![level]).await?;
        rows.iter().map(|r| Ok((r.get("code")?, r.get("id")?))).collect()
    }

    /// A manager's yes in advance.
    pub async fn standing_yes(
        &mut self,
        person: PersonId,
        manager: PersonId,
        half_days: i64,
        until: Date,
        at: Timestamp,
    ) -> Result<()> {
        self.tx
            .run(
                "INSERT INTO standing_yes (person_id, half_days_a_month, granted_by, granted_at, until) VALUES ($1, $2, $3, $4, $5)",
                vals![person, half_days, manager, at, until],
            )
            .await?;
        Ok(())
    }

    /// What somebody wishes for in a round, best first.
    pub async fn round_wishes(
        &mut self,
        round: RoundId,
        person: PersonId,
        wanted: i64,
        outings: &[OutingId],
        at: Timestamp,
    ) -> Result<()> {
        self.tx
            .run(
                "INSERT INTO round_person (round_id, person_id, wanted, away, access, updated_at) VALUES ($1, $2, $3, '[]', '[]', $4)
                 ON CONFLICT (round_id, person_id) DO NOTHING",
                vals![round, person, wanted, at],
            )
            .await?;
        for (rank, outing) in (1_i64..).zip(outings) {
            self.tx
                .run(
                    "INSERT INTO round_wish (round_id, person_id, outing_id, rank) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (round_id, person_id, outing_id) DO NOTHING",
                    vals![round, person, *outing, rank],
                )
                .await?;
        }
        Ok(())
    }

    /// A challenge that is still asked.
    pub async fn challenge(
        &mut self,
        owner: PersonId,
        ask: &Ask,
        place: Option<PlaceId>,
        at: Timestamp,
    ) -> Result<ChallengeId> {
        let id = ChallengeId::new();
        self.tx
            .run(
                "INSERT INTO challenge (id, title, question, why, decision, decision_on, owner_id, place_id, status, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                vals![id, &ask.title, &ask.question, &ask.why, &ask.decision, ask.decision_on, owner, place, Status::Open, at],
            )
            .await?;
        Ok(id)
    }

    /// What became of a challenge.
    pub async fn close_challenge(&mut self, id: ChallengeId, outcome: &Outcome, at: Timestamp) -> Result<()> {
        let (what, why) = match outcome {
            Outcome::Decided { what, why } => (Some(what.as_str()), why),
            Outcome::Ended { why } => (None, why),
        };
        self.tx
            .run(
                "UPDATE challenge SET status = $2, outcome = $3, outcome_why = $4, closed_at = $5 WHERE id = $1 AND status = 'open'",
                vals![id, outcome.status(), what, why, at],
            )
            .await?;
        Ok(())
    }

    /// An invitation, with the code with which it is followed.
    pub async fn invitation(
        &mut self,
        invite: &Invite,
        code: &Code,
        clerk: Option<PersonId>,
        reply: Option<&Reply>,
        due: Date,
        at: Timestamp,
    ) -> Result<InvitationId> {
        let id = InvitationId::new();
        let status = reply.map_or("received", |r| if r.accepted { "accepted" } else { "declined" });
        self.tx
            .run(
                "INSERT INTO invitation (id, code, group_name, contact_name, contact_email, contact_phone, topic, message, place_id,
                    meeting_point, wished_at, people, language, notes_allowed, photos, publicity, received_via, clerk_id, status,
                    answer, answered_by, answered_at, answer_due, created_at, host_wants, host_gets, access_notes, step_free, guests)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                    $25, $26, $27, $28, $29)",
                vals![
                    id, code.as_str(), &invite.group_name, &invite.contact_name, &invite.contact_email, &invite.contact_phone,
                    &invite.topic, &invite.message, invite.place, &invite.meeting_point, invite.wished_at, invite.people,
                    &invite.language, invite.notes_allowed, invite.photos, invite.publicity, invite.received_via, clerk, status,
                    reply.map(|r| r.text.as_str()), reply.map(|r| r.by), reply.map(|r| r.at), due, at,
                    &invite.host_wants, &invite.host_gets, &invite.access_notes, invite.step_free, invite.guests
                ],
            )
            .await?;
        Ok(id)
    }

    /// An outing as it was offered.
    pub async fn outing(&mut self, organiser: PersonId, offer: &Offer, at: Timestamp) -> Result<OutingId> {
        insert_outing(&mut self.tx, organiser, offer, at).await
    }

    /// An outing from the time when its challenge was still open, although that is decided by now.
    pub async fn outing_of_then(&mut self, organiser: PersonId, offer: &Offer, at: Timestamp) -> Result<OutingId> {
        let challenge = offer.challenge;
        let status: Option<Status> = match challenge {
            Some(id) => {
                Some(self.tx.one("SELECT status FROM challenge WHERE id = $1", vals![id]).await?.get("status")?)
            }
            None => None,
        };
        let (Some(id), Some(status)) = (challenge, status) else { return self.outing(organiser, offer, at).await };
        self.tx.run("UPDATE challenge SET status = $2 WHERE id = $1", vals![id, Status::Open]).await?;
        let outing = insert_outing(&mut self.tx, organiser, offer, at).await?;
        self.tx.run("UPDATE challenge SET status = $2 WHERE id = $1", vals![id, status]).await?;
        Ok(outing)
    }

    /// What residents and hosts were told afterwards.
    pub async fn told_back(&mut self, id: OutingId, words: &Prose, by: PersonId, at: Timestamp) -> Result<()> {
        self.tx
            .run(
                "UPDATE outing SET told_back = $2, told_back_at = $3, told_back_by = $4 WHERE id = $1",
                vals![id, words, at, by],
            )
            .await?;
        Ok(())
    }

    /// A placement as it stands. Whoever was asked and has not answered gets the letter with the link, now.
    pub async fn placement(&mut self, stay: &Stay) -> Result<PlacementId> {
        let id = PlacementId::new();
        let first = stay.events.first().map_or(stay.starts_at, |e| e.at);
        let last = stay.events.last().map_or(stay.starts_at, |e| e.at);
        let (ending, why) = match &stay.state {
            State::Closed { ending, .. } => (Some(ending.kind), Some(ending.why.as_str())),
            _ => (None, None),
        };
        let dates = stay.state.dates();
        self.tx
            .run(
                "INSERT INTO placement (id, outing_id, person_id, stage, ending, ending_why, reflection_at, talk_at, answers, done,
                    checkin, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                vals![
                    id, stay.outing, stay.person, stay.state.stage(), ending, why, dates.map(ReturnDates::reflection),
                    dates.map(ReturnDates::talk), text(&stay.answers)?, text(&stay.done)?, &stay.checkin,
                    first, last
                ],
            )
            .await?;
        for approval in &stay.approvals {
            self.approval(id, stay, approval).await?;
        }
        for event in &stay.events {
            self.tx
                .run(
                    "INSERT INTO placement_event (id, placement_id, at, what, by_name, why) VALUES ($1, $2, $3, $4, $5, $6)",
                    vals![Uuid::now_v7(), id, event.at, event.what, &event.by, event.why.clone()],
                )
                .await?;
        }
        Ok(id)
    }

    async fn approval(&mut self, id: PlacementId, stay: &Stay, a: &Answered) -> Result<()> {
        let (answer, why) = match &a.answer {
            Answer::Open => ("open", None),
            Answer::Yes => ("yes", None),
            Answer::No(why) => ("no", Some(why.as_str())),
        };
        self.tx
            .run(
                "INSERT INTO approval (placement_id, party, answer, why, name, email, asked_at, answered_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                vals![id, a.party, answer, why, &a.name, &a.email, a.asked_at, a.answered_at],
            )
            .await?;
        let (Answer::Open, Some(asked)) = (&a.answer, a.asked_at) else { return Ok(()) };
        let to =
            Invitee { purpose: Purpose::Answer, subject: id.0, party: Some(a.party), name: &a.name, email: &a.email };
        let token = link::issue(&mut self.tx, &to, asked).await?;
        let occasion = Occasion::AskToAgree {
            party: a.party,
            person: stay.name.clone(),
            outing: stay.title.clone(),
            starts_at: stay.starts_at,
            token,
        };
        let reader = Reader { name: a.name.clone(), email: a.email.clone(), lang: None };
        mail::send(&mut self.tx, &*self.store.writer, reader, &occasion, asked).await
    }

    /// A resident's consent, with the code on the card. One that was taken back leaves a tombstone.
    pub async fn consent(
        &mut self,
        outing: OutingId,
        by: PersonId,
        uses: Uses,
        code: &Code,
        at: Timestamp,
        withdrawn: Option<(Timestamp, Option<ChallengeId>)>,
    ) -> Result<ConsentId> {
        let id = ConsentId::new();
        self.tx
            .run(
                "INSERT INTO consent (id, code, outing_id, recorded_by, use_it, quote, picture, contact, language, basis, purpose, given_at,
                    withdrawn_at)
                 SELECT $1, $2, o.id, $4, $5, $6, $7, $8, o.language, 'public-task', 'learn-and-decide', $9, $10 FROM outing o WHERE o.id = $3",
                vals![
                    id, code.as_str(), outing, by, uses.use_it, uses.quote, uses.picture, uses.contact, at, withdrawn.map(|w| w.0)
                ],
            )
            .await?;
        if let Some((when, challenge)) = withdrawn {
            self.tx
                .run(
                    "INSERT INTO tombstone (id, what, outing_id, challenge_id, withdrawn_at) VALUES ($1, $2, $3, $4, $5)",
                    vals![Uuid::now_v7(), note::Kind::Said, outing, challenge, when],
                )
                .await?;
        }
        Ok(id)
    }

    /// A note, kept on the day it was made.
    pub async fn note(&mut self, placement: PlacementId, draft: &Draft, at: Timestamp) -> Result<NoteId> {
        if draft.kind == note::Kind::Said && draft.consent.is_none() {
            return Err(note::NoteProblem::QuoteWithoutConsent.into());
        }
        self.tx
            .run(
                "INSERT INTO note (id, placement_id, outing_id, challenge_id, author_id, kind, seen, meaning, place_id, consent_id,
                    happened_at, created_at)
                 SELECT $1, p.id, o.id, o.challenge_id, p.person_id, $3, $4, $5, o.place_id, $6, $7, $8
                 FROM placement p JOIN outing o ON o.id = p.outing_id WHERE p.id = $2",
                vals![draft.id, placement, draft.kind, &draft.seen, &draft.meaning, draft.consent, draft.happened_at, at],
            )
            .await?;
        Ok(draft.id)
    }

    /// A reflection that its writer shared. Private ones are written by their writer's own session only.
    pub async fn shared_reflection(
        &mut self,
        placement: PlacementId,
        author: PersonId,
        moment: reflection::Moment,
        answers: &Answers,
        at: Timestamp,
    ) -> Result<()> {
        self.tx
            .run(
                "INSERT INTO reflection (id, placement_id, author_id, kind, day, shared, shared_at, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)",
                vals![
                    ReflectionId::new(),
                    placement,
                    author,
                    moment.kind(),
                    crate::reflection::day_column(moment),
                    text(answers)?,
                    at
                ],
            )
            .await?;
        Ok(())
    }

    /// A change, with its four follow-ups as far as they have come.
    pub async fn change(
        &mut self,
        owner: PersonId,
        c: &Commitment,
        course: &Course,
        today: Date,
        at: Timestamp,
    ) -> Result<ChangeId> {
        let id = ChangeId::new();
        let t = c.test.as_ref();
        let tested = course.tested.as_ref();
        let last = course.answers.iter().map(|a| a.2).max().unwrap_or(at);
        self.tx
            .run(
                "INSERT INTO change (id, challenge_id, placement_id, kind, title, what, when_x, will_y, makes_room, hours_freed, owner_id,
                    committed_on, status, status_why, belief, smallest_test, change_mind, ends_on, verdict, result, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
                vals![
                    id, c.challenge, c.placement, c.kind, &c.title, &c.what, &c.when_x, &c.will_y, &c.makes_room, c.hours_freed,
                    owner, c.committed_on, course.status, course.why.clone(), t.map(|t| t.belief.as_str()),
                    t.map(|t| t.smallest_test.as_str()), t.map(|t| t.change_mind.as_str()), t.map(|t| t.ends_on),
                    tested.map(|t| t.1), tested.map(|t| t.2.as_str()), at, last
                ],
            )
            .await?;
        if let Some(t) = t {
            crate::change::experiment::write_card(&mut self.tx, id, t, at).await?;
            let (ended, found) = (tested.map(|_| last), tested.map(|t| t.0));
            // Whatever it showed became public, but for what nobody could say anything about.
            let public = found.filter(|f| *f != Finding::Unclear).map(|_| last);
            self.tx
                .run(
                    "UPDATE change SET finding = $2, ended_at = $3, decided_at = $3, published_at = $4, end_asked_at = $5 WHERE id = $1",
                    vals![id, found, ended, public, (t.ends_on < today).then_some(last)],
                )
                .await?;
        }
        for note in &c.evidence {
            self.tx.run("INSERT INTO change_evidence (change_id, note_id) VALUES ($1, $2)", vals![id, *note]).await?;
        }
        for interval in Interval::ALL {
            let due = interval.due(c.committed_on);
            let answer = course.answers.iter().find(|a| a.0 == *interval);
            // Those due were asked about on their day: nobody gets a year's letters on the first evening. Those of the last days
            // the server asks about when it starts, so that the demo shows such a letter.
            let asked = (due < today.saturating_sub(2.days()))
                .then(|| TimeZone::UTC.to_timestamp(due.at(7, 0, 0, 0)))
                .transpose();
            let asked = asked.map_err(|e| StoreError::Corrupt(e.to_string()))?;
            let (reminders, reminded) = reminded(asked.filter(|_| answer.is_none()), today);
            self.tx
                .run(
                    "INSERT INTO follow_up (id, change_id, due_in, due_on, asked_at, kept, said, answered_at, reminders, reminded_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    vals![
                        FollowUpId::new(),
                        id,
                        *interval,
                        due,
                        asked,
                        answer.map(|a| a.1),
                        answer.map(|_| ""),
                        answer.map(|a| a.2),
                        reminders,
                        reminded
                    ],
                )
                .await?;
        }
        Ok(id)
    }

    /// A published practice; returns its address.
    pub async fn practice(&mut self, author: PersonId, told: &Telling, at: Timestamp) -> Result<String> {
        let id = PracticeId::new();
        let slug = practice::slug(told.title.as_str(), id);
        self.tx
            .run(
                "INSERT INTO practice (id, slug, change_id, author_id, title, problem, what, how, needed, result, careful, language,
                    status, published_at, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)",
                vals![
                    id, &slug, told.change, author, &told.title, &told.problem, &told.what, &told.how, &told.needed, &told.result,
                    &told.careful, &told.language, practice::Status::Published, at
                ],
            )
            .await?;
        for note in &told.quotes {
            self.tx.run("INSERT INTO practice_quote (practice_id, note_id) VALUES ($1, $2)", vals![id, *note]).await?;
        }
        Ok(slug)
    }
}

/// How often somebody who did not answer was reminded until today, and when the last time.
fn reminded(asked: Option<Timestamp>, today: Date) -> (i64, Option<Timestamp>) {
    let mut reminded = (0, None);
    for days in REMIND_AFTER {
        let at = asked.map(|asked| days_after(asked, days));
        if at.is_some_and(|at| at.to_zoned_datetime(TimeZone::UTC).date() <= today) {
            reminded = (reminded.0 + 1, at);
        }
    }
    reminded
}
