"""What the database itself keeps of placements."""

import pgtrigger


class OfTheChild(pgtrigger.Trigger):
    """Notes beside a standing whose it is, by whatever way the row is written: lists ask whom somebody may see."""

    name = "of_the_child"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = """
        NEW.child_id = (SELECT child_id FROM placements_placement WHERE id = NEW.placement_id);
        RETURN NEW;
    """
