-- Hosts and honest endings: who may wish again, what an inviter wants, which guests are welcome.

-- What the group wants of guests and gets from them, how one gets in, and who is welcome: anybody, people who decide,
-- people who do the work.
ALTER TABLE invitation ADD COLUMN host_wants TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN host_gets TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN access_notes TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN step_free BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invitation ADD COLUMN guests TEXT NOT NULL DEFAULT 'anyone';
ALTER TABLE outing ADD COLUMN guests TEXT NOT NULL DEFAULT 'anyone';

-- One wish at a time for each outing; whoever was not placed, declined or called it off may wish again. A constraint
-- cannot be dropped here, so the table is built anew; what points to it is looked at when all its rows are back.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE placement_before AS SELECT * FROM placement;
DROP TABLE placement;
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
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Nothing from agreed on without both dates, and nothing closed without an ending and its reason.
    CHECK (stage IN ('wished', 'offered', 'closed') OR (reflection_at IS NOT NULL AND talk_at IS NOT NULL)),
    CHECK ((stage = 'closed') = (ending IS NOT NULL AND ending_why IS NOT NULL))
);
INSERT INTO placement (id, outing_id, person_id, stage, ending, ending_why, reflection_at, talk_at, answers, done, checkin,
    created_at, updated_at)
SELECT id, outing_id, person_id, stage, ending, ending_why, reflection_at, talk_at, answers, done, checkin,
    created_at, updated_at FROM placement_before;
DROP TABLE placement_before;
CREATE INDEX placement_person ON placement (person_id, stage);
CREATE INDEX placement_stage ON placement (stage, updated_at);
CREATE UNIQUE INDEX placement_once ON placement (outing_id, person_id) WHERE stage <> 'closed';
CREATE INDEX placement_outing ON placement (outing_id, person_id);
