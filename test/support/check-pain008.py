"""Checks a pain.008.001.08 file against the published schema, which the wheel of sepaxml carries.

    python3 check-pain008.py FOLDER FILE

FOLDER is where sepaxml was installed. Prints what is wrong and exits with 1.
"""
import glob
import os
import sys

folder, file = sys.argv[1:]
sys.path.insert(0, folder)
import xmlschema  # noqa: E402

(xsd,) = glob.glob(os.path.join(folder, "sepaxml", "**", "pain.008.001.08.xsd"), recursive=True)
errors = list(xmlschema.XMLSchema(xsd).iter_errors(file))
for error in errors:
    print(f"{error.path}: {error.reason}")
sys.exit(1 if errors else 0)
