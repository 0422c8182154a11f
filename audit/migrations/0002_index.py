"""How far the index has come, and an index of what each event is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leaves", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL("INSERT INTO audit_indexed (leaves) VALUES (0)", "DELETE FROM audit_indexed"),
        migrations.RemoveIndex(model_name="entry", name="entry_subject"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["subject", "-at", "-event"], name="entry_subject"),
        ),
    ]
