"""What the new columns mean for files already on their way: route in force, numbers in force, remarks answered."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def fill(apps, schema_editor):
    Nomination = apps.get_model("nominations", "Nomination")
    AwardDecision = apps.get_model("nominations", "AwardDecision")
    RegisterNumber = apps.get_model("nominations", "RegisterNumber")
    Remark = apps.get_model("nominations", "Remark")
    Nomination.objects.update(route_version=F("version"))
    number = RegisterNumber.objects.filter(decision=OuterRef("pk"), state="used").values("pk")[:1]
    AwardDecision.objects.update(register_number=Subquery(number))
    unit = Nomination.objects.filter(pk=OuterRef("nomination")).values("unit")[:1]
    Remark.objects.update(to_step="draft", to_unit=Subquery(unit), status="done")
    Remark.objects.filter(nomination__state="draft", nomination__version=F("version")).update(status="open")


class Migration(migrations.Migration):
    dependencies = [("nominations", "0004_ways_back")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
