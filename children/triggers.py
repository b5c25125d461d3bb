"""What the database itself does: it refuses a review of one’s own, and folds names for search."""

import pgtrigger


class NotTheirOwn(pgtrigger.Trigger):
    """Nobody reviews their own use of break-glass, by whatever way the row is written."""

    name = "not_their_own"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        IF NEW.by_id = (SELECT by_id FROM children_breakglassuse WHERE id = NEW.use_id) THEN
            RAISE EXCEPTION 'nobody reviews their own use of break-glass'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_reviews_their_own_break_glass';
        END IF;
        RETURN NEW;
    """


class Folded(pgtrigger.Trigger):
    """Keeps the name as search looks through it, by whatever way the row is written: no accents, no apostrophes, capitals."""

    name = "folded"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = """
        NEW.folded = public.hearth_folded(NEW.name);
        RETURN NEW;
    """
