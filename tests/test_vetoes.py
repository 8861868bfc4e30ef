"""Each veto with its own cases: what must stay apart, whatever else speaks for it."""

import pytest

from kg.vetoes import VETOES
from tests.naming import clues_of

BY_NAME = {veto.__name__: veto for veto in VETOES}


@pytest.mark.parametrize(
    ("veto", "short", "full", "expected"),
    [
        ("other_number", "市三院", "太原市第二人民医院", True),
        ("other_number", "市三院", "太原市第三人民医院", False),
        ("other_edition", "第五届进博会", "第六届进博会", True),
        ("other_edition", "第二次廉政会议", "国务院第二次廉政会议", False),
        ("other_place", "湖北省人民政府", "河北省人民政府", True),
        ("other_place", "小店区教育局", "太原市小店区教育局", False),
        ("registered_name", "中车株洲电力机车有限公司", "中车株洲电力机车研究所有限公司", True),
        ("registered_name", "晋钛新材料有限公司", "山西晋钛新材料股份有限公司", False),
        ("registered_name", "泰开集团有限公司", "泰开集团变压器公司", True),
        ("other_place", "山西省博物馆", "太原市博物馆", True),
        ("other_place", "河南省双汇集团", "河南省漯河市双汇实业集团有限责任公司", False),
        ("other_country", "俄罗斯国防部", "白俄罗斯国防部", True),
        ("other_country", "俄罗斯国防部", "俄罗斯联邦国防部", False),
        ("ministry_elsewhere", "国防部", "俄罗斯国防部", True),
        ("ministry_elsewhere", "国防部", "乌克兰国防部", False),
        ("ministry_elsewhere", "国防部", "东部战区国防部", False),
        ("ministry_elsewhere", "国防大学", "俄罗斯国防大学", False),
        ("other_edition", "第二次全体会议", "中国共产党第二十届中央委员会第四次全体会议", True),
        ("other_edition", "第6届进博会", "第六届进博会", False),
        ("other_township", "石人镇卫生院", "江源区大石人镇卫生院", True),
        ("other_township", "石人镇卫生院", "江源区石人镇卫生院", False),
        ("other_township", "街道党工委", "平阳路街道党工委", False),
        ("other_township", "五星家园二社区党委", "五星家园第二社区党委", False),
        ("other_township", "家乡话故事", "市家乡话故事大赛", False),
        ("other_township", "三江乡", "三江水族乡", False),
        ("company_of_the_group", "太钢集团", "太原钢铁集团晋城有限公司", True),
        ("company_of_the_group", "太钢集团", "太原钢铁(集团)有限公司", False),
        ("company_of_the_group", "太钢", "太原钢铁集团晋城有限公司", False),
        ("landscape_and_town", "红岛", "红岛街道", True),
        ("landscape_and_town", "汾河", "汾河景区", True),
        ("landscape_and_town", "红岛", "红岛景区", False),
        ("landscape_and_town", "红岛", "红岛镇", False),
        ("landscape_and_town", "束河", "束河古镇", False),
        ("company_in_a_place", "万华", "万华化学(铜陵)特种材料有限公司", True),
        ("company_in_a_place", "万华化学", "万华化学(铜陵)特种材料有限公司", False),
        ("company_in_a_place", "万华", "万华化学集团股份有限公司", False),
        ("other_legal_form", "玉柴股份", "玉柴欧洲公司", True),
        ("other_level", "金奖", "无偿献血奉献奖金奖", False),
        ("landscape_and_town", "柳市", "柳市镇", False),
        ("of_a_town", "小店区老促会", "小店区刘家堡乡老区建设促进会", True),
        ("of_a_town", "小店区刘家堡老促会", "小店区刘家堡乡老区建设促进会", False),
        ("of_a_town", "小店区老促会", "小店区老区建设促进会", False),
        ("other_level", "山西省科技进步奖", "山西省科学技术进步奖二等奖", True),
        ("other_level", "科技进步奖二等奖", "山西省科学技术进步奖二等奖", False),
        ("other_meeting", "数字峰会", "第七届数字中国建设峰会云生态大会", True),
        ("other_meeting", "数字峰会", "第七届数字中国建设峰会", False),
        ("generic_word", "空军", "东部战区空军", True),
        ("other_outpost", "国家电投", "国家电投山东分公司", True),
        ("other_outpost", "迎泽支行", "晋商银行迎泽支行", False),
        ("other_outpost", "迎泽支行", "晋商银行迎泽分行", True),
        ("other_legal_form", "鞍钢集团", "鞍钢股份有限公司", True),
        ("other_legal_form", "鞍钢股份", "鞍钢股份有限公司", False),
        ("other_legal_form", "育才集团", "育才教育", False),
        ("institution_and_company", "北京长峰医院", "北京长峰医院股份有限公司", True),
        ("institution_and_company", "长峰医疗", "北京长峰医疗股份有限公司", False),
        ("occasion_of_it", "承德山水", "承德山水品牌管理办法", True),
        ("occasion_of_it", "管理办法", "承德山水品牌管理办法", False),
        ("generic_word", "大学", "山西大学", True),
    ],
)
def test_veto(veto: str, short: str, full: str, expected: bool) -> None:
    assert BY_NAME[veto](short, full, clues_of(owners={"国防部": "乌克兰"})) is expected


def test_generic_word_may_be_defined_in_the_text() -> None:
    assert not BY_NAME["generic_word"](
        "公司", "太原重工股份有限公司", clues_of(definitions={"公司": "太原重工股份有限公司"})
    )


def test_every_veto_has_a_case() -> None:
    marks = test_veto.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in marks[0].args[1]} == set(BY_NAME)
