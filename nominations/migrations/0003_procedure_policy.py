# The rules of procedure, dated.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('nominations', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcedurePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='to (not included)')),
                ('supplements_at_most', models.PositiveSmallIntegerField(help_text='How often a file may be sent back for supplement after it was received.', verbose_name='requests for supplement at most')),
                ('reroute_at_intake', models.BooleanField(help_text='Otherwise a wrongly routed file is returned.', verbose_name='intake sends a wrongly routed file to the right body')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='legal basis')),
            ],
            options={
                'ordering': ['valid_from'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='nominations_procedurepolicy_dates'),
                    models.UniqueConstraint(fields=('valid_from',), name='procedure_policy_start'),
                ],
            },
        ),
    ]
