#!/usr/bin/env bash
# Install what Debian provides, as root; elsewhere say what is missing. Repeating it costs nothing.
set -euo pipefail
PACKAGES=(python3-venv postgresql chromium fonts-noto-cjk fonts-arphic-gkai00mp fonts-arphic-gbsn00lp
  libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fontconfig)
FANDOL=/usr/local/share/fonts/fandol
NAMES=/etc/fonts/conf.d/65-bihuan.conf  # what 仿宋, 楷体 and 黑体 are called on this machine
cd "$(dirname "$0")/.."

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
# A Python or a browser that came another way serves as well.
python3 -c 'import venv, ensurepip' 2>/dev/null && missing=("${missing[@]/python3-venv/}")
missing=($(printf '%s\n' "${missing[@]}" | sed '/^$/d'))
fandol=0; [ -e "$FANDOL/FandolFang-Regular.otf" ] || fandol=1
names=0; cmp -s tools/fonts.conf "$NAMES" || names=1
[ ${#missing[@]} -eq 0 ] && [ $fandol -eq 0 ] && [ $names -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  [ ${#missing[@]} -eq 0 ] || echo "Missing: ${missing[*]} (run make system as root on Debian, or install them your way)" >&2
  [ $fandol -eq 0 ] || echo "Missing: the Fandol fonts (仿宋) in $FANDOL; official papers fall back to another face" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
[ ${#missing[@]} -eq 0 ] || apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
if [ $fandol -eq 1 ]; then  # only the faces, out of a package of 49 MB that would bring TeX along
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; chmod 755 "$work"
  (cd "$work" && apt-get download -qq texlive-lang-chinese >/dev/null && dpkg-deb --fsys-tarfile texlive-lang-chinese_*.deb \
    | tar -x --wildcards '*/fandol/*.otf')
  mkdir -p "$FANDOL" && find "$work" -name 'Fandol*.otf' -exec cp {} "$FANDOL/" \; && fc-cache -f "$FANDOL"
fi
if [ $names -eq 1 ]; then
  mkdir -p "$(dirname "$NAMES")" && install -m 644 tools/fonts.conf "$NAMES" && fc-cache -f
fi
