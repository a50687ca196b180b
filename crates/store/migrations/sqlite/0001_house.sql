-- The house: every room of the loop. The same text for SQLite and PostgreSQL: ids are UUID, moments are BIGINT
-- microseconds since 1970 UTC, calendar days are TEXT like 2027-03-28, closed sets of words are TEXT.

-- people --------------------------------------------------------------------------------------------------
CREATE TABLE team (
    id UUID PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id UUID REFERENCES team (id)
);
CREATE INDEX team_parent ON team (parent_id);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    staff_no TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    team_id UUID NOT NULL REFERENCES team (id),
    manager_id UUID REFERENCES person (id),
    grade TEXT NOT NULL,
    languages TEXT NOT NULL,
    working_pattern TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    -- The language of the pages, when the person chose one.
    lang TEXT,
    password_hash TEXT,
    -- The key of the private diary, wrapped under a key derived from the password. The server cannot open it.
    diary_salt BYTEA,
    diary_wrapped BYTEA,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX person_name ON person (name, id);
CREATE INDEX person_team ON person (team_id, active);
CREATE INDEX person_manager ON person (manager_id);

CREATE TABLE role_grant (
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, role)
);

CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    agent TEXT NOT NULL,
    -- The diary key, wrapped under a key derived from the session's token, which only the browser keeps.
    diary_wrapped BYTEA
);
CREATE INDEX session_person ON session (person_id);

