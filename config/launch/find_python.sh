# Sets $python to a Python that is new enough: $PYTHON, or the first that serves.
python=
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Counterpart needs Python 3.11 or newer, and ${PYTHON:-python3} is not: install one, or set PYTHON to it." >&2
    exit 1
fi
