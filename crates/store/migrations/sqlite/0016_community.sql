-- Who speaks for a neighbourhood, without an account, and what it says about visits. One group for each neighbourhood.
CREATE TABLE community (
    id UUID PRIMARY KEY,
    place_id UUID NOT NULL UNIQUE REFERENCES place (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    -- Language of letters and of the notice, as a code.
    language TEXT NOT NULL,
    stance TEXT NOT NULL,
    -- The last day of a pause, when one was said.
    stance_until TEXT,
    -- In their words; may be empty.
    stance_why TEXT NOT NULL,
    -- Days of the week that never suit: bit 0 is Monday.
    never_on BIGINT NOT NULL,
    -- Who entered the group.
    entered_by UUID NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Days that do not suit.
CREATE TABLE community_days (
    community_id UUID NOT NULL REFERENCES community (id),
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (community_id, first_on, last_on)
);

-- Planned visits of which the organiser was told that they do not suit any more: once each.
CREATE TABLE community_told (
    community_id UUID NOT NULL REFERENCES community (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    PRIMARY KEY (community_id, outing_id)
);
