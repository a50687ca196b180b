-- Rounds: a season in which many people are matched to many outings at once.

CREATE TABLE round (
    id UUID PRIMARY KEY,
    title TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    wishes_until TEXT NOT NULL,
    stage TEXT NOT NULL,
    -- Visitors that a neighbourhood receives in one week, and a host in the season; a host without a number has no ceiling.
    place_cap BIGINT NOT NULL,
    host_cap BIGINT,
    opened_by UUID NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    published_at BIGINT
);
CREATE INDEX round_stage ON round (stage, ends_on);

-- Which outings are in it. An outing is in one round at most.
CREATE TABLE round_outing (
    round_id UUID NOT NULL REFERENCES round (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    min_group BIGINT NOT NULL,
    PRIMARY KEY (round_id, outing_id)
);
CREATE UNIQUE INDEX round_outing_once ON round_outing (outing_id);

-- What somebody needs: how many outings, days they cannot as [["2027-03-01", "2027-03-05"], ...], access like ["step-free"].
CREATE TABLE round_person (
    round_id UUID NOT NULL REFERENCES round (id),
    person_id UUID NOT NULL REFERENCES person (id),
    wanted BIGINT NOT NULL,
    away TEXT NOT NULL,
    access TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, person_id)
);
CREATE INDEX round_person_person ON round_person (person_id);

CREATE TABLE round_wish (
    round_id UUID NOT NULL REFERENCES round (id),
    person_id UUID NOT NULL REFERENCES person (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    rank BIGINT NOT NULL,
    PRIMARY KEY (round_id, person_id, outing_id)
);
CREATE INDEX round_wish_outing ON round_wish (round_id, outing_id);

-- "Anything that serves this challenge."
CREATE TABLE round_serves (
    round_id UUID NOT NULL REFERENCES round (id),
    person_id UUID NOT NULL REFERENCES person (id),
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    PRIMARY KEY (round_id, person_id, challenge_id)
);

-- How many of a manager's people may be away in one week; other numbers for weeks, by their Monday: {"2027-03-29": 0}.
CREATE TABLE round_cover (
    round_id UUID NOT NULL REFERENCES round (id),
    manager_id UUID NOT NULL REFERENCES person (id),
    away BIGINT,
    weeks TEXT NOT NULL,
    asked_at BIGINT,
    answered_at BIGINT,
    PRIMARY KEY (round_id, manager_id)
);

-- Another ceiling for a neighbourhood, in every week or in the one that begins on this Monday. 0 is rest.
CREATE TABLE round_place (
    round_id UUID NOT NULL REFERENCES round (id),
    place_id UUID NOT NULL REFERENCES place (id),
    week TEXT NOT NULL,
    cap BIGINT NOT NULL,
    PRIMARY KEY (round_id, place_id, week)
);

CREATE TABLE round_host (
    round_id UUID NOT NULL REFERENCES round (id),
    host_name TEXT NOT NULL,
    cap BIGINT NOT NULL,
    PRIMARY KEY (round_id, host_name)
);

-- Who must or must not go where, by hand, with the reason.
CREATE TABLE round_edit (
    round_id UUID NOT NULL REFERENCES round (id),
    person_id UUID NOT NULL REFERENCES person (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    by_id UUID NOT NULL REFERENCES person (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (round_id, person_id, outing_id)
);

-- A run of the matcher. A server that works on it holds a lease; when that ends, another one takes the run up again.
CREATE TABLE round_run (
    id UUID PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES round (id),
    number BIGINT NOT NULL,
    effort TEXT NOT NULL,
    seed BIGINT NOT NULL,
    stage TEXT NOT NULL,
    asked_by UUID NOT NULL REFERENCES person (id),
    asked_at BIGINT NOT NULL,
    ended_at BIGINT,
    worker UUID,
    lease_until BIGINT,
    stop BOOLEAN NOT NULL,
    phase TEXT NOT NULL,
    done_permille BIGINT NOT NULL,
    objective BIGINT,
    bound BIGINT,
    verified BOOLEAN NOT NULL,
    problem TEXT,
    -- What can be said about it in figures, as the page shows it.
    figures TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    UNIQUE (round_id, number)
);
CREATE INDEX round_run_waiting ON round_run (stage, asked_at);

CREATE TABLE round_seat (
    run_id UUID NOT NULL REFERENCES round_run (id),
    person_id UUID NOT NULL REFERENCES person (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    rank BIGINT NOT NULL,
    PRIMARY KEY (run_id, person_id, outing_id)
);
CREATE INDEX round_seat_outing ON round_seat (run_id, outing_id);

-- Which edits by hand it was made with, and whether each could be kept.
CREATE TABLE round_run_edit (
    run_id UUID NOT NULL REFERENCES round_run (id),
    person_id UUID NOT NULL REFERENCES person (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    what TEXT NOT NULL,
    kept BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, person_id, outing_id)
);

-- Why somebody got what they got: a kind, the outing and week it is about, and whether nothing else stood in the way.
CREATE TABLE round_reason (
    run_id UUID NOT NULL REFERENCES round_run (id),
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    rank BIGINT,
    outing_id UUID REFERENCES outing (id),
    week TEXT,
    alone BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, person_id)
);

-- Who would fit when a seat is given back, in order. `moved_up_at` tells that they did.
CREATE TABLE round_reserve (
    run_id UUID NOT NULL REFERENCES round_run (id),
    outing_id UUID NOT NULL REFERENCES outing (id),
    person_id UUID NOT NULL REFERENCES person (id),
    place_no BIGINT NOT NULL,
    moved_up_at BIGINT,
    PRIMARY KEY (run_id, outing_id, person_id)
);

-- Instance, solution and certificate of a run, as one archive without names.
CREATE TABLE round_proof (
    run_id UUID PRIMARY KEY REFERENCES round_run (id),
    bytes BYTEA NOT NULL
);
