"""The papers of a sample file: submission letter, minutes, recognition of an initiative."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from demo.paper import Paragraph, pdf
from permissions.models import Unit

SAMPLE = Paragraph("Tư liệu mẫu của bản trình diễn, không có giá trị pháp lý.", above=24)


def letter(spec: Mapping[str, Any], unit: Unit) -> bytes:
    """Return the submission letter (tờ trình) of the file that `spec` describes."""
    return pdf([*_head(spec, unit, "TỜ TRÌNH", "Về việc đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh"),
                Paragraph(spec["summary"], above=12), *_nominees(spec),
                Paragraph("Kính đề nghị cấp có thẩm quyền xem xét, quyết định."), SAMPLE])  # fmt: skip


def minutes(spec: Mapping[str, Any], unit: Unit) -> bytes:
    """Return the minutes of the review meeting (biên bản họp xét)."""
    present, total = spec["members_present"], spec["members_total"]
    held = date.fromisoformat(spec["minutes_date"])
    return pdf([*_head(spec, unit, "BIÊN BẢN HỌP XÉT KHEN THƯỞNG", f"Ngày {held:%d/%m/%Y}"),
                Paragraph(f"Có mặt {present}/{total} thành viên. Cuộc họp thống nhất đề nghị:", above=12),
                *_nominees(spec),
                Paragraph(f"Kết quả biểu quyết: {present}/{present} thành viên có mặt đồng ý."), SAMPLE])  # fmt: skip


def initiative(nominee: Mapping[str, Any]) -> bytes:
    """Return the recognition of a nominee's initiative (công nhận sáng kiến)."""
    return pdf([*_country(), Paragraph("GIẤY CÔNG NHẬN SÁNG KIẾN", bold=True, centred=True, above=24),
                Paragraph(f"Công nhận sáng kiến cải cách hành chính của: {nominee['name']}", above=12),
                Paragraph(f"Đơn vị: {nominee['unit_name']}"), SAMPLE])  # fmt: skip


def _country() -> Iterator[Paragraph]:
    yield Paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centred=True)
    yield Paragraph("Độc lập - Tự do - Hạnh phúc", bold=True, centred=True, above=0)


def _head(spec: Mapping[str, Any], unit: Unit, title: str, about: str) -> Iterator[Paragraph]:
    yield from _country()
    yield Paragraph(unit.name.upper(), bold=True, above=16)
    yield Paragraph(f"Số: {spec['letter_number']}, ngày {date.fromisoformat(spec['letter_date']):%d/%m/%Y}")
    yield Paragraph(title, bold=True, centred=True, above=18)
    yield Paragraph(about, centred=True, above=0)


def _nominees(spec: Mapping[str, Any]) -> Iterator[Paragraph]:
    for number, nominee in enumerate(spec["nominees"], start=1):
        parts = [nominee["name"], nominee["title"], nominee["unit_name"]]
        yield Paragraph(f"{number}. {', '.join(filter(None, parts))}")