-- Failed attempts at sign-in and at codes, so that guessing is slow. Kept for an hour.
CREATE TABLE attempt (
    id UUID PRIMARY KEY,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX attempt_subject ON attempt (subject, at);

-- A secret address sent to somebody: to set a password, to say yes or no, to see what came of a visit, for a calendar.
CREATE TABLE link (
    token_hash BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject_id UUID NOT NULL,
    party TEXT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX link_subject ON link (subject_id, purpose);

-- places --------------------------------------------------------------------------------------------------
CREATE TABLE place (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    name_local TEXT NOT NULL,
    parent_id UUID REFERENCES place (id),
    -- [[polygon: [[ring: [[lon, lat], ...]], ...]], ...] as read, WGS84.
    shape TEXT NOT NULL,
    -- The same as an SVG path in the city's own frame, 1000 wide.
    svg TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    UNIQUE (level, code)
);
CREATE INDEX place_parent ON place (parent_id);

-- challenge -----------------------------------------------------------------------------------------------
CREATE TABLE challenge (
    id UUID PRIMARY KEY,
    title TEXT NOT NULL,
    question TEXT NOT NULL,
    why TEXT NOT NULL,
    decision TEXT NOT NULL,
    decision_on TEXT NOT NULL,
    owner_id UUID NOT NULL REFERENCES person (id),
    place_id UUID REFERENCES place (id),
    status TEXT NOT NULL,
    outcome TEXT,
    outcome_why TEXT,
    closed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX challenge_status ON challenge (status, decision_on);
CREATE INDEX challenge_owner ON challenge (owner_id);

-- outing --------------------------------------------------------------------------------------------------
CREATE TABLE invitation (
    id UUID PRIMARY KEY,
    -- With this code the inviter follows what becomes of it.
    code TEXT NOT NULL UNIQUE,
    group_name TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    topic TEXT NOT NULL,
    message TEXT NOT NULL,
    place_id UUID REFERENCES place (id),
    meeting_point TEXT NOT NULL,
    wished_at BIGINT NOT NULL,
    people BIGINT NOT NULL,
    language TEXT NOT NULL,
    notes_allowed BOOLEAN NOT NULL,
    photos TEXT NOT NULL,
    publicity TEXT NOT NULL,
    received_via TEXT NOT NULL,
    clerk_id UUID REFERENCES person (id),
    status TEXT NOT NULL,
    answer TEXT,
    answered_by UUID REFERENCES person (id),
    answered_at BIGINT,
    answer_due TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX invitation_status ON invitation (status, answer_due);

CREATE TABLE outing (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    challenge_id UUID REFERENCES challenge (id),
    invitation_id UUID UNIQUE REFERENCES invitation (id),
    place_id UUID REFERENCES place (id),
    organiser_id UUID NOT NULL REFERENCES person (id),
    meeting_point TEXT NOT NULL,
    host_name TEXT NOT NULL,
    host_wants TEXT NOT NULL,
    host_gets TEXT NOT NULL,
    safety_plan TEXT NOT NULL,
    access_notes TEXT NOT NULL,
    step_free BOOLEAN NOT NULL,
    language TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    seats BIGINT NOT NULL,
    photos TEXT NOT NULL,
    notes_allowed BOOLEAN NOT NULL,
    publicity TEXT NOT NULL,
    status TEXT NOT NULL,
    status_why TEXT,
    -- What residents and hosts were told afterwards, "nothing, and why" included.
    told_back TEXT,
    told_back_at BIGINT,
    told_back_by UUID REFERENCES person (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX outing_starts ON outing (starts_at, id);
CREATE INDEX outing_challenge ON outing (challenge_id, starts_at);
CREATE INDEX outing_place ON outing (place_id, starts_at);
CREATE INDEX outing_organiser ON outing (organiser_id);

-- Who else must say yes for an outing, with the address to ask.
CREATE TABLE outing_party (
    outing_id UUID NOT NULL REFERENCES outing (id),
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (outing_id, party)
);

-- A manager's yes in advance: so many half-days a month on the ground, without approval of each.
CREATE TABLE standing_yes (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    half_days_a_month BIGINT NOT NULL,
    granted_by UUID NOT NULL REFERENCES person (id),
    granted_at BIGINT NOT NULL,
    until TEXT NOT NULL
);

-- placement -----------------------------------------------------------------------------------------------
CREATE TABLE placement (
    id UUID PRIMARY KEY,
    outing_id UUID NOT NULL REFERENCES outing (id),
    person_id UUID NOT NULL REFERENCES person (id),
    stage TEXT NOT NULL,
    ending TEXT,
    ending_why TEXT,
    reflection_at BIGINT,
    talk_at BIGINT,
    -- Answers to the template's questions: {"learn": "..."}.
    answers TEXT NOT NULL,
    -- What of the preparation and return is done: ["briefing", ...].
    done TEXT NOT NULL,
    checkin TEXT NOT NULL,
    out_at BIGINT,
    back_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Nothing from agreed on without both dates, and nothing closed without an ending and its reason.
    CHECK (stage IN ('wished', 'offered', 'closed') OR (reflection_at IS NOT NULL AND talk_at IS NOT NULL)),
    CHECK ((stage = 'closed') = (ending IS NOT NULL AND ending_why IS NOT NULL)),
    UNIQUE (outing_id, person_id)
);
CREATE INDEX placement_person ON placement (person_id, stage);
CREATE INDEX placement_stage ON placement (stage, updated_at);

CREATE TABLE approval (
    placement_id UUID NOT NULL REFERENCES placement (id),
    party TEXT NOT NULL,
    answer TEXT NOT NULL,
    why TEXT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    asked_at BIGINT,
    answered_at BIGINT,
    PRIMARY KEY (placement_id, party)
);

CREATE TABLE placement_event (
    id UUID PRIMARY KEY,
    placement_id UUID NOT NULL REFERENCES placement (id),
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    by_name TEXT NOT NULL,
    why TEXT
);
CREATE INDEX placement_event_placement ON placement_event (placement_id, at);

-- consent and note ----------------------------------------------------------------------------------------
CREATE TABLE consent (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    outing_id UUID NOT NULL REFERENCES outing (id),
    recorded_by UUID NOT NULL REFERENCES person (id),
    use_it BOOLEAN NOT NULL,
    quote BOOLEAN NOT NULL,
    picture BOOLEAN NOT NULL,
    contact BOOLEAN NOT NULL,
    language TEXT NOT NULL,
    basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consent_outing ON consent (outing_id);

CREATE TABLE note (
    id UUID PRIMARY KEY,
    placement_id UUID NOT NULL REFERENCES placement (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    challenge_id UUID REFERENCES challenge (id),
    author_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    seen TEXT NOT NULL,
    meaning TEXT NOT NULL,
    place_id UUID REFERENCES place (id),
    lon TEXT,
    lat TEXT,
    consent_id UUID REFERENCES consent (id),
    happened_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX note_challenge ON note (challenge_id, created_at);
CREATE INDEX note_outing ON note (outing_id, created_at);
CREATE INDEX note_author ON note (author_id, created_at);
CREATE INDEX note_consent ON note (consent_id);
CREATE INDEX note_placement ON note (placement_id);

CREATE TABLE media (
    id UUID PRIMARY KEY,
    note_id UUID NOT NULL REFERENCES note (id),
    mime TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    description TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX media_note ON media (note_id);

-- What is left of something withdrawn: that it was, and when.
CREATE TABLE tombstone (
    id UUID PRIMARY KEY,
    what TEXT NOT NULL,
    outing_id UUID REFERENCES outing (id),
    challenge_id UUID REFERENCES challenge (id),
    withdrawn_at BIGINT NOT NULL
);
CREATE INDEX tombstone_challenge ON tombstone (challenge_id);
CREATE INDEX tombstone_outing ON tombstone (outing_id);

-- reflection ----------------------------------------------------------------------------------------------
CREATE TABLE reflection (
    id UUID PRIMARY KEY,
    placement_id UUID NOT NULL REFERENCES placement (id),
    author_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    -- Private: sealed under the author's diary key. Empty once shared.
    sealed BYTEA,
    -- Shared by the author's act: {"struck": "..."}.
    shared TEXT,
    shared_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((sealed IS NULL) <> (shared IS NULL)),
    UNIQUE (placement_id, kind)
);
CREATE INDEX reflection_author ON reflection (author_id, updated_at);

-- change --------------------------------------------------------------------------------------------------
CREATE TABLE change (
    id UUID PRIMARY KEY,
    challenge_id UUID REFERENCES challenge (id),
    placement_id UUID REFERENCES placement (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    what TEXT NOT NULL,
    when_x TEXT NOT NULL,
    will_y TEXT NOT NULL,
    makes_room TEXT NOT NULL,
    hours_freed BIGINT NOT NULL,
    owner_id UUID NOT NULL REFERENCES person (id),
    committed_on TEXT NOT NULL,
    status TEXT NOT NULL,
    status_why TEXT,
    -- A test: what we believe, the smallest trial, what would change our mind, when it ends, how it ended.
    belief TEXT,
    smallest_test TEXT,
    change_mind TEXT,
    ends_on TEXT,
    verdict TEXT,
    result TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX change_challenge ON change (challenge_id);
CREATE INDEX change_owner ON change (owner_id, status);
CREATE INDEX change_placement ON change (placement_id);

CREATE TABLE change_evidence (
    change_id UUID NOT NULL REFERENCES change (id),
    note_id UUID NOT NULL REFERENCES note (id),
    PRIMARY KEY (change_id, note_id)
);
CREATE INDEX change_evidence_note ON change_evidence (note_id);

CREATE TABLE follow_up (
    id UUID PRIMARY KEY,
    change_id UUID NOT NULL REFERENCES change (id),
    due_in TEXT NOT NULL,
    due_on TEXT NOT NULL,
    asked_at BIGINT,
    kept TEXT,
    said TEXT,
    answered_at BIGINT,
    UNIQUE (change_id, due_in)
);
CREATE INDEX follow_up_due ON follow_up (due_on, answered_at);

-- practice ------------------------------------------------------------------------------------------------
CREATE TABLE practice (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    change_id UUID REFERENCES change (id),
    author_id UUID NOT NULL REFERENCES person (id),
    title TEXT NOT NULL,
    problem TEXT NOT NULL,
    what TEXT NOT NULL,
    how TEXT NOT NULL,
    needed TEXT NOT NULL,
    result TEXT NOT NULL,
    careful TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Where it comes from: one of ours, or the address of another city's.
    origin_id UUID REFERENCES practice (id),
    origin_url TEXT,
    differs TEXT,
    status TEXT NOT NULL,
    status_why TEXT,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX practice_status ON practice (status, published_at);
CREATE INDEX practice_origin ON practice (origin_id);

-- A resident's words shown with a practice; gone when the consent is.
CREATE TABLE practice_quote (
    practice_id UUID NOT NULL REFERENCES practice (id),
    note_id UUID NOT NULL REFERENCES note (id),
    PRIMARY KEY (practice_id, note_id)
);
CREATE INDEX practice_quote_note ON practice_quote (note_id);

-- around the loop -----------------------------------------------------------------------------------------
CREATE TABLE mail (
    id UUID PRIMARY KEY,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    sent_at BIGINT,
    problem TEXT
);
CREATE INDEX mail_waiting ON mail (sent_at, next_try_at);

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
