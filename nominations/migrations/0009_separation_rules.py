# The rules of separation that were in the code, now rows with days and a legal basis.

from datetime import date

from django.db import migrations

FIRST_DAY = date(2004, 1, 1)  # a placeholder: older than anything the system judges
INTEREST = "Luật Phòng, chống tham nhũng 2018, Điều 23; Nghị định 59/2019/NĐ-CP, Điều 29 (chưa kiểm chứng)"
RULES = {
    "two_levels": INTEREST,
    "nominee": INTEREST,
    "relative": INTEREST,
    "member": INTEREST,
    "four_eyes": "Quy trình thẩm định nội bộ của Sở Nội vụ (chưa kiểm chứng)",
    "same_post": INTEREST,
}


def lay_down(apps, schema_editor):
    rule = apps.get_model("nominations", "SeparationRule")
    for kind, basis in RULES.items():
        rule.objects.get_or_create(kind=kind, valid_from=FIRST_DAY, defaults={"legal_basis": basis})


class Migration(migrations.Migration):
    dependencies = [("nominations", "0008_separation_and_signatures")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop)]
