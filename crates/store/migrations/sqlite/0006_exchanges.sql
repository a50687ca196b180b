-- Exchange rings: staff swap among several cities, each sends as many as it receives.

-- Cities and organisations that are known from exchanges. What they gave and received is counted from final legs; what was
-- owed before, in person-days received minus given, is carried here.
CREATE TABLE exchange_city (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name in small letters: the same city is known again.
    name_key TEXT NOT NULL UNIQUE,
    home BOOLEAN NOT NULL,
    carried_days BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE exchange (
    id UUID PRIMARY KEY,
    title TEXT NOT NULL,
    challenge_id UUID REFERENCES challenge (id),
    lead_id UUID NOT NULL REFERENCES person (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    -- Working days of each stay: one length for all.
    days BIGINT NOT NULL CHECK (days > 0),
    answers_until TEXT NOT NULL,
    together TEXT NOT NULL,
    -- By points or by ranks, and the most cities on a ring; none without a limit.
    matching TEXT NOT NULL,
    longest BIGINT CHECK (longest >= 2),
    stage TEXT NOT NULL,
    stage_why TEXT,
    -- Hash of the proposal that is out; empty before the first.
    version TEXT NOT NULL DEFAULT '',
    -- The end of the season, from which on is counted how long it is kept.
    over_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (stage NOT IN ('asking', 'settled') OR version <> ''),
    CHECK (stage <> 'ended' OR stage_why IS NOT NULL)
);

CREATE TABLE exchange_member (
    id UUID PRIMARY KEY,
    exchange_id UUID NOT NULL REFERENCES exchange (id),
    city_id UUID NOT NULL REFERENCES exchange_city (id),
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    language TEXT NOT NULL,
    most_out BIGINT NOT NULL,
    -- In persons: by how much what it received may differ from what it gave.
    tolerance BIGINT NOT NULL,
    -- The lead ended the link of its contact: no letter brings another until the lead sends one.
    link_off BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    UNIQUE (exchange_id, city_id)
);

CREATE TABLE exchange_post (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES exchange_member (id),
    title TEXT NOT NULL,
    shows TEXT NOT NULL,
    topics TEXT NOT NULL,
    languages TEXT NOT NULL,
    grades TEXT NOT NULL,
    free_from TEXT NOT NULL,
    free_to TEXT NOT NULL,
    guests BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX exchange_post_member ON exchange_post (member_id);

CREATE TABLE exchange_goer (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES exchange_member (id),
    -- Of this city's own people only.
    person_id UUID REFERENCES person (id),
    -- A name the person agreed to, or any other word for them.
    label TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    grade TEXT NOT NULL,
    languages TEXT NOT NULL,
    free_from TEXT NOT NULL,
    free_to TEXT NOT NULL,
    learn TEXT NOT NULL,
    topics TEXT NOT NULL,
    -- Best first: member:ID and post:ID.
    wishes TEXT NOT NULL,
    anywhere BOOLEAN NOT NULL,
    -- Left the exchange, or was forgotten.
    gone BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE INDEX exchange_goer_member ON exchange_goer (member_id);
CREATE UNIQUE INDEX exchange_goer_once ON exchange_goer (member_id, person_id) WHERE person_id IS NOT NULL AND NOT gone;

CREATE TABLE exchange_proposal (
    id UUID PRIMARY KEY,
    exchange_id UUID NOT NULL REFERENCES exchange (id),
    number BIGINT NOT NULL,
    version TEXT NOT NULL,
    -- Points reached, and the most that any set of legs can reach.
    objective BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (exchange_id, number)
);

CREATE TABLE exchange_leg (
    id UUID PRIMARY KEY,
    proposal_id UUID NOT NULL REFERENCES exchange_proposal (id),
    -- Which ring, and where on it.
    ring BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    from_id UUID NOT NULL REFERENCES exchange_member (id),
    to_id UUID NOT NULL REFERENCES exchange_member (id),
    goer_id UUID NOT NULL REFERENCES exchange_goer (id),
    post_id UUID NOT NULL REFERENCES exchange_post (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    days BIGINT NOT NULL,
    -- Hash of what this leg says.
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    off_by TEXT,
    off_why TEXT,
    -- This city's own people: their placement on the spine.
    placement_id UUID REFERENCES placement (id),
    CHECK (state IN ('asked', 'final', 'off')),
    CHECK ((state = 'off') = (off_why IS NOT NULL)),
    CHECK (from_id <> to_id),
    UNIQUE (proposal_id, goer_id)
);
CREATE INDEX exchange_leg_goer ON exchange_leg (goer_id);

CREATE TABLE exchange_consent (
    leg_id UUID NOT NULL REFERENCES exchange_leg (id),
    voice TEXT NOT NULL,
    answer TEXT NOT NULL,
    why TEXT,
    -- The proposal that was quoted.
    version TEXT NOT NULL,
    -- Said by the sending city for somebody without an address of their own.
    spoken_for BOOLEAN NOT NULL,
    -- Given to an earlier proposal in which this leg said the same.
    carried BOOLEAN NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (leg_id, voice),
    CHECK (answer IN ('yes', 'no')),
    CHECK ((answer = 'no') = (why IS NOT NULL))
);

-- Who was proposed where and did not go: not proposed again.
CREATE TABLE exchange_ban (
    exchange_id UUID NOT NULL REFERENCES exchange (id),
    goer_id UUID NOT NULL REFERENCES exchange_goer (id),
    post_id UUID NOT NULL REFERENCES exchange_post (id),
    PRIMARY KEY (exchange_id, goer_id, post_id)
);
