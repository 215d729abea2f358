"""The faces of an official paper, found on this machine: 仿宋 for the text, 黑体, 楷体, 小标宋, 宋体.

folders of fontconfig + BIHUAN_FONTS ─find_fonts→ Typefaces (family names for typst, what is missing)

The names of the makers' own faces come first, so that an office with the licensed faces gets exactly
these; then come
the free ones of Fandol and Noto. Characters that a face lacks are printed in the next family of its list.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import typst

from bihuan.core.source import Remark, UnreadableFile

Face = Literal["fang", "hei", "kai", "title", "song"]

# Families that are the face itself, in the order in which they are tried; `title` (小标宋) is set in
# bold song.
_FAMILIES: Mapping[Face, tuple[str, ...]] = MappingProxyType(
    {
        "fang": (
            "FangSong_GB2312",
            "仿宋_GB2312",
            "FangSong",
            "仿宋",
            "STFangsong",
            "FandolFang R",
            "FandolFang",
        ),
        "hei": ("SimHei", "黑体", "STHeiti", "FandolHei", "Noto Sans CJK SC", "Source Han Sans SC"),
        "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai", "AR PL KaitiM GB"),
        "title": (
            "FZXiaoBiaoSong-B05S",
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05",
            "Noto Serif CJK SC",
            "FandolSong",
        ),
        "song": (
            "SimSun",
            "宋体",
            "NSimSun",
            "STSong",
            "FandolSong",
            "Noto Serif CJK SC",
            "AR PL SungtiL GB",
        ),
    }
)
# Printed where the face lacks a character, and in place of a face that is not there at all.
_FALLBACKS = (
    "Noto Serif CJK SC", "Source Han Serif SC", "FandolSong", "SimSun", "Noto Sans CJK SC",
    "AR PL SungtiL GB", "AR PL KaitiM GB", "DejaVu Sans",
)  # fmt: skip
_CHINESE = frozenset(name for names in _FAMILIES.values() for name in names) | frozenset(_FALLBACKS[:-1])
_CHINESE_NAMES: Mapping[Face, str] = MappingProxyType(
    {"fang": "仿宋", "hei": "黑体", "kai": "楷体", "title": "小标宋", "song": "宋体"}
)


@dataclass(frozen=True, slots=True)
class Typefaces:
    """What a PDF is printed with: for each face its families in order, and the faces that another
    stands in for.
    """

    families: Mapping[Face, tuple[str, ...]]
    missing: tuple[Face, ...]
    loaded: Any  # typst.Fonts, which reads the folders once

    def remarks(self) -> tuple[Remark, ...]:
        """Return one remark for each face that is not on this machine."""
        return tuple(
            Remark("paper.face-missing", {"face": _CHINESE_NAMES[face], "instead": self.families[face][0]})
            for face in self.missing
        )


def find_fonts(folders: str | None = None) -> Typefaces:
    """Find the faces in the system's font folders and in `folders` (as BIHUAN_FONTS: paths parted like PATH).

    The folders are read once a process.

    :raises UnreadableFile: paper.no-chinese-font when no family that holds Chinese is there.
    """
    named = os.environ.get("BIHUAN_FONTS", "") if folders is None else folders
    return choose_faces(_load(tuple(part for part in named.split(os.pathsep) if Path(part).is_dir())))


def choose_faces(loaded: Any) -> Typefaces:
    """Choose the families of each face among `loaded` (a typst.Fonts).

    :raises UnreadableFile: paper.no-chinese-font, see `find_fonts`.
    """
    there = frozenset(loaded.families())
    if not there & _CHINESE:
        raise UnreadableFile("paper.no-chinese-font")
    fallbacks = tuple(name for name in _FALLBACKS if name in there)
    families: dict[Face, tuple[str, ...]] = {}
    missing: list[Face] = []
    for face, names in _FAMILIES.items():
        found = tuple(name for name in names if name in there)
        if not found:
            missing.append(face)
        families[face] = tuple(dict.fromkeys((*found[:1], *fallbacks, *found[1:])))
    return Typefaces(MappingProxyType(families), tuple(missing), loaded)


@lru_cache(maxsize=8)
def _load(folders: tuple[str, ...]) -> Any:
    """Read the fonts of the system and of `folders`; typst's own Latin faces are left out."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=list(folders))
