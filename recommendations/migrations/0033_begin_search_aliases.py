from django.db import migrations
from django.utils import timezone

# What a new tracker begins with. Editors keep it; a record that is there already has its own words.
GROUPS = (
    ("AI", "artificial intelligence", "人工知能"),
    ("ASEAN", "Association of Southeast Asian Nations", "東南アジア諸国連合"),
    ("AUKUS", "オーカス"),
    ("DoD", "Department of Defense", "国防総省"),
    ("DPRK", "North Korea", "北朝鮮"),
    ("Five Eyes", "ファイブ・アイズ"),
    ("G7", "Group of Seven"),
    ("IPEF", "Indo-Pacific Economic Framework", "インド太平洋経済枠組み"),
    ("JBIC", "Japan Bank for International Cooperation", "国際協力銀行"),
    ("JICA", "Japan International Cooperation Agency", "国際協力機構"),
    ("JSDF", "Self-Defense Forces", "Japan Self-Defense Forces", "自衛隊"),
    ("LNG", "liquefied natural gas", "液化天然ガス"),
    ("METI", "Ministry of Economy, Trade and Industry", "経済産業省", "経産省"),
    ("NATO", "North Atlantic Treaty Organization", "北大西洋条約機構"),
    ("ROK", "South Korea", "Republic of Korea", "韓国"),
    ("USFJ", "U.S. Forces Japan", "United States Forces Japan", "在日米軍"),
)


def begin_names(apps, schema_editor):
    """Give a new database the names; one with reports is left as it is."""
    if apps.get_model("recommendations", "Report").objects.exists():
        return
    model = apps.get_model("recommendations", "SearchAlias")
    history = apps.get_model("recommendations", "HistoricalSearchAlias")
    for group in GROUPS:
        row = model.objects.create(names="\n".join(group))
        history.objects.create(
            id=row.pk, names=row.names, history_date=timezone.now(), history_type="+"
        )


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0032_add_search_aliases"),
    ]

    operations = [migrations.RunPython(begin_names, migrations.RunPython.noop)]
