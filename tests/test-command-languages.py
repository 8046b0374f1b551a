# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The command in the languages that there are: test-command-languages.py PROGRAM SHIM CATALOGUES

The shim is what has it find the catalogues of the build.
"""

import os
import sys
import unittest

from bindings_fixture import Peer
from command_fixture import FAILURE, SUCCESS, USAGE, CommandTest

shim, catalogues = map(os.path.abspath, sys.argv[2:])

WIDTH = 80

# The sanitizer's runtime, if there is one, has to come first.
PRELOADED = " ".join(filter(None, (os.environ.get("LD_PRELOAD"), shim)))

TEXTS = {
    "de": {
        ("help",): "Aufruf:\n  gcoap BEFEHL [OPTION…] …\n\nBefehle:\n  get        Eine Ressource",
        ("help", "get"): "Ein Inhaltsformat verlangen",
        ("gte",): "gcoap: Es gibt keinen Befehl „gte“. Es gibt: get, put, ",
        ("get",): "gcoap: Ein Argument fehlt; richtig ist: gcoap get URI\n"
                  "„gcoap get --help“ sagt, was möglich ist.",
        ("get", "-T", "x", "h"): "„x“ ist keine Wartezeit",
        ("get", "http://h"): "unterstützt wird nur „coap“",
        ("config", "--list"): "WERT        VORGABE     ERLAUBT",
    },
    "fr": {
        ("help",): "Utilisation\u00a0:\n  gcoap COMMANDE [OPTION…] …\n\nCommandes\u00a0:\n",
        ("help", "get"): "Demander un format",
        ("gte",): "gcoap: Il n’y a pas de commande «\u00a0gte\u00a0».",
        ("get", "-T", "x", "h"): "«\u00a0x\u00a0» n’est pas un délai",
        ("config", "--list"): "VALEUR      DÉFAUT      PERMIS",
    },
}


class Languages(CommandTest):
    def run_in(self, language, *arguments):
        run = self.run_command(*arguments, LANGUAGE=language, LD_PRELOAD=PRELOADED,
                               ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", ""),
                               GCOAP_TEST_CATALOGUES=catalogues)
        return run.status, (run.stdout + run.stderr).decode()

    def test_texts(self):
        for language, texts in TEXTS.items():
            for arguments, expected in texts.items():
                with self.subTest(language, arguments=arguments):
                    self.assertIn(expected, self.run_in(language, *arguments)[1])

    def test_width(self):
        for language in TEXTS:
            for arguments in (("help",), ("help", "put"), ("help", "observe"), ("help", "config"),
                              ("config", "--list")):
                with self.subTest(language, arguments=arguments):
                    status, text = self.run_in(language, *arguments)
                    self.assertEqual(status, SUCCESS)
                    wide = [line for line in text.splitlines() if len(line) > WIDTH]
                    self.assertEqual(wide, [])

    def test_statuses(self):
        peer = Peer(self)
        for language in TEXTS:
            self.assertEqual(self.run_in(language, "get")[0], USAGE)
            self.assertEqual(self.run_in(language, "get", "-T", "0.01", peer.uri)[0], FAILURE)

    def test_other_locale(self):
        """A text that the locale cannot show is no reason to fail."""
        self.assertEqual(self.run_command("help", LC_ALL="C").status, SUCCESS)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
