"""Numbers of projects, systems, problems and official documents: how they are written, read and allocated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from app.domain.invalid_value import InvalidValue
from app.domain.parameters import Parameters

MOST_PROJECTS = 999
MOST_SYSTEMS = 9999
FIRST_YEAR, LAST_YEAR = 2000, 2099

_PROJECT = re.compile(r"XWXX-(20\d{2})-([TGLYBX])-(\d{3})", re.ASCII)
_SYSTEM = re.compile(r"XWXT-(\d{4})", re.ASCII)
_PROBLEM = re.compile(r"WT-(20\d{2})-(\d{4})", re.ASCII)
_DOCUMENT = re.compile(r"(\w+)〔(20\d{2})〕([1-9]\d*)号")


class Path(Enum):
    """The way a project takes; the letter stands in its number."""

    INVESTMENT = "T"
    SERVICE = "G"
    JOINT = "L"
    MAINTENANCE = "Y"
    DECOMMISSION = "B"
    SECRET = "X"  # noqa: S105 -- the letter of a path


PATHS: Mapping[Path, tuple[str, str]] = MappingProxyType(
    {
        Path.INVESTMENT: ("政府投资", "government investment"),
        Path.SERVICE: ("购买服务", "purchase of services"),
        Path.JOINT: ("联合建设", "joint construction"),
        Path.MAINTENANCE: ("运行维护", "operation and maintenance"),
        Path.DECOMMISSION: ("报废", "decommissioning"),
        Path.SECRET: ("另行规定", "otherwise regulated"),
    }
)
"""Path → its Chinese and English name."""

DOCUMENT_KINDS = (
    "review",
    "industry",
    "preprocurement",
    "change",
    "acceptance",
    "rectification",
    "measure",
    "plan",
    "evaluation",
    "removal",
    "sharing",
    "decommission",
    "service_funds",
)
"""Kinds of official papers; each has its 机关代字 in the parameter `code_<kind>`."""


def document_codes(parameters: Parameters) -> Mapping[str, str]:
    """Return kind of document → 机关代字 as the parameters in force say."""
    return {kind: getattr(parameters, f"code_{kind}") for kind in DOCUMENT_KINDS}


DOCUMENT_CODES: Mapping[str, str] = MappingProxyType(document_codes(Parameters()))
"""Kind of document → the default of its 机关代字."""


@dataclass(frozen=True, order=True)
class ProjectNumber:
    """XWXX-2026-T-001. The serial runs through all letters of a year and is never used again."""

    fiscal_year: int
    serial: int
    path: Path

    def __post_init__(self) -> None:
        """Refuse a year or serial that cannot be written."""
        _check_year(self.fiscal_year)
        _check_serial(self.serial, MOST_PROJECTS)

    def __str__(self) -> str:
        return f"XWXX-{self.fiscal_year}-{self.path.value}-{self.serial:03d}"


@dataclass(frozen=True)
class DocumentNumber:
    """修数审〔2026〕12号: 机关代字, year in hexagonal brackets, serial without leading zeros (GB/T 9704)."""

    code: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        """Refuse a code, year or serial that cannot be written."""
        if not re.fullmatch(r"\w{1,10}", self.code):
            raise InvalidValue("机关代字 %(code)s 不对。", code=self.code[:40])
        _check_year(self.year)
        _check_serial(self.serial)

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"


def path_of(*, nature: str, funding_form: str, secret: bool = False) -> Path:
    """Return the path of a plan item from its answers (specification 4.2; the order decides).

    Secret or otherwise regulated → X; 报废 → B; 运维 or 需政府资金运维 → Y; 购买服务 → G; 政企联合建设 → L; else T.
    """
    if secret:
        return Path.SECRET
    if nature == "报废":
        return Path.DECOMMISSION
    if nature == "运维" or "运维" in funding_form:
        return Path.MAINTENANCE
    if "购买服务" in (nature, funding_form):
        return Path.SERVICE
    return Path.JOINT if "联合" in funding_form else Path.INVESTMENT


def parse_project_number(text: str) -> ProjectNumber:
    """Read XWXX-2026-T-001; raise InvalidValue when it is none."""
    match = _PROJECT.fullmatch(text.strip())
    if not match or not int(match[3]):
        raise InvalidValue("%(text)s 不是项目编号，应为 XWXX-2026-T-001 的格式。", text=text[:40])
    return ProjectNumber(int(match[1]), int(match[3]), Path(match[2]))


def parse_document_number(text: str) -> DocumentNumber:
    """Read 修数审〔2026〕12号; raise InvalidValue when it is none."""
    match = _DOCUMENT.fullmatch(text.strip())
    if not match:
        raise InvalidValue("%(text)s 不是公文文号，应为 修数审〔2026〕12号 的格式。", text=text[:40])
    return DocumentNumber(match[1], int(match[2]), int(match[3]))


def document_number(kind: str, year: int, serial: int, *, codes: Mapping[str, str] = DOCUMENT_CODES) -> DocumentNumber:
    """Return the number of a document of `kind`; raise InvalidValue for an unknown kind, year or serial."""
    if kind not in codes:
        raise InvalidValue("没有名为 %(kind)s 的公文种类。", kind=kind[:40])
    return DocumentNumber(codes[kind], year, serial)


def system_number(serial: int) -> str:
    """Return XWXT-0012; raise InvalidValue outside 1 to 9999."""
    return f"XWXT-{_check_serial(serial, MOST_SYSTEMS):04d}"


def parse_system_number(text: str) -> int:
    """Read XWXT-0012 and return the serial; raise InvalidValue when it is none."""
    match = _SYSTEM.fullmatch(text.strip())
    if not match or not int(match[1]):
        raise InvalidValue("%(text)s 不是系统编号，应为 XWXT-0001 的格式。", text=text[:40])
    return int(match[1])


def problem_number(fiscal_year: int, serial: int) -> str:
    """Return WT-2026-0012; raise InvalidValue for a year or serial that cannot be written."""
    return f"WT-{_check_year(fiscal_year)}-{_check_serial(serial, MOST_SYSTEMS):04d}"


def parse_problem_number(text: str) -> tuple[int, int]:
    """Read WT-2026-0012 and return (fiscal year, serial); raise InvalidValue when it is none."""
    match = _PROBLEM.fullmatch(text.strip())
    if not match or not int(match[2]):
        raise InvalidValue("%(text)s 不是问题编号，应为 WT-2026-0001 的格式。", text=text[:40])
    return int(match[1]), int(match[2])


def _check_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue("年度 %(year)s 不对。", year=year)
    return year


def _check_serial(serial: int, most: int | None = None) -> int:
    if serial < 1 or (most is not None and serial > most):
        raise InvalidValue("序号 %(serial)s 超出范围。", serial=serial)
    return serial
