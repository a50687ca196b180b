//! Every address, as everybody. The table says who may; whoever is not named is refused. A route that is not
//! in the table fails the test, so none can be added without saying who may.

use crate::house::{WALKERS, house};
use axum::http::StatusCode;

const ALL: &[&str] = WALKERS;
const STAFF: &[&str] = &["mira", "other", "boss", "owner", "lead", "mayor", "auditor", "admin", "clerk"];

/// Route as declared, address to walk, form to send, who may.
type Rule = (&'static str, &'static str, Option<&'static str>, &'static [&'static str]);

const DATES: &str = "reflection_date=2026-12-01&reflection_time=09%3A00&talk_date=2026-12-05&talk_time=09%3A00";
const SECRET: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const GOER: &str =
    "label=A&grade=experienced&language_1=en&free_from=2027-02-01&free_to=2027-04-01&learn=B&anywhere=yes";
const PLACE: &str = "title=A&shows=B&language_1=en&free_from=2027-02-01&free_to=2027-04-01&guests=1";
/// A yes to a version that never was.
const STALE: &str = "voice=sender&version=0000000000000000000000000000000000000000000000000000000000000000";
const STALE_RECEIVER: &str = "voice=receiver&version=0000000000000000000000000000000000000000000000000000000000000000";

const RULES: &[Rule] = &[
    ("GET /", "/", None, ALL),
    ("GET /openapi.json", "/openapi.json", None, ALL),
    ("GET /sign-in", "/sign-in", None, ALL),
    // The app without anybody's data is everybody's; parts of another version than this one are nobody's.
    ("GET /notebook", "/notebook", None, ALL),
    ("GET /notebook/sw.js", "/notebook/sw.js", None, ALL),
    ("GET /notebook/manifest.webmanifest", "/notebook/manifest.webmanifest", None, ALL),
    ("GET /notebook/app/{version}/{name}", "/notebook/app/0/app.js", None, &[]),
    ("GET /password", "/password", None, ALL),
    ("POST /password", "/password", Some("email=none%40city.example"), ALL),
    ("GET /password/{token}", SECRET, None, &[]),
    ("POST /password/{token}", SECRET, Some("new_password=four+walls+and+a+door"), &[]),
    ("POST /language", "/language", Some("lang=en&back=%2F"), ALL),
    ("GET /me", "/me", None, STAFF),
    ("GET /me/password", "/me/password", None, STAFF),
    ("POST /me/password", "/me/password", Some("password=wrong&new_password=four+walls+and+a+door"), STAFF),
    ("GET /people", "/people", None, &["lead", "admin"]),
    ("POST /people/{id}/roles", "/people/:other/roles", Some(""), &["admin"]),
    ("GET /works-council", "/works-council", None, STAFF),
    ("GET /audit", "/audit", None, &["auditor"]),
    ("GET /outbox", "/outbox", None, &["admin"]),
    ("GET /challenges", "/challenges", None, STAFF),
    ("GET /challenges/new", "/challenges/new", None, STAFF),
    ("POST /challenges", "/challenges", Some("title=A&question=B&why=C&decision=D&decision_on=2027-01-01"), STAFF),
    ("GET /challenges/{id}", "/challenges/:challenge", None, STAFF),
    ("GET /challenges/{id}/notes.csv", "/challenges/:challenge/notes.csv", None, &["owner", "lead"]),
    ("GET /challenges/{id}/notes.json", "/challenges/:challenge/notes.json", None, &["owner", "lead"]),
    ("GET /challenges/{id}/notes.md", "/challenges/:challenge/notes.md", None, &["owner", "lead"]),
    ("GET /challenges/{id}/notes.qdpx", "/challenges/:challenge/notes.qdpx", None, &["owner", "lead"]),
    ("GET /challenges/{id}/withdrawals", "/challenges/:challenge/withdrawals?since=2026-11-01", None, ALL),
    ("GET /challenges/{id}/edit", "/challenges/:challenge/edit", None, &["owner", "lead"]),
    (
        "POST /challenges/{id}",
        "/challenges/:challenge",
        Some("title=A&question=B&why=C&decision=D&decision_on=2027-01-01"),
        &["owner", "lead"],
    ),
    ("GET /challenges/{id}/owner", "/challenges/:challenge/owner", None, &["owner", "lead"]),
    ("GET /changes/{id}/owner", "/changes/:change/owner", None, &["owner", "lead"]),
    ("GET /outings/{id}/organiser", "/outings/:coming/organiser", None, &["owner", "lead"]),
    ("GET /communities", "/communities", None, &["lead", "clerk"]),
    (
        "POST /communities",
        "/communities",
        Some("place=:place&group_name=A&contact_name=B&language=en"),
        &["lead", "clerk"],
    ),
    ("GET /communities/{key}", "/communities/:community", None, &["lead", "clerk"]),
    ("GET /communities/{key}/notice", "/communities/:community/notice", None, &["lead", "clerk"]),
    ("GET /communities/{key}/notice.pdf", "/communities/:community/notice.pdf", None, &["lead", "clerk"]),
    ("POST /communities/{key}/stance", "/communities/:community/stance", Some("stance=come"), &["clerk"]),
    ("POST /communities/{key}/weekdays", "/communities/:community/weekdays", Some(""), &["clerk"]),
    (
        "POST /communities/{key}/days",
        "/communities/:community/days",
        Some("first=2027-01-01&last=2027-01-02"),
        &["clerk"],
    ),
    (
        "POST /communities/{key}/days/removal",
        "/communities/:community/days/removal",
        Some("first=2027-01-01&last=2027-01-02"),
        &["clerk"],
    ),
    ("GET /invitations", "/invitations", None, STAFF),
    (
        "POST /invitations",
        "/invitations",
        Some(
            "group_name=A&contact_name=B&contact_phone=1&topic=C&message=D&wished_date=2026-12-01&wished_time=09%3A00&people=2&language=en&photos=none&publicity=none",
        ),
        ALL,
    ),
    ("GET /invitations/new", "/invitations/new", None, ALL),
    ("GET /invitations/{id}", "/invitations/:invitation", None, STAFF),
    (
        "POST /invitations/{id}/acceptance",
        "/invitations/:invitation/acceptance",
        Some("challenge=:challenge&date=2026-12-01&time=09%3A00&hours=2&safety_plan=A&answer=B"),
        STAFF,
    ),
    ("POST /invitations/{id}/refusal", "/invitations/:invitation/refusal", Some("why=No+time"), STAFF),
    ("GET /invited/{code}", "/invited/:invited", None, ALL),
    ("GET /visits/{key}", "/visits/:hosted", None, ALL),
    ("GET /outings", "/outings", None, STAFF),
    (
        "POST /outings",
        "/outings",
        Some(
            "kind=learning-visit&title=A&description=B&challenge=:challenge&meeting_point=C&host_name=D&safety_plan=E&language=en&starts_date=2026-12-01&starts_time=09%3A00&ends_date=2026-12-02&ends_time=09%3A00&seats=2&photos=none&publicity=none&peer_city_name=P&peer_city_email=p%40peer.example",
        ),
        STAFF,
    ),
    ("GET /outings/new", "/outings/new", None, STAFF),
    ("GET /outings/{id}", "/outings/:outing", None, STAFF),
    ("GET /outings/{id}/edit", "/outings/:coming/edit", None, &["owner", "lead"]),
    (
        "POST /outings/{id}",
        "/outings/:coming",
        Some(
            "title=A&description=B&meeting_point=C&safety_plan=E&language=en&starts_date=2026-12-14&starts_time=09%3A00&ends_date=2026-12-14&ends_time=11%3A00&seats=20",
        ),
        &["owner", "lead"],
    ),
    ("GET /outings/{id}/wish", "/outings/:coming/wish", None, STAFF),
    (
        "POST /outings/{id}/wishes",
        "/outings/:coming/wishes",
        Some("learn=A&reflection_date=2026-12-20&reflection_time=09%3A00&talk_date=2026-12-25&talk_time=09%3A00"),
        STAFF,
    ),
    ("GET /outings/{id}/aftermath", "/outings/:outing/aftermath", None, STAFF),
    ("POST /outings/{id}/told-back", "/outings/:outing/told-back", Some("told=Thank+you"), &["owner", "lead"]),
    (
        "POST /outings/{id}/cancellation",
        "/outings/:coming/cancellation",
        Some("by=host&why=The+flood"),
        &["owner", "lead"],
    ),
    ("GET /placements", "/placements", None, STAFF),
    ("GET /placements/{id}", "/placements/:placement", None, &["mira", "boss", "owner"]),
    ("POST /placements/{id}/return-dates", "/placements/:placement/return-dates", Some(DATES), &["mira"]),
    ("POST /placements/{id}/preparation", "/placements/:placement/preparation", Some("done=evening"), &["mira"]),
    ("POST /placements/{id}/departure", "/placements/:placement/departure", Some("checkin=A"), &["mira"]),
    (
        "POST /placements/{id}/cancellation",
        "/placements/:placement/cancellation",
        Some("why=The+flood"),
        &["mira", "boss", "owner"],
    ),
    ("POST /placements/{id}/asking", "/placements/:placement/asking", Some("askable=yes"), &["mira"]),
    ("POST /placements/{id}/answer", "/placements/:placement/answer", Some("answer=yes"), &["boss"]),
    // Whoever holds the link may: the letter is the key, and there is no account behind it.
    ("GET /answer/{token}", "/answer/:manager_link", None, ALL),
    ("POST /answer/{token}", "/answer/:host_link", Some("answer=yes"), ALL),
    ("GET /exchanges", "/exchanges", None, STAFF),
    ("GET /exchanges/new", "/exchanges/new", None, &["lead"]),
    ("GET /exchanges/ledger", "/exchanges/ledger", None, STAFF),
    ("GET /exchanges/ledger/{city}", "/exchanges/ledger/:city", None, &["lead"]),
    ("POST /exchanges/ledger/{city}", "/exchanges/ledger/:city", Some("days=5&side=gave"), &["lead"]),
    (
        "POST /exchanges",
        "/exchanges",
        Some(
            "title=A&starts_on=2027-02-01&ends_on=2027-04-01&days=5&answers_until=2027-01-01&most_out=1&tolerance=0&together=each",
        ),
        &["lead"],
    ),
    ("GET /exchanges/{id}", "/exchanges/:exchange", None, STAFF),
    (
        "POST /exchanges/{id}/members",
        "/exchanges/:exchange/members",
        Some("city=Seoul&contact_name=Min&contact_email=min%40seoul.example&language=ko&most_out=1&tolerance=0"),
        &["lead"],
    ),
    ("GET /exchanges/{id}/members/{member}", "/exchanges/:exchange/members/:member", None, &["lead"]),
    (
        "GET /exchanges/{id}/members/{member}/people/new",
        "/exchanges/:exchange/members/:member/people/new",
        None,
        &["lead"],
    ),
    (
        "POST /exchanges/{id}/members/{member}/people",
        "/exchanges/:exchange/members/:member/people",
        Some(GOER),
        &["lead"],
    ),
    (
        "GET /exchanges/{id}/members/{member}/places/new",
        "/exchanges/:exchange/members/:member/places/new",
        None,
        &["lead"],
    ),
    (
        "POST /exchanges/{id}/members/{member}/places",
        "/exchanges/:exchange/members/:member/places",
        Some(PLACE),
        &["lead"],
    ),
    ("GET /exchanges/{id}/part", "/exchanges/:exchange/part", None, STAFF),
    ("POST /exchanges/{id}/part", "/exchanges/:exchange/part", Some(GOER), STAFF),
    ("GET /exchanges/{id}/people/{goer}", "/exchanges/:exchange/people/:my_part", None, &["mira", "lead"]),
    ("POST /exchanges/{id}/people/{goer}", "/exchanges/:exchange/people/:my_part", Some(GOER), &["mira", "lead"]),
    // Without a reason nobody leaves, so that all may be asked.
    (
        "POST /exchanges/{id}/people/{goer}/removal",
        "/exchanges/:exchange/people/:my_part/removal",
        Some("why="),
        &["mira", "lead"],
    ),
    ("GET /exchanges/{id}/check", "/exchanges/:exchange/check", None, &["lead"]),
    ("POST /exchanges/{id}/proposals", "/exchanges/:exchange/proposals", Some(""), &["lead"]),
    ("GET /exchanges/{id}/proposal", "/exchanges/:asked/proposal", None, &["lead"]),
    ("POST /exchanges/{id}/legs/{leg}/consent", "/exchanges/:asked/legs/:leg/consent", Some(STALE), &["lead"]),
    ("GET /exchanges/{id}/legs/{leg}/refusal", "/exchanges/:asked/legs/:leg/refusal", None, &["mira", "lead"]),
    ("POST /exchanges/{id}/legs/{leg}/refusal", "/exchanges/:asked/legs/:leg/refusal", Some("why="), &["mira", "lead"]),
    // Whoever holds the link may: the letter is the key.
    ("GET /rings/{key}", "/rings/:partner_link", None, ALL),
    ("GET /rings/{key}/people/new", "/rings/:partner_link/people/new", None, ALL),
    ("POST /rings/{key}/people", "/rings/:partner_link/people", Some(GOER), ALL),
    ("GET /rings/{key}/places/new", "/rings/:partner_link/places/new", None, ALL),
    ("POST /rings/{key}/places", "/rings/:partner_link/places", Some(PLACE), ALL),
    ("GET /rings/{key}/people/{goer}", "/rings/:partner_link/people/:their_part", None, ALL),
    ("POST /rings/{key}/people/{goer}", "/rings/:partner_link/people/:their_part", Some(GOER), ALL),
    ("POST /rings/{key}/people/{goer}/removal", "/rings/:partner_link/people/:their_part/removal", Some("why="), ALL),
    ("POST /rings/{key}/legs/{leg}/consent", "/rings/:asked_link/legs/:leg/consent", Some(STALE_RECEIVER), ALL),
    ("GET /rings/{key}/legs/{leg}/refusal", "/rings/:asked_link/legs/:leg/refusal", None, ALL),
    ("POST /rings/{key}/legs/{leg}/refusal", "/rings/:asked_link/legs/:leg/refusal", Some("why="), ALL),
    ("GET /team", "/team", None, STAFF),
    ("POST /team/{person}/standing-yes", "/team/:other/standing-yes", Some("half_days=2"), &["boss"]),
    ("GET /free-range", "/free-range", None, STAFF),
    (
        "POST /free-range",
        "/free-range",
        Some("plan=A&starts_date=2026-12-01&starts_time=09%3A00&ends_time=12%3A00"),
        STAFF,
    ),
    ("GET /safe", "/safe", None, STAFF),
    // Without an area nobody goes out, so that all may try.
    ("POST /safe", "/safe", Some("area="), STAFF),
    ("GET /safe/{id}/later", "/safe/:out/later", None, &["mira"]),
    ("POST /safe/{id}/later", "/safe/:out/later", Some("due_date=2026-11-24&due_time=10%3A30"), &["mira"]),
    // Whoever holds the link of the letter may. Without an answer nothing is decided.
    ("GET /watch/{key}", "/watch/:watch_link", None, ALL),
    ("POST /watch/{key}", "/watch/:watch_link", Some(""), ALL),
    // The same for a question about a change.
    ("GET /follow-ups/{key}", "/follow-ups/:kept_link", None, ALL),
    ("POST /follow-ups/{key}", "/follow-ups/:kept_link", Some(""), ALL),
    ("GET /calendar/{file}", "/calendar/:calendar_file", None, ALL),
    ("GET /rounds", "/rounds", None, STAFF),
    ("GET /rounds/new", "/rounds/new", None, &["lead"]),
    (
        "POST /rounds",
        "/rounds",
        Some("title=A&starts_on=2027-03-01&ends_on=2027-06-01&wishes_until=2027-02-01&place_cap=12"),
        &["lead"],
    ),
    ("GET /rounds/{id}", "/rounds/:round", None, STAFF),
    ("GET /rounds/{id}/outings", "/rounds/:round/outings", None, STAFF),
    ("POST /rounds/{id}/outings", "/rounds/:round/outings", Some("outing=:in_round&min_group=1"), &["lead"]),
    ("POST /rounds/{id}/outings/{outing}", "/rounds/:round/outings/:in_round", Some("min_group=1"), &["lead"]),
    ("GET /rounds/{id}/wishes", "/rounds/:round/wishes", None, STAFF),
    ("POST /rounds/{id}/wishes", "/rounds/:round/wishes", Some("outing=:in_round"), STAFF),
    ("POST /rounds/{id}/wishes/{outing}", "/rounds/:round/wishes/:in_round", Some("move=up"), STAFF),
    ("POST /rounds/{id}/needs", "/rounds/:round/needs", Some("wanted=1"), STAFF),
    ("GET /rounds/{id}/cover", "/rounds/:round/cover", None, &["boss"]),
    ("POST /rounds/{id}/cover", "/rounds/:round/cover", Some("away=1"), &["boss"]),
    // Whoever holds the link may, as with an answer.
    ("GET /cover/{token}", "/cover/:cover_link", None, ALL),
    ("POST /cover/{token}", "/cover/:cover_link", Some("away=1"), ALL),
    ("POST /rounds/{id}/managers", "/rounds/:round/managers", Some(""), &["lead"]),
    ("GET /rounds/{id}/limits", "/rounds/:round/limits", None, &["lead"]),
    ("POST /rounds/{id}/limits", "/rounds/:round/limits", Some("place_cap=10"), &["lead"]),
    ("POST /rounds/{id}/place-limits", "/rounds/:round/place-limits", Some("place="), &["lead"]),
    ("POST /rounds/{id}/host-limits", "/rounds/:round/host-limits", Some("host=A&host_number=3"), &["lead"]),
    ("GET /rounds/{id}/check", "/rounds/:round/check", None, &["lead"]),
    ("GET /rounds/{id}/edits", "/rounds/:round/edits", None, &["lead"]),
    (
        "POST /rounds/{id}/edits",
        "/rounds/:round/edits",
        Some("email=mira%40city.example&outing=:in_round&what=ban&why=She+was+there"),
        &["lead"],
    ),
    (
        "POST /rounds/{id}/edits/removal",
        "/rounds/:round/edits/removal",
        Some("person=:other&outing=:in_round"),
        &["lead"],
    ),
    ("GET /rounds/{id}/runs", "/rounds/:round/runs", None, &["lead", "auditor"]),
    ("POST /rounds/{id}/runs", "/rounds/:round/runs", Some("effort=quick"), &["lead"]),
    ("GET /rounds/{id}/runs/{number}", "/rounds/:round/runs/1", None, &["lead", "auditor"]),
    ("GET /rounds/{id}/runs/{number}/proof.tar.gz", "/rounds/:round/runs/1/proof.tar.gz", None, &["auditor"]),
    ("POST /rounds/{id}/runs/{number}/stop", "/rounds/:round/runs/1/stop", Some(""), &["lead"]),
    // Without the tick nothing is published.
    ("POST /rounds/{id}/runs/{number}/publication", "/rounds/:round/runs/1/publication", Some(""), &["lead"]),
    ("GET /rounds/{id}/seats", "/rounds/:round/seats", None, &["lead"]),
    ("POST /rounds/{id}/seats/{outing}/reserve", "/rounds/:round/seats/:in_round/reserve", Some(""), &["lead"]),
    ("GET /rounds/{id}/team", "/rounds/:round/team", None, STAFF),
    ("GET /notes", "/notes", None, STAFF),
    ("GET /notes/{id}", "/notes/:note", None, STAFF),
    // Unreadable on purpose: what is asked here is who gets as far as being read.
    ("POST /notebook/sync", "/notebook/sync", Some("{}"), STAFF),
    ("GET /notebook/pack", "/notebook/pack", None, STAFF),
    ("GET /notebook/places", "/notebook/places", None, STAFF),
    ("GET /notebook/keys", "/notebook/keys", None, STAFF),
    ("PUT /notebook/keys/{id}", "/notebook/keys/:device", Some("{}"), STAFF),
    ("DELETE /notebook/keys/{id}", "/notebook/keys/:device", None, STAFF),
    ("GET /notebook/devices", "/notebook/devices", None, STAFF),
    ("POST /notebook/devices/{id}/lock", "/notebook/devices/:device/lock", Some(""), &["mira"]),
    ("GET /media/{id}", "/media/:picture", None, STAFF),
    ("GET /notes/{id}/edit", "/notes/:note/edit", None, &["mira"]),
    ("POST /notes/{id}", "/notes/:note", Some("kind=saw&seen=A+door"), &["mira"]),
    // Without saying which protocol is spoken nothing is taken, and whose file it is does not matter.
    ("OPTIONS /notebook/files", "/notebook/files", None, ALL),
    ("POST /notebook/files", "/notebook/files", Some(""), STAFF),
    ("HEAD /notebook/files/{id}", "/notebook/files/:note", None, STAFF),
    ("PATCH /notebook/files/{id}", "/notebook/files/:note", None, STAFF),
    ("DELETE /notebook/files/{id}", "/notebook/files/:note", None, STAFF),
    ("GET /placements/{id}/notes/new", "/placements/:placement/notes/new", None, &["mira"]),
    ("POST /placements/{id}/notes", "/placements/:placement/notes", Some("kind=saw&seen=A+door"), &["mira"]),
    ("GET /placements/{id}/consents", "/placements/:placement/consents", None, &["mira"]),
    ("POST /placements/{id}/consents", "/placements/:placement/consents", Some("adult=yes&language=en"), &["mira"]),
    ("GET /told", "/told", None, ALL),
    ("GET /told/{code}", "/told/:code", None, ALL),
    ("GET /told/{code}/record.json", "/told/:code/record.json", None, ALL),
    ("GET /consents.json", "/consents.json", None, &["auditor"]),
    ("GET /told/{code}/withdrawal", "/told/:code/withdrawal", None, ALL),
    ("GET /reflections", "/reflections", None, STAFF),
    ("GET /placements/{id}/reflections/{kind}", "/placements/:placement/reflections/evening", None, &["mira"]),
    (
        "POST /placements/{id}/reflections/{kind}",
        "/placements/:placement/reflections/evening",
        Some("struck=A"),
        &["mira"],
    ),
    ("POST /reflections/{id}/sharing", "/reflections/:reflection/sharing", Some(""), &["mira"]),
    ("POST /reflections/{id}/privacy", "/reflections/:reflection/privacy", Some(""), &["mira"]),
    ("GET /challenges/{id}/board", "/challenges/:challenge/board", None, STAFF),
    ("GET /challenges/{id}/board/suggestions", "/challenges/:challenge/board/suggestions", None, STAFF),
    ("GET /challenges/{id}/board/history", "/challenges/:challenge/board/history", None, STAFF),
    ("GET /challenges/{id}/board/changes", "/challenges/:challenge/board/changes", None, STAFF),
    ("POST /challenges/{id}/board/acts", "/challenges/:challenge/board/acts", Some("{}"), STAFF),
    ("POST /challenges/{id}/themes", "/challenges/:challenge/themes", Some("theme=:note&name=Stairs"), STAFF),
    ("POST /challenges/{id}/placing", "/challenges/:challenge/placing", Some("note=:note"), STAFF),
    ("GET /themes/{id}", "/themes/:theme", None, STAFF),
    ("POST /themes/{id}", "/themes/:theme", Some("name=Stairs"), STAFF),
    ("POST /themes/{id}/position", "/themes/:theme/position", Some(""), STAFF),
    ("GET /challenges/{id}/insights/new", "/challenges/:challenge/insights/new", None, STAFF),
    (
        "POST /challenges/{id}/insights",
        "/challenges/:challenge/insights",
        Some("says=The+stair+is+the+door&why=Everybody+names+it&sure=hunch"),
        STAFF,
    ),
    ("GET /insights/{id}", "/insights/:insight", None, STAFF),
    ("GET /insights/{id}/edit", "/insights/:insight/edit", None, STAFF),
    ("POST /insights/{id}", "/insights/:insight", Some("says=The+stair&why=They+say+so&sure=likely"), STAFF),
    ("POST /insights/{id}/notes", "/insights/:insight/notes", Some("note=:note&side=for"), STAFF),
    // While she is out nothing is dropped, and nobody else was there: both are told to her alone.
    (
        "POST /placements/{id}/return-waiver",
        "/placements/:placement/return-waiver",
        Some("what=talk&drop_why=No+time"),
        &["mira"],
    ),
    ("GET /placements/{id}/debrief", "/placements/:placement/debrief", None, &["mira"]),
    (
        "POST /placements/{id}/debrief",
        "/placements/:placement/debrief",
        Some("debrief_date=2026-11-26&debrief_time=09%3A00"),
        &["mira"],
    ),
    ("POST /debriefs/{id}/answer", "/debriefs/00000000-0000-0000-0000-000000000000/answer", Some("answer=yes"), &[]),
    ("GET /circles", "/circles", None, STAFF),
    // Most never came back from anywhere; that is told to all alike.
    ("POST /circles", "/circles", Some(""), STAFF),
    ("POST /circles/search", "/circles/search", Some("seek=yes"), STAFF),
    // Who is in a circle is seen by those in it: not by their boss, the lead, the auditor or the administrator.
    ("GET /circles/{id}", "/circles/:circle", None, &["mira", "other", "owner"]),
    ("POST /circles/{id}/invitations", "/circles/:circle/invitations", Some("email="), &["mira", "other", "owner"]),
    ("POST /circles/{id}/answer", "/circles/:circle/answer", Some("answer=yes"), &["mira", "other", "owner"]),
    (
        "POST /circles/{id}/meeting",
        "/circles/:circle/meeting",
        Some("meeting_date=2026-12-10&meeting_time=09%3A00"),
        &["mira", "other", "owner"],
    ),
    ("POST /circles/{id}/action", "/circles/:circle/action", Some("action=A"), &["mira", "other", "owner"]),
    (
        "POST /circles/{id}/membership/removal",
        "/circles/:circle/membership/removal",
        Some(""),
        &["mira", "other", "owner"],
    ),
    ("GET /changes", "/changes", None, STAFF),
    ("POST /changes", "/changes", Some("kind=start&title=A&what=B&when_x=C&will_y=D"), STAFF),
    ("GET /changes/new", "/changes/new", None, STAFF),
    ("GET /changes/{id}", "/changes/:change", None, STAFF),
    (
        "POST /changes/{id}/follow-ups/{follow_up}",
        "/changes/:change/follow-ups/:follow_up",
        Some("kept=kept"),
        &["owner"],
    ),
    ("POST /changes/{id}/end", "/changes/:change/end", Some("end=done&end_why=It+works"), &["owner"]),
    ("GET /experiments", "/experiments", None, STAFF),
    // It is public.
    ("GET /experiments/{id}", "/experiments/:shown", None, ALL),
    (
        "POST /experiments/{id}/sureness",
        "/experiments/:experiment/sureness",
        Some("sureness=open&learn_next=Who+comes"),
        &["owner"],
    ),
    (
        "POST /experiments/{id}/result",
        "/experiments/:experiment/result",
        Some("finding=unclear&result=Too+few+came"),
        &["owner"],
    ),
    ("POST /experiments/{id}/publication", "/experiments/:experiment/publication", Some(""), &["owner", "lead"]),
    ("POST /experiments/{id}/withdrawal", "/experiments/:experiment/withdrawal", Some(""), &["owner", "lead"]),
    (
        "POST /experiments/{id}/decision",
        "/experiments/:experiment/decision",
        Some("verdict=stop&verdict_why=Too+few"),
        &["owner"],
    ),
    ("GET /practices", "/practices", None, ALL),
    ("GET /practices.atom", "/practices.atom", None, ALL),
    ("GET /practices/new", "/practices/new", None, STAFF),
    (
        "POST /practices",
        "/practices",
        Some("title=A&problem=B&what=C&how=D&needed=E&result=F&careful=G&language=en"),
        STAFF,
    ),
    ("GET /practices/{slug}", "/practices/:slug", None, ALL),
    // Of the author alone, who is told that it is public.
    ("GET /practices/{slug}/edit", "/practices/:slug/edit", None, &["mira"]),
    (
        "POST /practices/{slug}",
        "/practices/:slug",
        Some("title=A&problem=B&what=C&how=D&needed=E&result=F&careful=G&language=en"),
        &["mira"],
    ),
    ("GET /figures", "/figures", None, ALL),
    ("GET /figures.csv", "/figures.csv", None, ALL),
    // With so few notes nothing can be said, and there is nothing to take down: both are answered to the lead alone.
    ("POST /figures", "/figures", Some(""), &["lead"]),
    ("POST /figures/{id}/removal", "/figures/00000000-0000-0000-0000-000000000000/removal", Some(""), &["lead"]),
    ("GET /overview", "/overview", None, STAFF),
    ("GET /overview/kept", "/overview/kept", None, STAFF),
    ("GET /overview/exceptions/{exception}", "/overview/exceptions/orphans", None, &["lead"]),
    // To themselves, so that those who may stay those who may.
    (
        "POST /challenges/{id}/owner",
        "/challenges/:challenge/owner",
        Some("email=owner%40city.example"),
        &["owner", "lead"],
    ),
    ("POST /changes/{id}/owner", "/changes/:change/owner", Some("email=owner%40city.example"), &["owner", "lead"]),
    (
        "POST /outings/{id}/organiser",
        "/outings/:coming/organiser",
        Some("email=owner%40city.example"),
        &["owner", "lead"],
    ),
    // What ends things comes last. What somebody named or wrote meanwhile stays: it was not seen.
    ("POST /themes/{id}/removal", "/themes/:theme/removal", Some(""), STAFF),
    ("POST /insights/{id}/removal", "/insights/:insight/removal", Some(""), STAFF),
    ("POST /safe/{id}/back", "/safe/:out/back", Some(""), &["mira"]),
    ("POST /rounds/{id}/leaving", "/rounds/:round/leaving", Some(""), STAFF),
    ("POST /rounds/{id}/outings/{outing}/removal", "/rounds/:round/outings/:in_round/removal", Some(""), &["lead"]),
    ("POST /rounds/{id}/cancellation", "/rounds/:round/cancellation", Some(""), &["lead"]),
    ("POST /rings/{key}/places/{post}/removal", "/rings/:partner_link/places/:post/removal", Some(""), ALL),
    ("POST /exchanges/{id}/places/{post}/removal", "/exchanges/:exchange/places/:post/removal", Some(""), &["lead"]),
    (
        "POST /exchanges/{id}/members/{member}/link",
        "/exchanges/:exchange/members/:member/link",
        Some("anew=yes"),
        &["lead"],
    ),
    ("POST /exchanges/{id}/end", "/exchanges/:exchange/end", Some("why=No+money"), &["lead"]),
    ("POST /me/calendar", "/me/calendar", Some(""), STAFF),
    ("POST /visits/{key}/cancellation", "/visits/:hosted/cancellation", Some("why=The+flood"), ALL),
    ("POST /placements/{id}/interruption", "/placements/:placement/interruption", Some("why=The+flood"), &["mira"]),
    ("POST /placements/{id}/homecoming", "/placements/:placement/homecoming", Some(""), &["mira"]),
    ("POST /placements/{id}/embedding", "/placements/:placement/embedding", Some(""), &["mira"]),
    ("POST /placements/{id}/ending", "/placements/:placement/ending", Some("changed=yes&why=It+did"), &["mira"]),
    ("POST /practices/{slug}/publication", "/practices/:slug/publication", Some(""), &["mira", "lead"]),
    ("POST /practices/{slug}/withdrawal", "/practices/:slug/withdrawal", Some("why=It+was+wrong"), &["mira", "lead"]),
    (
        "POST /challenges/{id}/outcome",
        "/challenges/:challenge/outcome",
        Some("status=ended&why=No+money"),
        &["owner", "lead"],
    ),
    ("POST /notes/{id}/removal", "/notes/:note/removal", Some(""), &["mira", "owner"]),
    ("POST /told/{code}/withdrawal", "/told/:code/withdrawal", Some(""), ALL),
    ("POST /session", "/session", Some("email=a%40city.example&password=wrong"), &[]),
    ("POST /sessions/end", "/sessions/end", Some(""), &[]),
    ("POST /session/end", "/session/end", Some(""), &[]),
];

fn refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

#[tokio::test]
async fn every_route_is_open_to_those_named_and_to_nobody_else() {
    let house = house().await;
    let mut wrong = Vec::new();
    let routes = freerange_web::routes::all();
    let names = routes.iter().filter(|r| r.answer.is_some()).map(|r| format!("{} {}", r.method, r.path));
    let in_api: Vec<String> = names.collect();
    for (route, pattern, form, allowed) in RULES {
        // Signing in and out is about the session itself and has tests of its own.
        if route.contains("/session") {
            continue;
        }
        let path = if *pattern == SECRET { format!("/password/{SECRET}") } else { house.path(pattern) };
        let filled = |f: &str| {
            [":challenge", ":in_round", ":other", ":note"]
                .iter()
                .fold(f.to_owned(), |f, id| f.replace(id, &house.ids[&id[1..]]))
        };
        let form = form.map(filled);
        // Those who are refused go first: what they do must leave everything as it is.
        let (first, then): (Vec<&str>, Vec<&str>) = WALKERS.iter().partition(|w| !allowed.contains(*w));
        for walker in first.into_iter().chain(then) {
            for prefix in ["", "/api/v1"] {
                let verb = route.split(' ').next().unwrap_or_default();
                let json = form.as_deref().is_some_and(|f| f.starts_with('{'));
                let mime = if json { "application/json" } else { "application/x-www-form-urlencoded" };
                let (path, body) = (format!("{prefix}{path}"), form.as_deref().map(str::as_bytes));
                let got = house.send_as(verb, walker, &path, body, mime, &[]).await;
                if got.status.is_server_error() {
                    wrong.push(format!("{route} as {walker}: {}", got.status));
                }
                // What is no part of the API is not there, for nobody.
                let there = prefix.is_empty() || in_api.iter().any(|r| r == route);
                let gone =
                    got.status == StatusCode::NOT_FOUND && route.ends_with("/removal") && !route.contains("/people/");
                if refused(got.status) == (allowed.contains(&walker) && there) && !gone {
                    wrong.push(format!(
                        "{prefix} {route} as {walker}: {} (may: {})",
                        got.status,
                        allowed.contains(&walker)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_route_is_without_a_rule() {
    let known: Vec<&str> = RULES.iter().map(|r| r.0).collect();
    let missing: Vec<String> = freerange_web::routes::all()
        .iter()
        .map(|r| format!("{} {}", r.method, r.path))
        .filter(|r| !known.contains(&r.as_str()))
        .collect();
    assert!(missing.is_empty(), "say who may: {missing:?}");
}
