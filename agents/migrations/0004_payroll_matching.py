"""What tells payroll declarations and their people apart; the hash of a person was never needed for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0003_verdict_partitions")]

    operations = [
        migrations.AddField(
            "payrolldeclaration", "is_test", models.BooleanField(default=False, verbose_name="envoi d’essai")
        ),
        migrations.AddField(
            "payrolldeclaration",
            "digest",
            models.CharField(blank=True, max_length=64, verbose_name="empreinte du contenu"),
        ),
        migrations.AddField(
            "payslip", "contract_numbers", models.JSONField(default=list, verbose_name="numéros de contrat")
        ),
        migrations.RemoveField("payslip", "person_hash"),
    ]
