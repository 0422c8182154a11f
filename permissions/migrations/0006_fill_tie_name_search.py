"""The names in ties of before the search, as it looks for them."""

from django.db import migrations

from permissions.text import search_key


def fill(apps, schema_editor):
    DeclaredTie = apps.get_model("permissions", "DeclaredTie")
    for pk, name in DeclaredTie.objects.values_list("pk", "name"):
        DeclaredTie.objects.filter(pk=pk).update(name_search=search_key(name))


class Migration(migrations.Migration):
    dependencies = [("permissions", "0005_tie_name_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
