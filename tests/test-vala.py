#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compiles a Vala program against the build and runs it: test-vala.py VALAC SOURCE BUILD-FOLDER"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

valac, source, build_folder = sys.argv[1:]
environment = {**os.environ, "PKG_CONFIG_PATH": f"{build_folder}/meson-uninstalled"}

with tempfile.TemporaryDirectory() as folder:
    program = Path(folder, "program")
    subprocess.run(
        [valac, "--fatal-warnings", f"--vapidir={build_folder}/introspection", "--pkg=gio-2.0",
         "--pkg=gcoap-1.0", "--Xcc=-w", f"--output={program}", source],
        check=True,
        env=environment,
    )
    subprocess.run([program], check=True)
