from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notes", "0002_author")]
    operations = [migrations.RunSQL("ALTER TABLE notes_nota ADD COLUMN colour text")]
