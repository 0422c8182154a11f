"""How many events the server's console did, as a replay counts them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_index")]

    operations = [
        migrations.AddField(
            model_name="verification",
            name="console",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
