"""Departments printed by their bare word: the post before them says whose they are."""

import pytest

from kg import departments, gazetteer, lexicon
from kg.context import ORGANISATION
from kg.resolve import resolve
from tests.naming import mentions_of
from tests.records import article, issue

BODIES = (
    "市委",
    "马尾区委",
    "中共晋城市委",
    "省纪委",
    "县政府",
    "市人大常委会",
    "市政协",
    "晋城市",
    "太钢集团党委",
    "团市委",
)


@pytest.mark.parametrize(
    ("text", "department", "is_party", "owner"),
    [
        ("市委常委、宣传部部长李某", "宣传部", True, "市委"),
        ("市委常委、秘书长、统战部部长李某", "统战部", True, "市委"),
        ("市委副书记、政法委书记李某", "政法委", True, "市委"),
        ("马尾区委常委、组织部部长李某", "组织部", True, "马尾区委"),
        ("中共晋城市委常委、宣传部部长李某", "宣传部", True, "晋城市委"),
        ("团市委副书记、宣传部部长李某", "宣传部", True, "团市委"),
        ("市委常委、纪委书记、监委主任李某", "监委", False, "市"),
        ("县政府党组成员、公安局局长李某", "公安局", False, "县"),
        ("市人大常委会副主任、总工会主席李某", "总工会", False, "市"),
        ("市政协副主席、工商联主席李某", "工商联", False, "市"),
        ("晋城市副市长、公安局局长李某", "公安局", False, "晋城市"),
        ("副市长、公安局局长李某", "公安局", False, "市"),
        ("县长助理、公安局局长李某", "公安局", False, ""),
        ("副县长、高某，公安局局长李某", "公安局", False, ""),
        ("省纪委常委、组织部部长李某", "组织部", True, ""),
        ("太钢集团党委常委、宣传部部长李某", "宣传部", True, ""),
        ("市委常委李某；宣传部部长高某", "宣传部", True, ""),
        ("市委常委、太原、大同、阳泉、长治四市的宣传部", "宣传部", True, ""),
        ("县委派人。\n副书记、宣传部部长李某", "宣传部", True, ""),
        ("宣传部部长李某", "宣传部", True, ""),
    ],
)
def test_owner(text: str, department: str, is_party: bool, owner: str) -> None:
    ends = {text.index(name) + len(name): name for name in BODIES if name in text}
    assert departments.owner(text, text.index(department), ends, is_party=is_party) == owner


def test_each_mention_has_its_own_owner() -> None:
    text = "省委常委、组织部部长李建到会。太原市委常委、组织部部长高平主持。"
    surfaces = ((ORGANISATION, "省委"), (ORGANISATION, "太原市委"), (ORGANISATION, "组织部"))
    found = article(text, issue=issue(home=("太原市",)))
    entities = resolve(found, mentions_of(found, *surfaces), gazetteer.load(), lexicon.load())
    names = {
        mention.start: entity.name for entity in entities for mention in entity.mentions if mention.text == "组织部"
    }
    assert list(names.values()) == ["中共山西省委组织部", "中共太原市委组织部"]
