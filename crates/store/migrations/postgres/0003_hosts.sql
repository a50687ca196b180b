-- Hosts and honest endings: who may wish again, what an inviter wants, which guests are welcome.

-- What the group wants of guests and gets from them, how one gets in, and who is welcome: anybody, people who decide,
-- people who do the work.
ALTER TABLE invitation ADD COLUMN host_wants TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN host_gets TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN access_notes TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN step_free BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invitation ADD COLUMN guests TEXT NOT NULL DEFAULT 'anyone';
ALTER TABLE outing ADD COLUMN guests TEXT NOT NULL DEFAULT 'anyone';

-- One wish at a time for each outing; whoever was not placed, declined or called it off may wish again.
ALTER TABLE placement DROP CONSTRAINT placement_outing_id_person_id_key;
CREATE UNIQUE INDEX placement_once ON placement (outing_id, person_id) WHERE stage <> 'closed';
CREATE INDEX placement_outing ON placement (outing_id, person_id);
