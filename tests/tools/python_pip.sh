# `pip install bindings/python` into a fresh environment: what it installs answers without the sources. KERATIN_PIP_BUILD=1 has it build the C
# core too, as users do (minutes); else it packs the library that is there. Nothing comes from the network.
set -euo pipefail
lib=$KERATIN_BUILD/libkeratin.so
command -v python3 >/dev/null && [ -e "$lib" ] || exit 77
if nm -D "$lib" | grep -E ' U __(asan|tsan|ubsan|gcov)' >/dev/null; then exit 77; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
python3 -m venv site > venv 2>&1 || { echo "skipped: python3 makes no environment with pip: $(head -n 1 venv)"; exit 77; }
[ -n "${KERATIN_PIP_BUILD:-}" ] || export KERATIN_LIBRARY=$lib
export PYTHONDONTWRITEBYTECODE=1
site/bin/python -m pip install --quiet --no-index --disable-pip-version-check "$KERATIN_SOURCE/bindings/python"
unset KERATIN_LIBRARY
unset PYTHONPATH
cat > use.py <<'END'
import keratin
import keratin._core as core
assert "site-packages" in core.__file__, core.__file__
assert keratin.explain_text("ValueError: Shapes (None, 1) and (None, 10) are incompatible")["cause"] == "labels_vs_loss"
print("installed")
END
[ "$(site/bin/python use.py)" = installed ]
[ "$(site/bin/python -m keratin use.py)" = installed ]
site/bin/python -m pip uninstall --quiet --yes --disable-pip-version-check keratin
if site/bin/python -c 'import keratin' 2>/dev/null; then echo "something is left"; exit 1; fi
