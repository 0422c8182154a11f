# The database keeps for each file the units that it is open to: no path of the code can forget it.

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION nominations_reach_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.unit_id <> NEW.unit_id THEN  -- handed over: the old unit reads only what it reviewed
        DELETE FROM nominations_reach WHERE nomination_id = NEW.id AND unit_id = OLD.unit_id;
        INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
        SELECT NEW.id, OLD.unit_id, false, NEW.since WHERE EXISTS (
            SELECT 1 FROM nominations_routeleg WHERE nomination_id = NEW.id AND unit_id = OLD.unit_id AND arrived IS NOT NULL);
    END IF;
    IF TG_OP = 'INSERT' OR OLD.unit_id <> NEW.unit_id THEN
        INSERT INTO nominations_reach (nomination_id, unit_id, own, since) VALUES (NEW.id, NEW.unit_id, true, NEW.since)
        ON CONFLICT (nomination_id, unit_id) DO UPDATE SET own = true;
    END IF;
    IF NEW.received_at IS NOT NULL THEN
        SELECT p.appraising_unit_id INTO home FROM nominations_round r
            JOIN nominations_programme p ON p.id = r.programme_id WHERE r.id = NEW.round_id;
        INSERT INTO nominations_reach (nomination_id, unit_id, own, since) VALUES (NEW.id, home, false, NEW.since)
        ON CONFLICT (nomination_id, unit_id) DO NOTHING;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.since <> NEW.since THEN
        UPDATE nominations_reach SET since = NEW.since WHERE nomination_id = NEW.id AND since <> NEW.since;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER nominations_reach_of_file AFTER INSERT OR UPDATE OF since, unit_id, received_at ON nominations_nomination
    FOR EACH ROW EXECUTE FUNCTION nominations_reach_of_file();

CREATE FUNCTION nominations_reach_of_leg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.arrived IS NOT NULL THEN
        INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
        SELECT n.id, NEW.unit_id, false, n.since FROM nominations_nomination n WHERE n.id = NEW.nomination_id
        ON CONFLICT (nomination_id, unit_id) DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER nominations_reach_of_leg AFTER INSERT OR UPDATE OF arrived, unit_id ON nominations_routeleg
    FOR EACH ROW EXECUTE FUNCTION nominations_reach_of_leg();

INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
SELECT id, unit_id, true, since FROM nominations_nomination
ON CONFLICT DO NOTHING;
INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
SELECT DISTINCT l.nomination_id, l.unit_id, false, n.since FROM nominations_routeleg l
JOIN nominations_nomination n ON n.id = l.nomination_id WHERE l.arrived IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
SELECT n.id, p.appraising_unit_id, false, n.since FROM nominations_nomination n
JOIN nominations_round r ON r.id = n.round_id JOIN nominations_programme p ON p.id = r.programme_id
WHERE n.received_at IS NOT NULL
ON CONFLICT DO NOTHING;
"""
BACK = """
DROP TRIGGER nominations_reach_of_leg ON nominations_routeleg;
DROP FUNCTION nominations_reach_of_leg();
DROP TRIGGER nominations_reach_of_file ON nominations_nomination;
DROP FUNCTION nominations_reach_of_file();
DELETE FROM nominations_reach;
"""


class Migration(migrations.Migration):
    dependencies = [("nominations", "0010_reach")]

    operations = [migrations.RunSQL(TRIGGERS, BACK)]
