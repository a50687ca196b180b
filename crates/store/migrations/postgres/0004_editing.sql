-- Access needs are several: a list like ["step-free", "toilet"]. What was known so far stays true.
ALTER TABLE outing ADD COLUMN access TEXT NOT NULL DEFAULT '[]';
UPDATE outing SET access = '["step-free"]' WHERE step_free;
ALTER TABLE outing DROP COLUMN step_free;

-- Whoever has been there may say: colleagues may ask me about it.
ALTER TABLE placement ADD COLUMN askable BOOLEAN NOT NULL DEFAULT FALSE;

-- When a note's words were last changed after they were kept.
ALTER TABLE note ADD COLUMN edited_at BIGINT;
