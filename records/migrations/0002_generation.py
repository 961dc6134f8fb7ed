"""
One row that names the generation, and a trigger on each table of definitions that moves it, whoever writes there.

The number comes from a sequence: one that was given in a transaction that is rolled back is never given again, so that
what was read under it can never be taken for what is committed later.
"""

from django.db import migrations

COUNT = """
CREATE SEQUENCE records_generation_numbers AS integer;
INSERT INTO records_generation (id, number) VALUES (1, nextval('records_generation_numbers'));
CREATE FUNCTION records_next_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE records_generation SET number = nextval('records_generation_numbers') WHERE id = 1;
    RETURN NULL;
END $$;
CREATE TRIGGER records_customfield_generation
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON records_customfield
    FOR EACH STATEMENT EXECUTE FUNCTION records_next_generation();
CREATE TRIGGER records_fieldrule_generation
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON records_fieldrule
    FOR EACH STATEMENT EXECUTE FUNCTION records_next_generation();
"""

UNCOUNT = """
DROP TRIGGER records_fieldrule_generation ON records_fieldrule;
DROP TRIGGER records_customfield_generation ON records_customfield;
DROP FUNCTION records_next_generation();
DROP SEQUENCE records_generation_numbers;
DELETE FROM records_generation;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunSQL(COUNT, UNCOUNT)]
