from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('permissions', '0004_pending_appointments'),
    ]

    operations = [
        migrations.AddField(
            model_name='declaredtie',
            name='name_search',
            field=models.CharField(default='', editable=False, max_length=120),
            preserve_default=False,
        ),
    ]
